"""Celery beat, which also says that it lives: after each look at its schedule it writes the hour for health.py.

The beat process itself writes it, not a task: a task needs a free worker, and a long queue would look like a dead beat.
"""

import logging
import time
from typing import Any

from celery.beat import PersistentScheduler, ScheduleEntry, SchedulingError
from django.core.cache import cache
from redis.exceptions import RedisError

from crisisboard.health import BEAT_KEY

SAY_EVERY_S = 10.0

log = logging.getLogger(__name__)


class Scheduler(PersistentScheduler):
    said_at = float("-inf")  # monotonic

    def tick(self, *args: Any, **kwargs: Any) -> float:
        pause_s = super().tick(*args, **kwargs)
        self._say_alive()
        return min(float(pause_s), SAY_EVERY_S)

    def apply_entry(self, entry: ScheduleEntry, producer: Any = None) -> None:
        """Rings. When Redis is away that is one line, and no loss: the next tick rings for all that is due."""
        try:
            self.apply_async(entry, producer=producer, advance=False)
        except SchedulingError as error:
            log.warning("nobody heard that %s is due: %s", entry.task, error.__cause__ or error)

    def _say_alive(self) -> None:
        if time.monotonic() - self.said_at < SAY_EVERY_S:
            return
        self.said_at = time.monotonic()
        try:
            cache.set(BEAT_KEY, time.time(), timeout=None)
        except RedisError as error:
            log.warning("Redis does not take beat's sign of life: %s", error)
