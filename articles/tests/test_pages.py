"""Articles that wait for their page: asked for politely, taken once, and stored whatever comes of it."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from articles import pages, store, tasks
from articles.ingest.extract import ExtractedPage
from articles.ingest.robots import host_of
from articles.models import Article, ArticlePage, Fetch, Host, Outlet, RawCopy
from articles.pages import PageRefused, read_page, read_pages
from articles.tests import cast
from articles.tests.cast import NOW
from articles.tests.loopback import Loopback, redirect, reply
from articles.tests.test_extract import PARAGRAPHS, page

pytestmark = pytest.mark.django_db
Outcome, Stage = ArticlePage.Outcome, Article.Stage
TEXT = "\n".join(PARAGRAPHS)
HTML = {"Content_Type": "text/html; charset=utf-8"}


def waiting(server: Loopback, path: str = "/ferry", **entry: Any) -> Article:
    """An article of an outlet that wants pages, just stored with the feed's text."""
    outlet = Outlet.objects.first() or cast.outlet(text_source=Outlet.TextSource.PAGE)
    url = server.url(path)
    given = {"text": "The feed's few words.", "url": url, "guid": url, "title": "Ferry sails again"} | entry
    feed = cast.feed(outlet=outlet) if not outlet.feeds.exists() else outlet.feeds.get()
    return store.save_article(outlet, cast.entry(**given), timezone.now(), feed=feed, extractor="feed rss20")[0]


def read_all() -> int:
    """Robots first, then pages, until nothing is due."""
    n_settled = 0
    while claims := store.claim_due_pages(9, timezone.now()):
        n_settled += read_pages(claims)
    return n_settled


def asked_for(server: Loopback) -> list[str]:
    return [request.split(" ")[1] for request in server.requests]


def test_an_article_waits_with_the_feeds_text_and_stands_with_its_pages(permitted: Loopback) -> None:
    permitted.answers["/ferry"] = reply(page(), **HTML)
    article = waiting(permitted)
    assert (article.stage, article.text, article.story) == (Stage.FETCHED, "The feed's few words.", None)
    assert (read_all(), read_all()) == (1, 0)
    article.refresh_from_db()
    assert (article.stage, article.text, article.text_kind) == (Stage.STORED, TEXT, "full")
    assert article.story and article.likeness and article.extractor.startswith("page, trafilatura")
    assert (article.page.outcome, article.page.next_at, article.page.lease_token) == (Outcome.READ, None, None)
    assert asked_for(permitted) == ["/robots.txt", "/ferry"] and Article.objects.count() == 1


def test_an_outlet_that_does_not_want_pages_is_asked_for_none(permitted: Loopback) -> None:
    cast.outlet()
    assert waiting(permitted).stage == Stage.STORED and not ArticlePage.objects.exists()


@pytest.mark.parametrize("entry", [{"url": ""}, {"is_link_shared": True}])
def test_an_entry_without_a_page_of_its_own_waits_for_none(permitted: Loopback, entry: dict[str, Any]) -> None:
    assert waiting(permitted, **entry).stage == Stage.STORED


def test_a_page_that_robots_txt_disallows_is_not_asked_for_and_that_is_said(permitted: Loopback) -> None:
    permitted.answers["/robots.txt"] = reply(b"User-agent: crisisboard\nDisallow: /ferry")
    article = waiting(permitted)
    assert read_all() == 1 and asked_for(permitted) == ["/robots.txt"]
    article.refresh_from_db()
    assert (article.stage, article.text, article.text_kind) == (Stage.STORED, "The feed's few words.", "summary")
    assert article.page.outcome == Outcome.ROBOTS and "asks us not to fetch" in article.page.reason


