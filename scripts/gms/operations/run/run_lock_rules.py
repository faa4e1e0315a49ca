"""Whether a run may begin in a results folder, and how a folder is released. All refusals are sentences."""

import pwd
import time
from pathlib import Path

from gms.base.errors import GmsError
from gms.operations.run.orphans import Leftovers, end_leftovers, find_leftovers
from gms.operations.run.run_lock import RECORD, Hold, Holder, holder_of

PATIENCE = 15.0  # seconds in which a scheduler's jobs come to their end
RELEASE = "release it with the same command and --unlock, then run again"


class FolderInUse(GmsError):
    """Another run is at work in the results folder."""

    def __init__(self, results: Path, holder: Holder):
        seen = "" if holder.is_here() else f"; its last sign of life was {holder.silent:.0f} s ago"
        self.text = f"another run is at work in the results folder {results}: {holder.name}{seen}"
        super().__init__(f"{self.text}.\nNothing was done. Wait until it ends, or stop it there: kill {holder.pid}")


class FolderLocked(GmsError):
    """A run that was killed left its lock, and perhaps more."""

    def __init__(self, results: Path, holder: Holder, left: Leftovers):
        text = f"the results folder {results} is locked by {holder.name}"
        if holder.is_alive() is None:
            text += f".\nIts last sign of life was {holder.silent / 3600:.1f} h ago. See there whether it is alive:"
            super().__init__(f"{text} ps -p {holder.pid}.\nIf it has ended, {RELEASE}.")
        elif left:
            text += f". It is no longer alive, but left {left} at work.\nWait until they have ended, or end them and "
            super().__init__(f"{text}{RELEASE}.")
        else:
            super().__init__(f"{text}.\nIt is no longer alive and nothing of it is at work: {RELEASE}.")


def take(results: Path) -> Hold | None:
    """Hold the results folder for this process; None where nothing can be written there, which the workflow explains.

    Raises FolderInUse and FolderLocked; SchedulerSilent where jobs of a killed run may be at work.
    """
    hold = Hold(results)
    try:
        while not hold.take():
            refuse(results)
    except OSError:
        return None
    return hold


def refuse(results: Path) -> None:
    """Raise the reason why a held folder may not be used; returns where there is none, the record being gone."""
    holder = holder_of(results)
    if holder is None:
        return unreadable(results)
    if holder.is_alive():
        raise FolderInUse(results, holder)
    raise FolderLocked(results, holder, find_leftovers(holder))


def unreadable(results: Path, patience: float = 2.0) -> None:
    """Wait for a record that is just being written or removed. Raises GmsError where it stays without content."""
    end = time.monotonic() + patience
    while (results / RECORD).exists():
        if holder_of(results) is not None:
            return
        if time.monotonic() > end:
            text = f"the record of who holds the results folder cannot be read: {results / RECORD}"
            raise GmsError(f"{text}.\nIf no run is at work there, {RELEASE}")
        time.sleep(0.05)


def release(results: Path) -> None:
    """Before Snakemake unlocks: end what a dead run left, and remove its record. Raises FolderInUse and others."""
    holder = holder_of(results)
    if holder is not None:
        if holder.is_alive():
            raise FolderInUse(results, holder)
        ended = end_leftovers(holder)
        if ended:
            print(f"Ended: {ended} of {holder.name}.", flush=True)
    (results / RECORD).unlink(missing_ok=True)


def last_leftovers(holder: Holder) -> Leftovers | str:
    """What a run that ends leaves at work, when what was about to end has ended."""
    end = time.monotonic() + PATIENCE
    try:
        while (left := find_leftovers(holder)) and time.monotonic() < end:
            time.sleep(0.5)
    except GmsError:
        return "perhaps jobs of the scheduler, which does not answer"
    return left


def lock_since(results: Path) -> str:
    """Since when Snakemake's own lock is there, and of which user, as its files tell; empty where they do not."""
    try:
        first = min((path.stat() for path in results.glob(".snakemake/locks/*.lock")), key=lambda file: file.st_mtime)
        user = pwd.getpwuid(first.st_uid).pw_name
    except (OSError, ValueError, KeyError):
        return ""
    return f" since {time.strftime('%Y-%m-%d %H:%M:%S', time.localtime(first.st_mtime))}, as user {user}"


def leave(hold: Hold, code: int) -> None:
    """At the end of a run that failed: where something of it is still at work, or Snakemake was ended by a signal
    (`code` below 0), so that its own lock stays, the folder stays held."""
    if not code:
        return
    left = str(last_leftovers(hold.holder))
    if left or code < 0:
        hold.keep()
    if left:
        print(
            f"note: {left} of this run still at work; the results folder stays locked: when they have ended, --unlock"
        )
