"""Feeds of our own writing and what is read of them; then what was made to break a reader."""

import gzip
import json
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.ingest.feeds import NotAFeed, parse_feed
from articles.ingest.plain import plain_text
from articles.ingest.records import ParsedFeed
from articles.ingest.scan import MOST_ENTRIES, Unreadable, scan
from articles.tests.loopback import watched_connects

FIELDS = st.sampled_from(["id", "url", "title", "authors", "author", "name", "content_text", "date_published", "items"])
GOLDEN = Path(__file__).parent / "golden"
PAIRS = sorted(path for path in GOLDEN.iterdir() if ".expected" not in path.name)


def described(feed: ParsedFeed) -> dict[str, Any]:
    """A parsed feed as a golden file holds it; what is empty is left out."""
    entries = [{name: _plain(value) for name, value in asdict(e).items() if value} for e in feed.entries]
    broken = [f"{b.position} {b.label}: {b.reason}" for b in feed.broken]
    return {
        "title": feed.title, "lang": feed.lang, "format": feed.format, "note": feed.note, "entries": entries,
        "broken": broken, **({"sitemaps": list(feed.sitemaps)} if feed.sitemaps else {}),
    }  # fmt: skip


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


@pytest.mark.parametrize("path", PAIRS, ids=lambda path: path.stem)
def test_it_reads_a_feed_as_its_golden_pair_says(path: Path) -> None:
    expected = json.loads(path.with_suffix(".expected.json").read_text(encoding="utf-8"))
    assert described(parse_feed(path.read_bytes(), "https://feeds.example/feed")) == expected


def rss(items: str, head: str = "") -> bytes:
    return f'<?xml version="1.0"?>{head}<rss version="2.0"><channel><title>t</title>{items}</channel></rss>'.encode()


def item(title: str = "A headline", rest: str = "") -> str:
    return f"<item><title>{title}</title><link>https://a.example/1</link>{rest}</item>"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "the answer is empty"),
        (b" \n ", "the answer is empty"),
        (b" " * 5000 + b"<rss/>", "nothing but white space where a feed begins"),
        (b"<!DOCTYPE html><html><title>x</title></html>", "a web page, not a feed"),
        (b"<html><body>Sign in</body></html>", "a web page, not a feed"),
        (b"good morning", "nothing that looks like a feed at its beginning"),
        (b"<opml><body/></opml>", "not a feed"),
        (b'<rss version="2.0"><channel><title>t', "broken XML: no element found (line 2)"),
        (b'{"title": "x"}', "JSON, but no JSON Feed: it has no list of items"),
        (b'{"items": [', "broken JSON: Expecting value: line 1 column 12 (char 11)"),
        (b'{"items": ' + b"[" * 200_000, "JSON that is nested too deep"),
        (rss("x" * 5_000_001), "too complex: more than 5 MB"),
        (rss("<a>" * 500), "too complex: elements stand more than 200 deep in one another"),
        (rss("<a/>" * 150_000), "too complex: more than 100,000 tags"),
        (rss("<a " + " ".join(f'b{n}="1"' for n in range(300)) + "/>"), "too complex: an element has more than 256 attributes"),
        (rss(item("&" * 1_000_001)), "too complex: more than 1,000,000 references"),
    ],
    ids=lambda value: str(value[:40]),
)
def test_it_says_why_it_is_no_feed(body: bytes, reason: str) -> None:
    with pytest.raises(NotAFeed) as refused:
        parse_feed(body, "https://a.example/feed")
    assert str(refused.value) == reason


def test_an_empty_feed_is_a_feed() -> None:
    found = parse_feed(rss(""), "https://a.example/feed")
    assert (found.entries, found.broken, found.title) == ((), (), "t")


@pytest.mark.parametrize("reference", ["&#xD800;", "&#xFFFFFFFF;", "&#x110000;", "&#99999999999999;", "&#0;", "&#8;"])
@pytest.mark.parametrize("ending", [b"", b"<"])
def test_a_reference_to_no_character_loses_no_entry(reference: str, ending: bytes) -> None:
    found = parse_feed(rss(item(f"a{reference}b") + item("c")) + ending, "https://a.example/feed")
    titles = [entry.title for entry in found.entries]
    assert len(titles) == 2 and titles[0] in {"ab", "a\ufffdb"} and titles[1] == "c"


def test_a_control_character_loses_no_entry() -> None:
    found = parse_feed(rss(item("a\x00b\x1bc") + item("d")), "https://a.example/feed")
    assert [entry.title for entry in found.entries] == ["abc", "d"] and not found.note


