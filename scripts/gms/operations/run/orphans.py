"""Orphaned processes and jobs: what a run that ended left running on this machine and at the scheduler. Both still
write to the results folder. They are found by the record of the run, and ended by --unlock."""

import os
import signal
import subprocess
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from gms.base.errors import GmsError
from gms.base.problems import counted
from gms.operations.run.run_lock import TOKEN, LockRecord, process_began

PATIENCE = 60.0  # seconds that orphans have to end


class SchedulerSilent(GmsError):
    """The scheduler does not answer, so orphaned jobs cannot be ruled out."""

    def __init__(self, command: str, said: str):
        end = (said.strip().splitlines() or ["nothing"])[-1]
        text = (
            f"the scheduler does not answer ({command} says: {end}), so whether jobs of the last run are still running"
        )
        super().__init__(f"{text} cannot be known; nothing was done. Run the same command again when it answers")


@dataclass
class Orphans:
    """Process ids on this machine, and ids of jobs at the scheduler."""

    processes: list[int] = field(default_factory=list)
    jobs: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.processes or self.jobs)

    def __str__(self) -> str:
        here = (
            f"{counted(len(self.processes), 'process', 'es')} here ({shown(self.processes)})" if self.processes else ""
        )
        there = f"{counted(len(self.jobs), 'job')} of the scheduler ({shown(self.jobs)})" if self.jobs else ""
        return " and ".join(part for part in (here, there) if part)


class StubbornOrphans(GmsError):
    """Orphans that do not end."""

    def __init__(self, left: Orphans):
        text = f"{left} of the last run did not end within {PATIENCE:.0f} s; nothing was released"
        super().__init__(f"{text}. Jobs on a node that is down are ended by an administrator; then --unlock again")


def shown(names: Iterable[object], most: int = 5) -> str:
    """The first few of many names."""
    names = [str(name) for name in names]
    return ", ".join([*names[:most], *(["…"] if len(names) > most else [])])


def find_orphans(record: LockRecord) -> Orphans:
    """Processes and jobs of a run that are still running. Raises SchedulerSilent."""
    return Orphans(processes_of(record), [job for run in record.cluster_runs for job in jobs_of(run)])


def processes_of(record: LockRecord) -> list[int]:
    """Processes with the token of the run in their environment, except this process and its parents."""
    sought, own = f"{TOKEN}={record.token}", lineage(os.getpid())
    numbers = [int(path.name) for path in Path("/proc").glob("[0-9]*")]
    return [pid for pid in numbers if pid not in own and has_variable(pid, sought) and process_began(pid)]


def lineage(pid: int) -> set[int]:
    """A process and its parents."""
    found: set[int] = set()
    while pid > 0 and pid not in found:
        found.add(pid)
        with suppress(OSError):
            pid = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    return found


def has_variable(pid: int, sought: str) -> bool:
    """Whether `NAME=value` is in the initial environment of a process; False where that may not be read."""
    with suppress(OSError), open(f"/proc/{pid}/environ", "rb") as variables:
        return sought.encode() in variables.read().split(b"\0")
    return False


def jobs_of(run: str) -> list[str]:
    """Ids of the jobs of `run` (SLURM or SGE, and their name) in the queue. Raises SchedulerSilent."""
    scheduler, _, name = run.rpartition(" ")
    if scheduler != "SGE":
        return ask("squeue", "--noheader", "--format=%A", f"--name={name}").split()
    end = name.rpartition("_")[2][:8]  # less a prefix that several runs may have
    try:
        jobs = ElementTree.fromstring(said := ask("qstat", "-xml", "-u", "*")).iter("job_list")
    except ElementTree.ParseError:
        raise SchedulerSilent("qstat", said) from None
    return [job.findtext("JB_job_number") for job in jobs if (job.findtext("JB_name") or "").endswith(f"_{end}")]


def ask(*command: str) -> str:
    """What a scheduler's command prints. Raises SchedulerSilent."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    except FileNotFoundError:
        raise SchedulerSilent(command[0], "not found on this machine") from None
    except subprocess.TimeoutExpired:
        raise SchedulerSilent(command[0], "nothing for 2 minutes") from None
    if done.returncode:
        raise SchedulerSilent(command[0], done.stderr or done.stdout)
    return done.stdout


def end_orphans(record: LockRecord) -> Orphans:
    """End orphans of a run, wait until they are gone, and return them. Raises SchedulerSilent and StubbornOrphans."""
    first = left = find_orphans(record)
    begin = time.monotonic()
    while left:
        waited = time.monotonic() - begin
        if waited > PATIENCE:
            raise StubbornOrphans(left)
        cancel(left.jobs, record)
        for pid in left.processes:
            with suppress(OSError):
                os.kill(pid, signal.SIGTERM if waited < PATIENCE / 6 else signal.SIGKILL)
        time.sleep(0.5)
        left = find_orphans(record)
    return first


def cancel(jobs: list[str], record: LockRecord) -> None:
    """Cancel jobs of a run at its scheduler; one that ended meanwhile is not an error."""
    if jobs:
        command = "qdel" if record.cluster_runs[0].startswith("SGE ") else "scancel"
        with suppress(OSError, subprocess.TimeoutExpired):  # those that stay are asked for again
            subprocess.run([command, *jobs], capture_output=True, timeout=120)
