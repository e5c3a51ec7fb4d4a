"""Where the embedded servers listen: unix sockets in the data folder, or in a short path when that one is too long."""

import hashlib
import os
import tempfile
from pathlib import Path

LONGEST_SOCKET_PATH = 100  # bytes; the kernel's limit is 108 on Linux, 104 on macOS


def socket_folder(data: Path) -> Path:
    folder = data / "run"
    if len(os.fsencode(folder / ".s.PGSQL.5432")) < LONGEST_SOCKET_PATH:
        return folder
    digest = hashlib.sha256(os.fsencode(data)).hexdigest()[:10]
    return Path(tempfile.gettempdir()) / f"crisisboard-{os.getuid()}-{digest}"


def postgres_url(data: Path) -> str:
    return f"postgresql://crisisboard@/crisisboard?host={socket_folder(data)}"


def redis_url(data: Path) -> str:
    """For redis-py; Celery's transport wants `broker_url`."""
    return f"unix://{socket_folder(data) / 'valkey.sock'}?db=0"


def broker_url(url: str) -> str:
    """The address that Celery's Redis transport takes for a redis-py address."""
    if url.startswith("unix://"):
        path, _, query = url.removeprefix("unix://").partition("?")
        return f"redis+socket://{path}?{query.replace('db=', 'virtual_host=')}"
    return url
