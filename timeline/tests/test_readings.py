"""Claiming, saving and folding: at-least-once delivery, effectively-once results."""

import random
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

import pytest
from django.contrib.auth.models import User
from django.db import connection

from articles.models import Article, Outlet
from timeline import store
from timeline.models import Actor, Event, Evidence, Membership, Place, Reading, Ruling, Situation, Tag
from timeline.registry import forget_kept
from timeline.tagging.records import EventTag, Occurred, RoleSpan, Tags

pytestmark = pytest.mark.django_db

NOW = datetime(2025, 6, 24, 12, tzinfo=UTC)
BOOK, NEWER = "a" * 64, "b" * 64
QUOTE = "Northland struck Southland on Monday."


@pytest.fixture(autouse=True)
def cast() -> None:
    for slug in ("northland", "southland", "eastland"):
        Actor.objects.create(slug=slug, name=slug.title(), kind="state")
    situation = Situation.objects.create(slug="north-south", name="North and South")
    situation.core_actors.set(Actor.objects.filter(slug__in=("northland", "southland")))
    forget_kept()


def article(name: str, outlet: str = "gazette", text: str = QUOTE, day: int = 23) -> Article:
    publisher, _ = Outlet.objects.get_or_create(slug=outlet, defaults={"name": outlet})
    digest = sha256(name.encode()).digest()
    return Article.objects.create(
        outlet=publisher, guid_sha256=digest, url_sha256=digest, content_sha256=digest, title=name, text=text,
        lang="en", published_at=datetime(2025, 6, day, 10, tzinfo=UTC), fetched_at=NOW,
    )  # fmt: skip


def strike(begin: int, *, day: int | None = 23, confidence: float = 0.8, **other: object) -> EventTag:
    occurred = Occurred(date(2025, 6, day), "day") if day else Occurred(date(2025, 6, 24), "unknown")
    fields: dict[str, object] = {
        "sentence_no": 1,
        "begin": begin,
        "end": begin + len(QUOTE),
        "type": "ASSAULT",
        "mode": "",
        "contexts": ("military",),
        "quad": 4,
        "intensity": -9.0,
        "modality": "asserted",
        "actors": ("northland",),
        "recipients": ("southland",),
        "occurred": occurred,
        "verb": "struck",
        "confidence": confidence,
        "spans": (RoleSpan("verb", begin + 10, begin + 16, "struck"),),
    }
    return EventTag(**(fields | other))


def undated(day: int, **other: object) -> EventTag:
    """A report of that day which names no day."""
    return strike(0, day=None, occurred=Occurred(date(2025, 6, day), "unknown"), **other)


def read(one: Article, *events: EventTag, book: str = BOOK) -> store.Claim:
    claim = next(claim for claim in store.claim_unread(book, 50, NOW) if claim.article_id == one.pk)
    store.save_tags(claim, Tags("coded" if events else "no-event", events=events), book, NOW)
    return claim


def body_of(one: Article) -> int:
    return len(one.title) + 1


def test_it_claims_each_article_once() -> None:
    article("one"), article("two")
    assert len(store.claim_unread(BOOK, 10, NOW)) == 2
    assert store.claim_unread(BOOK, 10, NOW) == []


def test_it_claims_newest_first_and_no_more_than_asked() -> None:
    article("old", day=1)
    new = article("new", day=20)
    assert [claim.article_id for claim in store.claim_unread(BOOK, 1, NOW)] == [new.pk]


def test_it_reads_all_again_with_another_codebook() -> None:
    read(article("one"))
    assert len(store.claim_unread(NEWER, 10, NOW)) == 1


def test_it_takes_up_alone_what_was_read_when_its_reader_was_killed() -> None:
    article("one"), article("two")
    killer, other = store.claim_unread(BOOK, 10, NOW)
    store.begin_reading(killer, NOW)  # … and here the worker dies
    again = [store.claim_unread(BOOK, 10, NOW + timedelta(seconds=store.claims.CLAIM_S)) for _ in range(2)]
    assert [[claim.article_id for claim in claims] for claims in again] == [[killer.article_id], [other.article_id]]
    assert sorted(Reading.objects.values_list("attempts", flat=True)) == [0, 1]


def test_it_sets_an_article_aside_after_three_attempts() -> None:
    article("poison")
    for attempt in range(3):
        (claim,) = store.claim_unread(BOOK, 10, NOW + timedelta(hours=attempt))
        assert store.begin_reading(claim, NOW + timedelta(hours=attempt))
    assert store.claim_unread(BOOK, 10, NOW + timedelta(hours=4)) == []
    reading = Reading.objects.get()
    assert (reading.outcome, reading.reason) == (Reading.Outcome.QUARANTINED, "its reader was killed three times")