CARRIERS = (
    '<atom:link xmlns:atom="http://www.w3.org/2005/Atom" rel="self" href="{}"/>', '<enclosure url="{}" length="1"/>',
    "<link>{}</link>", '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{}"/>', "<docs>{}</docs>",
    "<cloud domain='127.0.0.1' port='9' path='/' protocol='http-post'/>", "<image><url>{}</url></image>",
)  # fmt: skip


@pytest.mark.parametrize("carrier", CARRIERS)
def test_reading_a_feed_connects_to_nothing(carrier: str) -> None:
    named = carrier.format("http://127.0.0.1:9/")
    head = '<?xml-stylesheet href="http://127.0.0.1:9/"?><!DOCTYPE rss SYSTEM "http://127.0.0.1:9/">'
    with watched_connects() as tried:
        found = parse_feed(rss(named + item("kept", named), head), "https://a.example/feed")
    assert tried == [] and [entry.title for entry in found.entries] == ["kept"]


def test_what_a_document_type_declares_is_not_read() -> None:
    secret = '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd"><!ENTITY l "lol"><!ENTITY m "&l;&l;">]>'
    found = parse_feed(rss(item("a &x; &m; b"), secret), "https://a.example/feed")
    assert "root:" not in str(found) and "lol" not in str(found) and len(found.entries) == 1


@pytest.mark.parametrize("name", ["author", "dc:creator", "managingEditor", "itunes:author"])
@pytest.mark.parametrize("text", ["a." * 16_000, "<![CDATA[" + "a" * 32_000 + "]]>", "&#97;" * 9_000, "x y@" * 2_000])
def test_a_name_that_is_no_name_is_left_out(name: str, text: str) -> None:
    began = time.monotonic()
    found = parse_feed(rss(item("kept", f"<{name}>{text}</{name}>") * 3), "https://a.example/feed")
    assert [(e.title, e.author) for e in found.entries] == [("kept", "")] * 3 and time.monotonic() - began < 1


@pytest.mark.parametrize("text", ["", "Ferry sails", "&lt;p&gt;Ferry sails&lt;/p&gt;&lt;p&gt;On Thursday.&lt;/p&gt;"])
def test_a_headline_is_said_once(text: str) -> None:
    found = parse_feed(
        rss(item("Ferry sails", f"<description>{text}</description>")), "https://a.example/feed"
    ).entries[0]
    assert (found.title, found.text) == ("Ferry sails", "On Thursday." if "Thursday" in text else "")
    assert found.text_kind == ("summary" if found.text else "none")


def test_an_entry_with_neither_link_nor_identifier_is_known_by_its_headline() -> None:
    body = rss("<item><title>One</title></item><item><title>Two</title></item>")
    found = parse_feed(body, "https://a.example/feed").entries
    assert [(entry.url, entry.guid.strip()) for entry in found] == [("", "One"), ("", "Two")]


def titled(title: str, link: str, guid: str = "") -> str:
    return f"<item><title>{title}</title><link>{link}</link>{f'<guid>{guid}</guid>' if guid else ''}</item>"


@pytest.mark.parametrize(
    "items",
    [
        [titled("One", "https://a.example/"), titled("Two", "https://a.example/")],
        [titled("One", "https://a.example/#1", "x1"), titled("Two", "https://a.example/#2", "x2")],
        [titled("One", "https://a.example/live#1", "x1"), titled("Two", "https://a.example/live#2", "x2")],
        [titled(title, "https://a.example/live") for title in ("One", "Two", "Three")],
        [titled(title, "https://a.example/live", "same") for title in ("One", "Two", "Three")],
    ],
)
def test_entries_that_say_different_things_of_one_page_are_told_apart(items: list[str]) -> None:
    found = parse_feed(rss("".join(items)), "https://a.example/feed").entries
    assert len({entry.guid for entry in found}) == len(items) and all(entry.is_link_shared for entry in found)


@pytest.mark.parametrize(
    "items",
    [
        [titled("One", "https://a.example/1"), titled("One", "https://a.example/1?utm_source=b")],
        [titled("One", "https://a.example/1"), titled("One, again", "https://a.example/1")],
        [titled("One", "https://a.example/1", "x1"), titled("One", "https://a.example/1", "x2")],
    ],
)
def test_one_page_named_twice_is_one_page(items: list[str]) -> None:
    found = parse_feed(rss("".join(items)), "https://a.example/feed").entries
    assert {entry.url for entry in found} == {"https://a.example/1"}
    assert not any(entry.is_link_shared for entry in found)


