"""What a running Snakemake prints, line by line: the parser that ./gms run used before there were events, kept for
event_oracle. The patterns are those of Snakemake 9.27."""

import re
from collections import deque
from dataclasses import dataclass, field

START = re.compile(r"^(?: {4})?(local)?(?:rule|checkpoint) (\w+):$")
ERROR = re.compile(r"^(?: {4})?Error in rule (\w+)\b.*:$")
ERROR_IN_GROUP = re.compile(r"^ {8}rule (\w+):$")
ERROR_OF_GROUP = re.compile(r"^ {4}message: Error in group\b")
LOG_OF_GROUP = re.compile(r"^ {4}log: (.+)$")
ITEM = re.compile(r"^\s+(jobid|wildcards|log|message|resources): (.+)$")
CLUSTER_RUN = re.compile(r"^(SLURM|SGE) run ID: (\S+)$")
AMOUNT = re.compile(r"\b(mem_mb|runtime)=(\d+)\b")
FINISHED = re.compile(r"^Finished jobid: (\d+)\b")
STEPS = re.compile(r"^(\d+) of (\d+) steps \(")
TOTAL = re.compile(r"^total\s+(\d+)$")
RESTART = re.compile(r"^Trying to restart job (\S+)\.$")
COMPLETE_LOG = re.compile(r"^Complete log\(s\): (.+)$")
CHECK_LOG = " (check log file(s) for error details)"
NO_NEWS = re.compile(
    r" ?(Detailed failure reason unavailable \([^)]*\)\.|For further error details see the cluster.*$)"
)
HEADER = re.compile(
    r"^(Assuming unrestricted|SNAKEMAKE$|=+$|Building DAG|Using (shell|profile)|Provided |Rules claiming|Job stats:|"
    r"  (Date|Workflow ID|Platform|Host|User|\w+ version|Command|Snakefile|\w+ directory|Config [\w()]+): |"
    r"job +count|-+ +-+|\w+ +\d+$|Select jobs|Execute \d+ jobs|\[\w{3} \w{3} |Elapsed time|Exiting because|"
    r"Job \S+ has been submitted |No (SLURM )?account (was )?given|Unable to guess SLURM|Cleaning up SLURM| {4}jobs:$|"
    r"Shutting down|Creating specified|Nothing to be done|None$|\s*$)"
)

JAVA_FRAME = re.compile(r"^\s+at [\w.$/<>]+\(|^\s+\.\.\. \d+ more$")
EXCEPTION = re.compile(r"^(RuleException:|CalledProcessError in file|Command '|\s+File \")")


@dataclass
class Job:
    """One job as Snakemake announced it; `logs` are relative to the results folder. `amounts` is what it asked for,
    mem_mb (MB) and runtime (minutes), at its last attempt and `earlier` at those before."""

    rule: str
    jobid: str = ""
    wildcards: dict[str, str] = field(default_factory=dict)
    logs: list[str] = field(default_factory=list)
    message: str = ""
    said: list[str] = field(default_factory=list)  # what programs printed past every log shortly before the failure
    amounts: dict[str, int] = field(default_factory=dict)
    earlier: list[dict[str, int]] = field(default_factory=list)
    group_logs: list[str] = field(default_factory=list)  # of the group it was submitted with
    is_local: bool = False  # whether it runs beside Snakemake, wherever others do

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
    """The state of one run; feed it every line of Snakemake's standard error."""

    def __init__(self):
        self.total = self.done = 0
        self.jobs: dict[str, Job] = {}
        self.running: dict[str, Job] = {}
        self.failed: dict[str, Job] = {}
        self.full_log = ""
        self.cluster_runs: list[str] = []  # SLURM or SGE, and the name of this run's jobs there
        self.other: deque[str] = deque(maxlen=5000)
        self._block: Job | None = None
        self._is_error = False
        self._group_logs: list[str] = []

    def feed(self, line: str) -> str | None:
        """Take in one line; returns news worth a line of its own (a job failed, or is tried again), else None."""
        line = line.rstrip("\n")
        if match := START.match(line):
            self._block, self._is_error = Job(match[2], is_local=match[1] is not None), False
        elif match := ERROR.match(line):
            self._block, self._is_error = Job(match[1]), True
        elif match := ERROR_IN_GROUP.match(line):
            self._block, self._is_error = Job(match[1], group_logs=self._group_logs), True
        elif ERROR_OF_GROUP.match(line):
            self._block = None
        elif not self._block and (match := LOG_OF_GROUP.match(line)):
            self._group_logs = match[1].removesuffix(CHECK_LOG).split(", ")
        elif self._block and (match := ITEM.match(line)):
            return self._item(*match.groups())
        elif not (self._block and line.startswith(" ")):
            self._block = None
            return self._event(line)
        return None

    def _item(self, key: str, value: str) -> str | None:
        job = self._block
        if key == "wildcards":
            job.wildcards = dict(pair.partition("=")[::2] for pair in value.split(", "))
        elif key == "log":
            job.logs = list(dict.fromkeys([*job.logs, *value.removesuffix(CHECK_LOG).split(", ")]))
        elif key == "message" and value != "None":
            job.message = NO_NEWS.sub("", value)
        elif key == "resources":
            job.amounts = {name: int(number) for name, number in AMOUNT.findall(value)}
        elif key == "jobid":
            return self._identified(job, value)
        return None

    def _identified(self, job: Job, jobid: str) -> str | None:
        job.jobid = jobid
        return self._failed(job) if self._is_error else self._started(job)

    def _started(self, job: Job) -> str | None:
        if before := self.jobs.get(job.jobid):
            job.earlier = [*before.earlier, before.amounts]
        self.jobs[job.jobid] = self.running[job.jobid] = job
        failed = self.failed.pop(job.jobid, None)  # a group is restarted by a name that tells nothing of its jobs
        return f"trying again: {failed.label}" if failed else None

    def _failed(self, job: Job) -> str | None:
        if known := self.failed.get(job.jobid):  # jobs of a group are listed twice
            self._block = known
            return None
        started = self.jobs.get(job.jobid, job)  # the error block does not repeat the wildcards
        job.wildcards, job.logs = started.wildcards, job.logs or started.logs
        job.amounts, job.earlier = started.amounts, started.earlier
        job.said = list(self.other)
        self.other.clear()
        self.running.pop(job.jobid, None)
        self.failed[job.jobid] = job
        return f"failed: {job.label}"

    def _event(self, line: str) -> str | None:
        if match := FINISHED.match(line):
            self.running.pop(match[1], None)
        elif match := STEPS.match(line):
            self.done, self.total = int(match[1]), int(match[2])
        elif match := TOTAL.match(line):
            self.total = int(match[1])
        elif match := RESTART.match(line):
            job = self.failed.pop(match[1], None)
            return f"trying again: {job.label}" if job else None
        elif match := COMPLETE_LOG.match(line):
            self.full_log = match[1]
        elif match := CLUSTER_RUN.match(line):
            self.cluster_runs.append(f"{match[1]} {match[2]}")
        elif line.startswith("warning: "):
            return line
        elif not HEADER.match(line):
            self.other.append(line)
        return None
