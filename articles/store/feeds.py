"""Writes outlets and their feeds: from the registry's file, from an address, from editors."""

from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models import Q, QuerySet

from articles.ingest.links import canonical_url
from articles.models import Article, Feed, Fetch, Outlet, Story
from articles.registry import OutletRow


def save_outlets(rows: Iterable[OutletRow], now: datetime) -> tuple[int, int]:
    """Outlets and their feeds as the file has them; new feeds stay paused. Returns (outlets, new feeds)."""
    rows = list(rows)
    fields = (
        "name", "country", "language", "control", "family", "bloc", "reliability", "homepage", "wikidata", "confirmed",
    )  # fmt: skip
    n_feeds = 0
    with transaction.atomic():
        for row in rows:
            values = {name: getattr(row, name) for name in fields}
            outlet, _ = Outlet.objects.get_or_create(slug=row.slug, defaults=values)
            for feed in row.feeds:
                n_feeds += add_feed(
                    feed.url, now=now, outlet=outlet, title=feed.title, confirmed=feed.confirmed, is_paused=True
                )[1]
    return len(rows), n_feeds


def outlet_for(url: str, name: str = "") -> Outlet:
    """The outlet whose homepage has the address's host, or a new one about which nothing is known."""
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    for outlet in Outlet.objects.exclude(homepage=""):
        if host and (urlsplit(outlet.homepage).hostname or "").removeprefix("www.") == host:
            return outlet
    label = (name or host or "unknown")[:200]
    slug = "".join(c if c.isalnum() and c.isascii() else "-" for c in label.lower()).strip("-")[:70]
    if not slug or not label.isascii() or Outlet.objects.filter(slug=slug).exclude(name=label).exists():
        slug = f"{slug}-{sha256(label.encode()).hexdigest()[:8]}".strip("-")
    return Outlet.objects.get_or_create(slug=slug, defaults={"name": label})[0]


def outlet_named(name: str) -> Outlet:
    """The outlet with this slug or name, or a new one about which nothing is known."""
    known = Outlet.objects.filter(Q(slug=name) | Q(name__iexact=name)).order_by("pk").first()
    return known or outlet_for("", name)


def add_feed(
    url: str,
    *,
    now: datetime,
    outlet: Outlet | None = None,
    title: str = "",
    confirmed: str = "",
    is_paused: bool = False,
) -> tuple[Feed, bool]:
    """The feed of this address, and whether it is new. Raises ValueError when it is no http(s) address."""
    address = canonical_url(url)
    if not address:
        raise ValueError(f"{url[:200]!r} is not an http:// or https:// address")
    return Feed.objects.get_or_create(
        url_sha256=sha256(address.encode()).digest(),
        defaults={
            "url": url.strip(),
            "outlet": outlet or outlet_for(address),
            "title": title[:300],
            "confirmed": confirmed,
            "is_paused": is_paused,
            "next_at": None if is_paused else now,
        },
    )


def change_feed(feed: Feed, names: Iterable[str], now: datetime) -> None:
    """Writes the named fields and nothing that a reader may have written meanwhile; pausing goes with the queue."""
    feed.save(update_fields=[name for name in names if name != "is_paused"])
    if "is_paused" in names:
        one = feeds_with_id(feed.pk)
        pause_feeds(one) if feed.is_paused else resume_feeds(one, now)


def paused_feeds() -> QuerySet[Feed]:
    return Feed.objects.filter(is_paused=True)


def feeds_with_id(feed_id: int) -> QuerySet[Feed]:
    return Feed.objects.filter(pk=feed_id)


def request_fetch(feeds: QuerySet[Feed], now: datetime) -> int:
    """Makes feeds due now, paused or not; the caller rings. One that is being read just now stays with its reader."""
    return feeds.update(next_at=now, attempts=0, n_begun=0)


def try_again(feeds: QuerySet[Feed], now: datetime) -> int:
    """Makes feeds due that were set aside; returns how many. They stand as unread until they are read."""
    return request_fetch(feeds.filter(state=Feed.State.QUARANTINED), now)


def resume_feeds(feeds: QuerySet[Feed], now: datetime) -> int:
    return feeds.filter(outlet__is_sample=False).update(is_paused=False, next_at=now, attempts=0, n_begun=0)


def pause_feeds(feeds: QuerySet[Feed]) -> int:
    return feeds.update(is_paused=True, next_at=None, lease_until=None, lease_token=None, lease_owner=None)


def remove_samples() -> dict[str, int]:
    """Takes away the demo's outlets with all that hangs on them; returns rows removed by kind."""
    with transaction.atomic():
        articles = Article.objects.filter(outlet__is_sample=True)
        stories = set(articles.exclude(story=None).values_list("story", flat=True))
        removed = {
            "articles": articles.delete()[1].get("articles.Article", 0),
            "fetches": Fetch.objects.filter(feed__outlet__is_sample=True).delete()[0],
            "feeds": Feed.objects.filter(outlet__is_sample=True).delete()[0],
            "outlets": Outlet.objects.filter(is_sample=True).delete()[0],
        }
        for story in Story.objects.filter(pk__in=stories):
            story.n_articles = story.articles.count()
            story.save() if story.n_articles else story.delete()
    return removed
