"""The actor map with its table twin, and the page of one actor."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from timeline import analytics
from timeline.analytics import NamedDyad
from timeline.charts import actor_network
from timeline.charts.layout import MOST_NODES
from timeline.filters import EventFilter, QueryReader
from timeline.rows import DyadRow, NodeRow
from timeline.views.bins import Window, chart_window
from timeline.views.files import export, refuse
from timeline.views.listing import form_choices, listing
from timeline.views.words import chart_words

NODES = 40
MATRIX_SIDE = 20
VIEWS = ("network", "matrix", "table")
LEVELS = ("state", "actor")
SORTS: dict[str, Callable[[NamedDyad], Any]] = {
    "events": lambda row: -row.n_events,
    "actor": lambda row: row.actor_name,
    "recipient": lambda row: row.recipient_name,
    "tone": lambda row: row.mean_intensity,
}
COLUMNS = ("actor", "recipient", "is_reciprocal", "n_events", "by_quad", "mean_intensity")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the query string asks of the map: which events, and how they are shown."""

    events: EventFilter
    view: str
    level: str
    sort: str
    n_nodes: int

    @classmethod
    def parse(cls, query: QueryDict) -> "Asked":
        today = timezone.now().date()
        found, reader = EventFilter.parse(query, today), QueryReader(query, today)
        view, level = reader.choice("view", VIEWS) or "network", reader.choice("level", LEVELS) or "state"
        sort, n_nodes = reader.choice("sort", SORTS) or "events", reader.number("nodes", 2, MOST_NODES, NODES)
        return cls(replace(found, notices=(*found.notices, *reader.notices)), view, level, sort, n_nodes)

    @property
    def kept(self) -> list[tuple[str, str]]:
        """How things are shown, as far as it is not the usual way."""
        shown = {"view": (self.view, "network"), "level": (self.level, "state"), "sort": (self.sort, "events"),
                 "nodes": (self.n_nodes, NODES)}  # fmt: skip
        return [(name, str(value)) for name, (value, usual) in shown.items() if value != usual]

    def query(self, **changes: object) -> str:
        """The canonical query string, with changes of how things are shown."""
        now = replace(self, **changes)  # type: ignore[arg-type]
        return "&".join(filter(None, (now.events.query(after="", before=""), urlencode(now.kept))))


@require_safe
def actors(request: HttpRequest) -> HttpResponse:
    asked = Asked.parse(request.GET)
    all_dyads, window = _dyads(request, asked)
    dyads = _around(all_dyads, asked.events.actor)
    nodes, n_actors = analytics.nodes_of(dyads, asked.n_nodes)
    directed = {slug for row in dyads if not row.is_reciprocal for slug in (row.actor, row.recipient)}
    in_matrix = [node for node in nodes if node.slug in directed][:MATRIX_SIDE]
    context = {
        "filter": asked.events,
        "asked": asked,
        "window": window,
        "choices": form_choices(asked.events),
        "dyads": sorted(analytics.named(dyads), key=SORTS[asked.sort]),
        "busiest": next(iter(analytics.named(dyads[:1])), None),
        "nodes": nodes,
        "n_actors": n_actors,
        "columns": in_matrix,
        "matrix": _matrix(in_matrix, dyads) if asked.view == "matrix" else None,
        "n_together": sum(row.n_events for row in dyads if row.is_reciprocal),
    } | _links(asked, window)
    return render(request, "timeline/actors.html", context)


def _links(asked: Asked, window: Window | None) -> dict[str, object]:
    """The ways from this view of the map to the others, and the query of its figure and files."""
    days = {"from_on": window.first, "to_on": window.last} if window else {}
    return {
        "query": asked.query(sort="events", view="network"),
        "permalink": asked.query(events=replace(asked.events, **days)),  # type: ignore[arg-type]
        "tabs": [(view, asked.query(view=view), view == asked.view) for view in VIEWS],
        "sorts": {sort: asked.query(sort=sort) for sort in SORTS},
        "other_level": asked.query(level="actor" if asked.level == "state" else "state"),
        "more_nodes": asked.query(n_nodes=MOST_NODES),
    }


@require_safe
def figure(request: HttpRequest) -> HttpResponse:
    asked = Asked.parse(request.GET)
    dyads = _around(_dyads(request, asked)[0], asked.events.actor)
    nodes, _n_actors = analytics.nodes_of(dyads, asked.n_nodes)
    return JsonResponse(actor_network(nodes, dyads, chart_words()))


@require_safe
def export_dyads(request: HttpRequest, kind: str) -> HttpResponseBase:
    asked = Asked.parse(request.GET)
    if asked.events.notices:
        return refuse(asked.events.notices)
    rows = _around(_dyads(request, asked)[0], asked.events.actor)
    values = (
        {"actor": r.actor, "recipient": r.recipient, "is_reciprocal": r.is_reciprocal, "n_events": r.n_events,
         "by_quad": list(r.by_quad), "mean_intensity": round(r.mean_intensity, 2)}
        for r in rows
    )  # fmt: skip
    return export(request, "actors", kind, values, len(rows), COLUMNS)


@require_safe
def actor(request: HttpRequest, slug: str) -> HttpResponse:
    found = analytics.actor_page(slug)
    if found is None:
        raise Http404
    query = QueryDict(mutable=True)
    query.update({"actor": slug, **({"after": request.GET["after"]} if "after" in request.GET else {})})
    wanted = EventFilter.parse(query, timezone.now().date())
    dyads = analytics.named(analytics.count_dyads(wanted.events(request.user)))
    own = set(found.within)
    context = listing(wanted, request.user, 25) | {
        "actor": found,
        "does": [row for row in dyads if row.actor in own and not row.is_reciprocal][:12],
        "receives": [row for row in dyads if row.recipient in own and not row.is_reciprocal][:12],
        "together": [row for row in dyads if row.is_reciprocal and {row.actor, row.recipient} & own][:12],
    }
    return render(request, "timeline/actor.html", context)


def _dyads(request: HttpRequest, asked: Asked) -> tuple[list[DyadRow], Window | None]:
    events = asked.events.events(request.user)
    window = chart_window(asked.events, events)
    if window and window.is_default:
        events = events.filter(occurred_on__gte=window.first, occurred_on__lte=window.last)
    up = analytics.roll_up(window.last if window else timezone.now().date()) if asked.level == "state" else None
    return analytics.count_dyads(events, up), window


def _around(dyads: Sequence[DyadRow], slug: str) -> list[DyadRow]:
    """With an actor asked for: its pairs, and those between its neighbours."""
    if not slug:
        return list(dyads)
    near = {slug} | {
        other for row in dyads if slug in (row.actor, row.recipient) for other in (row.actor, row.recipient)
    }
    kept = [row for row in dyads if row.actor in near and row.recipient in near]
    return kept if any(slug in (row.actor, row.recipient) for row in dyads) else list(dyads)


def _matrix(nodes: list[NodeRow], dyads: Sequence[DyadRow]) -> list[tuple[NodeRow, list[DyadRow | None]]]:
    """Who acts towards whom; what two do together has no direction and stands in the table alone."""
    by_pair = {(row.actor, row.recipient): row for row in dyads if not row.is_reciprocal}
    return [(node, [by_pair.get((node.slug, other.slug)) for other in nodes]) for node in nodes]
