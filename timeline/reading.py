"""Articles, each once: claim → tag → save. What goes wrong with one is its own, and is recorded with the reason."""

import logging
import time
from collections.abc import Callable
from datetime import datetime

from celery.exceptions import SoftTimeLimitExceeded
from django.db import InterfaceError, OperationalError, connection

from articles.store import clock
from timeline import store
from timeline.registry import current_tagger
from timeline.tagging import Tagger

RETRY_S = 0.5
DATABASE_AWAY = (OperationalError, InterfaceError)

log = logging.getLogger(__name__)


def tag_batch(limit: int, until: float = float("inf")) -> int:
    """Claims, tags and saves one batch; returns how many articles were claimed.

    Those whose turn has not come `until` then (monotonic seconds) are given back.
    """
    tagger, codebook = current_tagger()
    now = clock()
    claims = store.claim_unread(codebook, limit, now())
    for number, claim in enumerate(claims):
        if time.monotonic() > until:
            store.give_back(claims[number:], now())
            break
        try:
            _read(claim, tagger, codebook, now, until)
        except SoftTimeLimitExceeded:
            store.set_aside(claim, "it could not be read within the time of a task", now())
            store.give_back(claims[number + 1 :], now())
            raise
    return len(claims)


def _read(claim: store.Claim, tagger: Tagger, codebook: str, now: Callable[[], datetime], until: float) -> None:
    if not store.begin_reading(claim, now()):
        return
    try:
        tags = tagger.tag(claim.document)
        _patiently(lambda: store.save_tags(claim, tags, codebook, now()), until)
    except (SoftTimeLimitExceeded, *DATABASE_AWAY):
        raise
    except Exception as error:
        log.exception("article %s could not be read", claim.article_id)
        store.set_aside(claim, f"{type(error).__name__}: {error}", now())


def _patiently(save: Callable[[], int], until: float) -> None:
    """Saves it when the database answers, as long as a task may last: saving is repeatable, reading is dear."""
    while True:
        try:
            save()
            return
        except DATABASE_AWAY:
            if time.monotonic() > until:
                raise
            connection.close()
            time.sleep(RETRY_S)
