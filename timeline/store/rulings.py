"""Editors' decisions. Each is a Ruling row, written in the transaction that changes the event."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from articles.models import Article
from timeline.models import Actor, DatePrecision, Event, EventType, Evidence, Modality, Participant, Place, Ruling, Tag
from timeline.store.events import refold_events, set_participants
from timeline.store.undated import lock_series, series_of
from timeline.tagging import identity, load_codebook

CODED_FIELDS = ("type", "mode", "contexts", "modality", "occurred_on", "occurred_until", "date_precision", "verb")


class StaleEvent(Exception):
    """The event was changed by somebody else since it was read: nothing was written."""


@dataclass(frozen=True, slots=True)
class NewEvent:
    """What an editor codes from a sentence: characters `begin` to `end` of the article's document."""

    article_id: int
    begin: int
    end: int
    type: str
    actors: tuple[str, ...]
    recipients: tuple[str, ...]
    occurred_on: date
    occurred_until: date | None = None
    date_precision: str = "day"
    mode: str = ""
    modality: str = "asserted"
    place: str = ""
    verb: str = ""
    contexts: tuple[str, ...] = field(default=())


def rule_event(
    event_id: str,
    user: User,
    verb: str,
    changes: Mapping[str, Any] | None = None,
    reason: str = "",
    version: int | None = None,
) -> Ruling:
    """Accepts, rejects or corrects an event.

    `changes` (for "correct") may hold type, mode, contexts, modality, occurred_on, occurred_until, date_precision,
    verb, actors and recipients (slugs) and place (a slug or ""). Quad class and intensity follow from type and mode.
    Raises StaleEvent when the event is not at `version` any more, ValidationError for a value that cannot be.
    """
    with transaction.atomic():
        lock_series(series_of([event_id]))  # a ruled event keeps its reports: none may be moving just now
        event = Event.objects.select_for_update().get(pk=event_id)
        if version is not None and event.version != version:
            raise StaleEvent(f"The event is at version {event.version}, not {version}.")
        before = coded_values(event)
        if verb == Ruling.Verb.CORRECT:
            _apply(event, changes or {})
        event.state = {
            Ruling.Verb.ACCEPT: Event.State.ACCEPTED,
            Ruling.Verb.REJECT: Event.State.REJECTED,
            Ruling.Verb.CORRECT: Event.State.CORRECTED,
        }[Ruling.Verb(verb)]
        event.version += 1
        event.save()
        refold_events([event.pk], "", timezone.now())
        event.refresh_from_db()
        after = coded_values(event)
        changed = [name for name in after if after[name] != before[name]]
        return Ruling.objects.create(
            event=event,
            user=user,
            verb=verb,
            reason=reason,
            before={name: before[name] for name in changed},
            after={name: after[name] for name in changed},
        )


def add_event(new: NewEvent, user: User, reason: str = "") -> Event:
    """An event that the machine did not find, from a sentence that an editor points at."""
    with transaction.atomic():
        article = Article.objects.get(pk=new.article_id)
        if not 0 <= new.begin < new.end <= len(article.document):
            raise ValidationError("The sentence lies outside the article's text.")
        key = secrets.token_bytes(32)
        event = Event(id=identity.event_id(key), key_sha256=key, state=Event.State.ACCEPTED, confidence=1.0)
        coded = {name: getattr(new, name) for name in CODED_FIELDS}
        _apply(event, coded | {"contexts": list(new.contexts), "place": new.place})
        event.save(force_insert=True)
        _check_actors((*new.actors, *new.recipients))
        set_participants({event.pk: (new.actors, new.recipients)})
        Evidence.objects.create(
            event=event,
            article=article,
            sentence_no=article.document.count("\n", 0, new.begin),
            begin=new.begin,
            end=new.end,
            quote=article.document[new.begin : new.end],
            confidence=1.0,
        )
        refold_events([event.pk], "", timezone.now())
        event.refresh_from_db()
        Ruling.objects.create(event=event, user=user, verb=Ruling.Verb.ADD, reason=reason, after=coded_values(event))
    return event


def set_tags(
    user: User, names: Iterable[str], *, event: Event | None = None, article: Article | None = None
) -> Ruling | None:
    """Makes `names` the free tags of an event or an article; None when they are so already."""
    thing = event or article
    if thing is None:
        raise ValueError("tags belong to an event or an article")
    wanted = sorted({" ".join(name.split())[:60] for name in names if name.strip()})
    with transaction.atomic():
        before = sorted(thing.tags.values_list("name", flat=True))
        if wanted == before:
            return None
        thing.tags.set([Tag.objects.get_or_create(name=name)[0] for name in wanted])
        return Ruling.objects.create(
            event=event,
            article=article,
            user=user,
            verb=Ruling.Verb.TAG,
            before={"tags": before},
            after={"tags": wanted},
        )


def coded_values(event: Event) -> dict[str, Any]:
    """The coded fields of an event as plain values, for before and after."""
    parts = Participant.objects.filter(event=event).order_by("part", "position").values_list("part", "actor__slug")
    sides = list(parts)
    return {
        "type": event.type,
        "mode": event.mode,
        "contexts": list(event.contexts),
        "modality": event.modality,
        "quad": event.quad,
        "intensity": event.intensity,
        "occurred_on": event.occurred_on.isoformat(),
        "occurred_until": event.occurred_until.isoformat() if event.occurred_until else None,
        "date_precision": event.date_precision,
        "place": event.place.slug if event.place else "",
        "verb": event.verb,
        "actors": [slug for part, slug in sides if part == Participant.Part.ACTOR],
        "recipients": [slug for part, slug in sides if part == Participant.Part.RECIPIENT],
        "state": event.state,
    }


def _apply(event: Event, changes: Mapping[str, Any]) -> None:
    for name in CODED_FIELDS:
        if name in changes:
            setattr(event, name, changes[name])
    if event.type not in EventType or event.modality not in Modality or event.date_precision not in DatePrecision:
        raise ValidationError("Type, modality and date precision must be among those of the codebook.")
    if "place" in changes:
        event.place = Place.objects.get(slug=changes["place"]) if changes["place"] else None
    kind = load_codebook().kinds[event.type]
    if event.mode and event.mode not in kind.modes:
        raise ValidationError(f"{event.type} has no mode {event.mode!r}.")
    event.quad, event.intensity = kind.quad, kind.intensity_of(event.mode)
    if "actors" in changes or "recipients" in changes:
        now = coded_values(event)
        actors = tuple(changes.get("actors", now["actors"]))
        recipients = tuple(changes.get("recipients", now["recipients"]))
        _check_actors((*actors, *recipients))
        if not actors:
            raise ValidationError("An event needs an actor.")
        Participant.objects.filter(event=event).delete()
        set_participants({event.pk: (actors, recipients)})


def _check_actors(slugs: Iterable[str]) -> None:
    known = set(Actor.objects.filter(slug__in=slugs).values_list("slug", flat=True))
    unknown = sorted(set(slugs) - known)
    if unknown:
        raise ValidationError(f"No actor has the slug {unknown[0]!r}.")
