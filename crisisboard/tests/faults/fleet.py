"""A board without its supervisor: servers, workers, beats and web as processes of their own, to be killed."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from typing import Any

import psutil
import psycopg
import redis
from celery import Celery

from crisisboard.embedded.addresses import broker_url, postgres_url, redis_url
from crisisboard.embedded.folder import open_folder
from crisisboard.embedded.postgres import Postgres
from crisisboard.embedded.processes import spawn
from crisisboard.embedded.valkey import Valkey
from crisisboard.tests.faults.outlets import Outlets
from crisisboard.tests.running import ROOT, clean_env, manage, wait_for
from crisisboard.tests.starting import new_folder, start_server

ADD_FEED = """insert into articles_feed (outlet_id, url, url_sha256, title, is_paused, confirmed, state, state_reason,
 etag, last_modified, interval_s, next_at, attempts, n_begun) select %s, url, sha256(url::bytea), '', false, '', 'new',
 '', '', '', 86400, null, 0, 0 from unnest(%s::text[]) url"""
DUE = "update articles_feed set next_at = now() where url = any(%s)"


class Fleet:
    """PostgreSQL and Valkey as a laptop has them (a killed server must not lose what it confirmed), in memory."""

    def __init__(self, outlets: Outlets, **env: str) -> None:
        self.outlets = outlets
        self.folder = new_folder()
        self.folder.chmod(0o755)
        self.data = self.folder / "board"
        open_folder(self.data)
        self.env = clean_env(
            CRISISBOARD_DATA=str(self.data), FETCH_TEST_PERMIT=outlets.permit, WORKER_ROLE="fetch", LOG_LEVEL="WARNING",
            OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", REMAP_SIGTERM="SIGQUIT", **env,
        )  # fmt: skip
        self.programs = {"postgres": Postgres(self.data).program(), "valkey": Valkey(self.data).program()}
        self.servers: dict[str, subprocess.Popen[bytes]] = {}
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.start_server("valkey")
        self.start_server("postgres")
        Postgres(self.data).ensure_database()
        manage(self.data, "migrate", "--verbosity", "0")
        self.bell = Celery(broker=broker_url(redis_url(self.data)), set_as_current=False)
        self.add_feeds(outlets.url(n) for n in range(outlets.n_feeds))

    # --- processes ----------------------------------------------------------------------------------------------------

    def start_server(self, name: str) -> None:
        self.servers[name] = start_server(self.programs[name], self.folder / f"{name}.log")

    def end_server(self, name: str, number: signal.Signals) -> None:
        self.servers[name].send_signal(number)
        self.servers[name].wait(60)

    def start_worker(self, name: str = "worker", concurrency: int = 2, *arguments: str, **env: str) -> None:
        """A group of worker processes under a name of its own."""
        command = ["worker", "--without-gossip", "--without-mingle", "--loglevel", "WARNING", "-n", f"{name}@here"]
        self._start(name, "celery", *_APP, *command, "-c", str(concurrency), *arguments, **env)

    def start_beat(self, name: str = "beat") -> None:
        schedule = ["-S", "crisisboard.beat.Scheduler", "--schedule", str(self.folder / f"{name}-schedule")]
        self._start(name, "celery", *_APP, "beat", "--pidfile=", *schedule, "--loglevel", "WARNING")

    def start_web(self, port: int) -> None:
        self._start("web", "gunicorn", "-c", "python:crisisboard.gunicorn_config", "--bind", f"127.0.0.1:{port}")

    def kill(self, name: str) -> None:
        """The process and all that it started, with SIGKILL."""
        for process in self.tree(name):
            _kill(process)
        self.processes[name].wait(20)

    def kill_child(self, name: str, choose: Any) -> None:
        children = psutil.Process(self.processes[name].pid).children()
        if children:
            _kill(choose(children))

    def tree(self, name: str) -> list[psutil.Process]:
        try:
            top = psutil.Process(self.processes[name].pid)
            return [top, *top.children(recursive=True)]
        except psutil.NoSuchProcess:
            return []

    def end(self) -> None:
        for name in list(self.processes):
            self.kill(name)
        for name in ("valkey", "postgres"):
            if self.servers[name].poll() is None:
                self.end_server(name, signal.SIGINT)
        shutil.rmtree(self.folder, ignore_errors=True)

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text(errors="replace")

    def _start(self, name: str, module: str, *arguments: str, **env: str) -> None:
        with (self.folder / f"{name}.log").open("ab") as output:
            self.processes[name] = spawn(
                [sys.executable, "-W", "ignore", "-m", module, *arguments], env={**self.env, **env}, cwd=ROOT,
                death_signal=signal.SIGKILL, output=output.fileno(),
            )  # fmt: skip

    # --- rows and bells -----------------------------------------------------------------------------------------------

    def query(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        with psycopg.connect(postgres_url(self.data), autocommit=True, connect_timeout=5) as connection:
            cursor = connection.execute(sql, values or None)
            return cursor.fetchall() if cursor.description else []

    def count(self, sql: str, *values: object) -> int:
        return int(self.query(f"select count(*) from {sql}", *values)[0][0])

    def add_feeds(self, urls: Iterable[str]) -> None:
        self.query("insert into articles_outlet (slug, name, country, language, control, family, bloc, reliability,"
                   " homepage, wikidata, confirmed, is_sample) values ('own', 'Own', '', '', 'unknown', '', 'unknown',"
                   " 'F', '', '', '', false) on conflict do nothing")  # fmt: skip
        self.query(ADD_FEED, self.query("select id from articles_outlet where slug = 'own'")[0][0], list(urls))

    def make_due(self, feeds: Iterable[int]) -> None:
        self.query(DUE, [self.outlets.url(feed) for feed in feeds])

    def ring(self, **options: object) -> None:
        self.bell.send_task("articles.tasks.fetch_due_feeds", queue="fetch", retry=False, **options)

    def redis(self, **options: Any) -> redis.Redis:
        return redis.Redis.from_url(redis_url(self.data), **options)

    def leased(self) -> dict[int, Any]:
        return dict(self.query("select id, lease_token from articles_feed where lease_until > now()"))

    # --- what must hold -----------------------------------------------------------------------------------------------

    def missing(self) -> set[str]:
        return self.outlets.expected - {url for (url,) in self.query("select url from articles_article")}

    def wait_all_stored(self, timeout_s: float = 150) -> float:
        """Seconds until everything that was published is stored and nobody holds a lease; the timeout if never."""
        began = time.monotonic()
        while time.monotonic() - began < timeout_s:
            try:
                idle = self.count("articles_feed where next_at <= now() or lease_token is not null") == 0
                if idle and not self.missing():
                    break
            except psycopg.OperationalError:
                pass
            time.sleep(0.2)
        return time.monotonic() - began

    def faults(self) -> dict[str, int]:
        """Everything that must be nought."""
        one = self.count
        return {
            "lost": len(self.missing()),
            "doubled": one("(select from articles_article where url <> '' group by url having count(*) > 1) d")
            + one("(select from articles_article group by feed_id, guid_sha256 having count(*) > 1) d"),
            "unasked-for": len({u for (u,) in self.query("select url from articles_article")} - self.outlets.expected),
            "half-written": one("articles_article where story_id is null or title = ''"),
            "miscounted stories": one(
                "articles_story s where n_articles <> (select count(*) from articles_article a where a.story_id = s.id)"
            ),
            "stale leases": one("articles_feed where lease_until < now() - interval '15 s'"),
        }


_APP = ("--quiet", "-A", "crisisboard")


def _kill(process: psutil.Process) -> None:
    try:
        os.kill(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def wait_ready(fleet: Fleet) -> None:
    """Until a worker hears the bell."""
    fleet.outlets.publish(0)
    fleet.make_due([0])
    fleet.ring()
    wait_for(lambda: not fleet.missing(), 60)
