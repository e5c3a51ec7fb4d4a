"""Is the board alive (`/healthz`), and is it ready (`/readyz`)?

Alive asks nobody: a restart cures a dead process, not a dead database. Ready asks the database, Redis, the
migrations and beat, with a deadline, because a server behind a broken network answers neither yes nor no.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooSlow
from functools import cache as remember
from time import monotonic, time

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from redis.exceptions import RedisError

DEADLINE_S = 1.5  # for all questions together
BEAT_KEY = "beat.seen_at"  # epoch seconds; written by crisisboard.beat
BEAT_LATE_S = 90.0

_askers = ThreadPoolExecutor(max_workers=4, thread_name_prefix="readiness")


@login_not_required
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    answers = ask_all()
    is_ready = all(answer == "ok" for answer in answers.values())
    return JsonResponse(answers, status=200 if is_ready else 503)


def ask_all() -> dict[str, str]:
    """Name → "ok" or what is wrong, in words that show no address and no secret."""
    until = monotonic() + DEADLINE_S
    asked = {name: _askers.submit(question) for name, question in QUESTIONS.items()}
    answers = {}
    for name, future in asked.items():
        try:
            answers[name] = future.result(timeout=max(0.0, until - monotonic()))
        except TooSlow:
            answers[name] = "no answer in time"
    return answers


def beat_age_s() -> float | None:
    """Seconds since beat last looked at its schedule; None: never, or Redis has forgotten."""
    seen_at = cache.get(BEAT_KEY)
    return None if seen_at is None else max(0.0, time() - seen_at)


def _ask_database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        missing = _migrations_on_disk() - set(MigrationRecorder(connection).applied_migrations())
    except DatabaseError:
        return "does not answer"
    finally:
        connection.close()  # it belongs to this thread alone
    return f"{len(missing)} migrations not applied" if missing else "ok"


def _ask_redis() -> str:
    try:
        cache.get(BEAT_KEY)
    except RedisError:
        return "does not answer"
    return "ok"


def _ask_beat() -> str:
    try:
        age_s = beat_age_s()
    except RedisError:
        return "not known"
    if age_s is None:
        return "never seen"
    return "ok" if age_s <= BEAT_LATE_S else f"last seen {age_s:.0f} s ago"


@remember
def _migrations_on_disk() -> frozenset[tuple[str, str]]:
    loader = MigrationLoader(None, ignore_no_migrations=True)
    return frozenset(loader.disk_migrations)


QUESTIONS: dict[str, Callable[[], str]] = {"database": _ask_database, "redis": _ask_redis, "beat": _ask_beat}
