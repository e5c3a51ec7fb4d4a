"""Which events belong to a situation, and by which rule. Pure."""

import re
from collections.abc import Iterable
from datetime import date

from timeline.tagging.records import Registry, RegistrySituation
from timeline.tagging.rollup import stands_for

RULE_VERSION = "1"


def membership_rule(
    registry: Registry,
    situation: RegistrySituation,
    *,
    actors: Iterable[str],
    recipients: Iterable[str],
    places: Iterable[str],
    text: str,
    day: date,
) -> str:
    """The first rule by which an event belongs to the situation, or "" when none does.

    core-dyad: an actor and a recipient (or two actors of a reciprocal event) are core, or roll up to core ones that
    differ. place: it happened at a place of the situation, or within one. term: a term of the situation stands in the
    sentence that supports it.
    """
    if (situation.starts_on and day < situation.starts_on) or (situation.ends_on and day > situation.ends_on):
        return ""
    core = set(situation.core_actors)
    sides = [_core_side(registry, core, slug, day) for slug in (*actors, *recipients)]
    if len({side for side in sides if side}) >= 2:
        return "core-dyad"
    if any(_is_within(registry, place, situation.places) for place in places):
        return "place"
    if has_term(text, situation.terms):
        return "term"
    return ""


def has_term(text: str, terms: Iterable[str]) -> bool:
    folded = " ".join(text.lower().split())
    return any(re.search(rf"(?<!\w){re.escape(term)}(?!\w)", folded) for term in terms)


def _core_side(registry: Registry, core: set[str], slug: str, day: date) -> str:
    """The core actor that a participant is or rolls up to, as high as the roll-up goes; "" when not core."""
    if slug not in registry.actors:
        return ""
    top = stands_for(registry, slug, day)
    if top in core:
        return top
    return slug if slug in core else ""


def _is_within(registry: Registry, slug: str, places: tuple[str, ...]) -> bool:
    while slug:
        if slug in places:
            return True
        place = registry.places.get(slug)
        slug = place.parent if place else ""
    return False
