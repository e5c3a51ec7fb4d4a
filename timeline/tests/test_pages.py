"""Pages as a visitor without JavaScript meets them."""

import gzip
import json
import re
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from articles.models import Feed, Outlet
from timeline import store
from timeline.evaluation.recorded import load_recorded
from timeline.models import Actor, Event, Membership, Reading, Situation
from timeline.templatetags.board import web_link
from timeline.tests.world import ARABIC, HOSTILE, make_article, make_event_of, make_world

ROOT = Path(__file__).parents[2]
PAGES = ("/timeline/", "/actors/", "/actors/?view=matrix", "/actors/?view=table&level=actor", "/actors/northland/",
         "/situations/", "/situations/quarrel/", "/articles/", "/outlets/", "/outlets/gazette/",
         "/methods/")  # fmt: skip


def text_of(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, path
    return unescape(answer.content.decode())


def ids_in(page: str) -> list[str]:
    return re.findall(r'data-event="(\w+)"', page)


def words_in(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


@pytest.mark.django_db
@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("n_events", [0, 30])
def test_every_page_answers_with_and_without_events(client: Client, path: str, n_events: int) -> None:
    make_world(max(n_events, 1))
    if not n_events:
        Event.objects.all().delete()
    page = text_of(client, path)
    assert page.count("<h1") == 1 and '<main id="content"' in page and 'href="#content"' in page


@pytest.mark.django_db
def test_bad_values_are_dropped_and_said(client: Client) -> None:
    make_world(3)
    page = text_of(client, "/timeline/?from=9999&bin=foo&quad=7&zip=1&after=2025-99-99_a")
    assert page.count('<p class="notice" role="status">') == 5
    assert len(ids_in(page)) == 3
    assert "“nodes=900” was taken as 150" in text_of(client, "/actors/?nodes=900")


@pytest.mark.django_db
def test_an_event_names_its_evidence_and_how_it_was_coded(client: Client, event: Event) -> None:
    event.evidence.update(codebook="abc123def456", confidence=0.71, why=["verb: struck"])
    article = event.evidence.get().article
    article.url = "https://gazette.example/one"
    article.save()
    page = text_of(client, f"/events/{event.pk}/")
    assert 'href="https://gazette.example/one"' in page
    assert page.count('datetime="2025-06-24') == 2  # published and fetched
    for words in (
        "Northland struck Southland on Monday",
        "abc123def456",
        "0.71",
        "verb: struck",
        "Accepted",
        event.pk,
    ):
        assert words in words_in(page), words


@pytest.mark.django_db
def test_what_the_machine_said_stays_beside_what_the_editor_set(client: Client, user: User) -> None:
    event = make_world(4)[3]
    store.rule_event(event.pk, user, "correct", {"modality": "denied"}, "it was denied")
    words = words_in(text_of(client, f"/events/{event.pk}/"))
    assert "modality: asserted became denied" in words and "it was denied" in words


@pytest.mark.django_db
def test_machine_events_are_marked_and_reviewed_only_hides_them(client: Client, user: User) -> None:
    events = make_world(6)
    store.rule_event(events[0].pk, user, "accept")
    page = text_of(client, "/timeline/")
    rows = re.split(r"<li id=", page)[1:]
    assert [("Auto-coded, not reviewed" in row) for row in rows] == [events[0].pk not in row for row in rows]
    assert ids_in(text_of(client, "/timeline/?state=reviewed")) == [events[0].pk]


@pytest.mark.django_db
def test_a_board_that_hides_machine_events_shows_them_to_nobody_outside(client: Client, settings: object) -> None:
    event = make_world(1)[0]
    settings.SHOW_UNREVIEWED = False
    assert ids_in(text_of(client, "/timeline/")) == []
    assert client.get(f"/events/{event.pk}/").status_code == 404
    article_id = event.evidence.get().article_id
    assert event.pk not in text_of(client, f"/articles/{article_id}/")


@pytest.mark.django_db
def test_a_board_that_hides_machine_events_does_not_count_them_either(
    client: Client, user: User, settings: object
) -> None:
    events = make_world(5)
    store.rule_event(events[0].pk, user, "accept")
    store.rule_event(events[1].pk, user, "reject")
    store.renew_memberships()
    Membership.objects.bulk_create(
        Membership(event=event, situation=Situation.objects.get(), rule="core-dyad") for event in events
    )
    article = events[4].evidence.get().article
    Reading.objects.create(article=article, codebook="c", outcome="coded", finished_at=article.fetched_at)

    def counts() -> list[object]:
        rows = json.loads(client.get("/articles.json").getvalue())["rows"]
        pages = [text_of(client, path) for path in ("/situations/", "/situations/quarrel/", "/articles/")]
        found = [re.findall(r"(?<!\d)\d+ events?\b", page) for page in pages]
        reader = text_of(client, f"/articles/{article.pk}/") + str(rows)
        return [sum(row["n_events"] for row in rows), found[0][0], found[1][0], len(found[2]),
                re.findall(r"core-dyad \d", pages[1]), "events found" in reader]  # fmt: skip

    assert counts() == [4, "4 events", "4 events", 4, ["core-dyad 4"], True]
    settings.SHOW_UNREVIEWED = False
    assert counts() == [1, "1 event", "1 event", 1, ["core-dyad 1"], False]


@pytest.mark.django_db
def test_a_retracted_event_is_gone_in_every_form(client: Client) -> None:
    event = make_world(1)[0]
    Event.objects.update(retracted_at=event.recorded_at, retracted_reason="Nobody says so any more.")
    answer = client.get(f"/events/{event.pk}.json")
    assert (client.get(f"/events/{event.pk}/").status_code, answer.status_code) == (410, 410)
    assert answer.json()["reason"] == "Nobody says so any more."


@pytest.mark.django_db
@pytest.mark.parametrize(
    "query", ["", "?quad=4", "?from=2025-06-01&to=2025-06-30&bin=week", "?from=1900-01-01&bin=month"]
)
def test_the_table_sums_up_to_the_figure_and_to_the_count(client: Client, query: str) -> None:
    make_world(90)
    answer = client.get(f"/timeline/{query}")
    table, n_events = answer.context["table"], answer.context["n_events"]
    data = client.get(f"/timeline/figure.json{query}").json()["data"]
    drawn = [
        sum(abs(y) for y in next(t["y"] for t in data if t.get("meta") == {"quad": quad})) for quad in (1, 2, 3, 4)
    ]
    assert list(table.totals.counts) == drawn and sum(drawn) == n_events
    assert table.totals.n_articles == sum(data[-1]["y"])
    assert f"{n_events} event" in words_in(answer.content.decode())


@pytest.mark.django_db
@pytest.mark.parametrize("bin", ["day", "week", "month", "year"])
def test_each_bar_opens_its_own_days(client: Client, bin: str) -> None:
    make_world(90)
    query = f"?from=2025-05-20&to=2025-07-20&bin={bin}"
    page = client.get(f"/timeline/{query}")
    links = re.findall(r'<th scope="row"><a href="/timeline/(\?[^"]+)"', page.content.decode())
    rows = page.context["table"].rows
    opened = [client.get(f"/timeline/{unescape(link)}").context["n_events"] for link in links]
    assert opened == [row.n_events for row in rows]


@pytest.mark.django_db
def test_the_link_to_a_view_opens_the_same_view(client: Client) -> None:
    make_world(60)
    page = text_of(client, "/timeline/?actor=northland&quad=4")
    link = re.search(r'href="(/timeline/\?[^"]+)" data-copy', page)
    assert link and "from=" in link[1]
    assert ids_in(text_of(client, link[1])) == ids_in(page) != []


@pytest.mark.django_db
def test_older_leads_through_all_events_once(client: Client) -> None:
    make_world(130)
    seen, path = [], "/timeline/"
    while path:
        page = text_of(client, path)
        seen += ids_in(page)
        older = re.search(r'rel="next" href="(\?[^"]+)"', page)
        path = f"/timeline/{older[1]}" if older else ""
    assert len(seen) == 130 == len(set(seen))


@pytest.mark.django_db
def test_the_number_on_a_pair_is_the_number_of_events_it_opens(client: Client) -> None:
    make_world(120)
    page = text_of(client, "/actors/")
    pairs = re.findall(r'class="events" href="([^"]+)">(\d+)<', page)
    assert len(pairs) > 20
    for link, n_events in pairs[:3] + pairs[-3:]:
        assert client.get(link).context["n_events"] == int(n_events), link


@pytest.mark.django_db
def test_the_matrix_holds_directed_pairs_alone(client: Client) -> None:
    make_world(120)
    answer = client.get("/actors/?view=matrix")
    cells = [cell for _, row in answer.context["matrix"] for cell in row if cell]
    directed = [row for row in answer.context["dyads"] if not row.is_reciprocal]
    assert sum(cell.n_events for cell in cells) == sum(row.n_events for row in directed)
    assert not any(cell.is_reciprocal for cell in cells)


@pytest.mark.django_db
def test_the_map_says_how_much_of_it_is_shown(client: Client) -> None:
    make_world(60)
    assert "Showing 2 of 6 actors" in words_in(text_of(client, "/actors/?nodes=2"))
    data = client.get("/actors/figure.json?nodes=2").json()["data"][-1]
    assert all(re.search(r" \+\d$", name) for name in data["text"])  # neighbours not drawn


@pytest.mark.django_db
def test_the_way_out_of_an_empty_page_leads_to_events(client: Client) -> None:
    make_world(120)
    page = text_of(client, "/timeline/?actor=northland&q=nothing+like+it&quad=4")
    assert "No events match" in page
    ways = re.findall(r'<li><a href="(\?[^"]+)">(\d+) events? without', page)
    assert ways
    for link, n_events in ways:
        assert client.get(f"/timeline/{link}").context["n_events"] == int(n_events)


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/timeline/", "/articles/"])
def test_a_board_without_anything_says_what_to_do(client: Client, path: str) -> None:
    page = text_of(client, path)
    assert "manage.py demo" in page and 'href="/outlets/"' in page
    assert "No data yet" in page


@pytest.mark.django_db
@pytest.mark.parametrize(("minutes", "is_said"), [(10, False), (40, True)])
def test_the_board_says_when_its_feeds_went_quiet(client: Client, minutes: int, is_said: bool) -> None:
    outlet = Outlet.objects.create(slug="gazette", name="Gazette")
    at = timezone.now() - timedelta(minutes=minutes)
    Feed.objects.create(outlet=outlet, url="https://a.example/feed", url_sha256=b"1", fetched_at=at, interval_s=900)
    assert ("No feed was fetched since" in text_of(client, "/timeline/")) is is_said


@pytest.mark.django_db
def test_a_retracted_event_says_when_and_why(client: Client) -> None:
    event = make_world(1)[0]
    at = datetime(2025, 7, 1, 8, 30, tzinfo=UTC)
    Event.objects.filter(pk=event.pk).update(retracted_at=at, retracted_reason="the outlet withdrew it")
    page = text_of(client, f"/events/{event.pk}/", 410)
    assert "2025-07-01 08:30" in page and "the outlet withdrew it" in page


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/events/nothing/", "/articles/999999/", "/actors/nobody/", "/situations/none/",
                                  "/outlets/none/", "/nowhere/"])  # fmt: skip
