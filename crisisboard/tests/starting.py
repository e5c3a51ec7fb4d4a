"""Servers of a test run's own: where their files lie, and how one is started without a supervisor."""

import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import psutil

from crisisboard.embedded.processes import spawn
from crisisboard.embedded.supervisor import Program

MEMORY = Path("/dev/shm")
ROOM = 1_000_000_000  # bytes


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
