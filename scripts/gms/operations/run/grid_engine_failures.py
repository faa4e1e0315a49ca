"""Job details from Grid Engine. Its executor does not announce jobs, so no event gives the wildcards and the requests
of one that failed, nor the limit that ended it. The log of the job on its node and `qacct` have them."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from gms.operations.clusters.profile import ask
from gms.operations.run.events import Job

LIMIT = re.compile(r"^failed +37\b", re.MULTILINE)  # qmaster or execd enforced h_rt or h_vmem
ASKED = re.compile(r"\bh_rt=(\d+)")
TOOK = re.compile(r"^ru_wallclock +(\d+)", re.MULTILINE)


def complete(jobs: Iterable[Job], results: Path) -> None:
    """Add wildcards and requests to jobs that were not announced."""
    for job in jobs:
        if not job.amounts:
            for log in [*job.logs, *job.group_logs]:
                adopt(job, results / log)


def adopt(job: Job, log: Path) -> None:
    """Take wildcards and requests from the log of a job on its node; that of a group is about several jobs."""
    if log.is_file():
        for own in announced_jobs(log.read_text(errors="replace").splitlines()):
            if own.amounts and own.rule == job.rule and set(own.logs) & set(job.logs):
                job.wildcards, job.amounts = own.wildcards, own.amounts


def announced_jobs(lines: Iterable[str]) -> Iterator[Job]:
    """The jobs in the text of Snakemake on a node, where it loads no logger plugin: a line `rule NAME:`, followed by
    indented lines `key: value`."""
    job = None
    for line in lines:
        words = line.strip()
        if words.endswith(":") and words.startswith(("rule ", "localrule ")):
            if job:
                yield job
            job = Job(words[:-1].split()[-1])
        elif job and line.startswith(" "):
            key, _, value = words.partition(": ")
            describe(job, key, value)
        elif job:
            yield job
            job = None
    if job:
        yield job


def describe(job: Job, key: str, value: str) -> None:
    """Add one line of text to a job."""
    if key == "log":
        job.logs = value.split(", ")
    elif key in ("wildcards", "resources"):
        pairs = dict(pair.partition("=")[::2] for pair in value.split(", "))
        if key == "wildcards":
            job.wildcards = pairs
        else:
            numbers = {name: pairs.get(name, "") for name in ("mem_mb", "runtime")}
            job.amounts = {name: int(number) for name, number in numbers.items() if number.isdigit()}


def limits(job: Job) -> list[str]:
    """The limit that ended a job, in the words that `failures` knows; empty where none did or `qacct` does not know."""
    number, _, task = job.external.partition(".")
    if not number:
        return []
    tasks = re.split(r"={10,}", ask("qacct", "-j", number).text)
    text = next((text for text in tasks if task and re.search(rf"^taskid +{task}\b", text, re.MULTILINE)), tasks[-1])
    if not LIMIT.search(text):
        return []
    took, asked = TOOK.search(text), ASKED.search(text)
    is_late = took and asked and int(took[1]) >= int(asked[1])
    return ["exceeded hard wallclock time" if is_late else "exceeded job memory limit"]
