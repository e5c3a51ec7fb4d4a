"""Events whose text is no longer kept: what was coded stands, what may not be kept is gone, and pages say so."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from articles.models import Article, Outlet
from articles.store import apply_policy
from timeline import store
from timeline.models import Event, Evidence, Reading
from timeline.tests.world import make_article, make_event_of

pytestmark = pytest.mark.django_db
NOW = datetime(2025, 6, 24, 12, tzinfo=UTC)
QUOTE = "Northland struck Southland on Monday."
LEDE = "Ships left the port. " * 20
NOT_KEPT = "is not kept"


def coded(quote: str = QUOTE) -> tuple[Article, Event]:
    """An article and an event from a sentence far down in its text."""
    article = make_article("A long day at sea", f"{LEDE}{quote}")
    event = make_event_of(article, quote)
    spans = [{"role": "actor", "begin": article.document.index(quote), "end": article.document.index(quote) + 9}]
    Reading.objects.create(article=article, codebook="c" * 64, finished_at=NOW, outcome="coded", spans=spans)
    return article, event


def apply(storage: str) -> int:
    Outlet.objects.update(storage=storage)
    return apply_policy(Outlet.objects.all(), NOW).quotes


def test_a_quote_within_the_excerpt_limit_is_still_shown(client: Client) -> None:
    article, event = coded()
    assert apply(Outlet.Storage.EXCERPT) == 0
    article.refresh_from_db()
    answer = client.get(f"/events/{event.pk}/").text
    assert QUOTE not in article.document and QUOTE in answer and NOT_KEPT not in answer


def test_beyond_it_the_page_says_that_the_text_is_not_kept(client: Client) -> None:
    quote = "Northland struck Southland, " + "and struck again, " * 30 + "on Monday."
    _, event = coded(quote)
    assert apply(Outlet.Storage.EXCERPT) == 1
    answer = client.get(f"/events/{event.pk}/").text
    assert NOT_KEPT in answer and "struck again" not in answer
    assert client.get(f"/events/{event.pk}.json").json()["evidence"][0]["quote"] == ""


def test_quotes_of_an_article_do_not_add_up_to_its_text(settings: object) -> None:
    article, event = coded()
    other = make_event_of(article, "Ships left the port. Ships")
    settings.EXCERPT_LENGTH = len(QUOTE)
    begin = article.document.index(QUOTE) - 21
    Evidence.objects.filter(event=other).update(begin=begin, end=begin + 30, quote=article.document[begin : begin + 30])
    assert apply(Outlet.Storage.EXCERPT) == 1
    assert Evidence.objects.get(event=other).quote and not Evidence.objects.get(event=event).quote


def test_of_a_headline_that_is_kept_quotes_are_kept(client: Client) -> None:
    article, event = coded()
    of_title = make_event_of(article, "A long day")
    assert apply(Outlet.Storage.NONE) == 1
    assert NOT_KEPT in client.get(f"/events/{event.pk}/").text
    assert "A long day" in client.get(f"/events/{of_title.pk}/").text
    assert Reading.objects.get(codebook="c" * 64).spans == []
    assert "not kept" in client.get(f"/articles/{article.pk}/").text


def test_what_was_coded_from_the_whole_text_is_not_lost_to_a_new_codebook() -> None:
    article, event = coded()
    apply(Outlet.Storage.NONE)
    claimed = {claim.article_id for claim in store.claim_unread("d" * 64, 50, NOW)}
    assert article.pk not in claimed and Event.objects.filter(pk=event.pk).exists()


def test_an_article_that_waits_for_its_page_is_not_read_yet() -> None:
    article = make_article("Ferry sails", "A few words.")
    Article.objects.update(stage=Article.Stage.FETCHED)
    assert store.claim_unread("d" * 64, 50, NOW) == []
    Article.objects.update(stage=Article.Stage.STORED)
    assert [claim.article_id for claim in store.claim_unread("d" * 64, 50, NOW)] == [article.pk]


def test_an_article_whose_text_came_late_is_read_anew() -> None:
    article, _ = coded()
    assert store.read_anew([article.pk]) == 1
    claims = store.claim_unread("c" * 64, 50, NOW + timedelta(seconds=1))
    assert article.pk in {claim.article_id for claim in claims}
