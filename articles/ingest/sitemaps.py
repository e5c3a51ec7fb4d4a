"""News sitemaps and indexes of sitemaps (sitemaps.org 0.9, Google's news extension) → entries. Pure.

A sitemap is a feed where it says headlines; one that lists bare addresses is none. Gets scanned bytes only.
"""

import html
import re
from datetime import datetime, timedelta
from typing import Any

from lxml import etree

from articles.ingest.instants import instant_of
from articles.ingest.links import canonical_url, has_same_host

MOST_SITEMAPS = 10
_BARE_AMPERSAND = re.compile(rb"<!\[CDATA\[.*?(?:\]\]>|\Z)|&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[\da-fA-F]+);)", re.DOTALL)
FRESH = timedelta(days=3)  # news sitemaps hold two days by their rules


class NotANewsSitemap(ValueError):
    """A sitemap, and nothing to be read in it; the message says why."""


def is_sitemap(body: bytes) -> bool:
    return _kind(body) != ""


def parse_sitemap(body: bytes) -> tuple[dict[str, Any], list[dict[str, Any]], list[dict[str, str]]]:
    """The sitemap's own fields, its entries under feedparser's names, and sitemaps it lists. Raises NotANewsSitemap."""
    root = _root(body)
    if _local(root) == "sitemapindex":
        return {}, [], [_fields(child) for child in root if _local(child) == "sitemap"]
    found = [_fields(child) for child in root if _local(child) == "url"]
    if found and not any(fields.get("title") for fields in found):
        raise NotANewsSitemap(
            "a sitemap of bare addresses, without headlines: the outlet's news sitemap or feed is needed"
        )
    feed = {"title": next((fields["name"] for fields in found if fields.get("name")), "")}
    return feed, [_raw(fields) for fields in found], []


def followed(listed: list[dict[str, str]], index_url: str) -> tuple[str, ...]:
    """Addresses of an index's sitemaps that may hold news: of its own host, named for news or changed of late, and the
    latest first; all of them when the index says nothing about when, up to MOST_SITEMAPS."""
    changed_at: dict[str, datetime | None] = {}
    for fields in listed:
        url = canonical_url(fields.get("loc", ""), index_url)
        if url and url != index_url and has_same_host(url, index_url):
            changed_at[url] = instant_of(fields.get("lastmod", ""))
    newest = max(filter(None, changed_at.values()), default=None)

    def is_fresh(at: datetime | None) -> bool:
        return newest is None or (at is not None and newest - at < FRESH)

    def rank(url: str) -> tuple[bool, float]:
        at = changed_at[url]
        return "news" not in url, -at.timestamp() if at else 0.0

    fresh = [url for url, at in changed_at.items() if "news" in url or is_fresh(at)]
    return tuple(sorted(fresh, key=rank)[:MOST_SITEMAPS])


def _kind(body: bytes) -> str:
    start = body[:2_000].lower()
    for name in ("urlset", "sitemapindex"):
        place = start.find(name.encode())
        if place > 0 and start[:place].rstrip(b"abcdefghijklmnopqrstuvwxyz0123456789_-.:").endswith(b"<"):
            return name
    return ""


def _root(body: bytes) -> Any:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True, remove_comments=True,
        remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(_BARE_AMPERSAND.sub(_escaped, body), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise NotANewsSitemap(f"broken XML: {error}") from error
    if root is None:
        raise NotANewsSitemap("broken XML: no element can be made out")
    return root


def _escaped(found: re.Match[bytes]) -> bytes:
    return b"&amp;" if found[0] == b"&" else found[0]


def _local(element: Any) -> str:
    return str(element.tag).rpartition("}")[2].lower()


def _fields(element: Any) -> dict[str, str]:
    """Texts of what stands in it, however deep, by name; the first of each name counts."""
    found: dict[str, str] = {}
    for child in element.iter():
        text = (child.text or "").strip()
        if text and _local(child) not in found and "/sitemap-image" not in str(child.tag):
            found[_local(child)] = text
    return found


def _raw(fields: dict[str, str]) -> dict[str, Any]:
    """Titles are plain text here, where feedparser's are markup. `lastmod` says when the page last changed."""
    return {
        "link": fields.get("loc", ""),
        "title": html.escape(fields.get("title", "")),
        "language": fields.get("language", ""),
        "published": fields.get("publication_date", ""),
        "updated": fields.get("lastmod", ""),
    }
