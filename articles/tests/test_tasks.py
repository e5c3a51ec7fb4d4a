"""Celery's addresses: look up, call, return a count."""

from uuid import uuid4

import pytest
from django.utils import timezone

from articles import store
from articles.models import Article, Feed
from articles.tasks import fetch_due_feeds, fetch_feeds
from articles.tests import cast
from articles.tests.cast import NOW
from articles.tests.loopback import Loopback, reply

pytestmark = pytest.mark.django_db


def test_what_is_due_is_claimed_once() -> None:
    due, paused = cast.feed(next_at=NOW), cast.feed("https://courier.example/b", is_paused=True, next_at=None)
    assert (fetch_due_feeds(), fetch_due_feeds()) == (1, 0)
    due.refresh_from_db(), paused.refresh_from_db()
    assert due.lease_token and not paused.lease_token


def test_a_claimed_feed_is_read(permitted: Loopback) -> None:
    permitted.answers["/feed"] = reply(cast.rss("A", "B"))
    feed = cast.feed(permitted.url(), next_at=NOW)
    (claim,) = store.claim_due_feeds(9, timezone.now())
    message = [[claim.feed_id, str(claim.token), claim.host]]
    assert (fetch_feeds(message), fetch_feeds(message)) == (2, 0), "delivered twice, read once"
    feed.refresh_from_db()
    assert (feed.state, feed.attempts, Article.objects.count()) == (Feed.State.OK, 0, 2)


@pytest.mark.parametrize("pk", [0, 10**9])
def test_a_feed_that_is_gone_is_nothing(pk: int) -> None:
    assert fetch_feeds([[pk, str(uuid4()), "courier.example"]]) == 0
