"""Files hold the rows of the page, say where they come from, and run nothing in a spreadsheet."""

import csv
import io
import json
from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import User
from django.test import Client

from timeline import store
from timeline.exports import Provenance, csv_lines, json_pieces
from timeline.exports.csv import cell
from timeline.models import Actor, Event
from timeline.tests.test_pages import ids_in, text_of
from timeline.tests.world import make_article, make_event_of, make_world

ABOUT = Provenance("quad=4", datetime(2025, 7, 1, 8, tzinfo=UTC), 1, "abc123", 0.5)


def body(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return b"".join(answer.streaming_content).decode()


def rows_of(text: str) -> list[dict[str, str]]:
    """Of a CSV file, below its line of provenance."""
    first, rest = text.split("\r\n", 1)
    assert first.startswith("# ")
    return list(csv.DictReader(io.StringIO(rest)))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "query", ["from=2025-06-01", "quad=4&from=2025-06-05&to=2025-06-20", "actor=northland&role=actor"]
)
def test_files_hold_the_rows_of_the_page_in_its_order(client: Client, query: str) -> None:
    make_world(45)
    shown = ids_in(text_of(client, f"/timeline/?{query}"))
    assert shown
    assert [row["id"] for row in rows_of(body(client, f"/timeline.csv?{query}"))] == shown
    assert [row["id"] for row in json.loads(body(client, f"/timeline.json?{query}"))["rows"]] == shown


@pytest.mark.django_db
def test_the_pages_own_links_lead_to_its_rows(client: Client) -> None:
    make_world(45)
    Event.objects.filter(pk="e0000000").update(occurred_on="1979-11-04")
    shown = ids_in(text_of(client, "/timeline/"))
    link = client.get("/timeline/").context["permalink"]
    assert len(shown) == 44  # history stays out, on the page and in its file
    assert [row["id"] for row in rows_of(body(client, f"/timeline.csv?{link}"))] == shown


@pytest.mark.django_db
def test_long_files_are_whole(client: Client) -> None:
    make_world(2100)
    ids = [row["id"] for row in rows_of(body(client, "/timeline.csv"))]
    assert ids == list(Event.objects.values_list("pk", flat=True))


@pytest.mark.django_db
def test_files_say_where_they_come_from(client: Client, user: User) -> None:
    events = make_world(8)
    store.rule_event(events[0].pk, user, "accept")
    about = json.loads(body(client, "/timeline.json?from=2025-06-01"))["about"]
    assert (about["query"], about["n_rows"], about["unreviewed_share"]) == ("from=2025-06-01", 8, 0.875)
    assert about["ontology"] == "PLOVER 2.0" and about["licence"] and about["codebook"]
    assert datetime.fromisoformat(about["generated_at"]).tzinfo is not None
    first = body(client, "/timeline.csv?from=2025-06-01").split("\r\n")[0]
    assert all(f"{name}: " in first for name in about)


@pytest.mark.django_db
def test_an_answer_names_its_query_and_its_file(client: Client) -> None:
    make_world(2)
    answer = client.get("/timeline.csv?quad=4")
    assert answer["X-Crisisboard-Query"] == "quad=4" and "attachment" in answer["Content-Disposition"]
    assert answer["Content-Type"] == "text/csv; charset=utf-8"


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/timeline.csv", "/timeline.json", "/actors.csv", "/articles.csv"])
def test_a_query_that_is_not_understood_gives_no_file(client: Client, path: str) -> None:
    answer = client.get(f"{path}?from=9999&nonsense=1")
    assert answer.status_code == 400
    assert len(answer.json()["reasons"]) == 2


@pytest.mark.django_db
def test_pairs_and_articles_hold_the_rows_of_their_pages(client: Client) -> None:
    make_world(60)
    shown = [(row.actor, row.recipient, str(row.is_reciprocal)) for row in client.get("/actors/").context["dyads"]]
    filed = [(row["actor"], row["recipient"], row["is_reciprocal"]) for row in rows_of(body(client, "/actors.csv"))]
    assert sorted(filed) == sorted(shown) != []
    rows = rows_of(body(client, "/articles.csv?q=Headline+1"))
    assert [int(row["id"]) for row in rows] == [row.id for row in client.get("/articles/?q=Headline+1").context["rows"]]


@pytest.mark.django_db
def test_hostile_headlines_and_names_arrive_as_text(client: Client) -> None:
    make_event_of(make_article('=cmd|" /C calc"!A0', "A text."), "A text.")
    Actor.objects.filter(slug="northland").update(name="@SUM(1+9)")
    row = rows_of(body(client, "/timeline.csv"))[0]
    assert row["headline"] == '\'=cmd|" /C calc"!A0'
    assert row["actors"] == "'@SUM(1+9)"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("=1+1", "'=1+1"),
        ("+cmd", "'+cmd"),
        ("-2+3", "'-2+3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("  =1", "'  =1"),
        ("\x00=1", "'=1"),
        ("|calc", "'|calc"),
        ("-9.0", "-9.0"),
        (-9.0, "-9.0"),
        (3, "3"),
        (None, ""),
        (["=a", "b"], "'=a; b"),
        ("a =b", "a =b"),
        ("إيران", "إيران"),
    ],
)
def test_a_cell_is_never_run(value: object, expected: str) -> None:
    assert cell(value) == expected


def test_csv_and_json_carry_any_text() -> None:
    row = {"id": "1", "title": 'a "quoted", line\nbreak', "other": "ایران", "tags": ["x", "y"]}
    text = "".join(csv_lines([row], ("id", "title", "other", "tags"), ABOUT))
    assert rows_of(text) == [{"id": "1", "title": 'a "quoted", line\nbreak', "other": "ایران", "tags": "x; y"}]
    assert json.loads("".join(json_pieces([row, row], ABOUT)))["rows"] == [row, row]
    assert json.loads("".join(json_pieces([], ABOUT)))["rows"] == []


def test_a_query_cannot_break_the_line_of_provenance() -> None:
    text = "".join(csv_lines([], ("id",), Provenance("q=a\r\n=1+1", ABOUT.generated_at, 0)))
    assert text.count("\n") == 2 and text.startswith("# ")
