"""What is kept of a feed, and that nothing is lost, doubled or rewritten."""

import json
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.db import OperationalError, connection
from django.utils import timezone

from articles import store
from articles.ingest.feeds import parse_feed
from articles.ingest.plain import plain_text
from articles.ingest.records import Page
from articles.models import Article, Feed, Fetch, Outlet, Story
from articles.reading import read_feeds, take_in
from articles.tests import cast
from articles.tests.cast import MORNING, NOW
from articles.tests.loopback import Loopback, reply

pytestmark = pytest.mark.django_db


def read_now(feed: Feed) -> Feed:
    """Claims and reads a feed as a worker does."""
    store.request_fetch(Feed.objects.filter(pk=feed.pk), datetime.now(UTC) - timedelta(seconds=1))
    read_feeds(claim for claim in store.claim_due_feeds(50, datetime.now(UTC)) if claim.feed_id == feed.pk)
    feed.refresh_from_db()
    return feed


# --- fetching with conditions ---------------------------------------------------------------------------------------


def test_it_asks_only_for_what_is_new(permitted: Loopback) -> None:
    feed = cast.feed(permitted.url())
    permitted.answers["/feed"] = reply(cast.rss("A"), ETag='"1"', Last_Modified="Fri, 13 Jun 2025 08:00:00 GMT")
    read_now(feed)
    permitted.answers["/feed"] = reply(b"", 304)
    assert read_now(feed).state == Feed.State.NOT_MODIFIED
    assert 'If-None-Match: "1"' in permitted.requests[1]
    assert "If-Modified-Since: Fri, 13 Jun 2025 08:00:00 GMT" in permitted.requests[1]
    assert Article.objects.count() == 1 and feed.etag == '"1"'


def test_a_failure_forgets_neither_tag_nor_articles(permitted: Loopback) -> None:
    feed = cast.feed(permitted.url())
    permitted.answers["/feed"] = reply(cast.rss("A"), ETag='"1"')
    read_now(feed)
    permitted.answers["/feed"] = reply(b"<rss", ETag='"2"')
    assert (read_now(feed).state, feed.etag) == (Feed.State.INVALID, '"1"')
    permitted.answers["/feed"] = reply(b"", 304)
    assert (read_now(feed).state, feed.failing_since) == (Feed.State.NOT_MODIFIED, None)


def test_failures_back_off_and_a_success_ends_that(permitted: Loopback) -> None:
    feed = cast.feed(permitted.url())
    permitted.answers["/feed"] = reply(b"", 500)
    waits = [(read_now(feed).next_at - feed.fetched_at).total_seconds() / 900 for _ in range(3)]
    assert waits == [pytest.approx(factor, rel=0.11) for factor in (2, 4, 8)]
    permitted.answers["/feed"] = reply(cast.rss("A"))
    assert 900 <= (read_now(feed).next_at - feed.fetched_at).total_seconds() <= 1080 and feed.failing_since is None


@pytest.mark.parametrize(
    ("answer", "wait_s"),
    [
        (reply(b"", 503, Retry_After="7200"), 7200),
        (reply(b"", 429, Retry_After="99999999"), 86_400),
        (reply(cast.rss("A"), Cache_Control="public, max-age=2400"), 2400),
        (reply(cast.rss("A"), Cache_Control="max-age=999999"), 3600),
        (reply(b"", 503, Retry_After="soon"), 1800),
        (reply(b"", 503, Retry_After="²"), 1800),
    ],
)
def test_it_stays_away_as_long_as_it_is_asked_to(permitted: Loopback, answer: bytes, wait_s: int) -> None:
    feed = cast.feed(permitted.url())
    permitted.answers["/feed"] = answer
    assert (read_now(feed).next_at - feed.fetched_at).total_seconds() == pytest.approx(wait_s, rel=0.11)


def test_it_stays_away_until_the_hour_it_is_told(permitted: Loopback) -> None:
    feed = cast.feed(permitted.url())
    until = datetime.now(UTC) + timedelta(hours=5)
    permitted.answers["/feed"] = reply(b"", 503, Retry_After=f"{until:%a, %d %b %Y %H:%M:%S} GMT")
    assert (read_now(feed).next_at - until).total_seconds() == pytest.approx(0, abs=5)


