"""An outlet's server on loopback, written down answer by answer; and a look at every connection that is tried."""

import gzip
import socket
import socketserver
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

Answer = bytes | Callable[[socket.socket], None]


@dataclass
class Loopback:
    """`answers` by path: what is sent, byte for byte, or a function that is given the connection.

    With `certificate` (a PEM file with its key) it speaks TLS.
    """

    answers: dict[str, Answer] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)
    certificate: Path | None = None

    def __post_init__(self) -> None:
        outer = self
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER) if self.certificate else None
        if self._tls:
            self._tls.load_cert_chain(self.certificate)

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                try:
                    self.request = outer._tls.wrap_socket(self.request, True) if outer._tls else self.request
                    asked = self.request.recv(65536).decode("latin-1")
                except OSError:
                    return  # the reader does not trust the certificate
                outer.requests.append(asked)
                path = asked.split(" ")[1] if " " in asked else ""
                answer = outer.answers.get(path, reply(b"", 404))
                try:
                    answer(self.request) if callable(answer) else self.request.sendall(answer)
                except OSError:
                    return  # the reader hung up

        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server.server_address[1]}"

    def url(self, path: str = "/feed") -> str:
        return f"{'https' if self.certificate else 'http'}://{self.host}{path}"

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


def reply(body: bytes, status: int = 200, **headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status} Said", f"Content-Length: {len(body)}", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def new_certificate(folder: Path) -> Path:
    """A certificate of 127.0.0.1 that nobody knows, valid for a day, with its key in the same file."""
    path = folder / "loopback.pem"
    command = [
        "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
        "-days", "1", "-subj", "/CN=loopback", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(path),
    ]  # fmt: skip
    certificate = subprocess.run(command, check=True, capture_output=True).stdout
    path.write_bytes(path.read_bytes() + certificate)
    return path


def zipped(body: bytes) -> bytes:
    return reply(gzip.compress(body), Content_Encoding="gzip")


def redirect(location: str, status: int = 302) -> bytes:
    return reply(b"", status, Location=location)


def drip(first: bytes, piece: bytes, pause_s: float = 0.1) -> Callable[[socket.socket], None]:
    """Sends `first`, then `piece` again and again until the reader hangs up."""

    def send(connection: socket.socket) -> None:
        connection.sendall(first)
        while piece:
            connection.sendall(piece)
            time.sleep(pause_s)
        connection.recv(1)

    return send


_watchers: list[list[object]] = []


def _note(event: str, arguments: tuple[object, ...]) -> None:
    if event == "socket.connect" and _watchers:
        for seen in _watchers:
            seen.append(arguments[1])
        raise PermissionError("no connection leaves while a test watches")


sys.addaudithook(_note)


@contextmanager
def watched_connects() -> Iterator[list[object]]:
    """Every connection that is tried in the block, by any thread, is noted and refused before a packet is sent."""
    seen: list[object] = []
    _watchers.append(seen)
    try:
        yield seen
    finally:
        _watchers.remove(seen)


def public_names(host: str, port: int, *_: object) -> list[tuple[object, ...]]:
    """A resolver that sends nothing: addresses are themselves, every name is one public address."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.inet_pton(family, host)
        where = host
    except OSError:
        where = "93.184.216.34"
    return [(family, socket.SOCK_STREAM, 6, "", (where, port))]
