"""Claims of unread articles, and what reading them yields.

claim (a row with a token, counted before the work) → tag (elsewhere, pure) → save (one transaction: evidence, events,
memberships, the finished reading). Any number of workers may do this at once, be killed and repeat it.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from articles.models import Article
from timeline.models import Event, Evidence, Reading
from timeline.store.events import insert_missing_events, refold_events
from timeline.tagging import identity
from timeline.tagging.records import Document, EventTag, Tags

CLAIM_S = 120
MOST_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to read one article with one codebook until the claim runs out."""

    reading_id: int
    article_id: int
    token: uuid.UUID
    document: Document


def claim_unread(codebook: str, limit: int, now: datetime) -> list[Claim]:
    """Claims up to `limit` articles that this codebook has not read, newest first.

    A claim that ran out is taken up again alone, so that an article that kills its worker takes no other with it;
    after three attempts it is set aside.
    """
    with transaction.atomic():
        readings = _reclaim_one(codebook, now) or _claim_new(codebook, limit, now)
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


def save_tags(claim: Claim, tags: Tags, codebook: str, now: datetime) -> int:
    """Stores what a reading found and closes it; returns the number of events. 0 when the claim was lost meanwhile."""
    with transaction.atomic():
        reading = Reading.objects.select_for_update().filter(pk=claim.reading_id, token=claim.token).first()
        if reading is None or reading.finished_at:
            return 0
        article = Article.objects.select_related("outlet").get(pk=claim.article_id)
        by_key = _by_key(tags.events, claim.document.published_on)
        event_ids = _replace_evidence(article, claim.document, by_key, codebook)
        refold_events(event_ids, codebook, now)
        reading.finished_at, reading.claimed_until, reading.token = now, None, None
        reading.outcome, reading.reason, reading.n_events = tags.outcome, tags.reason, len(by_key)
        reading.spans = _mention_spans(tags)
        reading.save()
    return len(by_key)


def set_aside(claim: Claim, reason: str, now: datetime) -> None:
    """Gives a claim back after a failure; the third failure quarantines the article for this codebook."""
    Reading.objects.filter(pk=claim.reading_id, token=claim.token, finished_at=None).update(
        reason=reason[:2000], claimed_until=now, token=None
    )


def try_again(readings: QuerySet[Reading]) -> int:
    """Opens finished readings again, such as quarantined ones; returns how many articles will be read anew."""
    ids = list(readings.exclude(finished_at=None).values_list("pk", flat=True))
    return Reading.objects.filter(pk__in=ids).delete()[1].get("timeline.Reading", 0)


def forget_articles(article_ids: Iterable[int], now: datetime) -> int:
    """Takes away readings and evidence of articles that are about to be removed; returns the events that go with them.

    Events that other articles support stay and are counted anew. Events that nothing else supports are deleted, with
    the rulings on them.
    """
    ids = list(article_ids)
    with transaction.atomic():
        touched = set(Evidence.objects.filter(article__in=ids).values_list("event_id", flat=True))
        Evidence.objects.filter(article__in=ids).delete()
        Reading.objects.filter(article__in=ids).delete()
        supported = set(Evidence.objects.filter(event__in=touched).values_list("event_id", flat=True))
        orphans = Event.objects.filter(pk__in=touched - supported)
        for event in orphans:
            event.rulings.all().delete()
        n_events = orphans.count()
        orphans.delete()
        refold_events(supported, "", now)
    return n_events


def _reclaim_one(codebook: str, now: datetime) -> list[Reading]:
    stale = (
        Reading.objects.select_for_update(skip_locked=True)
        .filter(codebook=codebook, finished_at=None, claimed_until__lte=now)
        .order_by("pk")
        .first()
    )
    if stale is None:
        return []
    if stale.attempts >= MOST_ATTEMPTS:
        stale.finished_at, stale.token, stale.outcome = now, None, Reading.Outcome.QUARANTINED
        stale.reason = stale.reason or "the reader was killed three times"
        stale.save()
        return _reclaim_one(codebook, now)
    stale.attempts += 1
    stale.token, stale.claimed_until = uuid.uuid4(), now + timedelta(seconds=CLAIM_S)
    stale.save()
    return [stale]


