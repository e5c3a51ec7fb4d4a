"""How long what a killed worker held waits until somebody else takes it up."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

from crisisboard.tests.faults.fleet import Fleet
from crisisboard.tests.running import wait_for

LOOK_EVERY_S = 0.1


class Watch:
    """Notes the leases at each kill, and when each of them has ended or passed to somebody else."""

    def __init__(self, fleet: Fleet) -> None:
        self.fleet = fleet
        self.waiting: dict[tuple[int, Any], float] = {}  # (feed, token) → killed at
        self.slowest_s, self.n_held = 0.0, 0
        self._lock, self._end = threading.Lock(), threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> "Watch":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()

    @contextmanager
    def killing(self) -> Iterator[None]:
        """Around a kill: what is leased before it and still after it was held by the dead."""
        before = self.fleet.leased()
        yield
        after, now = self.fleet.leased(), time.monotonic()
        held = {(feed, token) for feed, token in after.items() if before.get(feed) == token}
        with self._lock:
            self.n_held += len(held)
            self.waiting |= {one: self.waiting.get(one, now) for one in held}

    def wait_all_resumed(self) -> None:
        wait_for(lambda: not self.waiting, 150)

    def _run(self) -> None:
        while not self._end.wait(LOOK_EVERY_S):
            try:
                leases = dict(
                    self.fleet.query("select id, lease_token from articles_feed where lease_token is not null")
                )
                owed = {feed for (feed,) in self.fleet.query("select id from articles_feed where next_at <= now()")}
            except psycopg.OperationalError:
                continue
            with self._lock:
                for feed, token in list(self.waiting):
                    is_taken_up = leases.get(feed, token if feed in owed else None) != token
                    if is_taken_up:
                        self.slowest_s = max(self.slowest_s, time.monotonic() - self.waiting.pop((feed, token)))
