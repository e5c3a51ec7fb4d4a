"""Pages of articles, each once: robots.txt → fetch → raw copy → extract (apart) → take → settle.

Every way in which it can end is an outcome with a plain reason; whatever it is, the article stands in the end, with
the page's text or with the feed's. One lease is one request: where robots.txt must be asked for, the page comes next.
"""

import logging
import re
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace

from celery.exceptions import SoftTimeLimitExceeded
from django.utils import timezone

from articles import store
from articles.door import limits
from articles.ingest.children import apart
from articles.ingest.extract import ExtractedPage, NotAPage, as_utf8, extract_page
from articles.ingest.fetch import Refused, fetch
from articles.ingest.records import Page
from articles.ingest.robots import Robots, host_of, may_fetch, read_robots, robots_address
from articles.ingest.scan import TooComplex
from articles.models import Article, ArticlePage
from articles.reading import BLOCKED, FAULTS_OF_THE_WAY, GONE, retry_after_s
from articles.store import PageClaim

HOSTS_AT_ONCE = 20  # threads that wait for the network; a body has 5 MB at most
READ_WITHIN_S = 25  # what was fetched later is given back: extraction may take 14 s, a task 40
ROBOTS_DEADLINE_S, ROBOTS_BYTES = 8.0, 1_000_000
LONGEST_REST_S = 3_600
PASSING = {429, 500, 502, 503, 504}
_PAGES = re.compile(r"\s*(?:text/html|application/xhtml\+xml|text/plain|application/xml|text/xml)?\s*(?:;|\Z)", re.I)
Outcome = ArticlePage.Outcome
Bring = Callable[..., Page]

log = logging.getLogger(__name__)


class PageRefused(Exception):
    """A page whose text we may not or cannot take: `outcome` is one of ArticlePage.Outcome, the message says why."""

    def __init__(
        self, outcome: str, reason: str, status: int | None = None, wait_s: float | None = None, rest_s: float = 0
    ) -> None:
        super().__init__(reason)
        self.outcome, self.status = outcome, status
        self.wait_s = wait_s  # None: asking again is of no use
        self.rest_s = rest_s  # for which the host wants to be left alone


@dataclass(frozen=True, slots=True)
class ReadPage:
    """A page with what was found in it, for whoever asked for this one address."""

    page: Page
    found: ExtractedPage


def read_page(url: str, bring: Bring = fetch) -> ReadPage:
    """One page now, by its address, as robots.txt allows. Raises PageRefused."""
    host, now = host_of(url), timezone.now()
    robots = store.robots_of([host], now).get(host)
    if robots is None:
        robots = _ask_robots(url, bring)
        store.save_robots(host, robots, now)
    try:
        _check(robots, url)
        page = _ask_page(url, robots, bring)
    finally:
        store.note_request(host, timezone.now())
    return ReadPage(page, _extract(page))


def read_pages(claims: Iterable[PageClaim], bring: Bring = fetch) -> int:
    """Reads leased pages, many hosts at once and each host once; returns how many articles were settled."""
    began, n_settled = time.monotonic(), 0
    asked: dict[Future[Robots | Page], PageClaim] = {}
    with ThreadPoolExecutor(max_workers=HOSTS_AT_ONCE) as threads:
        for claim in claims:
            refused = _refused_unasked(claim)
            if refused:
                n_settled += _end(claim, refused)
            else:
                asked[threads.submit(_ask, claim, bring)] = claim
        for done in as_completed(asked):
            if time.monotonic() - began > READ_WITHIN_S:
                store.give_back_page(asked[done])
            else:
                n_settled += _take_in(asked[done], done)
    return n_settled


def _refused_unasked(claim: PageClaim) -> PageRefused | None:
    """What is known before anybody is asked."""
    if claim.page.article.stage != Article.Stage.FETCHED:  # its reader was killed between two steps
        return PageRefused(Outcome.READ, "")
    try:
        _check(claim.robots or Robots(), claim.page.url)
    except PageRefused as refused:
        return refused
    return None


def _check(robots: Robots, url: str) -> None:
    if robots.problem:
        reason = f"robots.txt of {host_of(url)} cannot be had ({robots.problem}), so its pages are left alone"
        raise PageRefused(Outcome.FAILING, reason, wait_s=robots.fresh_s)
    if not may_fetch(robots.rules, url):
        raise PageRefused(Outcome.ROBOTS, f"robots.txt of {host_of(url)} asks us not to fetch this page")


