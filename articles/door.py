"""The door to the network as this board's settings open it."""

from collections.abc import Mapping

from django.conf import settings

from articles.ingest.fetch import Limits, fetch
from articles.ingest.records import Page

MOST_BYTES = 5_000_000


def limits(most_bytes: int = MOST_BYTES) -> Limits:
    permit, ports = frozenset(settings.FETCH_TEST_PERMIT), frozenset(settings.FETCH_ALLOWED_PORTS)
    return Limits(permit=permit, ports=ports, most_bytes=most_bytes)


def bring(url: str, headers: Mapping[str, str] | None = None, most_bytes: int = MOST_BYTES) -> Page:
    """Any page, under every rule of the guard; `most_bytes` on the wire and unpacked. Raises Refused."""
    return fetch(url, limits(most_bytes), headers)
