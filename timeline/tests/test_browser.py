"""Pages in a real browser: the sample world, played once, seen light and dark, both ways round, wide and narrow."""

import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db import connection
from playwright.sync_api import BrowserContext, Page
from pytest_django import DjangoDbBlocker
from pytest_django.live_server_helper import LiveServer

from timeline.tests.sample_board import Board, play_board
from timeline.tests.world import clear_world

pytestmark = pytest.mark.django_db  # so that the test database is there; the server's threads read it on their own
WIDE, NARROW = {"width": 1360, "height": 900}, {"width": 320, "height": 720}
PROBES = Path(__file__).with_name("probes.js")
NewContext = Callable[..., BrowserContext]


@pytest.fixture(scope="module")
def board(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Board]:
    with django_db_blocker.unblock():
        before = count_sessions()
        server = LiveServer("localhost")
        try:
            yield play_board(server.url)
        finally:
            server.stop()
            wait_until_at_most(before)
            clear_world()
            Session.objects.all().delete()
            User.objects.all().delete()
            connection.close()  # Playwright's loop has a connection of its own, which nobody else would close


def count_sessions() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
        return int(cursor.fetchone()[0])


def wait_until_at_most(n_sessions: int) -> None:
    """Until no thread of the server holds the database any more: a page may close while a figure is being made."""
    until = time.monotonic() + 5
    while count_sessions() > n_sessions and time.monotonic() < until:
        time.sleep(0.05)


