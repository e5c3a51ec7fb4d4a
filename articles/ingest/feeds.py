"""Bytes of a feed → entries: unpack → one charset → scan → parse → clean → tell apart.

RSS, RDF and Atom go through feedparser, which gets scanned bytes only and is never trusted; JSON through `jsonfeed`,
sitemaps through `sitemaps`.
"""

import zlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from xml.sax import SAXParseException

import feedparser

from articles.ingest.charsets import as_utf8
from articles.ingest.instants import instant_of
from articles.ingest.jsonfeed import NotAJsonFeed, parse_json
from articles.ingest.links import canonical_url, is_front_page
from articles.ingest.plain import clean_lines, one_line, plain_text
from articles.ingest.records import BrokenEntry, Entry, ParsedFeed, name_without_page
from articles.ingest.scan import MOST_BYTES, MOST_ENTRIES, Unreadable, scan
from articles.ingest.sitemaps import NotANewsSitemap, followed, is_sitemap, parse_sitemap

LONGEST_AUTHOR, LONGEST_TITLE, LONGEST_TEXT, LONGEST_CLAIM = 512, 2_000, 200_000, 100
SHARED_BY = 3  # entries or headlines of one page: a live ticker, or a feed without pages of its own
_GZIP = b"\x1f\x8b\x08"
_UTF8 = {"content-type": "application/xml; charset=utf-8"}


class NotAFeed(ValueError):
    """The bytes are no feed that we can read; the message says why in plain words."""


def parse_feed(body: bytes, url: str, content_type: str = "") -> ParsedFeed:
    """Raises NotAFeed. Entries that cannot be read are in `broken`; the others are not lost for them."""
    decoded = as_utf8(_unpacked(body), content_type)
    start = decoded.body[:2_000].lstrip().lower()
    if not start:
        is_empty = not decoded.body.strip()
        raise NotAFeed("the answer is empty" if is_empty else "nothing but white space where a feed begins")
    if start.startswith((b"<!doctype html", b"<html")):
        raise NotAFeed("a web page, not a feed")
    try:
        if start.startswith((b"{", b"[")):
            feed, raws = parse_json(decoded.body)
            return _read("json", feed, raws, url, decoded.note)
        scanned = scan(decoded.body)
        if is_sitemap(scanned.body):
            return _read_sitemap(scanned.body, url, scanned.note or decoded.note)
    except (Unreadable, NotAJsonFeed, NotANewsSitemap) as error:
        raise NotAFeed(str(error)) from error
    found = _parse_xml(scanned.body, start)
    note = "; ".join(filter(None, (scanned.note, _broken_xml(found), decoded.note)))
    return _read(found.get("version") or "unknown", found.feed, found.entries, url, note)


def _unpacked(body: bytes) -> bytes:
    """A file that was packed once (news.xml.gz) as what is in it, never more than a feed may have."""
    if not body.startswith(_GZIP):
        return body
    try:
        unpacked = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(body, MOST_BYTES + 1)
    except zlib.error as error:
        raise NotAFeed(f"a broken gzip file: {error}") from error
    if len(unpacked) > MOST_BYTES:
        raise NotAFeed(f"more than {MOST_BYTES // 1_000_000} MB")
    return unpacked


def _parse_xml(body: bytes, start: bytes) -> Any:
    try:
        found = feedparser.parse(body, sanitize_html=False, resolve_relative_uris=False, response_headers=_UTF8)
    except MemoryError:
        raise
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


def _read_sitemap(body: bytes, url: str, note: str) -> ParsedFeed:
    feed, raws, listed = parse_sitemap(body)
    if not listed:
        return _read("sitemap", feed, raws, url, note)
    sitemaps = followed(listed, canonical_url(url))
    if not sitemaps:
        raise NotAFeed("an index of sitemaps that lists none of its own host")
    return ParsedFeed("", "", "sitemapindex", (), note=note, sitemaps=sitemaps)


def _read(kind: str, feed: Mapping[str, Any], raws: Sequence[Any], url: str, note: str = "") -> ParsedFeed:
    base = _base(kind, feed, canonical_url(url))
    lang = _lang(feed)
    entries, broken = [], []
    for position, raw in enumerate(raws[:MOST_ENTRIES]):
        try:
            entries.append(_entry(kind, raw, base, lang))
        except (ValueError, OverflowError, TypeError, AttributeError) as error:
            broken.append(BrokenEntry(position, _label(raw), str(error) or type(error).__name__))
    if len(raws) > MOST_ENTRIES:
        note = f"only the first {MOST_ENTRIES:,} entries were read"
    title = " ".join(plain_text(str(feed.get("title") or "")).split())[:300]
    return ParsedFeed(title, lang, kind, tuple(_told_apart(entries)), tuple(broken), note)


