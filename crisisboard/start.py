"""How every process of the board begins: settings that cannot work end it with one line instead of a stack trace."""

import os
import sys

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from django.db import OperationalError

from crisisboard.embedded.addresses import socket_folder


def settings_or_exit() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crisisboard.settings")
    try:
        _ = settings.SECRET_KEY  # the first look reads them all
    except ImproperlyConfigured as error:
        sys.exit(f"Crisisboard does not start: {error}")


def run_command_line(arguments: list[str]) -> None:
    settings_or_exit()
    try:
        execute_from_command_line(arguments)
    except OperationalError:
        if settings.IS_DATABASE_EMBEDDED and not (socket_folder(settings.DATA_DIR) / ".s.PGSQL.5432").exists():
            sys.exit("The board does not run: start it with `manage.py up` first, or set DATABASE_URL.")
        raise
