"""Crises being tracked."""

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from timeline import analytics
from timeline.filters import EventFilter
from timeline.views.listing import listing

MOST = 12


@require_safe
def situations(request: HttpRequest) -> HttpResponse:
    return render(request, "timeline/situations.html", {"situations": analytics.situations(request.user)})


@require_safe
def situation(request: HttpRequest, slug: str) -> HttpResponse:
    found = analytics.situation(slug)
    if found is None:
        raise Http404
    query = QueryDict(mutable=True)
    query["situation"] = slug
    wanted = EventFilter.parse(query, timezone.now().date())
    events = wanted.events(request.user)
    dyads = analytics.count_dyads(events, analytics.roll_up(timezone.now().date()))
    context = listing(wanted, request.user, MOST) | {
        "situation": found,
        "dyads": analytics.named(dyads[:MOST]),
        "actors": analytics.busiest_actors(events, MOST),
        "types": analytics.count_by_field(events, "type"),
        "rules": analytics.count_memberships(found.pk, request.user),
        "n_all": events.count(),
    }
    return render(request, "timeline/situation.html", context)
