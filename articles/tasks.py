"""Celery's addresses in evidence."""

import logging
from uuid import UUID

from celery import Task, current_app, shared_task
from django.conf import settings
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from articles import store
from articles.reading import HOSTS_AT_ONCE, read_feeds

NOT_HEARD = (OperationalError, RedisError)  # away, out of memory, another password

log = logging.getLogger(__name__)


@shared_task(bind=True)
def fetch_due_feeds(self: Task) -> int:
    """Claims and reads feeds that are due, for as long as a task may; returns the number of new articles.

    The message is a bell and holds nothing: lost, doubled or late, it says no more than "look what is due".
    """
    now, owner = store.clock(), UUID(self.request.id) if self.request.id else None
    if owner and (self.request.delivery_info or {}).get("redelivered"):
        store.end_leases_of(owner, now())  # Celery rings again what a process took with it when it died
    suspect = store.claim_suspect(now(), owner)
    claims = suspect or store.claim_due_feeds(HOSTS_AT_ONCE, now(), owner)
    if not claims:
        return 0
    is_more_due = store.are_feeds_due(now())
    if is_more_due:
        ring()  # whoever is idle joins in
    n_stored = read_feeds(claims, more=lambda n: [] if suspect else store.claim_due_feeds(n, now(), owner))
    if n_stored:
        nudge()
    if not is_more_due and store.are_feeds_due(now()):
        ring()
    return n_stored


def ring() -> None:
    """Has due feeds fetched now instead of at the next tick of beat."""
    _send("articles.tasks.fetch_due_feeds")


def nudge() -> None:
    """Says that there are unread articles."""
    _send(settings.ON_ARTICLES_STORED)


def _send(task: str) -> None:
    """Nothing depends on being heard: beat rings as well."""
    try:
        current_app.send_task(task)
    except NOT_HEARD as error:
        log.warning("nobody heard the bell for %s: %s", task, error)
