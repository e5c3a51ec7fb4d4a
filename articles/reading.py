"""Feeds, each once: fetch → parse → store → finish. Every way in which it can end is a state with a plain reason."""

import logging
import re
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from uuid import UUID

from celery.exceptions import SoftTimeLimitExceeded
from django.utils import timezone

from articles import store
from articles.door import limits
from articles.ingest.children import apart
from articles.ingest.feeds import NotAFeed, parse_feed
from articles.ingest.fetch import Refused, fetch
from articles.ingest.plain import one_line
from articles.ingest.records import Page, ParsedFeed, Refusal
from articles.ingest.scan import TooComplex
from articles.models import Feed
from articles.store import Claim

BLOCKED, GONE = {401, 402, 403, 429, 451}, {404, 410}
LONGEST_FRESH_S = 3600
HOSTS_AT_ONCE = 50  # threads that wait for the network; a body has 5 MB at most
BEGIN_WITHIN_S = 15  # with the 20 s that a fetch may take, well within a task's time limit
READ_WITHIN_S = 25  # what comes later is given back: it could take 14 s to read
FAULTY = {Feed.State.INVALID, Feed.State.BLOCKED, Feed.State.GONE, Feed.State.FAILING}
FAULTS_OF_THE_WAY = {Refusal.TIMEOUT, Refusal.UNREACHABLE}

log = logging.getLogger(__name__)


def read_feeds(claims: Iterable[Claim], bring: Callable[..., Page] = fetch) -> int:
    """Fetches leased feeds, many hosts at once and each host once at a time; returns the number of new articles.

    Only the network is waited for in threads; parsing and storing stay here, one feed at a time. What could not be
    begun in time is given back.
    """
    waiting: dict[str, deque[Claim]] = defaultdict(deque)
    for claim in claims:
        waiting[claim.host].append(claim)
    n_stored, until, read_until = 0, time.monotonic() + BEGIN_WITHIN_S, time.monotonic() + READ_WITHIN_S
    with ThreadPoolExecutor(max_workers=min(HOSTS_AT_ONCE, len(waiting) or 1)) as threads:
        running: dict[Future[Page], _Fetch] = {}
        for host in waiting:
            _begin_next(waiting[host], bring, threads, running, until)
        while running:
            for done in wait(running, return_when=FIRST_COMPLETED).done:
                one = running.pop(done)
                n_stored += _finish(one, done, read_until)
                _begin_next(waiting[one.claim.host], bring, threads, running, until)
    for claim in (claim for left in waiting.values() for claim in left):
        store.give_back(claim)
    return n_stored


@dataclass(frozen=True, slots=True)
class _Fetch:
    claim: Claim
    feed: Feed
    began: datetime
    clock: float


def _begin_next(
    waiting: deque[Claim],
    bring: Callable[..., Page],
    threads: ThreadPoolExecutor,
    running: dict[Future[Page], _Fetch],
    until: float,
) -> None:
    """Begins the host's next feed whose lease still holds, while there is time."""
    while waiting and time.monotonic() < until:
        claim = waiting.popleft()
        feed = store.begin_fetch(claim.feed_id, claim.token, timezone.now())
        if feed is not None:
            asked = {"If-None-Match": feed.etag, "If-Modified-Since": feed.last_modified}
            headers = {name: value for name, value in asked.items() if value}
            future = threads.submit(bring, feed.url, limits(), headers)
            running[future] = _Fetch(claim, feed, timezone.now(), time.monotonic())
            return


