"""What beat would ring, rung by the workers while beat is silent: no beat is slower to notice, and nothing worse.

Many workers may do so at once, and beat may come back meanwhile: a bell too many finds nothing to do.
"""

import logging
import time
from typing import Any

from celery import bootsteps
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from crisisboard.health import beat_age_s
from crisisboard.schedule import BEAT

LOOK_EVERY_S = 10.0
SILENT_S = 30.0  # beat says every 10 s that it lives

log = logging.getLogger(__name__)


class StandIn(bootsteps.StartStopStep):
    """Part of the worker's main process; begins anew whenever the worker has found Redis again."""

    requires = ("celery.worker.consumer:Tasks",)

    def __init__(self, parent: Any, **options: Any) -> None:
        super().__init__(parent, **options)
        self.timer: Any = None
        self.rung_at: dict[str, float] = {}  # monotonic

    def start(self, parent: Any) -> None:
        self.timer = parent.timer.call_repeatedly(LOOK_EVERY_S, self.look, (parent.app,))

    def stop(self, parent: Any) -> None:
        if self.timer:
            self.timer.cancel()

    def look(self, app: Any) -> None:
        try:
            age_s = beat_age_s()
            if age_s is None or age_s > SILENT_S:
                self.ring(app, time.monotonic())
        except (OperationalError, RedisError) as error:
            log.warning("nobody knows whether beat lives: %s", error)

    def ring(self, app: Any, now: float) -> None:
        """Rings each bell no more often than beat would; `now` is monotonic."""
        for name, entry in BEAT.items():
            if now - self.rung_at.get(name, float("-inf")) >= entry["schedule"] - 1:
                app.send_task(entry["task"], **entry["options"])
                self.rung_at[name] = now
