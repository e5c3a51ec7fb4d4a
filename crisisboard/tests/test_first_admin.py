"""The one-time link: it makes one admin, once, within a day, whoever else tries."""

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import User
from django.core import signing
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from crisisboard import first_admin
from crisisboard.first_admin import announce_link, make_token

PASSWORD = "harbour-lantern-49-quiet"
FORM = {"username": "rowan", "password1": PASSWORD, "password2": PASSWORD}
pytestmark = pytest.mark.django_db


def test_it_makes_an_admin_and_logs_them_in(client: Client) -> None:
    answer = client.post(f"/setup/{make_token()}/", FORM)
    user = User.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert (user.username, user.is_superuser, user.is_staff) == ("rowan", True, True)
    assert client.session["_auth_user_id"] == str(user.pk)


def test_it_shows_a_form(client: Client) -> None:
    answer = client.get(f"/setup/{make_token()}/")
    assert answer.status_code == 200
    assert b'name="password2"' in answer.content
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"password2": "another-word-entirely"}, b"match"),
        ({"password1": "short", "password2": "short"}, b"at least 12 characters"),
        ({"password1": "1qaz2wsx3edc", "password2": "1qaz2wsx3edc"}, b"too common"),
        ({"username": ""}, b"required"),
    ],
)
def test_it_says_what_is_wrong_with_the_form(client: Client, change: dict[str, str], words: bytes) -> None:
    answer = client.post(f"/setup/{make_token()}/", FORM | change)
    assert answer.status_code == 400 and words in answer.content
    assert not User.objects.exists()


def test_it_works_once(client: Client) -> None:
    token = make_token()
    client.post(f"/setup/{token}/", FORM)
    User.objects.all().delete()
    assert Client().post(f"/setup/{token}/", FORM).status_code == 410
    assert not User.objects.exists()


def test_it_ends_when_there_is_an_admin(client: Client) -> None:
    User.objects.create_superuser("sage", password=PASSWORD)
    token = make_token()
    assert client.get(f"/setup/{token}/").status_code == 410
    assert client.post(f"/setup/{token}/", FORM).status_code == 410
    assert User.objects.count() == 1


def test_it_ends_after_a_day(client: Client) -> None:
    token = make_token()
    with time_machine.travel(timezone.now() + timedelta(hours=24, minutes=1)):
        assert client.get(f"/setup/{token}/").status_code == 410


@pytest.mark.parametrize(
    "token", ["x", "0:0:0", "a.b.c", signing.dumps(0, salt="another")], ids=["word", "parts", "dots", "other salt"]
)
def test_it_refuses_a_token_that_is_not_ours(client: Client, token: str) -> None:
    answer = client.get(f"/setup/{token}/")
    assert answer.status_code == 410
    assert b"password1" not in answer.content


def test_it_needs_the_token_of_the_form(client: Client) -> None:
    assert Client(enforce_csrf_checks=True).post(f"/setup/{make_token()}/", FORM).status_code == 403


def test_it_works_on_a_board_that_nobody_may_read(client: Client, settings: Settings) -> None:
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "django.contrib.auth.middleware.LoginRequiredMiddleware"]
    assert client.get(f"/setup/{make_token()}/").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_it_makes_one_admin_of_eight_at_once() -> None:
    token = make_token()

    def post(name: str) -> int:
        try:
            return Client().post(f"/setup/{token}/", FORM | {"username": name}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        codes = sorted(pool.map(post, "abcdefgh"))
    assert codes == [302] + [410] * 7
    assert User.objects.count() == 1


def test_it_writes_the_link_into_the_log(caplog: pytest.LogCaptureFixture, settings: Settings) -> None:
    settings.SITE_URL = "https://board.example.org"
    with caplog.at_level(logging.WARNING):
        announce_link()
    assert "https://board.example.org/setup/" in caplog.text


def test_it_writes_no_link_when_there_is_an_admin(caplog: pytest.LogCaptureFixture) -> None:
    User.objects.create_superuser("sage", password=PASSWORD)
    announce_link()
    assert first_admin.has_admin() and "/setup/" not in caplog.text
