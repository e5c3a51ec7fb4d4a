"""Faults that take minutes: `make faults`. The servers are killed again and again while somebody writes and reads."""

import random
import shutil
import time
from collections.abc import Iterator

import psutil
import psycopg
import pytest

from crisisboard.embedded.addresses import postgres_url
from crisisboard.tests.running import RunningBoard, free_port, wait_for
from crisisboard.tests.servers import new_folder

pytestmark = pytest.mark.slow
N_KILLS = 10


@pytest.fixture
def board() -> Iterator[RunningBoard]:
    folder = new_folder()
    folder.chmod(0o755)
    running = RunningBoard(folder / "board", PORT=str(free_port())).wait_up()
    running.query("create table written (n bigint primary key)")
    yield running
    running.end()
    shutil.rmtree(folder, ignore_errors=True)


def test_it_loses_no_committed_row_in_ten_kills_of_the_database(board: RunningBoard) -> None:
    random.seed(1)
    confirmed = 0
    for _ in range(N_KILLS):
        until = time.monotonic() + random.uniform(0.2, 1.5)
        with psycopg.connect(postgres_url(board.data), autocommit=True) as connection:
            while time.monotonic() < until:
                connection.execute("insert into written values (%s)", [confirmed + 1])
                confirmed += 1
        board.kill_child("postgres")
        wait_for(lambda: board.get("/timeline/") == 200)
        kept = {row[0] for row in board.query("select n from written")}
        assert set(range(1, confirmed + 1)) <= kept
        confirmed = max(kept)
    print(f"\n{N_KILLS} kills of PostgreSQL, {confirmed} committed rows, 0 lost")


def test_it_leaves_nothing_in_five_kills_of_the_supervisor() -> None:
    folder = new_folder()
    folder.chmod(0o755)
    for number in range(5):
        running = RunningBoard(folder / "board", PORT=str(free_port()))
        time.sleep(1 + number)  # killed at another stage each time
        family = running.family()
        running.process.kill()
        running.process.wait()
        assert psutil.wait_procs(family, timeout=20)[1] == []
    last = RunningBoard(folder / "board", PORT=str(free_port())).wait_up()
    assert last.get("/timeline/") == 200
    assert last.end() == 0
    shutil.rmtree(folder, ignore_errors=True)


def test_it_starts_each_part_again_in_any_order(board: RunningBoard) -> None:
    random.seed(2)
    for _ in range(20):
        board.kill_child(random.choice(["postgres", "valkey", "web", "worker", "beat"]))
        time.sleep(random.uniform(0, 2))
    wait_for(lambda: board.get("/readyz") == 200, 120)
    assert sorted(board.children()) == ["beat", "postgres", "valkey", "web", "worker"]
