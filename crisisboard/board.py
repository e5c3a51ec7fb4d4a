"""The whole board on one machine: `manage.py up`.

Hold the data folder → open the web server's socket → start Valkey and PostgreSQL side by side → migrate → web →
registry when its files changed → worker, beat → demo on an empty board → watch until told to stop → end all.
"""

import hashlib
import os
import socket
from pathlib import Path
from typing import TextIO

from django.conf import settings
from django.core.management import call_command, get_commands
from django.db import DatabaseError, connection, connections

from articles.models import Article
from crisisboard import programs
from crisisboard.embedded.folder import hold_folder, note_holder
from crisisboard.embedded.journal import Journal
from crisisboard.embedded.listening import FIRST_PORT, open_door
from crisisboard.embedded.postgres import Postgres
from crisisboard.embedded.processes import Fault, fault_of
from crisisboard.embedded.supervisor import Program, Stopped, Supervisor
from crisisboard.embedded.valkey import Valkey

NAMES = ("board", "web", "worker", "beat", "demo", "registry", "postgres", "valkey")
SERVER_START_S = 120.0  # a server that recovers from a crash may take its time
REGISTRY_FOLDERS = ("timeline/tagging/data", "articles/registry")
EVERYWHERE = {"0.0.0.0", "::"}  # noqa: S104 - compared with, not bound to


class Board:
    def __init__(self) -> None:
        self.data: Path = settings.DATA_DIR
        self.journal = Journal(NAMES)
        self.supervisor = Supervisor(self.journal)

    def run(self) -> None:
        """Ends by Stopped when asked to, by Fault when something keeps it from running."""
        with hold_folder(self.data) as lock, open_door(settings.HOST, settings.PORT) as door:
            try:
                self._start_all(door, lock)
                self.supervisor.watch()
            except Stopped:
                self.journal.say("board", "Stopping. Press Ctrl-C again to hurry.")
            except OSError as error:
                raise fault_of(error) from error
            finally:
                self.supervisor.stop(("beat", "worker", "web"), ("valkey", "postgres"))
            self.journal.say("board", "Stopped.")

    def _start_all(self, door: socket.socket, lock: TextIO) -> None:
        address = _address(door)
        env = programs.child_env(address)
        self._start_servers()
        self._migrate()
        self.supervisor.start(programs.web(env, door.fileno()))
        self._wait_for_first_page(door)
        note_holder(lock, address)
        self.journal.say("board", f"Crisisboard is at {address}/ {_port_note(door)}- Ctrl-C stops it.")
        self._load_registry(programs.once("registry", env, "load_registry"))
        self.supervisor.start(programs.worker(env))
        self.supervisor.start(programs.beat(env, self.data))
        self._play_demo(programs.once("demo", env, "demo"))

    def _start_servers(self) -> None:
        """Side by side; those that DATABASE_URL or REDIS_URL name run elsewhere."""
        postgres = Postgres(self.data)
        servers: list[Program] = []
        if settings.IS_REDIS_EMBEDDED:
            servers.append(Valkey(self.data).program())
        if settings.IS_DATABASE_EMBEDDED:
            servers.append(postgres.program())
        for child in [self.supervisor.start(server) for server in servers]:
            self.supervisor.wait_ready(child, SERVER_START_S)
        if settings.IS_DATABASE_EMBEDDED:
            postgres.ensure_database()

    def _migrate(self) -> None:
        try:
            call_command("migrate", verbosity=0, interactive=False)
        except DatabaseError as error:
            said = str(error).strip().splitlines()[0]
            raise Fault(f"The database does not answer as it should: {said}") from error
        finally:
            connections.close_all()

    def _wait_for_first_page(self, door: socket.socket) -> None:
        """Knocks once, and listens for the answer while everything is watched."""
        with socket.create_connection(_knock_address(door)) as visitor:
            visitor.sendall(b"GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n")
            visitor.setblocking(False)
            while True:
                self.supervisor.turn()
                try:
                    visitor.recv(1)
                    return
                except BlockingIOError:
                    continue
                except ConnectionError:
                    return self._wait_for_first_page(door)

    def _load_registry(self, program: Program) -> None:
        """Only when its files or the database changed: it takes seconds, and the first page should not wait."""
        stamp, now = self.data / "registry.stamp", _registry_state()
        if stamp.is_file() and stamp.read_text() == now:
            return
        if self.supervisor.run_once(program) == 0:
            stamp.write_text(now)
        else:
            self.journal.say("board", "The registry was not loaded; the next start tries again.")

    def _play_demo(self, program: Program) -> None:
        """On an empty board, unless it was taken away by hand; one that was cut short is played again."""
        unfinished = self.data / "demo.unfinished"
        has_articles = Article.objects.exists()
        connections.close_all()
        if not settings.DEMO or "demo" not in get_commands() or (has_articles and not unfinished.exists()):
            return
        if settings.DEMO_REMOVED.exists():
            return
        unfinished.touch()
        if self.supervisor.run_once(program) == 0:
            unfinished.unlink()


def _address(door: socket.socket) -> str:
    host, port = door.getsockname()[:2]
    shown = "localhost" if host in EVERYWHERE else f"[{host}]" if ":" in host else host
    return f"http://{shown}:{port}"


def _knock_address(door: socket.socket) -> tuple[str, int]:
    host, port = door.getsockname()[:2]
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host), port  # noqa: S104 - where we knock instead


def _port_note(door: socket.socket) -> str:
    port = door.getsockname()[1]
    is_other = settings.PORT is None and port != FIRST_PORT
    return f"(port {FIRST_PORT} is taken) " if is_other else ""


def _registry_state() -> str:
    """Changes with the registry's files and with the database that they are loaded into."""
    digest = hashlib.sha256()
    for folder in REGISTRY_FOLDERS:
        for path in sorted((settings.BASE_DIR / folder).glob("*")):
            if path.is_file():
                digest.update(os.fsencode(path.name) + path.read_bytes())
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT system_identifier, oid FROM pg_control_system(), pg_database WHERE datname = current_database()"
        )
        digest.update(repr(cursor.fetchone()).encode())
    connections.close_all()
    return digest.hexdigest()
