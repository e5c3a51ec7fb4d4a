"""Feeds parsed apart, in a child, beside the same feeds parsed here; both must read the same. Pure."""

import gzip
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import psutil

from articles.ingest.children import Pool
from articles.ingest.feeds import NotAFeed, parse_feed
from articles.ingest.records import ParsedFeed

URL = "https://courier.example/feed"
Parse = Callable[[bytes], ParsedFeed | str]


@dataclass(frozen=True, slots=True)
class Run:
    """Seconds of the processor (children included) and of the clock."""

    cpu_s: float
    wall_s: float

    @property
    def in_words(self) -> str:
        return f"{self.cpu_s:.2f} CPU s, {self.wall_s:.2f} s"


def own_feeds(n_feeds: int = 200, n_entries: int = 20) -> list[bytes]:
    """Ordinary feeds of about 10 kB: a headline, a link, a day and two sentences an entry."""
    text = "&lt;p&gt;The ferry left the old harbour at &lt;b&gt;noon&lt;/b&gt;, the port said. Talks go on.&lt;/p&gt;"
    feeds = []
    for feed in range(n_feeds):
        items = "".join(
            f"<item><title>Ferry {feed}.{n} sails &amp;amp; returns</title><link>https://courier.example/{feed}/{n}</link>"
            f"<guid>{feed}-{n}</guid><pubDate>Fri, 13 Jun 2025 {n % 24:02d}:00:00 GMT</pubDate>"
            f"<description>{text * 2}</description></item>"
            for n in range(n_entries)
        )
        head = "<title>The Courier</title><link>https://courier.example/</link><language>en</language>"
        feeds.append(f'<?xml version="1.0"?><rss version="2.0"><channel>{head}{items}</channel></rss>'.encode())
    return feeds


def feeds_of(folder: Path) -> list[bytes]:
    """Captured feeds, packed by gzip or not."""
    files = sorted(path for path in folder.iterdir() if path.is_file())
    return [gzip.decompress(p.read_bytes()) if p.suffix == ".gz" else p.read_bytes() for p in files]


def bench_parsing(feeds: Sequence[bytes], rounds: int = 3) -> Iterator[str]:
    """Lines for people. Raises AssertionError when a child reads another thing than we do."""
    n_kb = sum(map(len, feeds)) // 1000
    yield f"{len(feeds)} feeds, {n_kb} kB, {rounds} rounds"
    pool, ratios = Pool(), []
    try:
        if [_here(feed) for feed in feeds] != [_apart(pool)(feed) for feed in feeds]:
            raise AssertionError("a child read another thing")
        for _ in range(rounds):
            here, apart = _timed(_here, feeds, pool), _timed(_apart(pool), feeds, pool)
            ratios.append(apart.cpu_s / here.cpu_s)
            yield f"here {here.in_words}; apart {apart.in_words}: {ratios[-1]:.3f} times the CPU"
        began = time.perf_counter()
        _apart(Pool())(feeds[0])
        yield f"a child for one feed alone: {time.perf_counter() - began:.2f} s"
        yield f"CPU of parsing apart, here = 1: {median(ratios):.3f} (median); both read the same"
    finally:
        pool.close()


def _here(feed: bytes) -> ParsedFeed | str:
    try:
        return parse_feed(feed, URL)
    except NotAFeed as error:
        return str(error)


def _apart(pool: Pool) -> Parse:
    def parse(feed: bytes) -> ParsedFeed | str:
        try:
            found: ParsedFeed = pool.run("parse_feed", feed, [[URL], {}])
        except NotAFeed as error:
            return str(error)
        return found

    return parse


def _timed(parse: Parse, feeds: Sequence[bytes], pool: Pool) -> Run:
    cpu_s, began = _cpu_s(pool), time.perf_counter()
    for feed in feeds:
        parse(feed)
    return Run(_cpu_s(pool) - cpu_s, time.perf_counter() - began)


def _cpu_s(pool: Pool) -> float:
    times = [psutil.Process(child.process.pid).cpu_times() for child in pool.at_rest]
    return time.process_time() + sum(spent.user + spent.system for spent in times)
