"""What makes two observations the same event. Pure; the store folds observations with one key into one event."""

import base64
import hashlib
from collections.abc import Collection, Iterable
from datetime import date, timedelta

from timeline.tagging.records import EventTag

ONE_DAY = timedelta(days=1)


def event_key(tag: EventTag, published_on: date) -> bytes:
    """32 bytes that are equal for observations of one event.

    Dyad, type, mode, modality, place and day (with its precision) tell events apart. An asserted deed whose day is not
    known has the key of an event first reported on `published_on`; `first_days` says which day that is for several
    reports. What was planned, denied or long ago is kept with the ISO week of its publication.
    """
    if is_undated(tag):
        return undated_key(series_key(tag), published_on)
    if tag.occurred.precision == "unknown":
        year, week, _ = published_on.isocalendar()
        return _hash(*_what(tag), f"{year}-W{week:02d}?")
    return _hash(*_what(tag), f"{tag.occurred.on.isoformat()}/{tag.occurred.until or ''}/{tag.occurred.precision}")


def is_undated(tag: EventTag) -> bool:
    """Whether it is a deed that a report asserts without a day, so that the day of publication stands for it."""
    return tag.modality == "asserted" and tag.occurred.precision == "unknown"


def series_key(tag: EventTag) -> bytes:
    """32 bytes that are equal for undated reports which nothing but the day of publication tells apart."""
    return _hash(*_what(tag), "by")


def undated_key(series: bytes, first_on: date) -> bytes:
    """The key of the event of a series that was first reported on that day."""
    return hashlib.sha256(series + first_on.isoformat().encode()).digest()


def first_days(days: Iterable[date], kept: Collection[date] = ()) -> dict[date, date]:
    """For each day on which a series was reported, the day of the first report of the event that it belongs to.

    An event gathers the reports of its first day and of the next; a third day in a row is another event. It follows
    from the set of days alone, whatever the order of reading. `kept` are first days of events that editors ruled on:
    they stay events, and the day before joins them rather than to stand alone.
    """
    firsts: dict[date, date] = {}
    first: date | None = None
    for day in sorted(set(days)):
        if day in kept or day - ONE_DAY in kept:
            firsts[day] = day if day in kept else day - ONE_DAY
        elif first is not None and day - first <= ONE_DAY:
            firsts[day] = first
        elif day + ONE_DAY in kept:
            firsts[day] = day + ONE_DAY
        else:
            firsts[day] = first = day
    return firsts


def event_id(key: bytes) -> str:
    """The public, opaque id of an event: 12 characters, the same on every board that codes the same event."""
    return base64.b32encode(key).decode().lower()[:12]


def _what(tag: EventTag) -> tuple[str, ...]:
    sides = ",".join(sorted(tag.actors)), ",".join(sorted(tag.recipients))
    return (*sides, tag.type, tag.mode, tag.modality, tag.place)


def _hash(*parts: str) -> bytes:
    return hashlib.sha256("|".join(parts).encode()).digest()
