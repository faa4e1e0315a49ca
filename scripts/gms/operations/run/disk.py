"""The results folder: whether it can be made and written to, and what is left of its disk. Standard library only."""

import os
import shutil
from pathlib import Path

from gms.base.errors import GmsError

LITTLE = 1_000_000_000  # bytes: less than a sample's alignment takes


def make_results(folder: Path) -> None:
    """Make the results folder where it is missing. Raises GmsError where that, or writing to it, is not possible."""
    reason = "this user may not write there"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        parts = [path for path in (folder, folder / ".snakemake") if path.exists()]
        writable = all(os.access(path, os.W_OK | os.X_OK) for path in parts)
    except OSError as error:
        writable, reason = False, (error.strerror or "it cannot be made").lower()
    if not writable:
        text = f"the results folder '{folder}' cannot be used: {reason}"
        raise GmsError(f"{text}; write another  results:  in the config")


def disk_notes(folder: Path) -> list[str]:
    """A sentence where so little of the disk is left that this may be why a job failed."""
    try:
        free = shutil.disk_usage(folder).free
    except OSError:
        return []
    return [f"note: only {free // 1_000_000:,} MB are left on the disk of {folder}"] if free < LITTLE else []
