"""manage.py healthcheck: for a container's health check; exit code 0 or 1, and one line."""

import http.client
import socket
import sys
from argparse import ArgumentParser
from typing import Any

from celery import current_app
from django.conf import settings
from django.core.management import BaseCommand
from redis.exceptions import RedisError

from crisisboard.health import BEAT_LATE_S, beat_age_s

REPLY_S = 5.0


class Command(BaseCommand):
    help = "Says whether this host's web server, worker or beat works."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--role", choices=["web", "worker", "beat"], default="web")

    def handle(self, *args: Any, role: str, **options: Any) -> None:
        try:
            fault = {"web": _web_fault, "worker": _worker_fault, "beat": _beat_fault}[role]()
        except (OSError, RedisError, http.client.HTTPException) as error:
            fault = str(error)
        if fault:
            sys.exit(f"{role}: {fault}")
        self.stdout.write(f"{role}: ok")


def _web_fault() -> str:
    visitor = http.client.HTTPConnection("127.0.0.1", settings.PORT or 8000, timeout=REPLY_S)
    visitor.request("GET", "/healthz", headers={"Host": "localhost"})
    status = visitor.getresponse().status
    return "" if status == 200 else f"/healthz answers {status}"


def _worker_fault() -> str:
    """The worker of this host: its main process answers even while its child is busy."""
    own = f"celery@{socket.gethostname()}"
    replies = current_app.control.ping(destination=[own], timeout=REPLY_S, limit=1)
    return "" if replies else f"{own} does not answer within {REPLY_S:.0f} s"


def _beat_fault() -> str:
    age_s = beat_age_s()
    if age_s is None:
        return "never seen"
    return "" if age_s <= BEAT_LATE_S else f"last seen {age_s:.0f} s ago"
