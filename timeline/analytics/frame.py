"""What forms offer and what the frame of every page says: names, totals, freshness."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, Max, Min, OuterRef, Q

from articles.models import Article, Feed, Outlet
from timeline.models import Actor, Participant, Place, Situation


def situation_names() -> list[tuple[str, str]]:
    return list(Situation.objects.order_by("name").values_list("slug", "name"))


def actor_names() -> list[tuple[str, str]]:
    """Actors that take part in events, by name."""
    taking_part = Participant.objects.filter(actor=OuterRef("pk"))
    return list(Actor.objects.filter(Exists(taking_part)).order_by("name").values_list("slug", "name"))


def outlet_names() -> list[tuple[str, str]]:
    return list(Outlet.objects.filter(articles__isnull=False).distinct().order_by("name").values_list("slug", "name"))


def article_languages() -> list[str]:
    return list(Article.objects.exclude(lang="").order_by("lang").values_list("lang", flat=True).distinct())


def registry_counts() -> dict[str, int]:
    return {"actors": Actor.objects.count(), "places": Place.objects.count(), "outlets": Outlet.objects.count()}


@dataclass(frozen=True, slots=True)
class Freshness:
    """`n_feeds` counts those that are on; `newest_fetch_at` is when the last of them was fetched."""

    newest_at: datetime | None
    n_feeds: int
    n_feeds_ok: int
    newest_fetch_at: datetime | None
    interval_s: int

    def is_stale(self, now: datetime) -> bool:
        """Whether twice the shortest interval has passed without any fetch."""
        return self.newest_fetch_at is not None and now - self.newest_fetch_at > timedelta(seconds=2 * self.interval_s)


def freshness() -> Freshness:
    """When the newest article was published, and how many of the feeds that are on are well."""
    well = Q(state__in=("ok", "not-modified", "new", "undated", "empty"))
    counts = Feed.objects.filter(is_paused=False).aggregate(
        n=Count("pk"), ok=Count("pk", filter=well), at=Max("fetched_at"), interval=Min("interval_s")
    )
    newest = Article.objects.order_by("-published_at").values_list("published_at", flat=True).first()
    return Freshness(newest, counts["n"], counts["ok"], counts["at"], counts["interval"] or 0)
