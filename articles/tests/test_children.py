"""Feeds and pages are parsed apart: whatever the bytes do, the reader and the next feed go on."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest

from articles.ingest import child, children
from articles.ingest.child import Caps
from articles.ingest.children import NotRead, Pool, apart
from articles.ingest.extract import NotAPage, extract_page
from articles.ingest.feeds import NotAFeed, parse_feed
from articles.ingest.scan import TooComplex
from articles.tests import cast

FEED, URL = cast.rss("Ferry sails", "Port opens"), "https://a.example/feed"
LONG = b"<html><body>" + b"<p>Ferry sails out of the old harbour today." * 45_000  # two seconds of work
LARGE = cast.rss("A" * 4_500_000)


@pytest.fixture
def pool_of() -> Iterator[Callable[..., Pool]]:
    made: list[Pool] = []

    def make(**caps: float) -> Pool:
        made.append(Pool(Caps(**caps)))
        return made[-1]

    yield make
    for pool in made:
        pool.close()


def read(pool: Pool, body: bytes = FEED) -> list[str]:
    return [entry.title for entry in pool.run("parse_feed", body, [[URL], {}]).entries]


def only_child(pool: Pool) -> psutil.Process:
    (one,) = pool.at_rest
    return psutil.Process(one.process.pid)


def test_apart_is_the_same_as_here() -> None:
    assert apart(parse_feed, FEED, URL) == parse_feed(FEED, URL)
    page = b'<html lang="en"><h1>Ferry sails</h1>' + b"<p>It left the old harbour in the morning.</p>" * 9
    assert apart(extract_page, page, url=URL) == extract_page(page, URL)


@pytest.mark.parametrize(
    ("work", "body", "error"), [(parse_feed, b"", NotAFeed), (extract_page, b"<p>" * 150_000, NotAPage)]
)
def test_errors_keep_their_names(work: Callable[..., object], body: bytes, error: type[Exception]) -> None:
    with pytest.raises(error) as here:
        work(body, URL)
    with pytest.raises(error, match=str(here.value)):
        apart(work, body, URL)


def test_a_child_is_kept_for_the_next_feed(pool_of: Callable[..., Pool]) -> None:
    pool = pool_of()
    read(pool)
    first = only_child(pool).pid
    assert read(pool) == ["Ferry sails", "Port opens"] and only_child(pool).pid == first


def test_two_threads_have_two_children_and_a_third_waits(pool_of: Callable[..., Pool]) -> None:
    pool = pool_of()
    with ThreadPoolExecutor(6) as threads:
        assert list(threads.map(lambda _: read(pool), range(30))) == [["Ferry sails", "Port opens"]] * 30
    assert 1 <= len(pool.at_rest) <= children.AT_ONCE


@pytest.mark.parametrize(
    ("caps", "work", "body", "why"),
    [
        ({"cpu_s": 0}, "extract_page", LONG, "too complex: more than 0 s of work"),
        ({"wall_s": 0.2}, "extract_page", LONG, "too complex: not read within 0.2 s"),
        ({"memory": 60_000_000}, "parse_feed", LARGE, "too complex: more than 60 MB of memory"),
    ],
    ids=["processor", "clock", "memory"],
)
def test_work_without_end_is_ended_and_the_next_feed_is_read(
    pool_of: Callable[..., Pool], caps: dict[str, float], work: str, body: bytes, why: str
) -> None:
    pool = pool_of(**caps)
    with pytest.raises(TooComplex) as refused:
        pool.run(work, body, [[URL], {}])
    assert str(refused.value).startswith(why)
    assert read(pool) == ["Ferry sails", "Port opens"]


def test_the_next_feed_need_not_wait_for_a_new_child(
    pool_of: Callable[..., Pool], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(children, "SOON_S", 0.05)
    pool = pool_of(wall_s=3)
    read(pool)
    only_child(pool).send_signal(signal.SIGSTOP)
    with pytest.raises(TooComplex):
        read(pool)
    began = time.monotonic()
    assert read(pool) and time.monotonic() - began < 1


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV])
def test_a_child_that_was_killed_costs_no_feed(pool_of: Callable[..., Pool], number: signal.Signals) -> None:
    pool = pool_of()
    read(pool)
    only_child(pool).send_signal(number)
    only_child(pool).wait(5)
    assert read(pool) == ["Ferry sails", "Port opens"]


def test_bytes_that_break_two_children_are_too_complex(
    pool_of: Callable[..., Pool], monkeypatch: pytest.MonkeyPatch
) -> None:
    pool, begin = pool_of(), children._Child.begin

    def killed(one: children._Child, *work: object) -> bool:
        soon = begin(one, *work)
        one.process.send_signal(signal.SIGSEGV)
        one.process.wait()
        one.wire.recv(1 << 20)
        return soon

    monkeypatch.setattr(children._Child, "begin", killed)
    with pytest.raises(TooComplex, match="too complex: its reading broke off twice"):
        read(pool)


def test_a_child_ends_with_its_parent(pool_of: Callable[..., Pool]) -> None:
    pool = pool_of()
    read(pool)
    orphan = only_child(pool)
    pool.at_rest[0].wire.close()
    assert orphan.wait(5) == 0


def test_a_child_holds_no_secret_and_no_language_parser(
    pool_of: Callable[..., Pool], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_KEY", "x" * 40)
    pool = pool_of()
    read(pool)
    assert "SECRET_KEY" not in only_child(pool).environ()
    loaded = {mapped.path for mapped in only_child(pool).memory_maps()}
    assert not [path for path in loaded if "numpy" in path or "spacy" in path or "psycopg" in path]
    assert only_child(pool).memory_info().rss < 80_000_000


def test_a_forked_process_leaves_the_children_to_its_parent(pool_of: Callable[..., Pool]) -> None:
    apart(parse_feed, FEED, URL)
    before = [one.process.pid for one in children.POOL.at_rest]
    pid = os.fork()
    if pid == 0:
        os._exit(0 if not children.POOL.at_rest and apart(parse_feed, FEED, URL) == parse_feed(FEED, URL) else 1)
    assert os.waitpid(pid, 0)[1] == 0
    assert apart(parse_feed, FEED, URL) and [one.process.pid for one in children.POOL.at_rest] == before


def test_only_known_work_is_done_apart() -> None:
    with pytest.raises(ValueError, match="no work that is done apart"):
        apart(len, b"")


def test_a_fault_of_ours_is_not_the_feed_s(pool_of: Callable[..., Pool], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(children.sys, "executable", "/bin/false")
    with pytest.raises(NotRead, match="does not start"):
        read(pool_of())


@pytest.mark.parametrize("event", ["socket.connect", "subprocess.Popen", "os.fork", "os.system"])
def test_a_child_may_neither_connect_nor_start_anything(event: str) -> None:
    with pytest.raises(PermissionError, match=event):
        child._stay_inside(event, ())


# --- hostile sets ---------------------------------------------------------------------------------------------------

MOST_MB = 512
SOME = ("billion_laughs", "deep_html_in_item", "comment_flood", "url_huge")


@pytest.mark.corpora
@pytest.mark.parametrize("name", SOME)
def test_a_bomb_of_the_set_costs_one_feed_alone(bombs: dict[str, Callable[[], bytes]], name: str) -> None:
    blow(name, bombs[name]())


@pytest.mark.slow
@pytest.mark.corpora
def test_every_bomb_of_the_set_costs_one_feed_alone(bombs: dict[str, Callable[[], bytes]]) -> None:
    print()
    for name, bomb in bombs.items():
        if name not in {"gzip_bomb", "deflate_bomb", "brotli_bomb", "gzip_valid_feed_padding"}:  # the door's
            blow(name, bomb())


def blow(name: str, body: bytes) -> None:
    for work in (parse_feed, extract_page):
        apart(parse_feed, FEED, URL)  # a child is ready
        began, ending = time.monotonic(), "read"
        with watched_peak() as peak:
            try:
                apart(work, body, URL)
            except (NotAFeed, NotAPage, TooComplex) as refused:
                ending = str(refused)
        wall_s, began = time.monotonic() - began, time.monotonic()
        apart(parse_feed, FEED, URL)
        next_s = time.monotonic() - began
        print(f"{name} {work.__name__}: {wall_s:.2f} s, {peak[0]} MB, next {next_s:.2f} s: {ending[:70]}")
        assert wall_s <= 15 and next_s <= 1 and peak[0] <= MOST_MB


@contextmanager
def watched_peak() -> Iterator[list[int]]:
    """The most memory (MB) that any child has had, looked at every 20 ms: one that is killed cannot be asked."""
    peak, is_over = [0], threading.Event()

    def look() -> None:
        for one in list(children.POOL._all):
            with suppress(OSError, ValueError, StopIteration):
                lines = Path(f"/proc/{one.process.pid}/status").read_text().splitlines()
                peak[0] = max(peak[0], next(int(x.split()[1]) // 1000 for x in lines if x.startswith("VmHWM")))

    def look_again_and_again() -> None:
        while not is_over.wait(0.02):
            look()

    looking = threading.Thread(target=look_again_and_again)
    looking.start()
    try:
        yield peak
    finally:
        is_over.set()
        looking.join()
        look()