def test_a_redirect_to_what_robots_txt_disallows_is_not_taken(permitted: Loopback) -> None:
    permitted.answers |= {
        "/robots.txt": reply(b"User-agent: *\nDisallow: /hidden"), "/ferry": redirect("/hidden"),
        "/hidden": reply(page(), **HTML),
    }  # fmt: skip
    article = waiting(permitted)
    read_all()
    article.refresh_from_db()
    assert article.page.outcome == Outcome.ROBOTS and TEXT not in article.text and not RawCopy.objects.exists()


def test_robots_txt_is_asked_for_once_a_day(permitted: Loopback) -> None:
    permitted.answers |= {f"/{n}": reply(page(), **HTML) for n in range(3)}
    for n in range(3):
        waiting(permitted, f"/{n}")
    assert read_all() == 3 and sorted(asked_for(permitted)) == ["/0", "/1", "/2", "/robots.txt"]
    Host.objects.update(robots_until=timezone.now())
    waiting(permitted, "/4")
    read_all()
    assert asked_for(permitted).count("/robots.txt") == 2


def test_while_robots_txt_cannot_be_had_pages_are_left_alone_and_wait(permitted: Loopback) -> None:
    permitted.answers |= {"/robots.txt": reply(b"", 503), "/ferry": reply(page(), **HTML)}
    article = waiting(permitted)
    assert read_all() == 0 and asked_for(permitted) == ["/robots.txt"]
    row = ArticlePage.objects.get()
    assert "cannot be had (HTTP 503)" in row.reason and row.next_at > timezone.now() + timedelta(minutes=25)
    for _ in range(3):
        ArticlePage.objects.update(next_at=timezone.now())
        read_all()
    article.refresh_from_db()
    assert (article.stage, article.page.outcome) == (Stage.STORED, Outcome.FAILING)


@pytest.mark.parametrize(
    ("answer", "outcome", "words"),
    [
        (reply(b"no", 403), Outcome.BLOCKED, "HTTP 403"),
        (reply(b"", 410), Outcome.GONE, "gone"),
        (reply(b"%PDF-1.7", 200, Content_Type="application/pdf"), Outcome.INVALID, "application/pdf"),
        (reply(b"<p>" * 150_000, **HTML), Outcome.INVALID, "100,000 tags"),
        (reply(page(paragraphs=()), **HTML), Outcome.LITTLE, "the feed's is kept"),
        (redirect("http://127.0.0.1:9/x"), Outcome.REFUSED, "port not allowed"),
        (reply(b"", 501), Outcome.FAILING, "HTTP 501"),
    ],
)
def test_an_article_is_stored_with_the_feeds_text_when_its_page_gives_none(
    permitted: Loopback, answer: bytes, outcome: str, words: str
) -> None:
    permitted.answers["/ferry"] = answer
    article = waiting(permitted)
    assert read_all() == 1
    article.refresh_from_db()
    assert (article.stage, article.text, article.page.outcome) == (Stage.STORED, "The feed's few words.", outcome)
    assert words in article.page.reason and article.story


def test_a_server_that_is_busy_is_asked_again_later_and_given_up_in_the_end(permitted: Loopback) -> None:
    permitted.answers["/ferry"] = reply(b"", 503, Retry_After="900")
    article = waiting(permitted)
    assert read_all() == 0
    now, row = timezone.now(), ArticlePage.objects.get()
    assert row.next_at - now > timedelta(seconds=890) and Host.objects.get().next_at - now > timedelta(seconds=890)
    for _ in range(3):
        ArticlePage.objects.update(next_at=now), Host.objects.update(next_at=now)
        read_all()
    article.refresh_from_db()
    assert (article.stage, article.page.outcome) == (Stage.STORED, Outcome.FAILING)
    assert "given up after 4 tries" in article.page.reason and asked_for(permitted).count("/ferry") == 4


