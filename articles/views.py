"""Outlets and their feeds, with honest health."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from articles import queries, store
from articles.ingest.opml import Outline, write_opml
from articles.models import Feed, Outlet
from articles.tasks import ring


@require_safe
def outlets(request: HttpRequest) -> HttpResponse:
    asked = {"bloc": request.GET.get("bloc", ""), "state": request.GET.get("state", "")}
    known = {"bloc": Outlet.Bloc.values, "state": Feed.State.values}
    unknown = [(name, value) for name, value in asked.items() if value and value not in known[name]]
    bloc, state = (value if (name, value) not in unknown else "" for name, value in asked.items())
    found = queries.outlet_health(timezone.now(), bloc, state)
    context = {
        "outlets": found,
        "feeds": [health for row in found for health in row.feeds],
        "blocs": Outlet.Bloc.choices,
        "states": Feed.State.choices,
        "bloc": bloc,
        "state": state,
        "notices": [_("“%(name)s=%(value)s” was ignored.") % {"name": n, "value": v[:40]} for n, v in unknown],
        "n_paused": queries.n_paused(),
        "may_change": request.user.has_perm("articles.change_feed"),
    }
    return render(request, "articles/outlets.html", context)


@require_safe
def outlet(request: HttpRequest, slug: str) -> HttpResponse:
    found = queries.outlet_page(slug)
    if found is None:
        raise Http404
    context = {
        "outlet": found,
        "feeds": queries.feed_health(timezone.now(), found),
        "fetches": queries.recent_fetches(found),
        "articles": queries.recent_articles(found),
        "may_change": request.user.has_perm("articles.change_feed"),
    }
    return render(request, "articles/outlet.html", context)


@require_POST
@permission_required("articles.change_feed", raise_exception=True)
def turn_on_all(request: HttpRequest) -> HttpResponse:
    """The one button: every feed of the registry is read from now on."""
    n_feeds = store.resume_feeds(store.paused_feeds(), timezone.now())
    ring()
    messages.success(request, ngettext("%d feed is on.", "%d feeds are on.", n_feeds) % n_feeds)
    return redirect("articles:outlets")


@require_POST
@permission_required("articles.change_feed", raise_exception=True)
def change_feed(request: HttpRequest, feed_id: int, action: str) -> HttpResponse:
    feeds = store.feeds_with_id(feed_id)
    if action == "fetch":
        store.request_fetch(feeds, timezone.now())
        ring()
        messages.success(request, _("The feed is being fetched."))
    elif action == "pause":
        store.pause_feeds(feeds)
        messages.success(request, _("The feed is paused."))
    else:
        store.resume_feeds(feeds, timezone.now())
        ring()
        messages.success(request, _("The feed is on."))
    return redirect("articles:outlets")


@require_safe
def opml(request: HttpRequest) -> HttpResponse:
    outlines = [Outline(feed.url, str(feed), feed.outlet.homepage) for feed in queries.real_feeds()]
    response = HttpResponse(write_opml("Crisisboard", outlines), content_type="text/x-opml; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="crisisboard.opml"'
    return response
