"""Captured feeds, held against feedparser's own count."""

import gzip
import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from articles.management.commands import check_feeds
from articles.models import Article, Feed, Outlet
from articles.tests import cast

pytestmark = pytest.mark.django_db


def check(*paths: Path) -> str:
    said = io.StringIO()
    call_command("check_feeds", *paths, stdout=said)
    return said.getvalue()


def test_it_gives_a_reason_for_each_entry_that_is_not_stored(tmp_path: Path) -> None:
    again = "<item><title>One</title><link>https://courier.example/1</link></item>"
    body = cast.rss("One", "", "Three").replace(b"</channel>", again.encode() + b"</channel>")
    (tmp_path / "courier.xml.gz").write_bytes(gzip.compress(body))
    (tmp_path / "page.xml").write_bytes(b"<html>no feed</html>")
    (tmp_path / "json.json").write_bytes(b'{"items": [{"id": 1, "title": "One"}]}')
    said = check(tmp_path).splitlines()
    assert said == [
        "courier.xml.gz: feedparser 4, stored 2",
        "  entry 2 (https://courier.example/2): neither a title nor a text",
        "  entry 4 (One): the same page or identifier as entry 1: known already",
        "json.json: feedparser 0, stored 1",
        "  JSON Feed, which feedparser does not read",
        "3 feeds: feedparser counts 4 entries, 3 would be stored, 2 not, each with its reason above; 1 without a date,"
        " 0 dated in the future",
    ]


def test_it_keeps_nothing(tmp_path: Path) -> None:
    (tmp_path / "courier.xml").write_bytes(cast.rss("One"))
    check(tmp_path / "courier.xml")
    assert not (Article.objects.exists() or Feed.objects.exists() or Outlet.objects.exists())


def test_it_fails_when_a_difference_has_no_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "courier.xml").write_bytes(cast.rss("One"))
    monkeypatch.setattr(check_feeds, "count_with_feedparser", lambda _: 7)
    with pytest.raises(CommandError, match=r"no reason for a difference in: courier\.xml"):
        check(tmp_path)


@pytest.mark.parametrize("name", ["nowhere", "."])
def test_it_says_that_there_is_nothing_to_check(tmp_path: Path, name: str) -> None:
    with pytest.raises(CommandError, match=r"there is no such file|no feed was found"):
        check(tmp_path / name)


# --- captured feeds -------------------------------------------------------------------------------------------------


@pytest.mark.corpora
def test_some_captured_feeds_are_stored_but_for_reasons(captured: list[Path]) -> None:
    assert "each with its reason" in check(*captured[::17])


@pytest.mark.slow
@pytest.mark.corpora
def test_all_captured_feeds_are_stored_but_for_reasons(captured: list[Path]) -> None:
    print(f"\n{check(*captured)}")
