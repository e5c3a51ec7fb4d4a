"""What pages ask of the evidence. Rows, in a number of queries that does not grow."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Case, Count, QuerySet, Sum, When

from articles.models import Article, Feed, Fetch, Outlet, RawCopy

HEALTH_DAYS = 7


@dataclass(frozen=True, slots=True)
class FeedHealth:
    """A feed with what its fetches of the last seven days brought."""

    feed: Feed
    n_stored: int
    n_duplicate: int
    n_broken: int
    n_undated: int
    n_fetches: int


@dataclass(frozen=True, slots=True)
class OutletHealth:
    outlet: Outlet
    feeds: list[FeedHealth]
    n_articles: int


def outlet_health(now: datetime, bloc: str = "", state: str = "") -> list[OutletHealth]:
    outlets = Outlet.objects.annotate(n_articles=Count("articles")).order_by("is_sample", "name")
    if bloc:
        outlets = outlets.filter(bloc=bloc)
    by_outlet: dict[int, list[FeedHealth]] = defaultdict(list)
    for health in feed_health(now):
        if not state or health.feed.state == state:
            by_outlet[health.feed.outlet_id].append(health)
    return [
        OutletHealth(outlet, by_outlet[outlet.pk], outlet.n_articles)
        for outlet in outlets
        if by_outlet[outlet.pk] or not state
    ]


def feed_health(now: datetime, outlet: Outlet | None = None) -> list[FeedHealth]:
    feeds = Feed.objects.select_related("outlet").order_by("url")
    if outlet:
        feeds = feeds.filter(outlet=outlet)
    since = now - timedelta(days=HEALTH_DAYS)
    names = ("n_stored", "n_duplicate", "n_broken", "n_undated")
    sums = Fetch.objects.filter(started_at__gte=since, feed__isnull=False).values("feed")
    counted = {
        row["feed"]: row for row in sums.annotate(n_fetches=Count("pk"), **{f"sum_{name}": Sum(name) for name in names})
    }
    empty: dict[str, int | None] = {"n_fetches": 0, **{f"sum_{name}": 0 for name in names}}
    return [_health(feed, counted.get(feed.pk, empty)) for feed in feeds]


def _health(feed: Feed, sums: Mapping[str, int | None]) -> FeedHealth:
    return FeedHealth(
        feed,
        n_stored=sums["sum_n_stored"] or 0,
        n_duplicate=sums["sum_n_duplicate"] or 0,
        n_broken=sums["sum_n_broken"] or 0,
        n_undated=sums["sum_n_undated"] or 0,
        n_fetches=sums["n_fetches"] or 0,
    )


def outlet_page(slug: str) -> Outlet | None:
    return Outlet.objects.filter(slug=slug).first()


def recent_fetches(outlet: Outlet, most: int = 30) -> list[Fetch]:
    return list(Fetch.objects.filter(feed__outlet=outlet).select_related("feed").order_by("-started_at")[:most])


def recent_articles(outlet: Outlet, most: int = 20) -> list[Article]:
    return list(Article.objects.filter(outlet=outlet).order_by("-published_at")[:most])


def real_feeds() -> list[Feed]:
    """Feeds of outlets that exist, for OPML."""
    return list(Feed.objects.filter(outlet__is_sample=False).select_related("outlet").order_by("url"))


def n_paused() -> int:
    return Feed.objects.filter(is_paused=True, outlet__is_sample=False).count()


def outlets_with_slugs(slugs: Collection[str]) -> QuerySet[Outlet]:
    """All of them when no slug is given."""
    return Outlet.objects.filter(slug__in=slugs) if slugs else Outlet.objects.all()


def raw_copies(most: int = 50) -> list[RawCopy]:
    """The newest, those that could not be read first; without their bytes."""
    newest = RawCopy.objects.defer("packed").order_by(Case(When(problem="", then=1), default=0), "-seen_at")
    return list(newest[:most])


def raw_copy(number: int) -> RawCopy | None:
    return RawCopy.objects.filter(pk=number).first()
