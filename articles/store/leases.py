"""Who reads which feed: leases, and what a reader writes when it is done.

claim (a lease with a token; what could kill the reader is counted before it is done) → fetch and read (elsewhere) →
finish (one transaction, by the token). A reader that does not come back loses its lease to the next sweep.
"""

import time
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from articles.ingest.plain import one_line
from articles.models import Feed, Fetch
from articles.schedule import next_interval_s
from articles.store.entries import Counts

LEASE_S = 30  # readers renew it; with a bell every 10 s, what a killed one held is taken up after 40 s at most
MOST_ATTEMPTS = 3
MOST_BEGINNINGS = 3  # fetches begun beside others and never finished; the next one is made alone
SET_ASIDE = "its reader was killed three times: set aside until somebody tries again"
NO_LEASE: dict[str, None] = {"lease_token": None, "lease_until": None, "lease_owner": None}
CLAIM_LOCK = 0x6665656473  # any number that nobody else locks


@dataclass(frozen=True, slots=True)
class Claim:
    """A leased feed, as it was when it was claimed; the token proves the lease.

    `is_alone`: it may be what killed a reader, and is read with nothing beside it; the attempt is counted already.
    """

    feed: Feed
    token: uuid.UUID
    is_alone: bool = False

    @property
    def feed_id(self) -> int:
        return self.feed.pk


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


def clock() -> Callable[[], datetime]:
    """The database's clock, asked once and carried on: hosts whose own clocks differ agree when a lease ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (asked_at,) = cursor.fetchone()
    began = time.monotonic()
    return lambda: asked_at + timedelta(seconds=time.monotonic() - began)


def sweep_leases(now: datetime) -> int:
    """Ends leases that ran out; returns how many. A feed that killed its reader three times is set aside."""
    return _end_leases(Q(lease_until__lt=now), now)


def end_leases_of(owner: uuid.UUID, now: datetime) -> int:
    """Ends what a task held whose process is known to be dead; returns how many leases."""
    return _end_leases(Q(lease_owner=owner, lease_until__isnull=False), now)


def claim_due_feeds(limit: int, now: datetime, owner: uuid.UUID | None = None) -> list[Claim]:
    """Leases feeds that are due, oldest first, one of a host: nobody is asked for two feeds at a time.

    Feeds that may have killed a reader are left to `claim_suspect`.
    """
    return _claim(_due(now).exclude(_suspects()), limit, now, owner)


def claim_suspect(now: datetime, owner: uuid.UUID | None = None) -> list[Claim]:
    """Leases one due feed whose reader did not come back last time, to be read alone; an attempt is counted now."""
    return _claim(_due(now).filter(_suspects()), 1, now, owner, n_attempts=1)


def are_feeds_due(now: datetime) -> bool:
    """Whether a feed waits that nobody has leased."""
    return _due(now).exists()


def renew_leases(claims: Iterable[Claim], now: datetime) -> None:
    """Says that the reader of these lives."""
    held = list(claims)
    Feed.objects.filter(
        pk__in=[claim.feed_id for claim in held], lease_token__in={claim.token for claim in held}, lease_until__gte=now
    ).update(lease_until=now + timedelta(seconds=LEASE_S))


def give_back(claim: Claim) -> None:
    """Ends a lease before its time, with nothing done: somebody else may read the feed at once."""
    Feed.objects.filter(pk=claim.feed_id, lease_token=claim.token).update(lease_token=None, lease_until=None, n_begun=0)


def begin_reading(claim: Claim, now: datetime) -> bool:
    """Counts the attempt, before the work that could kill its reader; False when the lease is gone.

    Pages are read one at a time, so that no feed pays for another that is only fetched at the same time.
    """
    held = Feed.objects.filter(pk=claim.feed_id, lease_token=claim.token, lease_until__gte=now)
    n_attempts = F("attempts") if claim.is_alone else F("attempts") + 1
    return bool(held.update(attempts=n_attempts, lease_until=now + timedelta(seconds=LEASE_S)))


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
        held.attempts = held.n_begun = 0
        held.fetched_at, held.lease_token, held.lease_until, held.lease_owner = now, None, None, None
        if not failed and attempt.state != Feed.State.NOT_MODIFIED:
            held.etag, held.last_modified = attempt.etag, attempt.last_modified
        if counts and counts.stored:
            held.changed_at = now
        wait_s = next_interval_s(held.interval_s, n_failures, held.pk, attempt.wait_s)
        held.next_at = None if held.is_paused else now + timedelta(seconds=wait_s)
        held.save()
        _save_fetch(held, attempt, counts, n_entries)
    return True


def _due(now: datetime) -> QuerySet[Feed]:
    return Feed.objects.filter(Q(lease_until=None) | Q(lease_until__lt=now), next_at__lte=now)


def _suspects() -> Q:
    return Q(attempts__gt=0) | Q(n_begun__gte=MOST_BEGINNINGS)


def _end_leases(which: Q, now: datetime) -> int:
    ended = Feed.objects.select_for_update(skip_locked=True).filter(which)
    with transaction.atomic():
        ids = list(ended.values_list("pk", flat=True))
        if ids:
            left = Feed.objects.filter(pk__in=ids)
            left.filter(attempts__gte=MOST_ATTEMPTS).update(
                state=Feed.State.QUARANTINED, state_reason=SET_ASIDE, next_at=None,
                failing_since=Coalesce("failing_since", now),
            )  # fmt: skip
            left.update(**NO_LEASE)
    return len(ids)


def _claim(due: QuerySet[Feed], limit: int, now: datetime, owner: uuid.UUID | None, n_attempts: int = 0) -> list[Claim]:
    """One claim at a time: two could else choose two feeds of one host."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CLAIM_LOCK])
        sweep_leases(now)
        busy = Feed.objects.filter(lease_until__gte=now).values("host")
        first_of_host = due.exclude(host__in=busy).order_by("host", "next_at", "pk").distinct("host")
        oldest = Feed.objects.select_related("outlet").filter(pk__in=first_of_host.values("pk"))
        chosen = list(oldest.select_for_update(of=("self",), skip_locked=True).order_by("next_at", "pk")[:limit])
        token = uuid.uuid4()
        Feed.objects.filter(pk__in=[feed.pk for feed in chosen]).update(
            lease_token=token, lease_until=now + timedelta(seconds=LEASE_S), lease_owner=owner,
            attempts=F("attempts") + n_attempts, n_begun=F("n_begun") + 1,
        )  # fmt: skip
    return [Claim(feed, token, is_alone=n_attempts > 0) for feed in chosen]


def _save_fetch(feed: Feed, attempt: Attempt, counts: Counts | None, n_entries: int) -> None:
    Fetch.objects.create(
        feed=feed, url=attempt.url, started_at=attempt.started_at, duration_ms=attempt.duration_ms,
        outcome=attempt.state, reason=attempt.reason, http_status=attempt.http_status, n_bytes=attempt.n_bytes,
        n_entries=n_entries, n_stored=counts.stored if counts else 0, n_duplicate=counts.duplicate if counts else 0,
        n_broken=len(counts.broken) if counts else 0, n_undated=counts.undated if counts else 0,
        broken=[[b.position, one_line(b.label), one_line(b.reason)] for b in counts.broken] if counts else [],
    )  # fmt: skip
