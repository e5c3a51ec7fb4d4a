"""Editors' pages: fetch now, turn on, pause; evidence is shown and never edited."""

import html
import re

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles import store
from articles.models import Feed, Fetch, Outlet
from articles.tests import cast
from articles.tests.cast import NOW

pytestmark = pytest.mark.django_db

LIST = "/admin/articles/feed/"


@pytest.fixture
def admin(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("chief"))
    return client


def said(answer: object) -> str:
    return " ".join(html.unescape(re.sub("<[^>]+>", " ", answer.content.decode())).split())


def act(client: Client, action: str, *feeds: Feed) -> str:
    chosen = {"action": action, "_selected_action": [feed.pk for feed in feeds]}
    return said(client.post(LIST, chosen, follow=True))


def test_the_button_makes_a_feed_due_now(admin: Client) -> None:
    feed = cast.feed(next_at=None)
    page = admin.get(f"{LIST}{feed.pk}/change/").content.decode()
    address = re.search(r'formaction="([^"]+)"', page)[1]
    assert address == reverse("admin:articles_feed_fetch_now", args=[feed.pk])
    assert "1 feed is being fetched." in said(admin.post(address, follow=True))
    feed.refresh_from_db()
    assert [claim.feed_id for claim in store.claim_due_feeds(9, feed.next_at)] == [feed.pk]


def test_a_link_to_the_button_does_nothing(admin: Client) -> None:
    feed = cast.feed(next_at=None)
    admin.get(reverse("admin:articles_feed_fetch_now", args=[feed.pk]))
    feed.refresh_from_db()
    assert feed.next_at is None


def test_the_button_needs_the_right_to_change(client: Client) -> None:
    feed = cast.feed(next_at=None)
    client.force_login(User.objects.create_user("reader", is_staff=True))
    client.post(reverse("admin:articles_feed_fetch_now", args=[feed.pk]))
    feed.refresh_from_db()
    assert feed.next_at is None


def test_a_feed_that_is_not_there_is_not_fetched(admin: Client) -> None:
    answer = admin.post(reverse("admin:articles_feed_fetch_now", args=[999]), follow=True)
    assert answer.status_code == 200 and "is being fetched" not in said(answer)


def test_chosen_feeds_are_fetched_turned_on_and_paused(admin: Client) -> None:
    one, other = cast.feed(next_at=None, is_paused=True), cast.feed("https://courier.example/b", next_at=None)
    assert "2 feeds are being fetched." in act(admin, "fetch_now", one, other)
    assert "1 feed is on." in act(admin, "turn_on", one)
    one.refresh_from_db()
    assert not one.is_paused and one.next_at is not None
    assert "2 feeds are paused." in act(admin, "pause", one, other)
    assert not Feed.objects.filter(is_paused=False).exists()


def test_what_was_set_aside_is_tried_again(admin: Client) -> None:
    aside = cast.feed(next_at=None, state=Feed.State.QUARANTINED, attempts=3, state_reason="its reader was killed")
    well = cast.feed("https://courier.example/b", next_at=None)
    assert "its reader was killed" in said(admin.get(f"{LIST}?state__exact=quarantined"))
    assert "1 feed is tried again." in act(admin, "try_again", aside, well)
    assert [claim.feed_id for claim in store.claim_due_feeds(9, timezone.now())] == [aside.pk]


def test_unticking_paused_makes_a_feed_due(admin: Client) -> None:
    feed = cast.feed(next_at=None, is_paused=True)
    fields = {"outlet": feed.outlet.pk, "title": "", "interval_s": "900", "confirmed": ""}
    admin.post(f"{LIST}{feed.pk}/change/", fields | _no_inlines())
    feed.refresh_from_db()
    assert not feed.is_paused and feed.next_at is not None


