"""Outlets and feeds say honestly how they are: on /outlets/, in plain words, each failure in words of its own."""

import html
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.utils import timezone

from articles import reading, store
from articles.ingest import children
from articles.ingest.child import Caps
from articles.ingest.children import Pool
from articles.ingest.opml import parse_opml
from articles.models import Feed, Fetch, Outlet
from articles.reading import read_feeds
from articles.tests import cast
from articles.tests.cast import NOW
from articles.tests.loopback import Loopback, drip, redirect, reply, zipped

pytestmark = pytest.mark.django_db

ANSWERS = {
    "304": (reply(b"", 304), "not modified", "nothing new since the last fetch"),
    "empty": (reply(cast.rss()), "valid but empty", "a valid feed without entries"),
    "500": (reply(b"", 500), "failing", "the outlet's server answered with an error (HTTP 500)"),
    "bad XML": (
        reply(b"<rss><channel><item>"),
        "not a feed we can read",
        "none of its entries can be read: broken XML",
    ),
    "good": (reply(cast.rss("A")), "ok", ""),
    "mended": (reply(cast.rss("A") + b"<"), "ok", "read all the same: broken XML"),
    "undated": (reply(cast.rss("A", at=None)), "ok, entries without dates", "its entries have no dates"),
    "page": (reply(b"<!doctype html><html></html>"), "not a feed we can read", "a web page, not a feed"),
    "nothing": (reply(b""), "not a feed we can read", "the answer is empty"),
    "403": (reply(b"", 403), "refused by the outlet", "the outlet refuses us (HTTP 403)"),
    "429": (reply(b"", 429), "refused by the outlet", "the outlet refuses us (HTTP 429)"),
    "404": (reply(b"", 404), "gone", "the address is gone (HTTP 404)"),
    "inner": (redirect("http://127.0.0.1/"), "refused by our own guard", "address not on the public internet"),
    "loop": (redirect("/feed"), "refused by our own guard", "redirect refused: more than 5 redirects"),
    "too complex": (
        reply(b"<rss>" + b"<a>" * 300 + b"</rss>"),
        "not a feed we can read",
        "too complex: elements stand more than 200 deep",
    ),
    "another port": (
        redirect("http://a.example:22/"),
        "refused by our own guard",
        "port not allowed: 22 – an administrator can allow it: FETCH_ALLOWED_PORTS",
    ),
    "huge": (zipped(b" " * 6_000_000), "refused by our own guard", "body too large: more than 5 MB"),
    "hangs up": (b"", "failing", "no connection: "),
}


def read_answer(server: Loopback, answer: object) -> Feed:
    server.answers["/feed"] = answer
    feed = cast.feed(server.url(), next_at=NOW)
    (claim,) = store.claim_due_feeds(9, timezone.now())
    read_feeds([claim])
    feed.refresh_from_db()
    return feed


def words_of_page(client: Client, path: str = "/outlets/") -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return " ".join(html.unescape(re.sub("<[^>]+>", " ", answer.content.decode())).split())


@pytest.mark.parametrize("name", ANSWERS)
def test_each_way_to_end_has_a_state_and_words(client: Client, permitted: Loopback, name: str) -> None:
    answer, state, words = ANSWERS[name]
    feed = read_answer(permitted, answer)
    assert str(feed.get_state_display()) == state
    page = words_of_page(client)
    assert f"{feed.url} {state}" in page and words in page


def test_four_kinds_of_silence_are_told_apart(client: Client, permitted: Loopback) -> None:
    pages = set()
    for name in ("304", "empty", "500", "bad XML"):
        read_answer(permitted, ANSWERS[name][0])
        pages.add(re.search(rf"{permitted.host}/feed (.*?) 20\d\d-", words_of_page(client))[1])
        Feed.objects.all().delete()
    assert len(pages) == 4


