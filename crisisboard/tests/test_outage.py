"""The database is away: pages say so in words, /healthz stays well, /readyz answers soon, the log stays short."""

import http.client
import logging
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import OperationalError

from crisisboard.outage import ShortForOutage
from crisisboard.tests.running import ROOT, clean_env, free_port, wait_for


class Web:
    """gunicorn alone, with a database and a Redis that are not there."""

    def __init__(self, data: Path, port: int) -> None:
        self.port = port
        self.log = data / "web.log"
        command = ["-m", "gunicorn", "-c", "python:crisisboard.gunicorn_config", "--bind", f"127.0.0.1:{port}"]
        with self.log.open("wb") as output:
            env = clean_env(CRISISBOARD_DATA=str(data))
            self.process = subprocess.Popen(
                [sys.executable, *command], cwd=ROOT, env=env, stdout=output, stderr=subprocess.STDOUT
            )

    def get(self, path: str) -> tuple[int, str, float]:
        """Status, body, seconds."""
        started_at = time.monotonic()
        visitor = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            visitor.request("GET", path)
            answer = visitor.getresponse()
            return answer.status, answer.read().decode(), time.monotonic() - started_at
        except OSError:
            return 0, "", 0.0
        finally:
            visitor.close()


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    server = Web(tmp_path_factory.mktemp("outage"), free_port())
    wait_for(lambda: server.get("/healthz")[0] == 200)
    yield server
    server.process.terminate()
    server.process.wait(20)


def test_it_is_alive_within_50_ms(web: Web) -> None:
    times_s = [web.get("/healthz")[2] for _ in range(10)]
    assert sorted(times_s)[5] < 0.05


def test_it_says_within_2_s_that_it_is_not_ready(web: Web) -> None:
    status, body, took_s = web.get("/readyz")
    assert status == 503 and "does not answer" in body
    assert took_s < 2


def test_it_shows_a_page_that_says_what_is_away(web: Web) -> None:
    status, body, _ = web.get("/admin/login/?next=/")
    assert (status, "The database does not answer" in web.get("/timeline/")[1]) == (200, True)
    assert "Traceback" not in body


def test_it_logs_one_line_instead_of_a_stack_trace(web: Web) -> None:
    web.get("/timeline/")
    said = web.log.read_text()
    assert "the database is away" in said
    assert "Traceback" not in said


def test_it_keeps_the_stack_trace_of_other_faults() -> None:
    record = logging.LogRecord("x", logging.ERROR, "x.py", 1, "broke", (), (ValueError, ValueError("bad"), None))
    assert ShortForOutage().filter(record) and record.exc_info is not None


def test_it_leaves_the_first_line_of_what_the_database_said() -> None:
    error = OperationalError("connection refused\nIs the server running?")
    record = logging.LogRecord("x", logging.ERROR, "x.py", 1, "page %s", ("/",), (OperationalError, error, None))
    ShortForOutage().filter(record)
    assert record.getMessage() == "page /: the database is away: connection refused"
    assert record.exc_info is None
