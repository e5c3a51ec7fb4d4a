"""`manage.py up`, run for real: one command starts the whole board, keeps it running, and leaves nothing behind."""

import os
import re
import shutil
import signal
import socket
import stat
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import psutil
import pytest

from crisisboard.embedded.folder import open_folder
from crisisboard.embedded.postgres import Postgres
from crisisboard.embedded.processes import can_reach, server_account
from crisisboard.embedded.valkey import Valkey
from crisisboard.tests.running import ROOT, RunningBoard, free_port, run_up, wait_for
from crisisboard.tests.servers import new_folder, start_server

IS_ROOT = os.geteuid() == 0


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A place for data folders that every account may enter."""
    path = new_folder()
    path.chmod(0o755)
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture(scope="module")
def board(folder: Path) -> Iterator[RunningBoard]:
    """One board for all tests that leave it running."""
    running = RunningBoard(folder / "board", PORT=str(free_port())).wait_up()
    yield running
    running.end()


def test_it_shows_the_first_page_to_everybody(board: RunningBoard) -> None:
    assert (board.get("/"), board.get("/timeline/")) == (302, 200)


def test_it_becomes_ready(board: RunningBoard) -> None:
    wait_for(lambda: board.get("/readyz") == 200)


def test_it_says_in_one_line_where_it_is(board: RunningBoard) -> None:
    lines = [line for line in board.log.splitlines() if "Crisisboard is at" in line]
    assert len(lines) == 1
    assert board.address in lines[0]


def test_it_shows_a_link_for_the_first_admin(board: RunningBoard) -> None:
    links = re.findall(r"http://\S+(/setup/\S+/)", board.log)
    assert len(links) == 1
    assert board.get(links[0]) == 200


def test_it_runs_each_part_once(board: RunningBoard) -> None:
    assert sorted(board.children()) == ["beat", "postgres", "valkey", "web", "worker"]


def test_it_loads_the_registry(board: RunningBoard) -> None:
    assert board.query("select count(*) > 50 from timeline_actor") == [(True,)]


def test_it_refuses_a_second_start_in_the_same_folder(board: RunningBoard) -> None:
    second = run_up(board.data)
    assert second.returncode == 1
    assert second.stderr.startswith(f"This board already runs at {board.address} (process {board.process.pid})")
    assert second.stderr.count("\n") == 1


def test_it_says_that_the_port_is_taken(folder: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        done = run_up(folder / "port", PORT=str(other.getsockname()[1]))
    assert done.returncode == 1
    assert "is taken by another program" in done.stderr
    assert done.stderr.count("\n") == 1


def test_it_keeps_what_was_committed_when_postgres_is_killed(board: RunningBoard) -> None:
    board.query("create table kept as select generate_series(1, 1000) as n")
    board.kill_child("postgres")
    wait_for(lambda: "recovery" in board.log and board.get("/timeline/") == 200)
    assert board.query("select count(*) from kept") == [(1000,)]


def test_it_answers_at_once_when_postgres_is_back(board: RunningBoard) -> None:
    n_starts = board.log.count("ready to accept connections")
    board.kill_child("postgres")
    wait_for(lambda: board.log.count("ready to accept connections") > n_starts)
    assert board.get("/timeline/") == 200


@pytest.mark.parametrize("name", ["valkey", "worker", "beat", "web"])
def test_it_starts_a_killed_part_again(board: RunningBoard, name: str) -> None:
    board.kill_child(name)
    wait_for(lambda: board.get("/readyz") == 200)


def test_it_leaves_no_process_of_a_killed_worker(board: RunningBoard) -> None:
    wait_for(lambda: board.children()["worker"].children())
    old = board.children()["worker"].children(recursive=True)
    board.kill_child("worker")
    assert psutil.wait_procs(old, timeout=10)[1] == []


def test_it_takes_another_port_beside_another_board(board: RunningBoard, folder: Path) -> None:
    first, second = RunningBoard(folder / "one"), RunningBoard(folder / "two")
    ports = {int(running.wait_up().address.rsplit(":")[-1]) for running in (first, second)}
    codes = [running.end() for running in (first, second)]
    assert len(ports) == 2 and min(ports) >= 8000
    assert codes == [0, 0]


def test_it_logs_no_stack_trace(board: RunningBoard) -> None:
    assert "Traceback" not in board.log


def test_it_ends_cleanly_and_finds_its_data_again(folder: Path) -> None:
    data = folder / "twice"
    first = RunningBoard(data, PORT=str(free_port())).wait_up()
    first.query("create table kept as select 1 as n")
    family = first.family()
    assert first.end(signal.SIGINT) == 0
    assert [process for process in family if process.is_running() and process.status() != psutil.STATUS_ZOMBIE] == []
    second = RunningBoard(data, PORT=str(free_port())).wait_up()
    assert second.query("select n from kept") == [(1,)]
    family = second.family()
    second.process.kill()
    assert psutil.wait_procs(family, timeout=20)[1] == []
    third = RunningBoard(data, PORT=str(free_port())).wait_up()
    assert third.query("select n from kept") == [(1,)]
    assert third.end(signal.SIGTERM) == 0


def test_it_runs_as_an_ordinary_user(folder: Path) -> None:
    account = server_account()
    if account is None:
        pytest.skip("this run is an ordinary user's already: every other test here shows it")
    if not can_reach(account, ROOT / "manage.py"):
        pytest.skip(f"NOT TESTED: an ordinary user cannot reach {ROOT}")
    data, python = folder / "ordinary", folder / "python"
    for made in (data, python):
        made.mkdir()
    os.chown(data, account.uid, account.gid)
    # The interpreter may lie under /root: this process alone sees it in an open place.
    start = f'mount --bind {sys.base_prefix} {python} && exec setpriv --reuid={account.uid} --clear-groups "$@"'
    running = RunningBoard(
        data,
        ["unshare", "--mount", "sh", "-c", start, "sh"],
        str(python / "bin" / "python3"),
        PYTHONPATH=str(Path(find_spec("django").origin).parents[1]),
        LD_LIBRARY_PATH=str(python / "lib"),
        HOME=str(data),
        PORT=str(free_port()),
    ).wait_up()
    owners = running.owners()
    assert running.get("/timeline/") == 200
    assert running.end() == 0
    assert owners == {account.uid}


def test_it_uses_other_servers_when_told(folder: Path) -> None:
    data = folder / "servers"
    open_folder(data)
    postgres, valkey = Postgres(data, is_throwaway=True), Valkey(data, is_throwaway=True)
    ports = free_port(), free_port()
    options = ["-c", "listen_addresses=127.0.0.1", "-c", f"port={ports[0]}"]
    servers = [
        start_server(postgres.program(), data / "postgres.log", options),
        start_server(valkey.program(), data / "valkey.log", ["--port", str(ports[1])]),
    ]
    postgres.ensure_database(port=ports[0])
    running = RunningBoard(
        folder / "guest",
        PORT=str(free_port()),
        DATABASE_URL=f"postgresql://crisisboard:any@127.0.0.1:{ports[0]}/crisisboard",
        REDIS_URL=f"redis://127.0.0.1:{ports[1]}/0",
    ).wait_up()
    names = sorted(running.children())
    wait_for(lambda: running.get("/readyz") == 200)
    assert running.end() == 0
    assert names == ["beat", "web", "worker"]
    assert not (folder / "guest" / "pg").exists()
    for server in servers:
        server.send_signal(signal.SIGINT)
        server.wait()


@pytest.mark.skipif(not IS_ROOT, reason="NOT TESTED: a full disk needs root, who may mount a small one")
def test_it_says_that_the_disk_is_full(folder: Path) -> None:
    data = folder / "full"
    data.mkdir()
    mount = f'mount -t tmpfs -o size=30m none {data} && exec "$@"'
    done = run_up(data, ["unshare", "--mount", "sh", "-c", mount, "sh"])
    assert done.returncode == 1
    assert done.stderr.startswith(f"The disk that holds {data} is full")
    assert done.stderr.count("\n") == 1


@pytest.mark.skipif(not IS_ROOT, reason="NOT TESTED: only root's board hands its servers to another account")
def test_it_says_that_the_servers_cannot_enter_the_folder(folder: Path) -> None:
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    done = run_up(closed / "data")
    assert done.returncode == 1
    assert "cannot enter" in done.stderr and done.stderr.count("\n") == 1
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700


def test_it_does_not_open_the_data_of_another_postgres(folder: Path) -> None:
    data = folder / "old"
    (data / "pg").mkdir(parents=True)
    (data / "pg" / "PG_VERSION").write_text("17\n")
    done = run_up(data, PORT=str(free_port()))
    assert done.returncode == 1
    assert "was written by PostgreSQL 17" in done.stderr and done.stderr.count("\n") == 1


def test_it_passes_a_stale_lock_of_a_dead_server(folder: Path) -> None:
    data = folder / "stale"
    RunningBoard(data, PORT=str(free_port())).wait_up().end()
    (data / "pg" / "postmaster.pid").write_text(f"{os.getpid()}\n{data / 'pg'}\n1\n5432\n\n\n\nready\n")
    running = RunningBoard(data, PORT=str(free_port())).wait_up()
    assert running.end() == 0
    assert "Traceback" not in running.log


def test_it_needs_a_port_that_is_a_number(folder: Path) -> None:
    done = run_up(folder / "word", PORT="http")
    assert done.returncode == 1
    assert done.stderr == "Crisisboard does not start: PORT must be a whole number from 1 to 65535, not 'http'.\n"
