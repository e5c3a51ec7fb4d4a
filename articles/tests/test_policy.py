"""What an outlet lets us keep, and that nothing else is kept, also after the outlet's settings changed."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles import store
from articles.ingest.records import Page
from articles.models import Article, ArticlePage, Outlet, RawCopy
from articles.reading import take_in
from articles.tests import cast
from articles.tests.cast import NOW
from articles.tests.loopback import Loopback, reply
from articles.tests.test_extract import page
from articles.tests.test_pages import HTML, TEXT, read_all, waiting

pytestmark = pytest.mark.django_db
SECRET = "quicksilver"  # a word that stands at the end of texts alone
LONG = "The ferry sailed again. " * 30 + f"The last word is {SECRET}."
FULL, EXCERPT, NONE = Outlet.Storage.FULL, Outlet.Storage.EXCERPT, Outlet.Storage.NONE


def stored(**outlet: Any) -> Article:
    owner = Outlet.objects.first() or cast.outlet(**outlet)
    return store.save_article(owner, cast.entry(text=LONG, text_kind="full"), NOW, feed=cast.feed(), extractor="feed")[
        0
    ]


def places_with(word: str) -> set[str]:
    """Every column of the database in which a word stands, packed copies unpacked."""
    found = set()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
            " AND (table_name LIKE 'articles%%' OR table_name LIKE 'timeline%%') AND data_type <> 'bytea'"
        )
        for table, column in cursor.fetchall():
            cursor.execute(f'SELECT count(*) FROM "{table}" WHERE "{column}"::text LIKE %s', [f"%{word}%"])
            if cursor.fetchone()[0]:
                found.add(f"{table}.{column}")
    if any(word.encode() in store.unpacked(copy).body for copy in RawCopy.objects.all()):
        found.add("raw copies")
    return found


@pytest.mark.parametrize(
    ("settings_of_outlet", "kind", "is_kept"),
    [
        ({}, "full", True),
        ({"storage": EXCERPT}, "excerpt", False),
        ({"text_source": Outlet.TextSource.EXCERPT}, "excerpt", False),
        ({"storage": NONE}, "not-kept", False),
    ],
)
def test_no_more_is_kept_than_the_outlet_allows(settings_of_outlet: Any, kind: str, is_kept: bool) -> None:
    article = stored(**settings_of_outlet)
    assert (article.text_kind, bool(places_with(SECRET))) == (kind, is_kept)
    assert len(article.text) <= 300 or is_kept
    assert article.text == "" or LONG.startswith(article.text)


def test_a_short_text_is_no_excerpt() -> None:
    owner = cast.outlet(storage=EXCERPT)
    assert store.save_article(owner, cast.entry(text="Short."), NOW)[0].text_kind == "summary"


def test_of_a_page_no_more_is_kept_either(permitted: Loopback) -> None:
    paragraphs = (*TEXT.split("\n"), f"The last word of the harbour master was {SECRET}, and that was that.")
    permitted.answers["/ferry"] = reply(page(paragraphs=paragraphs), **HTML)
    cast.outlet(text_source=Outlet.TextSource.PAGE, storage=EXCERPT)
    article = waiting(permitted)
    assert read_all() == 1
    article.refresh_from_db()
    assert article.text_kind == "excerpt" and TEXT.startswith(article.text[:100]) and places_with(SECRET) == set()


def test_where_only_the_headline_is_kept_no_page_is_asked_for(permitted: Loopback) -> None:
    cast.outlet(text_source=Outlet.TextSource.PAGE, storage=NONE)
    assert waiting(permitted).stage == Article.Stage.STORED and not ArticlePage.objects.exists()


@pytest.mark.parametrize("allowed", [EXCERPT, NONE])
def test_a_changed_policy_is_applied_to_all_that_is_stored_and_says_what_went(
    permitted: Loopback, allowed: str, capsys: pytest.CaptureFixture[str]
) -> None:
    permitted.answers["/ferry"] = reply(
        page(paragraphs=(*TEXT.split("\n") * 2, f"It ends with {SECRET}, he said.")), **HTML
    )
    cast.outlet(text_source=Outlet.TextSource.PAGE)
    waiting(permitted), read_all(), stored()
    body = cast.rss("A", host="https://courier.example/b") + f"<!-- {SECRET} -->".encode()
    take_in(cast.feed(), Page("x", 200, {}, body), NOW, None)
    assert places_with(SECRET) == {"articles_article.text", "raw copies"} and RawCopy.objects.count() == 2
    Outlet.objects.update(storage=allowed)
    call_command("apply_policy", "courier")
    assert places_with(SECRET) == set()
    said = capsys.readouterr().out
    assert "of 2 articles, 2 raw copies" in said
    assert Article.objects.filter(text_cut_at=None).count() == 1  # the one that is a headline alone
    call_command("apply_policy")
    assert "Nothing had to be removed." in capsys.readouterr().out


def test_a_policy_takes_nothing_from_other_outlets() -> None:
    article = stored()
    other = cast.outlet("other", storage=NONE)
    assert store.apply_policy(Outlet.objects.all(), NOW) == store.Removed()
    article.refresh_from_db()
    assert article.text == LONG and other.allowance == NONE


def test_an_outlet_that_nobody_knows_is_named() -> None:
    with pytest.raises(CommandError, match="nowhere"):
        call_command("apply_policy", "nowhere")


def test_editors_apply_a_policy_in_the_admin(client: Client) -> None:
    article = stored()
    Outlet.objects.update(storage=NONE)
    client.force_login(User.objects.create_superuser("root"))
    chosen = {"action": "apply_policy", "_selected_action": [article.outlet_id]}
    answer = client.post(reverse("admin:articles_outlet_changelist"), chosen, follow=True)
    assert "of 1 articles" in answer.text
    article.refresh_from_db()
    assert article.text == ""


# --- raw copies -----------------------------------------------------------------------------------------------------


def test_a_page_is_kept_as_it_came_with_its_hash(permitted: Loopback) -> None:
    permitted.answers["/ferry"] = reply(page(), **HTML)
    article = waiting(permitted)
    read_all()
    copy = RawCopy.objects.get()
    assert store.unpacked(copy) == Page(article.url, 200, {"content-type": HTML["Content_Type"]}, page())
    assert (copy.article, copy.problem, copy.n_bytes) == (article, "", len(page())) and len(copy.packed) < copy.n_bytes


def test_a_copy_whose_bytes_were_changed_is_not_given_out() -> None:
    store.keep_copy(cast.outlet(), Page("u", 200, {}, b"<rss>"), NOW)
    RawCopy.objects.update(body_sha256=bytes(32))
    with pytest.raises(ValueError, match="damaged"):
        store.unpacked(RawCopy.objects.get())


@pytest.mark.parametrize(
    ("seen", "problem"),
    [
        (Page("u", 200, {}, b"<html>no feed"), "a web page, not a feed"),
        (Page("u", 403, {}, b"go away"), "the outlet refuses us (HTTP 403)"),
        (Page("u", 200, {}, cast.rss("A")), ""),
    ],
)
def test_what_a_feed_brought_is_kept_and_why_it_could_not_be_read(seen: Page, problem: str) -> None:
    feed = cast.feed()
    take_in(feed, seen, NOW, None), take_in(feed, seen, NOW + timedelta(days=1), None)
    copy = RawCopy.objects.get()
    assert (copy.problem, copy.feed, store.unpacked(copy).body) == (problem, feed, seen.body)


def test_a_feed_that_brings_nothing_new_is_not_kept_again() -> None:
    feed = cast.feed()
    take_in(feed, Page("u", 200, {}, cast.rss("A")), NOW, None)
    take_in(feed, Page("u", 200, {}, cast.rss("A") + b"<!-- a minute later -->"), NOW, None)
    take_in(feed, Page("u", 304, {}, b""), NOW, None)
    assert RawCopy.objects.count() == 1


@pytest.mark.parametrize(("days", "n_kept"), [(0, 0), (3, 1)])
def test_copies_are_kept_for_as_long_as_the_setting_says(settings: Any, days: int, n_kept: int) -> None:
    settings.RAW_COPY_DAYS = days
    store.keep_copy(cast.outlet(), Page("u", 200, {}, b"<rss>"), NOW)
    assert RawCopy.objects.count() == n_kept
    assert store.forget_copies(NOW + timedelta(days=2)) == 0 and store.forget_copies(NOW + timedelta(days=4)) == n_kept


def test_copies_that_an_outlet_no_longer_allows_are_not_waited_for() -> None:
    store.keep_copy(cast.outlet(), Page("u", 200, {}, b"<rss>"), NOW)
    Outlet.objects.update(text_source=Outlet.TextSource.EXCERPT)
    assert store.forget_copies(NOW) == 1


def test_a_copy_is_read_once_more(capsys: pytest.CaptureFixture[str]) -> None:
    outlet, feed = cast.outlet(), cast.feed()
    store.keep_copy(outlet, Page("u", 200, {}, b"<html>"), timezone.now(), feed=feed, problem="a web page, not a feed")
    store.keep_copy(outlet, Page("u", 200, {}, cast.rss("A", "B")), timezone.now(), feed=feed)
    store.keep_copy(outlet, Page("https://courier.example/x", 200, {}, page()), timezone.now())
    call_command("replay")
    assert capsys.readouterr().out.splitlines()[0].endswith(": a web page, not a feed")
    for copy, words in zip(RawCopy.objects.order_by("pk"), ("not read: a web page", "2 entries", TEXT), strict=True):
        call_command("replay", str(copy.pk))
        assert words in capsys.readouterr().out
    with pytest.raises(CommandError):
        call_command("replay", "0")
