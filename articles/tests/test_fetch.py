"""The one door to the network: what it refuses, and that it always comes back in time."""

import gzip
import json
import re
import shutil
import socket
import ssl
import time
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.ingest.fetch import Limits, Refused, _is_told_as_much, fetch, is_public
from articles.ingest.hosts import host_name
from articles.ingest.records import Refusal
from articles.tests.loopback import (
    Loopback,
    drip,
    new_certificate,
    public_names,
    redirect,
    reply,
    watched_connects,
    zipped,
)

LimitsFor = Callable[..., Limits]


@pytest.mark.parametrize(
    ("address", "is_fine"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1::1", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("::1", False),
        ("::ffff:93.184.216.34", False),
        ("64:ff9b::5db8:d822", False),
        ("fe80::1%eth0", False),
        ("2002:5db8:d822::1", False),
        ("nonsense", False),
    ],
)
def test_it_knows_the_public_internet(address: str, is_fine: bool) -> None:
    assert is_public(address) is is_fine


@pytest.mark.parametrize(
    ("url", "refusal"),
    [
        ("ftp://a.example/", Refusal.BAD_URL),
        ("http://", Refusal.BAD_URL),
        ("http://a.example\\@b.example/", Refusal.BAD_URL),
        ("http://name@a.example/", Refusal.BAD_URL),
        ("http://a.example/ b", Refusal.BAD_URL),
        ("http://a.example:x/", Refusal.BAD_URL),
        ("http://a%09.example/", Refusal.BAD_URL),
        ("http://a.example:22/", Refusal.PORT),
        ("http://a.example:0/", Refusal.PORT),
        ("http://localhost/", Refusal.ADDRESS),
        ("http://intranet/", Refusal.ADDRESS),
        ("http://metadata.a.example/", Refusal.ADDRESS),
        ("http://2130706433/", Refusal.ADDRESS),
        ("http://2130706433:22/", Refusal.ADDRESS),
        ("http://93.184.216.34:22/", Refusal.PORT),
        ("http://0x7f.1/", Refusal.ADDRESS),
        ("http://①②⑦.0.0.1/", Refusal.ADDRESS),
        ("http://[::ffff:127.0.0.1]/", Refusal.ADDRESS),
    ],
)
def test_it_refuses_an_address_and_says_why(url: str, refusal: Refusal) -> None:
    with watched_connects() as tried, pytest.raises(Refused) as refused:
        fetch(url, Limits(resolve=public_names))
    assert (refused.value.refusal, tried) == (refusal, [])
    assert str(refused.value).startswith(refusal.value)


@given(st.text(max_size=30))
def test_any_text_as_an_address_is_refused_or_asked_of_a_public_one(text: str) -> None:
    with watched_connects() as tried, pytest.raises(Refused):
        fetch(f"http://{text}/", Limits(resolve=public_names, deadline_s=2))
    assert all(is_public(where[0]) for where in tried)


def test_it_brings_a_page(outlet_server: Loopback, limits_for: LimitsFor) -> None:
    outlet_server.answers["/feed?a=b"] = reply(b"<rss/>", ETag='"1"')
    page = fetch(outlet_server.url("/feed?a=b"), limits_for(outlet_server))
    assert (page.status, page.body, page.headers["etag"]) == (200, b"<rss/>", '"1"')
    assert "Crisisboard" in outlet_server.requests[0]


def test_it_sends_what_it_knows_and_brings_304(outlet_server: Loopback, limits_for: LimitsFor) -> None:
    outlet_server.answers["/feed"] = b'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\n\r\n'
    page = fetch(outlet_server.url(), limits_for(outlet_server), {"If-None-Match": '"1"'})
    assert page.is_not_modified and 'If-None-Match: "1"' in outlet_server.requests[0]


@pytest.mark.parametrize("packed", [zlib.compress, gzip.compress, lambda body: zlib.compress(body, wbits=-15)])
def test_it_unpacks_an_answer(outlet_server: Loopback, limits_for: LimitsFor, packed: Callable[[bytes], bytes]) -> None:
    encoding = "gzip" if packed is gzip.compress else "deflate"
    outlet_server.answers["/feed"] = reply(packed(b"<rss/>" * 999), Content_Encoding=encoding)
    assert fetch(outlet_server.url(), limits_for(outlet_server)).body == b"<rss/>" * 999


