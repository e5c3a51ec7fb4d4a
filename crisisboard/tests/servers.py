"""pytest plugin: a throw-away PostgreSQL and Valkey for the whole run, up before Django reads its settings.

Loaded with `-p crisisboard.tests.servers`. They listen on unix sockets in a folder of their own (in memory where there
is room), so servers of this machine are neither needed nor touched. Workers of pytest-xdist share them, each with a
database and a Valkey number of its own. TEST_DATABASE_URL and TEST_REDIS_URL name other servers to use instead.
"""

import atexit
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import psutil

from crisisboard.embedded.addresses import redis_url
from crisisboard.embedded.folder import open_folder
from crisisboard.embedded.postgres import Postgres
from crisisboard.embedded.processes import spawn
from crisisboard.embedded.supervisor import Program
from crisisboard.embedded.valkey import Valkey

MEMORY = Path("/dev/shm")
ROOM = 1_000_000_000  # bytes
STARTED = "CRISISBOARD_TEST_SERVERS"


def new_folder() -> Path:
    """An empty folder named after this process; those of processes that are gone are removed."""
    has_room = MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM
    root = MEMORY if has_room else Path(tempfile.gettempdir())
    for old in root.glob("cbtest-*"):
        owner = re.match(r"cbtest-(\d+)-", old.name)
        if owner and not psutil.pid_exists(int(owner[1])):
            shutil.rmtree(old, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=f"cbtest-{os.getpid()}-", dir=root))


def start_server(program: Program, log: Path, options: Sequence[str] = ()) -> subprocess.Popen[bytes]:
    """Runs it without a supervisor: a test run is short. It ends with this process, however that ends."""
    program.prepare()
    with log.open("wb") as output:
        process = spawn(
            [*program.command(), *options],
            env=program.env,
            death_signal=program.death_signal,
            account=program.account,
            output=output.fileno(),
        )
    until = time.monotonic() + 60
    while not program.is_ready(process.pid):
        if process.poll() is not None or time.monotonic() > until:
            raise program.explain(log.read_text(errors="replace").splitlines())
        time.sleep(0.02)
    return process


def _start(data: Path) -> None:
    open_folder(data)
    postgres, valkey = Postgres(data, is_throwaway=True), Valkey(data, is_throwaway=True)
    programs = (postgres.program(), valkey.program())
    running = [start_server(program, data / f"{program.name}.log") for program in programs]
    postgres.ensure_database()
    atexit.register(_stop, data, os.getpid(), running)


def _stop(data: Path, owner: int, running: list[subprocess.Popen[bytes]]) -> None:
    if os.getpid() != owner:  # a forked child of a test inherits the exit handler, not the servers
        return
    for process in running:
        process.send_signal(signal.SIGINT)  # not SIGKILL: PostgreSQL then gives its shared memory back
        process.wait()
    shutil.rmtree(data, ignore_errors=True)


def _prepare_environment() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crisisboard.settings")
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright's loop runs in the test's thread
    os.environ["CRISISBOARD_TESTING"] = "1"
    for name, other in (("DATABASE_URL", "TEST_DATABASE_URL"), ("REDIS_URL", "TEST_REDIS_URL")):
        if given := os.environ.get(other):
            os.environ[name] = given
        else:
            os.environ.pop(name, None)
    if STARTED not in os.environ:
        data = new_folder()
        os.environ["CRISISBOARD_DATA"] = os.environ[STARTED] = str(data)
        if "DATABASE_URL" not in os.environ or "REDIS_URL" not in os.environ:
            _start(data)
    worker = re.fullmatch(r"gw(\d+)", os.environ.get("PYTEST_XDIST_WORKER", ""))
    if worker and "REDIS_URL" not in os.environ:
        url = redis_url(Path(os.environ["CRISISBOARD_DATA"]))
        os.environ["REDIS_URL"] = url.replace("db=0", f"db={1 + int(worker[1])}")


_prepare_environment()
