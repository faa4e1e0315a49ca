"""The results folder."""

import os
from pathlib import Path

from gms.base.errors import GmsError


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
