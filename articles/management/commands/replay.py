"""manage.py replay: reads a raw copy once more, as it came, and tells what comes of it. Stores nothing."""

import sys
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from articles import queries, store
from articles.ingest.children import apart
from articles.ingest.extract import NotAPage, as_utf8, extract_page
from articles.ingest.feeds import NotAFeed, parse_feed
from articles.ingest.records import Page
from articles.ingest.scan import TooComplex
from articles.models import RawCopy


class Command(BaseCommand):
    help = "Without a number: which raw copies are kept, those that could not be read first. With one: reads it again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("copy", nargs="?", type=int, help="number of a raw copy")
        parser.add_argument("--bytes", action="store_true", help="writes the bytes as they came, and nothing else")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["copy"] is None:
            for kept in queries.raw_copies():
                what = kept.problem or "read"
                self.stdout.write(f"{kept.pk:8} {kept.seen_at:%Y-%m-%d %H:%M} {kept.n_bytes:9,} {kept.url}: {what}")
            return
        copy = queries.raw_copy(options["copy"])
        if copy is None:
            raise CommandError(f"there is no raw copy {options['copy']}")
        try:
            page = store.unpacked(copy)
        except ValueError as error:
            raise CommandError(str(error)) from error
        if options["bytes"]:
            sys.stdout.buffer.write(page.body)
        else:
            self.stdout.write(_read(copy, page))


def _read(copy: RawCopy, page: Page) -> str:
    content_type = page.headers["content-type"]
    try:
        if copy.feed_id:
            parsed = apart(parse_feed, page.body, page.url, content_type)
            lines = [
                f"{parsed.format}, {len(parsed.entries)} entries, {len(parsed.broken)} broken {parsed.note}".strip()
            ]
            return "\n".join([*lines, *(f"  {broken.label}: {broken.reason}" for broken in parsed.broken)])
        found = apart(extract_page, as_utf8(page.body, content_type), page.url)
        return f"{found.title}\n{found.published_at or 'no date'} {found.author}\n({found.extractor})\n\n{found.text}"
    except (NotAFeed, NotAPage, TooComplex) as error:
        return f"not read: {error}"
