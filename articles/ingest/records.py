"""Values in flight between the network and the store. Frozen; no Django."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Page:
    """One bounded HTTP answer.

    `url` is the address that answered, after redirects. `body` is decoded from its transfer encoding, at most the
    limit asked for, and empty for 304. `headers` has lower-case names.
    """

    url: str
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def is_not_modified(self) -> bool:
        return self.status == 304


class Refusal(StrEnum):
    """Why the fetcher did not bring a page. The value is shown to editors."""

    BAD_URL = "not a fetchable web address"
    ADDRESS = "address not on the public internet"
    PORT = "port not allowed"
    REDIRECT = "redirect refused"
    TOO_LARGE = "body too large"
    ENCODING = "content encoding refused"
    TIMEOUT = "took too long"
    UNREACHABLE = "no connection"

    @property
    def advice(self) -> str:
        """What an editor can do about it."""
        return _ADVICE[self]


_ADVICE = {
    Refusal.BAD_URL: "check the address: http:// or https://, a host, no user name or password",
    Refusal.ADDRESS: "hosts of inner networks are never read; check where the address or its redirect leads",
    Refusal.PORT: "an administrator can allow it: FETCH_ALLOWED_PORTS",
    Refusal.REDIRECT: "open it in a browser and enter the address where it ends",
    Refusal.TOO_LARGE: "look for a shorter feed of this outlet",
    Refusal.ENCODING: "the outlet's server is at fault; it is tried again later",
    Refusal.TIMEOUT: "it is tried again later",
    Refusal.UNREACHABLE: "it is tried again later",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One news item in flight. Plain text only; aware UTC datetimes; `url` absolute and canonical, or empty.

    `is_link_shared`: other entries of its feed lead to the same page, so the page does not tell them apart.
    `published_claim`: when it was published in the outlet's own words, where they could not be understood.
    """

    guid: str
    url: str
    title: str
    text: str = ""
    text_kind: str = "summary"
    author: str = ""
    lang: str = ""
    published_at: datetime | None = None
    updated_at: datetime | None = None
    is_link_shared: bool = False
    published_claim: str = ""


def name_without_page(entry: Entry) -> str:
    """What tells an entry apart whose page and identifier are those of others, too."""
    return f"{entry.url} {entry.title}"


@dataclass(frozen=True, slots=True)
class BrokenEntry:
    """An entry that could not be read: which one (its position and what identifies it) and why, in plain words."""

    position: int
    label: str
    reason: str


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """`note` says what was wrong with a feed whose entries could be read all the same.

    `sitemaps`: addresses of news sitemaps that an index of sitemaps lists; it has no entries of its own.
    """

    title: str
    lang: str
    format: str
    entries: tuple[Entry, ...]
    broken: tuple[BrokenEntry, ...] = field(default=())
    note: str = ""
    sitemaps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GivenEntries:
    """What one file held. `extractor` says who read it."""

    extractor: str
    entries: tuple[Entry, ...]
    broken: tuple[BrokenEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class GivenRow:
    """A line of a JSON file: an entry, and the outlet it names."""

    entry: Entry
    outlet: str
