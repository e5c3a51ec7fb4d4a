"""Events over time."""

from collections.abc import Iterator
from dataclasses import replace

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import condition, require_safe

from timeline import analytics
from timeline.charts import events_by_bin
from timeline.filters import EventFilter
from timeline.registry import codebook_version
from timeline.rows import EventRow
from timeline.views.bins import bins_of, chart_window
from timeline.views.files import EVENT_COLUMNS, event_values, export, refuse
from timeline.views.listing import form_choices, listing
from timeline.views.words import chart_words

PAGE = 50
MOST_EXPORTED = 200_000


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return redirect("timeline:timeline")


@require_safe
def timeline(request: HttpRequest) -> HttpResponse:
    found = EventFilter.parse(request.GET, timezone.now().date())
    context = listing(found, request.user, PAGE) | {"choices": form_choices(found)}
    return render(request, "timeline/timeline.html", context)


@require_safe
def export_events(request: HttpRequest, kind: str) -> HttpResponseBase:
    found = EventFilter.parse(request.GET, timezone.now().date())
    if found.notices:
        return refuse(found.notices)
    events = found.page(found.events(request.user))
    n_rows = min(events.count(), MOST_EXPORTED)
    n_auto = events.filter(state="auto").count()
    rows = (event_values(row) for some in _slices(found, request) for row in some)
    return export(request, "events", kind, rows, n_rows, EVENT_COLUMNS, round(n_auto / n_rows, 4) if n_rows else None)


def _slices(found: EventFilter, request: HttpRequest, size: int = 1000) -> Iterator[list[EventRow]]:
    events, n_left = found.events(request.user), MOST_EXPORTED
    while rows := analytics.event_rows(found.page(events), min(size, n_left)):
        yield rows
        n_left -= len(rows)
        if not n_left:
            return
        found = replace(found, after=f"{rows[-1].occurred_on}_{rows[-1].id}")


def _etag(request: HttpRequest) -> str:
    stamp = f"{analytics.events_stamp()}-{codebook_version()[:8]}-{timezone.now():%Y%m%d}"
    return f'"{stamp}-{get_language()}-{request.user.is_authenticated:d}"'


@require_safe
@condition(etag_func=_etag)
def figure(request: HttpRequest) -> HttpResponse:
    """The chart of the page with the same query."""
    found = EventFilter.parse(request.GET, timezone.now().date())
    events = found.events(request.user)
    window = chart_window(found, events)
    if window is None:
        return JsonResponse({"data": [], "layout": {}})
    bins = bins_of(found, events, window)
    return JsonResponse(events_by_bin(bins.days, bins.events, bins.volume, chart_words()))