def test_it_unpacks_an_answer_of_several_members(outlet_server: Loopback, limits_for: LimitsFor) -> None:
    packed = gzip.compress(b"<rss>" * 999) + gzip.compress(b"</rss>") + b"\0" * 99
    outlet_server.answers["/feed"] = reply(packed, Content_Encoding="gzip")
    assert fetch(outlet_server.url(), limits_for(outlet_server)).body == b"<rss>" * 999 + b"</rss>"


@pytest.mark.parametrize(
    ("answer", "refusal"),
    [
        (reply(gzip.compress(b"") * 1_001, Content_Encoding="gzip"), Refusal.ENCODING),
        (reply(gzip.compress(b"\0" * 600_000) * 2, Content_Encoding="gzip"), Refusal.TOO_LARGE),
        (reply(b"x" * 2_000_000), Refusal.TOO_LARGE),
        (b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 2_000_000, Refusal.TOO_LARGE),
        (zipped(b"\0" * 2_000_000), Refusal.TOO_LARGE),
        (reply(b"x", Content_Encoding="br"), Refusal.ENCODING),
        (reply(b"x", Content_Encoding="gzip, gzip"), Refusal.ENCODING),
        (reply(b"not gzip", Content_Encoding="gzip"), Refusal.ENCODING),
        (reply(gzip.compress(b"<rss/>")[:-9], Content_Encoding="gzip"), Refusal.ENCODING),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", Refusal.UNREACHABLE),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\nx", Refusal.TOO_LARGE),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nx", Refusal.UNREACHABLE),
        (b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 500 + b"\r\n", Refusal.UNREACHABLE),
        (b"SSH-2.0-x\r\n", Refusal.UNREACHABLE),
        (b"", Refusal.UNREACHABLE),
    ],
)
def test_it_refuses_a_body_and_says_why(
    outlet_server: Loopback, limits_for: LimitsFor, answer: bytes, refusal: Refusal
) -> None:
    outlet_server.answers["/feed"] = answer
    with pytest.raises(Refused) as refused:
        fetch(outlet_server.url(), limits_for(outlet_server, most_bytes=1_000_000, deadline_s=5))
    assert refused.value.refusal == refusal
    assert len(str(refused.value)) > len(refusal.value), "the reason says more than its name"


OK = b"HTTP/1.1 200 OK\r\n"


