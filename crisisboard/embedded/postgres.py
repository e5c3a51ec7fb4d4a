"""An embedded PostgreSQL: one cluster in the data folder, reached by a unix socket alone."""

import os
import secrets
import shutil
import signal
import time
from pathlib import Path

import psutil
import psycopg

from crisisboard.embedded.addresses import socket_folder
from crisisboard.embedded.binaries import postgres_programs
from crisisboard.embedded.processes import Fault, can_reach, own_folder, run_to_end, server_account
from crisisboard.embedded.supervisor import Program

NAME = "crisisboard"  # of the database and of its owner
ROOM_FOR_A_CLUSTER = 120_000_000  # bytes: 40 MB of files and the first write-ahead segments
ROOM_TO_START = 20_000_000  # bytes: one more write-ahead segment
LEFTOVER_S = 20.0  # how long a server of the last run may take to end
ROUTINE = (
    "LOG:  starting PostgreSQL",
    "LOG:  listening on",
    "LOG:  database system was shut down at",
    "LOG:  database system is shut down",
    "LOG:  received fast shutdown request",
    "LOG:  aborting any active transactions",
    "LOG:  shutting down",
    '"logical replication launcher"',
)
THROWAWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}


class Postgres:
    def __init__(self, data: Path, *, is_throwaway: bool = False) -> None:
        self.data = data
        self.cluster = data / "pg"
        self.sockets = socket_folder(data)
        self.account = server_account()
        self.is_throwaway = is_throwaway
        self._programs: Path | None = None

    def program(self) -> Program:
        return Program(
            name="postgres",
            command=self._command,
            env=self._env(),
            prepare=self.prepare,
            is_ready=self.is_ready,
            explain=self.explain,
            account=self.account,
            death_signal=signal.SIGINT,  # "fast shutdown": roll back, write a checkpoint, end
            stop_signal=signal.SIGINT,
            hurry_signal=signal.SIGQUIT,  # end at once, recover at the next start
            grace_s=30.0,
            mute=ROUTINE,
        )

    def prepare(self) -> None:
        """Everything that must hold before the server may start; a Fault says what does not."""
        self._programs = postgres_programs(self.account)
        own_folder(self.sockets, self.account, 0o700)
        self._check_reach()
        if not (self.cluster / "PG_VERSION").is_file():
            self._check_room(ROOM_FOR_A_CLUSTER)
            self._make_cluster()
        self._check_room(ROOM_TO_START)
        self._check_version()
        self._end_leftovers()

    def is_ready(self, pid: int) -> bool:
        """The server writes its state into the lock file: asking there costs no refused connection in the log."""
        try:
            lines = (self.cluster / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        except OSError:
            return False
        return len(lines) >= 8 and lines[0] == str(pid) and lines[7].strip() == "ready"

    def ensure_database(self, port: int = 5432) -> None:
        with psycopg.connect(
            host=str(self.sockets), port=port, user=NAME, dbname="postgres", autocommit=True
        ) as connection:
            found = connection.execute("select 1 from pg_database where datname = %s", [NAME]).fetchone()
            if not found:
                connection.execute(f"create database {NAME}")

    def _command(self) -> list[str]:
        options = {
            "listen_addresses": "",
            "unix_socket_directories": f'"{self.sockets}"',
            "max_connections": "100",
            "shared_buffers": "64MB" if self.is_throwaway else "128MB",
            "log_min_messages": "warning",
            "log_checkpoints": "off",
            "log_line_prefix": "",
            "log_timezone": "UTC",
            "timezone": "UTC",
            **(THROWAWAY if self.is_throwaway else {}),
        }
        settings = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        return [str(self._tool("postgres")), "-D", str(self.cluster), *settings]

    def _env(self) -> dict[str, str]:
        """Nothing of ours: no PG* variable changes the server, and no secret lies in its environment."""
        return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"}

    def _tool(self, name: str) -> Path:
        if self._programs is None:
            self._programs = postgres_programs(self.account)
        return self._programs / name

    def _check_reach(self) -> None:
        if self.account and not can_reach(self.account, self.sockets):
            raise Fault(
                f"Started as root, the database runs as 'nobody', who cannot enter {self.data}: choose another data"
                " folder, for example CRISISBOARD_DATA=/var/lib/crisisboard/mine, or start as an ordinary user."
            )

    def _check_room(self, needed: int) -> None:
        free = shutil.disk_usage(self.data).free
        if free < needed:
            raise Fault(
                f"The disk that holds {self.data} is full ({free // 1_000_000} MB free, {needed // 1_000_000} MB"
                " needed): make room and start again."
            )

    def _make_cluster(self) -> None:
        """Under another name until it is whole: a half-made cluster would look like a real one."""
        draft = self.data / f"pg.new-{secrets.token_hex(4)}"
        own_folder(draft, self.account, 0o700)
        command = [str(self._tool("initdb")), "-D", str(draft), "-U", NAME, "-A", "trust", "-E", "UTF8"]
        # Builtin: sorts alike on every machine, and like the server in docker-compose.yml.
        command += ["--locale-provider=builtin", "--locale=C.UTF-8", "--no-instructions"]
        done = run_to_end(
            [*command, "--no-sync"] if self.is_throwaway else command, env=self._env(), account=self.account
        )
        if done.returncode != 0:
            shutil.rmtree(draft, ignore_errors=True)
            raise self.explain(done.stdout.splitlines())
        for old in self.data.glob("pg.new-*"):
            if old != draft:
                shutil.rmtree(old, ignore_errors=True)
        draft.rename(self.cluster)

    def explain(self, lines: list[str]) -> Fault:
        """What a server that did not start has said, as one sentence."""
        text = "\n".join(lines)
        if "No space left on device" in text or "Disk quota exceeded" in text:
            return Fault(f"The disk that holds {self.data} is full: make room and start again.")
        words = [line for line in lines if "FATAL" in line or "PANIC" in line or "error" in line] or lines[-1:]
        return Fault(f"The database in {self.data} does not start: {' '.join(words)[:500] or 'it said nothing'}")

    def _check_version(self) -> None:
        written = (self.cluster / "PG_VERSION").read_text(encoding="utf-8").strip()
        said = run_to_end([str(self._tool("postgres")), "--version"], env=self._env(), account=self.account).stdout
        ours = said.rsplit(" ", 1)[-1].split(".")[0]
        if written != ours:
            raise Fault(
                f"The database in {self.data} was written by PostgreSQL {written}, and this version of Crisisboard"
                f" brings PostgreSQL {ours}: docs/operations.md, 'Upgrading', says how to move it."
            )

    def _end_leftovers(self) -> None:
        """Ends servers that a killed supervisor left, then clears their lock files.

        The caller holds the data folder's lock, so no living supervisor owns them. The process number in the lock
        file proves nothing: it may be a zombie's, or another program's by now.
        """
        if not (self.cluster / "postmaster.pid").exists():
            return
        until = time.monotonic() + LEFTOVER_S
        while leftovers := self._running():
            if time.monotonic() > until:
                raise Fault(f"Another PostgreSQL (process {leftovers[0].pid}) uses {self.cluster} and does not end.")
            for process in leftovers:
                if process.ppid() not in {other.pid for other in leftovers}:
                    process.send_signal(signal.SIGINT)
            psutil.wait_procs(leftovers, timeout=0.5)
        (self.cluster / "postmaster.pid").unlink(missing_ok=True)
        for name in (".s.PGSQL.5432", ".s.PGSQL.5432.lock"):
            (self.sockets / name).unlink(missing_ok=True)

    def _running(self) -> list[psutil.Process]:
        """Living processes of this cluster: each of a server's processes works in the cluster's folder."""
        return [process for process in psutil.process_iter(["name", "status"]) if self._is_of_cluster(process)]

    def _is_of_cluster(self, process: psutil.Process) -> bool:
        if process.info["name"] != "postgres" or process.info["status"] == psutil.STATUS_ZOMBIE:
            return False
        try:
            return Path(process.cwd()) == self.cluster.resolve()
        except (psutil.Error, OSError):
            return False
