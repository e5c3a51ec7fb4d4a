"""Folds evidence into events. Only the evidence rows and the rulings count: folding again changes nothing.

What the machine says of an event is a function of the set of its evidence, whatever came first: from the evidence that
it is surest of (of equals the first published), or from all of it.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from timeline.models import Actor, DatePrecision, Event, Evidence, Membership, Participant, Place, Situation
from timeline.registry import current_registry
from timeline.tagging import identity
from timeline.tagging.records import EventTag, Registry, RegistrySituation
from timeline.tagging.situations import RULE_VERSION, membership_rule

Sides = tuple[Collection[str], Collection[str]]


@dataclass(frozen=True, slots=True)
class Draft:
    """An event to be: its key, what it was coded as (see `coded_values_of`), its days, and its series when undated."""

    key: bytes
    coded: Mapping[str, Any]
    occurred_on: date
    occurred_until: date | None = None
    precision: str = "unknown"
    series: bytes | None = None


def coded_values_of(tag: EventTag) -> dict[str, Any]:
    """What one report was coded as, as it is kept with the evidence."""
    return {
        "actors": list(tag.actors),
        "recipients": list(tag.recipients),
        "type": tag.type,
        "mode": tag.mode,
        "modality": tag.modality,
        "quad": tag.quad,
        "intensity": tag.intensity,
        "place": tag.place,
        "verb": tag.verb,
        "contexts": list(tag.contexts),
        "speaker": tag.speaker,
        "speaker_text": tag.speaker_text,
        "confidences": dict(tag.confidences),
    }


def insert_missing_events(drafts: Iterable[Draft]) -> None:
    """Inserts events that are not there yet, to be folded from their evidence.

    Rows are inserted in the order of their ids, so that two workers that meet the same events cannot wait in a circle.
    """
    wanted = {identity.event_id(draft.key): draft for draft in drafts}
    held = set(Event.objects.filter(pk__in=wanted).values_list("pk", flat=True))
    new = [_new_event(event_id, draft) for event_id, draft in sorted(wanted.items()) if event_id not in held]
    Event.objects.bulk_create(new, ignore_conflicts=True)


def _new_event(event_id: str, draft: Draft) -> Event:
    coded = draft.coded
    return Event(
        id=event_id,
        key_sha256=draft.key,
        series_sha256=draft.series,
        first_report_on=draft.occurred_on if draft.series else None,
        type=coded["type"],
        mode=coded["mode"],
        modality=coded["modality"],
        quad=coded["quad"],
        intensity=coded["intensity"],
        occurred_on=draft.occurred_on,
        occurred_until=draft.occurred_until,
        date_precision=draft.precision,
    )


def lock_events(event_ids: Iterable[str]) -> list[Event]:
    """The events of these ids, held until the transaction ends. Always in id order: nobody waits in a circle."""
    return list(Event.objects.select_for_update().filter(pk__in=list(event_ids)).order_by("pk"))


def set_participants(parts: Mapping[str, Sides]) -> None:
    """Makes participants (actor slugs, recipient slugs) of events what is given. Unknown slugs are left out."""
    slugs = {slug for sides in parts.values() for side in sides for slug in side}
    actors = {actor.slug: actor.pk for actor in Actor.objects.filter(slug__in=slugs)}
    days = dict(Event.objects.filter(pk__in=parts).values_list("pk", "occurred_on"))
    Participant.objects.filter(event__in=parts).delete()
    Participant.objects.bulk_create(
        Participant(event_id=pk, actor_id=actors[slug], part=part, position=position, occurred_on=days[pk])
        for pk, sides in parts.items()
        for part, side in zip((Participant.Part.ACTOR, Participant.Part.RECIPIENT), sides, strict=True)
        for position, slug in enumerate(dict.fromkeys(side))
        if slug in actors
    )


def refold_events(event_ids: Iterable[str], codebook: str, now: datetime) -> None:
    """Counts, dates, coded values and memberships of events, from their evidence as it stands."""
    events = lock_events(event_ids)
    evidence: dict[str, list[Evidence]] = {event.pk: [] for event in events}
    for row in Evidence.objects.filter(event__in=evidence).select_related("article__outlet").order_by("pk"):
        evidence[row.event_id].append(row)
    said = {event.pk: _machine_values(evidence[event.pk]) for event in events}
    places = {row.slug: row for row in Place.objects.filter(slug__in=[one.get("place", "") for one in said.values()])}
    speakers = {row.slug: row for row in Actor.objects.filter(slug__in=[one.get("speaker") for one in said.values()])}
    for event in events:
        _refold(event, evidence[event.pk], now)
        _say(event, said[event.pk], codebook, places, speakers)
        event.save()
        Participant.objects.filter(event=event).exclude(occurred_on=event.occurred_on).update(
            occurred_on=event.occurred_on
        )
    _renew_participants({event.pk: said[event.pk] for event in events if event.state == Event.State.AUTO})
    set_memberships(events, evidence)


def _refold(event: Event, evidence: list[Evidence], now: datetime) -> None:
    event.n_articles = len({row.article_id for row in evidence})
    event.n_families = len({row.article.outlet.family or row.article.outlet.slug for row in evidence})
    if not evidence:
        if event.retracted_at is None:
            event.retracted_at = now
            event.retracted_reason = "No article supports it any more under the present codebook."
        return
    event.retracted_at, event.retracted_reason = None, ""
    event.first_published_at = min(row.article.published_at for row in evidence)
    machine = [row.article.published_at.date() for row in evidence if row.codebook]
    if machine and event.state == Event.State.AUTO and event.date_precision == DatePrecision.UNKNOWN:
        event.occurred_on = min(machine)


def _machine_values(evidence: list[Evidence]) -> dict[str, Any]:
    """What the codebook says of an event; empty when editors alone point at it."""
    machine = [row for row in evidence if row.codebook]
    if not machine:
        return {}
    best = min(machine, key=lambda row: (-row.confidence, row.article.published_at, row.article_id, row.begin))
    speaker, speaker_text = _speaker(best, machine)
    coded: dict[str, Any] = best.coded
    return coded | {
        "verb": str(best.coded.get("verb", ""))[:120],
        "contexts": sorted({context for row in machine for context in row.coded.get("contexts", ())}),
        "speaker": speaker,
        "speaker_text": speaker_text,
        "confidence": best.confidence,
    }


def _speaker(best: Evidence, machine: list[Evidence]) -> tuple[str, str]:
    """Whose word an event is: that of whom every report names. What one of them asserts plainly is nobody's."""
    slugs = {row.coded.get("speaker", "") for row in machine}
    texts = {row.coded.get("speaker_text", "").casefold() for row in machine}
    slug, text = best.coded.get("speaker", ""), best.coded.get("speaker_text", "")[:200]
    if slugs == {slug} and (slug or len(texts) == 1):
        return slug, text
    return "", ""


