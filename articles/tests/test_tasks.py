"""Celery's addresses: look up, call, return a count."""

import pytest
from django.utils import timezone
from redis.exceptions import OutOfMemoryError

from articles import store, tasks
from articles.models import Article, Feed
from articles.tests import cast
from articles.tests.loopback import Loopback, reply

pytestmark = pytest.mark.django_db


def test_a_bell_that_rings_three_times_has_each_feed_read_once(permitted: Loopback) -> None:
    permitted.answers["/feed"] = reply(cast.rss("A", "B"))
    feed = cast.feed(permitted.url(), next_at=timezone.now())
    assert [tasks.fetch_due_feeds() for _ in range(3)] == [2, 0, 0]
    feed.refresh_from_db()
    assert (feed.state, feed.attempts, feed.n_begun, Article.objects.count()) == (Feed.State.OK, 0, 0, 2)
    assert len(permitted.requests) == 1


def test_feeds_of_one_host_are_read_one_after_the_other(permitted: Loopback) -> None:
    for number in range(3):
        path = f"/{number}"
        permitted.answers[path] = reply(cast.rss("A", host=f"https://courier.example/{number}"))
        cast.feed(permitted.url(path), next_at=timezone.now())
    assert tasks.fetch_due_feeds() == 3


def test_a_paused_feed_is_not_read() -> None:
    feed = cast.feed(is_paused=True, next_at=None)
    assert tasks.fetch_due_feeds() == 0
    feed.refresh_from_db()
    assert feed.lease_token is None


def test_what_may_have_killed_a_reader_is_read_with_nothing_beside_it(permitted: Loopback) -> None:
    permitted.answers |= {"/a": reply(cast.rss("A")), "/b": reply(cast.rss("B"))}
    suspect = cast.feed(permitted.url("/a"), next_at=timezone.now(), attempts=1)
    cast.feed(permitted.url("/b"), next_at=timezone.now())
    tasks.fetch_due_feeds()
    suspect.refresh_from_db()
    assert (suspect.state, len(permitted.requests)) == (Feed.State.OK, 1)


def test_a_redis_that_takes_nothing_is_no_reason_to_lose_what_was_read(
    permitted: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    def send_task(name: str) -> None:
        raise OutOfMemoryError("command not allowed when used memory > 'maxmemory'")

    monkeypatch.setattr(tasks.current_app, "send_task", send_task)
    permitted.answers["/feed"] = reply(cast.rss("A"))
    cast.feed(permitted.url(), next_at=timezone.now())
    assert tasks.fetch_due_feeds() == 1


def test_all_hosts_follow_the_clock_of_the_database() -> None:
    now = store.clock()
    assert abs((now() - timezone.now()).total_seconds()) < 5 and now() <= now()
