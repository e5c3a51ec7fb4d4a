"""The labelled corpus: sentences and short articles written for this project, coded by hand after GUIDELINES.md. Pure.

Every text in it is our own and stands under the project's licence, so that others may train on it.
"""

from timeline.corpus.files import find_look_alikes, load_corpus, parse_file
from timeline.corpus.records import GoldEvent, GoldSentence, Span

__all__ = ["GoldEvent", "GoldSentence", "Span", "find_look_alikes", "load_corpus", "parse_file"]
