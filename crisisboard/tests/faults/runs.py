"""The faults, one function each: `(random, share of the full number of runs) -> Result`.

Each starts a fleet of its own, publishes articles while the fault happens, waits until the board is at rest, and
compares what is stored with what was published.
"""

import http.client
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from crisisboard.tests.faults.fleet import Fleet, wait_ready
from crisisboard.tests.faults.outlets import Outlets
from crisisboard.tests.faults.resuming import Watch
from crisisboard.tests.running import free_port, wait_for

RESUME_S = 60.0
N_FEEDS, N_HOSTS, N_ITEMS = 100, 25, 20


@dataclass
class Result:
    """What a fault did. `others` holds whatever else must be nought, by name; `said` goes into the verdict."""

    fault: str
    n_runs: int
    slowest_s: float | None = None
    most_s: float = RESUME_S
    others: Counter[str] = field(default_factory=Counter)
    said: list[str] = field(default_factory=list)
    took_s: float = 0.0

    @property
    def lost(self) -> int:
        return self.others["lost"]

    @property
    def doubled(self) -> int:
        return self.others["doubled"]

    @property
    def is_slow(self) -> bool:
        return self.slowest_s is not None and self.slowest_s > self.most_s

    @property
    def is_good(self) -> bool:
        return not self.is_slow and not any(self.others.values())

    @property
    def verdict(self) -> str:
        faults = [f"{name}: {count}" for name, count in self.others.items() if count]
        faults += [f"resumed after more than {self.most_s:.0f} s"] if self.is_slow else []
        return "; ".join([f"FAILED: {', '.join(faults)}" if faults else "ok", *self.said])

    def add(self, fleet: Fleet) -> "Result":
        """Takes in what must be nought in the fleet at rest."""
        self.others.update(fleet.faults())
        self.others["two fetches of one host at a time"] += max(0, fleet.outlets.most_at_once - 1)
        aside = fleet.count("articles_feed where state = 'quarantined' and url not like '%/killer/%'")
        self.others["innocent feeds in quarantine"] += aside
        return self


@contextmanager
def new_fleet(
    n_feeds: int = N_FEEDS,
    n_hosts: int = N_HOSTS,
    delay_s: float = 0.3,
    workers: int = 1,
    beat: bool = True,
    **env: str,
) -> Iterator[Fleet]:
    outlets = Outlets(n_feeds, n_hosts, delay_s=delay_s)
    fleet = Fleet(outlets, **env)
    try:
        for n in range(workers):
            fleet.start_worker(f"worker{n}" if n else "worker")
        if beat:
            fleet.start_beat()
        if workers:
            wait_ready(fleet)
        yield fleet
    finally:
        fleet.end()
        outlets.close()


def times(full: int, share: float) -> int:
    return max(1, round(full * share))


class Publisher:
    """`N_ITEMS` articles in each feed, spread over `n_parts` parts of the run."""

    def __init__(self, fleet: Fleet, chance: random.Random, n_parts: int) -> None:
        turns = [feed for feed in range(fleet.outlets.n_feeds) for _ in range(N_ITEMS)]
        chance.shuffle(turns)
        self.fleet = fleet
        self.parts = [turns[n::n_parts] for n in range(n_parts)]

    def publish_part(self) -> None:
        part = self.parts.pop()
        for feed in part:
            self.fleet.outlets.publish(feed)
        self.fleet.make_due(set(part))


def wait_leased(fleet: Fleet, timeout_s: float = 30) -> bool:
    until = time.monotonic() + timeout_s
    while not fleet.leased():
        if time.monotonic() > until:
            return False
        time.sleep(0.01)
    return True


# --- workers --------------------------------------------------------------------------------------------------------


def kill_children(chance: random.Random, share: float) -> Result:
    return _kill_workers(chance, "kill -9 of a worker's child", times(100, share), _kill_a_child)


def kill_trees(chance: random.Random, share: float) -> Result:
    return _kill_workers(chance, "kill -9 of a whole worker", times(100, share), _kill_a_tree)


