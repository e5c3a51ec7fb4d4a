"""A page's HTML → title, text, author, dates.

cut to 2 MB → tree → what the page says about itself → prune → trafilatura, sure of what it takes → more of it when
that is little → held against what the outlet itself calls the article's body. `extract_page` is all that is public:
it may run in another process.
"""

import re
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import trafilatura
from htmldate import find_date
from trafilatura.metadata import extract_author, extract_title, extract_url
from trafilatura.settings import use_config

from articles.ingest.declared import Declared, find_declared, read_instant
from articles.ingest.links import canonical_url
from articles.ingest.plain import clean_lines
from articles.ingest.prune import prune

MOST_BYTES, MOST_TAGS = 2_000_000, 100_000
EXTRACTOR = f"trafilatura {trafilatura.__version__}"
LITTLE, SHARE_OF_PARAGRAPHS = 250, 0.5  # letters; a text below either is looked for again
MOST_TAGS_AGAIN = 20_000  # looking again costs as much as looking
_CONFIG = use_config()
_CONFIG.set("DEFAULT", "EXTRACTION_TIMEOUT", "0")  # its timer uses signals, which belong to the worker

_SEPARATOR = re.compile(r"\s*[|｜»–—:：·-]\s*\S")
_LANG = re.compile(rb"<html\b[^>]{0,500}?\blang\s*=\s*[\"']?([A-Za-z]{2})(?![A-Za-z])", re.IGNORECASE)
_CHARSET = re.compile(rb"<meta\b[^>]{0,200}charset|<\?xml[^>]{0,100}encoding", re.IGNORECASE)
_INSTANT = re.compile(
    rb"(?:published_time|datePublished|pubdate)[^<>0-9]{1,80}?(\d{4}-\d\d-\d\dT\d\d:\d\d[0-9:.+\-Z]{0,20})",
    re.IGNORECASE,
)
_WORDS = re.compile(
    r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W_\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+"
)
_END = re.compile(r"[.!?…。！？:;\"”»’'」』)\]؟।۔]\s*\Z")
LONGEST_STRAY = 80  # letters of a last line without a full stop: a button, or the heading of what was taken out
FEWEST_BODY_WORDS, LONGEST_SUBHEADING, FEWEST_WORDS = 100, 20, 8


class NotAPage(ValueError):
    """The bytes are no page that we read; the message says why."""


@dataclass(frozen=True, slots=True)
class ExtractedPage:
    """`canonical` is what the page claims its address to be: a claim, not an order. Text is "" when none was found.

    `extractor` says how the text was found; `published_at` at midnight UTC means that only the day is known.
    """

    title: str
    text: str
    author: str
    lang: str
    published_at: datetime | None
    canonical: str
    extractor: str = EXTRACTOR


def extract_page(body: bytes, url: str = "") -> ExtractedPage:
    """Raises NotAPage for one that would take minutes."""
    if body[:MOST_BYTES].count(b"<") > MOST_TAGS:
        raise NotAPage(f"a page with more than {MOST_TAGS:,} tags")
    body = body[:MOST_BYTES]
    tree = trafilatura.load_html(body)
    if tree is None:
        return ExtractedPage("", "", "", "", None, "")
    said = find_declared(tree)
    headings = [" ".join(heading.text_content().split()) for heading in list(tree.iter("h1"))[:5]]
    title = _title(tree, said, headings)
    found_url = extract_url(tree, url or None)
    may_look_again = body.count(b"<") <= MOST_TAGS_AGAIN
    published_at = _published(tree, said, body, url, may_look_again)
    author = "; ".join(said.authors) or extract_author(tree) or ""
    text, how = _text(tree, said, may_look_again)
    declared = _LANG.search(body[:5_000])
    return ExtractedPage(
        title=title,
        text=_without_title(text, {title, *headings, *said.titles}),
        author=" ".join(clean_lines(author).split())[:512],
        lang=declared[1].decode().lower() if declared else "",
        published_at=published_at,
        canonical=canonical_url(found_url) if found_url else "",
        extractor=f"{EXTRACTOR}{how}",
    )


def as_utf8(body: bytes, content_type: str) -> bytes:
    """The page in the charset of its HTTP header, when it names none itself."""
    charset = re.search(r"charset=[\"']?([\w.:-]{2,40})", content_type, re.IGNORECASE)
    if not charset or _CHARSET.search(body[:4_096]):
        return body
    try:
        return body.decode(charset[1], "replace").encode("utf-8", "replace")
    except LookupError:
        return body


