"""manage.py add_feed, import_opml and ingest: what they do, and what they say when they cannot."""

import io
import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from articles.models import Article, Feed, Outlet
from articles.tests import cast
from articles.tests.loopback import Loopback, redirect, reply

pytestmark = pytest.mark.django_db

PAGE = """<!doctype html><html lang="en"><head><title>Ferry sails again | The courier</title>
<link rel="canonical" href="https://courier.example/ferry?utm_source=x">
<meta property="og:title" content="Ferry sails again">
<meta property="article:published_time" content="2025-06-12T09:30:00+02:00">
</head><body><nav><a href="/">Home</a></nav><article><h1>Ferry sails again</h1>
<p>The ferry between both harbour towns sailed again on Thursday after a pause of nine months, its office said.</p>
<p>A crowd of some three hundred people watched the first boat leave. The second is to follow on Friday morning.</p>
</article><footer>Imprint and contact</footer></body></html>"""
DAY = datetime(2025, 6, 13, tzinfo=UTC)


def run(*arguments: str, **options: object) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    call_command(*arguments, stdout=out, stderr=err, **options)
    return out.getvalue().strip(), err.getvalue().strip()


def failure_of(*arguments: str) -> str:
    with pytest.raises(CommandError) as failed:
        run(*arguments)
    return str(failed.value)


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> io.BytesIO:
    """What comes in by standard input."""
    stream = io.BytesIO()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(stream))
    return stream


def write(path: Path, text: str | bytes) -> str:
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return str(path)


# --- add_feed -------------------------------------------------------------------------------------------------------


def test_a_feed_is_followed_once() -> None:
    assert run("add_feed", "https://a.example/feed", "--title", "A")[0] == "added: https://a.example/feed (a.example)"
    assert run("add_feed", "HTTPS://a.example/feed#x")[0] == "there already: https://a.example/feed (a.example)"
    assert Feed.objects.get().next_at is not None


def test_a_feed_may_begin_paused_and_belong_to_an_outlet() -> None:
    courier = cast.outlet()
    run("add_feed", "https://cdn.example/feed", "--outlet", "courier", "--paused")
    feed = Feed.objects.get()
    assert (feed.outlet, feed.is_paused, feed.next_at) == (courier, True, None)


@pytest.mark.parametrize("url", ["a.example/feed", "ftp://a.example/", "feed:https://a.example", "http://a b/"])
def test_a_feed_without_a_web_address_is_refused(url: str) -> None:
    assert failure_of("add_feed", url) == f"{url!r} is not an http:// or https:// address"


# --- import_opml ----------------------------------------------------------------------------------------------------

OPML = """<opml version="2.0"><body><outline text="A" xmlUrl="https://a.example/feed"/>
<outline text="B" xmlUrl="https://b.example/feed"/><outline text="C" xmlUrl="ftp://c.example/feed"/></body></opml>"""


def test_every_feed_of_a_file_is_followed(tmp_path: Path) -> None:
    path = write(tmp_path / "feeds.opml", OPML)
    assert run("import_opml", path) == (
        "2 new, 0 there already, 1 refused",
        "refused: 'ftp://c.example/feed' is not an http:// or https:// address",
    )
    assert run("import_opml", path)[0] == "0 new, 2 there already, 1 refused"


def test_a_dry_run_changes_nothing(tmp_path: Path) -> None:
    out, _ = run("import_opml", write(tmp_path / "feeds.opml", OPML), "--dry-run")
    assert out == "2 new, 0 there already, 1 refused (dry run)" and not Feed.objects.exists() | Outlet.objects.exists()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "it is empty"),
        ("not xml", "not XML: syntax error: line 1, column 0"),
        ("<rss/>", "<rss> where <opml> belongs"),
        ("<!DOCTYPE opml><opml/>", "a document type (<!DOCTYPE …>), which we do not take"),
    ],
)
def test_a_file_that_is_no_opml_is_refused_with_the_reason(tmp_path: Path, text: str, reason: str) -> None:
    path = write(tmp_path / "feeds.opml", text)
    assert failure_of("import_opml", path) == f"{path}: {reason}"


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    path = str(tmp_path / "none.opml")
    assert failure_of("import_opml", path) == f"{path}: No such file or directory"
    assert failure_of("import_opml", str(tmp_path)) == f"{tmp_path}: Is a directory"


