"""One form for each page, however it was linked."""

import json
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.ingest.hosts import host_name
from articles.ingest.links import LONGEST, believed_url, canonical_url

BASE = "https://a.example/world/today.html?x=1"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("HTTPS://A.Example:443/b", "https://a.example/b"),
        ("http://a.example", "http://a.example/"),
        ("http://a.example:8080/", "http://a.example:8080/"),
        ("https://name:secret@a.example/", "https://a.example/"),
        ("https://a.example/b#part", "https://a.example/b"),
        ("https://a.example/b?", "https://a.example/b"),
        ("https://a.example/b?x=1&y=2", "https://a.example/b?x=1&y=2"),
        ("https://a.example/b?y=2&x=1", "https://a.example/b?y=2&x=1"),
        ("https://a.example/b?x=1&amp;y=2", "https://a.example/b?x=1&y=2"),
        ("https://a.example/b?x=1&#038;y=2#part", "https://a.example/b?x=1&y=2"),
        ("https://a.example/b?q=a+b%20c", "https://a.example/b?q=a+b%20c"),
        ("https://a.example/b?only", "https://a.example/b?only"),
        ("https://a.example/%7euser/%e2%82%ac", "https://a.example/~user/%E2%82%AC"),
        ("https://a.example/a%2Fb", "https://a.example/a%2Fb"),
        ("https://a.example/100%", "https://a.example/100%25"),
        ("https://a.example/ü b", "https://a.example/%C3%BC%20b"),
        ("https://a.example/a/../b/./c", "https://a.example/b/c"),
        ("https://a.example\\b", "https://a.example/b"),
        (" https://a.example/\tb\n", "https://a.example/b"),
        ("https:a.example/b", "https://a.example/b"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("https://بريد.example/خبر", "https://xn--ngbof4h.example/%D8%AE%D8%A8%D8%B1"),
        ("http://[2606:2800:0:0::1]/", "http://[2606:2800::1]/"),
    ],
)
def test_it_has_one_form(url: str, expected: str) -> None:
    assert canonical_url(url) == expected == canonical_url(expected)


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("/b", "https://a.example/b"),
        ("b", "https://a.example/world/b"),
        ("../b", "https://a.example/b"),
        ("//c.example/b", "https://c.example/b"),
        ("?page=2", "https://a.example/world/today.html?page=2"),
        ("https:b", "https://a.example/world/b"),
        ("http:b", "http://b/"),
        ("javascript:alert(1)", ""),
    ],
)
def test_it_is_found_from_where_it_stood(link: str, expected: str) -> None:
    assert canonical_url(link, BASE) == expected


@pytest.mark.parametrize(
    "url",
    [
        "", "a.example/b", "/b", "javascript:alert(1)", "data:text/html,x", "mailto:a@a.example", "ftp://a.example/",
        "file:///etc/passwd", "http://", "http:///", "http://a b/", "http://a<b/", "http://a.example:99999/",
        "http://a.example:x/", "http://[::1", "http://[1::2::3]/", "http://256.256.256.256/", "http://a%00b/",
        "http://\u00ad/", "http://a..b/", "https://a.example/" + "b" * LONGEST,
    ],
)  # fmt: skip
def test_what_is_no_web_address_is_none(url: str) -> None:
    assert canonical_url(url) == ""


@pytest.mark.parametrize(
    "name",
    [
        "utm_source", "UTM_Campaign", "mtm_keyword", "fbclid", "gclid", "yclid", "msclkid", "mc_cid", "_hsenc", "ref",
        "ref_src", "at_medium", "at_bbc_team", "s_cid", "xtor", "cmpid", "ocid", "smid", "this_affiliate",
        "aftr_source",
    ],
)  # fmt: skip
def test_where_the_reader_came_from_goes(name: str) -> None:
    assert canonical_url(f"https://a.example/b?id=1&{name}=x&page=2") == "https://a.example/b?id=1&page=2"


@pytest.mark.parametrize(
    "name", ["id", "p", "page", "article", "story_id", "lang", "v", "q", "date", "cid", "uid", "section"]
)
def test_what_says_which_page_stays(name: str) -> None:
    assert canonical_url(f"https://a.example/?{name}=7") == f"https://a.example/?{name}=7"


@pytest.mark.parametrize(
    ("claimed", "believed"),
    [
        ("https://a.example/story", "https://a.example/story"),
        ("https://www.a.example/story?id=7", "https://www.a.example/story?id=7"),
        ("http://a.example/story", "http://a.example/story"),
        ("https://b.example/story", "https://a.example/story/amp"),
        ("https://a.example.evil.example/story", "https://a.example/story/amp"),
        ("https://sub.a.example/story", "https://a.example/story/amp"),
        ("https://a.example:8443/story", "https://a.example/story/amp"),
        ("https://a.example/", "https://a.example/story/amp"),
        ("", "https://a.example/story/amp"),
    ],
)
def test_a_page_may_speak_of_its_own_host_alone(claimed: str, believed: str) -> None:
    assert believed_url("https://a.example/story/amp", claimed) == believed


def test_a_claim_without_an_address_that_answered_is_no_identity() -> None:
    assert believed_url("", "https://a.example/story") == ""


@given(st.text(max_size=60), st.sampled_from(["", BASE]))
def test_the_canonical_form_of_any_text_is_its_own(text: str, base: str) -> None:
    for url in (text, f"https://a.example/{text}", f"http://{text}/"):
        found = canonical_url(url, base)
        assert canonical_url(found) == found
        assert not found or urlsplit(found).hostname


@given(st.text(max_size=40))
def test_a_host_name_is_its_own(text: str) -> None:
    found = host_name(text)
    assert host_name(found) == found and found.isascii()


# --- hostile sets ---------------------------------------------------------------------------------------------------


@pytest.mark.corpora
def test_it_reads_addresses_as_browsers_do(hostile: Path) -> None:
    rows = json.loads((hostile / "url" / "whatwg_urltestdata.json").read_text(encoding="utf-8"))
    cases = [row for row in rows if isinstance(row, dict)]
    found = [canonical_url(row["input"], row.get("base") or "") for row in cases]
    valid = [(row, url) for row, url in zip(cases, found, strict=True) if row.get("protocol") in {"http:", "https:"}]
    same = sum(urlsplit(url).netloc.rpartition("@")[2].startswith(row["hostname"]) for row, url in valid if url)
    print(f"\n{same} of {len(valid)} web addresses have the browsers' host")
    assert [row["input"] for row, url in zip(cases, found, strict=True) if row.get("failure") and url] == []
    assert all(canonical_url(url) == url for url in found) and same / len(valid) >= 0.98


@pytest.mark.corpora
def test_tracking_goes_as_another_cleaner_says(hostile: Path) -> None:
    lines = (hostile / "url" / "courlan_cases.jsonl").read_text(encoding="utf-8").split("\n")
    rows = [row for row in map(json.loads, filter(None, lines)) if row["fn"] == "normalize_url" and row["op"] == "Eq"]
    cases = [(row["args"][0], row["expected"]) for row in rows if not row["kw"].get("strict") and "?" in row["args"][0]]
    wrong = [url for url, expected in cases if _query(canonical_url(url)) != _query(expected)]
    assert len(cases) > 5 and len(wrong) / len(cases) <= 0.05, wrong


def _query(url: str) -> list[tuple[str, str]]:
    return sorted(parse_qsl(urlsplit(url).query))
