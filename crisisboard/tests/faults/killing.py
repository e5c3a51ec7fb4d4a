"""Makes a worker die at the feeds of `/killer/`: no bytes that we know of do so. Loaded by `celery worker -I`."""

import os
import signal
from typing import Any

from articles import reading
from articles.models import Feed

_take_in = reading.take_in


def take_in(feed: Feed, *given: Any) -> int:
    if "/killer/" in feed.url:
        os.kill(os.getpid(), signal.SIGKILL)
    return _take_in(feed, *given)


reading.take_in = take_in
