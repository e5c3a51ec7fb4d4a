"""Undated events: which reports are one event follows from the set of their days, so events grow and part as days come.

lock the series (before any event) → settle (where every report belongs) → insert what is missing → move the reports.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date
from typing import TYPE_CHECKING, Any, TypedDict

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import TruncDate

from timeline.models import Event, Evidence
from timeline.tagging import identity

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


@dataclass(frozen=True, slots=True)
class Move:
    """Reports of one day that are counted to another event from now on."""

    series: bytes
    day: date
    from_id: str
    first_on: date

    @property
    def key(self) -> bytes:
        return identity.undated_key(self.series, self.first_on)

    @property
    def to_id(self) -> str:
        return identity.event_id(self.key)


@dataclass(frozen=True, slots=True)
class Settled:
    """`firsts`: for a day of reports the first day of their event; `moves`: reports that lie with another event now."""

    firsts: dict[date, date]
    moves: tuple[Move, ...]


def series_of(event_ids: Iterable[str]) -> set[bytes]:
    found = Event.objects.filter(pk__in=event_ids, series_sha256__isnull=False)
    return {bytes(series) for series in found.values_list("series_sha256", flat=True) if series is not None}


def lock_series(series: Iterable[bytes]) -> None:
    """Until the transaction ends, nobody else counts reports to these series or rules on their events."""
    numbers = sorted({int.from_bytes(one[:8], "big", signed=True) for one in series})
    with connection.cursor() as cursor:
        for number in numbers:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])


def settle(
    series: bytes, *, coming: Collection[date] = (), going: Collection[date] = (), without: Collection[int] = ()
) -> Settled:
    """Where the reports of a locked series belong, given days of reports that come, and articles that go.

    Looks only at what the change can reach: from the event before the first day that comes or goes.
    """
    events = list(Event.objects.filter(series_sha256=series).values_list("first_report_on", "state", "retracted_at"))
    kept = {first for first, state, _ in events if first and state != Event.State.AUTO}
    alive = {first for first, _, retracted_at in events if first and retracted_at is None} - kept
    changed = min((*coming, *going))
    since = max((first for first in alive if first < changed), default=changed)
    held = set(_reports(series).filter(event__first_report_on__gte=since).exclude(article__in=without)
               .values_list("event_id", "day"))  # fmt: skip
    firsts = identity.first_days({*coming, *(day for _, day in held)}, kept)
    moves = (Move(series, day, event_id, firsts[day]) for event_id, day in sorted(held))
    return Settled(firsts, tuple(move for move in moves if move.from_id != move.to_id))


def coded_of(move: Move) -> dict[str, Any]:
    """What one of the moving reports was coded as, for the event that they move to."""
    coded: dict[str, Any] = _reports(move.series).filter(event=move.from_id, day=move.day)[0].coded
    return coded


def move_reports(moves: Iterable[Move]) -> set[str]:
    """Counts reports to the events that they belong to; returns the ids of all events that gained or lost any."""
    touched = set()
    for move in moves:
        reports = Evidence.objects.filter(
            pk__in=_reports(move.series).filter(event=move.from_id, day=move.day).values("pk")
        )
        there = Evidence.objects.filter(
            event=move.to_id, article=OuterRef("article"), begin=OuterRef("begin"), end=OuterRef("end")
        )
        reports.filter(Exists(there)).delete()  # an editor stands by the same words there
        reports.update(event=move.to_id)
        touched |= {move.from_id, move.to_id}
    return touched


def note_moves(moves: Iterable[Move]) -> None:
    """Says of events that lost all their reports which event has them now."""
    for move in moves:
        gone = Event.objects.filter(pk=move.from_id, retracted_at__isnull=False)
        gone.update(
            retracted_reason=f"Its reports are counted to event {move.to_id}, first reported on {move.first_on}."
        )


def emptied_events(series: Iterable[bytes]) -> list[str]:
    """Events of these series that other events have taken all reports from, and on which nobody ruled."""
    events = Event.objects.filter(series_sha256__in=series, retracted_at__isnull=False, evidence=None, rulings=None)
    return list(events.values_list("pk", flat=True))


class _OnDay(TypedDict):
    day: date


def _reports(series: bytes) -> "QuerySet[WithAnnotations[Evidence, _OnDay]]":
    """The machine's evidence of a series, each with the `day` of its publication."""
    machine = Evidence.objects.filter(event__series_sha256=series).exclude(codebook="").order_by()
    return machine.annotate(day=TruncDate("article__published_at", tzinfo=UTC))
