"""manage.py import_opml FILE: follows every feed of an OPML file."""

from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from articles import store
from articles.ingest.opml import MalformedOpml, parse_opml


class Command(BaseCommand):
    help = "Follows every feed of an OPML file. Nothing is fetched by the import itself."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--paused", action="store_true", help="do not fetch them yet")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, and change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            outlines = parse_opml(options["file"].read_bytes())
        except OSError as error:
            raise CommandError(f"{options['file']}: {error.strerror}") from error
        except MalformedOpml as error:
            raise CommandError(f"{options['file']}: {error}") from error
        n_new = n_known = 0
        refused = []
        with transaction.atomic():
            for outline in outlines:
                try:
                    _, is_new = store.add_feed(
                        outline.url, title=outline.title, is_paused=options["paused"], now=timezone.now()
                    )
                except ValueError as error:
                    refused.append(str(error))
                    continue
                n_new += is_new
                n_known += not is_new
            transaction.set_rollback(options["dry_run"])
        self.stdout.write(
            f"{n_new} new, {n_known} there already, {len(refused)} refused"
            + (" (dry run)" if options["dry_run"] else "")
        )
        for reason in refused:
            self.stderr.write(f"refused: {reason}")
