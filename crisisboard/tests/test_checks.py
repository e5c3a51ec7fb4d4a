"""`manage.py check --deploy`: our own errors, each shown by a setting that deserves it."""

import os

import pytest
from django.core.checks import run_checks
from pytest_django import Settings

from crisisboard.checks import check_celery, check_permit, check_secret
from crisisboard.tests.test_settings import GOOD, run

CHECKS = {"E001": check_permit, "E002": check_secret, "E003": check_celery, "E004": check_celery}


@pytest.mark.parametrize(
    ("name", "value", "error"),
    [
        ("FETCH_TEST_PERMIT", ["127.0.0.1:8123"], "E001"),
        ("SECRET_KEY", "too-short", "E002"),
        ("SECRET_KEY", "your-key-your-key-your-key-your-key-your-key", "E002"),
        ("SECRET_KEY", "a" * 64, "E002"),
        ("CELERY_VISIBILITY_TIMEOUT", 80, "E003"),
        ("CELERY_BROKER_TRANSPORT_OPTIONS", {"visibility_timeout": 80}, "E003"),
        ("CELERY_BROKER_TRANSPORT_OPTIONS", {}, "E003"),
        ("CELERY_TASK_TIME_LIMIT", 90, "E003"),
        ("CELERY_TASK_SERIALIZER", "pickle", "E004"),
        ("CELERY_ACCEPT_CONTENT", ["json", "pickle"], "E004"),
    ],
)
def test_it_refuses(settings: Settings, name: str, value: object, error: str) -> None:
    assert CHECKS[error](None) == []
    setattr(settings, name, value)
    assert [found.id for found in CHECKS[error](None)] == [f"crisisboard.{error}"]


def test_it_asks_our_checks_when_it_deploys(settings: Settings) -> None:
    settings.FETCH_TEST_PERMIT = ["127.0.0.1:8123"]
    found = {issue.id for issue in run_checks(include_deployment_checks=True, databases=None)}
    assert "crisisboard.E001" in found
    assert "crisisboard.E001" not in {issue.id for issue in run_checks()}


def test_it_finds_nothing_in_a_production_board() -> None:
    env = GOOD | {"SITE_URL": "https://board.example.org", "TRUST_PROXY": "1"}
    done = run("manage.py", "check", "--deploy", "--fail-level", "WARNING", **env)
    assert done.returncode == 0, done.stderr
    assert os.linesep not in done.stderr