def test_it_says_why_an_article_was_set_aside() -> None:
    article("poison")
    for _ in range(3):
        (claim,) = store.claim_unread(BOOK, 10, NOW)
        store.begin_reading(claim, NOW)
        store.set_aside(claim, "ValueError: broken", NOW)
    store.claim_unread(BOOK, 10, NOW)
    assert Reading.objects.get().reason == "ValueError: broken"


def test_an_article_that_only_waits_its_turn_is_no_killer() -> None:
    article("one")
    for hour in range(9):
        assert len(store.claim_unread(BOOK, 10, NOW + timedelta(hours=hour / 10))) == 1


def test_it_begins_nothing_that_somebody_else_has_taken_up() -> None:
    article("one")
    (late,) = store.claim_unread(BOOK, 10, NOW)
    later = NOW + timedelta(minutes=5)
    (again,) = store.claim_unread(BOOK, 10, later)
    assert not store.begin_reading(late, later) and store.begin_reading(again, later)


def test_it_gives_back_what_it_has_no_time_for() -> None:
    article("one"), article("two")
    _, *rest = store.claim_unread(BOOK, 10, NOW)
    store.give_back(rest, NOW)
    assert [claim.article_id for claim in store.claim_unread(BOOK, 10, NOW)] == [rest[0].article_id]


def test_the_sweep_forgets_claims_of_a_codebook_that_is_gone() -> None:
    article("one")
    store.claim_unread(BOOK, 10, NOW)
    assert store.has_run_out_claims(NOW + timedelta(minutes=1))
    sweeps = [(NEWER, 1), (BOOK, 60), (NEWER, 60)]
    assert [store.sweep_readings(book, NOW + timedelta(minutes=n)) for book, n in sweeps] == [0, 0, 1]
    assert not Reading.objects.exists()


def test_it_stores_event_participants_evidence_and_membership() -> None:
    one = article("one")
    read(one, strike(body_of(one)))
    event = Event.objects.get()
    assert (event.type, event.quad, event.verb, event.n_articles) == ("ASSAULT", 4, "struck", 1)
    assert set(event.participants.values_list("part", "actor__slug")) == {
        ("actor", "northland"),
        ("recipient", "southland"),
    }
    assert event.evidence.get().quote == one.document[body_of(one) :]
    assert Membership.objects.get().rule == "core-dyad"


def test_it_keeps_others_out_of_the_situation() -> None:
    one = article("one")
    read(one, strike(body_of(one), recipients=("eastland",)))
    assert Event.objects.count() == 1
    assert not Membership.objects.exists()


def test_it_folds_two_reports_into_one_event() -> None:
    for name, outlet in (("one", "gazette"), ("two", "courier")):
        one = article(name, outlet)
        read(one, strike(body_of(one)))
    event = Event.objects.get()
    assert (event.n_articles, event.n_families, event.evidence.count()) == (2, 2, 2)


def test_it_counts_one_family_once() -> None:
    Outlet.objects.create(slug="sister", name="Sister", family="gazette")
    for name, outlet in (("one", "gazette"), ("two", "sister")):
        one = article(name, outlet)
        read(one, strike(body_of(one)))
    assert Event.objects.get().n_families == 1


def test_it_ignores_a_claim_that_was_lost() -> None:
    one = article("one")
    late = store.claim_unread(BOOK, 10, NOW)[0]
    read_again = store.claim_unread(BOOK, 10, NOW + timedelta(hours=1))[0]
    tags = Tags("coded", events=(strike(body_of(one)),))
    assert store.save_tags(read_again, tags, BOOK, NOW) == 1
    assert store.save_tags(late, tags, BOOK, NOW) == 0
    assert Evidence.objects.count() == 1


def test_it_ignores_the_same_result_delivered_twice() -> None:
    one = article("one")
    claim = read(one, strike(body_of(one)))
    assert store.save_tags(claim, Tags("coded", events=(strike(body_of(one)),)), BOOK, NOW) == 0


def test_it_keeps_the_id_when_another_codebook_finds_the_event_again() -> None:
    one = article("one")
    read(one, strike(body_of(one)))
    before = Event.objects.get().pk
    read(one, strike(body_of(one), confidence=0.5), book=NEWER)
    assert (Event.objects.get().pk, Event.objects.get().codebook) == (before, NEWER)


def test_it_retracts_what_the_new_codebook_does_not_find() -> None:
    one = article("one")
    read(one, strike(body_of(one)))
    read(one, book=NEWER)
    event = Event.objects.get()
    assert event.retracted_at == NOW
    assert event.retracted_reason


