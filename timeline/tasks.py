"""Celery's addresses in interpretation. Bells hold nothing: lost, doubled or late, they say "look what is unread"."""

import logging
import time

from celery import shared_task
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from articles.store import clock
from timeline import store, trying
from timeline.reading import tag_batch
from timeline.registry import codebook_version, current_tagger

BATCH = 20
BUDGET_S = 25.0
NOT_HEARD = (OperationalError, RedisError)  # away, out of memory, another password

log = logging.getLogger(__name__)


@shared_task
def tag_unread() -> int:
    """Reads articles that the present codebook has not read, until none is left or the time is up."""
    until = time.monotonic() + BUDGET_S
    n_read, has_rung = 0, False
    while time.monotonic() < until:
        n_claimed = tag_batch(BATCH, until)
        n_read += n_claimed
        if n_claimed == 0:
            return n_read
        if n_claimed == BATCH and not has_rung:
            has_rung = True
            ring()  # whoever is idle joins in; else it waits for the end of our time
    if not has_rung:
        ring()
    return n_read


@shared_task
def sweep_readings() -> int:
    """Sees to articles whose reader did not come back; returns how many were set aside or forgotten."""
    now = clock()
    n_swept = store.sweep_readings(codebook_version(), now())
    if store.has_run_out_claims(now()):
        ring()
    return n_swept


@shared_task
def tag_tried_text(token: str) -> int:
    """Reads the text that somebody pasted under this token; returns the number of events."""
    document = trying.asked(token)
    if document is None:
        return 0
    tagger, codebook = current_tagger()
    tags = tagger.tag(document)
    trying.answer(token, tags, codebook)
    return len(tags.events)


def ring() -> None:
    """Nothing depends on being heard: beat rings as well."""
    try:
        tag_unread.delay()
    except NOT_HEARD as error:
        log.warning("nobody heard the bell for unread articles: %s", error)
