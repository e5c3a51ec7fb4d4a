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
from pathlib import Path

from crisisboard.embedded.addresses import redis_url
from crisisboard.embedded.folder import open_folder
from crisisboard.embedded.postgres import Postgres
from crisisboard.embedded.valkey import Valkey
from crisisboard.tests.starting import new_folder, start_server

__all__ = ["new_folder"]

STARTED = "CRISISBOARD_TEST_SERVERS"


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