def _kill_a_child(fleet: Fleet, chance: random.Random) -> None:
    fleet.kill_child("worker", chance.choice)


def _kill_a_tree(fleet: Fleet, chance: random.Random) -> None:
    fleet.kill("worker")
    fleet.start_worker()


def _kill_workers(
    chance: random.Random, fault: str, n_kills: int, kill: Callable[[Fleet, random.Random], None]
) -> Result:
    n_met = 0
    with new_fleet() as fleet, Watch(fleet) as watch:
        publisher = Publisher(fleet, chance, n_kills)
        for _ in range(n_kills):
            publisher.publish_part()
            fleet.ring()
            wait_leased(fleet)
            time.sleep(chance.uniform(0, 0.6))
            n_met += bool(fleet.leased())
            with watch.killing():
                kill(fleet, chance)
        fleet.wait_all_stored()
        watch.wait_all_resumed()
        result = Result(
            fault, n_kills, watch.slowest_s, said=[f"{n_met} met work, {watch.n_held} leases taken up anew"]
        )
        return result.add(fleet)


def stop_workers(chance: random.Random, share: float) -> Result:
    """SIGTERM: the worker ends within 30 s, and nothing that it was at is lost."""
    n_stops = times(5, share)
    slowest_end = 0.0
    with new_fleet() as fleet, Watch(fleet) as watch:
        publisher = Publisher(fleet, chance, n_stops)
        for _ in range(n_stops):
            publisher.publish_part()
            fleet.ring()
            wait_leased(fleet)
            began = time.monotonic()
            with watch.killing():
                fleet.processes["worker"].send_signal(signal.SIGTERM)
                fleet.processes["worker"].wait(60)
            slowest_end = max(slowest_end, time.monotonic() - began)
            fleet.start_worker()
        fleet.wait_all_stored()
        watch.wait_all_resumed()
        result = Result("SIGTERM of a worker", n_stops, watch.slowest_s, said=[f"ended within {slowest_end:.1f} s"])
        result.others["ended after more than 30 s"] = int(slowest_end > 30)
        return result.add(fleet)


# --- Redis ----------------------------------------------------------------------------------------------------------


def flush(chance: random.Random, share: float) -> Result:
    n_runs = times(10, share)
    slowest = 0.0
    with new_fleet() as fleet:
        publisher = Publisher(fleet, chance, n_runs)
        for _ in range(n_runs):
            publisher.publish_part()
            fleet.ring()
            time.sleep(chance.uniform(0, 0.5))
            fleet.redis().flushall()
            slowest = max(slowest, fleet.wait_all_stored())
        return Result("FLUSHALL of Redis", n_runs, slowest).add(fleet)


def redis_down(chance: random.Random, share: float) -> Result:
    return _redis_away("Redis killed, 60 s down", chance, times(3, share), 60 * min(1, share * 3), _killed)


def redis_full(chance: random.Random, share: float) -> Result:
    return _redis_away("Redis out of memory, 20 s", chance, times(3, share), 20 * min(1, share * 3), _full)


def redis_locked(chance: random.Random, share: float) -> Result:
    return _redis_away("another password in Redis, 20 s", chance, times(3, share), 20 * min(1, share * 3), _locked)


@contextmanager
def _killed(fleet: Fleet) -> Iterator[None]:
    fleet.end_server("valkey", signal.SIGKILL)
    yield
    fleet.start_server("valkey")


@contextmanager
def _full(fleet: Fleet) -> Iterator[None]:
    server = fleet.redis()
    server.set("ballast", b"x" * 8_000_000)
    server.config_set("maxmemory", "5mb")
    yield
    server.config_set("maxmemory", "0")
    server.delete("ballast")


@contextmanager
def _locked(fleet: Fleet) -> Iterator[None]:
    server = fleet.redis()
    server.config_set("requirepass", "another")
    server.execute_command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
    yield
    fleet.redis(password="another").config_set("requirepass", "")


