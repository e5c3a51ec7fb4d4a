"""Child processes: started so that they cannot outlive us, under an account that may run them."""

import ctypes
import errno
import os
import pwd
import signal
import stat
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

PR_SET_PDEATHSIG = 1  # linux/prctl.h
_LIBC = ctypes.CDLL(None, use_errno=True)


class Fault(Exception):
    """What keeps the board from running: one sentence, for whoever started it."""


@dataclass(frozen=True, slots=True)
class Account:
    uid: int
    gid: int


def server_account() -> Account | None:
    """PostgreSQL refuses to run as root: then the servers run as `nobody`. None: as ourselves."""
    if os.geteuid() != 0:
        return None
    entry = pwd.getpwnam("nobody")
    return Account(entry.pw_uid, entry.pw_gid)


def spawn(
    command: Sequence[str],
    *,
    env: Mapping[str, str],
    death_signal: signal.Signals,
    account: Account | None = None,
    cwd: Path = Path("/"),
    pass_fds: Sequence[int] = (),
    output: int = subprocess.PIPE,
) -> subprocess.Popen[bytes]:
    """Starts a direct child, in a session of its own: Ctrl-C reaches us alone, and we stop our children in order.

    The kernel sends it `death_signal` when the *thread* that called this ends, so call it from the main thread.
    """
    return subprocess.Popen(  # noqa: S603 - our own command lines alone
        command,
        env=dict(env),
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        preexec_fn=_dies_with(os.getpid(), death_signal),
        pass_fds=pass_fds,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
    )


def run_to_end(
    command: Sequence[str], *, env: Mapping[str, str], account: Account | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own command lines alone
        command,
        env=dict(env),
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        preexec_fn=_dies_with(os.getpid(), signal.SIGKILL),
        check=False,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
    )


def can_reach(account: Account, path: Path) -> bool:
    """Whether the account may enter every folder on the way to `path`, and read what lies there."""
    real = path.resolve()
    may_enter = all(_allows(account, folder, stat.S_IXUSR) for folder in real.parents)
    return may_enter and _allows(account, real, stat.S_IRUSR)


def fault_of(error: OSError) -> Fault:
    """The sentence for a file that could not be made, read or written."""
    where = error.filename or "the data folder"
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return Fault(f"The disk that holds {where} is full: make room and start again.")
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return Fault(f"{where} cannot be written: choose a folder that you own with CRISISBOARD_DATA.")
    return Fault(f"{where}: {error.strerror or error}.")


def own_folder(folder: Path, account: Account | None, mode: int) -> None:
    """Makes the folder with exactly these rights, whatever the umask; never touches its parents."""
    folder.mkdir(parents=True, exist_ok=True)
    entry = folder.lstat()
    owners = {os.geteuid(), account.uid} if account else {os.geteuid()}
    if stat.S_ISLNK(entry.st_mode) or entry.st_uid not in owners:  # a socket folder may lie in /tmp, open to all
        raise Fault(f"{folder} belongs to somebody else: remove it, or choose another CRISISBOARD_DATA.")
    if account:
        os.chown(folder, account.uid, account.gid)
    folder.chmod(mode)


def _allows(account: Account, path: Path, user_bit: int) -> bool:
    entry = path.stat()
    if entry.st_uid == account.uid:
        return bool(entry.st_mode & user_bit)
    if entry.st_gid == account.gid:
        return bool(entry.st_mode & user_bit >> 3)
    return bool(entry.st_mode & user_bit >> 6)


def _dies_with(parent: int, death_signal: signal.Signals) -> Callable[[], None] | None:
    """macOS has no such call: there a killed supervisor leaves its servers, and the next start ends them."""
    if not sys.platform.startswith("linux"):
        return None

    def before_exec() -> None:
        _LIBC.prctl(PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
        if os.getppid() != parent:  # it died before we could ask
            os._exit(1)

    return before_exec
