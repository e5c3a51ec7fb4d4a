"""What `manage.py check --deploy` refuses besides Django's own list."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.core.exceptions import ImproperlyConfigured

from crisisboard.environment import require_secret

MARGIN_S = 30  # a task may still be ending when Redis would hand it out again


def check_permit(app_configs: Sequence[AppConfig] | None, **options: Any) -> list[CheckMessage]:
    if not settings.FETCH_TEST_PERMIT:
        return []
    return [Error("FETCH_TEST_PERMIT lets feeds reach this machine: it is for tests alone.", id="crisisboard.E001")]


def check_secret(app_configs: Sequence[AppConfig] | None, **options: Any) -> list[CheckMessage]:
    try:
        require_secret("SECRET_KEY", settings.SECRET_KEY)
    except ImproperlyConfigured as error:
        return [Error(str(error), id="crisisboard.E002")]
    return []


def check_celery(app_configs: Sequence[AppConfig] | None, **options: Any) -> list[CheckMessage]:
    """A task that runs longer than the visibility timeout runs twice; pickle runs what it is sent."""
    faults: list[CheckMessage] = []
    least_s = settings.CELERY_TASK_TIME_LIMIT + MARGIN_S
    timeouts_s = (
        settings.CELERY_VISIBILITY_TIMEOUT,
        settings.CELERY_BROKER_TRANSPORT_OPTIONS.get("visibility_timeout", 0),
    )
    if min(timeouts_s) <= least_s:
        faults.append(Error(f"visibility_timeout must be more than {least_s} s in both places.", id="crisisboard.E003"))
    if settings.CELERY_TASK_SERIALIZER != "json" or set(settings.CELERY_ACCEPT_CONTENT) != {"json"}:
        faults.append(Error("Celery must send and accept JSON alone.", id="crisisboard.E004"))
    return faults