def _claim_new(codebook: str, limit: int, now: datetime) -> list[Reading]:
    read = Reading.objects.filter(article=OuterRef("pk"), codebook=codebook)
    unread = (
        Article.objects.select_for_update(skip_locked=True, no_key=True, of=("self",))
        .filter(~Exists(read))
        .order_by("-published_at", "-pk")
        .values_list("pk", flat=True)[:limit]
    )
    until = now + timedelta(seconds=CLAIM_S)
    wanted = [
        Reading(article_id=pk, codebook=codebook, attempts=1, token=uuid.uuid4(), claimed_until=until) for pk in unread
    ]
    # Another worker may have claimed and committed between our snapshot and our lock: what it holds, we do not get.
    Reading.objects.bulk_create(wanted, ignore_conflicts=True)
    return list(Reading.objects.filter(token__in=[reading.token for reading in wanted]).order_by("pk"))


def _by_key(events: Iterable[EventTag], published_on: date) -> dict[bytes, list[EventTag]]:
    by_key: dict[bytes, list[EventTag]] = defaultdict(list)
    for tag in events:
        by_key[identity.event_key(tag, published_on)].append(tag)
    return by_key


def _replace_evidence(
    article: Article, document: Document, by_key: dict[bytes, list[EventTag]], codebook: str
) -> set[str]:
    """Writes the article's machine evidence anew; returns the ids of all events whose evidence changed."""
    machine = Evidence.objects.filter(article=article).exclude(codebook="")
    touched = set(machine.values_list("event_id", flat=True))
    _keep_what_editors_stand_by(machine, {identity.event_id(key) for key in by_key})
    machine.delete()
    insert_missing_events({key: tags[0] for key, tags in by_key.items()})
    rows = {}
    for key, tags in by_key.items():
        for tag in sorted(tags, key=lambda tag: tag.confidence):
            rows[key, tag.begin, tag.end] = _evidence(article, document, key, tag, codebook)
    Evidence.objects.bulk_create(rows.values(), ignore_conflicts=True)
    return touched | {identity.event_id(key) for key in by_key}


def _keep_what_editors_stand_by(machine: QuerySet[Evidence], found_again: set[str]) -> None:
    """Evidence of an accepted or corrected event outlives the codebook that found it."""
    ruled = machine.filter(event__state__in=(Event.State.ACCEPTED, Event.State.CORRECTED))
    ruled.exclude(event__in=found_again).update(codebook="")


def _evidence(article: Article, document: Document, key: bytes, tag: EventTag, codebook: str) -> Evidence:
    return Evidence(
        event_id=identity.event_id(key),
        article=article,
        codebook=codebook,
        sentence_no=tag.sentence_no,
        begin=tag.begin,
        end=tag.end,
        quote=document.text[tag.begin : tag.end],
        spans=[asdict(span) for span in tag.spans],
        why=list(tag.why),
        confidence=tag.confidence,
        coded={
            "verb": tag.verb,
            "contexts": list(tag.contexts),
            "intensity": tag.intensity,
            "speaker": tag.speaker,
            "speaker_text": tag.speaker_text,
            "confidences": dict(tag.confidences),
        },
    )


def _mention_spans(tags: Tags) -> list[dict[str, object]]:
    """What the reader marks beyond events: every actor, place and date that was found."""
    return [
        *({"role": "actor", "begin": m.begin, "end": m.end, "text": m.text, "ref": m.actor} for m in tags.actors),
        *({"role": "place", "begin": m.begin, "end": m.end, "text": m.text, "ref": m.place} for m in tags.places),
        *({"role": "date", "begin": m.begin, "end": m.end, "text": m.text, "ref": m.value} for m in tags.dates),
    ]
