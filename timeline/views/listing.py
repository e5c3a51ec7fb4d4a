"""What pages with a list of events share: the rows grouped by day, the way to older ones, the chart above them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _

from articles.models import Outlet
from timeline import analytics
from timeline.filters import EARLIEST, ROLES, Chip, EventFilter
from timeline.models import Event, EventType, Modality, Quad
from timeline.rows import EventRow
from timeline.tagging import load_codebook
from timeline.views.bins import bins_of, chart_window, table_of


@dataclass(frozen=True, slots=True)
class Day:
    day: date
    rows: list[EventRow]


@dataclass(frozen=True, slots=True)
class WayOut:
    """How many events there would be without one of the filters."""

    n_events: int
    chip: Chip


def listing(found: EventFilter, user: AbstractBaseUser | AnonymousUser, most: int) -> dict[str, object]:
    """Context of a page with events: filter, count, days with rows, cursor of the older ones, a way out when empty."""
    events = found.events(user)
    window = chart_window(found, events)
    table = table_of(bins_of(found, events, window)) if window else None
    n_all = n_events = events.count()
    if window and window.is_default:
        events = events.filter(occurred_on__gte=window.first, occurred_on__lte=window.last)
        n_events = events.count()
    rows = analytics.event_rows(found.page(events), most + 1)
    older = rows[most - 1] if len(rows) > most else None
    return {
        "filter": found,
        "window": window,
        "table": table,
        "n_events": n_events,
        "n_hidden": n_all - n_events,
        "days": [Day(day, list(some)) for day, some in groupby(rows[:most], key=lambda row: row.occurred_on)],
        "older": found.query(after=f"{older.occurred_on}_{older.id}", before="") if older else "",
        "newest": found.query(after="", before="") if found.after or found.before else "",
        "everything": found.query(from_on=EARLIEST),
        "permalink": found.query(from_on=window.first, to_on=window.last, after="", before="") if window else "",
        "nearest": [] if rows else list(_nearest(found, user)),
        "is_empty_board": not rows and not Event.objects.exists(),
    }


def _nearest(found: EventFilter, user: AbstractBaseUser | AnonymousUser) -> Iterable[WayOut]:
    for chip in found.chips():
        n_events = found.without(chip.field).events(user).count()
        if n_events:
            yield WayOut(n_events, chip)


def form_choices(found: EventFilter) -> dict[str, object]:
    """What the filter form offers."""
    return {
        "quads": [(quad.value, quad.label, quad.value in found.quad or not found.quad) for quad in Quad],
        "types": EventType.choices,
        "modalities": Modality.choices,
        "blocs": Outlet.Bloc.choices,
        "states": [("reviewed", _("Reviewed only")), *Event.State.choices],
        "contexts": [(context, context) for context in sorted(load_codebook().contexts)],
        "roles": [(role, label) for role, label in ROLES.items() if role != "any"],
        "bins": [("day", _("days")), ("week", _("weeks")), ("month", _("months")), ("year", _("years"))],
        "situations": analytics.situation_names(),
        "actors": analytics.actor_names(),
    }
