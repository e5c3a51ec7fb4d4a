"""Try the coder: a pasted text waits in the cache, the worker reads it, the page shows what was seen and why."""

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from timeline import trying
from timeline.models import Event
from timeline.tasks import tag_tried_text
from timeline.views.trying import EXAMPLE

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def waiting_queue(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Tokens that were sent to the worker; the tests play the worker themselves."""
    sent: list[str] = []
    monkeypatch.setattr(tag_tried_text, "delay", sent.append)
    return sent


def paste(client: Client, text: str = EXAMPLE, published: str = "2025-06-23") -> str:
    answer = client.post(reverse("timeline:try"), {"text": text, "published": published})
    assert answer.status_code == 302
    return answer["Location"]


def test_the_form_stands_empty_and_with_an_example(client: Client) -> None:
    address = reverse("timeline:try")
    assert "<textarea" in client.get(address).content.decode()
    assert "foreign minister flew" in client.get(address + "?example").content.decode()


def test_it_waits_then_shows_events_with_their_reasons(client: Client, waiting_queue: list[str]) -> None:
    call_command("load_registry")
    page = paste(client)
    assert "looks again every two seconds" in client.get(page).content.decode()
    tag_tried_text(waiting_queue[0])
    shown = client.get(page).content.decode()
    assert "It also thought of" in shown
    assert "in the codebook" in shown


def test_nothing_that_is_pasted_reaches_the_board(client: Client, waiting_queue: list[str]) -> None:
    paste(client)
    tag_tried_text(waiting_queue[0])
    assert Event.objects.count() == 0


@pytest.mark.parametrize(
    ("text", "published", "said"),
    [
        ("", "2025-06-23", "Paste a text first"),
        ("x" * 20_001, "2025-06-23", "too long"),
        ("War.", "yesterday", "2025-06-23"),
    ],
)
def test_what_cannot_be_read_is_said(client: Client, text: str, published: str, said: str) -> None:
    answer = client.post(reverse("timeline:try"), {"text": text, "published": published})
    assert answer.status_code == 400
    assert said in answer.content.decode()


def test_a_text_that_is_forgotten_says_so(client: Client) -> None:
    answer = client.get(reverse("timeline:tried", args=["gone"]))
    assert answer.status_code == 404
    assert "kept for an hour" in answer.content.decode()


def test_a_text_in_a_language_that_is_not_coded_says_so(client: Client, waiting_queue: list[str]) -> None:
    page = paste(client, "El ministro de Exteriores viajó el lunes a Moscú para pedir ayuda después de los ataques.")
    tag_tried_text(waiting_queue[0])
    assert "events are not coded in es" in client.get(page).content.decode()


def test_pasted_markup_is_shown_as_text(client: Client, waiting_queue: list[str]) -> None:
    page = paste(client, "<script>alert(1)</script> The United States bombed Iran on Sunday.")
    tag_tried_text(waiting_queue[0])
    assert "<script>alert" not in client.get(page).content.decode()


def test_too_many_at_once_are_told_to_wait(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trying, "MOST_A_MINUTE", 0)
    answer = client.post(reverse("timeline:try"), {"text": "War.", "published": "2025-06-23"})
    assert answer.status_code == 503
    assert "Try again in a minute" in answer.content.decode()


def test_without_redis_it_says_so(client: Client, settings: Settings) -> None:
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1/0"}
    }
    answer = client.post(reverse("timeline:try"), {"text": "War.", "published": "2025-06-23"})
    assert answer.status_code == 503
    assert "queue does not answer" in answer.content.decode()
