"""An oracle that shares no code with the guard: Python itself says what is connected to, and which files are opened.

A test copies this file into a folder of its own, with `oracle.json` (log, permit) beside it, and puts that on
PYTHONPATH: every process of the run, workers and children included, then appends each attempt to the log, one JSON line
each. What `permit` ("127.0.0.1:PORT") does not name is refused before a packet is sent. Sockets of this machine's file
system are let through.
"""

import json
import os
import socket
import sys
from pathlib import Path

TOLD = json.loads(Path(__file__).with_name("oracle.json").read_text())
WATCHED_FILES = ("/etc/passwd",)


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    if event in {"socket.connect", "socket.sendto"} and arguments[0].family in {socket.AF_INET, socket.AF_INET6}:
        where = f"{arguments[1][0]}:{arguments[1][1]}"
        _write("connect", where)
        if where not in TOLD["permit"]:
            raise PermissionError(f"the test allows no connection to {where}")
    elif event == "open" and arguments[0] in WATCHED_FILES:
        _write("open", str(arguments[0]))


def _write(kind: str, what: str) -> None:
    descriptor = os.open(TOLD["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666)
    os.write(descriptor, json.dumps([os.getpid(), kind, what]).encode() + b"\n")
    os.close(descriptor)


_write("start", " ".join(sys.orig_argv[1:3]))
sys.addaudithook(_watch)
