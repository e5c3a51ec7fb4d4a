"""The supervisor alone, with small programs: restarts, pauses, order of stopping, one clean log."""

import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import psutil
import pytest

from crisisboard.embedded.journal import Journal
from crisisboard.embedded.processes import Fault
from crisisboard.embedded.supervisor import Program, Stopped, Supervisor
from crisisboard.tests.running import ROOT, wait_for

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD)


class Log(io.StringIO):
    """What the journal wrote, without the hour."""

    @property
    def lines(self) -> list[str]:
        return [line[9:] for line in self.getvalue().splitlines()]


@pytest.fixture
def log() -> Log:
    return Log()


@pytest.fixture
def supervisor(log: Log) -> Iterator[Supervisor]:
    kept = [signal.getsignal(number) for number in STOP_SIGNALS]
    supervisor = Supervisor(Journal(("board", "one", "two"), log))
    yield supervisor
    supervisor.n_stop_signals = 2
    supervisor.stop()
    signal.set_wakeup_fd(-1)
    for number, handler in zip(STOP_SIGNALS, kept, strict=True):
        signal.signal(number, handler)


def program(name: str, code: str, **more: object) -> Program:
    command = [sys.executable, "-u", "-c", code]
    return Program(name=name, command=lambda: command, env={"PATH": os.environ["PATH"]}, **more)


def turn_until(supervisor: Supervisor, what: object, timeout_s: float = 20.0) -> None:
    until = time.monotonic() + timeout_s
    while not what():
        assert time.monotonic() < until
        supervisor.turn()


def test_it_puts_a_name_before_each_line(supervisor: Supervisor, log: Log) -> None:
    supervisor.run_once(program("one", "print('first'); print('second', end='')", is_once=True))
    assert log.lines == ["one   | first", "one   | second"]


def test_it_gives_the_exit_code_of_what_runs_once(supervisor: Supervisor) -> None:
    assert supervisor.run_once(program("one", "raise SystemExit(7)", is_once=True)) == 7


def test_it_starts_again_what_ends_with_longer_and_longer_pauses(supervisor: Supervisor, log: Log) -> None:
    supervisor.start(program("one", "raise SystemExit(3)"))
    turn_until(supervisor, lambda: len(log.lines) == 3)
    assert log.lines == [
        "board | one ended (exit code 3); starting it again now.",
        "board | one ended (exit code 3); starting it again in 1 s.",
        "board | one ended (exit code 3); starting it again in 2 s.",
    ]


def test_it_names_the_signal_that_killed(supervisor: Supervisor, log: Log) -> None:
    child = supervisor.start(program("one", "import time; time.sleep(60)"))
    child.process.kill()
    turn_until(supervisor, lambda: log.lines)
    assert log.lines == ["board | one ended (killed by SIGKILL); starting it again now."]


def test_it_explains_what_does_not_come_up(supervisor: Supervisor) -> None:
    child = supervisor.start(program("one", "print('no such thing'); raise SystemExit(1)", is_ready=lambda pid: False))
    with pytest.raises(Fault, match="no such thing"):
        supervisor.wait_ready(child, 10)


def test_it_gives_up_on_what_never_gets_ready(supervisor: Supervisor) -> None:
    child = supervisor.start(program("one", "import time; time.sleep(60)", is_ready=lambda pid: False))
    with pytest.raises(Fault, match=r"one did not come up within 0 s\."):
        supervisor.wait_ready(child, 0.2)


def test_it_tries_again_when_a_restart_is_not_possible_yet(supervisor: Supervisor, log: Log) -> None:
    faults = [None, Fault("The disk is full."), None]

    def prepare() -> None:
        fault = faults.pop(0)
        if fault:
            raise fault

    child = supervisor.start(program("one", "import time; time.sleep(60)", prepare=prepare))
    child.process.kill()
    turn_until(supervisor, lambda: not faults)
    assert log.lines[1] == "board | The disk is full; starting it again in 1 s."


def test_it_stops_group_after_group(supervisor: Supervisor, log: Log) -> None:
    slow = "import signal, sys, time\nsignal.signal(15, lambda *a: (time.sleep(.3), print('gone'), sys.exit()))\n"
    for name in ("one", "two"):
        supervisor.start(program(name, f"{slow}print('up')\nwhile True: time.sleep(.1)"))
    turn_until(supervisor, lambda: len(log.lines) == 2)
    supervisor.stop(("two",), ("one",))
    assert log.lines[2:] == ["two   | gone", "one   | gone"]


def test_it_kills_what_does_not_end_in_time(supervisor: Supervisor, log: Log) -> None:
    deaf = "import signal, time\nsignal.signal(15, signal.SIG_IGN)\nprint('up')\nwhile True: time.sleep(.1)"
    child = supervisor.start(program("one", deaf, grace_s=0.3))
    turn_until(supervisor, lambda: log.lines)
    supervisor.stop()
    assert child.process.poll() == -signal.SIGKILL


def test_it_hurries_at_the_second_signal(supervisor: Supervisor, log: Log) -> None:
    deaf = "import signal, time\nsignal.signal(15, signal.SIG_IGN)\nprint('up')\nwhile True: time.sleep(.1)"
    supervisor.start(program("one", deaf, grace_s=60.0))
    turn_until(supervisor, lambda: log.lines)
    supervisor.n_stop_signals = 2
    started_at = time.monotonic()
    supervisor.stop()
    assert time.monotonic() - started_at < 2


def test_it_ends_by_stopped_when_a_signal_comes(supervisor: Supervisor) -> None:
    os.kill(os.getpid(), signal.SIGTERM)
    with pytest.raises(Stopped):
        supervisor.watch()


def test_it_ends_what_a_dead_program_left(supervisor: Supervisor, log: Log) -> None:
    code = "import subprocess, os; p = subprocess.Popen(['sleep', '60']); print(p.pid); os._exit(1)"
    supervisor.start(program("one", code))
    turn_until(supervisor, lambda: len(log.lines) >= 2)
    left = int(log.lines[0].split("|")[1])
    wait_for(lambda: not psutil.pid_exists(left) or psutil.Process(left).status() == psutil.STATUS_ZOMBIE)


@pytest.mark.parametrize(
    ("printed", "shown"),
    [
        ("\\x1b[31mred\\x1b[0m", "red"),
        ("one\\rtwo", "onetwo"),
        ("\\u2028\\u202eright", "right"),
        ("a\\tb", "a    b"),
        ("\\x07\\x00bell", "bell"),
        ("x" * 5000, "x" * 4000),
    ],
)
def test_it_lets_no_child_steer_the_terminal(supervisor: Supervisor, log: Log, printed: str, shown: str) -> None:
    code = f"import sys; sys.stdout.buffer.write('{printed}'.encode() + b'\\n')"
    supervisor.run_once(program("one", code, is_once=True))
    assert log.lines == [f"one   | {shown}"]


def test_it_goes_on_when_nobody_reads_its_log() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as stream:
        journal = Journal(("board",), stream)
        journal.say("board", "nobody hears")
        journal.say("board", "nor this")
        stream.flush()


def test_it_dies_with_its_parent() -> None:
    code = (
        "import sys, time, signal\n"
        "from crisisboard.embedded.processes import spawn\n"
        "p = spawn(['sleep', '60'], env={'PATH': '/usr/bin:/bin'}, death_signal=signal.SIGTERM)\n"
        "print(p.pid, flush=True)\ntime.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, cwd=ROOT)
    assert parent.stdout
    child = psutil.Process(int(parent.stdout.readline()))
    parent.kill()
    parent.wait()
    assert psutil.wait_procs([child], timeout=5)[1] == []