def _redis_away(fault: str, chance: random.Random, n_runs: int, away_s: float, away: Any) -> Result:
    slowest = 0.0
    with new_fleet() as fleet:
        keeper = _keep_alive(fleet)
        with Visitor(fleet) as visitor, keeper:
            publisher = Publisher(fleet, chance, n_runs * 2)
            for _ in range(n_runs):
                publisher.publish_part()
                fleet.ring()
                time.sleep(chance.uniform(0, 0.5))
                with away(fleet):
                    publisher.publish_part()
                    time.sleep(away_s)
                slowest = max(slowest, fleet.wait_all_stored())
        result = Result(fault, n_runs, slowest, said=[f"{visitor.n_pages} pages read meanwhile", *keeper.said])
        result.others["pages that failed"] = sum(visitor.failed.values())
        return result.add(fleet)


class _keep_alive:
    """Starts worker and beat again when they end, as `up` and Compose do, and counts it."""

    def __init__(self, fleet: Fleet) -> None:
        self.fleet, self.n_ended, self._end = fleet, Counter[str](), threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    @property
    def said(self) -> list[str]:
        return [f"{name} ended and was started again {count} times" for name, count in self.n_ended.items()]

    def __enter__(self) -> "_keep_alive":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()

    def _run(self) -> None:
        start = {"worker": self.fleet.start_worker, "beat": self.fleet.start_beat}
        while not self._end.wait(2):
            for name, again in start.items():
                if self.fleet.processes[name].poll() is not None:
                    self.n_ended[name] += 1
                    again()


class Visitor:
    """Reads pages of a web server all the time; notes what was answered with 5xx or not at all."""

    PAGES = ("/timeline/", "/outlets/", "/healthz")

    def __init__(self, fleet: Fleet) -> None:
        self.fleet, self.port = fleet, free_port()
        self.n_pages = 0
        self.failed: Counter[int] = Counter()
        self.last_failed_at = 0.0
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> "Visitor":
        self.fleet.start_web(self.port)
        wait_for(lambda: self.get("/timeline/") == 200, 60)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()

    def get(self, path: str) -> int:
        visitor = http.client.HTTPConnection("127.0.0.1", self.port, timeout=15)
        try:
            visitor.request("GET", path)
            return visitor.getresponse().status
        except OSError:
            return 0
        finally:
            visitor.close()

    def _run(self) -> None:
        while not self._end.wait(0.2):
            for path in self.PAGES:
                status = self.get(path)
                self.n_pages += 1
                if status == 0 or status >= 500:
                    self.failed[status] += 1
                    self.last_failed_at = time.monotonic()


# --- PostgreSQL -----------------------------------------------------------------------------------------------------


def postgres_restart(chance: random.Random, share: float) -> Result:
    """`pg_ctl restart -m immediate`: SIGQUIT, then a start that recovers."""
    n_runs = times(10, share)
    slowest = worst_page = 0.0
    with new_fleet() as fleet:
        publisher = Publisher(fleet, chance, n_runs)
        with Visitor(fleet) as visitor, _keep_alive(fleet) as keeper:
            for _ in range(n_runs):
                publisher.publish_part()
                fleet.ring()
                wait_leased(fleet)
                time.sleep(chance.uniform(0, 0.6))
                fleet.end_server("postgres", signal.SIGQUIT)
                time.sleep(chance.uniform(0, 1))
                fleet.start_server("postgres")
                back = time.monotonic()
                slowest = max(slowest, fleet.wait_all_stored())
                worst_page = max(worst_page, visitor.last_failed_at - back)
        said = [f"pages failed at most {max(0, worst_page):.1f} s after it was back", *keeper.said]
        result = Result("restart -m immediate of PostgreSQL", n_runs, slowest, most_s=15, said=said)
        result.others["pages that failed 15 s after"] = int(worst_page > 15)
        return result.add(fleet)


# --- bells ----------------------------------------------------------------------------------------------------------


