"""How gunicorn serves the board: `gunicorn -c python:crisisboard.gunicorn_config crisisboard.wsgi --bind HOST:PORT`."""

from pathlib import Path

from django.conf import settings
from django.db import connections
from django.utils.module_loading import import_string
from gunicorn.workers.base import Worker

from crisisboard.start import settings_or_exit

settings_or_exit()

wsgi_app = "crisisboard.wsgi"
worker_class = "gthread"
workers = 1
threads = 8
graceful_timeout = 5  # seconds
keepalive = 5  # seconds
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - a heartbeat on a disk can stall
control_socket_disable = True
accesslog = None
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": settings.LOGGING["formatters"],
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"level": "WARNING", "handlers": ["console"]},
    "loggers": {
        "gunicorn.error": {"level": "WARNING", "handlers": ["console"], "propagate": False, "qualname": "gunicorn"}
    },
}


def post_worker_init(worker: Worker) -> None:
    """In the first worker alone, so that the log shows the link once a start."""
    if worker.age == 1:
        import_string("crisisboard.first_admin.announce_link")()  # needs apps that gunicorn itself never loads
        connections.close_all()  # the threads that answer open their own
