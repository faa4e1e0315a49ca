"""What a run that ended left at work: processes of this machine and jobs of the scheduler. Both still write to the
results folder; they are found by the run's record, and ended where that is asked for."""

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
from gms.operations.run.run_lock import TOKEN, Holder, process_began

PATIENCE = 60.0  # seconds to wait until what was ended is gone


class SchedulerSilent(GmsError):
    """Whether jobs are left cannot be known now."""

    def __init__(self, command: str, said: str):
        end = (said.strip().splitlines() or ["nothing"])[-1]
        text = (
            f"the scheduler does not answer ({command} says: {end}), so whether jobs of the last run are still at work"
        )
        super().__init__(f"{text} cannot be known; nothing was done. Run the same command again when it answers")


@dataclass
class Leftovers:
    """Numbers of processes here, and ids of jobs at the scheduler."""

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


def counted(number: int, noun: str, plural: str = "s") -> str:
    """3 jobs, 1 job."""
    return f"{number} {noun}{plural if number != 1 else ''}"


def shown(names: Iterable[object], most: int = 5) -> str:
    """The first few of many names."""
    names = [str(name) for name in names]
    return ", ".join([*names[:most], *(["…"] if len(names) > most else [])])


def find_leftovers(holder: Holder) -> Leftovers:
    """What is still at work for a run. Raises SchedulerSilent."""
    return Leftovers(processes_of(holder), [job for run in holder.cluster_runs for job in jobs_of(run)])


def processes_of(holder: Holder) -> list[int]:
    """Processes with the token of the run in their environment, less the process that asks and its parents."""
    sought, own = f"{TOKEN}={holder.token}", lineage(os.getpid())
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
    """Whether `NAME=value` is in the environment a process began with; False where that may not be read."""
    with suppress(OSError), open(f"/proc/{pid}/environ", "rb") as variables:
        return sought.encode() in variables.read().split(b"\0")
    return False


def jobs_of(run: str) -> list[str]:
    """Ids of the jobs of `run` (SLURM or SGE, and their name) that wait, run or end there. Raises SchedulerSilent."""
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


def end_leftovers(holder: Holder) -> Leftovers:
    """End what a run left, and wait until it is gone; returns what that was. Raises SchedulerSilent and GmsError."""
    first = left = find_leftovers(holder)
    begin = time.monotonic()
    while left:
        waited = time.monotonic() - begin
        if waited > PATIENCE:
            text = (
                f"{left} of the last run did not end within {PATIENCE:.0f} s; nothing was released. Jobs of a node that"
            )
            raise GmsError(f"{text} is down end with it, or by their scheduler's administrators; then --unlock again")
        cancel(left.jobs, holder)
        for pid in left.processes:
            with suppress(OSError):
                os.kill(pid, signal.SIGTERM if waited < PATIENCE / 6 else signal.SIGKILL)
        time.sleep(0.5)
        left = find_leftovers(holder)
    return first


def cancel(jobs: list[str], holder: Holder) -> None:
    """Take jobs of a run from its scheduler; one that ended meanwhile is no error."""
    if jobs:
        command = "qdel" if holder.cluster_runs[0].startswith("SGE ") else "scancel"
        with suppress(OSError, subprocess.TimeoutExpired):  # those that stay are asked for again
            subprocess.run([command, *jobs], capture_output=True, timeout=120)
