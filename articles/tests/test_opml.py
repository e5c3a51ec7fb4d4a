"""OPML in and out."""

import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.ingest.opml import MOST_FEEDS, MalformedOpml, Outline, parse_opml, write_opml


def opml(body: str, head: str = "") -> bytes:
    return f'<?xml version="1.0"?>{head}<opml version="2.0"><head/><body>{body}</body></opml>'.encode()


def test_it_finds_feeds_at_every_depth_once() -> None:
    found = parse_opml(
        opml(
            '<outline text="World"><outline text="A" title="Outlet A" xmlUrl=" https://a.example/f "'
            ' htmlUrl="https://a.example/"/><outline text="B"><outline text="Only text" xmlUrl="https://b.example/f"/>'
            '</outline></outline><outline text="again" xmlUrl="https://a.example/f"/><outline text="no feed"/>'
        )
    )
    assert found == [
        Outline("https://a.example/f", "Outlet A", "https://a.example/"),
        Outline("https://b.example/f", "Only text"),
    ]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "it is empty"),
        (b"feeds:\n- a", "not XML"),
        (b"<opml><body>", "not XML"),
        (b"<rss/>", "<rss> where <opml> belongs"),
        (b"<html><body/></html>", "<html> where <opml> belongs"),
        (opml("&x;", '<!DOCTYPE opml [<!ENTITY x SYSTEM "file:///etc/passwd">]>'), "a document type"),
        (opml("", "<!DOCTYPE opml>"), "a document type"),
        (b'<?xml version="1.0" encoding="nonsense"?><opml/>', "not XML"),
        (opml("x" * 1_000_001), "larger than 1 MB"),
        (opml("".join(f'<outline xmlUrl="https://a.example/{n}"/>' for n in range(MOST_FEEDS + 1))), "more than 1,000"),
    ],
    ids=lambda value: str(value[:30]),
)
def test_it_says_what_is_wrong(body: bytes, reason: str) -> None:
    with pytest.raises(MalformedOpml) as refused:
        parse_opml(body)
    assert reason in str(refused.value) and "/etc/passwd" not in str(refused.value)


def test_deep_outlines_do_not_hold_it_up() -> None:
    began = time.monotonic()
    deep = opml("<outline>" * 45_000 + '<outline xmlUrl="https://a.example/f"/>' + "</outline>" * 45_000)
    assert [outline.url for outline in parse_opml(deep)] == ["https://a.example/f"]
    assert time.monotonic() - began < 2


@given(st.text(), st.text(), st.text())
def test_it_reads_what_it_wrote_whatever_the_title(title: str, name: str, homepage: str) -> None:
    written = write_opml(title, [Outline("https://a.example/f", name, homepage)])
    assert [outline.url for outline in parse_opml(written.encode())] == ["https://a.example/f"]


def test_it_writes_what_it_reads() -> None:
    outlines = [
        Outline('https://a.example/f?a=1&b="2"', "A & <B> 'c' \"d\"", "https://a.example/"),
        Outline("https://b.example/"),
    ]
    found = parse_opml(write_opml("Feeds & more", outlines).encode())
    assert found == [outlines[0], Outline("https://b.example/", "https://b.example/")]


@pytest.mark.corpora
def test_the_opml_bomb_is_refused(bombs: dict[str, Callable[[], bytes]]) -> None:
    with pytest.raises(MalformedOpml, match="larger than 1 MB"):
        parse_opml(bombs["opml_bomb"]())
