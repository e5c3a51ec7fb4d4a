"""Feeds, each once: fetch → parse → store → finish. Every way in which it can end is a state with a plain reason."""

import logging
import re
import time
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar
from uuid import UUID

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection

from articles import store
from articles.ingest.feeds import NotAFeed, parse_feed
from articles.ingest.fetch import Limits, Refused, fetch
from articles.ingest.plain import one_line
from articles.ingest.records import Page, ParsedFeed, Refusal
from articles.models import Feed
from articles.store import Claim

BLOCKED, GONE = {401, 402, 403, 429, 451}, {404, 410}
LONGEST_FRESH_S = 3600
HOSTS_AT_ONCE = 50  # threads that wait for the network; a body has 5 MB at most
BEGIN_WITHIN_S = 12  # with the 20 s that a fetch may take, within
READ_WITHIN_S = 34  # what was fetched is read, and that within the 40 s of a task
RETRY_S, RENEW_EVERY_S = 0.5, 5.0
DATABASE_AWAY = (OperationalError, InterfaceError)
FAULTS_OF_THE_WAY = {Refusal.TIMEOUT, Refusal.UNREACHABLE}

T = TypeVar("T")
log = logging.getLogger(__name__)


def limits() -> Limits:
    return Limits(permit=frozenset(settings.FETCH_TEST_PERMIT), ports=frozenset(settings.FETCH_ALLOWED_PORTS))


def read_feeds(
    claims: Iterable[Claim], bring: Callable[..., Page] = fetch, more: Callable[[int], Iterable[Claim]] = lambda n: ()
) -> int:
    """Fetches leased feeds, many hosts at once; returns the number of new articles.

    `more` is asked for further claims, at most so many, as hosts answer and while there is time to begin a fetch.
    """
    round_of = _Round(bring, more)
    try:
        round_of.begin(claims)
        while round_of.running:
            round_of.take_what_came()
        return round_of.n_stored
    finally:
        round_of.end()


@dataclass(frozen=True, slots=True)
class _Fetch:
    claim: Claim
    began: datetime
    clock: float  # monotonic

    @property
    def took_ms(self) -> int:
        return int((time.monotonic() - self.clock) * 1000)


class _Round:
    """Only the network is waited for in threads; parsing and storing stay here, one feed at a time.

    What cannot be read in time, whatever ends the round, is given back. While the database is away what was fetched is
    kept, and stored when it is there again.
    """

    def __init__(self, bring: Callable[..., Page], more: Callable[[int], Iterable[Claim]]) -> None:
        self.bring, self.more = bring, more
        self.began = self.renewed = time.monotonic()
        self.now = store.clock()
        self.threads = ThreadPoolExecutor(max_workers=HOSTS_AT_ONCE)
        self.running: dict[Future[Page], _Fetch] = {}
        self.n_stored = 0

    def begin(self, claims: Iterable[Claim]) -> None:
        for claim in claims:
            asked = {"If-None-Match": claim.feed.etag, "If-Modified-Since": claim.feed.last_modified}
            headers = {name: value for name, value in asked.items() if value}
            future = self.threads.submit(self.bring, claim.feed.url, limits(), headers)
            self.running[future] = _Fetch(claim, self.now(), time.monotonic())

    def take_what_came(self) -> None:
        for done in wait(self.running, RENEW_EVERY_S, FIRST_COMPLETED).done:
            self._renew()
            self.n_stored += self._finish(self.running.pop(done), done)
        self._renew()
        n_free = HOSTS_AT_ONCE - len(self.running)
        if self._took_s() < BEGIN_WITHIN_S and n_free >= HOSTS_AT_ONCE // 2:
            self.begin(self._patiently(lambda: self.more(n_free)))

    def end(self) -> None:
        """Fetches that are under way cannot be called back: their hosts stay leased as long as they may last."""
        self.threads.shutdown(wait=False, cancel_futures=True)
        for future, one in self.running.items():
            if not future.running():
                store.give_back(one.claim)

    def _renew(self) -> None:
        if time.monotonic() - self.renewed > RENEW_EVERY_S:
            self.renewed = time.monotonic()
            self._patiently(lambda: store.renew_leases([one.claim for one in self.running.values()], self.now()))

    def _took_s(self) -> float:
        return time.monotonic() - self.began

    def _finish(self, one: _Fetch, done: Future[Page]) -> int:
        """Takes the page in. Whatever goes wrong with it is this feed's alone, and is recorded with the reason."""
        feed, token = one.claim.feed, one.claim.token
        try:
            page = done.result()
            if self._took_s() > READ_WITHIN_S:
                store.give_back(one.claim)
                return 0
            is_read = not page.is_not_modified
            if is_read and not self._patiently(lambda: store.begin_reading(one.claim, self.now())):
                return 0
            return self._patiently(lambda: take_in(feed, page, self.now(), token, one.began, one.took_ms))
        except Refused as refused:
            state = Feed.State.FAILING if refused.refusal in FAULTS_OF_THE_WAY else Feed.State.REFUSED
            reason = str(refused)
        except (SoftTimeLimitExceeded, *DATABASE_AWAY):
            raise  # the whole round took too long, or has nowhere to write: whose fault that was, nobody knows
        except Exception as error:
            log.exception("feed %s could not be read", one.claim.feed_id)
            state, reason = Feed.State.FAILING, f"it could not be read: {type(error).__name__}: {error}"
        attempt = store.Attempt(state, one_line(reason)[:500], one.began, one.took_ms, feed.url)
        self._patiently(lambda: store.finish_fetch(feed, token, attempt, None, 0, self.now()))
        return 0

    def _patiently(self, act: Callable[[], T]) -> T:
        """Does it again until the database answers, as long as a reading may take. All of it is repeatable."""
        while True:
            try:
                return act()
            except DATABASE_AWAY:
                if self._took_s() > READ_WITHIN_S:
                    raise
                connection.close()
                time.sleep(RETRY_S)


