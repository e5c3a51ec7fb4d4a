"""Editors' decisions: kept, applied, never lost to a later save."""

from datetime import date

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from articles.models import Article
from timeline import store
from timeline.models import Event, Ruling

pytestmark = pytest.mark.django_db


def test_it_adds_an_event_from_a_sentence(event: Event) -> None:
    assert (event.quad, event.intensity, event.state, event.n_articles) == (4, -9.0, "accepted", 1)
    assert event.evidence.get().quote == "Northland struck Southland on Monday"
    assert event.rulings.get().verb == Ruling.Verb.ADD


def test_it_keeps_who_when_before_and_after(event: Event, user: User) -> None:
    ruling = store.rule_event(event.pk, user, "correct", {"type": "THREATEN", "mode": ""}, "only words")
    assert (ruling.user, ruling.reason) == (user, "only words")
    assert (ruling.before["type"], ruling.after["type"]) == ("ASSAULT", "THREATEN")
    assert "recipients" not in ruling.after


def test_it_recomputes_quad_and_intensity(event: Event, user: User) -> None:
    store.rule_event(event.pk, user, "correct", {"type": "CONSULT", "mode": "visit"})
    event.refresh_from_db()
    assert (event.quad, event.intensity, event.state) == (1, 4.0, "corrected")


def test_it_corrects_actors_date_and_place(event: Event, user: User) -> None:
    changes = {"recipients": ("eastland",), "occurred_on": date(2025, 6, 22), "place": "harbour"}
    store.rule_event(event.pk, user, "correct", changes)
    event.refresh_from_db()
    assert event.place and event.place.slug == "harbour"
    assert set(event.participants.values_list("part", "actor__slug", "occurred_on")) == {
        ("actor", "northland", date(2025, 6, 22)),
        ("recipient", "eastland", date(2025, 6, 22)),
    }


def test_it_refuses_a_stale_save(event: Event, user: User) -> None:
    store.rule_event(event.pk, user, "accept", version=event.version)
    with pytest.raises(store.StaleEvent):
        store.rule_event(event.pk, user, "reject", version=event.version)
    event.refresh_from_db()
    assert event.state == "accepted"


@pytest.mark.parametrize(
    "changes", [{"type": "FIGHT"}, {"actors": ("nobody",)}, {"actors": ()}, {"type": "AID", "mode": "aerial"}]
)
def test_it_refuses_what_cannot_be(event: Event, user: User, changes: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        store.rule_event(event.pk, user, "correct", changes)
    assert event.rulings.count() == 1


def test_it_refuses_a_sentence_outside_the_text(event: Event, article: Article, user: User) -> None:
    new = store.NewEvent(article.pk, 5, 5000, "AID", ("northland",), (), date(2025, 6, 23))
    with pytest.raises(ValidationError):
        store.add_event(new, user)


def test_it_tags_events_and_articles(event: Event, article: Article, user: User) -> None:
    assert store.set_tags(user, ["hot", " hot ", "to check"], event=event).after == {"tags": ["hot", "to check"]}
    assert store.set_tags(user, ["hot"], article=article).before == {"tags": []}
    assert store.set_tags(user, ["hot"], article=article) is None