def open_page(new_context: NewContext, board: Board, *, language: str = "en", **options: object) -> Page:
    context = new_context(base_url=board.url, viewport=options.pop("viewport", WIDE), **options)
    cookies = [{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": board.url}]
    cookies.append({"name": settings.SESSION_COOKIE_NAME, "value": board.session, "url": board.url})
    context.add_cookies(cookies)
    context.add_init_script(path=PROBES)
    return context.new_page()


def drawn(page: Page) -> None:
    if page.locator("#chart").count():
        page.wait_for_selector("#chart[data-ready]", timeout=30_000)


def test_every_page_keeps_to_the_policy_and_to_its_own_host(new_context: NewContext, board: Board) -> None:
    page = open_page(new_context, board)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    for path in (*board.public, *board.admin):
        answer = page.goto(path)
        assert answer and answer.status == 200, path
        policy = answer.headers["content-security-policy"]
        assert "unsafe-inline" not in policy and "unsafe-eval" not in policy
        drawn(page)
        assert page.evaluate("window.violations") == [], path
        assert page.locator(".modebar-btn").count() == 0
    assert said == []  # other origins fail the test through the guard in conftest.py


def test_the_chart_uploads_nothing(new_context: NewContext, board: Board) -> None:
    page = open_page(new_context, board)
    page.goto("/timeline/")
    drawn(page)
    shared = page.evaluate(
        "(({showSendToCloud, plotlyServerURL}) => [showSendToCloud, plotlyServerURL])(chart._context)"
    )
    assert shared == [False, ""]


def test_the_first_page_of_the_sample_world_is_filled(new_context: NewContext, board: Board) -> None:
    page = open_page(new_context, board)
    page.goto("/")
    drawn(page)
    assert page.locator("li[data-event]").count() >= 20
    assert page.locator("#chart .bars path").count() >= 20


def test_filters_work_without_javascript_and_equal_the_file(new_context: NewContext, board: Board) -> None:
    page = open_page(new_context, board, java_script_enabled=False)
    page.goto("/timeline/")
    page.select_option("#f-actor", "israel")
    for quad in (1, 2, 3):
        page.uncheck(f'input[name=quad][value="{quad}"]')
    page.fill("#f-from", "2025-06-01")
    with page.expect_navigation():
        page.click("form.filters button[type=submit]")
    asked = urlsplit(page.url).query
    assert parse_qs(asked)["quad"] == ["4"]
    shown = [row.get_attribute("data-event") for row in page.locator("li[data-event]").all()]
    filed = page.request.get(f"/timeline.json?{asked}").json()["rows"]
    assert shown == [row["id"] for row in filed][:50] and shown


MIRRORED, DOWN = "matrix(-1, 0, 0, 1, 0, 0)", "matrix(0, 1, -1, 0, 0, 0)"


@pytest.mark.parametrize(
    ("language", "viewport", "turn"),
    [("en", WIDE, "none"), ("ar", WIDE, MIRRORED), ("en", NARROW, DOWN), ("fa", NARROW, DOWN)],
)
def test_who_acts_on_whom_reads_one_way(
    new_context: NewContext, board: Board, language: str, viewport: dict[str, int], turn: str
) -> None:
    page = open_page(new_context, board, language=language, viewport=viewport)
    page.goto("/timeline/")
    rows = page.evaluate("probes.whoWhom()")
    assert len(rows) >= 20
    for row in rows:
        assert row["order"] == sorted(row["order"]) and -1 not in row["order"]
        assert row["turn"] == turn
        (x, y), (u, v) = row["actor"], row["recipient"]
        if abs(y - v) < row["height"] / 2 and viewport == WIDE:
            assert x < u if language == "en" else x > u, row
        else:
            assert y < v, row
    if language == "en":
        assert all("Actor:" in row["label"] and "Recipient:" in row["label"] for row in rows)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_nothing_is_wider_than_a_small_screen(new_context: NewContext, board: Board, language: str) -> None:
    page = open_page(new_context, board, language=language, viewport=NARROW)
    for path in board.public:
        page.goto(path)
        drawn(page)
        assert page.evaluate("document.documentElement.scrollWidth") == 320, path
        assert page.locator("header.site").bounding_box()["height"] <= 180, path


@pytest.mark.parametrize("language", ["ar", "fa"])
def test_the_layout_mirrors_and_each_article_keeps_its_own_direction(
    new_context: NewContext, board: Board, language: str
) -> None:
    page = open_page(new_context, board, language=language)
    page.goto("/timeline/")
    drawn(page)
    assert page.locator("html").get_attribute("dir") == "rtl"
    filters, content = (page.locator(f"main > {part}").bounding_box()["x"] for part in ("section", "div"))
    assert filters > content
    ticks = page.evaluate(
        "[...document.querySelectorAll('#chart .xtick text')].map(t => t.getBoundingClientRect())"
        ".filter(box => box.width).map(box => box.x)"  # Plotly keeps ticks that it does not show
    )
    assert ticks == sorted(ticks) and len(ticks) > 3  # time still runs from left to right
    direction = "e => getComputedStyle(e).direction"
    for article, expected in ((board.article, "ltr"), (board.arabic, "rtl")):
        page.goto(f"/articles/{article}/")
        assert page.locator(".reading").evaluate(direction) == expected


def test_the_figure_and_its_table_hold_the_same_numbers(new_context: NewContext, board: Board) -> None:
    page = open_page(new_context, board)
    page.goto("/timeline/")
    drawn(page)
    foot = [int(cell.text_content() or "") for cell in page.locator("#chart-table tfoot td").all()]
    assert page.evaluate("probes.drawnSums()") == foot[:4] and sum(foot[:4]) == foot[4] > 0
    assert f"{foot[4]} event" in page.locator("figcaption").inner_text()
    picture = page.get_by_role("img", name="Events per day by class")
    assert picture.count() == 1


def test_the_cursor_walks_the_days_by_keyboard_and_opens_one(new_context: NewContext, board: Board) -> None:
    page = open_page(new_context, board)
    page.goto("/timeline/")
    drawn(page)
    page.focus("#cursor")
    says = [page.get_attribute("#cursor", "aria-valuetext")]
    for key in ("ArrowLeft", "ArrowLeft", "Home"):
        page.keyboard.press(key)
        says.append(page.get_attribute("#cursor", "aria-valuetext"))
    assert len(set(says)) == 4 and page.locator("#cursor-says").inner_text() == says[-1]
    day = (says[-1] or "")[:10]
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert parse_qs(urlsplit(page.url).query)["from"] == parse_qs(urlsplit(page.url).query)["to"] == [day]


def test_an_arrow_of_the_map_opens_its_events(new_context: NewContext, board: Board) -> None:
    page = open_page(new_context, board)
    page.goto("/actors/")
    drawn(page)
    row = page.locator("#dyads tbody tr").first
    expected = row.locator("a.events").get_attribute("href")
    with page.expect_navigation():
        page.evaluate(
            "pair => chart.emit('plotly_click', {points: [{customdata: [...pair.split(' '), '']}]})",
            row.get_attribute("data-pair"),
        )
    assert page.url == board.url + str(expected)


def test_a_figure_that_does_not_come_says_so_and_can_be_asked_for_again(new_context: NewContext, board: Board) -> None:
    page = open_page(new_context, board)
    page.route("**/figure.json*", lambda route: route.fulfill(status=500, body="broken"))
    page.goto("/timeline/")
    page.wait_for_selector(".chart-failure")
    assert page.locator("li[data-event]").count() >= 20  # the list stays
    page.unroute("**/figure.json*")
    page.click("[data-retry]")
    page.wait_for_selector("#chart[data-ready]")
    assert page.locator(".chart-failure").count() == 0


def test_untrusted_text_does_nothing(new_context: NewContext, board: Board) -> None:
    page = open_page(new_context, board)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.resource_type))
    for path in (f"/articles/{board.hostile_article}/", f"/events/{board.hostile_event}/", "/articles/", "/timeline/",
                 f"/admin/timeline/event/{board.hostile_event}/change/"):  # fmt: skip
        page.goto(path)
        assert page.evaluate("window.pwned") is None, path
        assert page.locator("main img, main a[href^='javascript']").count() == 0
        assert page.evaluate("window.violations") == [], path
    assert "<script>window.pwned" in page.inner_text("body")  # it is shown as what it is


