"""A small cast: an outlet, its feed, and what the feed says."""

from datetime import UTC, datetime
from email.utils import format_datetime
from xml.sax.saxutils import escape

from articles import store
from articles.ingest.feeds import parse_feed
from articles.ingest.records import Entry, ParsedFeed
from articles.models import Feed, Outlet

NOW = datetime(2025, 6, 13, 12, 0, tzinfo=UTC)
MORNING = datetime(2025, 6, 13, 8, 0, tzinfo=UTC)


def outlet(slug: str = "courier", **values: object) -> Outlet:
    return Outlet.objects.create(
        **{"slug": slug, "name": f"The {slug}", "homepage": f"https://{slug}.example/"} | values
    )


def feed(url: str = "https://courier.example/feed", **values: object) -> Feed:
    made, _ = store.add_feed(url, now=NOW, outlet=Outlet.objects.first() or outlet())
    for name, value in values.items():
        setattr(made, name, value)
    made.save()
    return made


def entry(number: int = 1, **values: object) -> Entry:
    url = f"https://courier.example/{number}"
    made = {"guid": url, "url": url, "title": f"Ferry number {number} sails", "published_at": MORNING} | values
    return Entry(**made)


def parsed(*entries: Entry) -> ParsedFeed:
    return ParsedFeed("The courier", "en", "rss20", entries)


def rss(*titles: str, at: datetime | None = MORNING, host: str = "https://courier.example") -> bytes:
    when = f"<pubDate>{format_datetime(at)}</pubDate>" if at else ""
    items = (
        f"<item><title>{escape(title)}</title><link>{host}/{number}</link>{when}</item>"
        for number, title in enumerate(titles, start=1)
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>t</title>{"".join(items)}</channel></rss>'.encode()


def read_rss(*titles: str) -> ParsedFeed:
    return parse_feed(rss(*titles), "https://courier.example/feed")
