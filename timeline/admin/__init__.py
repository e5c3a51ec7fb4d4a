"""Editors' pages for interpretation: the registry, events with their evidence, rulings, readings."""

from timeline.admin.articles import TaggedArticleAdmin
from timeline.admin.events import EventAdmin, RulingAdmin
from timeline.admin.readings import ReadingAdmin
from timeline.admin.registry import ActorAdmin, PlaceAdmin, SituationAdmin

__all__ = [
    "ActorAdmin",
    "EventAdmin",
    "PlaceAdmin",
    "ReadingAdmin",
    "RulingAdmin",
    "SituationAdmin",
    "TaggedArticleAdmin",
]