# --- articles -------------------------------------------------------------------------------------------------------


def test_one_bad_entry_among_fifty_leaves_forty_nine() -> None:
    feed = cast.feed()
    entries = [cast.entry(number) for number in range(50)]
    entries[17] = cast.entry(17, title="no place\x00for this")  # PostgreSQL refuses it
    counts = store.save_entries(feed, cast.parsed(*entries), NOW)
    assert (counts.stored, Article.objects.count()) == (49, 49)
    assert [(broken.position, bool(broken.reason)) for broken in counts.broken] == [(17, True)]


def test_a_bad_entry_stands_in_the_feeds_history() -> None:
    feed = cast.feed()
    page = Page(feed.url, 200, {}, cast.rss("A", "", "C"))
    assert take_in(feed, page, NOW, None) == 2
    fetch = Fetch.objects.get()
    assert (fetch.n_entries, fetch.n_stored, fetch.n_broken) == (3, 2, 1)
    assert fetch.broken == [[1, "https://courier.example/2", "neither a title nor a text"]]


def test_the_same_feed_twice_leaves_the_same_rows() -> None:
    feed = cast.feed()
    first = store.save_entries(feed, cast.read_rss("A", "B", "C"), NOW)
    rows = list(Article.objects.order_by("pk").values())
    second = store.save_entries(feed, cast.read_rss("A", "B", "C"), NOW + timedelta(hours=1))
    assert (first.stored, second.stored, second.duplicate) == (3, 0, 3)
    assert list(Article.objects.order_by("pk").values()) == rows


def test_a_changed_headline_is_kept_beside_the_first() -> None:
    feed = cast.feed()
    for hour, title in enumerate(("Ferry sails", "Ferry sails late", "Ferry sails late", "Ferry sails")):
        store.save_entries(feed, cast.read_rss(title), NOW + timedelta(hours=hour))
    article = Article.objects.get()
    assert article.title == "Ferry sails"
    assert article.later_titles == [{"title": "Ferry sails late", "seen_at": "2025-06-13T13:00:00+00:00"}]


def test_two_feeds_with_one_page_have_one_article() -> None:
    one, other = cast.feed(), cast.feed("https://courier.example/other")
    store.save_entries(one, cast.parsed(cast.entry()), NOW)
    assert store.save_entries(other, cast.parsed(cast.entry(guid="another")), NOW).duplicate == 1


def test_one_identifier_in_two_feeds_is_two_articles() -> None:
    one, other = cast.feed(), cast.feed("https://courier.example/other")
    for number, feed in enumerate((one, other)):
        store.save_entries(feed, cast.parsed(cast.entry(number, guid="1")), NOW)
    assert Article.objects.count() == 2


def test_entries_that_share_a_page_are_articles_of_their_own() -> None:
    body = (Path(__file__).parent / "golden" / "one_page.xml").read_bytes()
    feed = cast.feed("https://ticker.example/feed")
    for _ in range(2):
        store.save_entries(feed, parse_feed(body, feed.url), NOW)
    assert Article.objects.count() == 3 and set(Article.objects.values_list("url", flat=True)) == {
        "https://ticker.example/live"
    }


@pytest.mark.parametrize(
    ("published", "updated", "shown", "kind"),
    [
        (MORNING, None, MORNING, "declared"),
        (None, MORNING, MORNING, "updated"),
        (None, None, NOW, "missing"),
        (datetime(2099, 1, 1, tzinfo=UTC), None, NOW, "clamped"),
        (NOW + timedelta(minutes=5), None, NOW + timedelta(minutes=5), "declared"),
        (datetime(1970, 1, 1, tzinfo=UTC), None, NOW, "missing"),
    ],
)
def test_no_article_stands_in_the_future_or_without_a_day(
    published: datetime | None, updated: datetime | None, shown: datetime, kind: str
) -> None:
    given = cast.entry(published_at=published, updated_at=updated)
    article, _ = store.save_article(cast.outlet(), given, NOW)
    assert (article.published_at, article.published_kind) == (shown, kind)


