"""Scores the whole tagger on one article with an answer key: a folder with article.txt and expected.json. Pure.

`required` and `optional` events list every answer that a careful coder could give; `*` is anybody, null nobody.
One coded event satisfies at most one required event (a maximum matching). `must_not` entries are judged by `_WRONG`
(by id), or by the same fields as a required event; one that has neither cannot be judged and is said to be so.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import networkx as nx

from timeline.tagging.records import Document, EventTag, Registry, Tags
from timeline.tagging.rollup import stands_for
from timeline.tagging.sentences import SentenceFinder
from timeline.tagging.situations import membership_rule
from timeline.tagging.tagger import Tagger

Entry = Mapping[str, Any]
FINENESS = ("day", "week", "month", "year", "span", "unknown")
HIGH_CONFIDENCE = 0.75


@dataclass(frozen=True, slots=True)
class Seed:
    document: Document
    required: tuple[Entry, ...]
    optional: tuple[Entry, ...]
    must_not: tuple[Entry, ...]
    sidebar: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class SeedScore:
    """`required` and `optional`: id → the event that satisfies it, or None. `wrong`: id → the events that must not be.

    `unjudged` are ids of must_not that no rule covers; `sidebar`: headline → (expected, found) in the situation.
    `others` are asserted, confident events that the key does not know.
    """

    required: Mapping[str, EventTag | None]
    optional: Mapping[str, EventTag | None]
    wrong: Mapping[str, tuple[EventTag, ...]]
    unjudged: tuple[str, ...]
    sidebar: Mapping[str, tuple[bool, bool]]
    others: tuple[EventTag, ...]

    def summary(self) -> str:
        n_required = sum(event is not None for event in self.required.values())
        n_wrong = sum(bool(events) for events in self.wrong.values())
        inside = [found for expected, found in self.sidebar.values() if expected]
        return (
            f"required {n_required}/{len(self.required)}, must_not {n_wrong}/{len(self.wrong)}, "
            f"sidebar {sum(inside)}/{len(inside)}"
        )


def load_seed(folder: Path) -> Seed:
    """Raises FileNotFoundError, or ValueError naming what expected.json lacks."""
    text = (folder / "article.txt").read_text(encoding="utf-8").strip()
    key = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    for name in ("published_on", "required"):
        if name not in key:
            raise ValueError(f"{folder / 'expected.json'} has no “{name}”")
    document = Document(text, date.fromisoformat(key["published_on"]), key.get("lang", "en"), max(0, text.find("\n")))
    groups = (tuple(key.get(name, ())) for name in ("required", "optional", "must_not", "sidebar"))
    return Seed(document, *groups)


def score_seed(seed: Seed, tagger: Tagger) -> SeedScore:
    tags = tagger.tag(seed.document)
    registry, day = tagger.registry, seed.document.published_on
    required = _match(seed.required, tags.events, registry, day)
    used = {id(event) for event in required.values() if event is not None}
    optional = _match(seed.optional, [e for e in tags.events if id(e) not in used], registry, day)
    known = [*seed.required, *seed.optional]
    others = tuple(
        event
        for event in tags.events
        if event.modality == "asserted"
        and event.confidence >= HIGH_CONFIDENCE
        and not any(satisfies(event, {**entry, "speaker": None}, registry, day) for entry in known)
    )
    judged = {
        entry["id"]: wrong for entry in seed.must_not if (wrong := _wrong(entry, seed, tags, registry)) is not None
    }
    unjudged = tuple(entry["id"] for entry in seed.must_not if entry["id"] not in judged)
    return SeedScore(required, optional, judged, unjudged, _sidebar(seed, tagger), others)


def satisfies(event: EventTag, entry: Entry, registry: Registry, day: date) -> bool:
    """Whether every field that the entry names is met; a side is met when each coded actor of it is a given one."""
    return (
        event.type in entry["type"]
        and _is_side(event.actors, entry["actor"])
        and _is_side(event.recipients, entry["recipient"])
        and entry.get("modality", event.modality) == event.modality
        and _is_dated(event, entry.get("occurred") or {})
        and (not entry.get("contexts") or bool(set(entry["contexts"]) & set(event.contexts)))
        and (not entry.get("speaker") or _is_said_by(event, entry["speaker"], registry, day))
        and (not entry.get("place") or _is_at(event, entry["place"], registry))
    )


def _match(
    entries: Sequence[Entry], events: Sequence[EventTag], registry: Registry, day: date
) -> dict[str, EventTag | None]:
    graph: nx.Graph[tuple[str, int]] = nx.Graph()
    graph.add_nodes_from(("entry", number) for number in range(len(entries)))
    for number, entry in enumerate(entries):
        for index, event in enumerate(events):
            if satisfies(event, entry, registry, day):
                graph.add_edge(("entry", number), ("event", index))
    pairs = nx.bipartite.maximum_matching(graph, top_nodes=[("entry", number) for number in range(len(entries))])
    found = {number: pairs.get(("entry", number)) for number in range(len(entries))}
    return {entry["id"]: events[f[1]] if (f := found[number]) else None for number, entry in enumerate(entries)}


def _is_side(coded: Sequence[str], allowed: Sequence[str | None]) -> bool:
    if not coded:
        return None in allowed
    return "*" in allowed or all(slug in allowed for slug in coded)


def _is_dated(event: EventTag, expected: Mapping[str, Any]) -> bool:
    occurred = event.occurred
    on, precision = expected.get("on"), expected.get("precision")
    if precision and occurred.precision not in ([precision] if isinstance(precision, str) else precision):
        return False
    if on and not occurred.on.isoformat().startswith(on):
        return False
    if (least := expected.get("precision_not_finer_than")) and FINENESS.index(occurred.precision) < FINENESS.index(
        least
    ):
        return False
    if (last := expected.get("not_after")) and occurred.on > date.fromisoformat(last):
        return False
    first = expected.get("on_or_after")
    return not first or occurred.on >= date.fromisoformat(first)


def _is_said_by(event: EventTag, speaker: str, registry: Registry, day: date) -> bool:
    if not event.speaker:
        return event.speaker_text == speaker
    return speaker in (event.speaker, stands_for(registry, event.speaker, day))


def _is_at(event: EventTag, name: str, registry: Registry) -> bool:
    place = registry.places.get(event.place)
    return place is not None and name.lower() in {place.name.lower(), *(n.lower() for n in place.names.get("en", ()))}


def _wrong(entry: Entry, seed: Seed, tags: Tags, registry: Registry) -> tuple[EventTag, ...] | None:
    """The events that break the entry; None when nothing says how to judge it."""
    if rule := _WRONG.get(entry["id"]):
        return tuple(event for event in tags.events if rule(event, seed))
    if "type" in entry and "actor" in entry:
        full = {"recipient": ["*", None], **entry}
        day = seed.document.published_on
        return tuple(event for event in tags.events if satisfies(event, full, registry, day))
    return None


def _sentence(event: EventTag, seed: Seed) -> str:
    return seed.document.text[event.begin : event.end]


def _is_past(event: EventTag, seed: Seed, cue: str) -> bool:
    """Whether the event's word stands behind the cue in its sentence, or is it."""
    at = next((span.begin for span in event.spans if span.role == "verb"), event.begin)
    match = re.search(cue, _sentence(event, seed))
    return match is not None and at >= event.begin + match.start()


