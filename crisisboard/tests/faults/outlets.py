"""Outlets on loopback: feeds of our own writing, each host a port of its own, and a note of what they are asked."""

import asyncio
import random
import threading
from collections import Counter
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from hashlib import sha256

START = datetime(2025, 6, 13, 6, tzinfo=UTC)
WORDS = (
    "ferry", "harbour", "council", "budget", "ministers", "delegation", "talks", "bridge", "strike", "inquiry", "envoy",
    "protest", "border", "market", "court", "ruling", "appeal", "convoy", "shipment", "sanctions", "hearing", "report",
    "survey", "flood", "rescue", "power", "water", "school", "hospital", "road",
)  # fmt: skip
ITEM = (
    "<item><title>{title}</title><link>{url}</link><guid isPermaLink='false'>{guid}</guid><pubDate>{when}</pubDate>"
    "<description>{text}</description></item>"
)
RSS = (
    '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>Outlet {n}</title>{items}</channel></rss>'
)


class Outlets:
    """`n_feeds` feeds spread over `n_hosts` hosts. What was published is known: `expected` holds every address."""

    def __init__(self, n_feeds: int, n_hosts: int, *, delay_s: float = 0.0, words: int = 30, seed: int = 1) -> None:
        self.n_feeds, self.n_hosts, self.delay_s, self.words = n_feeds, n_hosts, delay_s, words
        self.random = random.Random(seed)
        self.n_published = [0] * n_feeds
        self.bodies: dict[int, tuple[str, bytes]] = {}
        self.special: dict[str, bytes] = {}  # by path: hostile bodies
        self.ports: list[int] = []
        self.asked: Counter[int] = Counter()  # by feed
        self.open: Counter[int] = Counter()  # by port
        self.most_at_once = 0
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, daemon=True).start()
        asyncio.run_coroutine_threadsafe(self._start(), self._loop).result(60)

    @property
    def permit(self) -> str:
        return ",".join(f"127.0.0.1:{port}" for port in self.ports)

    @property
    def expected(self) -> set[str]:
        return {address(feed, n) for feed, count in enumerate(self.n_published) for n in range(count)}

    def url(self, feed: int) -> str:
        return f"http://127.0.0.1:{self.ports[feed % self.n_hosts]}/feed/{feed}"

    def publish(self, feed: int, n_items: int = 1) -> None:
        self.n_published[feed] += n_items
        self.bodies.pop(feed, None)

    def body(self, feed: int) -> tuple[str, bytes]:
        """ETag and bytes. Items are the same whenever they are asked for."""
        if feed not in self.bodies:
            items = "".join(self._item(feed, n) for n in reversed(range(self.n_published[feed])))
            made = RSS.format(n=feed, items=items).encode()
            self.bodies[feed] = (f'"{sha256(made).hexdigest()[:16]}"', made)
        return self.bodies[feed]

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)

    def _item(self, feed: int, n: int) -> str:
        seeded = random.Random(f"{feed} {n}")
        title = f"{' '.join(seeded.choices(WORDS, k=6)).capitalize()} {feed}-{n}"
        when = format_datetime(START + timedelta(minutes=n, seconds=feed % 60))
        text = " ".join(seeded.choices(WORDS, k=self.words))
        return ITEM.format(title=title, url=address(feed, n), guid=f"{feed}-{n}", when=when, text=text)

    async def _start(self) -> None:
        for _ in range(self.n_hosts):
            server = await asyncio.start_server(self._serve, "127.0.0.1", 0, backlog=64)
            self.ports.append(server.sockets[0].getsockname()[1])

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        port = writer.get_extra_info("sockname")[1]
        self.open[port] += 1
        self.most_at_once = max(self.most_at_once, self.open[port])
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            if self.delay_s:
                await asyncio.sleep(self.random.uniform(0, self.delay_s))
            writer.write(self._answer(head))
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            self.open[port] -= 1
            writer.close()

    def _answer(self, head: str) -> bytes:
        path = head.split(" ", 2)[1]
        if path in self.special:
            return _reply(200, self.special[path])
        feed = int(path.rpartition("/")[2])
        self.asked[feed] += 1
        etag, body = self.body(feed)
        if f"if-none-match: {etag}" in head.lower():
            return _reply(304, b"", etag)
        return _reply(200, body, etag)


def address(feed: int, n: int) -> str:
    return f"https://outlet{feed}.example/{n}"


def _reply(status: int, body: bytes, etag: str = "") -> bytes:
    lines = [f"HTTP/1.1 {status} Said", f"Content-Length: {len(body)}", "Content-Type: application/rss+xml"]
    lines += [f"ETag: {etag}"] if etag else []
    return "\r\n".join([*lines, "Connection: close"]).encode() + b"\r\n\r\n" + body
