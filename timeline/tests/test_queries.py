"""How often a page asks the database: the same with ten events and with a thousand."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from timeline.models import Event
from timeline.tests.world import make_world

BUDGETS = {
    "/timeline/": 20,
    "/timeline/?actor=northland&state=auto&q=struck&from=2025-06-01": 20,
    "/timeline/figure.json": 8,
    "/timeline.json": 10,
    "/actors/": 16,
    "/actors/?view=matrix": 16,
    "/actors/figure.json": 10,
    "/actors/northland/": 30,
    "/situations/": 4,
    "/situations/quarrel/": 24,
    "/articles/": 10,
    "/outlets/": 7,
    "/outlets/gazette/": 7,
    "/methods/": 7,
}


def ask(client: Client, path: str) -> int:
    """How many queries the answer took."""
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(path)
        assert answer.status_code == 200, path
        if answer.streaming:
            assert b"".join(answer.streaming_content)
    return len(asked)


@pytest.mark.django_db
def test_no_page_asks_more_when_there_is_more(client: Client) -> None:
    make_world(10)
    for path in BUDGETS:  # registry and content types are kept from here on
        ask(client, path)
    few = {path: ask(client, path) for path in BUDGETS}
    make_world(990)
    many = {path: ask(client, path) for path in BUDGETS}
    assert many == few
    assert {path: n for path, n in many.items() if n > BUDGETS[path]} == {}


@pytest.mark.django_db
def test_an_event_and_an_article_ask_no_more_for_more_evidence(
    client: Client, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    events = make_world(40)
    first = events[0]
    for number, event in enumerate(events[1:], 1):
        event.evidence.update(event=first, sentence_no=number)
    article_id = first.evidence.order_by("pk")[0].article_id
    Event.objects.filter(pk=first.pk).update(n_articles=40)
    for path in (f"/events/{first.pk}/", f"/articles/{article_id}/"):
        ask(client, path)
        with django_assert_max_num_queries(18):
            ask(client, path)