def _ask(claim: PageClaim, bring: Bring) -> Robots | Page:
    """In a thread of its own: the network, and nothing but the network."""
    return (
        _ask_robots(claim.page.url, bring) if claim.robots is None else _ask_page(claim.page.url, claim.robots, bring)
    )


def _ask_robots(url: str, bring: Bring) -> Robots:
    asked = replace(limits(), most_bytes=ROBOTS_BYTES, deadline_s=ROBOTS_DEADLINE_S)
    try:
        return read_robots(bring(robots_address(url), asked))
    except Refused as refused:
        return Robots(problem=str(refused))


def _ask_page(url: str, robots: Robots, bring: Bring) -> Page:
    """Raises PageRefused. A page that redirects elsewhere is taken when robots.txt there allows it, too."""
    try:
        page = bring(url, limits())
    except Refused as refused:
        is_passing = refused.refusal in FAULTS_OF_THE_WAY
        outcome = Outcome.FAILING if is_passing else Outcome.REFUSED
        reason = f"{refused} – {refused.refusal.advice}"
        raise PageRefused(outcome, reason, wait_s=0 if is_passing else None) from refused
    if page.url != url:
        _check(robots if host_of(page.url) == host_of(url) else _ask_robots(page.url, bring), page.url)
    if page.status != 200:
        raise _refused_by(page)
    if not _PAGES.match(page.headers.get("content-type", "")):
        raise PageRefused(Outcome.INVALID, f"it is {page.headers['content-type'][:60]}, not a page", page.status)
    return page


def _refused_by(page: Page) -> PageRefused:
    if page.status in PASSING:
        wait_s = retry_after_s(page, timezone.now())
        reason = f"the outlet's server says HTTP {page.status}"
        return PageRefused(Outcome.FAILING, reason, page.status, wait_s, rest_s=min(wait_s, LONGEST_REST_S))
    if page.status in BLOCKED:
        return PageRefused(Outcome.BLOCKED, f"the outlet refuses us (HTTP {page.status})", page.status)
    if page.status in GONE:
        return PageRefused(Outcome.GONE, f"the address is gone (HTTP {page.status})", page.status)
    return PageRefused(Outcome.FAILING, f"the outlet's server says HTTP {page.status}", page.status)


def _extract(page: Page) -> ExtractedPage:
    """Raises PageRefused."""
    try:
        return apart(extract_page, as_utf8(page.body, page.headers.get("content-type", "")), page.url)
    except (NotAPage, TooComplex) as error:
        raise PageRefused(Outcome.INVALID, str(error), page.status) from error


def _take_in(claim: PageClaim, done: Future[Robots | Page]) -> int:
    """Whatever goes wrong with a page is this article's alone, and is recorded with the reason."""
    try:
        answer = done.result()
        if isinstance(answer, Robots):
            store.save_robots(claim.page.host, answer, timezone.now())
            store.rest_page(claim, timezone.now())
            return 0
        return _take_page(claim, answer)
    except PageRefused as refused:
        return _end(claim, refused)
    except SoftTimeLimitExceeded:
        raise  # whose fault that was, nobody knows
    except Exception as error:
        log.exception("page %s could not be read", claim.page.pk)
        return _end(claim, PageRefused(Outcome.INVALID, f"it could not be read: {type(error).__name__}: {error}"))


def _take_page(claim: PageClaim, page: Page) -> int:
    if not store.begin_extracting(claim, timezone.now()):
        return 0
    article = claim.page.article
    store.keep_copy(claim.outlet, page, timezone.now(), article=article)
    try:
        found = _extract(page)
    except PageRefused as refused:
        store.keep_copy(claim.outlet, page, timezone.now(), article=article, problem=str(refused))
        raise
    if len(found.text) <= len(article.text):
        reason = f"the page has {len(found.text):,} letters of text, the feed {len(article.text):,}: the feed's is kept"
        return _end(claim, PageRefused(Outcome.LITTLE, reason, page.status))
    if not store.take_page(claim, found, page.status, timezone.now()):
        return 0
    return _end(claim, PageRefused(Outcome.READ, "", page.status))


def _end(claim: PageClaim, ended: PageRefused) -> int:
    now = timezone.now()
    if ended.wait_s is not None:
        store.put_off_page(claim, str(ended), ended.status, now, ended.wait_s, ended.rest_s)
        return 0
    store.note_request(claim.page.host, now)
    return int(store.settle_page(claim, ended.outcome, str(ended), ended.status, now))