def test_what_is_not_there_is_a_page_with_a_way_on(client: Client, path: str) -> None:
    assert 'class="button" href="/timeline/"' in text_of(client, path, 404)


@pytest.mark.django_db
def test_hostile_text_stays_text(client: Client) -> None:
    event = make_event_of(make_article(HOSTILE, HOSTILE, url="javascript:alert(1)"), HOSTILE)
    Actor.objects.filter(slug="northland").update(name=HOSTILE)
    article_id = event.evidence.get().article_id
    for path in ("/timeline/", f"/events/{event.pk}/", f"/articles/{article_id}/", "/articles/", "/actors/",
                 "/actors/northland/", "/actors/?view=matrix"):  # fmt: skip
        page = client.get(path).content.decode()
        assert "<script>window" not in page and "<img" not in page and "<svg onload" not in page, path
        assert 'href="javascript' not in page, path


@pytest.mark.parametrize(
    ("address", "is_kept"),
    [
        ("https://a.example/x", True),
        ("http://a.example", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("//a.example/x", False),
        ("", False),
    ],
)
def test_only_the_web_is_linked(address: str, is_kept: bool) -> None:
    assert web_link(address) == (address if is_kept else "")


@pytest.mark.django_db
def test_an_article_keeps_its_own_language_and_direction(client: Client) -> None:
    article = make_article(ARABIC, ARABIC, lang="ar")
    page = text_of(client, f"/articles/{article.pk}/")
    assert '<html lang="en" dir="ltr"' in page
    assert '<div class="reading marked" lang="ar" dir="auto">' in page


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "direction"), [("ar", "rtl"), ("fa", "rtl"), ("en", "ltr")])
def test_a_chosen_language_stays_and_sets_the_direction(client: Client, language: str, direction: str) -> None:
    answer = client.post("/language/", {"language": language, "next": "/methods/"})
    assert answer["Location"] == "/methods/"
    assert f'<html lang="{language}" dir="{direction}"' in text_of(client, "/methods/")


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/language/", "/theme/"])
@pytest.mark.parametrize("away", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_a_switch_never_leads_off_the_board(client: Client, path: str, away: str) -> None:
    answer = client.post(path, {"language": "xx", "theme": "pink", "next": away})
    assert answer["Location"] == "/" and not answer.cookies


@pytest.mark.django_db
def test_a_chosen_theme_is_in_the_page_itself(client: Client) -> None:
    client.post("/theme/", {"theme": "dark", "next": "/methods/"})
    assert 'data-theme="dark"' in text_of(client, "/methods/")


@pytest.mark.django_db
def test_a_full_page_is_small(client: Client) -> None:
    make_world(400)
    for path in ("/timeline/", "/actors/", "/articles/"):
        assert len(gzip.compress(client.get(path).content)) < 100_000, path


@pytest.mark.django_db
def test_each_class_has_a_shape_and_a_word_of_its_own(client: Client) -> None:
    make_world(8)
    marks = re.findall(
        r'<span class="class q(\d)"><svg[^>]*>(.*?)</svg>\s*<span>([^<]+)', text_of(client, "/timeline/")
    )
    assert len({quad for quad, _, _ in marks}) == len({shape for _, shape, _ in marks}) == 4
    assert len({word for _, _, word in marks}) == 4


def test_no_arrow_is_written_into_a_template() -> None:
    """A literal arrow does not turn round in a right-to-left page; _arrow.html does."""
    public = [path for path in (ROOT / "templates").rglob("*.html") if "admin" not in path.parts]
    assert len(public) > 30
    assert [path.name for path in public if re.search("[←→⇐⇒↔]|&[lr]arr;", path.read_text())] == []


def test_styles_and_templates_know_no_left_and_right() -> None:
    wrong = re.compile(
        r"(?<![\w-])(left|right|top|bottom|(margin|padding|border)-(left|right|top|bottom)|width|height)\s*:"
    )
    for path in (ROOT / "static/css").glob("*.css"):
        css = re.sub(r"/\*.*?\*/|\(m(ax|in)-\w+:[^)]*\)", "", path.read_text())
        assert [match[0] for match in wrong.finditer(css)] == [], path.name
    inline = [
        path.name
        for path in (ROOT / "templates").rglob("*.html")
        if re.search(r"\sstyle=|<style|\son\w+=", path.read_text())
    ]
    assert inline == []


@pytest.mark.django_db
def test_figures_of_what_does_not_ship_say_so(client: Client) -> None:
    figures = load_recorded()
    page = text_of(client, "/methods/")
    assert page.count("with the set's own training part added; not shipped") == sum(f.with_given for f in figures) > 0
