"""Editors at work in the admin."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse

from articles.models import Article, Feed, Outlet
from timeline.models import Actor, Event, Ruling

pytestmark = pytest.mark.django_db


@pytest.fixture
def log_in() -> Callable[[str], Client]:
    def as_member_of(group: str) -> Client:
        member = User.objects.create_user(group.lower().replace(" ", "-"), is_staff=True)
        member.groups.add(Group.objects.get(name=group))
        client = Client()
        client.force_login(member)
        return client

    return as_member_of


def fields_of(event: Event, **changes: object) -> dict[str, object]:
    ids = {part: [p.actor_id for p in event.participants.filter(part=part)] for part in ("actor", "recipient")}
    return {
        "actors": ids["actor"], "recipients": ids["recipient"], "type": event.type, "mode": event.mode,
        "modality": event.modality, "occurred_on": event.occurred_on, "date_precision": event.date_precision,
        "version": event.version, "tags": "", **changes,
    }  # fmt: skip


def change_url(event: Event) -> str:
    return reverse("admin:timeline_event_change", args=[event.pk])


def test_it_makes_the_four_groups() -> None:
    assert set(Group.objects.values_list("name", flat=True)) >= {"Analyst", "Editor", "Senior editor", "Admin"}


def test_it_shows_the_evidence_beside_the_fields(event: Event, log_in: Callable[[str], Client]) -> None:
    page = log_in("Editor").get(change_url(event)).content.decode()
    assert "Northland struck Southland on Monday" in page
    assert 'name="_accept"' in page


@pytest.mark.parametrize(("button", "state"), [("_accept", "accepted"), ("_reject", "rejected")])
def test_it_accepts_and_rejects(event: Event, log_in: Callable[[str], Client], button: str, state: str) -> None:
    log_in("Editor").post(change_url(event), fields_of(event) | {button: "1"})
    event.refresh_from_db()
    assert event.state == state
    assert event.rulings.first().user.username == "editor"


def test_it_corrects_type_and_actors(event: Event, log_in: Callable[[str], Client]) -> None:
    other = Actor.objects.get(slug="eastland")
    fields = fields_of(event, type="CONSULT", mode="visit", recipients=[other.pk], tags="hot, checked")
    assert log_in("Editor").post(change_url(event), fields | {"_correct": "1"}).status_code == 302
    event.refresh_from_db()
    assert (event.type, event.state) == ("CONSULT", "corrected")
    assert [p.actor.slug for p in event.participants.filter(part="recipient")] == ["eastland"]
    assert set(event.tags.values_list("name", flat=True)) == {"hot", "checked"}


def test_it_says_when_somebody_was_faster(event: Event, log_in: Callable[[str], Client]) -> None:
    stale = fields_of(event, version=event.version - 1) | {"_accept": "1"}
    page = log_in("Editor").post(change_url(event), stale).content.decode()
    assert "Somebody else has ruled" in page
    assert event.rulings.count() == 1


def test_it_refuses_a_mode_that_the_type_has_not(event: Event, log_in: Callable[[str], Client]) -> None:
    page = log_in("Editor").post(change_url(event), fields_of(event, type="AID", mode="aerial") | {"_correct": "1"})
    assert "AID has no such mode" in page.content.decode()


def test_it_lets_an_analyst_look_but_not_rule(event: Event, log_in: Callable[[str], Client]) -> None:
    client = log_in("Analyst")
    assert client.get(change_url(event)).status_code == 200
    assert client.post(change_url(event), fields_of(event) | {"_accept": "1"}).status_code == 403
    assert Ruling.objects.filter(verb="accept").count() == 0


def test_it_adds_an_event_from_a_sentence(event: Event, article: Article, log_in: Callable[[str], Client]) -> None:
    url = reverse("admin:articles_article_add_event", args=[article.pk])
    client = log_in("Editor")
    assert "Talks followed." in client.get(url).content.decode()
    begin = article.document.index("Talks")
    fields = fields_of(event, sentence=f"{begin}-{len(article.document)}", type="CONSULT", recipients=[], verb="Talks")
    assert client.post(url, fields).status_code == 302
    assert Event.objects.get(type="CONSULT").evidence.get().quote == "Talks followed."


def test_it_tags_an_article(article: Article, log_in: Callable[[str], Client]) -> None:
    url = reverse("admin:articles_article_change", args=[article.pk])
    log_in("Editor").post(url, {"tag_words": "follow up"})
    assert list(article.tags.values_list("name", flat=True)) == ["follow up"]
    assert article.rulings.get().verb == Ruling.Verb.TAG


def test_it_keeps_editors_from_the_sources(log_in: Callable[[str], Client]) -> None:
    outlet = Outlet.objects.create(slug="gazette", name="Gazette")
    url = reverse("admin:articles_outlet_change", args=[outlet.pk])
    assert log_in("Editor").post(url, {"name": "Other"}).status_code == 403
    assert log_in("Senior editor").get(url).status_code == 200


def test_it_fetches_a_feed_now(log_in: Callable[[str], Client]) -> None:
    outlet = Outlet.objects.create(slug="gazette", name="Gazette")
    feed = Feed.objects.create(outlet=outlet, url="https://gazette.example/feed", url_sha256=b"f" * 32)
    log_in("Senior editor").post(reverse("admin:articles_feed_fetch_now", args=[feed.pk]))
    feed.refresh_from_db()
    assert feed.next_at is not None


@pytest.mark.parametrize("model", ["outlet", "feed", "article", "story"])
def test_it_opens_every_evidence_page(model: str, article: Article, log_in: Callable[[str], Client]) -> None:
    client = log_in("Admin")
    assert client.get(reverse(f"admin:articles_{model}_changelist")).status_code == 200


@pytest.mark.parametrize("model", ["actor", "place", "situation", "event", "ruling", "reading"])
def test_it_opens_every_interpretation_page(model: str, event: Event, log_in: Callable[[str], Client]) -> None:
    client = log_in("Admin")
    assert client.get(reverse(f"admin:timeline_{model}_changelist")).status_code == 200


def test_it_takes_an_actor_from_the_file_once_an_editor_saves_it(log_in: Callable[[str], Client]) -> None:
    actor = Actor.objects.create(slug="northland", name="Northland", kind="state", is_from_file=True)
    inlines = {f"{name}-{key}_FORMS": 0 for name in ("aliases", "roles") for key in ("TOTAL", "INITIAL")}
    fields = {"slug": "northland", "name": "Northland", "kind": "state", **inlines}
    assert log_in("Admin").post(reverse("admin:timeline_actor_change", args=[actor.pk]), fields).status_code == 302
    actor.refresh_from_db()
    assert not actor.is_from_file
