"""Keeps programs running: starts them as direct children, reads what they print, starts again what ends.

One thread, one loop: signals, ends of children and their output all wake the same `select`.
"""

import contextlib
import os
import selectors
import signal
import socket
import subprocess
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from crisisboard.embedded.journal import Journal
from crisisboard.embedded.processes import Account, Fault, fault_of, spawn

STEADY_S = 10.0  # who ran as long as this is started again at once
LONGEST_PAUSE_S = 10.0
TICK_S = 0.05
LAST_LINES = 20


class Stopped(Exception):
    """Ctrl-C, SIGTERM or a closed terminal."""


def _always(pid: int) -> bool:
    return True


def _nothing() -> None:
    return None


def _last_words(lines: list[str]) -> Fault:
    return Fault(" ".join(lines[-2:]) or "It ended without a word.")


@dataclass(frozen=True, slots=True)
class Program:
    """What to run, how to know that it runs, and how to end it."""

    name: str
    command: Callable[[], Sequence[str]]
    env: Mapping[str, str]
    prepare: Callable[[], None] = _nothing  # before every start; raises Fault
    is_ready: Callable[[int], bool] = _always  # takes the process number
    explain: Callable[[list[str]], Fault] = _last_words  # takes its last lines
    account: Account | None = None
    cwd: Path = Path("/")
    death_signal: signal.Signals = signal.SIGKILL  # sent by the kernel when the supervisor dies
    stop_signal: signal.Signals = signal.SIGTERM
    hurry_signal: signal.Signals = signal.SIGKILL  # at the second Ctrl-C
    grace_s: float = 10.0
    pass_fds: tuple[int, ...] = ()
    is_once: bool = False  # ends by itself, and is not started again
    mute: tuple[str, ...] = ()  # lines that hold one of these are not shown


@dataclass(slots=True, eq=False)
class Child:
    program: Program
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0  # monotonic
    next_start_at: float = 0.0  # monotonic
    n_failures: int = 0
    is_awaited: bool = False  # it must come up: should it end before, that is a Fault
    last_lines: deque[str] = field(default_factory=lambda: deque(maxlen=LAST_LINES))
    unread: bytes = b""

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None


