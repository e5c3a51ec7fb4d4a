"""Plays the sample world: world.yaml → outlets and paused feeds → each poll's bytes through the real way in → tags.

Only the socket is left out: the bytes of a poll go to the function that a fetched page goes to. Playing again changes
nothing; a play that was cut short goes on where it stood.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.utils import timezone

from articles import store as evidence
from articles.ingest.records import Page
from articles.models import Article, Feed, Outlet
from articles.reading import take_in
from articles.registry.files import Row, read_yaml
from timeline.reading import tag_batch
from timeline.store import forget_articles

FOLDER = Path(__file__).parent
TAGGED_AT_ONCE = 10


@dataclass(frozen=True, slots=True)
class Step:
    done: int
    total: int
    text: str


def play() -> Iterator[Step]:
    """Yields after every poll and every batch of tagged articles."""
    world = read_yaml(FOLDER / "world.yaml")
    feeds = _make_feeds(world["outlets"])
    polls = world["polls"]
    n_files = len(polls)
    total = n_files * 2
    for done, poll in enumerate(polls, start=1):
        _take_in(feeds[poll["outlet"]], poll)
        yield Step(done, total, f"{poll['at'][:16]} {poll['outlet']}")
    n_unread = max(1, Article.objects.filter(outlet__is_sample=True, readings__isnull=True).count())
    n_read = 0
    while n_claimed := tag_batch(TAGGED_AT_ONCE):
        n_read += n_claimed
        yield Step(n_files + min(n_files, n_read * n_files // n_unread), total, f"{n_read} articles read")
    yield Step(total, total, "ready")


def remove() -> dict[str, int]:
    """Takes exactly the sample world away; returns how many rows of each kind went."""
    ids = list(Article.objects.filter(outlet__is_sample=True).values_list("pk", flat=True))
    n_events = forget_articles(ids, timezone.now())
    return {"events": n_events, **evidence.remove_samples()}


def _make_feeds(rows: list[Row]) -> dict[str, Feed]:
    feeds = {}
    for row in rows:
        fields = {name: value for name, value in row.items() if name not in ("slug", "feed")}
        outlet, _ = Outlet.objects.get_or_create(slug=row["slug"], defaults={**fields, "is_sample": True})
        feeds[row["slug"]], _ = evidence.add_feed(
            row["feed"], outlet=outlet, title=f"{row['name']}, all reports", is_paused=True, now=timezone.now()
        )
    return feeds


def _take_in(feed: Feed, poll: Row) -> None:
    at = datetime.fromisoformat(poll["at"])
    if feed.fetches.filter(started_at=at).exists():
        return
    page = Page(feed.url, 200, {"content-type": "application/xml"}, (FOLDER / "feeds" / poll["file"]).read_bytes())
    take_in(feed, page, at, None)