def test_a_packed_file_is_unpacked_once_and_never_beyond_the_limit() -> None:
    found = parse_feed(gzip.compress(rss(item("packed"))), "https://a.example/news.xml.gz")
    assert [entry.title for entry in found.entries] == ["packed"]
    for body, reason in (
        (gzip.compress(b" " * 50_000_000), "more than 5 MB"),
        (gzip.compress(rss(item()))[:12] + b"rubbish" * 9, "a broken gzip file"),
        (gzip.compress(gzip.compress(rss(item()))), "nothing that looks like a feed"),
    ):
        with pytest.raises(NotAFeed, match=reason):
            parse_feed(body, "https://a.example/feed")


def urlset(*urls: str) -> bytes:
    inner = "".join(f"<url>{url}</url>" for url in urls)
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{inner}</urlset>'.encode()


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (urlset("<loc>https://a.example/1</loc>"), "a sitemap of bare addresses"),
        (b"<sitemapindex><sitemap><loc>https://b.example/x</loc></sitemap></sitemapindex>", "none of its own host"),
    ],
)
def test_a_sitemap_without_news_says_so(body: bytes, reason: str) -> None:
    with pytest.raises(NotAFeed, match=reason):
        parse_feed(body, "https://a.example/sitemap.xml")


@pytest.mark.parametrize("body", [urlset(), b"<sitemapindex></sitemapindex>"])
def test_a_sitemap_without_pages_is_an_empty_feed(body: bytes) -> None:
    found = parse_feed(body, "https://a.example/sitemap.xml")
    assert (found.entries, found.sitemaps) == ((), ())


def test_a_careless_sitemap_is_read_as_far_as_it_goes() -> None:
    body = urlset("<loc>https://a.example/?a=1&b=2</loc><n:title xmlns:n='x'>Fish & chips</n:title>")[:-9]
    (entry,) = parse_feed(body, "https://a.example/sitemap.xml").entries
    assert (entry.url, entry.title) == ("https://a.example/?a=1&b=2", "Fish & chips")


@pytest.mark.parametrize("people", [{"authors": [{"name": "A"}, {"name": "B"}]}, {"author": {"name": "A, B"}}])
def test_people_are_named_as_either_version_of_json_feed_does(people: dict[str, Any]) -> None:
    body = json.dumps({"version": "https://jsonfeed.org/version/1", "items": [{"id": 1, "title": "t", **people}]})
    assert parse_feed(body.encode(), "https://a.example/feed").entries[0].author == "A, B"


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(), lambda v: st.lists(v) | st.dictionaries(FIELDS, v)
    )
)
def test_any_json_is_a_feed_or_no_feed(value: Any) -> None:
    for whole in (value, {"items": [value]}, {"items": value}):
        try:
            str(parse_feed(json.dumps(whole).encode(), "https://a.example/feed")).encode()
        except NotAFeed as refused:
            assert str(refused)


def test_a_name_stays_beside_its_address() -> None:
    found = parse_feed(rss(item(rest="<author>desk@a.example (The desk)</author>")), "https://a.example/feed")
    assert "The desk" in found.entries[0].author


def test_only_the_first_two_thousand_entries_are_read_and_it_says_so() -> None:
    many = "".join(f"<item><title>n{n}</title><link>https://a.example/{n}</link></item>" for n in range(2_500))
    found = parse_feed(rss(many), "https://a.example/feed")
    assert len(found.entries) == MOST_ENTRIES and found.note == "only the first 2,000 entries were read"


@pytest.mark.parametrize(
    "body",
    [
        "<!DOCTYPE " * 100_000 + "<rss/>",
        "<!DOCTYPE [" * 100_000 + "<rss/>",
        "junk" + "\n" * 2_000_000 + "<rss/>",
        "<a " * 700_000,
        "<rss " + "x " * 500_000 + ">",
        "<rss>" + "<![" * 400_000,
        rss(item(rest="".join(f'<category term="{n}"/>' for n in range(40_000)))).decode(),
        rss(item(rest="".join(f"<dc:subject>{n}</dc:subject>" for n in range(40_000)))).decode(),
        rss(item(rest=f"<description><![CDATA[{'<!--' * 200_000}]]></description>")).decode(),
        rss(item(rest=f"<description><![CDATA[{'<svg>' * 150_000}]]></description>")).decode(),
        rss("".join(f'<item xmlns:a{n}="u{n}"><a{n}:t>x</a{n}:t></item>' for n in range(9_000))).decode(),
    ],
    ids=lambda body: body[:60],
)
def test_a_bomb_does_not_hold_the_reader_up(body: str) -> None:
    began = time.monotonic()
    try:
        parse_feed(body.encode(), "https://a.example/feed")
    except NotAFeed as refused:
        assert str(refused)
    assert time.monotonic() - began < 3