def thrice(chance: random.Random, share: float) -> Result:
    """Every bell is delivered three times under one id, and eight processes stand ready for one feed at a time."""
    n_runs = times(20, share)
    with new_fleet(n_feeds=20, n_hosts=5, workers=0) as fleet:
        fleet.start_worker("worker", 8)
        wait_ready(fleet)
        publisher = Publisher(fleet, chance, n_runs)
        for run in range(n_runs):
            publisher.publish_part()
            for _ in range(3):
                fleet.ring(task_id=f"bell-{run}")
            fleet.wait_all_stored()
        n_asked = sum(fleet.outlets.asked.values())
        fetches = fleet.count("articles_fetch")
        result = Result("each bell three times, 8 processes", n_runs, said=[f"{n_asked} requests, {fetches} fetches"])
        result.others["fetches too many"] = n_asked - fetches
        return result.add(fleet)


def two_beats(chance: random.Random, share: float) -> Result:
    n_runs = times(5, share)
    slowest = 0.0
    with new_fleet(workers=2) as fleet:
        fleet.start_beat("beat2")
        publisher = Publisher(fleet, chance, n_runs)
        for _ in range(n_runs):
            publisher.publish_part()
            slowest = max(slowest, fleet.wait_all_stored())
        result = Result("two beats, two workers", n_runs, slowest)
        result.others["fetches too many"] = sum(fleet.outlets.asked.values()) - fleet.count("articles_fetch")
        return result.add(fleet)


def dead_beat(chance: random.Random, share: float) -> Result:
    n_runs = times(3, share)
    slowest = 0.0
    with new_fleet() as fleet:
        fleet.kill("beat")
        publisher = Publisher(fleet, chance, n_runs)
        for _ in range(n_runs):
            publisher.publish_part()
            slowest = max(slowest, fleet.wait_all_stored())
        return Result("beat is dead, nobody rings", n_runs, slowest, said=["workers ring themselves"]).add(fleet)


def paused_beat(chance: random.Random, share: float) -> Result:
    """Beat and worker stand still (SIGSTOP) while an hour of bells falls due; then each feed is asked once."""
    with new_fleet() as fleet:
        Publisher(fleet, chance, 1).publish_part()
        fleet.wait_all_stored()
        for name in ("beat", "worker"):
            for process in fleet.tree(name):
                process.suspend()
        fleet.query("update articles_feed set next_at = now() - interval '1 hour' * random(), interval_s = 900")
        for _ in range(360):
            fleet.ring()
        before = fleet.outlets.asked.copy()
        for name in ("worker", "beat"):
            for process in fleet.tree(name):
                process.resume()
        slowest = fleet.wait_all_stored()
        time.sleep(15)
        again = fleet.outlets.asked - before
        spread = fleet.query("select extract(epoch from max(next_at) - min(next_at)) from articles_feed")[0][0]
        result = Result("beat and worker paused, 360 bells wait", 1, slowest)
        result.said = [f"{sum(again.values())} requests of {N_FEEDS} feeds; their next ones lie {spread:.0f} s apart"]
        result.others["feeds asked twice"] = sum(count > 1 for count in again.values())
        return result.add(fleet)


# --- poison ---------------------------------------------------------------------------------------------------------


def killer(chance: random.Random, share: float) -> Result:
    """Feeds whose reading kills the process: three kills each, then quarantine, beside feeds that go on."""
    n_killers = times(5, share)
    include = ("-I", "crisisboard.tests.faults.killing")
    with new_fleet(workers=0) as fleet:
        fleet.start_worker("worker", 2, *include)
        wait_ready(fleet)
        publisher = Publisher(fleet, chance, 2)
        publisher.publish_part()
        fleet.ring()
        normal_s = fleet.wait_all_stored()
        urls = [f"http://127.0.0.1:{fleet.outlets.ports[n]}/killer/{n}" for n in range(n_killers)]
        fleet.outlets.special = {f"/killer/{n}": b"<rss/>" for n in range(n_killers)}
        fleet.add_feeds(urls)
        fleet.query("update articles_feed set next_at = now() where url = any(%s)", urls)
        publisher.publish_part()
        fleet.ring()
        beside_s = _wait_for_articles(fleet)
        quarantined = "articles_feed where state = 'quarantined' and attempts = 3 and next_at is null"
        began = time.monotonic()
        wait_for(lambda: fleet.count(quarantined) == n_killers, 240)
        took_s = time.monotonic() - began + beside_s
        fleet.wait_all_stored()
        said = [
            f"quarantined after {took_s:.0f} s; the others took {beside_s:.1f} s beside them, {normal_s:.1f} s alone"
        ]
        result = Result("feeds that kill their reader", n_killers, beside_s, said=said)
        starts = fleet.query("select url, n_begun from articles_feed where url like '%/killer/%'")
        result.others["started other than three times"] = sum(count != 3 for _, count in starts)
        return result.add(fleet)


