"""Work on hostile bytes, done apart: in a process of its own that may be lost without harm. Pure.

`apart(parse_feed, body, url)` is `parse_feed(body, url)`, by one of a few children that are kept for the next call.
They are programs started afresh, never forks: what this process holds (the language parser, secrets) is not theirs.
"""

import atexit
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from articles.ingest.child import CODEC, ERRORS, OUT_OF_MEMORY, WORK, Caps
from articles.ingest.frames import HungUp, receive, send
from articles.ingest.scan import TooComplex

AT_ONCE = 2  # children of one process; the second starts only when two threads ask at a time
SOON_S, MOST_START_S = 2.0, 30.0  # what is not done soon may never be
MOST_WORKS, MOST_KEPT_KB = 2_000, 200_000  # a child that did more work, or was bigger, is replaced
_NO_START = "the process that reads feeds and pages does not start"
_ROOT = Path(__file__).resolve().parents[2]
_PASSED_ON = ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "LANG", "LC_ALL", "TZ", "SYSTEMROOT")  # no secrets

P = ParamSpec("P")
T = TypeVar("T")


class NotRead(RuntimeError):
    """The fault is ours: the work failed in a way that nobody expected, or no child can be started."""


class _Died(Exception):
    """A child ended in the midst of work."""


def apart(work: Callable[Concatenate[bytes, P], T], body: bytes, *arguments: P.args, **named: P.kwargs) -> T:
    """What `work` returns or raises. Raises TooComplex when it takes too long or too much memory, and NotRead."""
    result: T = POOL.run(work.__name__, body, [arguments, named])
    return result


class _Child:
    """Starts at once; whoever has the first work for it waits until it is ready."""

    def __init__(self, caps: Caps) -> None:
        self.caps = caps
        self.wire, theirs = socket.socketpair()
        self.is_ready, self.n_works, self.until = False, 0, 0.0
        with theirs:
            numbers = (str(number) for number in (theirs.fileno(), caps.cpu_s, caps.memory))
            self.process = subprocess.Popen(  # noqa: S603 - our own module, no word of it from outside
                [sys.executable, "-m", "articles.ingest.child", *numbers],
                pass_fds=[theirs.fileno()], cwd=_ROOT, env={n: os.environ[n] for n in _PASSED_ON if n in os.environ},
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
            )  # fmt: skip

    def begin(self, name: str, body: bytes, arguments: list[object]) -> bool:
        """Hands the work over; whether it is soon done. Raises TimeoutError, OSError."""
        if not self.is_ready:
            receive(self.wire, time.monotonic() + MOST_START_S)
            self.is_ready = True
        self.n_works += 1
        self.until = time.monotonic() + self.caps.wall_s
        send(self.wire, json.dumps([name, *arguments]).encode(), body, self.until)
        says = select.poll()
        says.register(self.wire, select.POLLIN)
        return bool(says.poll(1000 * min(SOON_S, self.caps.wall_s)))

    def result(self) -> tuple[list[Any], bytes]:
        """The answer's head and body. Raises TimeoutError, OSError."""
        head, found = receive(self.wire, self.until)
        return CODEC.decoded(head), found

    def end(self) -> int:
        """Kills it, if need be; returns how it ended."""
        self.wire.close()
        self.process.kill()
        return self.process.wait()


class Pool:
    """Children at rest, newest last. Threads may share it; after a fork it begins anew."""

    def __init__(self, caps: Caps = Caps()) -> None:  # noqa: B008 - frozen
        self.caps = caps
        self.at_rest: list[_Child] = []
        self._all: set[_Child] = set()
        self._room = threading.BoundedSemaphore(AT_ONCE)

    def run(self, name: str, body: bytes, arguments: list[object]) -> Any:
        if name not in WORK:
            raise ValueError(f"{name} is no work that is done apart")
        with self._room:
            try:
                return self._try(name, body, arguments)
            except _Died:  # killed from outside, perhaps: whether the bytes are to blame, a second try shows
                pass
            try:
                return self._try(name, body, arguments)
            except _Died as again:
                raise TooComplex(f"its reading broke off twice ({again})") from again

    def close(self) -> None:
        for child in list(self._all):
            self._end(child)
        self.at_rest.clear()

    def _try(self, name: str, body: bytes, arguments: list[object]) -> Any:
        child = self._taken()
        try:
            if not child.begin(name, body, arguments) and not self.at_rest:
                self.at_rest.append(self._new())  # ready, should this one be lost
            (error, message, peak_kb), found = child.result()
            value = None if error else CODEC.decoded(found)
        except TimeoutError as late:
            self._replace(child)
            if not child.is_ready:
                raise NotRead(_NO_START) from late
            raise TooComplex(f"not read within {self.caps.wall_s:g} s") from late
        except (HungUp, OSError, ValueError, TypeError) as lost:
            with suppress(subprocess.TimeoutExpired):
                child.process.wait(1)  # so that it says itself how it ended
            status = self._replace(child)
            if not child.is_ready:
                raise NotRead(_NO_START) from lost
            if status == -signal.SIGXCPU:
                raise TooComplex(f"more than {self.caps.cpu_s} s of work") from lost
            if status == OUT_OF_MEMORY:
                raise TooComplex(f"more than {self.caps.memory // 1_000_000} MB of memory") from lost
            raise _Died(_named(status)) from lost
        except BaseException:  # the caller's time is over: what the child still says is nobody's
            self._end(child)
            raise
        if child.n_works >= MOST_WORKS or peak_kb > MOST_KEPT_KB:
            self._replace(child)
        else:
            self.at_rest.append(child)
        if error:
            raise ERRORS[error](message) if error in ERRORS else NotRead(f"{error}: {message}")
        return value

    def _taken(self) -> _Child:
        with suppress(IndexError):
            return self.at_rest.pop()
        return self._new()

    def _new(self) -> _Child:
        child = _Child(self.caps)
        self._all.add(child)
        return child

    def _replace(self, child: _Child) -> int:
        """Another starts while the caller writes down how this one ended."""
        status = self._end(child)
        if not self.at_rest:
            self.at_rest.append(self._new())
        return status

    def _end(self, child: _Child) -> int:
        self._all.discard(child)
        return child.end()

    def begin_anew(self) -> None:
        """In a forked process: the children are its parent's, and end when that one hangs up."""
        for child in self._all:
            child.wire.close()
        self.__init__(self.caps)  # type: ignore[misc]


def _named(status: int) -> str:
    return signal.Signals(-status).name if status < 0 else f"exit {status}"


POOL = Pool()
os.register_at_fork(after_in_child=POOL.begin_anew)
atexit.register(POOL.close)
