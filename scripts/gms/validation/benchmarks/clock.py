"""Times a command with everything it starts."""

import os
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple


class Run(NamedTuple):
    """One timed command: wall and processor seconds (its children included), largest resident memory of one (MB)."""

    wall: float
    cpu: float
    memory: float


def timed(command: Sequence[str], log: Path | str = os.devnull, environment: dict[str, str] | None = None) -> Run:
    """Run a command, its output to `log`. Raises CalledProcessError if it fails."""
    start = time.perf_counter()
    with open(log, "w") as out:
        own = os.environ | (environment or {})
        process = subprocess.Popen(command, env=own, stdout=out, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return Run(time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)
