"""Rules of the run lock: whether a run may start in a results folder, and how a folder is released."""

import pwd
import time
from pathlib import Path

from gms.base.errors import GmsError
from gms.operations.run.orphans import Orphans, end_orphans, find_orphans
from gms.operations.run.run_lock import RECORD, LockRecord, RunLock, read_lock

PATIENCE = 15.0  # seconds that jobs of a scheduler have to end
RELEASE = "release it with the same command and --unlock, then run again"


class FolderInUse(GmsError):
    """Another run is using the results folder."""

    def __init__(self, results: Path, record: LockRecord):
        seen = "" if record.is_here() else f"; its last sign of life was {record.silent:.0f} s ago"
        self.text = f"another run is using the results folder {results}: {record.name}{seen}"
        super().__init__(f"{self.text}.\nNothing was done. Wait until it ends, or stop it there: kill {record.pid}")


class FolderLocked(GmsError):
    """A killed run left its lock, and perhaps processes or jobs."""

    def __init__(self, results: Path, record: LockRecord, left: Orphans):
        text = f"the results folder {results} is locked by {record.name}"
        if record.is_alive() is None:
            text += f".\nIts last sign of life was {record.silent / 3600:.1f} h ago. See there whether it is alive:"
            super().__init__(f"{text} ps -p {record.pid}.\nIf it has ended, {RELEASE}.")
        elif left:
            text += f". It is no longer alive. Still running: {left}.\nWait until they have ended, or end them and "
            super().__init__(f"{text}{RELEASE}.")
        else:
            super().__init__(f"{text}.\nIt is no longer alive and nothing of it is running: {RELEASE}.")


class UnreadableLock(GmsError):
    """A lock file without content."""

    def __init__(self, file: Path):
        super().__init__(f"the lock of the results folder cannot be read: {file}.\nIf no run is using it, {RELEASE}")


def take(results: Path) -> RunLock | None:
    """Lock the results folder for this process; None where it cannot be written to, which the workflow explains.

    Raises FolderInUse and FolderLocked; SchedulerSilent where jobs of a killed run may be running.
    """
    lock = RunLock(results)
    try:
        while not lock.take():
            refuse(results)
    except OSError:
        return None
    return lock


def refuse(results: Path) -> None:
    """Raise the reason why a locked folder may not be used; returns where the lock is gone meanwhile."""
    record = read_lock(results)
    if record is None:
        return unreadable(results)
    if record.is_alive():
        raise FolderInUse(results, record)
    raise FolderLocked(results, record, find_orphans(record))


def unreadable(results: Path, patience: float = 2.0) -> None:
    """Wait for a lock that is being written or removed. Raises UnreadableLock where it stays without content."""
    end = time.monotonic() + patience
    while (results / RECORD).exists():
        if read_lock(results) is not None:
            return
        if time.monotonic() > end:
            raise UnreadableLock(results / RECORD)
        time.sleep(0.05)


def release(results: Path) -> None:
    """Before Snakemake unlocks: end orphans of a dead run, and remove its lock. Raises FolderInUse and others."""
    record = read_lock(results)
    if record is not None:
        if record.is_alive():
            raise FolderInUse(results, record)
        ended = end_orphans(record)
        if ended:
            print(f"Ended: {ended} of {record.name}.", flush=True)
    (results / RECORD).unlink(missing_ok=True)


def remaining_orphans(record: LockRecord) -> Orphans | str:
    """Processes and jobs of a run that ends, after some patience for those that are about to end."""
    end = time.monotonic() + PATIENCE
    try:
        while (left := find_orphans(record)) and time.monotonic() < end:
            time.sleep(0.5)
    except GmsError:
        return "perhaps jobs of the scheduler, which does not answer"
    return left


def lock_since(results: Path) -> str:
    """Time and user of Snakemake's own lock, by its files; empty where they do not show it."""
    try:
        first = min((path.stat() for path in results.glob(".snakemake/locks/*.lock")), key=lambda file: file.st_mtime)
        user = pwd.getpwuid(first.st_uid).pw_name
    except (OSError, ValueError, KeyError):
        return ""
    return f" since {time.strftime('%Y-%m-%d %H:%M:%S', time.localtime(first.st_mtime))}, as user {user}"


def leave(lock: RunLock, code: int) -> None:
    """At the end of a run that failed: keep the lock where some of its processes or jobs are still running, or where a
    signal ended Snakemake (`code` below 0), whose own lock stays then."""
    if not code:
        return
    left = str(remaining_orphans(lock.record))
    if left or code < 0:
        lock.keep()
    if left:
        print(f"note: still running: {left}. The results folder stays locked; use --unlock when they have ended")