def test_a_host_is_asked_for_one_thing_at_a_time_with_a_gap(permitted: Loopback, settings: Any) -> None:
    settings.FETCH_HOST_GAP_S = 5
    permitted.answers |= {"/a": reply(page(), **HTML), "/b": reply(page(), **HTML)}
    waiting(permitted, "/a"), waiting(permitted, "/b")
    (claim,) = store.claim_due_pages(9, timezone.now())
    assert store.claim_due_pages(9, timezone.now()) == []
    read_pages([claim])  # robots.txt
    assert store.claim_due_pages(9, timezone.now()) == [], "the gap has not passed"
    (claim,) = store.claim_due_pages(9, timezone.now() + timedelta(seconds=6))
    assert claim.robots is not None


def test_feeds_and_pages_of_one_host_wait_for_each_other(permitted: Loopback, settings: Any) -> None:
    waiting(permitted)
    settings.FETCH_HOST_GAP_S = 5
    now = timezone.now()
    feed = cast.feed(permitted.url(), next_at=now)
    (claim,) = store.claim_due_pages(9, now)
    assert permitted.url() not in _feeds_claimed(now)
    store.rest_page(claim, now)
    assert permitted.url() not in _feeds_claimed(now)
    later = now + timedelta(seconds=6)
    assert permitted.url() in _feeds_claimed(later)
    assert store.claim_due_pages(9, later) == []
    feed.refresh_from_db()
    store.finish_fetch(feed, feed.lease_token, store.Attempt("ok", "", later, 1, feed.url), None, 0, later)
    assert store.claim_due_pages(9, later) == [] != store.claim_due_pages(9, later + timedelta(seconds=6))


def _feeds_claimed(now: datetime) -> set[str]:
    store.claim_due_feeds(9, now)
    return set(cast.Feed.objects.filter(lease_until__gte=now).values_list("url", flat=True))


def test_a_delay_that_robots_txt_asks_for_is_kept(permitted: Loopback) -> None:
    store.save_robots(permitted.host, store.Robots("User-agent: *\nCrawl-delay: 30"), timezone.now())
    store.note_request(permitted.host, NOW)
    assert Host.objects.get().next_at == NOW + timedelta(seconds=30)


# --- killed, late and twice -----------------------------------------------------------------------------------------


def found(text: str = TEXT, **values: Any) -> ExtractedPage:
    return ExtractedPage(**{"title": "", "text": text, "author": "Ines Sample", "lang": "en", "published_at": None,
                            "canonical": ""} | values)  # fmt: skip


def test_a_reader_whose_lease_is_gone_writes_nothing(permitted: Loopback) -> None:
    article = waiting(permitted)
    (late,) = store.claim_due_pages(9, NOW + timedelta(days=9999))
    ArticlePage.objects.update(lease_token=uuid4())
    assert not store.take_page(late, found(), 200, timezone.now())
    assert not store.settle_page(late, Outcome.READ, "", 200, timezone.now())
    article.refresh_from_db()
    assert article.stage == Stage.FETCHED and TEXT not in article.text


def test_a_reader_that_was_killed_after_the_text_was_taken_asks_for_no_page_again(permitted: Loopback) -> None:
    article = waiting(permitted)
    (claim,) = store.claim_due_pages(9, timezone.now())
    assert store.take_page(claim, found(), 200, timezone.now())  # … and here it dies
    later = timezone.now() + timedelta(seconds=60)
    assert read_pages(store.claim_due_pages(9, later)) == 1 and permitted.requests == []
    article.refresh_from_db()
    assert (article.stage, article.text, article.page.outcome) == (Stage.STORED, TEXT, Outcome.READ)


def test_a_page_that_kills_three_readers_is_given_up_until_somebody_tries_again(permitted: Loopback) -> None:
    article, at = waiting(permitted), timezone.now()
    for _ in range(3):
        (claim,) = store.claim_due_pages(9, at)
        assert store.begin_extracting(claim, at)  # … and here it dies
        at += timedelta(seconds=60)
    assert store.claim_due_pages(9, at) == []
    article.refresh_from_db()
    assert (article.stage, article.page.outcome) == (Stage.STORED, Outcome.QUARANTINED)
    assert "killed three times" in article.page.reason
    assert store.try_pages_again(ArticlePage.objects.all(), at) == 1
    article.refresh_from_db()
    assert article.stage == Stage.FETCHED and len(store.claim_due_pages(9, at)) == 1