def test_the_same_report_of_two_outlets_is_one_story() -> None:
    text = "Delegates met in Port Amity on Tuesday to talk about the ferry, and will meet again within two weeks."
    for slug in ("courier", "gazette"):
        given = cast.entry(guid=slug, url=f"https://{slug}.example/1", text=text)
        store.save_article(cast.outlet(slug), given, NOW)
    store.save_article(Outlet.objects.first(), cast.entry(3, title="Road stays shut in the valley"), NOW)
    assert sorted(Story.objects.values_list("n_articles", flat=True)) == [1, 2]


# --- outlets and feeds ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("url", ["https://courier.example/x", "http://www.courier.example/y"])
def test_an_address_belongs_to_the_outlet_of_its_host(url: str) -> None:
    courier = cast.outlet()
    assert store.outlet_for(url) == courier


def test_outlets_whose_names_look_alike_in_latin_letters_stay_apart() -> None:
    names = ("بريد الميناء", "أخبار الجبل", "News бер", "News біт", "a-b.example", "a.b.example")
    outlets = [store.outlet_named(name) for name in names]
    assert len({outlet.pk for outlet in outlets}) == len(names)
    assert [store.outlet_named(name).pk for name in names] == [outlet.pk for outlet in outlets]


def test_one_address_is_one_feed_however_it_is_written() -> None:
    forms = ("https://a.example/feed", "HTTPS://A.example:443/feed#x", " https://a.example/feed?utm_source=b ")
    assert [store.add_feed(form, now=NOW)[1] for form in forms] == [True, False, False]


@pytest.mark.parametrize("url", ["", "a.example", "ftp://a.example/", "javascript:alert(1)", "x" * 9000])
def test_what_is_no_address_is_no_feed(url: str) -> None:
    with pytest.raises(ValueError, match="is not an http") as refused:
        store.add_feed(url, now=NOW)
    assert len(str(refused.value)) < 300 and not Feed.objects.exists()


# --- leases ---------------------------------------------------------------------------------------------------------


def test_a_feed_is_claimed_once_until_its_lease_runs_out() -> None:
    feed = cast.feed(next_at=NOW)
    assert [claim.feed_id for claim in store.claim_due_feeds(9, NOW)] == [feed.pk]
    assert store.claim_due_feeds(9, NOW + timedelta(seconds=29)) == []
    assert [claim.feed_id for claim in store.claim_due_feeds(9, NOW + timedelta(seconds=31))] == [feed.pk]


def test_a_reader_that_does_not_come_back_loses_its_lease_to_the_sweep() -> None:
    cast.feed(next_at=NOW)
    store.claim_due_feeds(9, NOW)
    assert [store.sweep_leases(NOW + timedelta(seconds=s)) for s in (29, 31, 32)] == [0, 1, 0]
    assert not Feed.objects.exclude(lease_until=None, lease_token=None).exists()


def test_a_feed_that_only_waits_its_turn_is_not_called_a_killer() -> None:
    feed = cast.feed(next_at=NOW)
    for turn in range(10):
        claims = store.claim_due_feeds(9, NOW + timedelta(minutes=turn))
        for claim in claims:
            store.give_back(claim)
    feed.refresh_from_db()
    assert (feed.state, feed.attempts, len(claims)) == (Feed.State.NEW, 0, 1)