def _base(kind: str, feed: Mapping[str, Any], url: str) -> str:
    """What relative links are relative to: Atom says its own address, RSS says nothing and means the outlet's site."""
    site = canonical_url(str(feed.get("link") or ""), url)
    return url or site if kind.startswith("atom") else site or url


def _entry(kind: str, raw: Mapping[str, Any], base: str, lang: str) -> Entry:
    title = " ".join(plain_text(str(raw.get("title") or "")).split())
    named = str(raw.get("feedburner_origlink") or raw.get("link") or "").strip()
    link = canonical_url(named, base) if named else ""
    text, text_kind = _text(raw)
    if not title and not text:
        raise ValueError("neither a title nor a text")
    if not title or text.partition("\n")[0] == title:  # a headline said once is said
        title, _, text = text.partition("\n")
    published, updated = _dates(kind, raw)
    published_at, updated_at = instant_of(published), instant_of(updated)
    claim = "" if published_at else published or ("" if updated_at else updated)
    return Entry(
        guid=clean_lines(str(raw.get("id") or "")) or link or f"{title} {published}",
        url=link, title=title[:LONGEST_TITLE], text=text,
        text_kind=text_kind if text else "none",
        author=" ".join(plain_text(str(raw.get("author") or "")[: 4 * LONGEST_AUTHOR]).split())[:LONGEST_AUTHOR],
        lang=_lang(raw) or lang, published_at=published_at, updated_at=updated_at,
        published_claim=claim[:LONGEST_CLAIM],
    )  # fmt: skip


def _dates(kind: str, raw: Mapping[str, Any]) -> tuple[str, str]:
    """When it was published and updated, in the feed's own words. Outside Atom, a date by any name (Dublin Core's, in
    RDF) is that of publication."""
    values = dict(raw)  # feedparser's own mapping answers with "published" when asked for "updated"
    published, created, updated = (one_line(str(values.get(n) or "")) for n in ("published", "created", "updated"))
    if kind.startswith(("rss", "unknown")) and not published:
        return created or updated, updated
    return published or created, updated


def _told_apart(entries: list[Entry]) -> list[Entry]:
    """Entries that carry one identifier for many pages are known by their pages, and the reverse; those that share
    both, or lead to the outlet's front page and have no identifier, by what they say."""
    pages, names, titles, said = (defaultdict[str, set[str]](set) for _ in range(4))
    for entry in entries:
        pages[entry.guid].add(entry.url)
        names[entry.url].add(entry.guid)
        titles[entry.url].add(entry.title)
        said[entry.guid].add(entry.title)

    def is_shared(url: str) -> bool:
        n_names, n_titles = len(names[url]), len(titles[url])
        return url != "" and (max(n_names, n_titles) >= SHARED_BY or min(n_names, n_titles) > 1 or is_front_page(url))

    def name(entry: Entry) -> str:
        if not is_shared(entry.url):
            return entry.url if entry.url and len(pages[entry.guid]) > 1 else entry.guid
        tells = entry.guid != entry.url and len(said[entry.guid]) == 1
        return entry.guid if tells else name_without_page(entry)

    return [replace(entry, guid=name(entry), is_link_shared=is_shared(entry.url)) for entry in entries]


def _text(raw: Mapping[str, Any]) -> tuple[str, str]:
    contents = [plain_text(str(part.get("value") or "")) for part in raw.get("content") or ()]
    summary = plain_text(str(raw.get("summary") or ""))
    full = max(contents, key=len, default="")
    return (full[:LONGEST_TEXT], "full") if full and len(full) >= len(summary) else (summary[:LONGEST_TEXT], "summary")


def _lang(raw: Mapping[str, Any]) -> str:
    code = clean_lines(str(raw.get("language") or "")).lower().replace("_", "-").partition("-")[0]
    return code if code.isascii() and code.isalpha() and len(code) in (2, 3) else ""


def _label(raw: Mapping[str, Any]) -> str:
    return clean_lines(str(raw.get("title") or raw.get("link") or raw.get("id") or ""))[:200]
