"""Reads the environment for settings.py; what cannot work or is not safe is refused by name, in one sentence."""

import os
import re
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

SHORTEST_SECRET = 32  # characters
FEWEST_DIFFERENT = 10  # characters in a secret: hexadecimal digits of a random one show 14 to 16
SAMPLE_WORDS = re.compile(
    r"change.?me|insecure|example|sample|secret|password|placeholder|your.?key|required", re.IGNORECASE
)
HOW_TO_MAKE = "Make one with: openssl rand -hex 32"


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def flag(name: str, default: bool) -> bool:
    value = text(name, "1" if default else "0").lower()
    if value not in {"0", "1", "true", "false", "yes", "no", "on", "off"}:
        raise ImproperlyConfigured(f"{name} must be 0 or 1, not {value!r}.")
    return value in {"1", "true", "yes", "on"}


def number(name: str, default: int, least: int = 0, most: int = 10**9) -> int:
    value = text(name, str(default))
    if not value.isascii() or not value.isdigit() or not least <= int(value) <= most:
        raise ImproperlyConfigured(f"{name} must be a whole number from {least} to {most}, not {value!r}.")
    return int(value)


def one_of(name: str, known: tuple[str, ...]) -> str:
    """The first of the known words is the default."""
    value = text(name, known[0])
    if value not in known:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(known)}, not {value!r}.")
    return value


def port(name: str) -> int | None:
    return number(name, 0, 1, 65535) if text(name) else None


def words(name: str, default: str = "") -> list[str]:
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def secret(name: str) -> str:
    """NAME, or what the file holds that NAME_FILE names."""
    path = text(f"{name}_FILE")
    if not path:
        return text(name)
    try:
        value = Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not text"
        raise ImproperlyConfigured(f"{name}_FILE={path} cannot be read: {reason}.") from error
    if not value:
        raise ImproperlyConfigured(f"{name}_FILE={path} is empty.")
    return value


def web_address(name: str, default: str) -> str:
    value = text(name, default).rstrip("/")
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path:
        raise ImproperlyConfigured(f"{name} must look like https://board.example.org, not {value!r}.")
    return value


def kept_secret(path: Path) -> str:
    """The key of a board without SECRET_KEY: made once, kept in the data folder."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.is_file() or not path.read_text(encoding="utf-8").strip():
            draft = path.with_name(f".{path.name}-{secrets.token_hex(4)}")
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(48))
            draft.rename(path)
        return path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ImproperlyConfigured(
            f"{path.parent} cannot be used ({error.strerror}): choose another data folder with CRISISBOARD_DATA."
        ) from error


def database(url: str, statement_timeout_s: int) -> dict[str, Any]:
    """Django's settings for a postgresql:// address."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured("DATABASE_URL must start with postgresql://")
    if not parts.path.strip("/"):
        raise ImproperlyConfigured("DATABASE_URL names no database: postgresql://user:password@host:5432/NAME")
    query = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or query.get("host", "")),
        "PORT": str(parts.port or query.get("port", "")),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "application_name": "crisisboard",
            "connect_timeout": 5,
            **{name: query[name] for name in ("sslmode", "sslrootcert") if name in query},
            # After five runs a prepared statement flips to a generic plan: 3 ms become 819 on ten million events.
            "options": "-c plan_cache_mode=force_custom_plan -c jit=off -c lock_timeout=3s"
            f" -c statement_timeout={statement_timeout_s}s -c idle_in_transaction_session_timeout=30s",
        },
    }


def redis_address(url: str) -> str:
    if urlsplit(url).scheme not in {"redis", "rediss", "unix"}:
        raise ImproperlyConfigured("REDIS_URL must start with redis://, rediss:// or unix://")
    return url


def require_secret(name: str, value: str) -> None:
    """Refuses a secret that is missing, short, a sample, or not random."""
    if not value:
        raise ImproperlyConfigured(f"{name} is not set. {HOW_TO_MAKE}")
    if len(value) < SHORTEST_SECRET:
        raise ImproperlyConfigured(f"{name} is shorter than {SHORTEST_SECRET} characters. {HOW_TO_MAKE}")
    if SAMPLE_WORDS.search(value):
        raise ImproperlyConfigured(f"{name} is a sample, not a secret. {HOW_TO_MAKE}")
    if len(set(value)) < FEWEST_DIFFERENT:
        raise ImproperlyConfigured(
            f"{name} is not random: it holds {len(set(value))} different characters. {HOW_TO_MAKE}"
        )


def require_password_in(name: str, url: str) -> None:
    if not url:
        raise ImproperlyConfigured(f"{name} is not set: with PRODUCTION=1 the board starts no servers of its own.")
    require_secret(f"The password in {name}", unquote(urlsplit(url).password or ""))
