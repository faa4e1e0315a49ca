"""The state of a Snakemake run by its events, as the logger plugin `gms` reports them (scripts/snakemake_plugins).
Lines that are no events were printed by programs, or by a Snakemake that could not start."""

import json
import re
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

MARK = "\x1e"  # before an event on standard error
SIMULTANEOUS = 1.0  # seconds
CLUSTER_RUN = re.compile(r"^(SLURM|SGE) run ID: (\S+)$")  # the executors log it as a plain message
# What the executors add to each failure.
NO_NEWS = re.compile(
    r" ?(Detailed failure reason unavailable \([^)]*\)\.|For further error details see the cluster.*$)"
)
JAVA_FRAME = re.compile(r"^\s+at [\w.$/<>]+\(|^\s+\.\.\. \d+ more$")


@dataclass
class Job:
    """One job; `logs` are relative to the results folder. `amounts` is what it asked for, mem_mb (MB) and runtime
    (minutes), at its last attempt and `earlier` at those before."""

    rule: str
    jobid: str = ""
    wildcards: dict[str, str] = field(default_factory=dict)
    logs: list[str] = field(default_factory=list)
    message: str = ""
    external: str = ""  # its id at the scheduler, where it failed there
    said: list[str] = field(default_factory=list)  # what programs printed past every log shortly before the failure
    raised: list[str] = field(default_factory=list)  # Snakemake's exception, which repeats the command
    amounts: dict[str, int] = field(default_factory=dict)
    earlier: list[dict[str, int]] = field(default_factory=list)
    group_logs: list[str] = field(default_factory=list)  # of the group it was submitted with
    ended: float = 0.0  # seconds since 1970, where it failed
    is_local: bool = False  # whether it runs on the machine of Snakemake, wherever others do

    @property
    def label(self) -> str:
        """Rule and wildcard values: call_variants trio1 chr20-1."""
        return " ".join([self.rule, *self.wildcards.values()])

    @property
    def subject(self) -> str:
        """Whom the job is about: 'case trio1', 'sample T1', or the rule where it has neither."""
        name = next((name for name in ("case", "sample") if name in self.wildcards), None)
        return f"{name} {self.wildcards[name]}" if name else f"rule {self.rule}"


