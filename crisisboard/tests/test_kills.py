"""kill -9 of the worker while it tags: every article is read once, nothing is doubled.

The short run is part of the tests; `make faults` repeats it five times with 200 articles.
"""

import json
import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from crisisboard.tests.running import RunningBoard, free_port, manage, wait_for
from crisisboard.tests.servers import new_folder

SENTENCES = (
    "Israel struck a military base near Isfahan on Monday, state media said.",
    "Iran condemned the attack and vowed to respond.",
    "Russia called on Israel and Iran to show restraint.",
    "Qatar offered to mediate between Iran and the United States.",
    "The United States imposed new sanctions on Iran on Tuesday.",
)


@pytest.fixture
def board() -> Iterator[RunningBoard]:
    folder = new_folder()
    folder.chmod(0o755)
    running = RunningBoard(folder / "board", PORT=str(free_port())).wait_up()
    yield running
    running.end()
    shutil.rmtree(folder, ignore_errors=True)


def test_it_survives_a_killed_worker(board: RunningBoard, tmp_path: Path) -> None:
    kill_while_tagging(board, tmp_path, n_articles=60, n_kills=1)


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_it_survives_five_killed_workers(board: RunningBoard, tmp_path: Path) -> None:
    for run in range(5):
        kill_while_tagging(board, tmp_path, n_articles=200, n_kills=2, run=run)


def kill_while_tagging(board: RunningBoard, folder: Path, n_articles: int, n_kills: int, run: int = 0) -> None:
    random.seed(run)
    n_before = n_read(board)
    manage(board.data, "ingest", str(write_articles(folder / f"{run}.jsonl", n_articles, run)))
    reached = []
    for number in range(n_kills):
        share = (number + random.random()) / (n_kills + 1)  # each kill lies in a later part of the work
        wait_for(lambda share=share: n_read(board) - n_before >= share * n_articles, 120)
        kill_worker_tree(board)
        reached.append(n_read(board) - n_before)
        # A claim holds for two minutes; here it ends at once, so that the test need not wait for it.
        board.query("update timeline_reading set claimed_until = now() where finished_at is null")
    wait_for(lambda: unread(board) == 0, 120)
    assert problems(board) == []
    assert min(reached) < n_articles, "no kill met the work"
    print(f"\nrun {run}: {n_articles} articles, killed with {reached} of them read: 0 lost, 0 doubled")


def write_articles(path: Path, n_articles: int, run: int) -> Path:
    with path.open("w") as file:
        for n in range(n_articles):
            words = " ".join(random.sample(SENTENCES, 3))
            row = {"url": f"https://sample.example/{run}/{n}", "outlet": "sample-kills", "title": f"Report {run}-{n}",
                   "text": words, "published": f"2025-06-{16 + n % 8:02d}T10:00:00Z", "lang": "en"}  # fmt: skip
            file.write(json.dumps(row) + "\n")
    return path


def kill_worker_tree(board: RunningBoard) -> None:
    worker = board.children().get("worker")
    for process in [*(worker.children(recursive=True) if worker else []), *([worker] if worker else [])]:
        try:
            process.kill()
        except psutil.NoSuchProcess:
            continue


def n_read(board: RunningBoard) -> int:
    return int(str(board.query("select count(*) from timeline_reading where finished_at is not null")[0][0]))


def unread(board: RunningBoard) -> int:
    rows = board.query(
        "select count(*) from articles_article a where not exists"
        " (select from timeline_reading r where r.article_id = a.id and r.finished_at is not null)"
    )
    return int(str(rows[0][0]))


def problems(board: RunningBoard) -> list[str]:
    """What would be a lost or a doubled result, or a count that does not fit its rows."""
    checks = {
        "quarantined": "select count(*) from timeline_reading where outcome = 'quarantined'",
        "read twice": "select count(*) from (select from timeline_reading group by article_id having count(*) > 1) x",
        "doubled evidence": "select count(*) from (select from timeline_evidence"
        ' group by event_id, article_id, begin, "end" having count(*) > 1) x',
        "reading without its evidence": "select count(*) from timeline_reading r where r.n_events <>"
        " (select count(distinct event_id) from timeline_evidence e where e.article_id = r.article_id)",
        "wrong article count": "select count(*) from timeline_event v where v.n_articles <>"
        " (select count(distinct article_id) from timeline_evidence e where e.event_id = v.id)",
        "event without participant": "select count(*) from timeline_event v where not exists"
        " (select from timeline_participant p where p.event_id = v.id)",
        "no events at all": "select (count(*) = 0)::int from timeline_event",
    }
    return [name for name, sql in checks.items() if int(str(board.query(sql)[0][0]))]
