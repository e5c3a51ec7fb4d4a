"""The data folder: made so that the servers' account can enter it, and held by one supervisor at a time."""

import fcntl
import json
import os
from pathlib import Path
from typing import TextIO

from crisisboard.embedded.processes import Fault, fault_of

ENTER = 0o111  # others may pass through; what lies inside keeps its own rights


def open_folder(data: Path, default_root: Path = Path("/var/lib/crisisboard")) -> None:
    """Makes it. As root, opens it (and our own default parent, nobody else's folder) for `nobody` to pass through."""
    data.mkdir(parents=True, exist_ok=True)
    if os.geteuid() == 0:
        for folder in (data, default_root):
            if folder == data or folder in data.parents:
                folder.chmod(folder.stat().st_mode & 0o7777 | ENTER)


def hold_folder(data: Path) -> TextIO:
    """The open lock file; whoever has it is the folder's only supervisor. The kernel lets go of it when we end."""
    try:
        open_folder(data)
        lock = (data / "up.lock").open("a+", encoding="utf-8")
    except OSError as error:
        raise fault_of(error) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise Fault(
            f"This board already runs{_holder(lock)}: stop it first, or set CRISISBOARD_DATA for a second one."
        ) from None
    note_holder(lock, address="")
    return lock


def note_holder(lock: TextIO, address: str) -> None:
    lock.seek(0)
    lock.truncate()
    json.dump({"process": os.getpid(), "address": address}, lock)
    lock.flush()


def _holder(lock: TextIO) -> str:
    lock.seek(0)
    try:
        note = json.load(lock)
    except ValueError:
        return ""
    where = f" at {note['address']}" if note["address"] else ""
    return f"{where} (process {note['process']})"