@pytest.mark.parametrize(
    "answer",
    [
        drip(b"", b""),
        drip(OK[:7], b""),
        drip(OK, b"A: b"),
        drip(OK + b"\r\n", b"x"),
        drip(OK + b"Content-Encoding: gzip\r\n\r\n", gzip.compress(b"x")[:1]),
        drip(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"0"),
        drip(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    ],
    ids=["no bytes", "half a line", "endless header", "slow body", "slow gzip", "endless chunk", "endless 100"],
)
def test_the_deadline_holds(outlet_server: Loopback, limits_for: LimitsFor, answer: Callable[[object], None]) -> None:
    outlet_server.answers["/feed"] = answer
    began = time.monotonic()
    with pytest.raises(Refused) as refused:
        fetch(outlet_server.url(), limits_for(outlet_server, deadline_s=0.7))
    assert refused.value.refusal in {Refusal.TIMEOUT, Refusal.ENCODING} and time.monotonic() - began < 1.7


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not shutil.which("openssl"):
        pytest.skip("no openssl on this machine: a test of TLS did not run")
    return new_certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def tls_server(certificate: Path) -> Iterator[Loopback]:
    server = Loopback(certificate=certificate)
    yield server
    server.close()


def test_it_brings_a_page_over_tls(tls_server: Loopback, limits_for: LimitsFor) -> None:
    tls_server.answers["/feed"] = reply(b"<rss/>")
    assert fetch(tls_server.url(), limits_for(tls_server, trust=trusting(tls_server))).body == b"<rss/>"


def test_it_trusts_no_certificate_that_nobody_vouches_for(tls_server: Loopback, limits_for: LimitsFor) -> None:
    tls_server.answers["/feed"] = reply(b"<rss/>")
    with pytest.raises(Refused, match=f"{Refusal.UNREACHABLE.value}.*certificate"):
        fetch(tls_server.url(), limits_for(tls_server))
    assert tls_server.requests == []


@pytest.mark.parametrize(
    "answer",
    [drip(b"", b""), drip(OK, b"A: b"), drip(OK + b"\r\n", b"x"), drip(OK + b"Content-Length: 99\r\n\r\n", b"x")],
    ids=["no bytes", "endless header", "slow body", "slow body of known length"],
)
def test_the_deadline_holds_over_tls(
    tls_server: Loopback, limits_for: LimitsFor, answer: Callable[[object], None]
) -> None:
    tls_server.answers["/feed"] = answer
    began = time.monotonic()
    with pytest.raises(Refused, match=Refusal.TIMEOUT):
        fetch(tls_server.url(), limits_for(tls_server, deadline_s=0.7, trust=trusting(tls_server)))
    assert time.monotonic() - began < 1.7


def test_the_deadline_holds_while_hands_are_shaken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        host, began = f"127.0.0.1:{silent.getsockname()[1]}", time.monotonic()
        with pytest.raises(Refused, match=Refusal.TIMEOUT):
            fetch(f"https://{host}/feed", Limits(permit=frozenset({host}), deadline_s=0.7))
    assert time.monotonic() - began < 1.7


def trusting(server: Loopback) -> Callable[[], ssl.SSLContext]:
    return lambda: ssl.create_default_context(cafile=server.certificate)


def test_the_deadline_holds_for_all_hops_together(outlet_server: Loopback, limits_for: LimitsFor) -> None:
    def slowly(connection: socket.socket) -> None:
        time.sleep(0.4)
        connection.sendall(redirect("/feed"))

    outlet_server.answers["/feed"] = slowly
    began = time.monotonic()
    with pytest.raises(Refused, match=Refusal.TIMEOUT):
        fetch(outlet_server.url(), limits_for(outlet_server, deadline_s=1))
    assert time.monotonic() - began < 2


def test_the_deadline_holds_for_a_look_up() -> None:
    limits = Limits(deadline_s=0.3, resolve=lambda *_: time.sleep(3) or [])
    with pytest.raises(Refused, match=Refusal.TIMEOUT):
        fetch("http://a.example/", limits)


@pytest.mark.slow
def test_the_deadline_is_twenty_seconds(outlet_server: Loopback, limits_for: LimitsFor) -> None:
    outlet_server.answers["/feed"] = drip(OK + b"\r\n", b"x", 0.5)
    began = time.monotonic()
    with pytest.raises(Refused, match=Refusal.TIMEOUT):
        fetch(outlet_server.url(), limits_for(outlet_server))
    assert 19 < time.monotonic() - began < 21


@pytest.mark.parametrize(("n_hops", "is_fine"), [(1, True), (5, True), (6, False)])
def test_it_follows_five_redirects(outlet_server: Loopback, limits_for: LimitsFor, n_hops: int, is_fine: bool) -> None:
    outlet_server.answers |= {f"/{n}": redirect(f"/{n - 1}") for n in range(1, n_hops + 1)} | {"/0": reply(b"there")}
    if is_fine:
        assert fetch(outlet_server.url(f"/{n_hops}"), limits_for(outlet_server)).body == b"there"
    else:
        with pytest.raises(Refused, match=Refusal.REDIRECT):
            fetch(outlet_server.url(f"/{n_hops}"), limits_for(outlet_server))


def test_a_redirect_may_hold_letters_and_spaces(outlet_server: Loopback, limits_for: LimitsFor) -> None:
    outlet_server.answers["/feed"] = redirect("/ü b")
    outlet_server.answers["/%C3%BC%20b"] = reply(b"there")
    assert fetch(outlet_server.url(), limits_for(outlet_server)).body == b"there"


def test_another_host_is_told_nothing(outlet_server: Loopback) -> None:
    other = Loopback({"/": reply(b"there")})
    outlet_server.answers["/feed"] = reply(b"", 302, Location=other.url("/"), Set_Cookie="a=b")
    limits = Limits(permit=frozenset({outlet_server.host, other.host}))
    assert fetch(outlet_server.url(), limits, {"If-None-Match": '"1"'}).body == b"there"
    other.close()
    assert not {"if-none-match", "cookie", "authorization", "referer"} & set(
        line.partition(":")[0].lower() for line in other.requests[0].splitlines()
    )


def test_nothing_that_went_encrypted_is_said_again_in_the_clear(tls_server: Loopback) -> None:
    plain = Loopback({"/": reply(b"there")})
    tls_server.answers["/feed"] = reply(b"", 302, Location=plain.url("/"))
    limits = Limits(permit=frozenset({tls_server.host, plain.host}), trust=trusting(tls_server))
    assert fetch(tls_server.url(), limits, {"If-None-Match": '"1"'}).body == b"there"
    plain.close()
    assert "If-None-Match" in tls_server.requests[0] and "If-None-Match" not in plain.requests[0]
    same_name = urlsplit("https://a.example/feed"), urlsplit("http://a.example/feed")
    assert _is_told_as_much(*reversed(same_name)) and not _is_told_as_much(*same_name)


def test_a_redirect_with_a_password_is_refused(outlet_server: Loopback, limits_for: LimitsFor) -> None:
    outlet_server.answers["/feed"] = redirect(f"http://name:secret@{outlet_server.host}/")
    with pytest.raises(Refused, match="a user name or password stands in it") as refused:
        fetch(outlet_server.url(), limits_for(outlet_server))
    assert "secret" not in str(refused.value) and len(outlet_server.requests) == 1


def test_a_peer_that_is_not_the_address_that_was_checked_is_hung_up_on(outlet_server: Loopback) -> None:
    port = int(outlet_server.host.rpartition(":")[2])
    answers = [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("localhost", port))
    ]  # a name: looked up again by the kernel
    with pytest.raises(Refused, match=Refusal.ADDRESS):
        fetch(outlet_server.url(), Limits(permit=frozenset({outlet_server.host}), resolve=lambda *_: answers))
    assert outlet_server.requests == [""] or outlet_server.requests == []