def test_a_feed_that_kills_its_reader_three_times_is_set_aside_until_somebody_tries_again() -> None:
    feed = cast.feed(next_at=NOW)
    (claim,) = store.claim_due_feeds(9, NOW)
    assert store.begin_reading(claim, NOW)  # … and here the reader dies
    for turn in (1, 2):
        at = NOW + timedelta(minutes=turn)
        assert store.claim_due_feeds(9, at) == [], "what killed a reader is read alone"
        (claim,) = store.claim_suspect(at)
        assert claim.is_alone and store.begin_reading(claim, at)
    assert store.claim_suspect(NOW + timedelta(minutes=3)) == store.claim_due_feeds(9, NOW + timedelta(days=9)) == []
    feed.refresh_from_db()
    assert (feed.state, feed.attempts, feed.next_at) == (Feed.State.QUARANTINED, 3, None)
    assert "killed three times" in feed.state_reason
    assert store.try_again(Feed.objects.all(), NOW) == 1
    assert [claim.feed_id for claim in store.claim_due_feeds(9, NOW)] == [feed.pk]


def test_a_feed_whose_fetch_kills_its_reader_ends_alone_and_is_set_aside() -> None:
    feed = cast.feed(next_at=NOW)
    kinds = []
    for turn in range(9):
        at = NOW + timedelta(minutes=turn)
        claims = store.claim_suspect(at) or store.claim_due_feeds(9, at)
        kinds += [claim.is_alone for claim in claims]
    feed.refresh_from_db()
    assert (kinds, feed.state) == ([False] * 3 + [True] * 3, Feed.State.QUARANTINED)


def test_what_a_dead_task_held_is_free_at_once() -> None:
    dead, living = uuid4(), uuid4()
    for owner, host in ((dead, "one.example"), (living, "two.example")):
        cast.feed(f"https://{host}/", next_at=NOW)
        assert len(store.claim_due_feeds(9, NOW, owner)) == 1
    assert store.end_leases_of(dead, NOW) == 1
    assert [claim.feed.url for claim in store.claim_due_feeds(9, NOW)] == ["https://one.example/"]


def test_a_reader_that_says_that_it_lives_keeps_its_lease() -> None:
    cast.feed(next_at=NOW)
    claims = store.claim_due_feeds(9, NOW)
    store.renew_leases(claims, NOW + timedelta(seconds=20))
    assert store.sweep_leases(NOW + timedelta(seconds=45)) == 0
    assert store.sweep_leases(NOW + timedelta(seconds=51)) == 1
    store.renew_leases(claims, NOW + timedelta(seconds=52))
    assert Feed.objects.get().lease_until is None


def test_nobody_is_asked_for_two_feeds_at_a_time() -> None:
    for number, host in enumerate(("one.example", "one.example", "ONE.example:80", "two.example")):
        cast.feed(f"https://{host}/{number}", next_at=NOW - timedelta(minutes=number))
    claims = store.claim_due_feeds(9, NOW)
    assert [claim.feed.url[-1] for claim in claims] == ["3", "2", "1"], "oldest first, one of a host"
    assert store.claim_due_feeds(9, NOW) == []
    store.give_back(claims[2])
    assert [claim.feed.url[-1] for claim in store.claim_due_feeds(9, NOW)] == ["1"]


def test_a_server_that_sends_what_cannot_be_kept_is_read_all_the_same(permitted: Loopback) -> None:
    permitted.answers["/feed"] = reply(cast.rss("A"), ETag='"a\0b\tc"', Last_Modified="Fri\x01")
    feed = read_now(cast.feed(permitted.url()))
    assert (feed.state, feed.etag, feed.last_modified) == (Feed.State.OK, '"abc"', "Fri")


@pytest.mark.parametrize(
    ("odd_page", "words"),
    [(RuntimeError("of\0itself"), "RuntimeError: ofitself"), (Page("x", 10**12, {}, b""), "DataError: ")],
)
def test_a_feed_that_cannot_be_read_fails_alone_and_says_why(odd_page: Page | Exception, words: str) -> None:
    odd, good = cast.feed("https://odd.example/", next_at=NOW), cast.feed("https://good.example/", next_at=NOW)
    pages = {odd.url: odd_page, good.url: Page(good.url, 200, {}, cast.rss("A"))}
    assert read_feeds(store.claim_due_feeds(9, timezone.now()), _bringing(pages)) == 1
    odd.refresh_from_db(), good.refresh_from_db()
    assert (odd.state, odd.attempts, odd.lease_token, good.state) == (Feed.State.FAILING, 0, None, Feed.State.OK)
    assert odd.state_reason == odd.fetches.get().reason and words in odd.state_reason


