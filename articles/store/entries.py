"""Writes articles: each entry once, a later headline noted, the same report in one story."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import DatabaseError, OperationalError, transaction
from django.db.models import F, Q

from articles.ingest.language import detect_language
from articles.ingest.likeness import fingerprint, is_same_report
from articles.ingest.records import BrokenEntry, Entry, ParsedFeed, name_without_page
from articles.models import Article, Feed, Outlet, Story
from articles.store.policy import kept
from articles.store.wants import want_page, wants_page

STORY_DAYS = 3
# Classes of SQLSTATE: connection, rollback, resources, object state, intervention, system. A cancelled statement is one
# that ran into its time limit: values that take too long are a fault of their entry.
OTHERS_FAULTS, QUERY_CANCELED = ("08", "40", "53", "55", "57", "58"), "57014"
FAR_AHEAD = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Counts:
    stored: int
    duplicate: int
    broken: tuple[BrokenEntry, ...]
    undated: int
    future: int = 0


def save_entries(feed: Feed, parsed: ParsedFeed, now: datetime) -> Counts:
    """Stores what is new. Every entry in a savepoint of its own: one that cannot be stored loses no other.

    Raises django.db's errors where the database and not an entry is at fault: all of it may then be done again.
    """
    stored = duplicate = undated = future = 0
    broken = list(parsed.broken)
    for position, entry in enumerate(parsed.entries):
        try:
            article, is_new = save_article(feed.outlet, entry, now, feed=feed, extractor=f"feed {parsed.format}")
        except (DatabaseError, ValueError, OverflowError) as error:
            if isinstance(error, DatabaseError) and not _is_of_the_entry(error):
                raise
            reason = str(error).partition("\n")[0][:300] or type(error).__name__
            broken.append(BrokenEntry(position, entry.title[:200], reason))
            continue
        stored += is_new
        duplicate += not is_new
        undated += is_new and article.published_kind == Article.PublishedKind.MISSING
        future += is_new and article.published_kind == Article.PublishedKind.CLAMPED
    return Counts(stored, duplicate, tuple(broken), undated, future)


def _is_of_the_entry(error: DatabaseError) -> bool:
    """Whether PostgreSQL (or its driver) takes exception to the values, and not to its own state or to other work."""
    state = getattr(error.__cause__, "sqlstate", None)
    if state is None:
        return not isinstance(error, OperationalError)
    return state == QUERY_CANCELED or not state.startswith(OTHERS_FAULTS)


def save_article(
    outlet: Outlet, entry: Entry, now: datetime, feed: Feed | None = None, extractor: str = ""
) -> tuple[Article, bool]:
    """The article of this address (or identifier), and whether it is new. A new headline of a known one is noted."""
    guid = sha256(entry.guid.encode()).digest()
    has_own_page = entry.url and not entry.is_link_shared
    identity = entry.url if has_own_page else f"{feed.pk if feed else outlet.slug} {entry.guid}"
    address = sha256(identity.encode()).digest()
    with transaction.atomic():
        known = _known(feed, entry, guid, address)
        if known:
            _note_title(known, entry.title, now)
            return known, False
        published_at, kind = _published(entry, now)
        text, text_kind = kept(outlet, entry.text, entry.text_kind)
        is_waiting = feed is not None and wants_page(outlet, entry)
        article, is_new = Article.objects.get_or_create(
            url_sha256=address,
            defaults={
                "outlet": outlet, "feed": feed, "guid_sha256": guid, "url": entry.url, "title": entry.title,
                "text": text, "text_kind": text_kind, "author": entry.author,
                "lang": detect_language(f"{entry.title}\n{entry.text}", entry.lang),
                "published_at": published_at, "published_kind": kind, "fetched_at": now, "extractor": extractor[:60],
                "published_claim": _claim(entry, kind),
                "content_sha256": sha256(f"{entry.title}\n{entry.text}".encode()).digest(),
                "likeness": [] if is_waiting else fingerprint(f"{entry.title}\n{text}"),
                "stage": Article.Stage.FETCHED if is_waiting else Article.Stage.STORED,
            },
        )  # fmt: skip
        if is_new and is_waiting:
            want_page(article, now)
        elif is_new:
            _join_story(article)
    return article, is_new


def _known(feed: Feed | None, entry: Entry, guid: bytes, address: bytes) -> Article | None:
    """The article of this identifier, else of this address. An entry that shared its page with others, before they
    left the feed, is known by what it says."""
    names = [guid, sha256(name_without_page(entry).encode()).digest()]
    of_feed = Q(feed=feed, guid_sha256__in=names, feed__isnull=False)
    found = Article.objects.select_for_update().filter(Q(url_sha256=address) | of_feed)

    def rank(one: Article) -> int:
        return next((place for place, name in enumerate(names) if name == bytes(one.guid_sha256)), len(names))

    return min(found, key=rank, default=None)


def settle(article_id: int) -> bool:
    """The last step of an article: its text stands, and it joins its story. False when that was done already."""
    with transaction.atomic():
        unsettled = Article.objects.select_for_update(no_key=True).exclude(stage=Article.Stage.STORED)
        article = unsettled.filter(pk=article_id).first()
        if article is None:
            return False
        article.likeness, article.stage = fingerprint(article.document), Article.Stage.STORED
        article.save(update_fields=["likeness", "stage"])
        if article.story_id is None:
            _join_story(article)
    return True


def _published(entry: Entry, now: datetime) -> tuple[datetime, str]:
    claimed, kind = entry.published_at, Article.PublishedKind.DECLARED
    if claimed is None:
        claimed, kind = entry.updated_at, Article.PublishedKind.UPDATED
    if claimed is None or claimed.year < 1990:
        return now, Article.PublishedKind.MISSING
    if claimed > now + FAR_AHEAD:
        return now, Article.PublishedKind.CLAMPED
    return claimed, kind


def _claim(entry: Entry, kind: str) -> str:
    """What the outlet says about when, unless that is what is shown."""
    if entry.published_claim or kind in (Article.PublishedKind.DECLARED, Article.PublishedKind.UPDATED):
        return entry.published_claim
    said = entry.published_at or entry.updated_at
    return said.isoformat() if said else ""


def _note_title(article: Article, title: str, now: datetime) -> None:
    seen = [article.title, *(later["title"] for later in article.later_titles)]
    if title and title not in seen:
        article.later_titles = [*article.later_titles, {"title": title, "seen_at": now.isoformat()}]
        article.save(update_fields=["later_titles"])


def _join_story(article: Article) -> None:
    window = (article.published_at - timedelta(days=STORY_DAYS), article.published_at + timedelta(days=STORY_DAYS))
    alike = Article.objects.filter(likeness__overlap=article.likeness, published_at__range=window).exclude(
        pk=article.pk
    )
    for other in alike.exclude(story=None).select_related("story").order_by("published_at", "pk")[:20]:
        if other.story and is_same_report(article.document, other.document):
            article.story = other.story
            Story.objects.filter(pk=other.story.pk).update(n_articles=F("n_articles") + 1)
            break
    else:
        article.story = Story.objects.create(title=article.title, first_published_at=article.published_at)
    article.save(update_fields=["story"])
