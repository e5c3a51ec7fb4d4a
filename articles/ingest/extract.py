"""A page's HTML → title, text, author, dates. By trafilatura, on at most 2 MB."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

import trafilatura
from trafilatura.settings import use_config

from articles.ingest.links import canonical_url
from articles.ingest.plain import clean_lines, plain_text

MOST_BYTES, MOST_TAGS = 2_000_000, 100_000
EXTRACTOR = f"trafilatura {trafilatura.__version__}"
_CONFIG = use_config()
_CONFIG.set("DEFAULT", "EXTRACTION_TIMEOUT", "0")  # its timer uses signals, which belong to the worker

_HEADING = re.compile(rb"<h1\b[^>]{0,1000}>(.{1,2000}?)</h1", re.DOTALL | re.IGNORECASE)
_SEPARATOR = re.compile(r"\s*[|｜»–—:·-]\s*\S")
_LANG = re.compile(rb"<html\b[^>]{0,500}?\blang\s*=\s*[\"']?([A-Za-z]{2})(?![A-Za-z])", re.IGNORECASE)
_INSTANT = re.compile(
    rb"(?:published_time|datePublished|pubdate)[^<>0-9]{1,80}?(\d{4}-\d\d-\d\dT\d\d:\d\d[0-9:.+\-Z]{0,20})",
    re.IGNORECASE,
)


class NotAPage(ValueError):
    """The bytes are no page that we read; the message says why."""


@dataclass(frozen=True, slots=True)
class ExtractedPage:
    """`canonical` is what the page claims its address to be: a claim, not an order. Text is "" when none was found."""

    title: str
    text: str
    author: str
    lang: str
    published_at: datetime | None
    canonical: str


def extract_page(body: bytes, url: str = "") -> ExtractedPage:
    """Raises NotAPage for one that would take minutes."""
    if body[:MOST_BYTES].count(b"<") > MOST_TAGS:
        raise NotAPage(f"a page with more than {MOST_TAGS:,} tags")
    found = trafilatura.bare_extraction(
        body[:MOST_BYTES], url=url or None, with_metadata=True, favor_precision=True, fast=True, include_comments=False,
        include_tables=False, config=_CONFIG,
    )  # fmt: skip
    fields = found if isinstance(found, dict) else found.as_dict() if found is not None else {}
    title = _without_outlet(" ".join(clean_lines(fields.get("title") or "").split()), body)
    first, _, rest = clean_lines(fields.get("text") or "").partition("\n")
    declared = _LANG.search(body[:5_000])
    return ExtractedPage(
        title=title,
        text=rest if first == title else f"{first}\n{rest}".strip(),  # a heading said once is said
        author=clean_lines(fields.get("author") or "")[:512],
        lang=declared[1].decode().lower() if declared else "",
        published_at=_published(fields.get("date"), body),
        canonical=canonical_url(fields.get("url") or "") if fields.get("url") else "",
    )


def _without_outlet(title: str, body: bytes) -> str:
    """`title` without " | The Courier" when the page's own heading is what stands before it."""
    for heading in _HEADING.findall(body)[:5]:
        plain = " ".join(plain_text(heading.decode("utf-8", "replace")).split())
        if len(plain) > 3 and title.startswith(plain) and _SEPARATOR.match(title[len(plain) :]):
            return plain
    return title


def _published(day: str | None, body: bytes) -> datetime | None:
    """The day that trafilatura found; with the hour, when the page says one for the same day."""
    try:
        found = datetime.fromisoformat(day).replace(tzinfo=UTC) if day else None
    except ValueError:
        return None
    for text in _INSTANT.findall(body)[:20] if found else ():
        try:
            instant = datetime.fromisoformat(text.decode("ascii"))
        except ValueError:
            continue
        if instant.tzinfo and found and instant.date() == found.date():
            return instant.astimezone(UTC)
    return found