def _wait_for_articles(fleet: Fleet) -> float:
    began = time.monotonic()
    wait_for(lambda: not fleet.missing(), 240)
    return time.monotonic() - began


def bombs(chance: random.Random, share: float) -> Result:
    """Bodies made to keep a parser busy, each a feed, beside sound ones."""
    made = {f"/bomb/{name}": body for name, body in _bombs().items()}
    with new_fleet(n_hosts=N_HOSTS + len(made)) as fleet:
        fleet.outlets.special = made
        urls = [f"http://127.0.0.1:{fleet.outlets.ports[N_HOSTS + n]}{path}" for n, path in enumerate(made)]
        fleet.add_feeds(urls)
        Publisher(fleet, chance, 1).publish_part()
        fleet.query("update articles_feed set next_at = now() where url = any(%s)", urls)
        fleet.ring()
        slowest = _wait_for_articles(fleet)
        wait_for(lambda: fleet.count("articles_feed where next_at <= now() or lease_token is not null") == 0, 240)
        states = dict(fleet.query("select state, count(*) from articles_feed where url like '%/bomb/%' group by 1"))
        result = Result("bodies that keep a parser busy", len(made), slowest, said=[f"bombs: {states}"]).add(fleet)
        result.others["without a reason"] = fleet.count(
            "articles_feed where url like '%/bomb/%' and (state = 'new' or (state <> 'ok' and state_reason = ''))"
        )
        result.others["unasked-for"] = 0  # what a bomb holds beside its charge may well be an article
        return result


def _bombs() -> dict[str, bytes]:
    head, tail = '<?xml version="1.0"?>', "</channel></rss>"
    rss = f"{head}<rss version='2.0'><channel>"
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "x" * 10}">' for n in range(10))
    return {
        "entities": f"{head}<!DOCTYPE rss [{entities}]><rss><channel><title>&e9;</title>{tail}".encode(),
        "nesting": f"{rss}{'<a>' * 200_000}{tail}".encode(),
        "attributes": f"{rss}<item {' '.join(f'a{n}=1' for n in range(100_000))}/>{tail}".encode(),
        "items": f"{rss}{'<item><title>t</title></item>' * 150_000}{tail}".encode(),
        "author": f"{rss}<item><title>t</title><author>{'a@' * 16_000}</author></item>{tail}".encode(),
        "references": f"{rss}<item><title>{'&#x41;' * 700_000}</title></item>{tail}".encode(),
        "markup": f"{rss}<item><title>t</title><description>{'&lt;p&gt;' * 500_000}</description></item>{tail}".encode(),
        "surrogates": f"{rss}<item><title>&#xD800;&#xFFFFFFFF;&#x110000;<b></title></item>".encode(),
    }


RUNS: dict[str, Callable[[random.Random, float], Result]] = {
    "child": kill_children,
    "tree": kill_trees,
    "stop": stop_workers,
    "flush": flush,
    "redis-down": redis_down,
    "redis-full": redis_full,
    "redis-locked": redis_locked,
    "postgres": postgres_restart,
    "thrice": thrice,
    "two-beats": two_beats,
    "dead-beat": dead_beat,
    "paused-beat": paused_beat,
    "killer": killer,
    "bombs": bombs,
}