def test_ticking_paused_takes_a_feed_out_of_the_queue(admin: Client) -> None:
    feed = cast.feed(next_at=NOW)
    fields = {"outlet": feed.outlet.pk, "title": "", "interval_s": "900", "confirmed": "", "is_paused": "on"}
    admin.post(f"{LIST}{feed.pk}/change/", fields | _no_inlines())
    feed.refresh_from_db()
    assert feed.is_paused and store.claim_due_feeds(9, NOW) == []


def test_a_feed_is_added(admin: Client) -> None:
    fields = {"outlet": cast.outlet().pk, "url": "https://courier.example/feed", "title": "T", "interval_s": "600"}
    answer = admin.post(f"{LIST}add/", fields | {"confirmed": "seen on its page"} | _no_inlines(), follow=True)
    feed = Feed.objects.get()
    assert answer.status_code == 200 and feed.next_at is not None
    assert (feed.title, feed.interval_s, feed.confirmed) == ("T", 600, "seen on its page")


def test_a_feed_that_is_there_already_is_said_to_be(admin: Client) -> None:
    feed = cast.feed()
    fields = {"outlet": feed.outlet.pk, "url": f"{feed.url}#x", "title": "", "interval_s": "900", "confirmed": ""}
    assert "This feed is there already." in said(admin.post(f"{LIST}add/", fields | _no_inlines(), follow=True))
    assert Feed.objects.count() == 1


@pytest.mark.parametrize("url", ["ftp://a.example/", "javascript:alert(1)", "http://", "http://[::1", "http://a..b/"])
def test_a_feed_without_a_web_address_is_refused_in_the_form(admin: Client, url: str) -> None:
    fields = {"outlet": cast.outlet().pk, "url": url, "title": "", "interval_s": "900", "confirmed": ""}
    answer = admin.post(f"{LIST}add/", fields | _no_inlines(), follow=True)
    assert answer.status_code == 200 and "http://" in said(answer) and not Feed.objects.exists()


def test_the_history_of_a_feed_is_shown(admin: Client) -> None:
    feed = cast.feed()
    for number in range(25):
        Fetch.objects.create(
            feed=feed, url=feed.url, started_at=NOW, outcome=Feed.State.GONE, reason=f"reason {number}"
        )
    page = said(admin.get(f"{LIST}{feed.pk}/change/"))
    assert page.count("reason ") == 20


@pytest.mark.parametrize("path", ["outlet", "feed", "article", "story"])
def test_every_list_and_form_opens(admin: Client, path: str) -> None:
    feed = cast.feed(title="<b>x</b>")
    article, _ = store.save_article(feed.outlet, cast.entry(title="<img src=x>"), NOW, feed=feed)
    found = {"outlet": feed.outlet, "feed": feed, "article": article, "story": article.story}[path]
    for address in (
        f"/admin/articles/{path}/",
        f"/admin/articles/{path}/?q=x%00y",
        f"/admin/articles/{path}/{found.pk}/change/",
    ):
        answer = admin.get(address, follow=True)
        assert answer.status_code == 200 and b"<img src=x>" not in answer.content and b"<b>x</b>" not in answer.content


@pytest.mark.parametrize("path", ["article", "story"])
def test_evidence_is_neither_added_nor_deleted_by_hand(admin: Client, path: str) -> None:
    article, _ = store.save_article(cast.outlet(), cast.entry(), NOW)
    found = {"article": article, "story": article.story}[path]
    assert admin.get(f"/admin/articles/{path}/add/").status_code == 403
    assert admin.post(f"/admin/articles/{path}/{found.pk}/delete/", {"post": "yes"}).status_code == 403


def test_an_outlet_with_articles_is_not_deleted(admin: Client) -> None:
    article, _ = store.save_article(cast.outlet(), cast.entry(), NOW)
    answer = admin.post(f"/admin/articles/outlet/{article.outlet.pk}/delete/", {"post": "yes"})
    assert answer.status_code in {200, 403} and Outlet.objects.exists()


def _no_inlines() -> dict[str, str]:
    return {"fetches-TOTAL_FORMS": "0", "fetches-INITIAL_FORMS": "0"}
