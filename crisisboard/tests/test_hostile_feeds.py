"""A whole board on hostile feeds, under the oracle of Python's audit events: `make faults`."""

import gzip
import shutil
from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import quoteattr

import pytest

from articles.tests import cast
from articles.tests.loopback import Loopback, redirect, reply
from articles.tests.watching import Canary, Oracle
from crisisboard.tests.running import RunningBoard, free_port, manage, wait_for
from crisisboard.tests.servers import new_folder

pytestmark = pytest.mark.slow
XXE = """<!DOCTYPE rss SYSTEM "{to}" [<!ENTITY x SYSTEM "file:///etc/passwd"><!ENTITY y SYSTEM "{to}">]>"""
N_GOOD = 5


def answers(canary: Canary) -> dict[str, tuple[bytes, str]]:
    """By name: what a feed answers with, and the beginning of the reason that it must show."""
    to = f"http://127.0.0.1:{canary.port}/"
    nothing, feed = "", cast.rss("Ferry sails", host="https://kept.example")
    good = {f"good {n}": (reply(cast.rss("Ferry", host=f"https://good{n}.example")), nothing) for n in range(N_GOOD)}
    return good | {
        "deep": (reply(b"<rss>" + b"<a>" * 300_000), "too complex: elements stand"),
        "tags": (reply(b"<rss>" + b"<a></a>" * 100_000), "too complex: more than 100,000 tags"),
        "gzip bomb": (reply(gzip.compress(b"\0" * 64_000_000), Content_Encoding="gzip"), "body too large"),
        "gzip twice": (reply(b"", Content_Encoding="gzip, gzip"), "content encoding refused"),
        "references": (reply(feed.replace(b"Ferry", b"&" * 990_000)), nothing),
        "entities": (reply(feed.replace(b"<rss", XXE.format(to=to).encode() + b"<rss")), nothing),
        "to loopback": (redirect(to), "address not on the public internet: 127.0.0.1 "),
        "to IPv6": (redirect(f"http://[::1]:{canary.port}/"), "address not on the public internet: [::1] "),
        "to metadata": (redirect("http://169.254.169.254/"), "address not on the public internet"),
        "to a file": (redirect("file:///etc/passwd"), "not a fetchable web address"),
    }  # fmt: skip


@pytest.fixture
def canary() -> Iterator[Canary]:
    made = Canary()
    yield made
    made.close()


@pytest.fixture
def servers(canary: Canary) -> Iterator[dict[str, Loopback]]:
    made = {name: Loopback({"/feed": answer}) for name, (answer, _) in answers(canary).items()}
    yield made
    for server in made.values():
        server.close()


def test_hostile_feeds_cost_themselves_alone(servers: dict[str, Loopback], canary: Canary, tmp_path: Path) -> None:
    folder, port, hosts = new_folder(), free_port(), [server.host for server in servers.values()]
    folder.chmod(0o755)
    oracle, permit = Oracle(tmp_path, [*hosts, f"127.0.0.1:{port}"]), {"FETCH_TEST_PERMIT": ",".join(hosts)}
    proxies = {name: f"http://127.0.0.1:{canary.port}" for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")}
    board = RunningBoard(folder / "board", PORT=str(port), **permit, **proxies, **oracle.env).wait_up()
    try:
        worker = board.children()["worker"].pid
        manage(board.data, "import_opml", str(opml(tmp_path / "feeds.opml", servers)), **permit)
        unread = "select count(*) from articles_feed where url like 'http://127.0.0.1:%' and fetched_at is null"
        wait_for(lambda: board.query(unread) == [(0,)], 90)
        reasons = dict(board.query("select url, state_reason from articles_feed where url like 'http://127.0.0.1:%'"))
        kept = "select count(*) from articles_article where url like 'https://good%' or url like 'https://kept%'"
        wait_for(lambda: int(str(board.query(kept)[0][0])) >= N_GOOD + 1, 30)
        assert board.children()["worker"].pid == worker
    finally:
        board.end()
        shutil.rmtree(folder, ignore_errors=True)
    shown = {name: str(reasons[server.url()]) for name, server in servers.items()}
    print("\n" + "\n".join(f"{name}: {reason or 'read'}" for name, reason in shown.items()))
    assert all(shown[name].startswith(reason) for name, (_, reason) in answers(canary).items())
    connects = oracle.said("connect")
    assert canary.hits == 0 and set(hosts) <= set(connects) <= {*hosts, f"127.0.0.1:{port}"}
    assert any("articles.ingest.child" in said for said in oracle.said("start")) and oracle.said("open") == []


def opml(path: Path, servers: dict[str, Loopback]) -> Path:
    lines = "".join(f'<outline type="rss" xmlUrl={quoteattr(server.url())}/>' for server in servers.values())
    path.write_text(f'<opml version="2.0"><head/><body>{lines}</body></opml>')
    return path
