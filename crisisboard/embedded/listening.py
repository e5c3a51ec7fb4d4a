"""The web server's socket. The supervisor opens it and keeps it, so a restart of the web server refuses nobody."""

import errno
import socket

from crisisboard.embedded.processes import Fault

FIRST_PORT = 8000
PORTS_TO_TRY = 100
BACKLOG = 1024


def open_door(host: str, port: int | None) -> socket.socket:
    """A listening socket, on `port` or on the first free one from 8000. Whoever knocks early waits until we are up."""
    if port is not None:
        try:
            return _bind(host, port)
        except OSError as error:
            raise Fault(_reason(host, port, error)) from error
    for candidate in range(FIRST_PORT, FIRST_PORT + PORTS_TO_TRY):
        try:
            return _bind(host, candidate)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise Fault(_reason(host, candidate, error)) from error
    raise Fault(f"Ports {FIRST_PORT} to {FIRST_PORT + PORTS_TO_TRY - 1} are all taken: choose another with PORT.")


def _bind(host: str, port: int) -> socket.socket:
    family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
    door = socket.socket(family, socket.SOCK_STREAM)
    try:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind((host, port))
        door.listen(BACKLOG)  # only now nobody else can take the port
    except OSError:
        door.close()
        raise
    return door


def _reason(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is taken by another program: choose another with PORT, or leave PORT unset."
    if error.errno == errno.EACCES:
        return f"Port {port} is reserved for the system: choose one from 1024 up with PORT."
    return f"HOST={host} PORT={port} cannot be used: {error.strerror or error}."
