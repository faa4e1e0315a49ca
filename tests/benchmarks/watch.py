"""Runs the shell command of a rule and appends what it used, with all that it started, to a table.

Columns: job (RULE/NAME), wall seconds, processor seconds (user and system, of all children that have ended), MB of the
largest process (its resident memory, what /usr/bin/time prints), and the most MB of all its processes together (their
proportional set sizes, five times a second). A MB is 1024 * 1024 bytes here.
"""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import psutil

INTERVAL = 0.2  # seconds; Snakemake's own: 0.5, and 30 after a quarter of a minute


def together(process: psutil.Process) -> int:
    """Bytes of a process and of all below it; pages that several share are counted once."""
    total = 0
    for one in [process, *process.children(recursive=True)]:
        try:
            total += one.memory_full_info().pss
        except (psutil.Error, OSError):
            continue  # ended between listing and looking
    return total


def job_of(command: str) -> str:
    """RULE/JOB, from the log that a rule's command, or the script that it runs, names."""
    script = re.search(r"\S*\.snakemake/scripts/\S+", command)
    text = Path(script[0]).read_text(errors="replace") if script else command
    return re.search(r"logs/([a-z0-9_]+/[\w/-]+)\.log", text)[1]


def main(table: str, command: str) -> int:
    job, start, peak = job_of(command), time.monotonic(), 0
    child = subprocess.Popen(["bash", "-c", command])
    watched = psutil.Process(child.pid)
    while True:
        ended, status, usage = os.wait4(child.pid, os.WNOHANG)
        if ended:
            break
        peak = max(peak, together(watched))
        time.sleep(INTERVAL)
    seconds = time.monotonic() - start
    figures = (seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, peak / 1024**2)
    with open(table, "a") as lines:
        lines.write("\t".join([job, *(f"{figure:.2f}" for figure in figures)]) + "\n")
    code = os.waitstatus_to_exitcode(status)
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
