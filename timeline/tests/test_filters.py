"""The query string as filters: what is kept, what is dropped or clamped and said, and what comes out of it."""

from datetime import date

import pytest
from django.http import QueryDict

from articles.models import Article
from timeline.filters import ArticleFilter, EventFilter
from timeline.models import Event
from timeline.tests.world import make_world

TODAY = date(2025, 7, 1)


def parse(query: str) -> EventFilter:
    return EventFilter.parse(QueryDict(query), TODAY)


@pytest.mark.parametrize(
    ("query", "field", "value"),
    [
        ("from=2025-06-02", "from_on", date(2025, 6, 2)),
        ("from=now-30d", "from_on", date(2025, 6, 1)),
        ("from=now-2w", "from_on", date(2025, 6, 17)),
        ("to=now", "to_on", TODAY),
        ("bin=year", "bin", "year"),
        ("actor=iran", "actor", "iran"),
        ("role=together", "role", "together"),
        ("type=assault", "type", "ASSAULT"),
        ("quad=1&quad=4&quad=4", "quad", (1, 4)),
        ("quad=1&quad=2&quad=3&quad=4", "quad", ()),
        ("state=reviewed", "state", "reviewed"),
        ("lang=fa", "lang", "fa"),
        ("q=+two+words+", "q", "two words"),
        ("after=2025-06-20_abc1", "after", "2025-06-20_abc1"),
        ("actor=&from=&type=", "actor", ""),
    ],
)
def test_it_keeps_what_it_understands(query: str, field: str, value: object) -> None:
    found = parse(query)
    assert getattr(found, field) == value
    assert found.notices == ()


@pytest.mark.parametrize(
    ("query", "field", "value", "words"),
    [
        ("from=9999", "from_on", None, "from=9999"),
        ("from=2025-02-30", "from_on", None, "from=2025-02-30"),
        ("from=0001-01-01", "from_on", date(1900, 1, 1), "1900-01-01"),
        ("to=9999-12-31", "to_on", date(2100, 12, 31), "2100-12-31"),
        ("bin=foo", "bin", "", "bin=foo"),
        ("quad=7", "quad", (), "quad=7"),
        ("quad=²", "quad", (), "quad=²"),
        ("actor=%27;drop", "actor", "", "actor="),
        ("type=WAR", "type", "", "type=WAR"),
        ("state=secret", "state", "", "state=secret"),
        ("after=2025-99-99_abc", "after", "", "after="),
        ("before=yesterday", "before", "", "before="),
        ("sel=<b>", "sel", "", "sel="),
        ("zip=1", "actor", "", "zip"),
        ("q=" + "x" * 300, "q", "x" * 200, "200"),
    ],
)
def test_it_says_what_it_drops_or_clamps(query: str, field: str, value: object, words: str) -> None:
    found = parse(query)
    assert getattr(found, field) == value
    assert len(found.notices) == 1 and words in found.notices[0]


def test_it_swaps_days_in_the_wrong_order_and_says_so() -> None:
    found = parse("from=2025-06-30&to=2025-06-01")
    assert (found.from_on, found.to_on) == (date(2025, 6, 1), date(2025, 6, 30))
    assert len(found.notices) == 1


@pytest.mark.parametrize(
    "query",
    ["", "from=2025-06-01&quad=1&quad=3&state=auto", "actor=a&actor2=b&role=together&q=x%26y", "bin=week&type=AID"],
)
def test_its_own_query_string_means_the_same(query: str) -> None:
    found = parse(query)
    assert parse(found.query()) == found


@pytest.mark.parametrize("bad", ["actor=a%00b", "q=%00", "from=%00", "tag=%00&sel=%00", "after=%00"])
def test_it_survives_null_bytes(bad: str) -> None:
    assert "\x00" not in parse(bad).query()


@pytest.mark.django_db
def test_each_chip_takes_exactly_its_filter_away() -> None:
    found = parse("actor=northland&quad=4&state=auto&from=2025-06-01&role=actor")
    for chip in found.chips():
        left = parse(chip.query)
        assert getattr(left, chip.field) != getattr(found, chip.field)
        assert len(left.chips()) == len(found.chips()) - 1
    assert len(found.chips()) == 5


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 40),
        ("quad=4", 10),
        ("type=AID", 10),
        ("from=2025-06-11&to=2025-06-20", 10),
        ("from=2025-06-11", 30),
        ("place=harbour", 14),
        ("situation=quarrel", 40),
        ("situation=none", 0),
        ("outlet=gazette&lang=en", 40),
        ("lang=fa", 0),
        ("q=struck+Southland", 40),
        ("q=nothing+of+the+sort", 0),
        ("role=together", 4),
        ("role=together&actor=northland", 1),
        ("state=reviewed", 0),
        ("actor=nobody", 0),
    ],
)
def test_it_finds(query: str, count: int) -> None:
    make_world(40)
    assert parse(query).events().count() == count


@pytest.mark.django_db
def test_roles_part_an_actors_events_into_acting_acted_upon_and_together() -> None:
    make_world(120)
    counts = {role: parse(f"actor=northland&role={role}").events().count() for role in ("any", "actor", "recipient")}
    together = parse("actor=westland&role=together").events().count()
    assert counts["any"] == counts["actor"] + counts["recipient"] > 0
    assert 0 < together < parse("actor=westland&role=actor").events().count()


@pytest.mark.django_db
def test_pages_of_events_hold_each_event_once() -> None:
    make_world(130)
    seen: list[str] = []
    found = parse("")
    while rows := list(found.page(found.events())[:20]):
        seen += [event.pk for event in rows]
        found = parse(f"after={rows[-1].occurred_on}_{rows[-1].pk}")
    assert seen == list(Event.objects.values_list("pk", flat=True))


@pytest.mark.django_db
def test_what_editors_rejected_is_shown_only_when_asked_for() -> None:
    events = make_world(3)
    Event.objects.filter(pk=events[0].pk).update(state="rejected")
    assert parse("").events().count() == 2
    assert parse("state=rejected").events().count() == 1


@pytest.mark.django_db
def test_pages_of_articles_hold_each_article_once() -> None:
    make_world(130)
    seen: list[int] = []
    found = ArticleFilter()
    while rows := list(found.page(found.articles())[:50]):
        seen += [article.pk for article in rows]
        cursor = f"{round(rows[-1].published_at.timestamp() * 1_000_000)}_{rows[-1].pk}"
        found = ArticleFilter.parse(QueryDict(f"after={cursor}"), TODAY)
        assert found.notices == ()
    assert seen == list(Article.objects.values_list("pk", flat=True))


@pytest.mark.parametrize(
    ("query", "n_notices"),
    [
        ("q=x&lang=fa&bloc=gulf&from=2025-06-01", 0),
        ("lang=persian", 1),
        ("bloc=moon", 1),
        ("after=soon", 1),
        ("page=2", 1),
    ],
)
def test_the_articles_filter_says_what_it_drops(query: str, n_notices: int) -> None:
    assert len(ArticleFilter.parse(QueryDict(query), TODAY).notices) == n_notices
