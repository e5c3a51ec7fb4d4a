"""Who reads which feed: leases, and what a reader writes when it is done."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet

from articles.ingest.plain import one_line
from articles.models import Feed, Fetch
from articles.schedule import next_interval_s
from articles.store.entries import Counts
from articles.store.hosts import busy_hosts, note_request

LEASE_S = 45
MOST_ATTEMPTS = 3
LOOK_AHEAD = 4  # how many times as many due feeds are looked at as are claimed: those of busy hosts are passed over
CLAIM_LOCK = 0x6665656473  # any number that nobody else locks


@dataclass(frozen=True, slots=True)
class Claim:
    """A leased feed; the token proves the lease."""

    feed_id: int
    token: uuid.UUID
    host: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """How one fetch of a feed ended."""

    state: str
    reason: str
    started_at: datetime
    duration_ms: int
    url: str
    http_status: int | None = None
    n_bytes: int = 0
    etag: str = ""
    last_modified: str = ""
    wait_s: int = 0


def claim_due_feeds(limit: int, now: datetime) -> list[Claim]:
    """Leases feeds that are due, oldest first, for as long as they may wait for a reader.

    A host with a leased feed is left alone, so that nobody is asked for two feeds at a time.
    """
    with transaction.atomic():
        _claim_alone()
        busy = busy_hosts(now)
        free = Q(lease_until=None) | Q(lease_until__lt=now)
        due = Feed.objects.select_for_update(skip_locked=True, of=("self",)).filter(free, next_at__lte=now)
        chosen = [feed for feed in due.order_by("next_at")[: limit * LOOK_AHEAD] if host_of(feed.url) not in busy]
        for feed in chosen[:limit]:
            _lease(feed, now)
        changed = ["lease_token", "lease_until", "attempts", "next_at", "state", "state_reason"]
        Feed.objects.bulk_update(chosen[:limit], changed)
    return [Claim(feed.pk, feed.lease_token, host_of(feed.url)) for feed in chosen[:limit] if feed.lease_token]


def host_of(url: str) -> str:
    """Host and port: who is asked, and never twice at a time."""
    return urlsplit(url).netloc.rpartition("@")[2].lower()


def give_back(claim: Claim) -> None:
    """Ends a lease before its time, with nothing done: somebody else may read the feed at once."""
    Feed.objects.filter(pk=claim.feed_id, lease_token=claim.token).update(lease_token=None, lease_until=None)


def _claim_alone() -> None:
    """One claim at a time: two could else choose two feeds of one host."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CLAIM_LOCK])


def _lease(feed: Feed, now: datetime) -> None:
    feed.lease_token, feed.lease_until = uuid.uuid4(), now + timedelta(seconds=LEASE_S)
    if feed.attempts >= MOST_ATTEMPTS:
        feed.next_at, feed.lease_token = now + timedelta(days=1), None
        feed.state, feed.attempts = Feed.State.FAILING, 0
        feed.state_reason = "the reader was killed three times; tried again in a day"


def are_feeds_due(now: datetime) -> bool:
    """Whether a feed waits that nobody has leased."""
    free = Q(lease_until=None) | Q(lease_until__lt=now)
    return Feed.objects.filter(free, next_at__lte=now).exists()


def begin_fetch(feed_id: int, token: uuid.UUID, now: datetime) -> Feed | None:
    """The leased feed, its lease renewed, or None when the lease is gone."""
    held = _held(feed_id, token, now)
    if not held.update(lease_until=now + timedelta(seconds=LEASE_S)):
        return None
    return held.select_related("outlet").first()


def begin_reading(feed_id: int, token: uuid.UUID, now: datetime) -> bool:
    """Counts the attempt, before the work that could kill its reader; False when the lease is gone.

    Pages are read one at a time, so that no feed pays for another that is only fetched at the same time.
    """
    until = now + timedelta(seconds=LEASE_S)
    return bool(_held(feed_id, token, now).update(attempts=F("attempts") + 1, lease_until=until))


def _held(feed_id: int, token: uuid.UUID, now: datetime) -> QuerySet[Feed]:
    return Feed.objects.filter(pk=feed_id, lease_token=token, lease_until__gte=now)


def finish_fetch(
    feed: Feed, token: uuid.UUID | None, attempt: Attempt, counts: Counts | None, n_entries: int, now: datetime
) -> bool:
    """Writes the Fetch row and the feed's state; False when the lease was lost meanwhile (nothing is written)."""
    with transaction.atomic():
        held = Feed.objects.select_for_update().filter(pk=feed.pk, lease_token=token).first()
        if held is None:
            return False
        failed = attempt.state not in (Feed.State.OK, Feed.State.NOT_MODIFIED, Feed.State.EMPTY, Feed.State.UNDATED)
        held.state, held.state_reason = attempt.state, attempt.reason
        held.failing_since = (held.failing_since or attempt.started_at) if failed else None
        n_failures = held.fetches.filter(started_at__gte=held.failing_since).count() + 1 if held.failing_since else 0
        held.fetched_at, held.attempts, held.lease_token, held.lease_until = now, 0, None, None
        if not failed and attempt.state != Feed.State.NOT_MODIFIED:
            held.etag, held.last_modified = attempt.etag, attempt.last_modified
        if counts and counts.stored:
            held.changed_at = now
        wait_s = next_interval_s(held.interval_s, n_failures, held.pk, attempt.wait_s)
        held.next_at = None if held.is_paused else now + timedelta(seconds=wait_s)
        held.save()
        note_request(host_of(held.url), now)
        _save_fetch(held, attempt, counts, n_entries)
    return True


def _save_fetch(feed: Feed, attempt: Attempt, counts: Counts | None, n_entries: int) -> None:
    Fetch.objects.create(
        feed=feed, url=attempt.url, started_at=attempt.started_at, duration_ms=attempt.duration_ms,
        outcome=attempt.state, reason=attempt.reason, http_status=attempt.http_status, n_bytes=attempt.n_bytes,
        n_entries=n_entries, n_stored=counts.stored if counts else 0, n_duplicate=counts.duplicate if counts else 0,
        n_broken=len(counts.broken) if counts else 0, n_undated=counts.undated if counts else 0,
        n_future=counts.future if counts else 0,
        broken=[[b.position, one_line(b.label), one_line(b.reason)] for b in counts.broken] if counts else [],
    )  # fmt: skip
