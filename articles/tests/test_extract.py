"""A page's HTML and what is read of it."""

import gzip
import json
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from articles.ingest.extract import NotAPage, as_utf8, extract_page
from articles.ingest.files import kind_of
from articles.scoring import is_right_day, load_pages, readers, score, score_text
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
    "beside",
    [
        "<div class='related-stories'><p>{}</p></div>", "<aside><p>{}</p></aside>", "<p><a href='/x'>{}</a></p>",
        "<ul><li><a href='/x'>{}</a></li></ul>", "<figure><figcaption>{}</figcaption></figure>",
        "<p hidden>{}</p>", "<div style='display: none'><p>{}</p></div>", "<p class='photo-credit'>{}</p>",
    ],
)  # fmt: skip
def test_what_stands_in_the_text_without_belonging_to_it_is_left_out(beside: str) -> None:
    stray = "The bridge over the same strait stays shut until autumn, its owner says."
    first, *others = PARAGRAPHS
    html = page().decode().replace(f"<p>{first}</p>", f"<p>{first}</p>{beside.format(stray)}")
    assert extract_page(html.encode()).text.split("\n") == [first, *others]


def test_a_block_that_is_most_of_the_page_is_the_article_whatever_its_name() -> None:
    html = page().replace(b"<article>", b"<div class='related share'>").replace(b"</article>", b"</div>")
    assert extract_page(html).text.split("\n") == list(PARAGRAPHS)


def article_data(**values: object) -> str:
    data = {"@context": "https://schema.org", "@type": "NewsArticle", **values}
    return f'<script type="application/ld+json">{json.dumps(data)}</script>'


def test_lines_that_the_outlets_own_copy_does_not_hold_are_left_out() -> None:
    body = " ".join(PARAGRAPHS * 3)
    stray = "You may read this on one device at a time; add a second reader to your account to go on."
    assert stray not in extract_page(page(article_data(articleBody=body), paragraphs=(*PARAGRAPHS * 3, stray))).text


def test_a_page_that_is_built_by_scripts_has_the_text_that_it_declares() -> None:
    head = article_data(headline="Ferry sails again", articleBody="\n".join(PARAGRAPHS * 2))
    found = extract_page(page(head, paragraphs=()))
    assert found.text.split("\n") == list(PARAGRAPHS * 2) and "declares" in found.extractor


def test_buttons_at_the_end_are_no_text() -> None:
    assert extract_page(page(paragraphs=(*PARAGRAPHS, "Copy the link", "Tags"))).text.split("\n") == list(PARAGRAPHS)


@pytest.mark.parametrize(
    "author", ["Ines Sample", {"name": "Ines Sample"}, [{"@type": "Person", "name": " Ines  Sample"}], ["Ines Sample"]]
)
def test_it_finds_the_author(author: object) -> None:
    assert extract_page(page(article_data(author=author))).author == "Ines Sample"


def test_dates_of_pictures_are_not_the_articles() -> None:
    picture = {"@type": "ImageObject", "datePublished": "2019-01-01T00:00:00Z"}
    head = article_data(image=[picture], datePublished="2025-06-12T07:00:00Z")
    assert extract_page(page(head)).published_at == datetime(2025, 6, 12, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    "data", ["[" * 100_000, '{"@type": ["NewsArticle", 3], "author": {"name": [[]]}, "datePublished": 7}', "null", "{"]
)
def test_data_that_cannot_be_read_is_passed_over(data: str) -> None:
    found = extract_page(page(f'<script type="application/ld+json">{data}</script>'))
    assert found.text.split("\n") == list(PARAGRAPHS) and found.published_at is None


def test_the_charset_of_the_header_counts_when_the_page_names_none() -> None:
    html = page(paragraphs=("Паром снова вышел в море после девяти месяцев простоя, сообщили в порту.",) * 3)
    old = html.decode().replace('<meta charset="utf-8">', "").encode("koi8-r")
    assert "Паром снова" in extract_page(as_utf8(old, "text/html; charset=KOI8-R")).text
    assert as_utf8(html, "text/html; charset=koi8-r") == html == as_utf8(html, "text/html; charset=nonsense")


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
@pytest.mark.parametrize(
    ("step", "lead", "least_f1", "least_right"),
    [(5, 0, 0.96, 0.85), pytest.param(1, 0.01, 0.97, 0.94, marks=pytest.mark.slow)],
)
def test_real_pages_are_read_at_least_as_well_as_by_trafilatura_alone(
    step: int, lead: float, least_f1: float, least_right: float
) -> None:
    """A floor under quality: pages whose text and time are known; `manage.py evaluate_pages` tells more."""
    pages = list(load_pages(Path(CORPORA) / "real"))[::step]
    ours, other = (score(name, read, pages) for name, read in list(readers().items())[:2])
    f1, other_f1 = (sum(one.f1 for one in sheet.texts.values()) / len(sheet.texts) for sheet in (ours, other))
    right = sum(ours.is_right.values()) / len(ours.is_right)
    print(f"\nF1 {f1:.3f} of {len(ours.texts)} pages, trafilatura {other_f1:.3f}; dates right {right:.3f}")
    assert f1 >= max(least_f1, other_f1 + lead) and right >= least_right and not ours.failed


@pytest.mark.parametrize(
    ("found", "wanted", "expected"),
    [
        ("a b c d", "a b", (0.5, 1.0)), ("a", "a a", (1.0, 0.5)), ("", "a", (0.0, 0.0)), ("x", "a", (0.0, 0.0)),
        ("港口", "港口开放", (1.0, 0.5)),
    ],
)  # fmt: skip
def test_a_text_is_scored_by_its_words(found: str, wanted: str, expected: tuple[float, float]) -> None:
    one = score_text(found, wanted)
    assert (one.precision, one.recall) == expected


@pytest.mark.parametrize(
    ("found", "known", "expected"),
    [
        (datetime(2025, 6, 12, 23, tzinfo=UTC), "2025-06-13T01:00:00+02:00", True),
        (datetime(2025, 6, 12, tzinfo=UTC), "2025-06-12", True),
        (datetime(2025, 6, 11, tzinfo=UTC), "2025-06-12", False),
        (None, "2025-06-12", False),
    ],
)
def test_a_day_is_right_in_the_pages_own_zone(found: datetime | None, known: str, expected: bool) -> None:
    assert is_right_day(found, known) is expected


def test_evaluate_pages_scores_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "html").mkdir()
    (tmp_path / "html" / "one.html.gz").write_bytes(gzip.compress(page(PUBLISHED.format("2025-06-12T09:30:00Z"))))
    row = {"file": "html/one.html.gz", "gt": "text,published", "text": "\n".join(PARAGRAPHS), "published": "2025-06-12"}
    (tmp_path / "html.jsonl").write_text(json.dumps(row), encoding="utf-8")
    call_command("evaluate_pages", str(tmp_path), "--pages", "--ours")
    said = capsys.readouterr().out
    assert "1.00/1.00/1.00" in said and "right 1 of 1" in said
    with pytest.raises(CommandError):
        call_command("evaluate_pages", str(tmp_path / "nowhere"))
