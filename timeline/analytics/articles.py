"""Articles as rows, and one article with every span that was marked."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from articles.models import Article
from timeline.analytics.events import event_rows, is_hidden_from, shown_events
from timeline.models import Event, Evidence, Reading
from timeline.rows import EventRow, SpanRow
from timeline.segments import Segment, segments
from timeline.tagging import Document, find_sentences

User = AbstractBaseUser | AnonymousUser


def count_events_of_articles(article_ids: Iterable[int], user: User) -> dict[int, int]:
    rows = Evidence.objects.filter(article__in=list(article_ids), event__in=shown_events(user))
    return dict(rows.values_list("article_id").annotate(n=Count("event", distinct=True)))


def readings_of_articles(article_ids: Iterable[int]) -> dict[int, Reading]:
    """The newest reading of each article."""
    found = Reading.objects.filter(article__in=list(article_ids)).order_by("article_id", "-finished_at")
    return {reading.article_id: reading for reading in found.distinct("article_id")}


@dataclass(frozen=True, slots=True)
class ArticleRow:
    id: int
    title: str
    lang: str
    url: str
    outlet_name: str
    outlet_slug: str
    bloc: str
    is_sample: bool
    published_at: datetime
    published_kind: str
    n_events: int
    n_story: int
    reading: str

    @property
    def cursor(self) -> str:
        return f"{round(self.published_at.timestamp() * 1_000_000)}_{self.id}"


def article_rows(articles: QuerySet[Article], limit: int, user: User) -> list[ArticleRow]:
    found = list(articles[:limit])
    ids = [article.pk for article in found]
    counts, readings = count_events_of_articles(ids, user), readings_of_articles(ids)
    return [
        ArticleRow(
            id=a.pk, title=a.title, lang=a.lang, url=a.url, outlet_name=a.outlet.name, outlet_slug=a.outlet.slug,
            bloc=a.outlet.bloc, is_sample=a.outlet.is_sample, published_at=a.published_at,
            published_kind=a.published_kind, n_events=counts.get(a.pk, 0), n_story=a.story.n_articles if a.story else 1,
            reading=_outcome(readings.get(a.pk), user),
        )
        for a in found
    ]  # fmt: skip


def _outcome(reading: Reading | None, user: User) -> str:
    """How a reading ended, in words. What this user may not see is not betrayed here."""
    if reading is None:
        return ""
    if reading.outcome in (Reading.Outcome.CODED, Reading.Outcome.NO_EVENT) and is_hidden_from(user):
        return _("read")
    return str(reading.get_outcome_display())


@dataclass(frozen=True, slots=True)
class ReaderSentence:
    number: int
    pieces: list[Segment]
    is_title: bool


@dataclass(frozen=True, slots=True)
class ReaderPage:
    article: Article
    sentences: list[ReaderSentence]
    events: list[tuple[EventRow, Evidence]]
    reading: Reading | None
    outcome: str
    mates: list[Article]
    tags: list[str]


def reader_page(article_id: int, user: User) -> ReaderPage | None:
    """An article cut into sentences with every span that was marked."""
    article = Article.objects.select_related("outlet", "feed", "story", "page").filter(pk=article_id).first()
    if article is None:
        return None
    evidence = article.evidence.filter(event__in=shown_events(user)).order_by("begin")
    rows = {row.id: row for row in event_rows(Event.objects.filter(evidence__in=evidence).distinct())}
    reading = readings_of_articles([article.pk]).get(article.pk)
    spans = [span for e in evidence for span in spans_of(e)]
    spans += (
        [SpanRow(s["role"] if s["role"] != "actor" else "name", s["begin"], s["end"]) for s in reading.spans]
        if reading
        else []
    )
    document = Document(article.document, article.published_at.date(), article.lang, len(article.title))
    sentences = [
        ReaderSentence(s.number, segments(document.text, s.begin, s.end, spans), s.begin < document.title_end)
        for s in find_sentences(document)
    ]
    mates = Article.objects.filter(story=article.story_id).exclude(pk=article.pk).select_related("outlet")
    return ReaderPage(
        article, sentences, [(rows[e.event_id], e) for e in evidence], reading, _outcome(reading, user),
        list(mates[:20]) if article.story_id else [], list(article.tags.values_list("name", flat=True)),
    )  # fmt: skip


def pieces_of(evidence: Evidence) -> list[Segment]:
    """The marked quote. The quote itself is asked, not the article, whose text may be cut or another by now."""
    begin, end = evidence.begin, evidence.begin + len(evidence.quote)
    return segments(" " * begin + evidence.quote, begin, end, spans_of(evidence)) if evidence.quote else []


def spans_of(evidence: Evidence) -> list[SpanRow]:
    """What an evidence marks in its article's document."""
    return [SpanRow(s["role"], s["begin"], s["end"], evidence.event_id) for s in evidence.spans]