def test_it_brings_a_retracted_event_back_when_it_is_reported_again() -> None:
    one = article("one")
    read(one, strike(body_of(one)))
    read(one, book=NEWER)
    two = article("two")
    read(two, strike(body_of(two)), book=NEWER)
    assert Event.objects.get().retracted_at is None


def test_it_keeps_an_accepted_event_that_the_new_codebook_does_not_find() -> None:
    one = article("one")
    read(one, strike(body_of(one)))
    store.rule_event(Event.objects.get().pk, editor(), Ruling.Verb.ACCEPT)
    read(one, book=NEWER)
    event = Event.objects.get()
    assert (event.retracted_at, event.state, event.evidence.count()) == (None, "accepted", 1)


def test_it_keeps_a_rejected_event_rejected_when_it_is_reported_again() -> None:
    one, two = article("one"), article("two")
    read(one, strike(body_of(one)))
    store.rule_event(Event.objects.get().pk, editor(), Ruling.Verb.REJECT, reason="a film review")
    Reading.objects.filter(article=two).delete()
    read(two, strike(body_of(two)))
    assert Event.objects.get().state == "rejected"


def test_it_dates_an_undated_event_by_its_first_report_in_any_order() -> None:
    for name, day in (("late", 24), ("early", 23)):
        read(article(name, day=day), undated(day))
    event = Event.objects.get(retracted_at=None)
    assert event.occurred_on == date(2025, 6, 23)
    assert set(event.participants.values_list("occurred_on", flat=True)) == {date(2025, 6, 23)}
    gone = Event.objects.exclude(retracted_at=None).get()
    assert gone.retracted_reason == f"Its reports are counted to event {event.pk}, first reported on 2025-06-23."


def test_it_keeps_attacks_of_one_week_apart() -> None:
    for day in (9, 12, 10):
        read(article(f"of {day}", day=day), undated(day))
    events = Event.objects.filter(retracted_at=None).order_by("occurred_on")
    assert [(event.occurred_on.day, event.date_precision, event.n_articles) for event in events] == [
        (9, "unknown", 2), (12, "unknown", 1),
    ]  # fmt: skip


REPORTS = (
    # day of publication, outlet, what differs; of one series unless a place is named
    (12, "gazette", {"confidence": 0.7, "speaker": "eastland", "speaker_text": "Eastland"}),
    (9, "gazette", {"confidence": 0.6, "verb": "hit"}),
    (10, "courier", {"confidence": 0.9, "speaker": "eastland", "speaker_text": "Eastland", "verb": "shelled"}),
    (10, "gazette", {"confidence": 0.9, "contexts": ("energy",), "speaker_text": "witnesses"}),
    (11, "herald", {"speaker": "eastland", "speaker_text": "eastland"}),
    (13, "courier", {"speaker": "eastland", "speaker_text": "Eastland", "confidence": 0.7}),
    (14, "courier", {"place": "harbour"}),
    (15, "herald", {"actors": ("northland", "eastland"), "confidence": 0.5}),
    (15, "gazette", {"actors": ("eastland", "northland"), "confidence": 0.6}),
)


@pytest.mark.parametrize("seed", range(25))
def test_events_are_the_same_whatever_is_read_first(seed: int) -> None:
    Place.objects.create(slug="harbour", name="Harbour", kind="port")
    articles = [article(f"report {n}", outlet, day=day) for n, (day, outlet, _) in enumerate(REPORTS)]
    if seed % 3 == 2:  # an earlier codebook had read them, in another order, otherwise
        _read_all(articles, seed + 100, BOOK, odd=True)
    _read_all(articles, seed, NEWER)
    assert _snapshot() == EXPECTED


def _read_all(articles: list[Article], seed: int, book: str, odd: bool = False) -> None:
    order = list(enumerate(articles))
    random.Random(seed).shuffle(order)
    claims = {claim.article_id: claim for claim in store.claim_unread(book, 50, NOW)}
    for n, one in order:
        tags = () if odd and (n + seed) % 4 == 0 else (undated(REPORTS[n][0], **REPORTS[n][2]),)
        store.save_tags(claims[one.pk], Tags("coded", events=tags), book, NOW)


def _snapshot() -> list[tuple[object, ...]]:
    return [
        (
            event.occurred_on.day, event.n_articles, event.confidence, event.verb, event.contexts,
            event.speaker.slug if event.speaker else "", event.speaker_text, event.place.slug if event.place else "",
            [p.actor.slug for p in event.participants.filter(part="actor")], event.first_published_at.day,
        )
        for event in Event.objects.filter(retracted_at=None).order_by("occurred_on", "n_articles")
    ]  # fmt: skip


