"""manage.py check_feeds FOLDER|FILE…: what would be stored of captured feeds, held against feedparser's own count."""

import gzip
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import feedparser
from django.core.management import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, transaction
from django.utils import timezone

from articles import store
from articles.ingest.feeds import NotAFeed, parse_feed
from articles.ingest.records import BrokenEntry, ParsedFeed
from articles.ingest.scan import MOST_ENTRIES
from articles.models import Article

SUFFIXES = {".xml", ".rss", ".atom", ".rdf", ".json", ".gz"}


@dataclass
class Account:
    """One file. `missing` has a reason for each entry that feedparser counts and we do not store."""

    n_stored: int = 0
    n_undated: int = 0
    n_future: int = 0
    missing: list[BrokenEntry] = field(default_factory=list)
    remark: str = ""

    def unexplained(self, n_feedparser: int) -> int:
        return 0 if self.remark else n_feedparser - self.n_stored - len(self.missing)


class Command(BaseCommand):
    help = (
        "Reads captured feeds (gzipped or not) and says of each how many entries feedparser counts, how many would be"
        " stored, and why the others would not. Nothing is kept. Fails when a difference has no reason."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="FOLDER|FILE")
        parser.add_argument("--all", action="store_true", help="name feeds without a difference, too")

    def handle(self, *args: Any, **options: Any) -> None:
        sums: Counter[str] = Counter()
        unexplained = []
        for path in _files(options["paths"]):
            body = _bytes(path)
            n_feedparser, account = count_with_feedparser(body), account_for(body, path.name, timezone.now())
            n_left = account.unexplained(n_feedparser)
            unexplained += [path.name] if n_left else []
            sums += Counter(
                feeds=1, feedparser=n_feedparser, stored=account.n_stored, not_stored=len(account.missing),
                undated=account.n_undated, future=account.n_future,
            )  # fmt: skip
            if options["all"] or n_feedparser != account.n_stored or n_left:
                self._tell(path.name, n_feedparser, account, n_left)
        if not sums:
            raise CommandError("no feed was found there")
        self.stdout.write(
            f"{sums['feeds']} feeds: feedparser counts {sums['feedparser']} entries, {sums['stored']} would be stored,"
            f" {sums['not_stored']} not, each with its reason above; {sums['undated']} without a date,"
            f" {sums['future']} dated in the future"
        )
        if unexplained:
            raise CommandError(f"no reason for a difference in: {', '.join(unexplained)}")

    def _tell(self, name: str, n_feedparser: int, account: Account, n_left: int) -> None:
        self.stdout.write(f"{name}: feedparser {n_feedparser}, stored {account.n_stored}")
        for entry in account.missing:
            self.stdout.write(f"  entry {entry.position + 1} ({entry.label[:60]}): {entry.reason}")
        if account.remark:
            self.stdout.write(f"  {account.remark}")
        if n_left:
            self.stdout.write(f"  {n_left} without a reason")


def count_with_feedparser(body: bytes) -> int:
    """Its own count of the bytes as they are; what makes it raise has none."""
    try:
        return len(feedparser.parse(body).entries)
    except Exception:  # feedparser lets Unicode, overflow and value errors through
        return 0


def account_for(body: bytes, name: str, now: datetime) -> Account:
    """Stores the entries as a worker does, counts, and takes all of it back."""
    try:
        parsed = parse_feed(body, f"https://captured.example/{name}")
    except NotAFeed as error:
        return Account(remark=f"no feed: {error}")
    account = Account(missing=list(parsed.broken), remark=_remark(parsed))
    with transaction.atomic():
        _store(parsed, account, now)
        transaction.set_rollback(True)
    account.missing.sort(key=lambda entry: entry.position)
    return account


def _store(parsed: ParsedFeed, account: Account, now: datetime) -> None:
    feed, _ = store.add_feed("https://captured.example/", now=now, outlet=store.outlet_named("captured.example"))
    broken = {entry.position for entry in parsed.broken}
    positions = (position for position in range(len(parsed.entries) + len(broken)) if position not in broken)
    first_at: dict[int, int] = {}
    for position, entry in zip(positions, parsed.entries, strict=True):
        try:
            article, is_new = store.save_article(feed.outlet, entry, now, feed=feed)
        except (DatabaseError, ValueError) as error:
            account.missing.append(BrokenEntry(position, entry.title, str(error).partition("\n")[0]))
            continue
        if is_new:
            first_at[article.pk] = position
            account.n_stored += 1
            account.n_undated += article.published_kind == Article.PublishedKind.MISSING
            account.n_future += article.published_kind == Article.PublishedKind.CLAMPED
        else:
            account.missing.append(BrokenEntry(position, entry.title, _known(first_at.get(article.pk))))


def _known(first: int | None) -> str:
    if first is None:
        return "its page is stored already"
    return f"the same page or identifier as entry {first + 1}: known already"


def _remark(parsed: ParsedFeed) -> str:
    if parsed.format == "json":
        return "JSON Feed, which feedparser does not read"
    if parsed.format.startswith("sitemap"):
        return "a sitemap, which feedparser does not read"
    n_read = len(parsed.entries) + len(parsed.broken)
    return f"{parsed.note}" if n_read == MOST_ENTRIES and "only the first" in parsed.note else ""


def _files(paths: list[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(p for p in path.rglob("*") if p.is_file() and p.suffix in SUFFIXES)
        elif path.is_file():
            yield path
        else:
            raise CommandError(f"{path}: there is no such file or folder")


def _bytes(path: Path) -> bytes:
    try:
        return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    except (OSError, EOFError) as error:
        raise CommandError(f"{path}: {error}") from error
