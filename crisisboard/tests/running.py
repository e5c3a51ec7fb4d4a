"""A real `manage.py up` for tests: its own process, data folder and log."""

import contextlib
import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import psycopg

from crisisboard.embedded.addresses import postgres_url

ROOT = Path(__file__).resolve().parents[2]
OURS = ("CRISISBOARD_", "TEST_", "DATABASE_URL", "REDIS_URL", "PYTEST", "DJANGO_", "SITE_URL", "HOST", "PORT")

PATIENCE_S = 40.0


def clean_env(**extra: str) -> dict[str, str]:
    """This run's environment without what its servers and settings put there."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    return {**kept, "DEMO": "0", **extra}


def wait_for(what: Callable[[], object], timeout_s: float = PATIENCE_S) -> None:
    until = time.monotonic() + timeout_s
    while not what():
        assert time.monotonic() < until, f"{what} did not come true within {timeout_s} s"
        time.sleep(0.05)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class RunningBoard:
    """`prefix` goes before the command: another user, another namespace."""

    def __init__(self, data: Path, prefix: Sequence[str] = (), python: str = sys.executable, **env: str) -> None:
        self.data = data
        self.log_path = data.with_name(f"{data.name}.{time.monotonic_ns()}.log")
        with self.log_path.open("wb") as output:
            self.process = subprocess.Popen(
                [*prefix, python, str(ROOT / "manage.py"), "up"],
                env=clean_env(CRISISBOARD_DATA=str(data), **env),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def log(self) -> str:
        return self.log_path.read_text(errors="replace")

    @property
    def address(self) -> str:
        found = re.search(r"Crisisboard is at (\S+)/ ", self.log)
        return found[1] if found else ""

    def wait_up(self) -> "RunningBoard":
        """Until the address is said and beat and worker run."""
        wait_for(lambda: (self.address and {"beat", "worker"} <= self.children().keys()) or self.has_ended)
        assert not self.has_ended, self.log
        return self

    @property
    def has_ended(self) -> bool:
        return self.process.poll() is not None

    def get(self, path: str, timeout_s: float = 10.0) -> int:
        visitor = http.client.HTTPConnection(urlsplit(self.address).netloc, timeout=timeout_s)
        try:
            visitor.request("GET", path)
            return visitor.getresponse().status
        except OSError:
            return 0
        finally:
            visitor.close()

    def children(self) -> dict[str, psutil.Process]:
        """The supervisor's direct children by name."""
        servers = {"postgres": "postgres", "valkey-server": "valkey"}
        words = {"gunicorn": "web", "worker": "worker", "beat": "beat"}
        found = {}
        for child in psutil.Process(self.process.pid).children():
            with contextlib.suppress(psutil.Error):
                said = [words[word] for word in child.cmdline() if word in words]
                for name in [servers.get(child.name(), ""), *said[:1]]:
                    found[name] = child
        found.pop("", None)
        return found

    def family(self) -> list[psutil.Process]:
        return [psutil.Process(self.process.pid), *psutil.Process(self.process.pid).children(recursive=True)]

    def owners(self) -> set[int]:
        """The accounts that its processes run as; one that ends while it is asked is left out."""
        found = set()
        for process in self.family():
            with contextlib.suppress(psutil.NoSuchProcess):
                found.add(process.uids().real)
        return found

    def kill_child(self, name: str) -> None:
        """With SIGKILL; returns when another process has its place."""
        old = self.children()[name]
        old.kill()
        wait_for(lambda: self.children().get(name, old).pid != old.pid)

    def query(self, sql: str) -> list[tuple[object, ...]]:
        with psycopg.connect(postgres_url(self.data), autocommit=True) as connection:
            cursor = connection.execute(sql)
            return cursor.fetchall() if cursor.description else []

    def end(self, number: signal.Signals = signal.SIGINT, timeout_s: float = PATIENCE_S) -> int:
        if not self.has_ended:
            self.process.send_signal(number)
        return self.process.wait(timeout_s)


def run_up(data: Path, prefix: Sequence[str] = (), **env: str) -> subprocess.CompletedProcess[str]:
    """An `up` that is expected to refuse."""
    return subprocess.run(
        [*prefix, sys.executable, str(ROOT / "manage.py"), "up"],
        env=clean_env(CRISISBOARD_DATA=str(data), **env),
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
    )


def manage(data: Path, *arguments: str, **env: str) -> str:
    """A management command against a running board; its output."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), *arguments],
        env=clean_env(CRISISBOARD_DATA=str(data), **env),
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