# --- ingest ---------------------------------------------------------------------------------------------------------


def test_a_text_is_an_article_with_its_first_line_as_title(tmp_path: Path) -> None:
    path = write(tmp_path / "note.txt", "\ufeffFerry sails again\n\nIt left on Thursday.\nA crowd watched.\n")
    assert run("ingest", path, "--published", "2025-06-13", "--outlet", "courier")[0] == "1 stored, 0 there already"
    article = Article.objects.get()
    assert (article.title, article.text) == ("Ferry sails again", "It left on Thursday.\nA crowd watched.")
    assert (article.published_at, article.outlet.slug, article.lang) == (DAY, "courier", "en")
    assert run("ingest", path, "--published", "2025-06-13", "--outlet", "courier")[0] == "0 stored, 1 there already"


def test_a_page_says_its_own_title_day_and_address(tmp_path: Path) -> None:
    assert run("ingest", write(tmp_path / "page.html", PAGE))[0] == "1 stored, 0 there already"
    article = Article.objects.get()
    assert (article.title, article.url) == ("Ferry sails again", "https://courier.example/ferry")
    assert article.published_at.date() == datetime(2025, 6, 12, tzinfo=UTC).date()
    assert "three hundred people" in article.text and "Imprint" not in article.text


def test_a_feed_is_as_many_articles_as_it_has_entries(tmp_path: Path) -> None:
    path = write(tmp_path / "feed.xml", cast.rss("A", "B"))
    assert run("ingest", path)[0] == "2 stored, 0 there already"
    assert set(Article.objects.values_list("extractor", flat=True)) == {"feed rss20"}


def test_an_undated_entry_of_a_feed_is_stored_as_first_seen(tmp_path: Path) -> None:
    run("ingest", write(tmp_path / "feed.xml", cast.rss("A", "B", at=None)))
    assert set(Article.objects.values_list("published_kind", flat=True)) == {"missing"}


def test_an_entry_of_a_feed_that_cannot_be_read_is_named_and_the_others_are_stored(tmp_path: Path) -> None:
    path = write(tmp_path / "feed.xml", cast.rss("A", "", "C"))
    assert failure_of("ingest", path) == f"{path}: 1 could not be stored, the reasons stand above"
    assert Article.objects.count() == 2


def rows(*rows: dict[str, object] | str) -> str:
    return "\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows)


def test_json_lines_are_an_article_each_with_its_own_outlet(tmp_path: Path) -> None:
    first = {"url": "https://a.example/1", "title": "One", "text": "Text.", "published": "2025-06-13T02:00:00+02:00"}
    second = {"outlet": "The gazette", "title": "Two", "published": "2025-06-13", "lang": "en-GB"}
    third = {"url": "https://b.example/1", "title": "Three", "published": "2025-06-13"}
    assert run("ingest", write(tmp_path / "a.jsonl", rows(first, second, "", third)))[0] == "3 stored, 0 there already"
    found = {article.title: article for article in Article.objects.select_related("outlet")}
    assert [found[t].outlet.name for t in ("One", "Two", "Three")] == ["a.example", "The gazette", "b.example"]
    assert {article.published_at for article in found.values()} == {DAY} and found["Two"].lang == "en"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"title": "x"}, "published is missing"),
        ({"published": "2025-06-13"}, "title is missing"),
        ({"title": "x", "published": "soon"}, "'soon' is not a day or time (ISO 8601, such as 2025-06-13)"),
        ({"title": ["x"], "published": "2025-06-13"}, "title is not text"),
        ([1, 2], "not a JSON object"),
        ("{broken", "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
    ],
)
def test_a_bad_line_is_named_and_the_others_are_stored(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], row: object, reason: str
) -> None:
    good = {"title": "Good", "published": "2025-06-13"}
    path = write(
        tmp_path / "a.jsonl", rows(good, row if isinstance(row, str) else json.dumps(row), {**good, "title": "Better"})
    )
    err = io.StringIO()
    with pytest.raises(CommandError, match="1 could not be stored"):
        call_command("ingest", path, stderr=err)
    assert err.getvalue().strip().endswith(reason) and Article.objects.count() == 2
    assert "2" in err.getvalue().partition("(")[0], "the line is numbered"


