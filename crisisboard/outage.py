"""When the database or Redis is away: one line in the log, and a page that says so, instead of a stack trace."""

import logging
import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.csrf import requires_csrf_token
from kombu.exceptions import OperationalError as BrokerAway
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

AWAY = (OperationalError, InterfaceError)
REDIS_AWAY = (RedisConnectionError, RedisTimeoutError, BrokerAway)


class ShortForOutage(logging.Filter):
    """Leaves of an outage what a reader of the log needs: where it was met, and what the database said."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if isinstance(error, (*AWAY, *REDIS_AWAY)):
            who = "the database" if isinstance(error, AWAY) else "Redis"
            said = str(error).strip().splitlines() or [type(error).__name__]
            record.msg, record.args = f"{record.getMessage()}: {who} is away: {said[0]}", ()
            record.exc_info = record.exc_text = None
        return True


@requires_csrf_token
def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler500. Its templates know neither the request nor the database: either may be what broke."""
    is_away = isinstance(sys.exc_info()[1], AWAY)
    response = HttpResponse(
        render_to_string("503.html" if is_away else "500.html"),
        status=503 if is_away else 500,
        content_type="text/html",
    )
    if is_away:
        response["Retry-After"] = "10"
    return response
