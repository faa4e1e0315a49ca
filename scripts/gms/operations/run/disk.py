"""Disk space that is left where results are written. Standard library only."""

import shutil
from pathlib import Path

LITTLE = 1_000_000_000  # bytes: less than a sample's alignment takes


def disk_notes(folder: Path) -> list[str]:
    """A sentence where so little of the disk is left that this may be why a job failed."""
    try:
        free = shutil.disk_usage(folder).free
    except OSError:
        return []
    return [f"note: only {free // 1_000_000:,} MB are left on the disk of {folder}"] if free < LITTLE else []
