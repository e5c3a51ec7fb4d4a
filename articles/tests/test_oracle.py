"""What Python's own audit events say about a fetch: no connection but to the permitted server, no file of the host.

Fetching and parsing run as a program of their own, as in a worker; canaries listen on other ports of this machine.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from articles.tests.loopback import Loopback, redirect, reply
from articles.tests.watching import ORACLE, Canary, Oracle


@dataclass
class Ran:
    """`endings` of each address in turn; `outside`: connections tried elsewhere than at the server; `opened` files."""

    endings: list[str]
    outside: list[str]
    opened: list[str]
    n_inside: int


@pytest.fixture
def canary() -> Iterator[Canary]:
    made = Canary()
    yield made
    made.close()


@pytest.fixture
def read_all(outlet_server: Loopback, canary: Canary, tmp_path: Path) -> object:
    def run(urls: list[str]) -> Ran:
        oracle = Oracle(tmp_path, [outlet_server.host])
        names = ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY")
        env = {name: f"http://127.0.0.1:{canary.port}" for name in names}
        done = subprocess.run(
            [sys.executable, str(ORACLE / "read_all.py")], text=True, capture_output=True, timeout=240,
            env=os.environ | env | oracle.env | {"FETCH_TEST_PERMIT": outlet_server.host},
            input="".join(json.dumps(url) + "\n" for url in urls),
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert any("articles.ingest.child" in said for said in oracle.said("start")), "children are watched, too"
        connects = oracle.said("connect")
        outside = [where for where in connects if where != outlet_server.host]
        endings = [json.loads(line) for line in done.stdout.splitlines()]
        return Ran(endings, outside, oracle.said("open"), len(connects) - len(outside))

    return run


def test_the_oracle_sees_and_refuses_what_is_not_permitted(canary: Canary, tmp_path: Path) -> None:
    oracle = Oracle(tmp_path, [])
    code = f"import socket\nopen('/etc/passwd')\nsocket.create_connection(('127.0.0.1', {canary.port}))"
    done = subprocess.run([sys.executable, "-c", code], env=os.environ | oracle.env, capture_output=True, text=True)
    assert "PermissionError" in done.stderr and canary.hits == 0
    assert (oracle.said("open"), oracle.said("connect")) == (["/etc/passwd"], [f"127.0.0.1:{canary.port}"])


FEED_HEAD = """<?xml version="1.0"?><?xml-stylesheet type="text/xsl" href="{to}"?><!DOCTYPE rss SYSTEM "{to}" [
<!ENTITY x SYSTEM "file:///etc/passwd"><!ENTITY y SYSTEM "{to}"><!ENTITY % z SYSTEM "{to}"> %z;]>"""
FEED = """<rss version="2.0" xml:base="{to}" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>&x;&y;</title>
<link>{to}</link><atom:link rel="self" href="{to}"/><atom:link rel="hub" href="{to}"/><docs>{to}</docs>
<image><url>{to}</url></image><cloud domain="127.0.0.1" port="9" path="/" protocol="http-post"/>
<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/>
<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{to}"/>
<item><title>kept &x; &y;</title><link>{to}</link><enclosure url="{to}" type="audio/mpeg" length="1"/>
<source url="{to}">a</source><comments>{to}</comments></item></channel></rss>"""
PAGE = """<!doctype html><html><head><base href="{to}"><meta http-equiv="refresh" content="0; url={to}">
<link rel="canonical" href="{to}"><link rel="stylesheet" href="{to}"><link rel="amphtml" href="{to}"></head><body>
<iframe src="{to}"></iframe><img src="{to}"><script src="{to}"></script><object data="file:///etc/passwd"></object>
<p>The ferry sails.</p></body></html>"""


def test_nothing_that_an_answer_names_is_asked_for(read_all: object, outlet_server: Loopback, canary: Canary) -> None:
    to = f"http://127.0.0.1:{canary.port}/"
    headers = {"Link": f"<{to}>; rel=canonical", "Content_Location": to, "Refresh": f"0; url={to}"}
    headers["Alt_Svc"] = f'h2=":{canary.port}"'
    outlet_server.answers |= {
        "/feed": reply((FEED_HEAD + FEED).format(to=to).encode(), **headers),
        "/page": reply(PAGE.format(to=to).encode(), **headers),
        "/login": reply(b"", 401, WWW_Authenticate=f'Basic realm="{to}"', **headers),
        "/robots.txt": reply(f"Sitemap: {to}\n".encode()),
    }
    ran = read_all([outlet_server.url(path) for path in outlet_server.answers])
    assert (ran.outside, ran.opened, canary.hits) == ([], [], 0) and ran.n_inside == 4
    assert ran.endings[0] == "HTTP 200, 1 entries" and ran.endings[1:3] == [
        "HTTP 200, a web page, not a feed",
        "HTTP 401, the answer is empty",
    ]


def test_no_redirect_leads_to_another_port(read_all: object, outlet_server: Loopback, canary: Canary) -> None:
    hosts = ("127.0.0.1", "[::1]", "0.0.0.0", "2130706433", "[::ffff:127.0.0.1]", "localhost", "127.1", "①②⑦.0.0.1")
    targets = [f"http://{host}:{canary.port}/" for host in hosts] + ["file:///etc/passwd", f"//[::1]:{canary.port}"]
    for number, target in enumerate(targets):
        outlet_server.answers[f"/{number}"] = redirect(f"/{number}/2")
        outlet_server.answers[f"/{number}/2"] = _redirect_to(target)
    ran = read_all([outlet_server.url(f"/{number}") for number in range(len(targets))])
    assert all(ending.startswith("refused: ") for ending in ran.endings) and len(ran.endings) == len(targets)
    assert (ran.outside, ran.opened, canary.hits) == ([], [], 0) and ran.n_inside == 2 * len(targets)


def _redirect_to(target: str) -> bytes:
    return redirect("*").replace(b"Location: *", b"Location: " + target.encode())


# --- hostile sets ---------------------------------------------------------------------------------------------------


def _rows(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]


@pytest.mark.corpora
def test_no_address_of_the_set_is_connected_to_but_the_controls(hostile: Path, read_all: object) -> None:
    rows = _rows(hostile / "ssrf" / "urls.jsonl")
    bad, fine = ([row["url"] for row in rows if row["refuse"] is refuse] for refuse in (True, False))
    ran = read_all(bad)
    assert ran.outside == [] and all(ending.startswith("refused: ") for ending in ran.endings)
    controls = read_all(fine)
    assert len(controls.outside) >= len(fine) and set(controls.endings) == {"refused: UNREACHABLE"}
    print(f"\n{len(bad)} refused for {len(set(ran.endings))} reasons, {len(fine)} controls tried")


@pytest.mark.corpora
def test_no_hop_of_the_set_reaches_a_canary(
    hostile: Path, read_all: object, outlet_server: Loopback, canary: Canary
) -> None:
    rows = [row for row in _rows(hostile / "ssrf" / "hops.jsonl") if row["kind"] == "redirect"]
    for number, row in enumerate(rows):
        answer = redirect(str(row["location"]).replace("{CANARY}", str(canary.port)), row["status"])
        outlet_server.answers[f"/{number}"] = answer
    ran = read_all([outlet_server.url(f"/{number}") for number in range(len(rows))])
    assert (ran.outside, ran.opened, canary.hits) == ([], [], 0) and ran.n_inside == len(rows) == len(ran.endings)


@pytest.mark.corpora
def test_no_bomb_of_the_set_opens_a_file_or_a_connection(
    bombs: dict[str, object], read_all: object, outlet_server: Loopback, canary: Canary
) -> None:
    for name in ("xxe_file", "xxe_http", "dtd_system", "xinclude", "billion_laughs", "quadratic"):
        is_told = name in {"xxe_http", "dtd_system"}
        outlet_server.answers[f"/{name}"] = reply(bombs[name](*([canary.port] if is_told else [])))
    ran = read_all([outlet_server.url(path) for path in outlet_server.answers])
    assert (ran.outside, ran.opened, canary.hits) == ([], [], 0)
    assert len(ran.endings) == 6 and all(ending.endswith(" entries") for ending in ran.endings)
