"""A small cast: three states, a harbour, one article of one outlet, and an event that an editor coded from it."""

from datetime import UTC, date, datetime
from hashlib import sha256

import pytest
from django.contrib.auth.models import User

from articles.models import Article, Outlet
from timeline import store
from timeline.models import Actor, Event, Place
from timeline.registry import forget_kept

TITLE, TEXT = "Northland and Southland", "Northland struck Southland on Monday. Talks followed."


@pytest.fixture(autouse=True)
def fresh_registry() -> None:
    """What one test put into the registry is not what the next finds."""
    forget_kept()


@pytest.fixture
def user() -> User:
    return User.objects.create_user("first-editor")


@pytest.fixture
def article() -> Article:
    for slug in ("northland", "southland", "eastland"):
        Actor.objects.create(slug=slug, name=slug.title(), kind="state")
    Place.objects.create(slug="harbour", name="Harbour", kind="port")
    digest = sha256(b"one").digest()
    return Article.objects.create(
        outlet=Outlet.objects.create(slug="gazette", name="Gazette"),
        guid_sha256=digest,
        url_sha256=digest,
        content_sha256=digest,
        title=TITLE,
        text=TEXT,
        lang="en",
        published_at=datetime(2025, 6, 24, tzinfo=UTC),
        fetched_at=datetime(2025, 6, 24, tzinfo=UTC),
    )


@pytest.fixture
def event(article: Article, user: User) -> Event:
    begin = len(TITLE) + 1
    new = store.NewEvent(
        article_id=article.pk,
        begin=begin,
        end=begin + TEXT.index("."),
        type="ASSAULT",
        actors=("northland",),
        recipients=("southland",),
        occurred_on=date(2025, 6, 23),
        verb="struck",
    )
    return store.add_event(new, user)
