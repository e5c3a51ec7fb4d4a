"""Celery's addresses in interpretation."""

import logging
import time

from celery import shared_task
from django.utils import timezone

from timeline import store, trying
from timeline.registry import current_tagger

BATCH = 20
BUDGET_S = 25.0

log = logging.getLogger(__name__)


@shared_task
def tag_unread() -> int:
    """Reads articles that the present codebook has not read, until none is left or the time is up."""
    until = time.monotonic() + BUDGET_S
    n_read = 0
    while time.monotonic() < until:
        n_claimed = tag_batch(BATCH)
        n_read += n_claimed
        if n_claimed == 0:
            return n_read
    tag_unread.delay()
    return n_read


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


def tag_batch(limit: int) -> int:
    """Claims, tags and saves one batch; returns how many articles were claimed."""
    tagger, codebook = current_tagger()
    claims = store.claim_unread(codebook, limit, timezone.now())
    for claim in claims:
        try:
            store.save_tags(claim, tagger.tag(claim.document), codebook, timezone.now())
        except Exception as error:
            log.exception("article %s could not be read", claim.article_id)
            store.set_aside(claim, f"{type(error).__name__}: {error}", timezone.now())
    return len(claims)