def test_a_feed_that_is_only_fetched_beside_a_killer_has_killed_nobody() -> None:
    one, other = cast.feed("https://one.example/", next_at=NOW), cast.feed("https://other.example/", next_at=NOW)
    claims = {claim.feed_id: claim for claim in store.claim_due_feeds(9, NOW)}
    assert store.begin_reading(claims[one.pk], NOW)  # … and here the worker dies
    assert dict(Feed.objects.values_list("pk", "attempts")) == {one.pk: 1, other.pk: 0}


def test_what_was_fetched_is_stored_when_the_database_is_there_again(monkeypatch: pytest.MonkeyPatch) -> None:
    feed = cast.feed(next_at=NOW)
    begin, answers = store.begin_reading, iter([OperationalError("the database is away"), None])

    def begin_reading(*given: Any) -> bool:
        if error := next(answers):
            raise error
        return begin(*given)

    monkeypatch.setattr(store, "begin_reading", begin_reading)
    monkeypatch.setattr("articles.reading.connection.close", lambda: None)  # the test's transaction lives there
    assert read_feeds(store.claim_due_feeds(9, timezone.now()), _bringing({feed.url: _page(feed)})) == 1


def test_hosts_that_answer_make_room_for_others() -> None:
    feeds = [cast.feed(f"https://{n}.example/", next_at=NOW) for n in range(120)]
    pages = {feed.url: _page(feed) for feed in feeds}
    now = store.clock()
    n_asked: list[int] = []

    def more(n_free: int) -> list[store.Claim]:
        n_asked.append(n_free)
        return store.claim_due_feeds(n_free, now())

    assert read_feeds(store.claim_due_feeds(50, now()), _bringing(pages), more) == 120
    assert max(n_asked) <= 50 and not Feed.objects.exclude(lease_token=None).exists()


def test_a_time_limit_is_no_fault_of_the_feed_that_it_meets() -> None:
    feed = cast.feed(next_at=NOW)
    claims = store.claim_due_feeds(9, timezone.now())
    with pytest.raises(SoftTimeLimitExceeded):
        read_feeds(claims, _bringing({feed.url: SoftTimeLimitExceeded()}))
    feed.refresh_from_db()
    assert (feed.state, feed.attempts) == (Feed.State.NEW, 0)


def test_a_reader_whose_lease_is_gone_writes_nothing() -> None:
    feed = cast.feed(next_at=NOW)
    late = store.claim_due_feeds(9, NOW)  # long ago
    store.claim_due_feeds(9, timezone.now())
    assert read_feeds(late, _bringing({feed.url: _page(feed)})) == 0
    attempt = store.Attempt(Feed.State.OK, "", NOW, 1, feed.url)
    assert not store.finish_fetch(feed, uuid4(), attempt, None, 0, NOW)
    assert not Fetch.objects.exists() and not Article.objects.exists()


def _page(feed: Feed) -> Page:
    return Page(feed.url, 200, {}, cast.rss("A", host=feed.url.rstrip("/")))


def _bringing(pages: dict[str, Page | Exception]) -> Callable[..., Page]:
    """A fetcher that needs no network: a page, or what is raised, by address."""

    def bring(url: str, *_: object) -> Page:
        if isinstance(pages[url], Exception):
            raise pages[url]
        return pages[url]

    return bring


def test_a_paused_feed_is_not_due_but_can_be_asked_for() -> None:
    feed = cast.feed(next_at=NOW)
    store.pause_feeds(Feed.objects.all())
    assert store.claim_due_feeds(9, NOW) == []
    store.request_fetch(Feed.objects.all(), NOW)
    (claim,) = store.claim_due_feeds(9, NOW)
    feed.refresh_from_db()
    store.finish_fetch(feed, claim.token, store.Attempt(Feed.State.OK, "", NOW, 1, feed.url), None, 0, NOW)
    feed.refresh_from_db()
    assert feed.is_paused and feed.next_at is None


