"""What robots.txt allows, and how much of a text is kept: pure rules."""

import pytest

from articles.ingest.keeping import excerpt
from articles.ingest.records import Page
from articles.ingest.robots import MOST_BYTES, Robots, delay_s, host_of, may_fetch, read_robots, robots_address

RULES = """
User-agent: *
Disallow: /private
Allow: /private/open
Disallow: /*.pdf$
Crawl-delay: 7

User-agent: Crisisboard
User-agent: OtherReader
Disallow: /archive/
Crawl-delay: 900
"""


@pytest.mark.parametrize(
    ("rules", "path", "expected"),
    [
        ("", "/anything", True),
        (RULES, "/private/x", True),  # the group that names us counts, not the one for all
        (RULES, "/archive/2019", False),
        (RULES.replace("Crisisboard", "Somebody"), "/private/x", False),
        (RULES.replace("Crisisboard", "Somebody"), "/private/open/x", True),  # the longest rule counts
        (RULES.replace("Crisisboard", "Somebody"), "/a/report.pdf", False),
        (RULES.replace("Crisisboard", "Somebody"), "/a/report.pdf?page=1", True),
        ("User-agent: *\nDisallow: /", "/", False),
        ("<html><body>Not found</body></html>", "/", True),
        ("user-agent:*\ndisallow:/caf%C3%A9", "/caf\u00e9", False),
    ],
)
def test_the_rules_that_are_meant_for_us_are_followed(rules: str, path: str, expected: bool) -> None:
    assert may_fetch(rules, f"https://courier.example{path}") is expected


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (Page("", 200, {}, b"\xef\xbb\xbfUser-agent: *\r\n\r\nDisallow: /"), Robots("User-agent: *\nDisallow: /")),
        (Page("", 404, {}, b"<html>"), Robots()),
        (Page("", 403, {}, b""), Robots()),
        (Page("", 503, {}, b""), Robots(problem="HTTP 503")),
        (Page("", 429, {}, b""), Robots(problem="HTTP 429")),
        (Page("", 200, {}, b"\x00\xff\xfe"), Robots("\ufffd\ufffd")),
    ],
)
def test_an_answer_is_rules_or_none_or_a_problem(answer: Page, expected: Robots) -> None:
    assert read_robots(answer) == expected


def test_a_file_that_cannot_be_had_is_asked_for_again_sooner() -> None:
    assert Robots(problem="HTTP 503").fresh_s < Robots().fresh_s <= 86_400  # RFC 9309: a day at most


def test_no_more_is_read_than_the_standard_asks_for() -> None:
    long = b"User-agent: *\nAllow: /\n" + b"#" * MOST_BYTES + b"\nDisallow: /"
    assert "Disallow" not in read_robots(Page("", 200, {}, long)).rules


@pytest.mark.parametrize(("rules", "expected"), [("", 0), (RULES, 60), (RULES.replace("900", "3"), 3)])
def test_a_delay_that_the_host_asks_for_is_kept_within_a_minute(rules: str, expected: float) -> None:
    assert delay_s(rules) == expected


def test_robots_stand_at_the_root_of_the_host() -> None:
    url = "https://me:pw@News.Example:8443/a/b?c#d"
    assert robots_address(url) == "https://News.Example:8443/robots.txt" and host_of(url) == "news.example:8443"


@pytest.mark.parametrize(
    ("text", "most", "expected"),
    [
        ("One. Two. Three.", 100, "One. Two. Three."),
        ("One. Two. Three.", 10, "One. Two."),
        ("One. Two. Three.", 9, "One. Two."),
        ("One. Two. Three.", 8, "One."),
        ("He said \u201cno.\u201d And left.", 15, "He said \u201cno.\u201d"),
        ("a sentence without an end", 12, "a sentence"),
        ("wordwithoutspaces", 4, "word"),
        ("港口开放。渡轮启航。", 6, "港口开放。"),
        ("Costs 3.5 million now. More.", 15, "Costs 3.5"),
        ("One. Two.", 0, ""),
    ],
)
def test_an_excerpt_is_a_beginning_that_ends_with_a_sentence(text: str, most: int, expected: str) -> None:
    assert excerpt(text, most) == expected and text.startswith(expected)
