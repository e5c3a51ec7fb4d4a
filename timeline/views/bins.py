"""The days that a page draws: its window, the bins of the chart, and the same numbers as a table."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet

from timeline import analytics
from timeline.filters import BINS, EventFilter
from timeline.models import Event
from timeline.rows import BinRow, VolumeRow

LONGEST_DEFAULT = 45  # days shown when nobody asked for more
MOST_BINS = 400
LENGTHS = {"day": 1, "week": 7, "month": 30, "year": 365}


@dataclass(frozen=True, slots=True)
class Window:
    first: date
    last: date
    is_default: bool


@dataclass(frozen=True, slots=True)
class Bins:
    """`days` are the first days of all bins, empty ones among them."""

    name: str
    days: list[date]
    events: list[BinRow]
    volume: list[VolumeRow]


@dataclass(frozen=True, slots=True)
class TableRow:
    """One bin: its days, its events by quad class and in all, and the articles published in it."""

    first: date
    last: date
    counts: tuple[int, ...]
    n_events: int
    n_articles: int


@dataclass(frozen=True, slots=True)
class Table:
    bin: str
    rows: list[TableRow]
    totals: TableRow
    top: TableRow

    @property
    def last(self) -> int:
        return len(self.rows) - 1


def chart_window(found: EventFilter, events: QuerySet[Event]) -> Window | None:
    """The days that are shown of the filter's events: as asked for, else the last ones that hold any.

    None without any event.
    """
    span = analytics.first_and_last_day(events)
    if span is None:
        return None
    if found.from_on or found.to_on:
        first, last = found.from_on or span[0], found.to_on or span[1]
        if (last - first).days > MOST_BINS:  # centuries of empty days say nothing
            first, last = max(first, span[0]), min(last, span[1])
        return Window(first, last, False)
    recent = analytics.recent_days(events.exclude(modality="historical"), LONGEST_DEFAULT)
    return Window(*(recent or span), is_default=True)


def bins_of(found: EventFilter, events: QuerySet[Event], window: Window) -> Bins:
    """What the chart of a window draws of the filter's events."""
    days, name = first_days(window.first, window.last, found.bin)
    events = events.filter(occurred_on__gte=window.first, occurred_on__lte=window.last)
    return Bins(
        name,
        days,
        analytics.count_events_by_bin(events, name),
        analytics.count_articles_by_bin(window.first, window.last, name),
    )


def first_days(first: date, last: date, asked: str) -> tuple[list[date], str]:
    """First days of all bins; wider ones than asked for when there would be too many."""
    n_days = (last - first).days + 1
    name = asked or ("day" if n_days <= 120 else "week" if n_days <= 1000 else "month")
    while n_days / LENGTHS[name] > MOST_BINS and name != BINS[-1]:
        name = BINS[BINS.index(name) + 1]
    found = [_bin_start(first, name)]
    while (following := _next_bin(found[-1], name)) <= last:
        found.append(following)
    return found, name


def table_of(bins: Bins) -> Table:
    """The chart as a table, whose sums are the chart's."""
    counts = {(row.starts_on, row.quad): row.n_events for row in bins.events}
    articles = {row.starts_on: row.n_articles for row in bins.volume}
    rows = []
    for day in bins.days:
        some = tuple(counts.get((day, quad), 0) for quad in (1, 2, 3, 4))
        last = _next_bin(day, bins.name) - timedelta(days=1)
        rows.append(TableRow(day, last, some, sum(some), articles.get(day, 0)))
    totals = TableRow(
        rows[0].first,
        rows[-1].last,
        tuple(sum(row.counts[quad] for row in rows) for quad in range(4)),
        sum(row.n_events for row in rows),
        sum(row.n_articles for row in rows),
    )
    return Table(bins.name, rows, totals, max(rows, key=lambda row: row.n_events))


def _bin_start(day: date, name: str) -> date:
    if name == "week":
        return day - timedelta(days=day.weekday())
    if name == "month":
        return day.replace(day=1)
    return day.replace(month=1, day=1) if name == "year" else day


def _next_bin(day: date, name: str) -> date:
    if name in ("month", "year"):
        return (day.replace(day=1) + timedelta(days=32 if name == "month" else 366)).replace(day=1)
    return day + timedelta(days=LENGTHS[name])
