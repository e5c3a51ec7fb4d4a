"""Wiring: settings, addresses, schedule, embedded servers, the demo. Knows both apps; decides nothing."""

from crisisboard.celery import app as celery_app

__all__ = ["celery_app"]
