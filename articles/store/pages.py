"""Pages of articles: who reads which, and what a reader writes.

An article whose outlet wants pages is stored at once with the feed's text, and waits as a row: claim (a lease with a
token) → one request → extract (counted before) → taken (fetched → extracted) → settled (extracted → stored). Each step
is a compare-and-set, so that readers may be killed, doubled and late. Whatever comes of the page, the article is
settled in the end, once, with the better text.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet

from articles.ingest.extract import ExtractedPage
from articles.ingest.language import detect_language
from articles.ingest.plain import one_line
from articles.ingest.robots import Robots
from articles.models import Article, ArticlePage, Outlet
from articles.store.entries import FAR_AHEAD, settle
from articles.store.hosts import busy_hosts, note_request, robots_of
from articles.store.leases import CLAIM_LOCK
from articles.store.policy import kept, text_changed
from articles.store.wants import want_page

LEASE_S = 45
MOST_ATTEMPTS = 3
WAITS_S = (300, 1_800, 7_200)  # after the first, second and third fetch that brought nothing; then it is given up
KILLED = "its reader was killed three times: set aside until somebody tries again"
UNSURE = {Article.PublishedKind.MISSING, Article.PublishedKind.CLAMPED}
Outcome = ArticlePage.Outcome


@dataclass(frozen=True, slots=True)
class PageClaim:
    """A leased page of an article. `robots` is None when its host's robots.txt must be asked for first."""

    page: ArticlePage
    token: uuid.UUID
    robots: Robots | None

    @property
    def outlet(self) -> Outlet:
        return self.page.article.outlet


