"""The guard around browser tests sees what it must see: a guard that cannot fail guards nothing."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from playwright.sync_api import Page

PAGES = {
    "/own": b"<title>own</title><img src='/picture'>",
    "/outside": b"<img src='http://192.0.2.1/picture'><script src='http://example.org/x.js'></script>",
    "/policy": b"<script>document.title = 'ran'</script>",
    "/error": b"<script>undefinedName()</script>",
}


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        if self.path == "/policy":
            self.send_header("Content-Security-Policy", "script-src 'self'")
        self.end_headers()
        self.wfile.write(PAGES.get(self.path, b""))

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_it_lets_a_page_load_its_own_things(site: str, page: Page, browser_faults: list[str]) -> None:
    page.goto(f"{site}/own")
    assert page.title() == "own"
    assert browser_faults == []


@pytest.mark.parametrize(
    ("path", "count", "words"),
    [
        ("/outside", 2, "asked another origin"),
        ("/policy", 1, "Content Security Policy"),
        ("/error", 1, "undefinedName"),
    ],
)
def test_it_notices(site: str, page: Page, browser_faults: list[str], path: str, count: int, words: str) -> None:
    page.goto(f"{site}{path}")
    page.wait_for_timeout(50)
    noticed = browser_faults.copy()
    browser_faults.clear()
    assert len(noticed) == count and all(words in text for text in noticed)
