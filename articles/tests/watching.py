"""Who came where: canaries on other ports of this machine, and the oracle of Python's own audit events."""

import json
import os
import shutil
import socket
import threading
from contextlib import suppress
from pathlib import Path

ORACLE = Path(__file__).parent / "oracle"
ROOT = Path(__file__).resolve().parents[2]


class Canary:
    """Listens on one port number of 127.0.0.1 and, where there is one, ::1; `hits` counts who came."""

    def __init__(self) -> None:
        self.hits = 0
        self.sockets = [socket.create_server(("127.0.0.1", 0))]
        self.port = self.sockets[0].getsockname()[1]
        with suppress(OSError):
            self.sockets.append(socket.create_server(("::1", self.port), family=socket.AF_INET6))
        for listening in self.sockets:
            threading.Thread(target=self._count, args=(listening,), daemon=True).start()

    def _count(self, listening: socket.socket) -> None:
        with suppress(OSError):
            while True:
                listening.accept()[0].close()
                self.hits += 1

    def close(self) -> None:
        for listening in self.sockets:
            listening.close()


class Oracle:
    """The oracle's folder: `env` puts a process and all that it starts under it."""

    def __init__(self, folder: Path, permit: list[str]) -> None:
        self.log = folder / "events"
        self.log.write_bytes(b"")
        shutil.copy(ORACLE / "sitecustomize.py", folder)
        (folder / "oracle.json").write_text(json.dumps({"log": str(self.log), "permit": permit}))
        self.env = {"PYTHONPATH": f"{folder}{os.pathsep}{ROOT}"}

    def said(self, kind: str) -> list[str]:
        events = (json.loads(line) for line in self.log.read_text().splitlines())
        return [what for _, said, what in events if said == kind]
