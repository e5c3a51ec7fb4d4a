"""Claiming, saving and folding: at-least-once delivery, effectively-once results."""

import uuid
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

import pytest
from django.contrib.auth.models import User

from articles.models import Article, Outlet
from timeline import store
from timeline.models import Actor, Event, Evidence, Membership, Participant, Reading, Ruling, Situation
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


def test_it_takes_up_a_claim_that_ran_out_alone() -> None:
    article("one"), article("two")
    store.claim_unread(BOOK, 10, NOW)
    assert len(store.claim_unread(BOOK, 10, NOW + timedelta(seconds=store.readings.CLAIM_S))) == 1


def test_it_sets_an_article_aside_after_three_attempts() -> None:
    article("poison")
    for attempt in range(3):
        assert len(store.claim_unread(BOOK, 10, NOW + timedelta(hours=attempt))) == 1
    assert store.claim_unread(BOOK, 10, NOW + timedelta(hours=4)) == []
    assert Reading.objects.get().outcome == Reading.Outcome.QUARANTINED


def test_it_says_why_an_article_was_set_aside() -> None:
    article("poison")
    for _ in range(3):
        store.set_aside(store.claim_unread(BOOK, 10, NOW)[0], "ValueError: broken", NOW)
    store.claim_unread(BOOK, 10, NOW)
    assert Reading.objects.get().reason == "ValueError: broken"


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
        one = article(name, day=day)
        read(one, strike(body_of(one), day=None, occurred=Occurred(date(2025, 6, day), "unknown")))
    event = Event.objects.get()
    assert event.occurred_on == date(2025, 6, 23)
    assert set(Participant.objects.values_list("occurred_on", flat=True)) == {date(2025, 6, 23)}


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
