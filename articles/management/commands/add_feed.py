"""manage.py add_feed URL: starts to follow a feed."""

from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from articles import store


class Command(BaseCommand):
    help = "Follows a feed: it is fetched at the next ring."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("url")
        parser.add_argument("--outlet", default="", help="slug of its outlet; made from the host name when new")
        parser.add_argument("--title", default="")
        parser.add_argument("--paused", action="store_true", help="do not fetch it yet")

    def handle(self, *args: Any, **options: Any) -> None:
        outlet = store.outlet_named(options["outlet"]) if options["outlet"] else None
        try:
            feed, is_new = store.add_feed(
                options["url"], outlet=outlet, title=options["title"], is_paused=options["paused"], now=timezone.now()
            )
        except ValueError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{'added' if is_new else 'there already'}: {feed.url} ({feed.outlet.name})")
