"""manage.py ingest PATH|URL|-: one article from a text or HTML file or address, or many from a feed or JSON lines."""

import sys
from argparse import ArgumentTypeError
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from django.core.management import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.utils import timezone

from articles import store
from articles.door import bring
from articles.ingest.fetch import Refused
from articles.ingest.files import NotAnArticle, instant, kind_of, language, read_entries, read_rows
from articles.ingest.records import BrokenEntry, Entry
from articles.models import Outlet
from articles.tasks import nudge

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Given:
    """What was said on the command line; it goes before what the source says."""

    published: datetime | None
    outlet: str
    lang: str


class Command(BaseCommand):
    help = (
        "Stores one article (text: first line is the title; HTML)"
        " or many (a feed; JSON lines: url, outlet, title, text, published, lang)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", help="a file, an http(s) address, or - for standard input")
        parser.add_argument(
            "--published", type=_checked(instant), help="day or time of publication, ISO 8601 (UTC unless it says)"
        )
        parser.add_argument("--outlet", default="", help="slug or name of the outlet")
        parser.add_argument("--lang", default="", type=_checked(language), help="ISO 639-1; found out when not given")
        parser.add_argument("--no-nudge", action="store_true", help="do not ring the tagger")

    def handle(self, *args: Any, **options: Any) -> None:
        source = options["source"]
        self.given = _Given(options["published"], options["outlet"], options["lang"])
        self.n_stored = self.n_known = self.n_bad = 0
        self.outlets: dict[tuple[str, str], Outlet] = {}
        try:
            body, url = _bring(source)
            kind = kind_of(body, "" if url else Path(source).suffix)
            self._store_rows(body) if kind == "jsonl" else self._store_entries(body, kind, url)
        except NotAnArticle as error:
            raise CommandError(f"{source}: {error}") from error
        self.stdout.write(f"{self.n_stored} stored, {self.n_known} there already")
        if self.n_stored and not options["no_nudge"]:
            nudge()
        if self.n_bad:
            raise CommandError(f"{source}: {self.n_bad} could not be stored, the reasons stand above")

    def _store_entries(self, body: bytes, kind: str, url: str) -> None:
        found = read_entries(body, kind, url)
        for broken in found.broken:
            self._complain(f"entry {broken.position + 1}", broken)
        is_undated = not any(entry.published_at or entry.updated_at for entry in found.entries)
        if kind != "feed" and is_undated and not self.given.published:
            raise NotAnArticle("no date of publication was found: give --published YYYY-MM-DD")
        for position, entry in enumerate(found.entries):
            self._store(f"entry {position + 1}", entry, "", found.extractor)

    def _store_rows(self, body: bytes) -> None:
        for number, row in enumerate(read_rows(body), start=1):
            if isinstance(row, BrokenEntry):
                self._complain(f"line {row.position}", row)
            elif not row.entry.published_at and not self.given.published:
                self._complain(f"article {number}", BrokenEntry(number, row.entry.title[:80], "published is missing"))
            else:
                self._store(f"article {number}", row.entry, row.outlet, "jsonl")

    def _store(self, where: str, entry: Entry, outlet: str, extractor: str) -> None:
        entry = replace(
            entry, published_at=self.given.published or entry.published_at, lang=self.given.lang or entry.lang
        )
        try:
            owner = self._outlet(self.given.outlet or outlet, entry.url)
            is_new = store.save_article(owner, entry, timezone.now(), extractor=extractor)[1]
        except (DatabaseError, ValueError) as error:
            self._complain(where, BrokenEntry(0, entry.title[:80], str(error).partition("\n")[0]))
            return
        self.n_stored += is_new
        self.n_known += not is_new

    def _outlet(self, name: str, url: str) -> Outlet:
        key = (name, "" if name else urlsplit(url).netloc)
        if key not in self.outlets:
            self.outlets[key] = store.outlet_named(name) if name else store.outlet_for(url)
        return self.outlets[key]

    def _complain(self, where: str, broken: BrokenEntry) -> None:
        self.n_bad += 1
        self.stderr.write(f"{where} ({broken.label}): {broken.reason}")


def _bring(source: str) -> tuple[bytes, str]:
    """Bytes and, of what came from the network, the address."""
    if source.startswith(("http://", "https://")):
        try:
            page = bring(source)
        except Refused as error:
            raise CommandError(f"{source}: {error}") from error
        if page.status != 200:
            raise CommandError(f"{source} answered with HTTP {page.status}")
        return page.body, page.url
    try:
        return (sys.stdin.buffer.read() if source == "-" else Path(source).read_bytes()), ""
    except OSError as error:
        raise CommandError(f"{source}: {error.strerror}") from error


def _checked(read: Callable[[str], T]) -> Callable[[str], T]:
    """argparse tells the reason of this error alone."""

    def checked(text: str) -> T:
        try:
            return read(text)
        except ValueError as error:
            raise ArgumentTypeError(str(error)) from error

    return checked
