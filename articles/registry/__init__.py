"""The outlets and feeds that ship with the board, as facts in a file. Pure."""

import re
from dataclasses import dataclass
from pathlib import Path

from articles.registry.files import MalformedFile, Row, listed, read_yaml_rows, require

FILE = Path(__file__).parent / "outlets.yaml"
CONTROLS = {"state", "public", "private", "unknown"}
BLOCS = {"iranian-state", "iranian-opposition", "israeli", "us", "russian-state", "russian-independent", "gulf", "arab",
         "european", "turkish", "chinese-state", "asian", "independent", "unknown"}  # fmt: skip
_FIELDS = ("slug", "name", "country", "language", "control", "family", "bloc", "reliability", "homepage", "wikidata",
           "confirmed", "feeds")  # fmt: skip
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")
_LANGUAGE = re.compile(r"[a-z]{2,3}\Z")
_WIKIDATA = re.compile(r"Q[1-9][0-9]*\Z")
_WEB = re.compile(r"https?://[^\s<>\"']+\Z")


@dataclass(frozen=True, slots=True)
class FeedRow:
    url: str
    title: str
    confirmed: str


@dataclass(frozen=True, slots=True)
class OutletRow:
    slug: str
    name: str
    country: str
    language: str
    control: str
    family: str
    bloc: str
    reliability: str
    homepage: str
    wikidata: str
    confirmed: str
    feeds: tuple[FeedRow, ...] = ()


def load_outlets(path: Path = FILE) -> list[OutletRow]:
    """Raises MalformedFile with file and line for what is malformed or given twice."""
    outlets: dict[str, OutletRow] = {}
    addresses: dict[str, int] = {}
    for row in read_yaml_rows(path):
        outlet = _outlet(path, row)
        if outlet.slug in outlets:
            raise MalformedFile(path, row.line, f"{outlet.slug!r} is given twice")
        for feed in outlet.feeds:
            if feed.url in addresses:
                raise MalformedFile(path, row.line, f"feed {feed.url} stands already on line {addresses[feed.url]}")
            addresses[feed.url] = row.line
        outlets[outlet.slug] = outlet
    return list(outlets.values())


def _outlet(path: Path, row: Row) -> OutletRow:
    require(path, row, _FIELDS, ("slug", "name", "control", "bloc"))
    for name in set(row) - {"feeds"}:
        _check(
            path, row, row[name] is None or isinstance(row[name], str), f"{name} {row[name]!r} is no text (quote it?)"
        )
    word = {name: (row.get(name) or "").strip() for name in _FIELDS if name != "feeds"}
    _check(path, row, bool(_SLUG.match(word["slug"])), f"{word['slug']!r} is not a slug")
    _check(path, row, word["control"] in CONTROLS, f"unknown control {word['control']!r}")
    _check(path, row, word["bloc"] in BLOCS, f"unknown bloc {word['bloc']!r}")
    _check(
        path, row, not word["country"] or bool(re.fullmatch("[A-Z]{3}", word["country"])), "country is not ISO alpha-3"
    )
    _check(path, row, not word["language"] or bool(_LANGUAGE.match(word["language"])), "language is not ISO 639")
    _check(path, row, not word["homepage"] or bool(_WEB.match(word["homepage"])), "homepage is no web address")
    _check(path, row, not word["wikidata"] or bool(_WIKIDATA.match(word["wikidata"])), "not a Wikidata id")
    is_told = bool(word["confirmed"]) or not (word["homepage"] or word["wikidata"])
    _check(path, row, is_told, "a homepage or Wikidata id without how it was confirmed")
    _check(path, row, word["reliability"] in ("", *"ABCDEF"), "reliability is a letter from A to F")
    feeds = tuple(_feed(path, feed) for feed in listed(path, row, "feeds", Row))
    return OutletRow(**(word | {"reliability": word["reliability"] or "F"}), feeds=feeds)


def _feed(path: Path, feed: Row) -> FeedRow:
    require(path, feed, ("url", "title", "confirmed"), ("url", "confirmed"))
    _check(path, feed, bool(_WEB.match(str(feed["url"]))), f"{feed['url']!r} is no web address")
    return FeedRow(feed["url"], feed.get("title") or "", feed["confirmed"])


def _check(path: Path, row: Row, is_right: bool, message: str) -> None:
    if not is_right:
        raise MalformedFile(path, row.line, message)
