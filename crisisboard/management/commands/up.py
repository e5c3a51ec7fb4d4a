"""manage.py up: the whole board on this machine."""

import sys
from typing import Any

from django.core.management import BaseCommand

from crisisboard.board import Board
from crisisboard.embedded.processes import Fault


class Command(BaseCommand):
    help = (
        "Runs the whole board: embedded PostgreSQL and Valkey (unless DATABASE_URL, REDIS_URL name others), web server,"
        " worker and beat. Ctrl-C stops all of it. HOST and PORT choose the address."
    )
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            Board().run()
        except Fault as fault:
            sys.exit(str(fault))
