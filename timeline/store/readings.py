"""What reading an article yields, saved in one transaction: evidence, events, memberships, the finished reading."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from articles.models import Article
from timeline.models import Event, Evidence, Reading, Ruling, Tag
from timeline.store.claims import Claim
from timeline.store.events import Draft, coded_values_of, insert_missing_events, lock_events, refold_events
from timeline.store.undated import (
    Move,
    coded_of,
    emptied_events,
    lock_series,
    move_reports,
    note_moves,
    series_of,
    settle,
)
from timeline.tagging import identity
from timeline.tagging.records import Document, EventTag, Tags


def save_tags(claim: Claim, tags: Tags, codebook: str, now: datetime) -> int:
    """Stores what a reading found and closes it; returns the number of events. 0 when the claim was lost meanwhile."""
    with transaction.atomic():
        reading = Reading.objects.select_for_update().filter(pk=claim.reading_id, token=claim.token).first()
        if reading is None or reading.finished_at:
            return 0
        article = Article.objects.select_related("outlet").get(pk=claim.article_id)
        changed = _replace_evidence(article, claim.document, tags.events, codebook)
        refold_events(changed.event_ids, codebook, now)
        note_moves(changed.moves)
        reading.finished_at, reading.claimed_until, reading.token = now, None, None
        reading.outcome, reading.reason, reading.n_events = tags.outcome, tags.reason, changed.n_events
        reading.spans = _mention_spans(tags)
        reading.save()
    return changed.n_events


def forget_articles(article_ids: Iterable[int], now: datetime) -> int:
    """Takes away readings, evidence and tags of articles that are about to be removed; returns the events that go too.

    Events that other articles support stay and are counted anew. Events that nothing else supports are deleted, with
    the rulings on them, and so are tags that nothing else has.
    """
    ids = list(article_ids)
    with transaction.atomic():
        touched = set(Evidence.objects.filter(article__in=ids).values_list("event_id", flat=True))
        moves = _part_from(ids, touched)
        touched |= move_reports(moves)
        emptied = set(emptied_events(series_of(touched)))
        Evidence.objects.filter(article__in=ids).delete()
        Reading.objects.filter(article__in=ids).delete()
        supported = set(Evidence.objects.filter(event__in=touched).values_list("event_id", flat=True))
        refold_events(supported, "", now)
        note_moves(moves)
        gone = touched - supported
        _delete_with_rulings_and_tags(gone | emptied, ids)
    return len(gone - emptied)


def _delete_with_rulings_and_tags(event_ids: Iterable[str], article_ids: Iterable[int]) -> None:
    of_events, of_articles = Q(event__in=event_ids), Q(article__in=article_ids, event=None)
    Ruling.objects.filter(of_events | of_articles).delete()
    tags = Tag.objects.filter(Q(events__in=event_ids) | Q(articles__in=article_ids))
    tag_ids = set(tags.values_list("pk", flat=True))
    Tag.articles.through.objects.filter(article__in=article_ids).delete()
    Event.objects.filter(pk__in=event_ids).delete()
    Tag.objects.filter(pk__in=tag_ids, events=None, articles=None).delete()


def _part_from(article_ids: Collection[int], event_ids: Iterable[str]) -> list[Move]:
    """Makes ready that articles go: locks the events that this reaches, and returns which reports then move."""
    days = {at.date() for at in Article.objects.filter(pk__in=article_ids).values_list("published_at", flat=True)}
    series = series_of(event_ids)
    lock_series(series)
    moves = [move for one in series for move in settle(one, going=days, without=article_ids).moves]
    insert_missing_events(map(_draft_of_move, moves))
    lock_events({*event_ids, *(pk for move in moves for pk in (move.from_id, move.to_id))})
    return moves


@dataclass(frozen=True, slots=True)
class _Changed:
    """Events whose evidence changed, reports that moved, and how many events the article supports."""

    event_ids: set[str]
    moves: list[Move]
    n_events: int


def _replace_evidence(article: Article, document: Document, events: Iterable[EventTag], codebook: str) -> _Changed:
    """Writes the article's machine evidence anew."""
    day = document.published_on
    machine = Evidence.objects.filter(article=article).exclude(codebook="")
    before = set(machine.values_list("event_id", flat=True))
    undated = {identity.series_key(tag) for tag in events if identity.is_undated(tag)}
    series = undated | series_of(before)
    lock_series(series)
    settled = {
        one: settle(one, coming=[day] if one in undated else [], going=[day], without=[article.pk]) for one in series
    }
    found = _by_event(events, day, {one: settled[one].firsts[day] for one in undated})
    moves = [move for one in settled.values() for move in one.moves]
    insert_missing_events([*(draft for draft, _ in found.values()), *map(_draft_of_move, moves)])
    lock_events({*before, *found, *(pk for move in moves for pk in (move.from_id, move.to_id))})
    _keep_what_editors_stand_by(machine, set(found))
    machine.delete()
    touched = move_reports(moves)
    rows = {}
    for event_id, (_, tags) in found.items():
        for tag in sorted(tags, key=lambda tag: tag.confidence):
            rows[event_id, tag.begin, tag.end] = _evidence(article, document, event_id, tag, codebook)
    Evidence.objects.bulk_create(rows.values(), ignore_conflicts=True)
    return _Changed(before | touched | set(found), moves, len(found))


def _by_event(
    events: Iterable[EventTag], day: date, firsts: Mapping[bytes, date]
) -> dict[str, tuple[Draft, list[EventTag]]]:
    """What a report supports, by the id of the event."""
    found: dict[str, tuple[Draft, list[EventTag]]] = {}
    for tag in events:
        draft = _draft(tag, day, firsts)
        found.setdefault(identity.event_id(draft.key), (draft, []))[1].append(tag)
    return found


def _draft(tag: EventTag, day: date, firsts: Mapping[bytes, date]) -> Draft:
    coded, when = coded_values_of(tag), tag.occurred
    if not identity.is_undated(tag):
        return Draft(identity.event_key(tag, day), coded, when.on, when.until, when.precision)
    series = identity.series_key(tag)
    return Draft(identity.undated_key(series, firsts[series]), coded, firsts[series], series=series)


def _draft_of_move(move: Move) -> Draft:
    return Draft(move.key, coded_of(move), move.first_on, series=move.series)


def _keep_what_editors_stand_by(machine: QuerySet[Evidence], found_again: set[str]) -> None:
    """Evidence of an accepted or corrected event outlives the codebook that found it."""
    ruled = machine.filter(event__state__in=(Event.State.ACCEPTED, Event.State.CORRECTED))
    ruled.exclude(event__in=found_again).update(codebook="")


def _evidence(article: Article, document: Document, event_id: str, tag: EventTag, codebook: str) -> Evidence:
    return Evidence(
        event_id=event_id,
        article=article,
        codebook=codebook,
        sentence_no=tag.sentence_no,
        begin=tag.begin,
        end=tag.end,
        quote=document.text[tag.begin : tag.end],
        spans=[asdict(span) for span in tag.spans],
        why=list(tag.why),
        confidence=tag.confidence,
        coded=coded_values_of(tag),
    )


def _mention_spans(tags: Tags) -> list[dict[str, object]]:
    """What the reader marks beyond events: every actor, place and date that was found."""
    return [
        *({"role": "actor", "begin": m.begin, "end": m.end, "text": m.text, "ref": m.actor} for m in tags.actors),
        *({"role": "place", "begin": m.begin, "end": m.end, "text": m.text, "ref": m.place} for m in tags.places),
        *({"role": "date", "begin": m.begin, "end": m.end, "text": m.text, "ref": m.value} for m in tags.dates),
    ]
