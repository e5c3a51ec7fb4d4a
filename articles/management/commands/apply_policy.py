"""manage.py apply_policy: takes away what outlets do not let us keep, and says what that was."""

from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from articles import queries, store


class Command(BaseCommand):
    help = "Cuts stored texts, raw copies and quotes to what each outlet's storage policy allows. There is no way back."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("outlets", nargs="*", help="slugs; all outlets when none is given")

    def handle(self, *args: Any, **options: Any) -> None:
        outlets = queries.outlets_with_slugs(options["outlets"])
        unknown = set(options["outlets"]) - {outlet.slug for outlet in outlets}
        if unknown:
            raise CommandError(f"no outlet is called {', '.join(sorted(unknown))}")
        self.stdout.write(str(store.apply_policy(outlets, timezone.now())))
