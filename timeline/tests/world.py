"""Many events at once, for pages, files and query budgets: as the pipeline would leave them in the tables."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

from articles.models import Article, Feed, Fetch, Outlet, Story
from timeline.models import (
    Actor,
    Alias,
    Event,
    Evidence,
    Membership,
    Participant,
    Place,
    Reading,
    Role,
    Ruling,
    Situation,
    Tag,
)

FIRST = date(2025, 6, 1)
N_DAYS = 40
STATES = ("northland", "southland", "eastland", "westland", "midland", "farland")
KINDS = (("CONSULT", 1, 1.0), ("AID", 2, 7.0), ("ACCUSE", 3, -3.0), ("ASSAULT", 4, -9.0))
ARABIC = "أعلنت الشمال الحرب على الجنوب."
HOSTILE = "<script>window.pwned=1</script><img src=x onerror=window.pwned=1><svg onload=window.pwned=1>"


def make_world(n_events: int) -> list[Event]:
    """`n_events` events of six states over forty days, one article each; every tenth is done together."""
    actors = [Actor.objects.get_or_create(slug=slug, name=slug.title(), kind="state")[0] for slug in STATES]
    situation = Situation.objects.get_or_create(slug="quarrel", name="The quarrel", summary="Since June.")[0]
    place = Place.objects.get_or_create(slug="harbour", name="Harbour", kind="port")[0]
    outlet = Outlet.objects.get_or_create(slug="gazette", name="Gazette", family="gazette")[0]
    start = Event.objects.count()
    articles = Article.objects.bulk_create(_article(outlet, number) for number in range(start, start + n_events))
    events = Event.objects.bulk_create(_event(number, place) for number in range(start, start + n_events))
    Participant.objects.bulk_create(part for n, event in enumerate(events) for part in _parts(event, n, actors))
    Evidence.objects.bulk_create(_evidence(e, a) for e, a in zip(events, articles, strict=True))
    Reading.objects.bulk_create(
        Reading(article=a, codebook="c" * 12, finished_at=a.fetched_at, outcome="coded", n_events=1) for a in articles
    )
    Membership.objects.bulk_create(Membership(event=e, situation=situation, rule="core-dyad") for e in events)
    return events


def make_article(title: str, text: str, lang: str = "en", url: str = "") -> Article:
    outlet = Outlet.objects.get_or_create(slug="gazette", name="Gazette", family="gazette")[0]
    digest = sha256(f"{title}{url}".encode()).digest()
    at = datetime(2025, 6, 20, 12, tzinfo=UTC)
    return Article.objects.create(
        outlet=outlet, guid_sha256=digest, url_sha256=digest, content_sha256=digest, title=title, text=text,
        lang=lang, url=url, published_at=at, fetched_at=at,
    )  # fmt: skip


def make_event_of(article: Article, quote: str) -> Event:
    """An event whose evidence is a stretch of that article."""
    event = make_world(1)[0]
    begin = article.document.index(quote)
    spans = [{"role": "verb", "begin": begin, "end": begin + len(quote), "text": quote, "ref": ""}]
    Evidence.objects.filter(event=event).update(
        article=article, quote=quote, begin=begin, end=begin + len(quote), sentence_no=0, spans=spans, why=[quote]
    )
    return event


def clear_world() -> None:
    """Everything that tests put into the tables of evidence and interpretation."""
    for model in (Ruling, Evidence, Membership, Participant, Reading, Tag, Event, Situation, Alias, Role, Article,
                  Story, Fetch, Feed, Outlet):  # fmt: skip
        model.objects.all().delete()
    for parts in (Place, Actor):
        parts.objects.update(parent=None)
        parts.objects.all().delete()


def _article(outlet: Outlet, number: int) -> Article:
    digest = sha256(f"article {number}".encode()).digest()
    at = datetime(2025, 6, 1, 12, tzinfo=UTC) + timedelta(days=number % N_DAYS, minutes=number)
    return Article(
        outlet=outlet, guid_sha256=digest, url_sha256=digest, content_sha256=digest, lang="en",
        url=f"https://gazette.example/{number}", title=f"Headline {number}", published_at=at, fetched_at=at,
        text="Northland struck Southland on Monday. Talks followed.", extractor="feed rss20",
    )  # fmt: skip


def _event(number: int, place: Place) -> Event:
    type_, quad, intensity = KINDS[number % 4]
    return Event(
        id=f"e{number:07d}", key_sha256=sha256(f"event {number}".encode()).digest(), type=type_, quad=quad,
        intensity=intensity, occurred_on=FIRST + timedelta(days=number % N_DAYS), date_precision="day",
        verb="struck", n_articles=1, n_families=1, confidence=0.7, codebook="c" * 12,
        place=place if number % 3 == 0 else None,
    )  # fmt: skip


def _parts(event: Event, number: int, actors: list[Actor]) -> Iterable[Participant]:
    one, other = actors[number % 6], actors[(number + 1 + number % 5) % 6]
    part = "actor" if number % 10 == 9 else "recipient"
    yield Participant(event=event, actor=one, part="actor", position=0, occurred_on=event.occurred_on)
    yield Participant(event=event, actor=other, part=part, position=1, occurred_on=event.occurred_on)


def _evidence(event: Event, article: Article) -> Evidence:
    begin = len(article.title) + 1
    spans = [
        {"role": "actor", "begin": begin, "end": begin + 9, "text": "Northland", "ref": "northland"},
        {"role": "verb", "begin": begin + 10, "end": begin + 16, "text": "struck", "ref": "ASSAULT"},
        {"role": "recipient", "begin": begin + 17, "end": begin + 26, "text": "Southland", "ref": "southland"},
    ]
    return Evidence(
        event=event, article=article, codebook="c" * 12, sentence_no=1, begin=begin, end=begin + 37, spans=spans,
        quote="Northland struck Southland on Monday.", why=["verb: struck"], confidence=0.7,
    )  # fmt: skip