def test_workers_that_claim_together_claim_each_page_once(permitted: Loopback) -> None:
    permitted.answers["/ferry"] = reply(page(), **HTML)
    article = waiting(permitted)
    store.save_robots(permitted.host, store.Robots(), timezone.now())
    (claim,) = store.claim_due_pages(9, timezone.now())
    assert (read_pages([claim]), read_pages([claim])) == (1, 0), "delivered twice, taken once"
    article.refresh_from_db()
    assert article.text == TEXT and Article.objects.count() == 1


def test_a_page_that_cannot_be_read_fails_alone(permitted: Loopback, monkeypatch: pytest.MonkeyPatch) -> None:
    permitted.answers["/ferry"] = reply(page(), **HTML)
    article = waiting(permitted)

    def broken(*_: object) -> ExtractedPage:
        raise RuntimeError("a bug of ours")

    monkeypatch.setattr(pages, "apart", broken)
    assert read_all() == 1
    article.refresh_from_db()
    assert (article.stage, article.page.outcome) == (Stage.STORED, Outcome.INVALID)
    assert "a bug of ours" in article.page.reason


def test_the_bell_reads_what_is_due(permitted: Loopback) -> None:
    permitted.answers["/ferry"] = reply(page(), **HTML)
    waiting(permitted)
    assert [tasks.fetch_due_pages() for _ in range(3)] == [0, 1, 0]


# --- what is taken of a page ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("of_feed", "of_page", "expected"),
    [
        (cast.MORNING, datetime(2025, 6, 1, tzinfo=UTC), (cast.MORNING, "declared")),
        (None, datetime(2025, 6, 1, tzinfo=UTC), (datetime(2025, 6, 1, tzinfo=UTC), "page")),
        (None, datetime(2525, 6, 1, tzinfo=UTC), (None, "missing")),
    ],
)
def test_the_pages_date_counts_when_the_feed_has_none(
    permitted: Loopback, of_feed: datetime | None, of_page: datetime, expected: tuple[datetime | None, str]
) -> None:
    article = waiting(permitted, published_at=of_feed)
    (claim,) = store.claim_due_pages(9, timezone.now())
    store.take_page(claim, found(published_at=of_page), 200, timezone.now())
    article.refresh_from_db()
    assert (article.published_at, article.published_kind) == (expected[0] or article.fetched_at, expected[1])
    assert article.author == "Ines Sample"


def test_one_page_is_read_by_its_address(permitted: Loopback) -> None:
    permitted.answers |= {"/ferry": reply(page(), **HTML), "/robots.txt": reply(b"User-agent: *\nDisallow: /secret")}
    assert read_page(permitted.url("/ferry")).found.text == TEXT
    with pytest.raises(PageRefused, match="asks us not to"):
        read_page(permitted.url("/secret"))
    assert asked_for(permitted) == ["/robots.txt", "/ferry"] and not Article.objects.exists()


def test_a_page_of_an_old_charset_is_read_by_its_header(permitted: Loopback) -> None:
    russian = ("Паром снова вышел в море после девяти месяцев простоя, сообщили в порту утром.",) * 3
    body = page(paragraphs=russian).decode().replace('<meta charset="utf-8">', "").encode("cp1251")
    permitted.answers["/ferry"] = reply(body, Content_Type="text/html; charset=windows-1251")
    assert read_page(permitted.url("/ferry")).found.text.startswith("Паром снова")


def test_the_gap_leaves_no_rows_where_there_is_none(permitted: Loopback) -> None:
    store.note_request(host_of("https://courier.example/x"), NOW)
    assert not Host.objects.exists() and not Fetch.objects.exists()
