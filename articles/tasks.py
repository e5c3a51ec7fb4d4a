"""Celery's addresses in evidence."""

import logging
from typing import Any
from uuid import UUID

from celery import current_app, shared_task
from django.conf import settings
from django.utils import timezone
from kombu.exceptions import OperationalError

from articles import store
from articles.pages import HOSTS_AT_ONCE as PAGES_AT_ONCE
from articles.pages import read_pages
from articles.reading import HOSTS_AT_ONCE, read_feeds
from articles.store import Claim

CLAIM_AT_ONCE = 100

log = logging.getLogger(__name__)


@shared_task
def fetch_due_feeds() -> int:
    """Claims what is due and rings for each handful of hosts; called by beat every few seconds."""
    claims = store.claim_due_feeds(CLAIM_AT_ONCE, timezone.now())
    hosts = list(dict.fromkeys(claim.host for claim in claims))
    for first in range(0, len(hosts), HOSTS_AT_ONCE):
        some = set(hosts[first : first + HOSTS_AT_ONCE])
        fetch_feeds.delay([[claim.feed_id, str(claim.token), claim.host] for claim in claims if claim.host in some])
    return len(claims)


@shared_task
def fetch_feeds(claims: list[list[Any]]) -> int:
    """Fetches claimed feeds and stores what is new; returns the number of new articles."""
    n_stored = read_feeds(Claim(feed_id, UUID(token), host) for feed_id, token, host in claims)
    if n_stored:
        nudge()
    if store.are_feeds_due(timezone.now()):
        ring()
    return n_stored


@shared_task
def fetch_due_pages() -> int:
    """Claims and reads pages of articles that are due; returns the number of articles that were settled."""
    claims = store.claim_due_pages(PAGES_AT_ONCE, timezone.now())
    n_settled = read_pages(claims)
    if n_settled:
        nudge()
    if claims and store.are_pages_due(timezone.now()):
        _ring_for_pages()
    return n_settled


@shared_task
def forget_raw_copies() -> int:
    """Removes raw copies whose time is over, or that their outlet no longer lets us keep."""
    return store.forget_copies(timezone.now())


def _ring_for_pages() -> None:
    try:
        fetch_due_pages.delay()
    except OperationalError as error:
        log.warning("nobody heard that pages are due: %s", error)


def ring() -> None:
    """Has due feeds fetched now instead of at the next tick of beat."""
    try:
        fetch_due_feeds.delay()
    except OperationalError as error:
        log.warning("nobody heard that feeds are due: %s", error)


def nudge() -> None:
    """Says that there are unread articles. Nothing depends on being heard: beat rings as well."""
    try:
        current_app.send_task(settings.ON_ARTICLES_STORED)
    except OperationalError as error:
        log.warning("nobody heard that articles were stored: %s", error)