def test_odd_values_are_stored_as_far_as_they_can_be(tmp_path: Path) -> None:
    row = {
        "title": "a\x00b\ud800c",
        "text": "x\x00",
        "outlet": "o\x00p",
        "lang": "klingon",
        "url": "no address",
        "published": "2025-06-13",
    }
    assert run("ingest", write(tmp_path / "a.jsonl", json.dumps(row)))[0] == "1 stored, 0 there already"
    article = Article.objects.get()
    assert (article.title, article.text, article.outlet.name, article.lang, article.url) == ("abc", "x", "op", "", "")


def test_what_is_typed_is_read(typed: io.BytesIO) -> None:
    typed.write(b"Ferry sails\nOn Thursday.")
    typed.seek(0)
    assert run("ingest", "-", "--published", "2025-06-13T08:00")[0] == "1 stored, 0 there already"


@pytest.mark.parametrize(("name", "body"), [("page", PAGE.encode()), ("feed", cast.rss("A")), ("text", b"Title\nText")])
def test_an_address_is_read(permitted: Loopback, name: str, body: bytes) -> None:
    permitted.answers["/x"] = reply(body)
    assert run("ingest", permitted.url("/x"), "--published", "2025-06-13")[0] == "1 stored, 0 there already"
    assert Article.objects.get().published_at == DAY


def test_the_command_line_goes_before_the_file(tmp_path: Path) -> None:
    row = {"title": "One", "outlet": "other", "published": "2024-01-01", "lang": "fr"}
    run("ingest", write(tmp_path / "a.jsonl", rows(row)), "--published=2025-06-13", "--outlet=courier", "--lang=en")
    article = Article.objects.get()
    assert (article.published_at, article.outlet.slug) == (DAY, "courier")


@pytest.mark.parametrize(
    ("name", "body", "reason"),
    [
        ("a.txt", b"", "it is empty"),
        ("a.txt", b"\x89PNG\r\n\x1a\n", "it is not UTF-8 text (byte 1)"),
        ("a.txt", b"Title\nText", "no date of publication was found: give --published YYYY-MM-DD"),
        ("a.html", b"<html><body></body></html>", "no article was found in this page"),
        ("a.html", b"<p>" * 200_000, "a page with more than 100,000 tags"),
        ("a.xml", b'<?xml version="1.0"?><rss', "broken XML"),
        ("a.xml", b'<?xml version="1.0"?><opml/>', "not a feed"),
        ("a.jsonl", "{}".encode("utf-16"), "it is not UTF-8 text (byte 1)"),
    ],
)
def test_a_file_without_an_article_is_refused_with_the_reason(
    tmp_path: Path, name: str, body: bytes, reason: str
) -> None:
    path = write(tmp_path / name, body)
    said = failure_of("ingest", path)
    assert said.startswith(f"{path}: ") and reason in said and not Article.objects.exists()


def test_a_source_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    assert failure_of("ingest", str(tmp_path / "none.txt")).endswith("none.txt: No such file or directory")
    assert failure_of("ingest", str(tmp_path)).endswith(": Is a directory")


@pytest.mark.parametrize(
    ("option", "reason"),
    [
        ("--published=yesterday", "'yesterday' is not a day or time (ISO 8601, such as 2025-06-13)"),
        ("--published=2025-13-01", "'2025-13-01' is not a day or time"),
        ("--lang=english", "'english' is not a language code of two letters"),
    ],
)
def test_an_option_that_makes_no_sense_is_named(tmp_path: Path, option: str, reason: str) -> None:
    assert reason in failure_of("ingest", write(tmp_path / "a.txt", "Title"), option)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (reply(b"", 404), "answered with HTTP 404"),
        (reply(b""), "it is empty"),
        (redirect("http://169.254.169.254/"), "address not on the public internet: 169.254.169.254"),
        (reply(b"x", Content_Encoding="br"), "content encoding refused: br"),
        (b"nonsense\r\n\r\n", "no connection"),
    ],
)
def test_an_address_that_brings_nothing_is_named_with_the_reason(
    permitted: Loopback, answer: bytes, reason: str
) -> None:
    permitted.answers["/x"] = answer
    said = failure_of("ingest", permitted.url("/x"))
    assert permitted.url("/x") in said and reason in said


def test_an_inner_address_is_refused() -> None:
    assert "address not on the public internet" in failure_of("ingest", "http://127.0.0.1/feed")