def test_words_and_their_event_light_each_other_up(new_context: NewContext, board: Board) -> None:
    page = open_page(new_context, board)
    page.goto(f"/articles/{board.article}/")
    page.focus("[data-card] a")
    assert page.locator("mark.lit").count() > 0
    page.hover("mark[data-events]")
    assert page.locator("[data-card].lit").count() > 0
    page.uncheck("#r-actor")
    assert page.locator(".reading mark.actor").first.evaluate("e => getComputedStyle(e).textDecorationLine") == "none"


def test_a_link_copies_itself(new_context: NewContext, board: Board) -> None:
    page = open_page(new_context, board, permissions=["clipboard-read", "clipboard-write"])
    page.goto("/timeline/?quad=4")
    link = page.locator("a[data-copy]").first
    link.click()
    page.wait_for_function("document.querySelector('a[data-copy]').textContent === 'Link copied'")
    assert page.evaluate("navigator.clipboard.readText()") == board.url + str(link.get_attribute("href"))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_theme_is_there_at_the_first_paint(new_context: NewContext, board: Board, theme: str) -> None:
    page = open_page(new_context, board, java_script_enabled=False)
    page.context.add_cookies([{"name": "theme", "value": theme, "url": board.url}])
    page.goto("/methods/")
    colour = {"light": "rgb(246, 247, 249)", "dark": "rgb(15, 20, 25)"}[theme]
    assert page.locator("html").evaluate("e => getComputedStyle(e).backgroundColor") == colour


def test_targets_are_large_enough(new_context: NewContext, board: Board) -> None:
    page = open_page(new_context, board, viewport=NARROW)
    for path in ("/timeline/?quad=4", "/actors/", f"/articles/{board.article}/", "/outlets/"):
        page.goto(path)
        page.evaluate("document.querySelectorAll('details').forEach(e => e.open = true)")
        assert page.evaluate("probes.smallTargets()") == [], path


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_things_have_names_and_headings_skip_no_level(
    new_context: NewContext, board: Board, scheme: str
) -> None:
    page = open_page(new_context, board, color_scheme=scheme)
    for path in board.public:
        page.goto(path)
        assert page.evaluate("probes.faintText()") == [], path
        assert page.evaluate("probes.nameless()") == [] and page.evaluate("probes.doubledIds()") == [], path
        levels = page.evaluate("probes.headingLevels()")
        assert levels.count(1) == 1 and all(after - before <= 1 for before, after in pairwise(levels)), path