NORTH, EAST = ["northland"], ("eastland", "Eastland")
EXPECTED = [
    (9, 3, 0.9, "shelled", ["energy", "military"], "", "", "", NORTH, 9),
    (11, 2, 0.8, "struck", ["military"], "eastland", "eastland", "", NORTH, 11),
    (13, 1, 0.7, "struck", ["military"], *EAST, "", NORTH, 13),
    (14, 1, 0.8, "struck", ["military"], "", "", "harbour", NORTH, 14),
    (15, 2, 0.6, "struck", ["military"], "", "", "", ["eastland", "northland"], 15),
]


def test_articles_take_tags_along_that_nothing_else_has() -> None:
    one, two, user = article("one"), article("two"), editor()
    read(one, strike(body_of(one)))
    store.set_tags(user, ["only here", "both"], article=one)
    store.set_tags(user, ["of the event"], event=Event.objects.get())
    store.set_tags(user, ["both", "other"], article=two)
    store.forget_articles([one.pk], NOW)
    assert set(Tag.objects.values_list("name", flat=True)) == {"both", "other"}
    assert list(Ruling.objects.values_list("article", flat=True)) == [two.pk]


def test_articles_that_go_leave_what_the_others_say() -> None:
    for day in (9, 10, 11):
        read(article(f"of {day}", day=day), undated(day))
    store.forget_articles([Article.objects.get(title="of 9").pk], NOW)
    event = Event.objects.filter(retracted_at=None).get()
    assert (event.occurred_on.day, event.n_articles) == (10, 2)


@pytest.mark.parametrize("verb", ["accept", "reject"])
def test_a_ruled_event_keeps_its_reports_and_gathers_those_of_the_day_before(verb: str) -> None:
    read(article("twelfth", day=12), undated(12))
    ruled = Event.objects.get()
    store.rule_event(ruled.pk, editor(), verb)
    for day in (11, 13, 15):
        read(article(f"of {day}", day=day), undated(day))
    ruled.refresh_from_db()
    assert (ruled.n_articles, ruled.state[:6]) == (3, verb)
    assert Event.objects.exclude(pk=ruled.pk).get().occurred_on.day == 15


def test_an_event_is_the_word_of_a_speaker_only_when_every_report_says_so() -> None:
    said = {"speaker": "eastland", "speaker_text": "Eastland"}
    one, two = article("one"), article("two")
    read(one, strike(body_of(one), **said))
    assert Event.objects.get().speaker.slug == "eastland"
    Reading.objects.all().delete()
    read(two, strike(body_of(two), confidence=0.1))
    event = Event.objects.get()
    assert (event.speaker, event.speaker_text) == (None, "")
    assert Evidence.objects.get(article=one).coded["speaker"] == "eastland"


@pytest.mark.django_db(transaction=True)
def test_workers_at_once_leave_the_same_events() -> None:
    Place.objects.create(slug="harbour", name="Harbour", kind="port")
    articles = [article(f"report {n}", outlet, day=day) for n, (day, outlet, _) in enumerate(REPORTS)]
    numbers = {one.pk: n for n, one in enumerate(articles)}
    claims = store.claim_unread(BOOK, 50, NOW)

    def save(claim: store.Claim) -> None:
        day, _, other = REPORTS[numbers[claim.article_id]]
        tags = [undated(day, **other), *(strike(0, day=n) for n in random.sample(range(1, 9), 6))]
        try:
            store.save_tags(claim, Tags("coded", events=tuple(tags)), BOOK, NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(claims)) as threads:
        list(threads.map(save, claims))
    assert _snapshot()[-5:] == EXPECTED


def test_it_forgets_articles_and_what_they_alone_support() -> None:
    one, two = article("one"), article("two")
    first = [claim for claim in store.claim_unread(BOOK, 10, NOW)]
    for claim, extra in zip(first, ((), (strike(body_of(one), type="THREATEN", quad=3),)), strict=True):
        store.save_tags(claim, Tags("coded", events=(strike(body_of(one)), *extra)), BOOK, NOW)
    assert store.forget_articles([first[1].article_id], NOW) == 1
    assert Event.objects.get().type == "ASSAULT"
    assert Event.objects.get().n_articles == 1
    assert {one.pk, two.pk} > set(Reading.objects.values_list("article_id", flat=True))


def editor() -> User:
    return User.objects.create_user(f"editor-{uuid.uuid4().hex[:6]}")
