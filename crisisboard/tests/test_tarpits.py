"""Fifty feeds that answer a byte at a time beside fifty good ones: `make faults`."""

import asyncio
import shutil
import threading
import time
from collections import Counter
from collections.abc import Iterator
from xml.sax.saxutils import quoteattr

import pytest

from crisisboard.tests.running import RunningBoard, free_port, manage, wait_for
from crisisboard.tests.servers import new_folder

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]
N_EACH = 50
FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>Good</title><link>http://good.example/</link>
<item><title>Report {n}</title><link>https://good.example/{n}</link><guid>good-{n}</guid></item></channel></rss>"""


class Servers:
    """`N_EACH` servers that answer and as many that drip, each on a port of its own."""

    def __init__(self) -> None:
        self.good: list[int] = []
        self.tarpits: list[int] = []
        self.open: Counter[int] = Counter()
        self.most_at_once = 0
        self.loop = asyncio.new_event_loop()
        threading.Thread(target=self.loop.run_forever, daemon=True).start()
        asyncio.run_coroutine_threadsafe(self._start(), self.loop).result(30)

    @property
    def hosts(self) -> list[str]:
        return [f"127.0.0.1:{port}" for pair in zip(self.tarpits, self.good, strict=True) for port in pair]

    async def _start(self) -> None:
        for number in range(N_EACH):
            for ports, is_good in ((self.tarpits, False), (self.good, True)):
                server = await asyncio.start_server(self._handler(number, is_good), "127.0.0.1", 0)
                ports.append(server.sockets[0].getsockname()[1])

    def _handler(self, number: int, is_good: bool) -> object:
        async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            port = writer.get_extra_info("sockname")[1]
            self.open[port] += 1
            self.most_at_once = max(self.most_at_once, self.open[port])
            try:
                await reader.readuntil(b"\r\n\r\n")
                await (self._answer(writer, number) if is_good else self._drip(writer))
            except (ConnectionError, asyncio.IncompleteReadError):
                pass
            finally:
                self.open[port] -= 1
                writer.close()

        return handle

    async def _answer(self, writer: asyncio.StreamWriter, number: int) -> None:
        body = FEED.format(n=number).encode()
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nContent-Length: %d\r\n\r\n" % len(body))
        writer.write(body)
        await writer.drain()

    async def _drip(self, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        for _ in range(400):
            writer.write(b" ")
            await writer.drain()
            await asyncio.sleep(0.5)


@pytest.fixture
def servers() -> Iterator[Servers]:
    servers = Servers()
    yield servers
    servers.loop.call_soon_threadsafe(servers.loop.stop)


@pytest.fixture
def board(servers: Servers) -> Iterator[RunningBoard]:
    folder = new_folder()
    folder.chmod(0o755)
    permit = ",".join(servers.hosts)
    running = RunningBoard(folder / "board", PORT=str(free_port()), FETCH_TEST_PERMIT=permit).wait_up()
    yield running
    running.end()
    shutil.rmtree(folder, ignore_errors=True)


def test_it_reads_good_feeds_beside_fifty_tarpits(board: RunningBoard, servers: Servers) -> None:
    opml = board.data.parent / "feeds.opml"
    lines = "".join(f'<outline type="rss" xmlUrl={quoteattr(f"http://{host}/feed")}/>' for host in servers.hosts)
    opml.write_text(f'<opml version="2.0"><head/><body>{lines}</body></opml>')
    manage(board.data, "import_opml", str(opml), FETCH_TEST_PERMIT=",".join(servers.hosts))
    began = time.monotonic()
    wait_for(lambda: _count(board, "url like 'https://good.example/%'") == N_EACH, 90)
    good_s = time.monotonic() - began
    failing = "select count(*) from articles_feed where state = 'failing' and state_reason like '%took too long%'"
    wait_for(lambda: board.query(failing) == [(N_EACH,)], 120)
    print(f"\n{N_EACH} good feeds read {good_s:.0f} s after import, all tarpits given up after", end=" ")
    print(f"{time.monotonic() - began:.0f} s; at most {servers.most_at_once} fetch at a time of one host")
    assert servers.most_at_once == 1


def _count(board: RunningBoard, where: str) -> int:
    return int(str(board.query(f"select count(*) from articles_article where {where}")[0][0]))
