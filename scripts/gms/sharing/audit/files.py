"""The files of an audit log: one that many processes write to in turn, one that is whole at any time; their errors."""

import contextlib
import fcntl
import os
import stat
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from gms.base.errors import GmsError

LOCK_SECONDS = 60  # an append takes milliseconds; hundreds of jobs may end at once
SHARED, EXCLUSIVE = fcntl.LOCK_SH, fcntl.LOCK_EX
_THREADS = threading.Lock()  # POSIX locks do not hold between the threads of one process


class LockError(GmsError):
    """A file stayed locked."""

    def __init__(self, path: Path):
        super().__init__(f"{path} was locked by another process for {LOCK_SECONDS} s. Run the same command again.")


@contextlib.contextmanager
def locked(file: BinaryIO, path: Path, kind: int) -> Iterator[None]:
    """Hold a lock (`SHARED` or `EXCLUSIVE`) on an open file; POSIX locks hold on network file systems as well.

    Raises LockError after a minute.
    """
    until = time.monotonic() + LOCK_SECONDS
    with _THREADS:
        while not _lock(file, kind):
            if time.monotonic() > until:
                raise LockError(path)
            time.sleep(0.01)
        try:
            yield
        finally:
            fcntl.lockf(file, fcntl.LOCK_UN)


def _lock(file: BinaryIO, kind: int) -> bool:
    try:
        fcntl.lockf(file, kind | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True


def replace_file(path: Path, content: bytes, like: os.stat_result | None = None) -> None:
    """Write a file so that after a crash there is the old or the new one, whole.

    It gets the mode and, as far as this user may, the group of the file that `like` is of, whatever the umask.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(path.name + ".new")
    new.unlink(missing_ok=True)  # of a crash; it may be another user's
    with new.open("xb") as file:
        if like:
            with contextlib.suppress(PermissionError):
                os.fchown(file.fileno(), -1, like.st_gid)
            os.fchmod(file.fileno(), stat.S_IMODE(like.st_mode))
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


class AuditError(GmsError):
    """The audit log cannot be used; says why and what to do."""


class LogCut(AuditError):
    """A log that lacks what its head, an anchor or a checkpoint was signed for."""

    def __init__(self, path: Path, lacks: str):
        super().__init__(
            f"The audit log {path} does not hold {lacks}: it was cut or changed. Nothing was done. './gms export log' "
            "shows what is wrong; restore the log from the backup."
        )


class HeadRemoved(AuditError):
    """A log of several entries without its head."""

    def __init__(self, path: Path):
        super().__init__(
            f"The audit log {path} has entries, but its head, {head_path(path).name}, was removed. Nothing was done. "
            "Restore it from the backup, or copy the newest anchor there: it is the head of its time."
        )


def head_path(path: Path) -> Path:
    """The head of a log: sequence and digest of its last entry, signed; next to the log."""
    return path.with_name(path.name + ".head.json")
