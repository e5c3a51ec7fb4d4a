"""The worker's main process reads the language parser and the gazetteer once, before it forks: its children share them.

Celery imports this module through CELERY_IMPORTS, and calls `warm_up` in a worker alone, not in beat.
"""

import gc
import logging
from typing import Any

from celery.signals import worker_init, worker_process_shutdown
from django.db import DatabaseError, connections

from articles.ingest.children import POOL
from timeline.registry import current_tagger
from timeline.tagging.gazetteer import load_gazetteer
from timeline.tagging.parser import load_parser

log = logging.getLogger(__name__)


@worker_init.connect
def warm_up(**sent: Any) -> None:
    """Without a database the children build the tagger themselves, each once."""
    load_parser()
    load_gazetteer()
    try:
        current_tagger()
    except DatabaseError as error:
        log.warning("The tagger is not built yet: %s", str(error).strip().splitlines()[0])
    finally:
        connections.close_all()  # a connection must not be shared with a forked child
    gc.collect()
    gc.freeze()  # what lives now is not looked at again, so its memory pages stay shared


@worker_process_shutdown.connect
def end_children(**sent: Any) -> None:
    """Those that parse feeds end with whom they do it for, and leave nothing to be reaped by others."""
    POOL.close()
