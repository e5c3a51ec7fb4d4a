"""What browser tests visit: the sample world, played through the real pipeline, with one hostile article in it."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client

from articles.models import Article, Feed
from timeline.models import Actor, Event, Situation
from timeline.tests.world import HOSTILE, make_article, make_event_of


@dataclass(frozen=True)
class Board:
    """A running board, with what tests ask for by name."""

    url: str
    event: str
    article: int
    arabic: int
    hostile_article: int
    hostile_event: str
    feed: int
    actor: int
    situation: str
    session: str

    @property
    def public(self) -> tuple[str, ...]:
        return (
            "/timeline/", "/timeline/?from=9999&bin=foo", "/timeline/?q=nothing+like+it", f"/events/{self.event}/",
            "/actors/", "/actors/?view=matrix", "/actors/?view=table&level=actor", "/actors/iran/", "/situations/",
            f"/situations/{self.situation}/", "/articles/", f"/articles/{self.article}/",
            f"/articles/{self.arabic}/", "/outlets/", "/outlets/sample-wire/", "/methods/",
        )  # fmt: skip

    @property
    def admin(self) -> tuple[str, ...]:
        return (
            "/admin/", "/admin/timeline/event/", f"/admin/timeline/event/{self.event}/change/",
            f"/admin/articles/article/{self.article}/change/", f"/admin/articles/article/{self.article}/add-event/",
            f"/admin/articles/feed/{self.feed}/change/", f"/admin/timeline/actor/{self.actor}/change/",
        )  # fmt: skip


def play_board(url: str) -> Board:
    """Fills the tables, and names what a board at that address then shows."""
    call_command("load_registry", verbosity=0)
    call_command("demo", quiet=True, verbosity=0)
    hostile = make_article(HOSTILE, HOSTILE, url="javascript:alert(1)")
    hostile_event = make_event_of(hostile, HOSTILE)
    client = Client()
    client.force_login(User.objects.create_superuser("senior"))
    coded = Event.objects.filter(
        participants__part="recipient", evidence__article__outlet__is_sample=True, evidence__article__lang="en"
    )
    event = coded.order_by("-n_articles", "pk")[0]
    return Board(
        url=url,
        event=event.pk,
        article=event.evidence.filter(article__lang="en").order_by("pk")[0].article_id,
        arabic=Article.objects.filter(lang="ar")[0].pk,
        hostile_article=hostile.pk,
        hostile_event=hostile_event.pk,
        feed=Feed.objects.order_by("pk")[0].pk,
        actor=Actor.objects.get(slug="iran").pk,
        situation=Situation.objects.filter(membership__isnull=False).exclude(slug="quarrel")[0].slug,
        session=client.cookies[settings.SESSION_COOKIE_NAME].value,
    )
