"""Settings: what is not safe or cannot work is refused by name, in one line, by whatever process reads it first."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from crisisboard.tests.running import ROOT, clean_env

KEY, DATABASE_PASSWORD, REDIS_PASSWORD = (f"{seed}f0c1a2b3d4e5968778695a4b3c2d1e0f" * 2 for seed in "abc")
DATABASE_URL = f"postgresql://crisisboard:{DATABASE_PASSWORD}@db:5432/crisisboard"
REDIS_URL = f"redis://:{REDIS_PASSWORD}@redis:6379/0"
GOOD = {"PRODUCTION": "1", "SECRET_KEY": KEY, "DATABASE_URL": DATABASE_URL, "REDIS_URL": REDIS_URL}
APPS = ("crisisboard", "articles", "timeline")
SHOW = "from django.conf import settings as s; print({0})"

BAD = [
    ({"SECRET_KEY": ""}, "SECRET_KEY is not set"),
    ({"SECRET_KEY": KEY[:31]}, "SECRET_KEY is shorter than 32 characters"),
    ({"SECRET_KEY": "change-me-to-something-long-and-random-0123456789"}, "SECRET_KEY is a sample"),
    ({"SECRET_KEY": "django-insecure-8f7d6a5b4c3e2f1a0b9c8d7e6f5a4b3c"}, "SECRET_KEY is a sample"),
    ({"SECRET_KEY": "abab" * 16}, "SECRET_KEY is not random"),
    ({"SECRET_KEY_FILE": "/nowhere/key"}, "SECRET_KEY_FILE=/nowhere/key cannot be read: No such file or directory"),
    ({"SECRET_KEY_FILE": os.devnull}, "SECRET_KEY_FILE=/dev/null is empty"),
    ({"DATABASE_URL": ""}, "DATABASE_URL is not set"),
    ({"DATABASE_URL": "postgresql://crisisboard@db/crisisboard"}, "The password in DATABASE_URL is not set"),
    ({"DATABASE_URL": "postgresql://crisisboard:short@db/crisisboard"}, "The password in DATABASE_URL is shorter"),
    ({"DATABASE_URL": f"postgresql://c:{'password' * 5}@db/c"}, "The password in DATABASE_URL is a sample"),
    ({"DATABASE_URL": f"mysql://c:{DATABASE_PASSWORD}@db/c"}, "DATABASE_URL must start with postgresql://"),
    ({"DATABASE_URL": f"postgresql://c:{DATABASE_PASSWORD}@db"}, "DATABASE_URL names no database"),
    ({"REDIS_URL": ""}, "REDIS_URL is not set"),
    ({"REDIS_URL": "redis://redis:6379/0"}, "The password in REDIS_URL is not set"),
    ({"REDIS_URL": "redis://:1234@redis:6379/0"}, "The password in REDIS_URL is shorter"),
    ({"REDIS_URL": f"http://:{REDIS_PASSWORD}@redis"}, "REDIS_URL must start with redis://"),
    ({"DEBUG": "1"}, "DEBUG=1 shows settings to visitors"),
    ({"PUBLIC_READ": "maybe"}, "PUBLIC_READ must be 0 or 1, not 'maybe'"),
    ({"SITE_URL": "board.example.org"}, "SITE_URL must look like https://"),
    ({"PORT": "70000"}, "PORT must be a whole number from 1 to 65535, not '70000'"),
    ({"WORKER_CONCURRENCY": "many"}, "WORKER_CONCURRENCY must be a whole number"),
    ({"STATEMENT_TIMEOUT_S": "0"}, "STATEMENT_TIMEOUT_S must be a whole number from 1"),
    ({"LOG_LEVEL": "loud"}, "LOG_FORMAT must be line or bare, LOG_LEVEL one of"),
]


def run(*command: str, **env: str) -> subprocess.CompletedProcess[str]:
    settings = {"DJANGO_SETTINGS_MODULE": "crisisboard.settings", **env}
    return subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=clean_env(**settings), capture_output=True, text=True, timeout=60
    )


def show(expression: str, **env: str) -> str:
    done = run("-c", SHOW.format(expression), **env)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_it_starts_with_good_settings() -> None:
    assert show("s.PRODUCTION, s.DEMO, s.PUBLIC_READ", **GOOD) == "True False False"


@pytest.mark.parametrize(("bad", "words"), BAD, ids=[words[:48] for _, words in BAD])
def test_it_refuses(bad: dict[str, str], words: str) -> None:
    done = run("manage.py", "check", **(GOOD | bad))
    assert done.returncode == 1
    assert done.stderr.startswith("Crisisboard does not start: ") and words in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "command",
    [
        ["manage.py", "up"],
        ["-m", "gunicorn", "-c", "python:crisisboard.gunicorn_config"],
        ["-m", "celery", "-A", "crisisboard", "worker"],
        ["-m", "celery", "-A", "crisisboard", "beat"],
    ],
    ids=["up", "gunicorn", "worker", "beat"],
)
def test_it_refuses_in_one_line_whatever_starts(command: list[str]) -> None:
    done = run(*command, **(GOOD | {"SECRET_KEY": ""}))
    assert done.returncode == 1
    assert done.stdout + done.stderr == (
        "Crisisboard does not start: SECRET_KEY is not set. Make one with: openssl rand -hex 32\n"
    )


def test_it_never_shows_a_secret_that_it_refuses() -> None:
    done = run("manage.py", "check", **(GOOD | {"DATABASE_URL": "postgresql://c:hunter2hunter2@db/c"}))
    assert "hunter2" not in done.stdout + done.stderr


def test_it_reads_a_secret_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_text(f"{KEY}\n")
    assert show("s.SECRET_KEY", **(GOOD | {"SECRET_KEY": "", "SECRET_KEY_FILE": str(path)})) == KEY


def test_it_makes_a_key_once_for_a_board_without_one(tmp_path: Path) -> None:
    keys = {show("s.SECRET_KEY", CRISISBOARD_DATA=str(tmp_path / "data")) for _ in range(2)}
    assert len(keys) == 1 and len(keys.pop()) >= 64
    assert (tmp_path / "data" / "secret_key").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("host", "is_open"), [("127.0.0.1", "True"), ("localhost", "True"), ("::1", "True"), ("0.0.0.0", "False")]
)
def test_it_lets_everybody_read_on_loopback_alone(tmp_path: Path, host: str, is_open: str) -> None:
    assert show("s.PUBLIC_READ", CRISISBOARD_DATA=str(tmp_path), HOST=host) == is_open


def test_it_marks_cookies_secure_behind_https() -> None:
    names = "s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_SSL_REDIRECT, s.SECURE_HSTS_SECONDS > 0"
    assert show(names, **GOOD, SITE_URL="https://board.example.org") == "True True True True"


def test_it_takes_a_password_with_every_kind_of_character(tmp_path: Path) -> None:
    url = "postgresql://me:p%40ss%2Fw%3Ard@db.example.org:6543/board?sslmode=require"
    keys = "('PASSWORD', 'HOST', 'PORT', 'NAME')"
    names = f"[s.DATABASES['default'][n] for n in {keys}], s.DATABASES['default']['OPTIONS']['sslmode']"
    expected = "['p@ss/w:rd', 'db.example.org', '6543', 'board'] require"
    assert show(names, CRISISBOARD_DATA=str(tmp_path), DATABASE_URL=url) == expected


def test_it_describes_every_setting() -> None:
    source = (ROOT / "crisisboard/settings.py").read_text()
    names = set(re.findall(r'env\.(?:text|flag|number|port|words|secret|web_address)\(\s*"([A-Z_]+)"', source))
    told = (ROOT / "docs/settings.md").read_text()
    assert len(names) >= 20
    assert sorted(name for name in names if f"`{name}`" not in told) == []


def test_it_describes_no_setting_that_is_gone() -> None:
    told = re.findall(r"^\| `([A-Z_]+)`", (ROOT / "docs/settings.md").read_text(), re.MULTILINE)
    ours = [ROOT / "conftest.py", *(path for app in APPS for path in ROOT.glob(f"{app}/**/*.py"))]
    sources = "".join(path.read_text() for path in ours)
    assert len(told) == len(set(told))
    assert sorted(name for name in told if f'"{name}"' not in sources) == []
