"""The Celery application. Rows in PostgreSQL are the queue; Redis only carries the bell (docs/architecture.md)."""

import os
from typing import Any

from celery import Celery

from crisisboard.start import settings_or_exit


def check_settings(**sent: Any) -> None:
    settings_or_exit()


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crisisboard.settings")
app = Celery("crisisboard")
app.on_configure.connect(check_settings)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["consumer"].add("crisisboard.stand_in:StandIn")
