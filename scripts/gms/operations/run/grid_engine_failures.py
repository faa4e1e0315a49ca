"""Failed jobs of Grid Engine: its executor does not announce jobs, so that neither whom one is about nor what it asked
for is known, and does not say which limit ended it. The job's own log and Grid Engine's accounts tell."""

import re
from collections.abc import Iterable
from pathlib import Path

from gms.operations.clusters.profile import ask
from gms.operations.run.events import Job, Progress

JOB_ID = re.compile(r"\bSGE job '(\d+)(?:\.(\d+))?' failed")
LIMIT = re.compile(r"^failed +37\b", re.MULTILINE)  # qmaster or execd enforced h_rt or h_vmem
ASKED = re.compile(r"\bh_rt=(\d+)")
TOOK = re.compile(r"^ru_wallclock +(\d+)", re.MULTILINE)


def complete(jobs: Iterable[Job], results: Path) -> None:
    """Add to jobs that were not announced their wildcards and requests, as their own logs have them."""
    for job in jobs:
        if not job.amounts:
            for log in [*job.logs, *job.group_logs]:
                adopt(job, results / log)


def adopt(job: Job, log: Path) -> None:
    """Take over what a job step says of this job; a group's says it of several."""
    if not log.is_file():
        return
    progress = Progress()
    for line in log.read_text(errors="replace").splitlines():
        progress.feed(line)
    for own in progress.jobs.values():
        if own.rule == job.rule and set(own.logs) & set(job.logs):
            job.wildcards, job.amounts = own.wildcards, own.amounts


def limits(job: Job) -> list[str]:
    """Which limit ended a job, in the words that `failures` knows; nothing where none did or accounts do not tell."""
    found = JOB_ID.search(job.message)
    if not found:
        return []
    tasks = re.split(r"={10,}", ask("qacct", "-j", found[1]).text)
    text = next((task for task in tasks if re.search(rf"^taskid +{found[2]}\b", task, re.MULTILINE)), tasks[-1])
    if not LIMIT.search(text):
        return []
    took, asked = TOOK.search(text), ASKED.search(text)
    is_late = took and asked and int(took[1]) >= int(asked[1])
    return ["exceeded hard wallclock time" if is_late else "exceeded job memory limit"]
