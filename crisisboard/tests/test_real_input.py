"""The main job on real input: captured feeds served from loopback, taken in by beat and the worker, shown on the board.

Slow: `make real` runs it and prints the figures. It fails when an entry is lost or doubled, not when a figure is small.
"""

import gzip
import http.server
import os
import shutil
import threading
import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from xml.sax.saxutils import quoteattr

import feedparser
import pytest

from crisisboard.tests.running import RunningBoard, free_port, manage, wait_for
from crisisboard.tests.servers import new_folder

CORPORA = os.environ.get("CRISISBOARD_CORPORA", "")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.corpora,
    pytest.mark.skipif(not CORPORA, reason="CRISISBOARD_CORPORA is not set: no real input to read"),
]

FRESH = """<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>Fresh</title><link>http://x.example/</link>
<item><title>Israel strikes Iran nuclear site at Natanz</title><link>https://fresh.example/{n}</link><guid>fresh-{n}</guid>
<description>Israel attacked Iran on Friday, the Israeli military said.</description><pubDate>{when}</pubDate></item>
</channel></rss>"""


class FeedServer:
    """Serves every captured feed under its own path, with ETags, and one more that a test can change."""

    def __init__(self, folder: Path) -> None:
        self.bodies = {
            f"/{path.name.removesuffix('.gz')}": gzip.decompress(path.read_bytes()) for path in _feeds(folder)
        }
        self.n_requests = 0
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.n_requests += 1
                body = outer.bodies.get(self.path)
                etag = f'"{sha256(body or b"").hexdigest()[:16]}"'
                status = 404 if body is None else 304 if self.headers.get("If-None-Match") == etag else 200
                self.send_response(status)
                self.send_header("ETag", etag)
                if status == 200 and body is not None:
                    kind = "application/json" if self.path.endswith(".json") else "application/xml"
                    self.send_header("Content-Type", kind)
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)
                else:
                    self.end_headers()

            def log_message(self, *args: object) -> None:
                return

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server.server_port}"

    def opml(self, path: Path) -> Path:
        lines = (f'<outline type="rss" xmlUrl={quoteattr(f"http://{self.host}{name}")}/>' for name in self.bodies)
        path.write_text(f'<opml version="2.0"><head/><body>{"".join(lines)}</body></opml>')
        return path


@pytest.fixture(scope="module")
def feeds() -> Iterator[FeedServer]:
    server = FeedServer(Path(CORPORA) / "real" / "feeds")
    yield server
    server.server.shutdown()


@pytest.fixture(scope="module")
def board(feeds: FeedServer) -> Iterator[RunningBoard]:
    folder = new_folder()
    folder.chmod(0o755)
    running = RunningBoard(folder / "board", PORT=str(free_port()), FETCH_TEST_PERMIT=feeds.host).wait_up()
    yield running
    running.end()
    shutil.rmtree(folder, ignore_errors=True)


def test_it_takes_captured_feeds_in(board: RunningBoard, feeds: FeedServer, tmp_path: Path) -> None:
    permit = {"FETCH_TEST_PERMIT": feeds.host}
    began = time.monotonic()
    manage(board.data, "import_opml", str(feeds.opml(tmp_path / "feeds.opml")), **permit)
    n_feeds = len(feeds.bodies)
    fetched = (
        f"select count(*) >= {n_feeds} from articles_feed where fetched_at is not null and url like '%{feeds.host}%'"
    )
    wait_for(lambda: board.query(fetched) == [(True,)], 240)
    n_articles = _count(board, "articles_article")
    print(f"\n{n_feeds} feeds, {n_articles} articles after {time.monotonic() - began:.0f} s")
    wait_for(
        lambda: _count(board, "timeline_reading where finished_at is not null") >= _count(board, "articles_article"),
        900,
    )
    _print_figures(board, began)
    _check_counts(board, feeds)


def test_it_shows_a_change_soon(board: RunningBoard, feeds: FeedServer) -> None:
    permit = {"FETCH_TEST_PERMIT": feeds.host}
    feeds.bodies["/fresh.xml"] = FRESH.format(n=0, when="Fri, 13 Jun 2025 08:00:00 GMT").encode()
    manage(board.data, "add_feed", f"http://{feeds.host}/fresh.xml", **permit)
    ours = (
        "timeline_evidence e join articles_article a on a.id = e.article_id where a.url = 'https://fresh.example/{n}'"
    )
    wait_for(lambda: _count(board, ours.format(n=0)) > 0, 120)
    seconds = []
    for n in range(1, 6):
        feeds.bodies["/fresh.xml"] = FRESH.format(n=n, when=f"Fri, 13 Jun 2025 {8 + n:02d}:00:00 GMT").encode()
        board.query("update articles_feed set next_at = now() where url like '%/fresh.xml'")
        changed = time.monotonic()
        wait_for(lambda n=n: _count(board, ours.format(n=n)) > 0, 120)
        seconds.append(time.monotonic() - changed)
    print(f"\nfeed changed and due → event on the page: {' '.join(f'{s:.1f}' for s in seconds)} s")
    assert board.get("/timeline/") == 200


def _feeds(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.gz"))


def _count(board: RunningBoard, table: str) -> int:
    return int(str(board.query(f"select count(*) from {table}")[0][0]))


def _print_figures(board: RunningBoard, began: float) -> None:
    n_articles, n_events = _count(board, "articles_article"), _count(board, "timeline_event where retracted_at is null")
    outcomes = dict(board.query("select outcome, count(*) from timeline_reading group by outcome order by 2 desc"))
    states = dict(board.query("select state, count(*) from articles_feed where fetched_at is not null group by state"))
    without = n_articles - int(str(outcomes.get("coded", 0)))
    print(
        f"{n_articles} articles, {n_events} events, {without / n_articles:.0%} of the articles yield none, "
        f"all read after {time.monotonic() - began:.0f} s\nreadings: {outcomes}\nfeeds: {states}"
    )
    for state, reason, url in board.query(
        "select state, state_reason, url from articles_feed where state not in ('ok', 'new', 'not-modified') order by 1"
    ):
        print(f"  {state}: {reason} ({str(url).rsplit('/', 1)[-1]})")


def _check_counts(board: RunningBoard, feeds: FeedServer) -> None:
    """Every entry that feedparser sees was stored, known already, or set aside with a reason."""
    rows = board.query(
        "select f.url, sum(n_entries), sum(n_stored + n_duplicate + n_broken) from articles_fetch h join"
        " articles_feed f on f.id = h.feed_id where h.n_entries > 0 group by f.url"
    )
    accounted = {str(url).rsplit("/", 1)[-1]: (int(str(n)), int(str(known))) for url, n, known in rows}
    assert [name for name, (n_entries, n_known) in accounted.items() if n_entries != n_known] == []
    expected = {name[1:]: len(feedparser.parse(body).entries) for name, body in feeds.bodies.items()}
    found = {name: accounted.get(name, (0, 0))[0] for name in expected}
    short = {name: (n, found[name]) for name, n in expected.items() if n > found[name]}
    print(f"entries: feedparser {sum(expected.values())}, accounted {sum(found.values())}; short: {short}")
    assert _count(board, "(select url_sha256 from articles_article group by 1 having count(*) > 1) d") == 0
