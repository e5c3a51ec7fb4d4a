"""Who reads which article: claims of unread ones.

claim (a row with a token) → begin (the attempt is counted before the work) → tag (elsewhere, pure) → save (`readings`).
Any number of workers may do this at once, be killed and repeat it.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, TextField, Value, When

from articles.models import Article
from timeline.models import Reading
from timeline.tagging.records import Document

CLAIM_S = 45  # renewed when the turn of an article comes; a task may last 50 s
FORGET_S = 600  # claims of a codebook that nobody follows any more
MOST_ATTEMPTS = 3
KILLED = "its reader was killed three times"


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to read one article with one codebook until the claim runs out."""

    reading_id: int
    article_id: int
    token: uuid.UUID
    document: Document


def claim_unread(codebook: str, limit: int, now: datetime) -> list[Claim]:
    """Claims up to `limit` articles that this codebook has not read, newest first.

    An article whose reader did not come back is taken up again alone, so that one that kills its worker takes no other
    with it; after three attempts it is set aside.
    """
    sweep_readings(codebook, now)
    with transaction.atomic():
        readings = _reclaim_suspect(codebook, now) or _reclaim_or_claim(codebook, limit, now)
    articles = Article.objects.in_bulk([reading.article_id for reading in readings])
    return [
        Claim(reading.pk, reading.article_id, reading.token, document_of(articles[reading.article_id]))
        for reading in readings
        if reading.token and reading.article_id in articles
    ]


def document_of(article: Article) -> Document:
    """What the taggers read of an article."""
    published_on = article.published_at.date()
    return Document(article.document, published_on, article.lang, len(article.title))


def begin_reading(claim: Claim, now: datetime) -> bool:
    """Counts the attempt and renews the claim, before the work that could kill its reader; False when it was lost."""
    held = Reading.objects.filter(pk=claim.reading_id, token=claim.token, finished_at=None, claimed_until__gt=now)
    return bool(held.update(attempts=F("attempts") + 1, claimed_until=now + timedelta(seconds=CLAIM_S)))


def sweep_readings(codebook: str, now: datetime) -> int:
    """Sees to claims that ran out: sets aside what killed three readers, forgets old claims of other codebooks.

    Returns how many. The others are taken up by the next claim.
    """
    run_out = Reading.objects.select_for_update(skip_locked=True).filter(finished_at=None, claimed_until__lte=now)
    killers, old = Q(attempts__gte=MOST_ATTEMPTS), Q(claimed_until__lte=now - timedelta(seconds=FORGET_S))
    with transaction.atomic():
        ids = list(run_out.filter(killers).values_list("pk", flat=True))
        Reading.objects.filter(pk__in=ids).update(
            finished_at=now, token=None, claimed_until=None, outcome=Reading.Outcome.QUARANTINED,
            reason=Case(When(reason="", then=Value(KILLED, TextField())), default="reason"),
        )  # fmt: skip
        left = list(run_out.filter(old).exclude(killers).exclude(codebook=codebook).values_list("pk", flat=True))
        Reading.objects.filter(pk__in=left).delete()
    return len(ids) + len(left)


def give_back(claims: Iterable[Claim], now: datetime) -> None:
    """Ends claims before their time, with nothing done: somebody else may read the articles at once."""
    tokens = [claim.token for claim in claims]
    Reading.objects.filter(token__in=tokens, finished_at=None).update(claimed_until=now, token=None)


def has_run_out_claims(now: datetime) -> bool:
    """Whether an article waits whose reader did not come back."""
    return Reading.objects.filter(finished_at=None, claimed_until__lte=now).exists()


def set_aside(claim: Claim, reason: str, now: datetime) -> None:
    """Gives a claim back after a failure; the third failure quarantines the article for this codebook."""
    Reading.objects.filter(pk=claim.reading_id, token=claim.token, finished_at=None).update(
        reason=reason[:2000], claimed_until=now, token=None
    )


def try_again(readings: QuerySet[Reading]) -> int:
    """Opens finished readings again, such as quarantined ones; returns how many articles will be read anew."""
    ids = list(readings.exclude(finished_at=None).values_list("pk", flat=True))
    return Reading.objects.filter(pk__in=ids).delete()[1].get("timeline.Reading", 0)


def _reclaim_suspect(codebook: str, now: datetime) -> list[Reading]:
    """One article whose reading was begun and never ended."""
    return _reclaim(_run_out(codebook, now).filter(attempts__gt=0), 1, now)


def _reclaim_or_claim(codebook: str, limit: int, now: datetime) -> list[Reading]:
    """Articles that only waited their turn beside a killer, and then new ones."""
    waited = _reclaim(_run_out(codebook, now).filter(attempts=0), limit, now)
    return waited + (_claim_new(codebook, limit - len(waited), now) if len(waited) < limit else [])


def _run_out(codebook: str, now: datetime) -> QuerySet[Reading]:
    left = Reading.objects.select_for_update(skip_locked=True)
    return left.filter(codebook=codebook, finished_at=None, claimed_until__lte=now, attempts__lt=MOST_ATTEMPTS)


def _reclaim(stale: QuerySet[Reading], limit: int, now: datetime) -> list[Reading]:
    readings = list(stale.order_by("pk")[:limit])
    for reading in readings:
        reading.token, reading.claimed_until = uuid.uuid4(), now + timedelta(seconds=CLAIM_S)
    if readings:
        Reading.objects.bulk_update(readings, ["token", "claimed_until"])
    return readings


def _claim_new(codebook: str, limit: int, now: datetime) -> list[Reading]:
    read = Reading.objects.filter(article=OuterRef("pk"), codebook=codebook)
    unread = (
        Article.objects.select_for_update(skip_locked=True, no_key=True, of=("self",))
        .filter(~Exists(read))
        .order_by("-published_at", "-pk")
        .values_list("pk", flat=True)[:limit]
    )
    until = now + timedelta(seconds=CLAIM_S)
    wanted = [Reading(article_id=pk, codebook=codebook, token=uuid.uuid4(), claimed_until=until) for pk in unread]
    # Another worker may have claimed and committed between our snapshot and our lock: what it holds, we do not get.
    Reading.objects.bulk_create(wanted, ignore_conflicts=True)
    return list(Reading.objects.filter(token__in=[reading.token for reading in wanted]).order_by("pk"))