def _text(tree: Any, said: Declared, may_look_again: bool) -> tuple[str, str]:
    """The article's text, and how it was found ("" the usual way)."""
    whole = deepcopy(tree) if may_look_again else None
    paragraphs = prune(tree)
    text, how = _taken(tree, favor_precision=True), ""
    if len(text) < LITTLE < len(said.body):
        return said.body, ", the body that the page declares"
    if may_look_again and len(text) < max(LITTLE, SHARE_OF_PARAGRAPHS * paragraphs):
        more = _taken(tree)
        text, how = (more, ", all of it") if len(more) > 1.5 * len(text) else (text, how)
    if whole is not None and len(text) < LITTLE:
        more = _taken(whole, fast=False, favor_recall=True)
        text, how = (more, ", whatever there is") if len(more) > 1.5 * len(text) else (text, how)
    text = _without_strays(_held_against(said.body, text))
    return (text, how) if _is_prose(text) else ("", "")


def _taken(tree: Any, fast: bool = True, favor_precision: bool = False, favor_recall: bool = False) -> str:
    text = trafilatura.extract(
        deepcopy(tree), fast=fast, favor_precision=favor_precision, favor_recall=favor_recall, include_comments=False,
        include_tables=False, config=_CONFIG,
    )  # fmt: skip
    return clean_lines(text or "")


def _held_against(body: str, text: str) -> str:
    """Without lines that the outlet's own copy of the body does not hold; short ones between others are headings."""
    known = _words(body)
    if len(known) < max(FEWEST_BODY_WORDS, 0.6 * len(_words(text))):
        return text
    threes = set(_threes(known))
    lines = text.split("\n")
    is_known = [_share(_threes(_words(line)), threes) >= 0.5 for line in lines]
    kept = [
        line for i, line in enumerate(lines)
        if is_known[i] or (0 < i < len(lines) - 1 and is_known[i - 1] and is_known[i + 1]
        and len(_words(line)) <= LONGEST_SUBHEADING)
    ]  # fmt: skip
    held = "\n".join(kept)
    return held if len(_words(held)) >= 0.6 * len(known) else text


def _is_prose(text: str) -> bool:
    """Whether a sentence stands in it: menus and lists of headlines are no text of an article."""
    lines = ((len(_words(line)), _END.search(line)) for line in text.split("\n"))
    return any(n_words >= FEWEST_WORDS if ends else n_words >= LONGEST_SUBHEADING for n_words, ends in lines)


def _without_strays(text: str) -> str:
    """Without buttons and headings at the end, where sentences end as sentences do."""
    lines = text.split("\n")
    if sum(bool(_END.search(line)) for line in lines) * 2 < len(lines):
        return text
    while len(lines) > 3 and len(lines[-1]) < LONGEST_STRAY and not _END.search(lines[-1]):
        lines.pop()
    return "\n".join(lines)


def _without_title(text: str, titles: set[str]) -> str:
    """A heading said once is said."""
    known = {tuple(_words(title)) for title in titles}
    lines = text.split("\n")
    while lines and tuple(_words(lines[0])) in known:
        lines.pop(0)
    return "\n".join(lines)


def _title(tree: Any, said: Declared, headings: list[str]) -> str:
    title = next(iter(said.titles), "") or " ".join(clean_lines(extract_title(tree) or "").split())
    return _without_outlet(title, headings)


def _without_outlet(title: str, headings: list[str]) -> str:
    """`title` without " | The Courier" when the page's own heading is what stands before it."""
    for heading in headings:
        if len(heading) > 3 and title.startswith(heading) and _SEPARATOR.match(title[len(heading) :]):
            return heading
    return title


def _published(tree: Any, said: Declared, body: bytes, url: str, may_look_again: bool) -> datetime | None:
    """What the page declares, else the day that htmldate finds; with the hour, when the page says one for that day."""
    found = next(iter(said.published), None)
    for is_thorough in (False, True) if may_look_again else (False,):
        if found is None:
            day = find_date(deepcopy(tree), url=url or None, original_date=True, extensive_search=is_thorough)
            found = read_instant(day)
    if found is None or (found.hour, found.minute) != (0, 0):
        return found
    written = (read_instant(text.decode("ascii")) for text in _INSTANT.findall(body)[:20])
    hours = (one for one in (*said.published, *written) if one and one.date() == found.date())
    return next((one for one in hours if (one.hour, one.minute) != (0, 0)), found)


def _words(text: str) -> list[str]:
    return _WORDS.findall(text.lower())


def _threes(words: list[str]) -> list[tuple[str, ...]]:
    return [tuple(words[i : i + 3]) for i in range(len(words) - 2)]


def _share(threes: list[tuple[str, ...]], known: set[tuple[str, ...]]) -> float:
    return sum(three in known for three in threes) / len(threes) if threes else 0.0