class Supervisor:
    def __init__(self, journal: Journal) -> None:
        self.journal = journal
        self.children: list[Child] = []
        self.n_stop_signals = 0
        self.is_stopping = False
        self._selector = selectors.DefaultSelector()
        self._listen_for_signals()

    def start(self, program: Program) -> Child:
        """Starts it and keeps it running from now on."""
        child = Child(program)
        self._spawn(child)
        self.children.append(child)
        return child

    def wait_ready(self, child: Child, timeout_s: float) -> None:
        """Raises the Fault that explains why it did not come up."""
        until = time.monotonic() + timeout_s
        child.is_awaited = True
        while not (child.process and child.is_running and child.program.is_ready(child.process.pid)):
            self.turn()
            if time.monotonic() > until:
                raise Fault(f"{child.program.name} did not come up within {timeout_s:.0f} s.")
        child.is_awaited = False

    def run_once(self, program: Program) -> int:
        """Runs it to its end while everything else stays watched; returns its exit code."""
        child = self.start(program)
        while child in self.children:
            self.turn()
        assert child.process is not None
        return child.process.wait()

    def watch(self) -> None:
        """For ever; ends by Stopped."""
        while True:
            self.turn()

    def turn(self) -> None:
        """One turn of the loop: waits at most `TICK_S`, passes output on, starts again what has ended."""
        self._read_what_is_there(TICK_S)
        if self.is_stopping:
            return
        if self.n_stop_signals:
            raise Stopped
        for child in list(self.children):
            if not child.is_running:
                self._see_to(child)

    def stop(self, *groups: Sequence[str]) -> None:
        """Ends the named programs, a group after the other; unnamed ones first. A second signal hurries it."""
        self.is_stopping = True
        named = {name for group in groups for name in group}
        others = [child.program.name for child in self.children if child.program.name not in named]
        for group in (others, *groups):
            self._stop_together([child for name in group for child in self.children if child.program.name == name])

    def _stop_together(self, children: list[Child]) -> None:
        started_at = time.monotonic()
        hurried: set[Child] = set()
        for child in children:
            _send(child, child.program.stop_signal)
        while running := [child for child in children if child.is_running]:
            self.turn()
            waited_s = time.monotonic() - started_at
            for child in running:
                if self.n_stop_signals > 1 and child not in hurried:
                    hurried.add(child)
                    _send(child, child.program.hurry_signal)
                if waited_s > child.program.grace_s:
                    _send(child, signal.SIGKILL)
        for child in children:
            self._close(child)

    def _see_to(self, child: Child) -> None:
        if child.process is not None:
            self._note_end(child)
        elif time.monotonic() >= child.next_start_at:
            try:
                self._spawn(child)
            except Fault as fault:
                self._put_off(child, str(fault))

    def _note_end(self, child: Child) -> None:
        assert child.process is not None
        code = child.process.wait()
        self._close(child)
        if child.program.is_once:
            self.children.remove(child)
            return
        if child.is_awaited:
            raise child.program.explain(list(child.last_lines))
        if time.monotonic() - child.started_at >= STEADY_S:
            child.n_failures = 0
        child.process = None
        self._put_off(child, f"{child.program.name} ended ({_how(code)})")

    def _put_off(self, child: Child, reason: str) -> None:
        """The first restart comes at once; after that 1, 2, 4 … seconds apart."""
        pause_s = min(2.0 ** (child.n_failures - 1), LONGEST_PAUSE_S) if child.n_failures else 0.0
        child.n_failures += 1
        child.next_start_at = time.monotonic() + pause_s
        when = f"in {pause_s:.0f} s" if pause_s else "now"
        self.journal.say("board", f"{reason.rstrip('.')}; starting it again {when}.")

    def _spawn(self, child: Child) -> None:
        program = child.program
        try:
            program.prepare()
            child.process = spawn(
                program.command(),
                env=program.env,
                death_signal=program.death_signal,
                account=program.account,
                cwd=program.cwd,
                pass_fds=program.pass_fds,
            )
        except OSError as error:
            raise fault_of(error) from error
        child.started_at = time.monotonic()
        assert child.process.stdout is not None
        os.set_blocking(child.process.stdout.fileno(), False)
        self._selector.register(child.process.stdout, selectors.EVENT_READ, child)

    def _close(self, child: Child) -> None:
        """Reads its last words and ends what it left of itself: a process group outlives its leader."""
        if child.process is None or child.process.stdout is None:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.process.pid, signal.SIGKILL)
        self._read(child)
        if child.unread:
            self._show(child, child.unread)
            child.unread = b""
        with contextlib.suppress(KeyError, ValueError):
            self._selector.unregister(child.process.stdout)
        child.process.stdout.close()

    def _read_what_is_there(self, wait_s: float) -> None:
        for key, _ in self._selector.select(wait_s):
            if isinstance(key.data, Child):
                self._read(key.data)
            else:
                self._woken.recv(4096)

    def _read(self, child: Child) -> None:
        assert child.process is not None and child.process.stdout is not None
        with contextlib.suppress(BlockingIOError, KeyError, ValueError):
            while chunk := os.read(child.process.stdout.fileno(), 65536):
                *lines, child.unread = (child.unread + chunk).split(b"\n")
                for line in lines:
                    self._show(child, line)
            self._selector.unregister(child.process.stdout)

    def _show(self, child: Child, line: bytes) -> None:
        text = line.decode("utf-8", "replace")
        if not any(words in text for words in child.program.mute):
            child.last_lines.append(text)
            self.journal.say(child.program.name, text)

    def _listen_for_signals(self) -> None:
        self._woken, writer = socket.socketpair()
        self._woken.setblocking(False)
        writer.setblocking(False)
        self._writer = writer  # kept open: the interpreter writes to it at every signal
        signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)
        self._selector.register(self._woken, selectors.EVENT_READ)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:  # `nohup` asked to ignore it
                signal.signal(number, self._on_stop_signal)
        signal.signal(signal.SIGCHLD, lambda number, frame: None)

    def _on_stop_signal(self, number: int, frame: FrameType | None) -> None:
        self.n_stop_signals += 1


def _send(child: Child, number: signal.Signals) -> None:
    if child.process is not None and child.is_running:
        child.process.send_signal(number)


def _how(code: int) -> str:
    return f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
