"""The process that parses: bytes in, values out, with little time, little memory and no way to the network. Pure.

`children` starts it as a program of its own. It ends when its parent hangs up, or with the work that was too much.
"""

import gc
import json
import os
import resource
import signal
import socket
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from articles.ingest.extract import ExtractedPage, NotAPage, extract_page
from articles.ingest.feeds import NotAFeed, parse_feed
from articles.ingest.frames import Codec, HungUp, receive, send
from articles.ingest.records import BrokenEntry, Entry, ParsedFeed
from articles.ingest.scan import TooComplex

# What may be asked for, what may come back, and which errors keep their names on the way.
WORK: dict[str, Callable[..., Any]] = {work.__name__: work for work in (parse_feed, extract_page)}
ERRORS: dict[str, type[Exception]] = {error.__name__: error for error in (NotAFeed, NotAPage, TooComplex)}
CODEC = Codec((ParsedFeed, Entry, BrokenEntry, ExtractedPage))
OUT_OF_MEMORY = 12  # how this process then ends: ENOMEM of errno.h
_FORBIDDEN = (
    "socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto", "socket.bind", "subprocess.Popen",
    "os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.system",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Caps:
    """What one piece of work may take: seconds of the processor and of the clock, bytes of memory."""

    cpu_s: int = 10
    wall_s: float = 14.0
    memory: int = 512_000_000


def main() -> None:
    number, cpu_s, memory = (int(argument) for argument in sys.argv[1:])
    wire = socket.socket(fileno=number)
    _limit(memory)
    gc.freeze()
    send(wire, b"ready")
    while True:
        try:
            head, body = receive(wire)
        except HungUp:
            return
        _allow_more_cpu(cpu_s)
        answer = _answer(head, body)
        peak_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        send(wire, json.dumps([*answer[:2], peak_kb]).encode(), answer[2])


def _answer(head: bytes, body: bytes) -> tuple[str, str, bytes]:
    """ "", "" and the value; or the name of an error and its message."""
    name, arguments, named = json.loads(head)
    try:
        return "", "", CODEC.encoded(WORK[name](body, *arguments, **named))
    except MemoryError:
        raise
    except Exception as error:
        return type(error).__name__, str(error), b""


def _limit(memory: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.addaudithook(_stay_inside)
    for kind, most in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CORE, 0), (resource.RLIMIT_FSIZE, 0)):
        _set_limit(kind, most)


def _stay_inside(event: str, arguments: tuple[object, ...]) -> None:
    if event in _FORBIDDEN:
        raise PermissionError(f"{event} while a feed or page is read")


def _allow_more_cpu(cpu_s: int) -> None:
    """The kernel ends this process when the next piece of work takes longer, in whatever code it then is."""
    _set_limit(resource.RLIMIT_CPU, int(time.process_time()) + 1 + cpu_s)


def _set_limit(kind: int, most: int) -> None:
    _, hard = resource.getrlimit(kind)
    resource.setrlimit(kind, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


if __name__ == "__main__":
    try:
        main()
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