def take_in(
    feed: Feed, page: Page, now: datetime, token: UUID | None, began: datetime | None = None, duration_ms: int = 0
) -> int:
    """Stores what a page holds and says how it went; returns the number of new articles."""
    state, reason, parsed = _judge(page)
    counts = store.save_entries(feed, parsed, now) if parsed else None
    if parsed and parsed.entries and counts and counts.undated and counts.undated == counts.stored:
        state, reason = Feed.State.UNDATED, "its entries have no dates: they are shown on the day they were first seen"
    attempt = store.Attempt(
        state, one_line(reason), began or now, duration_ms, page.url, page.status, len(page.body),
        one_line(page.headers.get("etag", ""))[:500], one_line(page.headers.get("last-modified", ""))[:200],
        _wait_s(page, now),
    )  # fmt: skip
    n_entries = len(parsed.entries) + len(parsed.broken) if parsed else 0
    store.finish_fetch(feed, token, attempt, counts, n_entries, now)
    return counts.stored if counts else 0


def _judge(page: Page) -> tuple[str, str, ParsedFeed | None]:
    if page.is_not_modified:
        return Feed.State.NOT_MODIFIED, "nothing new since the last fetch", None
    if page.status in BLOCKED:
        return Feed.State.BLOCKED, f"the outlet refuses us (HTTP {page.status})", None
    if page.status in GONE:
        return Feed.State.GONE, f"the address is gone (HTTP {page.status})", None
    if page.status != 200:
        return Feed.State.FAILING, f"the outlet's server answered with an error (HTTP {page.status})", None
    try:
        parsed = parse_feed(page.body, page.url, page.headers.get("content-type", ""))
    except NotAFeed as error:
        return Feed.State.INVALID, str(error), None
    if not parsed.entries and parsed.broken:
        why = parsed.note or parsed.broken[0].reason
        return Feed.State.INVALID, f"none of its entries can be read: {why}", parsed
    if not parsed.entries:
        return Feed.State.EMPTY, "a valid feed without entries", parsed
    return Feed.State.OK, f"read all the same: {parsed.note}" if parsed.note else "", parsed


def _wait_s(page: Page, now: datetime) -> int:
    """How long the server asks us to stay away: `Retry-After`, or for an hour at most how long its answer is fresh."""
    fresh = re.search(r"(?:^|[\s,])max-age=(\d{1,9})", page.headers.get("cache-control", "").lower())
    return max(_retry_after_s(page, now), min(int(fresh[1]), LONGEST_FRESH_S) if fresh and page.status < 400 else 0)


def _retry_after_s(page: Page, now: datetime) -> int:
    value = page.headers.get("retry-after", "").strip()
    if value.isdecimal():
        return int(value[:8])
    try:
        until = parsedate_to_datetime(value)
    except (ValueError, TypeError):
        return 0
    return max(0, int(((until if until.tzinfo else until.replace(tzinfo=UTC)) - now).total_seconds()))
