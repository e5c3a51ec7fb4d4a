"""An embedded Valkey: it carries Celery's bell and the cache, by a unix socket alone."""

import contextlib
import os
import signal
import time
from pathlib import Path

import redis

from crisisboard.embedded.addresses import socket_folder
from crisisboard.embedded.binaries import valkey_program
from crisisboard.embedded.processes import Fault, own_folder, server_account
from crisisboard.embedded.supervisor import Program

LEFTOVER_S = 10.0


class Valkey:
    def __init__(self, data: Path, *, is_throwaway: bool = False) -> None:
        self.folder = data / "valkey"
        self.sockets = socket_folder(data)
        self.socket = self.sockets / "valkey.sock"
        self.account = server_account()
        self.is_throwaway = is_throwaway

    def program(self) -> Program:
        return Program(
            name="valkey",
            command=self._command,
            env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"},
            prepare=self.prepare,
            is_ready=self.is_ready,
            explain=self.explain,
            account=self.account,
            death_signal=signal.SIGTERM,
            stop_signal=signal.SIGTERM,
            grace_s=10.0,
            # Advice for a machine that does nothing else; ours holds a few hundred keys.
            mute=("Memory overcommit must be enabled", "Received SIGTERM", "bye bye", "User requested shutdown"),
        )

    def prepare(self) -> None:
        own_folder(self.sockets, self.account, 0o700)
        own_folder(self.folder, self.account, 0o700)
        self._end_leftover()
        self.socket.unlink(missing_ok=True)

    def is_ready(self, pid: int) -> bool:
        try:
            return bool(self._client().ping())
        except redis.exceptions.RedisError:
            return False

    def explain(self, lines: list[str]) -> Fault:
        text = "\n".join(lines)
        if "No space left on device" in text:
            return Fault(f"The disk that holds {self.folder} is full: make room and start again.")
        return Fault(f"Valkey does not start in {self.folder}: {' '.join(lines[-2:])[:500] or 'it said nothing'}")

    def _end_leftover(self) -> None:
        """Two servers must not write one append-only file: one that a killed supervisor left has to end first."""
        until = time.monotonic() + LEFTOVER_S
        while self.socket.exists() and self._is_answered():
            if time.monotonic() > until:
                raise Fault(f"Another Valkey uses {self.folder} and does not end.")
            with contextlib.suppress(redis.exceptions.RedisError):
                self._client().shutdown()
            time.sleep(0.05)

    def _is_answered(self) -> bool:
        try:
            self._client().ping()
        except redis.exceptions.ConnectionError:
            return False
        except redis.exceptions.RedisError:  # it answers, if only that it is busy
            return True
        return True

    def _client(self) -> redis.Redis:
        return redis.Redis(unix_socket_path=str(self.socket), socket_timeout=1)

    def _command(self) -> list[str]:
        kept = ["--appendonly", "no"] if self.is_throwaway else ["--appendonly", "yes", "--appendfsync", "everysec"]
        return [
            *(str(valkey_program(self.account)), "--port", "0"),
            *("--unixsocket", str(self.socket), "--unixsocketperm", "700"),
            *("--dir", str(self.folder), "--save", "", "--daemonize", "no", "--databases", "64"),
            *("--maxmemory-policy", "noeviction", "--loglevel", "warning", *kept),
        ]