def test_a_feed_whose_parser_is_killed_says_so_and_the_next_is_read(
    permitted: Loopback, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(children, "POOL", Pool(Caps(wall_s=0.4)))
    slow = cast.rss("x").replace(b"x</title>", b"&" * 990_000 + b"</title>")  # takes its parser more than a second
    permitted.answers |= {"/slow": reply(slow), "/good": reply(cast.rss("A"))}
    feeds = [cast.feed(permitted.url(path), next_at=NOW) for path in ("/slow", "/good")]
    for _ in feeds:
        read_feeds(store.claim_due_feeds(9, timezone.now()))
    children.POOL.close()
    for feed in feeds:
        feed.refresh_from_db()
    assert feeds[0].state_reason == "too complex: not read within 0.4 s" and feeds[1].state == Feed.State.OK
    assert "too complex: not read within 0.4 s" in words_of_page(client)


def test_a_page_that_comes_too_late_to_be_read_is_given_back(
    permitted: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "READ_WITHIN_S", 0)
    feed = read_answer(permitted, reply(cast.rss("A")))
    assert feed.lease_token is None and feed.next_at == NOW and not feed.fetches.exists()


@pytest.mark.slow
def test_a_feed_that_takes_too_long_is_told_from_one_without_connection(permitted: Loopback, client: Client) -> None:
    feed = read_answer(permitted, drip(b"HTTP/1.1 200 OK\r\n\r\n", b"x"))
    assert feed.state == Feed.State.FAILING and "took too long: more than 20 s" in words_of_page(client)


def test_a_feed_without_a_server_says_so(client: Client, permitted: Loopback) -> None:
    cast.feed(permitted.url(), next_at=NOW)
    permitted.close()
    read_feeds(store.claim_due_feeds(9, timezone.now()))
    page = words_of_page(client)
    assert "failing since" in page and "no connection" in page and "object at 0x" not in page


def test_it_says_since_when_a_feed_fails_and_what_it_brought(client: Client, permitted: Loopback) -> None:
    feed = read_answer(permitted, reply(cast.rss("A", "", "C")))
    page = words_of_page(client)
    assert "2 0 1 0" in page, "stored, known, broken, undated"
    assert f"{feed.fetched_at:%Y-%m-%d %H:%M}" in page
    assert "entry 1 https://courier.example/2 : neither a title nor a text" in words_of_page(
        client, f"/outlets/{feed.outlet.slug}/"
    )


@pytest.mark.parametrize(
    ("query", "n_outlets"),
    [
        ("", 2),
        ("?state=failing", 1),
        ("?state=ok", 0),
        ("?bloc=gulf", 1),
        ("?bloc=x&state=%00", 2),
        ("?state=gone&bloc=gulf", 0),
    ],
)
def test_outlets_are_narrowed_by_health_and_bloc(client: Client, query: str, n_outlets: int) -> None:
    cast.outlet()
    cast.feed(state=Feed.State.FAILING)
    cast.outlet("gazette", bloc=Outlet.Bloc.GULF)
    page = words_of_page(client, f"/outlets/{query}")
    assert sum(name in page for name in ("The courier", "The gazette")) == n_outlets


def test_ten_and_two_hundred_feeds_ask_the_same_number_of_queries(
    client: Client, django_assert_max_num_queries: object
) -> None:
    for number in range(200):
        feed = cast.feed(f"https://courier.example/{number}")
        Fetch.objects.create(feed=feed, url=feed.url, started_at=datetime.now(UTC), outcome=Feed.State.OK)
    with django_assert_max_num_queries(8):
        assert client.get("/outlets/").status_code == 200


@pytest.mark.parametrize("path", ["/outlets/nobody/", "/outlets/%00/", "/feeds/1/fetch/"])
def test_what_is_not_there_is_not_found(client: Client, path: str) -> None:
    assert client.get(path).status_code in {404, 405}


def test_a_stored_title_is_text_on_the_page(client: Client) -> None:
    feed = cast.feed(title="<script>alert(1)</script>")
    store.save_entries(feed, cast.parsed(cast.entry(title='"><img src=x onerror=alert(1)>')), NOW)
    for path in ("/outlets/", f"/outlets/{feed.outlet.slug}/"):
        page = client.get(path).content.decode()
        assert "<script>alert" not in page and "<img src=x" not in page


def test_feeds_leave_as_opml_without_the_samples(client: Client) -> None:
    feed = cast.feed(title="A & B")
    sample = cast.outlet("sample", is_sample=True)
    store.add_feed("https://sample.example/feed", now=NOW, outlet=sample)
    answer = client.get("/outlets.opml")
    assert [outline.url for outline in parse_opml(answer.content)] == [feed.url]
    assert "attachment" in answer["Content-Disposition"]


# --- changing feeds -------------------------------------------------------------------------------------------------


@pytest.fixture
def editor(client: Client) -> Client:
    user = User.objects.create_user("editor")
    user.user_permissions.add(Permission.objects.get(codename="change_feed"))
    client.force_login(user)
    return client


def test_one_button_turns_on_every_feed_but_the_samples(editor: Client) -> None:
    real = cast.feed(is_paused=True, next_at=None)
    sample, _ = store.add_feed("https://s.example/f", now=NOW, outlet=cast.outlet("s", is_sample=True), is_paused=True)
    assert "1 feed is paused" in words_of_page(editor)
    assert "1 feed is on." in html.unescape(editor.post("/outlets/turn-on/", follow=True).content.decode())
    real.refresh_from_db(), sample.refresh_from_db()
    assert (real.is_paused, real.next_at is not None, sample.is_paused) == (False, True, True)


@pytest.mark.parametrize(
    ("action", "is_paused", "is_due"), [("fetch", False, True), ("pause", True, False), ("resume", False, True)]
)
def test_an_editor_changes_one_feed(editor: Client, action: str, is_paused: bool, is_due: bool) -> None:
    feed = cast.feed(is_paused=action == "resume", next_at=None)
    assert editor.post(f"/feeds/{feed.pk}/{action}/").status_code == 302
    feed.refresh_from_db()
    assert (feed.is_paused, feed.next_at is not None) == (is_paused, is_due)


def test_a_visitor_changes_nothing(client: Client) -> None:
    feed = cast.feed(next_at=None)
    assert client.post(f"/feeds/{feed.pk}/fetch/").status_code == 403
    assert client.post("/outlets/turn-on/").status_code == 403
    assert "Fetch now" not in words_of_page(client)
    feed.refresh_from_db()
    assert feed.next_at is None


@pytest.mark.corpora
def test_markup_of_the_hostile_set_is_text_on_the_page(client: Client, hostile: Path) -> None:
    lines = (hostile / "xss" / "dompurify_expect.jsonl").read_text(encoding="utf-8").split("\n")
    payloads = [line for line in lines if line]
    feed = cast.feed(title="x")
    for number, payload in enumerate(payloads):
        store.save_entries(feed, cast.parsed(cast.entry(number, title=payload[:1500].replace("\x00", ""))), NOW)
    page = client.get(f"/outlets/{feed.outlet.slug}/").content.decode()
    assert len(payloads) > 50 and not re.search(r"<(img|svg|math|iframe|object)\b", page.partition("<main")[2])
