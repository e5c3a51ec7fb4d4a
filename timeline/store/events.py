"""Folds evidence into events. Only the evidence rows and the rulings count: folding again changes nothing."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from timeline.models import Actor, DatePrecision, Event, Evidence, Membership, Participant, Place, Situation
from timeline.registry import current_registry
from timeline.tagging import identity
from timeline.tagging.records import EventTag, Registry, RegistrySituation
from timeline.tagging.situations import RULE_VERSION, membership_rule


def insert_missing_events(tags: Mapping[bytes, EventTag]) -> None:
    """Inserts the events of these keys that are not there yet, with their participants.

    Rows are inserted in the order of their ids, so that two workers that meet the same events cannot wait in a circle.
    """
    wanted = {identity.event_id(key): (key, tag) for key, tag in tags.items()}
    held = set(Event.objects.filter(pk__in=wanted).values_list("pk", flat=True))
    places = {place.slug: place for place in Place.objects.filter(slug__in={tag.place for tag in tags.values()})}
    speakers = {actor.slug: actor for actor in Actor.objects.filter(slug__in={tag.speaker for tag in tags.values()})}
    new = [
        _new_event(event_id, key, tag, places.get(tag.place), speakers.get(tag.speaker))
        for event_id, (key, tag) in sorted(wanted.items())
        if event_id not in held
    ]
    if not new:
        return
    Event.objects.bulk_create(new, ignore_conflicts=True)
    by_id = {event.pk: wanted[event.pk][1] for event in new}
    set_participants({event_id: (tag.actors, tag.recipients) for event_id, tag in by_id.items()})


def _new_event(event_id: str, key: bytes, tag: EventTag, place: Place | None, speaker: Actor | None) -> Event:
    return Event(
        id=event_id,
        key_sha256=key,
        type=tag.type,
        mode=tag.mode,
        contexts=list(tag.contexts),
        quad=tag.quad,
        intensity=tag.intensity,
        modality=tag.modality,
        occurred_on=tag.occurred.on,
        occurred_until=tag.occurred.until,
        date_precision=tag.occurred.precision,
        place=place,
        speaker=speaker,
        speaker_text=tag.speaker_text[:200],
        verb=tag.verb[:120],
        confidence=tag.confidence,
    )


def set_participants(parts: Mapping[str, tuple[Collection[str], Collection[str]]]) -> None:
    """Adds participants (actor slugs, recipient slugs) to events that have none. Unknown slugs are left out."""
    slugs = {slug for sides in parts.values() for side in sides for slug in side}
    actors = {actor.slug: actor.pk for actor in Actor.objects.filter(slug__in=slugs)}
    days = dict(Event.objects.filter(pk__in=parts).values_list("pk", "occurred_on"))
    Participant.objects.bulk_create(
        [
            Participant(event_id=pk, actor_id=actors[slug], part=part, position=position, occurred_on=days[pk])
            for pk, sides in parts.items()
            for part, side in zip((Participant.Part.ACTOR, Participant.Part.RECIPIENT), sides, strict=True)
            for position, slug in enumerate(side)
            if slug in actors
        ],
        ignore_conflicts=True,
    )


def refold_events(event_ids: Iterable[str], codebook: str, now: datetime) -> None:
    """Counts, dates, words and memberships of events, from their evidence as it stands. Locks them in id order."""
    ids = sorted(event_ids)
    events = list(Event.objects.select_for_update().filter(pk__in=ids).order_by("pk"))
    evidence: dict[str, list[Evidence]] = {pk: [] for pk in ids}
    for row in Evidence.objects.filter(event__in=ids).select_related("article__outlet").order_by("pk"):
        evidence[row.event_id].append(row)
    for event in events:
        _refold(event, evidence[event.pk], codebook, now)
        event.save()
        Participant.objects.filter(event=event).exclude(occurred_on=event.occurred_on).update(
            occurred_on=event.occurred_on
        )
    set_memberships(events, evidence)


def _refold(event: Event, evidence: list[Evidence], codebook: str, now: datetime) -> None:
    event.n_articles = len({row.article_id for row in evidence})
    event.n_families = len({row.article.outlet.family or row.article.outlet.slug for row in evidence})
    machine = [row for row in evidence if row.codebook]
    if not evidence:
        if event.retracted_at is None:
            event.retracted_at = now
            event.retracted_reason = "No article supports it any more under the present codebook."
        return
    event.retracted_at, event.retracted_reason = None, ""
    event.first_published_at = min(row.article.published_at for row in evidence)
    if not machine:
        return
    event.codebook = codebook or event.codebook
    said = _machine_values(event, machine)
    event.machine = event.machine | said
    if event.state == Event.State.AUTO:
        event.verb, event.contexts, event.confidence = said["verb"], said["contexts"], said["confidence"]
        if event.date_precision == DatePrecision.UNKNOWN:
            event.occurred_on = min(row.article.published_at.date() for row in machine)


def _machine_values(event: Event, machine: list[Evidence]) -> dict[str, Any]:
    """What the codebook says of an event, whatever the order in which the articles came."""
    best = min(machine, key=lambda row: (-row.confidence, row.article.published_at, row.quote))
    contexts = sorted({context for row in machine for context in row.coded.get("contexts", ())})
    return {
        "verb": str(best.coded.get("verb", ""))[:120],
        "contexts": contexts,
        "confidence": best.confidence,
        "confidences": best.coded.get("confidences", {}),
    }


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