def _is_in_sidebar(event: EventTag, seed: Seed) -> bool:
    line = _sentence(event, seed)
    return any(headline["headline_starts"] in line for headline in seed.sidebar)


_WRONG: Mapping[str, Callable[[EventTag, Seed], bool]] = {
    "declined-to-speculate": lambda event, seed: _is_past(event, seed, r"declined to speculate"),
    "1979": lambda event, seed: event.occurred.on.year == 1979,
    "silent": lambda event, seed: event.type in ("ACCUSE", "SUPPORT") and _is_past(event, seed, r"remained silent"),
    "personnel-harmed": lambda event, seed: (
        event.type == "ASSAULT" and "israel" in event.actors and "russia" in event.recipients
    ),
    "future-dates": lambda event, seed: event.modality == "asserted" and event.occurred.on > seed.document.published_on,
    "sidebar": _is_in_sidebar,
}


def _sidebar(seed: Seed, tagger: Tagger) -> dict[str, tuple[bool, bool]]:
    """The headlines as the tagger cuts them off; one that it does not find is not in the situation."""
    document, found = seed.document, {}
    cut = [document.text[line.begin : line.end] for line in tagger.sentences.find_headlines(document)]
    for entry in seed.sidebar:
        headline = next((line for line in cut if line.startswith(entry["headline_starts"])), "")
        is_in = bool(headline) and is_in_situation(headline, document.published_on, tagger)
        found[headline or entry["headline_starts"]] = (bool(entry["in_situation"]), is_in)
    return found


def is_in_situation(headline: str, day: date, tagger: Tagger) -> bool:
    """Whether a headline of its own, with no event coded, names what joins it to one of the situations."""
    document = Document(headline, day, "en", len(headline))
    sentences = SentenceFinder().find(document)
    actors = tagger.actors.find(document, sentences)
    places = tagger.places.find(document, sentences, actors)
    return any(
        membership_rule(
            tagger.registry,
            situation,
            actors=_unique(m.actor for m in actors),
            recipients=(),
            places=_unique(m.place for m in places),
            text=headline,
            day=day,
        )
        for situation in tagger.registry.situations.values()
    )


def _unique(slugs: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(slugs))
