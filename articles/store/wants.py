"""Which articles wait for their page."""

from datetime import datetime

from articles.ingest.records import Entry
from articles.ingest.robots import host_of
from articles.models import Article, ArticlePage, Outlet


def wants_page(outlet: Outlet, entry: Entry) -> bool:
    """Whether the outlet's settings ask for the entry's page, and there is one of its own."""
    asks = outlet.text_source == Outlet.TextSource.PAGE and outlet.storage != Outlet.Storage.NONE
    return asks and bool(entry.url) and not entry.is_link_shared


def want_page(article: Article, now: datetime) -> ArticlePage:
    """Puts an article's page into the queue, again if need be."""
    page, _ = ArticlePage.objects.update_or_create(
        article=article,
        defaults={
            "url": article.url, "host": host_of(article.url), "wanted_at": now, "next_at": now, "attempts": 0,
            "n_tries": 0, "outcome": ArticlePage.Outcome.WAITING, "reason": "", "lease_until": None,
            "lease_token": None,
        },
    )  # fmt: skip
    return page