def _say(
    event: Event, said: Mapping[str, Any], codebook: str, places: Mapping[str, Place], speakers: Mapping[str, Actor]
) -> None:
    """Writes what the codebook says beside an event, and into it as long as no editor has ruled."""
    if not said:
        return
    event.codebook = codebook or event.codebook
    event.machine = dict(said)
    if event.state != Event.State.AUTO:
        return
    for name in ("quad", "intensity", "contexts", "verb", "speaker_text", "confidence"):
        setattr(event, name, said.get(name, getattr(event, name)))
    event.speaker = speakers.get(said["speaker"])
    if "place" in said:
        event.place = places.get(said["place"])


def _renew_participants(said: Mapping[str, Mapping[str, Any]]) -> None:
    """Who takes part, in the order in which the surest evidence names them."""
    now: dict[str, dict[str, list[str]]] = {pk: {"actor": [], "recipient": []} for pk in said}
    rows = Participant.objects.filter(event__in=now).order_by("position")
    for pk, part, slug in rows.values_list("event_id", "part", "actor__slug"):
        now[pk][part].append(slug)
    wanted = {pk: (one["actors"], one["recipients"]) for pk, one in said.items() if "actors" in one}
    set_participants({pk: sides for pk, sides in wanted.items() if sides != tuple(now[pk].values())})


def set_memberships(events: Iterable[Event], evidence: Mapping[str, list[Evidence]]) -> None:
    """Which situations events belong to, by the rule that holds now."""
    events = list(events)
    registry = current_registry()
    situations = {row.slug: row for row in Situation.objects.all()}
    parts: dict[str, list[tuple[str, str]]] = {event.pk: [] for event in events}
    for pk, part, slug in Participant.objects.filter(event__in=parts).values_list("event_id", "part", "actor__slug"):
        parts[pk].append((part, slug))
    place_slugs = dict(Place.objects.filter(pk__in={e.place_id for e in events}).values_list("pk", "slug"))
    wanted: dict[tuple[str, int], str] = {}
    for event in events:
        texts = " \n ".join(f"{row.article.title} {row.quote}" for row in evidence.get(event.pk, ()))
        for situation in registry.situations.values():
            rule = _rule(registry, situation, event, parts[event.pk], place_slugs.get(event.place_id or 0, ""), texts)
            if rule and event.retracted_at is None and situation.slug in situations:
                wanted[event.pk, situations[situation.slug].pk] = rule
    Membership.objects.filter(event__in=parts).delete()
    Membership.objects.bulk_create(
        Membership(event_id=event_id, situation_id=situation_id, rule=rule, rule_version=RULE_VERSION)
        for (event_id, situation_id), rule in wanted.items()
    )


def renew_memberships(event_ids: Iterable[str] | None = None, batch: int = 500) -> int:
    """Sorts events into situations anew, after a situation was changed; returns how many events were looked at."""
    ids = list(event_ids) if event_ids is not None else list(Event.objects.order_by("pk").values_list("pk", flat=True))
    for first in range(0, len(ids), batch):
        some = ids[first : first + batch]
        evidence: dict[str, list[Evidence]] = {pk: [] for pk in some}
        for row in Evidence.objects.filter(event__in=some).select_related("article"):
            evidence[row.event_id].append(row)
        set_memberships(Event.objects.filter(pk__in=some), evidence)
    return len(ids)


def _rule(
    registry: Registry, situation: RegistrySituation, event: Event, parts: list[tuple[str, str]], place: str, text: str
) -> str:
    return membership_rule(
        registry,
        situation,
        actors=[slug for part, slug in parts if part == Participant.Part.ACTOR],
        recipients=[slug for part, slug in parts if part == Participant.Part.RECIPIENT],
        places=[place] if place else [],
        text=text,
        day=event.occurred_on,
    )