def _finish(one: _Fetch, done: Future[Page], read_until: float) -> int:
    """Takes the page in. Whatever goes wrong with it is this feed's alone, and is recorded with the reason."""
    try:
        page = done.result()
        if time.monotonic() > read_until:
            store.give_back(one.claim)
            return 0
        if not store.begin_reading(one.claim.feed_id, one.claim.token, timezone.now()):
            return 0
        return take_in(one.feed, page, timezone.now(), one.claim.token, one.began, _ms(one.clock))
    except Refused as refused:
        state = Feed.State.FAILING if refused.refusal in FAULTS_OF_THE_WAY else Feed.State.REFUSED
        reason = f"{refused} – {refused.refusal.advice}"
    except SoftTimeLimitExceeded:
        raise  # the whole batch took too long: whose fault that was, nobody knows
    except Exception as error:
        log.exception("feed %s could not be read", one.claim.feed_id)
        state, reason = Feed.State.FAILING, f"it could not be read: {type(error).__name__}: {error}"
    attempt = store.Attempt(state, one_line(reason)[:500], one.began, _ms(one.clock), one.feed.url)
    store.finish_fetch(one.feed, one.claim.token, attempt, None, 0, timezone.now())
    return 0


def take_in(
    feed: Feed, page: Page, now: datetime, token: UUID | None, began: datetime | None = None, duration_ms: int = 0
) -> int:
    """Stores what a page holds and says how it went; returns the number of new articles."""
    state, reason, parsed = _judge(page)
    counts = store.save_entries(feed, parsed, now) if parsed else None
    if parsed and parsed.entries and counts and counts.undated and counts.undated == counts.stored:
        state, reason = Feed.State.UNDATED, "its entries have no dates: they are shown on the day they were first seen"
    if parsed and parsed.sitemaps:
        state, reason = _follow(feed, parsed.sitemaps, now)
    attempt = store.Attempt(
        state, one_line(reason), began or now, duration_ms, page.url, page.status, len(page.body),
        one_line(page.headers.get("etag", ""))[:500], one_line(page.headers.get("last-modified", ""))[:200],
        _wait_s(page, now),
    )  # fmt: skip
    n_entries = len(parsed.entries) + len(parsed.broken) if parsed else 0
    if state in FAULTY or (counts and counts.stored):
        store.keep_copy(feed.outlet, page, now, feed=feed, problem=reason if state in FAULTY else "")
    store.finish_fetch(feed, token, attempt, counts, n_entries, now)
    return counts.stored if counts else 0


def _follow(feed: Feed, sitemaps: Sequence[str], now: datetime) -> tuple[str, str]:
    if feed.listed_by_id:
        return Feed.State.INVALID, "an index of sitemaps within another one, which we do not follow"
    store.save_sitemaps(feed, sitemaps, now)
    return Feed.State.OK, f"an index of sitemaps: {len(sitemaps)} of them are read as feeds of their own"


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
        parsed = apart(parse_feed, page.body, page.url, page.headers.get("content-type", ""))
    except (NotAFeed, TooComplex) as error:
        return Feed.State.INVALID, str(error), None
    if not parsed.entries and parsed.broken:
        why = parsed.note or parsed.broken[0].reason
        return Feed.State.INVALID, f"none of its entries can be read: {why}", parsed
    if parsed.sitemaps:
        return Feed.State.OK, "", parsed
    if not parsed.entries:
        return Feed.State.EMPTY, "a valid feed without entries", parsed
    return Feed.State.OK, f"read all the same: {parsed.note}" if parsed.note else "", parsed


def _wait_s(page: Page, now: datetime) -> int:
    """How long the server asks us to stay away: `Retry-After`, or for an hour at most how long its answer is fresh."""
    fresh = re.search(r"(?:^|[\s,])max-age=(\d{1,9})", page.headers.get("cache-control", "").lower())
    return max(retry_after_s(page, now), min(int(fresh[1]), LONGEST_FRESH_S) if fresh and page.status < 400 else 0)


def retry_after_s(page: Page, now: datetime) -> int:
    value = page.headers.get("retry-after", "").strip()
    if value.isdecimal():
        return int(value[:8])
    try:
        until = parsedate_to_datetime(value)
    except (ValueError, TypeError):
        return 0
    return max(0, int(((until if until.tzinfo else until.replace(tzinfo=UTC)) - now).total_seconds()))


def _ms(began: float) -> int:
    return int((time.monotonic() - began) * 1000)
