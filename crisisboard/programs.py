"""What `manage.py up` runs beside the embedded servers: the web server, the worker, beat, and two that run once."""

import os
import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from django.conf import settings

from crisisboard.embedded.supervisor import Program

MANAGE = settings.BASE_DIR / "manage.py"
# Of no use to who reads this log: the first fills a screen, the second is how a laptop is meant to be.
KNOWN = ("You're running the worker with superuser privileges", "No directory at")
# One worker process reads one article at a time: more threads inside numpy only fight over the cores.
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}

SOFT_STOP = {"REMAP_SIGTERM": "SIGQUIT"}  # a worker that is told to end has 20 s for what it is at, then gives it back


def child_env(site_url: str) -> dict[str, str]:
    """What children need to know that only `up` knows."""
    return {
        **os.environ,
        "CRISISBOARD_DATA": str(settings.DATA_DIR),
        "DJANGO_SETTINGS_MODULE": "crisisboard.settings",
        "HOST": settings.HOST,
        "LOG_FORMAT": "bare",  # the journal writes the hour
        "PYTHONUNBUFFERED": "1",
        "SITE_URL": os.environ.get("SITE_URL") or site_url,
    }


def web(env: Mapping[str, str], door: int) -> Program:
    """`door`: the descriptor of the listening socket."""
    command = _module("gunicorn", "-c", "python:crisisboard.gunicorn_config", "--bind", f"fd://{door}")
    return _program("web", command, {"STATEMENT_TIMEOUT_S": "5", **env}, signal.SIGINT, pass_fds=(door,))


def worker(env: Mapping[str, str]) -> Program:
    command = _celery("worker", "--without-gossip", "--without-mingle", "--loglevel", "WARNING")
    return _program("worker", command, {**ONE_THREAD, **SOFT_STOP, **env}, signal.SIGKILL, grace_s=30.0)


def beat(env: Mapping[str, str], folder: Path) -> Program:
    command = _celery(
        "beat",
        "--pidfile=",
        "-S",
        "crisisboard.beat.Scheduler",
        "--schedule",
        str(folder / "beat-schedule"),
        "--loglevel",
        "WARNING",
    )
    return _program("beat", command, env, signal.SIGKILL)


def once(name: str, env: Mapping[str, str], *arguments: str) -> Program:
    """A management command that runs to its end."""
    command = [sys.executable, str(MANAGE), *arguments]
    return _program(name, command, {**ONE_THREAD, **env}, signal.SIGKILL, is_once=True)


def _celery(*arguments: str) -> list[str]:
    return _module("celery", "--quiet", "-A", "crisisboard", *arguments)


def _module(name: str, *arguments: str) -> list[str]:
    known = [word for start in KNOWN for word in ("-W", f"ignore:{start}:UserWarning")]
    return [sys.executable, *known, "-m", name, *arguments]


def _program(
    name: str,
    command: Sequence[str],
    env: Mapping[str, str],
    death_signal: signal.Signals,
    *,
    pass_fds: tuple[int, ...] = (),
    is_once: bool = False,
    grace_s: float = 10.0,
) -> Program:
    return Program(
        name=name,
        command=lambda: command,
        env=env,
        cwd=settings.BASE_DIR,
        death_signal=death_signal,
        pass_fds=pass_fds,
        is_once=is_once,
        grace_s=grace_s,
    )