@pytest.mark.django_db(transaction=True)
def test_workers_on_one_feed_store_each_entry_once(permitted: Loopback) -> None:
    feed = cast.feed(permitted.url())
    permitted.answers["/feed"] = reply(cast.rss(*(f"Headline {n}" for n in range(20))))
    page = Page(feed.url, 200, {}, permitted.answers["/feed"].partition(b"\r\n\r\n")[2])
    stored = _at_once(4, lambda: take_in(feed, page, NOW, None))
    assert sum(stored) == 20 and Article.objects.count() == 20
    assert sum(Story.objects.values_list("n_articles", flat=True)) == 20


@pytest.mark.django_db(transaction=True)
def test_workers_that_claim_together_claim_each_feed_once() -> None:
    for number in range(30):
        cast.feed(f"https://{number}.example/", next_at=NOW)
    claims = _at_once(4, lambda: store.claim_due_feeds(30, NOW))
    assert sorted(claim.feed_id for some in claims for claim in some) == sorted(
        Feed.objects.values_list("pk", flat=True)
    )


def _at_once(n_workers: int, work: Callable[[], Any]) -> list[Any]:
    results: list[Any] = []
    barrier = threading.Barrier(n_workers)

    def run() -> None:
        barrier.wait()
        try:
            results.append(work())
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(n_workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(results) == n_workers, "a worker failed"
    return results


# --- hostile sets ---------------------------------------------------------------------------------------------------


@pytest.mark.corpora
def test_poison_items_lose_no_other_entry(hostile: Path) -> None:
    lines = (hostile / "misc" / "poison_items.jsonl").read_text(encoding="utf-8").split("\n")
    rows = [json.loads(line) for line in lines if line]
    for number, row in enumerate(rows):
        feed = cast.feed(f"https://a.example/{number}")
        sound = "".join(f"<item><title>Sound</title><link>https://a.example/{number}/{n}</link></item>" for n in "ab")
        body = f'<?xml version="1.0"?><rss version="2.0"><channel>{_poisoned(row)}{sound}</channel></rss>'
        take_in(feed, Page(feed.url, 200, {}, body.encode("utf-8", "surrogatepass")), NOW, None)
        fetch = feed.fetches.get()
        assert feed.articles.filter(title="Sound").count() == 2, (row["id"], fetch.reason)
        assert fetch.n_stored + fetch.n_duplicate + fetch.n_broken == fetch.n_entries == 3, row["id"]
        assert all(reason for _, _, reason in fetch.broken)


@pytest.mark.corpora
def test_naughty_strings_are_stored_as_they_are_read(hostile: Path) -> None:
    strings = json.loads((hostile / "blns" / "blns.json").read_text(encoding="utf-8"))
    entries = [
        cast.entry(n, title=plain_text(text) or "empty", text=plain_text(text)) for n, text in enumerate(strings)
    ]
    counts = store.save_entries(cast.feed(), cast.parsed(*entries), NOW)
    assert (counts.stored, counts.broken) == (len(strings), ())
    kept = dict(Article.objects.values_list("url", "title"))
    assert all(kept[entry.url] == entry.title for entry in entries)


def _poisoned(row: dict[str, object]) -> str:
    made = {"RANDOM_HEX_9000": "9f" * 4500, "DISTINCT_WORDS_250000": " ".join(f"w{n}" for n in range(250_000))}
    value = str(row["make"][0]) * int(row["make"][1]) if row["make"] else made.get(row["value"], row["value"] or "")
    fields = {"title": "x", "guid": row["id"], "link": f"https://a.example/{row['id']}", "published": "", "body": ""}
    fields |= {row["field"]: value} if row["field"] in fields else {}
    if row["field"] == "":
        fields = dict.fromkeys(fields, "")
    tags = "<category>c</category>" * 20_000 if row["field"] == "tags" else ""
    names = {"published": "pubDate", "body": "description"}
    return (
        "<item>" + "".join(f"<{names.get(k, k)}>{v}</{names.get(k, k)}>" for k, v in fields.items()) + tags + "</item>"
    )
