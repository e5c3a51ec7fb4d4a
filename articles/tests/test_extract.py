"""A page's HTML and what is read of it."""

import gzip
import json
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from articles.ingest.extract import NotAPage, extract_page
from articles.ingest.files import kind_of
from articles.tests.conftest import CORPORA

PARAGRAPHS = (
    "The ferry between both harbour towns sailed again on Thursday after a pause of nine months, its office said.",
    "A crowd of some three hundred people watched the first boat leave. The second is to follow on Friday morning.",
    "The pier had been closed since the storm of last autumn, and repairs took longer than the council had hoped.",
)


PUBLISHED = '<meta property="article:published_time" content="{}">'


def page(
    head: str = "", heading: str = "Ferry sails again", lang: str = "en", paragraphs: tuple[str, ...] = PARAGRAPHS
) -> bytes:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8">{head}</head><body>'
        f'<nav><a href="/">Home</a> <a href="/world">World</a></nav><article><h1>{heading}</h1>{text}</article>'
        f"<aside><h2>Most read</h2><a href='/x'>Road stays shut</a></aside><footer>Imprint</footer></body></html>"
    ).encode()


def test_it_finds_title_text_and_nothing_around_them() -> None:
    found = extract_page(page("<title>Ferry sails again | The courier</title>"))
    assert found.title == "Ferry sails again" and found.lang == "en"
    assert found.text.split("\n") == list(PARAGRAPHS)
    assert not any(word in found.text for word in ("Imprint", "Most read", "World", "Road stays shut"))


@pytest.mark.parametrize(
    "title", ["Ferry sails again - The courier", "Ferry sails again – 12.06.2025", "Ferry sails again"]
)
def test_a_title_loses_the_outlets_name(title: str) -> None:
    assert extract_page(page(f"<title>{title}</title>")).title == "Ferry sails again"


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (PUBLISHED.format("2025-06-12T09:30:00+02:00"), datetime(2025, 6, 12, 7, 30, tzinfo=UTC)),
        (PUBLISHED.format("2025-06-12T09:30:00Z"), datetime(2025, 6, 12, 9, 30, tzinfo=UTC)),
        (PUBLISHED.format("2025-06-12"), datetime(2025, 6, 12, tzinfo=UTC)),
        ('<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Ferry sails again",'
         ' "datePublished": "2025-06-12T09:30:00+00:00"}</script>', datetime(2025, 6, 12, 9, 30, tzinfo=UTC)),
        ("", None),
    ],
)  # fmt: skip
def test_it_finds_when_the_page_was_published(head: str, expected: datetime | None) -> None:
    assert extract_page(page(head)).published_at == expected


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("https://courier.example/ferry?utm_source=x#top", "https://courier.example/ferry"),
        ("javascript:alert(1)", ""),
        ("file:///etc/passwd", ""),
    ],
)
def test_what_a_page_claims_its_address_to_be_is_a_web_address_or_nothing(link: str, expected: str) -> None:
    assert extract_page(page(f'<link rel="canonical" href="{link}">')).canonical == expected


def test_it_reads_arabic() -> None:
    paragraphs = (
        "اجتمع مندوبو البلدتين في مدينة الميناء يوم الثلاثاء لبحث خط العبارة بعد توقف دام تسعة أشهر.",
        "وقال مكتب الميناء إن أول رحلة قد تبدأ قبل الصيف وإن جولة ثانية من المحادثات ستعقد بعد أسبوعين.",
    )
    found = extract_page(page(heading="استئناف رحلات العبارة", lang="ar", paragraphs=paragraphs))
    assert found.title == "استئناف رحلات العبارة" and paragraphs[1] in found.text and found.lang == "ar"


@pytest.mark.parametrize(
    "body",
    [b"", b"\x00\x01\x02", b"<", b"<html>", b"plain words", b"\xff\xfe\x00", b"<html>" + b"\xc3\x28" * 2000, b"{}"],
)
def test_bytes_that_are_no_page_have_no_text(body: bytes) -> None:
    found = extract_page(body)
    assert found.published_at is None and not found.canonical and "\x00" not in found.title + found.text


@pytest.mark.parametrize("tag", [b"<p>", b"<a href=x>", b"<tr><td>x", b"<", b"<div>"])
def test_a_page_that_would_take_minutes_is_refused(tag: bytes) -> None:
    with pytest.raises(NotAPage, match="more than 100,000 tags"):
        extract_page(tag * 150_000)


def test_a_page_of_many_tags_takes_seconds() -> None:
    began = time.monotonic()
    extract_page(b"<html><body>" + b"<p>" * 45_000)
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    ("body", "suffix", "kind"),
    [
        (b"<!DOCTYPE html><html>", "", "html"),
        (b"\xef\xbb\xbf\n<html lang=en>", "", "html"),
        (b"<p>a page in pieces", ".html", "html"),
        (b"<?xml version='1.0'?><rss>", "", "feed"),
        (b"<feed xmlns='http://www.w3.org/2005/Atom'>", ".txt", "feed"),
        (b'{"version": "https://jsonfeed.org/version/1.1", "items": []}', ".json", "feed"),
        (b'{"title": "x"}', "", "jsonl"),
        (b"anything", ".jsonl", "jsonl"),
        (b"A headline\nAnd a text", ".txt", "text"),
        (b"<3 is a headline", "", "text"),
    ],
)
def test_a_file_shows_what_it_is(body: bytes, suffix: str, kind: str) -> None:
    assert kind_of(body, suffix) == kind


# --- real pages -----------------------------------------------------------------------------------------------------


@pytest.mark.corpora
def test_real_pages_are_read_as_people_read_them() -> None:
    """A floor under quality: shares on pages whose text and time are known."""
    folder = Path(CORPORA) / "real"
    shares, n_times, n_right = [], 0, 0
    for row in map(json.loads, (folder / "html.jsonl").read_text(encoding="utf-8").strip().split("\n")):
        found = extract_page(gzip.decompress((folder / "html" / Path(row["file"]).name).read_bytes()), row["url"] or "")
        if "text" in row["gt"] and row["text"]:
            shares.append(_overlap(found.text, row["text"]))
        if "published" in row["gt"] and row["published"]:
            n_times += 1
            known = datetime.fromisoformat(row["published"])
            known = known if known.tzinfo else known.replace(tzinfo=UTC)
            n_right += bool(found.published_at and abs((found.published_at - known).total_seconds()) < 86_400)
    print(f"\ntext: {sum(shares) / len(shares):.2f} of {len(shares)} pages; time: {n_right} of {n_times} within a day")
    assert sum(shares) / len(shares) > 0.9 and n_right / n_times > 0.9


def _overlap(one: str, other: str) -> float:
    left, right = Counter(one.lower().split()), Counter(other.lower().split())
    return 2 * (left & right).total() / max(1, left.total() + right.total())
