"""The wiring as a Django app: it has commands, checks and templates, and no models."""

from django.apps import AppConfig
from django.core.checks import Tags, register

from crisisboard.checks import check_celery, check_permit, check_secret


class CrisisboardConfig(AppConfig):
    name = "crisisboard"

    def ready(self) -> None:
        for check in (check_permit, check_secret, check_celery):
            register(check, Tags.security, deploy=True)
