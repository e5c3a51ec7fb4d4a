"""The places of the world, found in English text and put on the map. Pure; data out of installed packages."""

from timeline.tagging.gazetteer.finding import ADJECTIVE, GazetteerFinder
from timeline.tagging.gazetteer.table import Gazetteer, load_gazetteer

__all__ = ["ADJECTIVE", "Gazetteer", "GazetteerFinder", "load_gazetteer"]
