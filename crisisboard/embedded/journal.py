"""One readable log: the hour, the short name of who speaks, what it says."""

import os
import re
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TextIO

COLOURS = (36, 33, 32, 35, 34, 96, 93, 92)  # ANSI: cyan, yellow, green, magenta, blue, then their bright ones
CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
LONGEST_LINE = 4000  # characters


class Journal:
    def __init__(self, names: Sequence[str], stream: TextIO = sys.stdout) -> None:
        self.stream = stream
        self.width = max(map(len, names))
        self.is_coloured = stream.isatty() and "NO_COLOR" not in os.environ
        self.colours = dict(zip(names, COLOURS, strict=False))

    def say(self, name: str, text: str) -> None:
        """One record, one line: what a child prints can neither start a line of its own nor steer the terminal."""
        clean = CONTROL.sub("", text.rstrip()).replace("\t", "    ")[:LONGEST_LINE]
        if clean:
            # The hour on the operator's wall; nothing that is stored.
            hour = datetime.fromtimestamp(time.time(), UTC).astimezone().strftime("%H:%M:%S")
            self._write(f"{hour} {self._tint(name)} {clean}\n")

    def _write(self, line: str) -> None:
        """A reader that went away (`make run | head`) ends the log, not the board."""
        try:
            self.stream.write(line)
            self.stream.flush()
        except OSError:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self.stream.fileno())
            os.close(nowhere)

    def _tint(self, name: str) -> str:
        padded = f"{name:<{self.width}} |"
        return f"\x1b[{self.colours.get(name, 37)}m{padded}\x1b[0m" if self.is_coloured else padded