@given(st.binary(max_size=300))
def test_any_bytes_are_a_feed_or_no_feed(body: bytes) -> None:
    for whole in (body, rss("").replace(b"</channel>", body + b"</channel>")):
        try:
            str(parse_feed(whole, "https://a.example/feed")).encode()
        except NotAFeed as refused:
            assert str(refused)


@given(st.text(alphabet="<>/!-[]&;=\"' abAB#x0DATC?", max_size=200))
def test_any_tags_leave_plain_text(markup: str) -> None:
    text = plain_text(markup)
    assert "\n\n" not in text and text == text.strip()


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>one</p><p>two</p>", "one\ntwo"),
        ("a<br/>b<BR>c", "a\nb\nc"),
        ("x &amp; y &lt;b&gt; &nbsp; z", "x & y <b> z"),
        ("<script>if (a < b) { c('</p>') }</script>after", "after"),
        ("<style>p { }</style >after", "after"),
        ("<iframe src=x></iframe>after", "after"),
        ("<iframe src=x/>after", "after"),
        ("<object data=x>after", "after"),
        ("<svg><text>label</text></svg>after", "after"),
        ('<a title="1 > 2" href=x>link</a>', "link"),
        ("fewer than <ten of them", "fewer than <ten of them"),
        ("3 < 4 and 5 > 4", "3 < 4 and 5 > 4"),
        ("<!-- hidden --> shown <!-- never closed", "shown"),
        ("<![CDATA[1 < 2]]>", "1 < 2"),
        ("a\x00b\ud800c\ufffed", "abcd"),
        ("one\u2028two\r\n\r\n  three ", "one\ntwo\nthree"),
        ("عنوان <b>غامق</b>", "عنوان غامق"),
    ],
)
def test_markup_becomes_text(markup: str, text: str) -> None:
    assert plain_text(markup) == text


def test_the_scan_leaves_a_sound_feed_as_it_is() -> None:
    body = rss(item(rest="<description><![CDATA[<p>a & b</p>]]></description>"))
    assert scan(body).body == body


# --- hostile sets ---------------------------------------------------------------------------------------------------


@pytest.mark.corpora
@pytest.mark.parametrize("folder", ["feedparser", "gofeed", "miniflux"])
def test_malformed_feeds_end_as_entries_or_with_a_reason(hostile: Path, folder: str) -> None:
    paths = [path for path in (hostile / folder).rglob("*") if path.suffix in {".xml", ".json"}]
    for path in paths:
        try:
            found = parse_feed(path.read_bytes(), "https://a.example/feed")
            assert all(b.reason for b in found.broken)
            repr(found).encode()
        except NotAFeed as refused:
            assert str(refused), path.name
    print(f"\n{folder}: {len(paths)} files")


BOMBS = (
    "billion_laughs", "quadratic", "xxe_file", "xxe_http", "dtd_system", "xinclude", "deep_xml", "deep_html_in_item",
    "many_items", "long_title", "lt_flood", "amp_flood", "comment_flood", "null_bytes", "bad_utf8", "utf16_nobom",
    "utf7", "guid_dups", "url_huge", "gzip_truncated", "html_title_redos", "opml_bomb",
)  # fmt: skip


@pytest.mark.corpora
@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_of_the_set_ends_soon(bombs: dict[str, Callable[[], bytes]], name: str) -> None:
    body, began = bombs[name](), time.process_time()
    with watched_connects() as tried:
        try:
            found = parse_feed(body, "https://a.example/feed")
            assert "root:" not in repr(found) and len(repr(found)) < 5_000_000
        except NotAFeed as refused:
            assert str(refused)
    assert tried == [] and time.process_time() - began < 5


@pytest.mark.corpora
def test_naughty_strings_are_kept_and_can_be_stored(hostile: Path) -> None:
    strings = json.loads((hostile / "blns" / "blns.json").read_text(encoding="utf-8"))
    for text in strings:
        plain = plain_text(text)
        plain.encode()
        assert "\x00" not in plain and (plain or not text.strip() or "<" in text or not text.isprintable())
    assert len(strings) > 400


def test_the_reason_for_a_refusal_is_an_error_of_its_own() -> None:
    with pytest.raises(Unreadable):
        scan(b"no feed at all")
