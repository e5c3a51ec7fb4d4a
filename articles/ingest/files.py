"""Files that people give → entries: text, HTML, a feed, JSON lines. Pure."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from articles.ingest.children import apart
from articles.ingest.extract import EXTRACTOR, NotAPage, extract_page
from articles.ingest.feeds import NotAFeed, parse_feed
from articles.ingest.links import believed_url, canonical_url
from articles.ingest.plain import clean_lines
from articles.ingest.records import BrokenEntry, Entry, GivenEntries, GivenRow
from articles.ingest.scan import TooComplex

LONGEST_TITLE, LONGEST_TEXT = 2_000, 200_000


class NotAnArticle(ValueError):
    """Nothing can be stored of this; the message says why."""


def kind_of(body: bytes, suffix: str = "") -> str:
    """text, html, feed or jsonl."""
    head = body[:2000].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if suffix in {".jsonl", ".ndjson"}:
        return "jsonl"
    if head.startswith(b"{"):
        return "feed" if b"jsonfeed.org/version" in head else "jsonl"
    if suffix in {".html", ".htm"} or head.startswith((b"<!doctype html", b"<html")):
        return "html"
    if b"<rss" in head or b"<feed" in head or b"<rdf" in head or head.startswith(b"<?xml"):
        return "feed"
    return "html" if b"<html" in head else "text"


def read_entries(body: bytes, kind: str, url: str = "") -> GivenEntries:
    """Entries of a feed, or the one article of a page or text. Raises NotAnArticle."""
    if not body.strip():
        raise NotAnArticle("it is empty")
    if kind == "feed":
        try:
            feed = apart(parse_feed, body, url)
        except (NotAFeed, TooComplex) as error:
            raise NotAnArticle(str(error)) from error
        return GivenEntries(f"feed {feed.format}", feed.entries, feed.broken)
    return GivenEntries(EXTRACTOR, (_page(body, url),)) if kind == "html" else GivenEntries("text", (_text(body, url),))


def read_rows(body: bytes) -> Iterator[GivenRow | BrokenEntry]:
    """One value a line of JSON; the position is the line's number."""
    for number, line in enumerate(_decoded(body).split("\n"), start=1):
        if line.strip():
            try:
                yield _row(json.loads(line))
            except (ValueError, RecursionError) as error:
                yield BrokenEntry(number, line[:80], str(error))


def instant(text: str) -> datetime:
    """A day or time in ISO 8601, UTC unless it says otherwise. Raises ValueError."""
    try:
        found = datetime.fromisoformat(text.strip())
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{text[:40]!r} is not a day or time (ISO 8601, such as 2025-06-13)") from error


def _page(body: bytes, url: str) -> Entry:
    try:
        page = apart(extract_page, body, url)
    except (NotAPage, TooComplex) as error:
        raise NotAnArticle(str(error)) from error
    if not page.title and not page.text:
        raise NotAnArticle("no article was found in this page")
    address = believed_url(canonical_url(url), page.canonical) if url else page.canonical
    title, text = page.title or page.text.partition("\n")[0], page.text[:LONGEST_TEXT]
    return Entry(
        address or _name(title, text), address, title[:LONGEST_TITLE], text, "full" if text else "none", page.author,
        page.lang, page.published_at,
    )  # fmt: skip


def _text(body: bytes, url: str) -> Entry:
    title, _, text = _decoded(body).lstrip().partition("\n")
    title, text = " ".join(clean_lines(title).split())[:LONGEST_TITLE], clean_lines(text)[:LONGEST_TEXT]
    if not title:
        raise NotAnArticle("the first line must be the title")
    return Entry(canonical_url(url) or _name(title, text), canonical_url(url), title, text, "full" if text else "none")


def _row(row: Any) -> GivenRow:
    if not isinstance(row, dict):
        raise ValueError("not a JSON object")
    title = " ".join(clean_lines(_field(row, "title")).split())[:LONGEST_TITLE]
    if not title:
        raise ValueError("title is missing")
    address, text = canonical_url(_field(row, "url")), clean_lines(_field(row, "text"))[:LONGEST_TEXT]
    published = _field(row, "published")
    entry = Entry(
        address or _name(title, text), address, title, text, "full" if text else "none",
        author=clean_lines(_field(row, "author"))[:512], lang=_language_or_none(_field(row, "lang")),
        published_at=instant(published) if published else None,
    )  # fmt: skip
    return GivenRow(entry, clean_lines(_field(row, "outlet"))[:200])


def language(code: str) -> str:
    """Raises ValueError for what is no ISO 639-1 code; "" stays ""."""
    plain = code.strip().lower().replace("_", "-").partition("-")[0]
    if plain and not (plain.isascii() and plain.isalpha() and len(plain) == 2):
        raise ValueError(f"{code[:20]!r} is not a language code of two letters (ISO 639-1)")
    return plain


def _language_or_none(code: str) -> str:
    try:
        return language(code)
    except ValueError:
        return ""


def _field(row: dict[str, Any], name: str) -> str:
    value = row.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ValueError(f"{name} is not text")
    return value


def _decoded(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotAnArticle(f"it is not UTF-8 text (byte {error.start + 1})") from error


def _name(title: str, text: str) -> str:
    """What tells an article without an address from others."""
    return sha256(f"{title}\n{text}".encode()).hexdigest()