def test_one_look_up_serves_all_addresses_of_a_host(outlet_server: Loopback) -> None:
    asked, port = [], int(outlet_server.host.rpartition(":")[2])

    def resolve(host: str, *_: object) -> list[object]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (f"127.0.0.{n}", port)) for n in (3, 2, 1)]

    outlet_server.answers["/feed"] = reply(b"there")
    assert fetch(outlet_server.url(), Limits(permit=frozenset({outlet_server.host}), resolve=resolve)).body == b"there"
    assert asked == ["127.0.0.1"]


def test_a_small_limit_is_said_in_small_numbers(outlet_server: Loopback, limits_for: LimitsFor) -> None:
    outlet_server.answers["/feed"] = reply(b"x" * 600_000)
    with pytest.raises(Refused, match="body too large: more than 500 kB"):
        fetch(outlet_server.url(), limits_for(outlet_server, most_bytes=500_000))


def test_there_are_eight_reasons_and_advice_for_each() -> None:
    assert len(Refusal) == 8 and all(refusal.advice and refusal.value for refusal in Refusal)


def test_the_system_s_certificates_are_read_once() -> None:
    assert Limits().trust() is Limits().trust()


def test_proxies_of_the_environment_are_not_asked(
    outlet_server: Loopback, limits_for: LimitsFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    canary = Loopback()
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, f"http://{canary.host}")
    outlet_server.answers["/feed"] = reply(b"there")
    assert fetch(outlet_server.url(), limits_for(outlet_server)).body == b"there" and not canary.requests
    canary.close()


def test_another_port_of_a_permitted_host_stays_shut(outlet_server: Loopback, limits_for: LimitsFor) -> None:
    canary = Loopback()
    outlet_server.answers["/feed"] = redirect(canary.url("/"))
    with pytest.raises(Refused, match=Refusal.ADDRESS):
        fetch(outlet_server.url(), limits_for(outlet_server))
    assert not canary.requests
    canary.close()


@pytest.mark.parametrize("raw", ["EXAMPLE.com", "ｅxample.com", "example.com.", "ex%61mple.com", "exam\u00adple.com"])
def test_a_host_has_one_name(raw: str) -> None:
    assert host_name(raw) == "example.com"


# --- hostile sets ---------------------------------------------------------------------------------------------------


def _rows(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]


@pytest.mark.corpora
def test_every_hostile_address_is_refused_and_every_public_one_let_through(hostile: Path) -> None:
    rows = _rows(hostile / "ssrf" / "ips.jsonl")
    assert [row for row in rows if is_public(row["ip"]) is row["refuse"]] == [] and len(rows) > 100


