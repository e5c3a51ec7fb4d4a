"""What a host's robots.txt asks of us (RFC 9309). Pure; the parsing is Protego's, whose matching is linear.

An answer of 400–499 means that there are no rules. A file that cannot be reached means that nothing may be fetched
until it can: then the text of the feed is used.
"""

from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

from protego import Protego

from articles.ingest.plain import clean_lines
from articles.ingest.records import Page

AGENT = "Crisisboard"  # the word of our User-Agent that robots.txt may address
MOST_BYTES = 500_000  # RFC 9309 asks for no more
FRESH_S, UNREACHABLE_S = 86_400, 1_800
LONGEST_DELAY_S = 60.0


@dataclass(frozen=True, slots=True)
class Robots:
    """`rules` is the file's text, "" when there is none. `problem` says why it could not be had; then nothing may be
    fetched.
    """

    rules: str = ""
    problem: str = ""

    @property
    def fresh_s(self) -> int:
        return UNREACHABLE_S if self.problem else FRESH_S


def robots_address(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}/robots.txt"


def host_of(url: str) -> str:
    """Host and port: who is asked, and never twice at a time."""
    return urlsplit(url).netloc.rpartition("@")[2].lower()


def read_robots(answer: Page) -> Robots:
    if answer.status == 200:
        text = answer.body[:MOST_BYTES].decode("utf-8-sig", "replace")
        return Robots(clean_lines(text))
    if 400 <= answer.status < 500 and answer.status != 429:
        return Robots()
    return Robots(problem=f"HTTP {answer.status}")


def may_fetch(rules: str, url: str) -> bool:
    return not rules or bool(_parsed(rules).can_fetch(url, AGENT))


def delay_s(rules: str) -> float:
    """Seconds between requests that the host asks for, a minute at most; 0 when it does not say."""
    asked = _parsed(rules).crawl_delay(AGENT) if rules else None
    return min(float(asked or 0), LONGEST_DELAY_S)


@lru_cache(maxsize=64)
def _parsed(rules: str) -> Protego:
    return Protego.parse(rules)