class Progress:
    """The state of one run. `feed` takes lines of standard error, `take` single events."""

    def __init__(self):
        self.total = self.done = 0
        self.stats: dict[str, int] = {}  # planned jobs by rule
        self.jobs: dict[str, Job] = {}
        self.running: dict[str, Job] = {}
        self.failed: dict[str, Job] = {}
        self.finished: list[str] = []  # jobids
        self.started: dict[str, Any] = {}  # host, user, configfiles, log, time (seconds since 1970)
        self.ended: dict[str, Any] = {}  # outcome and exit code, by ./gms run; empty where that was killed
        self.is_stopping = False  # what ends after a stop was asked for has not failed
        self.is_verbose = False  # by --verbose
        self.exceptions: set[str] = set()
        self.cluster_runs: list[str] = []  # SLURM or SGE, and the name of this run's jobs there
        self.other: deque[str] = deque(maxlen=5000)
        self._raised: list[str] = []

    @property
    def full_log(self) -> str:
        """Snakemake's own log; empty where it could not write one."""
        return self.started.get("log") or ""

    @property
    def scheduler(self) -> str:
        """SLURM or SGE; empty on one machine."""
        return self.cluster_runs[0].partition(" ")[0] if self.cluster_runs else ""

    def feed(self, line: str) -> str | None:
        """Take in one line of standard error; returns news worth a line of its own, else None."""
        said, mark, event = line.rstrip("\n").partition(MARK)
        if said or not mark:
            self.other.append(said)
        if not mark:
            return said if said.startswith("warning: ") else None
        return self.take_text(event)

    def take_text(self, text: str) -> str | None:
        """Take in an event as JSON; one that was torn is skipped."""
        try:
            event = json.loads(text)
            event["event"]
        except (ValueError, KeyError, TypeError):
            return None
        return self.take(event)

    def take(self, event: dict[str, Any]) -> str | None:
        """Take in an event."""
        handler = getattr(self, f"_on_{event['event']}", None)
        return handler(event) if handler else None

    def _on_workflow_started(self, event: dict) -> None:
        self.started = event

    def _on_run_info(self, event: dict) -> None:
        self.stats = {rule: count for rule, count in event["stats"].items() if rule != "total"}
        self.total = event["stats"]["total"]

    def _on_job_started(self, event: dict) -> str | None:
        """Chosen to run; the Grid Engine executor announces no more of a job."""
        return self._tried_again(map(str, event["jobids"]))

    def _on_job_info(self, event: dict) -> str | None:
        resources = event["resources"]
        job = Job(event["rule"], str(event["jobid"]), event["wildcards"], event["log"], is_local=event["local"])
        job.amounts = {name: resources[name] for name in ("mem_mb", "runtime") if name in resources}
        if before := self.jobs.get(job.jobid):
            job.earlier = [*before.earlier, before.amounts]
        self.jobs[job.jobid] = self.running[job.jobid] = job
        return self._tried_again([job.jobid])  # jobs of a group are chosen by the name of the group

    def _tried_again(self, jobids: Iterable[str]) -> str | None:
        again = [self.failed.pop(jobid).label for jobid in jobids if jobid in self.failed]
        return f"trying again: {', '.join(again)}" if again else None

    def _on_job_finished(self, event: dict) -> None:
        jobid = str(event["jobid"])
        self.finished.append(jobid)
        self.running.pop(jobid, None)
        self.failed.pop(jobid, None)

    def _on_progress(self, event: dict) -> None:
        self.done, self.total = event["done"], event["total"]

    def _on_job_error(self, event: dict, group_logs: Iterable[str] = (), ended: float = 0.0) -> str | None:
        jobid = str(event["jobid"])
        if self.is_stopping or jobid in self.failed:  # jobs of a group are listed twice
            return None
        job = Job(event["rule"], jobid, logs=event["log"], group_logs=list(group_logs), ended=ended or event["time"])
        job.message, job.external = NO_NEWS.sub("", event["message"] or ""), event["external"] or ""
        if started := self.jobs.get(jobid):
            job.wildcards, job.logs = started.wildcards, job.logs or started.logs
            job.amounts, job.earlier, job.is_local = started.amounts, started.earlier, started.is_local
        job.said, job.raised, self._raised = without_traceback(self.other), self._raised, []
        self.other.clear()
        self.running.pop(jobid, None)
        self.failed[jobid] = job
        return f"failed: {job.label}"

    def _on_group_error(self, event: dict) -> str | None:
        news = [self._on_job_error(job, event["log"], event["time"]) for job in event["jobs"]]
        return "\n".join(filter(None, news)) or None

    def _on_error(self, event: dict) -> None:
        self.exceptions.add(event["exception"])
        lines = event["text"].splitlines()
        if event["exception"] == "RuleException" and "\nCalledProcessError " in event["text"]:
            self._raised = lines
        else:
            self.other.extend(lines)

    def _on_message(self, event: dict) -> None:
        if match := CLUSTER_RUN.match(event["text"]):
            self.cluster_runs.append(f"{match[1]} {match[2]}")
        elif event["level"] != "info":
            self.is_verbose |= event["level"] == "debug"
            self.other.extend(event["text"].splitlines())

    def _on_stop_requested(self, event: dict) -> None:
        """A terminal sends the signal to all at once: jobs may have ended by it before ./gms run noted it."""
        self.is_stopping = True
        self.failed = {jobid: job for jobid, job in self.failed.items() if job.ended < event["time"] - SIMULTANEOUS}

    def _on_run_ended(self, event: dict) -> None:
        self.ended = event


def without_traceback(lines: Iterable[str]) -> list[str]:
    """The lines less the frames of Python and Java tracebacks; the sentence each one is about stays."""
    kept, inside = [], False
    for line in lines:
        text = line.rstrip()
        if text.startswith("Traceback (most recent call last)"):
            inside = True
        elif JAVA_FRAME.match(text):
            continue
        elif not inside or not text.startswith((" ", "\t")):
            inside = False
            kept.append(text)
    return kept


def plain_errors(progress: Progress) -> list[str]:
    """What was said that is not an event: the reason when no job could be started."""
    lines = without_traceback(progress.other)
    return [line for line in lines if not re.match(r'^\s+File ".*", line \d+|^Traceback:$', line)]
