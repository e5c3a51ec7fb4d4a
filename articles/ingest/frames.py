"""What a parent and the process that parses for it say to each other: a head and a body, both counted. Pure.

Values cross as JSON, never as pickles: the other side has read hostile bytes.
"""

import json
import socket
import struct
import time
from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from operator import attrgetter
from typing import Any

MOST_BYTES = 64_000_000  # of a head or a body
_LENGTHS = struct.Struct("!II")
_PIECE = 1 << 20


class HungUp(OSError):
    """The other side is gone, or says what nobody can understand."""


def send(wire: socket.socket, head: bytes, body: bytes = b"", until: float | None = None) -> None:
    """Raises TimeoutError, and OSError when nobody listens. `until` is of the monotonic clock, in seconds."""
    for piece in (_LENGTHS.pack(len(head), len(body)) + head, body):
        _wait_until(wire, until)
        wire.sendall(piece)


def receive(wire: socket.socket, until: float | None = None) -> tuple[bytes, bytes]:
    """Head and body. Raises TimeoutError and HungUp."""
    lengths = _LENGTHS.unpack(_exactly(wire, _LENGTHS.size, until))
    if max(lengths) > MOST_BYTES:
        raise HungUp("an answer that is too long")
    head, body = (_exactly(wire, length, until) for length in lengths)
    return head, body


def _exactly(wire: socket.socket, length: int, until: float | None) -> bytes:
    found = bytearray()
    while len(found) < length:
        _wait_until(wire, until)
        piece = wire.recv(min(_PIECE, length - len(found)))
        if not piece:
            raise HungUp("no more answers")
        found += piece
    return bytes(found)


def _wait_until(wire: socket.socket, until: float | None) -> None:
    wire.settimeout(None if until is None else max(0.001, until - time.monotonic()))


class Codec:
    """JSON of frozen dataclasses, instants, tuples and what JSON has itself. Only the classes given here come back."""

    def __init__(self, classes: Sequence[type]) -> None:
        self._makers = {made.__name__: made for made in classes}
        self._values = {made: attrgetter(*(field.name for field in fields(made))) for made in classes}

    def encoded(self, value: object) -> bytes:
        return json.dumps(value, default=self._plain, separators=(",", ":")).encode("ascii")

    def decoded(self, text: bytes) -> Any:
        """Raises HungUp for what `encoded` did not write."""
        try:
            return json.loads(text, object_hook=self._made)
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            raise HungUp(f"an answer that is none: {type(error).__name__}") from error

    def _plain(self, value: object) -> dict[str, object]:
        if isinstance(value, datetime):
            return {"at": value.isoformat()}
        return {"made": type(value).__name__, "of": self._values[type(value)](value)}

    def _made(self, found: dict[str, Any]) -> object:
        if "made" in found:
            return self._makers[found["made"]](*(tuple(v) if type(v) is list else v for v in found["of"]))
        return datetime.fromisoformat(found["at"]) if found.keys() == {"at"} else found
