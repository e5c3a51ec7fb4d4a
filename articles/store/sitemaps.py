"""Writes the sitemaps that an index lists: each a feed of its outlet, read like any other while it is listed."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from articles.models import Article, Feed
from articles.store.feeds import add_feed

KEPT_DAYS = 7  # a sitemap that is listed no more


def save_sitemaps(index: Feed, urls: Iterable[str], now: datetime) -> None:
    """Sitemaps of an index become feeds. One that is listed no more is not read until it is listed again, and gone
    after a week: its articles pass to the index. What an editor paused stays paused."""
    with transaction.atomic():
        listed = [
            add_feed(url, now=now, outlet=index.outlet, is_paused=index.is_paused, listed_by=index)[0].pk
            for url in urls
        ]
        ours = Feed.objects.filter(listed_by=index)
        ours.filter(pk__in=listed, is_paused=False, next_at=None, lease_until=None).update(next_at=now)
        unlisted = ours.exclude(pk__in=listed)
        unlisted.update(next_at=None)
        forgotten = unlisted.filter(fetched_at__lt=now - timedelta(days=KEPT_DAYS))
        Article.objects.filter(feed__in=forgotten).update(feed=index)
        forgotten.delete()