def claim_due_pages(limit: int, now: datetime) -> list[PageClaim]:
    """Leases pages that are due, oldest first, one of a host, of hosts that nobody asks just now."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CLAIM_LOCK])  # the one that claims of feeds take
        sweep_pages(now)
        due = _due(now).exclude(host__in=busy_hosts(now))
        first_of_host = due.order_by("host", "next_at", "pk").distinct("host").values("pk")
        oldest = ArticlePage.objects.filter(pk__in=first_of_host).select_related("article__outlet")
        chosen = list(oldest.select_for_update(of=("self",), skip_locked=True).order_by("next_at", "pk")[:limit])
        token = uuid.uuid4()
        leased = ArticlePage.objects.filter(pk__in=[page.pk for page in chosen])
        leased.update(lease_token=token, lease_until=now + timedelta(seconds=LEASE_S))
        robots = robots_of((page.host for page in chosen), now)
    return [PageClaim(page, token, robots.get(page.host)) for page in chosen]


def are_pages_due(now: datetime) -> bool:
    return _due(now).exclude(host__in=busy_hosts(now)).exists()


def sweep_pages(now: datetime) -> int:
    """Ends leases that ran out; returns how many. A page that killed its reader three times is given up."""
    with transaction.atomic():
        run_out = ArticlePage.objects.select_for_update(skip_locked=True).filter(lease_until__lt=now)
        pages = list(run_out.only("pk", "attempts", "article_id"))
        killers = [page for page in pages if page.attempts >= MOST_ATTEMPTS]
        ids = [page.pk for page in pages]
        ArticlePage.objects.filter(pk__in=ids).update(lease_token=None, lease_until=None)
        for page in killers:
            _end(ArticlePage.objects.filter(pk=page.pk), Outcome.QUARANTINED, KILLED)
            settle(page.article_id)
    return len(ids)


def begin_extracting(claim: PageClaim, now: datetime) -> bool:
    """Counts the attempt, before the work that could kill its reader; False when the lease is gone."""
    until = now + timedelta(seconds=LEASE_S)
    return bool(_held(claim).filter(lease_until__gte=now).update(attempts=F("attempts") + 1, lease_until=until))


def give_back_page(claim: PageClaim) -> None:
    """Ends a lease before its time, with nothing done."""
    _held(claim).update(lease_token=None, lease_until=None)


def rest_page(claim: PageClaim, now: datetime) -> None:
    """Ends a lease after a request that was not for the page itself; its host is left alone for the gap."""
    note_request(claim.page.host, now)
    give_back_page(claim)


def put_off_page(
    claim: PageClaim, reason: str, status: int | None, now: datetime, wait_s: float = 0, rest_s: float = 0
) -> None:
    """A fetch that brought nothing but may another time; after some tries the feed's text must do.

    `rest_s`: for how long the host wants nobody to ask for anything.
    """
    note_request(claim.page.host, now, rest_s)
    n_tries = claim.page.n_tries + 1
    if n_tries > len(WAITS_S):
        settle_page(claim, Outcome.FAILING, f"{reason}; given up after {n_tries} tries", status, now)
        return
    next_at = now + timedelta(seconds=max(WAITS_S[n_tries - 1], wait_s))
    _held(claim).update(
        n_tries=n_tries, next_at=next_at, reason=one_line(reason)[:500], http_status=status, lease_token=None,
        lease_until=None, attempts=0,
    )  # fmt: skip


def take_page(claim: PageClaim, found: ExtractedPage, status: int, now: datetime) -> bool:
    """Writes the page's text into the article that waits for it; False when the lease, or the wait, is over."""
    with transaction.atomic():
        if not _held(claim).select_for_update().exists():
            return False
        article = Article.objects.select_for_update(no_key=True).select_related("outlet").get(pk=claim.page.article_id)
        if article.stage != Article.Stage.FETCHED:
            return False
        article.content_sha256 = sha256(f"{article.title}\n{found.text}".encode()).digest()
        article.text, article.text_kind = kept(article.outlet, found.text, Article.TextKind.FULL)
        article.extractor = f"page, {found.extractor}"[:60]
        article.author = article.author or found.author
        article.lang = detect_language(f"{article.title}\n{found.text}", article.lang or found.lang)
        if article.published_kind in UNSURE and found.published_at and found.published_at <= now + FAR_AHEAD:
            article.published_at, article.published_kind = found.published_at, Article.PublishedKind.PAGE
        article.stage = Article.Stage.EXTRACTED
        article.save()
        text_changed([article.pk])
        _held(claim).update(canonical=found.canonical, http_status=status, fetched_at=now)
    return True


def settle_page(claim: PageClaim, outcome: str, reason: str, status: int | None, now: datetime) -> bool:
    """Ends the wait: the article stands with the text that it has; False when the lease was lost meanwhile."""
    with transaction.atomic():
        held = _held(claim)
        held.update(fetched_at=now, http_status=status)
        if not _end(held, outcome, one_line(reason)[:500]):
            return False
        settle(claim.page.article_id)
    return True


def try_pages_again(pages: QuerySet[ArticlePage], now: datetime) -> int:
    """Asks once more for pages that brought nothing; returns how many. Articles that are stored wait anew."""
    n_pages = 0
    for page in pages.exclude(outcome__in=(Outcome.READ, Outcome.WAITING)).select_related("article"):
        with transaction.atomic():
            stored = Article.objects.filter(pk=page.article_id, stage=Article.Stage.STORED)
            want_page(page.article, now)
            n_pages += stored.update(stage=Article.Stage.FETCHED)
    return n_pages


def _due(now: datetime) -> QuerySet[ArticlePage]:
    return ArticlePage.objects.filter(Q(lease_until=None) | Q(lease_until__lt=now), next_at__lte=now)


def _held(claim: PageClaim) -> QuerySet[ArticlePage]:
    return ArticlePage.objects.filter(pk=claim.page.pk, lease_token=claim.token)


def _end(pages: QuerySet[ArticlePage], outcome: str, reason: str) -> int:
    return pages.update(outcome=outcome, reason=reason, next_at=None, lease_token=None, lease_until=None)
