"""What a page says about itself: JSON-LD of schema.org, meta elements, marked-up times. Claims, not orders. Pure."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from articles.ingest.plain import clean_lines, plain_text

MOST_SCRIPTS, LONGEST_SCRIPT, MOST_NODES = 40, 1_000_000, 500
EARLIEST = 1990
# schema.org's kinds of article; what a page lists besides (images, videos, breadcrumbs) has dates of its own.
_ARTICLES = re.compile(r"(Article|Posting|Report|Review)\Z")
_WITHIN = ("@graph", "mainEntity", "mainEntityOfPage")
_PUBLISHED = (
    "article:published_time", "og:published_time", "og:article:published_time", "datepublished", "parsely-pub-date",
    "sailthru.date", "cxenseparse:recs:publishtime", "cxenseparse:publishtime", "publish-date", "publish_date",
    "publication_date", "pubdate", "publishdate", "article.published", "dc.date.issued", "dcterms.issued",
    "dcterms.created", "dc.date", "date",
)  # fmt: skip
_TITLES = ("og:title", "twitter:title")
_ISO = re.compile(r"\s*(\d{4})-(\d\d?)-(\d\d?)(?:[T ]\s*(\d\d?):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?\s*(Z|[+-]\d\d:?\d\d)?)?")


@dataclass(frozen=True, slots=True)
class Declared:
    """`titles` from the surest to the least; `days` and `instants` likewise; all empty when the page says nothing.

    `body` is the article's whole text in the page's data for search engines, where the outlet puts it there.
    """

    titles: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    published: tuple[datetime, ...] = ()
    body: str = ""


def find_declared(tree: Any) -> Declared:
    """`tree` is lxml's."""
    articles = [node for node in _nodes(tree) if _is_article(node)]
    meta = _meta(tree)
    titles = [*(_line(node.get("headline")) for node in articles), *(_line(meta.get(name)) for name in _TITLES)]
    authors = [name for node in articles[:1] for name in _names(node.get("author"))]
    dates = [
        *(node.get("datePublished") for node in articles), *(meta.get(name) for name in _PUBLISHED), *_times(tree),
    ]  # fmt: skip
    return Declared(
        tuple(dict.fromkeys(filter(None, titles))),
        tuple(dict.fromkeys(authors)),
        tuple(found for found in map(read_instant, dates) if found),
        max((_body(node) for node in articles), key=len, default=""),
    )


def read_instant(text: Any) -> datetime | None:
    """ISO 8601 with its usual liberties; a time without a zone is not known to the hour, and is its day (UTC)."""
    found = _ISO.match(text) if isinstance(text, str) else None
    if not found or int(found[1]) < EARLIEST:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
    try:
        if not found[7]:
            return datetime(year, month, day, tzinfo=UTC)
        zone = datetime.strptime(found[7].replace(":", "").replace("Z", "+0000"), "%z").tzinfo
        return datetime(year, month, day, hour, minute, min(second, 59), tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    """Objects of the page's JSON-LD, those that stand for the page first; lists of other pages are not entered."""
    scripts = [script for script in tree.iter("script") if "ld+json" in (script.get("type") or "").lower()]
    waiting: list[Any] = []
    for script in scripts[:MOST_SCRIPTS]:
        text = (script.text or "")[:LONGEST_SCRIPT].strip().removeprefix("<!--").removesuffix("-->")
        try:
            waiting.append(json.loads(text.strip().rstrip(";"), strict=False))
        except (ValueError, RecursionError):
            continue
    for _ in range(MOST_NODES):
        if not waiting:
            return
        node = waiting.pop(0)
        if isinstance(node, list):
            waiting[:0] = node[:MOST_NODES]
        elif isinstance(node, dict):
            yield node
            waiting += [node[name] for name in _WITHIN if isinstance(node.get(name), dict | list)]


def _is_article(node: dict[str, Any]) -> bool:
    kinds = node.get("@type")
    return any(
        isinstance(kind, str) and _ARTICLES.search(kind) for kind in (kinds if isinstance(kinds, list) else [kinds])
    )


def _names(given: Any) -> Iterator[str]:
    """Names of authors, whichever of the usual forms they are given in."""
    for one in given if isinstance(given, list) else [given]:
        name = one.get("name") if isinstance(one, dict) else one
        for each in name if isinstance(name, list) else [name]:
            line = _line(each)
            if line and len(line) <= 200 and not line.lower().startswith(("http:", "https:", "@")):
                yield line


def _meta(tree: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for element in tree.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop") or ""
        if element.get("content"):
            found.setdefault(name.lower(), element.get("content"))
    return found


def _times(tree: Any) -> Iterator[str | None]:
    """Times that are marked up as the time of publication."""
    for element in tree.iter("time", "span", "abbr", "div"):
        if (element.get("itemprop") or "").lower() == "datepublished" or element.get("pubdate") is not None:
            yield element.get("datetime") or element.get("content") or element.text


def _body(node: dict[str, Any]) -> str:
    body = node.get("articleBody")
    return plain_text(body) if isinstance(body, str) else ""


def _line(text: Any) -> str:
    return " ".join(clean_lines(plain_text(text)).split()) if isinstance(text, str) else ""