@pytest.mark.corpora
def test_no_hostile_address_form_is_connected_to(hostile: Path) -> None:
    wrong, rows = [], _rows(hostile / "ssrf" / "urls.jsonl")
    for row in rows:
        with watched_connects() as tried, pytest.raises(Refused):
            fetch(row["url"], Limits(resolve=public_names, deadline_s=3))
        if bool(tried) is row["refuse"]:
            wrong.append(row["url"])
    assert wrong == [] and len(rows) > 100


@pytest.mark.corpora
def test_hostile_name_servers_lead_nowhere(hostile: Path) -> None:
    wrong, rows = [], _rows(hostile / "ssrf" / "dns.jsonl")
    for row in rows:
        asked: list[str] = []
        limits = Limits(resolve=_script(row["answers_per_lookup"], asked), deadline_s=0.5)
        with watched_connects() as tried:
            for _ in row["answers_per_lookup"]:
                with pytest.raises(Refused):
                    fetch(f"http://{row['host']}/", limits)
        if len(asked) != len(row["answers_per_lookup"]) or not all(is_public(where[0]) for where in tried):
            wrong.append(row["id"])
        if not tried and not row["refuse"]:
            wrong.append(row["id"])
    assert wrong == [] and rows


def _script(answers: list[list[str]], asked: list[str]) -> Callable[..., list[object]]:
    def resolve(host: str, port: int, *_: object) -> list[object]:
        now = answers[len(asked) % len(answers)]
        asked.append(host)
        if now == ["TIMEOUT"]:
            time.sleep(2)
        if not now or now[0] in {"TIMEOUT", "SERVFAIL"}:
            raise socket.gaierror(socket.EAI_AGAIN, "no answer")
        return [answer for address in now for answer in public_names(address, port)]

    return resolve


@pytest.mark.corpora
def test_no_hop_reaches_the_canary(hostile: Path, outlet_server: Loopback, limits_for: LimitsFor) -> None:
    canary = Loopback()
    port = canary.host.rpartition(":")[2]
    rows = [row for row in _rows(hostile / "ssrf" / "hops.jsonl") if row["kind"] == "redirect"]
    for row in rows:
        outlet_server.answers["/feed"] = redirect(row["location"].replace("{CANARY}", port), row["status"])
        try:
            page = fetch(outlet_server.url(), limits_for(outlet_server, resolve=public_names, deadline_s=2))
            assert page.status == row["status"], "an answer that is no feed"
        except Refused as refused:
            assert refused.refusal in Refusal
    canary.close()
    assert canary.requests == [] and rows


@pytest.mark.corpora
@pytest.mark.parametrize(
    ("name", "encoding"), [("gzip_bomb", "gzip"), ("deflate_bomb", "deflate"), ("brotli_bomb", "br"),
                           ("gzip_valid_feed_padding", "gzip"), ("gzip_truncated", "gzip")]
)  # fmt: skip
def test_a_bomb_is_refused_within_two_seconds(
    bombs: dict[str, Callable[..., bytes]], outlet_server: Loopback, limits_for: LimitsFor, name: str, encoding: str
) -> None:
    body = bombs[name](*([64] if name in {"deflate_bomb", "brotli_bomb"} else []))
    outlet_server.answers["/feed"] = reply(body, Content_Encoding=encoding)
    Path("/proc/self/clear_refs").write_text("5")  # the peak counts from here
    before_kb, began = _peak_kb(), time.monotonic()
    with pytest.raises(Refused) as refused:
        fetch(outlet_server.url(), limits_for(outlet_server))
    assert refused.value.refusal in {Refusal.TOO_LARGE, Refusal.ENCODING}
    assert time.monotonic() - began < 2 and _peak_kb() - before_kb < 32_000


def _peak_kb() -> int:
    return int(re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[1])


@pytest.mark.corpora
def test_layers_of_gzip_are_refused(hostile: Path, outlet_server: Loopback, limits_for: LimitsFor) -> None:
    for n_layers in (2, 3):
        body = b"\0" * 4_000_000
        for _ in range(n_layers):
            body = gzip.compress(body)
        outlet_server.answers["/feed"] = reply(body, Content_Encoding=", ".join(["gzip"] * n_layers))
        with pytest.raises(Refused, match=Refusal.ENCODING):
            fetch(outlet_server.url(), limits_for(outlet_server))
