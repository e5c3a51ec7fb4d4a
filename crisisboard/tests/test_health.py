"""/healthz and /readyz, and the commands that containers ask."""

import time

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from crisisboard.beat import Scheduler
from crisisboard.celery import app
from crisisboard.health import BEAT_KEY, BEAT_LATE_S, ask_all


@pytest.fixture(autouse=True)
def beat_lives(transactional_db: None) -> None:
    cache.set(BEAT_KEY, time.time(), timeout=None)


def test_it_is_alive_without_asking_anybody(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        assert client.get("/healthz").status_code == 200


def test_it_is_ready(client: Client) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"database": "ok", "redis": "ok", "beat": "ok"})


def test_it_answers_those_who_are_not_logged_in(client: Client, settings: Settings) -> None:
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "django.contrib.auth.middleware.LoginRequiredMiddleware"]
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code in {200, 503}


def test_it_is_not_ready_while_a_migration_is_missing(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("delete from django_migrations where app = 'sessions' and name = '0001_initial'")
    answer = client.get("/readyz")
    with connection.cursor() as cursor:
        cursor.execute("insert into django_migrations (app, name, applied) values ('sessions', '0001_initial', now())")
    assert answer.status_code == 503
    assert answer.json()["database"] == "1 migrations not applied"


@pytest.mark.parametrize(
    ("age_s", "words"), [(BEAT_LATE_S + 20, f"last seen {BEAT_LATE_S + 20:.0f} s ago"), (None, "never seen")]
)
def test_it_is_not_ready_without_beat(client: Client, age_s: float | None, words: str) -> None:
    if age_s is None:
        cache.delete(BEAT_KEY)
    else:
        cache.set(BEAT_KEY, time.time() - age_s, timeout=None)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["beat"]) == (503, words)


def test_it_tells_no_address_and_no_secret() -> None:
    assert all(len(words) < 40 and "/" not in words and "@" not in words for words in ask_all().values())


def test_it_sees_beat_live() -> None:
    cache.delete(BEAT_KEY)
    scheduler = Scheduler(app=app, lazy=True)
    scheduler._say_alive()
    assert time.time() - cache.get(BEAT_KEY) < 5


def test_it_says_to_a_container_that_beat_lives(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("healthcheck", role="beat")
    assert capsys.readouterr().out == "beat: ok\n"


@pytest.mark.parametrize("role", ["web", "worker", "beat"])
def test_it_says_to_a_container_that_nobody_answers(settings: Settings, role: str) -> None:
    cache.delete(BEAT_KEY)
    settings.PORT = 1  # nobody listens there
    with pytest.raises(SystemExit, match=f"^{role}: "):
        call_command("healthcheck", role=role)


def test_it_finds_everything_well(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("doctor")
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 6 and all(line.startswith("ok") for line in lines)


def test_it_says_what_is_wrong(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    settings.FETCH_TEST_PERMIT = ["127.0.0.1:8123"]
    with pytest.raises(SystemExit, match="1 of 6 are wrong"):
        call_command("doctor")
    assert "WRONG openness  FETCH_TEST_PERMIT" in capsys.readouterr().out
