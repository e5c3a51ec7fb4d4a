"""Workers ring what beat would ring while beat is silent, and not a bell more."""

import time
from typing import Any

import pytest
from django.core.cache import cache
from redis.exceptions import ConnectionError as RedisAway

from crisisboard import celery_app, stand_in
from crisisboard.health import BEAT_KEY
from crisisboard.schedule import BEAT
from crisisboard.stand_in import StandIn


class App:
    """Takes down what is rung."""

    def __init__(self) -> None:
        self.rung: list[str] = []

    def send_task(self, name: str, **options: Any) -> None:
        self.rung.append(name)


@pytest.fixture
def step() -> StandIn:
    cache.delete(BEAT_KEY)
    return StandIn(None)


def test_it_is_quiet_while_beat_lives(step: StandIn) -> None:
    app = App()
    cache.set(BEAT_KEY, time.time() - 12)
    step.look(app)
    assert app.rung == []


def test_it_rings_everything_when_beat_was_never_seen(step: StandIn) -> None:
    app = App()
    step.look(app)
    assert sorted(app.rung) == sorted(entry["task"] for entry in BEAT.values())


def test_it_rings_no_more_often_than_beat_would(step: StandIn) -> None:
    app = App()
    for now in range(0, 600, 10):
        step.ring(app, now)
    assert {entry["task"]: app.rung.count(entry["task"]) for entry in BEAT.values()} == {
        entry["task"]: 600 / entry["schedule"] for entry in BEAT.values()
    }


def test_it_lives_on_without_redis(step: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> None:
        raise RedisAway("away")

    monkeypatch.setattr(stand_in, "beat_age_s", away)
    step.look(App())


def test_a_worker_has_it() -> None:

    assert "crisisboard.stand_in:StandIn" in celery_app.steps["consumer"]
