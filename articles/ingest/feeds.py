"""Bytes of a feed → entries: scan → parse → clean → tell apart.

RSS, RDF and Atom go through feedparser, which gets scanned bytes only and is never trusted; JSON through `jsonfeed`.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from time import struct_time
from typing import Any
from xml.sax import SAXParseException

import feedparser

from articles.ingest.jsonfeed import NotAJsonFeed, parse_json
from articles.ingest.links import canonical_url
from articles.ingest.plain import clean_lines, plain_text
from articles.ingest.records import BrokenEntry, Entry, ParsedFeed
from articles.ingest.scan import MOST_ENTRIES, Unreadable, scan

LONGEST_AUTHOR, LONGEST_TITLE, LONGEST_TEXT = 512, 2_000, 200_000
_FAR_YEAR = re.compile(r"\s*\d{5,}-")  # feedparser reads 10000-01-01 as a day of 2010
SHARED_BY = 3  # entries that link to one and the same page: a live ticker, or a feed without pages of its own


class NotAFeed(ValueError):
    """The bytes are no feed that we can read; the message says why in plain words."""


def parse_feed(body: bytes, url: str, content_type: str = "") -> ParsedFeed:
    """Raises NotAFeed. Entries that cannot be read are in `broken`; the others are not lost for them."""
    start = body[:2_000].lstrip().lower()
    if not start:
        raise NotAFeed("the answer is empty" if not body.strip() else "nothing but white space where a feed begins")
    if start.startswith((b"<!doctype html", b"<html")):
        raise NotAFeed("a web page, not a feed")
    try:
        if start.startswith((b"{", b"[")):
            feed, raws = parse_json(body)
            return _read("json", feed, raws, url)
        scanned = scan(body)
    except (Unreadable, NotAJsonFeed) as error:
        raise NotAFeed(str(error)) from error
    found = _parse_xml(scanned.body, content_type, start)
    return _read(found.get("version") or "unknown", found.feed, found.entries, url, scanned.note or _broken_xml(found))


def _parse_xml(body: bytes, content_type: str, start: bytes) -> Any:
    headers = {"content-type": content_type} if content_type else {}
    try:
        found = feedparser.parse(body, sanitize_html=False, resolve_relative_uris=False, response_headers=headers)
    except Exception as error:  # feedparser lets Unicode, overflow and value errors of hostile feeds through
        raise NotAFeed(f"the feed cannot be read ({type(error).__name__})") from error
    if found.entries:
        return found
    if not found.get("version"):
        raise NotAFeed("a web page, not a feed" if b"<html" in start else _broken_xml(found) or "not a feed")
    if _broken_xml(found):
        raise NotAFeed(_broken_xml(found))
    return found


def _broken_xml(found: Any) -> str:
    error = found.get("bozo_exception")
    if not isinstance(error, SAXParseException):
        return ""
    return f"broken XML: {error.getMessage()} (line {error.getLineNumber()})"


def _read(kind: str, feed: Mapping[str, Any], raws: Sequence[Any], url: str, note: str = "") -> ParsedFeed:
    base = _base(kind, feed, canonical_url(url))
    lang = _lang(feed)
    entries, broken = [], []
    for position, raw in enumerate(raws[:MOST_ENTRIES]):
        try:
            entries.append(_entry(raw, base, lang))
        except (ValueError, OverflowError, TypeError, AttributeError) as error:
            broken.append(BrokenEntry(position, _label(raw), str(error) or type(error).__name__))
    title = " ".join(plain_text(str(feed.get("title") or "")).split())[:300]
    return ParsedFeed(title, lang, kind, tuple(_told_apart(entries)), tuple(broken), note)


def _base(kind: str, feed: Mapping[str, Any], url: str) -> str:
    """What relative links are relative to: Atom says its own address, RSS says nothing and means the outlet's site."""
    site = canonical_url(str(feed.get("link") or ""), url)
    return url or site if kind.startswith("atom") else site or url


def _entry(raw: Mapping[str, Any], base: str, lang: str) -> Entry:
    title = " ".join(plain_text(str(raw.get("title") or "")).split())
    named = str(raw.get("feedburner_origlink") or raw.get("link") or "").strip()
    link = canonical_url(named, base) if named else ""
    text, kind = _text(raw)
    if not title and not text:
        raise ValueError("neither a title nor a text")
    if not title or text.partition("\n")[0] == title:  # a headline said once is said
        title, _, text = text.partition("\n")
    named_by = (
        clean_lines(str(raw.get("id") or "")) or link or f"{title} {clean_lines(str(raw.get('published') or ''))}"
    )
    return Entry(
        guid=named_by, url=link, title=title[:LONGEST_TITLE], text=text,
        text_kind=kind if text else "none",
        author=" ".join(plain_text(str(raw.get("author") or "")[: 4 * LONGEST_AUTHOR]).split())[:LONGEST_AUTHOR],
        lang=_lang(raw) or lang, published_at=_instant(raw, "published"),
        updated_at=_instant(raw, "updated"),
    )  # fmt: skip


def _told_apart(entries: list[Entry]) -> list[Entry]:
    """Entries that carry one identifier for many pages are known by their pages, and the reverse."""
    pages, names = defaultdict(set), defaultdict(set)
    for entry in entries:
        pages[entry.guid].add(entry.url)
        names[entry.url].add(entry.guid)
    shared = {url for url, guids in names.items() if url and len(guids) >= SHARED_BY}
    apart = (replace(e, guid=e.url) if e.url and len(pages[e.guid]) > 1 else e for e in entries)
    return [replace(entry, is_link_shared=entry.url in shared) for entry in apart]


def _text(raw: Mapping[str, Any]) -> tuple[str, str]:
    contents = [plain_text(str(part.get("value") or "")) for part in raw.get("content") or ()]
    summary = plain_text(str(raw.get("summary") or ""))
    full = max(contents, key=len, default="")
    return (full[:LONGEST_TEXT], "full") if full and len(full) >= len(summary) else (summary[:LONGEST_TEXT], "summary")


def _lang(raw: Mapping[str, Any]) -> str:
    code = clean_lines(str(raw.get("language") or "")).lower().replace("_", "-").partition("-")[0]
    return code if code.isascii() and code.isalpha() and len(code) in (2, 3) else ""


def _instant(raw: Mapping[str, Any], name: str) -> datetime | None:
    values = dict(raw)  # feedparser's own mapping answers with "published" when asked for "updated"
    parts: struct_time | None = values.get(f"{name}_parsed")
    if parts is None or _FAR_YEAR.match(str(values.get(name) or "")):
        return None
    try:
        return datetime(*parts[:6], tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def _label(raw: Mapping[str, Any]) -> str:
    return clean_lines(str(raw.get("title") or raw.get("link") or raw.get("id") or ""))[:200]
