"""Failure reasons: memory, time, disk, the node, or a signal, as far as logs and the scheduler show them.

Each reason is a sentence with the rule, the case or sample, what the job had asked for and what to set. The patterns
are what Slurm 22.05 (with and without cgroups), Grid Engine 8.1, Linux, Python, Java and the tools print."""

import re
import shutil
from collections.abc import Iterable
from pathlib import Path

from gms.operations.run.events import Job

DISK = re.compile(r"No space left on device|Disk quota exceeded|\bENOSPC\b|\bEDQUOT\b|\[Errno (28|122)\]")
TIME = re.compile(
    r"DUE TO TIME LIMIT|status is: 'TIMEOUT'|status is: 'DEADLINE'|exceeded hard wallclock|\bh_rt\b.*exceed"
)
MEMORY = re.compile(
    r"exceeded (job )?memory limit|\boom[-_ ]?kill|OUT_OF_MEMORY|\bOut Of Memory\b|std::bad_alloc|\bMemoryError\b|"
    r"Cannot allocate memory|java\.lang\.OutOfMemoryError|failed to allocate memory|Out of memory",
    re.IGNORECASE,
)
NODE = re.compile(r"status is: '(NODE_FAIL|BOOT_FAIL|PREEMPTED)'|DUE TO (NODE FAILURE|PREEMPTION)")
CANCELLED = re.compile(r"status is: 'CANCELLED'")
UNSUBMITTED = re.compile(r"(sbatch|qsub) failed")
SILENT = re.compile(r"Unable to contact slurm controller|unable to (contact|send message to) qmaster", re.IGNORECASE)
KILLED = re.compile(r"SIGKILL|non-zero exit status 137|^Killed$|task \d+: Killed|signal 9\b")
USED = re.compile(r"exceeded memory limit \((\d+) > \d+\)")
LITTLE_DISK = 1_000_000_000  # bytes: less than a sample's alignment takes
AGAIN = "the same command starts it again"


def failure_reason(job: Job, lines: Iterable[str], on_cluster: bool) -> str | None:
    """The reason why a job failed, given the lines of its logs; None where nothing is recognised."""
    text = "\n".join([job.message, *job.said, *job.raised, *lines])
    if DISK.search(text):
        return "the disk was full: make room, then run again; partly written output was removed"
    if TIME.search(text):
        return short_of(job, "runtime", "time", "minutes")
    if MEMORY.search(text):
        return short_of(job, "mem_mb", "memory", "MB", used(text)) if on_cluster else short_of_memory_here(job)
    if NODE.search(text):
        return f"its node failed or the job was preempted: {AGAIN}"
    if UNSUBMITTED.search(text):
        why = "the scheduler did not answer" if SILENT.search(text) else "the scheduler refused the job"
        return f"{why}: {AGAIN}" if SILENT.search(text) else f"{why}; see what it said, and the profile"
    if CANCELLED.search(text):
        return f"it was cancelled at the scheduler: {AGAIN}"
    if KILLED.search(text):
        return f"it was killed from outside: {AGAIN}" if on_cluster else short_of_memory_here(job)
    return None


def used(text: str) -> int | None:
    """Peak memory (MB) of the job according to Slurm."""
    found = [int(number) for number in USED.findall(text)]
    return max(found) // 2**20 + 1 if found else None


def short_of(job: Job, resource: str, noun: str, unit: str, used: int | None = None) -> str:
    """The reason for a job that exceeded its request at a scheduler, with the option that doubles it."""
    subject = f"rule {job.rule}" + (f" of {job.subject}" if not job.subject.startswith("rule ") else "")
    had = job.amounts.get(resource)
    if had is None:
        return f"{subject} ran out of {noun}; ask for more: --set-resources {job.rule}:{resource}={unit.upper()}"
    tries = [attempt[resource] for attempt in job.earlier if resource in attempt]
    before = f" (in earlier attempts {', '.join(map(str, tries))})" if tries else ""
    found = f" and used {used}" if used else ""
    wanted = 2 * max(had, used or 0)
    text = f"{subject} ran out of {noun}: it had {had} {unit}{found}{before}"
    return f"{text}. Ask for more: --set-resources {job.rule}:{resource}={wanted}"


def short_of_memory_here(job: Job) -> str:
    """The reason on one machine, where requests are no limits: the machine ran out of memory."""
    asked = f" (rule {job.rule} plans with {job.amounts['mem_mb']} MB)" if "mem_mb" in job.amounts else ""
    text = f"it ran out of memory or was killed, as Linux does when a machine has no memory left{asked}"
    return f"{text}. On one machine jobs have no limit: run fewer at once, --cores N or --resources mem_mb=(MB of all)"


def disk_notes(folder: Path) -> list[str]:
    """A note where the disk is nearly full, which may be why a job failed."""
    try:
        free = shutil.disk_usage(folder).free
    except OSError:
        return []
    return [f"note: only {free // 1_000_000:,} MB are left on the disk of {folder}"] if free < LITTLE_DISK else []
