"""The only door to the network.

parse → name rules → resolve once → check every answer → connect to a checked address → check the peer → read under
caps and one deadline. Redirects are followed by hand, each hop through the whole door again.
"""

import ipaddress
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import SplitResult, quote, urljoin, urlsplit

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from articles.ingest.hosts import host_name
from articles.ingest.records import Page, Refusal

USER_AGENT = "Crisisboard/0.1 (news reader)"
MOST_HOPS = 5
MOST_ADDRESSES = 4  # of a host with many; the deadline holds for all of them together
MOST_MEMBERS = 1_000  # of one gzip answer
CONNECT_S = 5.0  # for each of them: one that swallows packets must not keep the next from being tried
# Names that mean something inside a network only; what they resolve to is checked besides.
_INNER_SUFFIXES = (
    ".local", ".internal", ".localhost", ".localdomain", ".home.arpa", ".onion", ".lan", ".intranet", ".corp", ".home",
    ".private", ".svc", ".consul", ".test", ".invalid",
)  # fmt: skip
_INNER_LABELS = {"metadata", "instance-data"}
_SENDABLE = "%/:=&?~#+!$,;'@()*[]"
# IANA's special-purpose registries and what clouds answer on; everything else of IPv4 is the public internet.
_DENIED_V4 = [ipaddress.IPv4Network(net) for net in (
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
    "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24",
    "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4", "168.63.129.16/32",
)]  # fmt: skip
_PUBLIC_V6 = ipaddress.IPv6Network("2000::/3")
_DENIED_V6 = [ipaddress.IPv6Network(net) for net in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")]


class Refused(Exception):
    """The page was not brought. `refusal` is one of a few named reasons, `str()` says it in plain words."""

    def __init__(self, refusal: Refusal, detail: str = "") -> None:
        super().__init__(f"{refusal.value}: {detail}" if detail else refusal.value)
        self.refusal = refusal


@cache
def system_trust() -> ssl.SSLContext:
    """The system's certificates, read once: that takes longer than to fetch a page."""
    return ssl.create_default_context()


@dataclass(frozen=True, slots=True)
class Limits:
    """`permit` holds "host:port" pairs that the address rule lets through: for tests alone.

    `resolve` looks names up, `trust` says whose certificates count; the defaults are the system's.
    """

    permit: frozenset[str] = frozenset()
    ports: frozenset[int] = frozenset({80, 443})
    most_bytes: int = 5_000_000
    deadline_s: float = 20.0
    resolve: Callable[..., list[Any]] = field(default=socket.getaddrinfo)
    trust: Callable[[], ssl.SSLContext] = field(default=system_trust)


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet. Mapped, NAT64 and 6to4 forms do not, whatever they hold."""
    try:
        ip = ipaddress.ip_address(address.split("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv4Address):
        return not any(ip in net for net in _DENIED_V4)
    return ip in _PUBLIC_V6 and not any(ip in net for net in _DENIED_V6) and "%" not in address


def fetch(url: str, limits: Limits, headers: Mapping[str, str] | None = None) -> Page:
    """Brings a page. Raises Refused. Conditional headers (If-None-Match …) may be given; 304 comes back as it is."""
    until = time.monotonic() + limits.deadline_s
    sent = dict(headers or {})
    for _ in range(MOST_HOPS + 1):
        page = _fetch_once(url, limits, sent, until)
        if page.status not in (301, 302, 303, 307, 308) or "location" not in page.headers:
            return page
        target = _target_of(url, page.headers["location"])
        if not _is_told_as_much(urlsplit(url), urlsplit(target)):
            sent = {}
        url = target
    raise Refused(Refusal.REDIRECT, f"more than {MOST_HOPS} redirects")


def _is_told_as_much(asked: SplitResult, next_asked: SplitResult) -> bool:
    """Whether the next host is the same one, and not in the clear what went encrypted before."""
    return asked.netloc == next_asked.netloc and (asked.scheme, next_asked.scheme) != ("https", "http")


def _target_of(url: str, location: str) -> str:
    """Where a redirect leads. A header holds bytes that were read as Latin-1; outlets put UTF-8 and spaces there."""
    try:
        return urljoin(url, quote(location.strip().encode("latin-1", "replace"), safe=_SENDABLE))
    except ValueError as error:
        raise Refused(Refusal.REDIRECT, f"to {location[:100]!r}") from error


def _fetch_once(url: str, limits: Limits, headers: Mapping[str, str], until: float) -> Page:
    scheme, host, port = _target(url, limits)
    pool = _pool(scheme, host, port, limits, until)
    # One deadline for everything: when it passes, the socket is shut under whatever is being waited for.
    watchdog = threading.Timer(max(0.01, until - time.monotonic()), pool.shut)
    watchdog.daemon = True
    watchdog.start()
    try:
        response = pool.pool.urlopen(
            "GET", _path(url), redirect=False, retries=False, preload_content=False, decode_content=False,
            assert_same_host=False,
            headers={"User-Agent": USER_AGENT, "Accept-Encoding": "gzip", "Accept": "*/*", **headers},
            timeout=urllib3.Timeout(total=max(0.01, until - time.monotonic())),
        )  # fmt: skip
        answered = {name.lower(): value for name, value in response.headers.items()}
        body = b"" if response.status in (204, 304) else _read(response, answered, limits, until)
        if time.monotonic() >= until:  # the watchdog ended it: what came may be half
            raise Refused(Refusal.TIMEOUT, f"more than {limits.deadline_s:g} s")
        return Page(url, response.status, answered, body)
    except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
        if time.monotonic() >= until - 0.05:
            raise Refused(Refusal.TIMEOUT, f"more than {limits.deadline_s:g} s") from error
        raise Refused(Refusal.UNREACHABLE, _plain(error)) from error
    finally:
        watchdog.cancel()
        watchdog.join()  # it may be shutting just now, and a closed handle's number is soon another's
        pool.close()


def _target(url: str, limits: Limits) -> tuple[str, str, int]:
    """Scheme, host and port that may be asked. Whatever two parsers could read differently is refused."""
    try:
        parts = urlsplit(url)
        port = parts.port if parts.port is not None else {"http": 80, "https": 443}.get(parts.scheme, 0)
    except ValueError as error:
        raise Refused(Refusal.BAD_URL, str(error)) from error
    address = parts.netloc.rpartition(":")[0] if parts.port is not None else parts.netloc.removesuffix(":")
    host = host_name(address)
    if "@" in parts.netloc:
        raise Refused(Refusal.BAD_URL, "a user name or password stands in it")
    is_odd = "\\" in url or any(letter <= " " for letter in url)
    if parts.scheme not in ("http", "https") or not host or is_odd:
        raise Refused(Refusal.BAD_URL)
    if f"{host}:{port}" in limits.permit:
        return parts.scheme, host, port
    is_address = host.startswith("[") or host.replace(".", "").isdigit()
    if is_address and not is_public(host.strip("[]")):
        raise Refused(Refusal.ADDRESS, host)
    if port not in limits.ports:
        raise Refused(Refusal.PORT, str(port))
    is_inner = "." not in host or host.endswith(_INNER_SUFFIXES) or host.split(".")[0] in _INNER_LABELS
    if not is_address and is_inner:
        raise Refused(Refusal.ADDRESS, host)
    return parts.scheme, host, port


def _path(url: str) -> str:
    parts = urlsplit(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _addresses(host: str, port: int, limits: Limits, until: float) -> list[tuple[Any, ...]]:
    """One look-up, every answer checked: one bad address among good ones refuses them all."""
    found = _resolve(host.strip("[]"), port, limits, until)
    if not found:
        raise Refused(Refusal.UNREACHABLE, f"no address for {host}")
    is_permitted = f"{host}:{port}" in limits.permit
    for *_, where in found:
        if not is_permitted and not is_public(str(where[0])):
            raise Refused(Refusal.ADDRESS, f"{host} is {where[0]}")
    return found


def _resolve(host: str, port: int, limits: Limits, until: float) -> list[tuple[Any, ...]]:
    """In a thread of its own, for the C library's look-up knows no deadline."""
    answers: list[list[tuple[Any, ...]] | Exception] = []

    def ask() -> None:
        try:
            answers.append(limits.resolve(host, port, 0, socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            answers.append(error)

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(max(0.01, until - time.monotonic()))
    if not answers:
        raise Refused(Refusal.TIMEOUT, f"no answer about {host}")
    if isinstance(answers[0], Exception):
        raise Refused(Refusal.UNREACHABLE, f"no address for {host}") from answers[0]
    return answers[0]


class _Pool:
    """A pool of one connection to one checked address.

    Its sockets are held by a second handle each: TLS takes the first one over, and this one still reaches the wire.
    """

    def __init__(self, pool: HTTPConnectionPool) -> None:
        self.pool = pool
        self.sockets: list[socket.socket] = []

    def shut(self) -> None:
        for opened in self.sockets:
            with suppress(OSError):
                opened.shutdown(socket.SHUT_RDWR)
        self.pool.close()

    def close(self) -> None:
        self.shut()
        for opened in self.sockets:
            opened.close()


def _pool(scheme: str, host: str, port: int, limits: Limits, until: float) -> _Pool:
    def connect(self: HTTPConnection) -> socket.socket:
        error: OSError | None = None
        for family, kind, protocol, _, where in _addresses(host, port, limits, until)[:MOST_ADDRESSES]:
            opened = socket.socket(family, kind, protocol)
            opened.settimeout(max(0.01, min(CONNECT_S, until - time.monotonic())))
            try:
                opened.connect(where)
                is_the_peer = opened.getpeername()[0] == where[0]
            except OSError as failed:
                opened.close()
                error = failed
                continue
            holder.sockets.append(opened.dup())
            opened.settimeout(max(0.01, until - time.monotonic()))
            if not is_the_peer:
                raise Refused(Refusal.ADDRESS, "the peer is another than asked for")
            return opened
        raise error or OSError("no address")

    if scheme == "https":
        pool: HTTPConnectionPool = HTTPSConnectionPool(host, port, maxsize=1, retries=False, ssl_context=limits.trust())
    else:
        pool = HTTPConnectionPool(host, port, maxsize=1, retries=False)
    base = HTTPSConnection if scheme == "https" else HTTPConnection
    pool.ConnectionCls = type("Checked", (base,), {"_new_conn": connect})
    holder = _Pool(pool)
    return holder


def _read(response: Any, headers: Mapping[str, str], limits: Limits, until: float) -> bytes:
    encoding = headers.get("content-encoding", "").strip().lower() or "identity"
    if encoding not in ("identity", "gzip", "x-gzip", "deflate"):
        raise Refused(Refusal.ENCODING, encoding[:40])
    too_large = Refused(Refusal.TOO_LARGE, f"more than {_in_words(limits.most_bytes)}")
    promised = headers.get("content-length", "")
    if promised.isdecimal() and int(promised[:20]) > limits.most_bytes:
        raise too_large
    inflate = None if encoding == "identity" else _Inflate(limits.most_bytes)
    body, n_wire = bytearray(), 0
    while chunk := response.read1(65536):
        n_wire += len(chunk)
        body += inflate.take(chunk) if inflate else chunk
        if max(n_wire, len(body)) > limits.most_bytes:
            raise too_large
        if time.monotonic() > until:
            raise Refused(Refusal.TIMEOUT, f"more than {limits.deadline_s:g} s")
    if inflate and n_wire and not inflate.is_whole:
        raise Refused(Refusal.ENCODING, "the compressed answer was cut short")
    return bytes(body)


class _Inflate:
    """gzip (a few members, too) or deflate (with or without its two-byte header), at most a byte over the limit."""

    def __init__(self, most_bytes: int) -> None:
        self.room = most_bytes + 1
        self.machine: Any = None
        self.n_members = 0

    @property
    def is_whole(self) -> bool:
        return bool(self.machine and self.machine.eof)

    def take(self, chunk: bytes) -> bytes:
        found = bytearray()
        try:
            while chunk and len(found) < self.room:
                if self.machine is None or (self.machine.eof and chunk.startswith(b"\x1f")):
                    has_header = chunk[:1] == b"\x1f" or chunk[0] & 0x0F == 8
                    self.machine = zlib.decompressobj(47 if has_header else -15)
                    self.n_members += 1
                if self.n_members > MOST_MEMBERS:
                    raise Refused(Refusal.ENCODING, f"more than {MOST_MEMBERS} compressed pieces")
                if self.machine.eof:
                    break  # padding after the end
                found += self.machine.decompress(chunk, self.room - len(found))
                chunk = self.machine.unconsumed_tail or self.machine.unused_data
        except zlib.error as error:
            raise Refused(Refusal.ENCODING, "the compressed answer is damaged") from error
        self.room -= len(found)
        return bytes(found)


def _in_words(n_bytes: int) -> str:
    return f"{n_bytes // 1_000_000} MB" if n_bytes >= 1_000_000 else f"{n_bytes // 1_000} kB"


def _plain(error: Exception) -> str:
    return str(error).split("(Caused by")[0].split(">: ")[-1][:200] or type(error).__name__
