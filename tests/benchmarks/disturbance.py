"""A run on a real Slurm, or on this machine, that is disturbed as clusters do, and resumed until it is done.

The cluster and the miniature data set are those of tests/support."""

import os
import random
import signal
import subprocess
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from clusters import slurm
from gms.base.project import PROJECT
from gms.operations.run.event_files import event_files, read_events
from gms.operations.run.events import Progress
from gms.operations.run.orphans import processes_of
from gms.operations.run.run_lock import read_lock

CASE, SAMPLES = "myeloid-shallow", ["shallow-tumor"]
ON_CLUSTER = ("workflow", "job", "slurmd", "slurmctld", "node")
HERE = ("workflow", "job")
ACTIVE = ("PENDING", "CONFIGURING", "RUNNING", "COMPLETING")
LOST = 100.0  # seconds without any job at Slurm: the executor asks at least every minute while starts are short
LONGEST = 600.0  # seconds that one start may take
# Seconds after which what was killed is started again: slurmd and nodes also later than Slurm misses them (20 s).
AWAY = {"slurmd": (0.5, 30), "node": (0.5, 30), "slurmctld": (0.5, 15)}


@dataclass
class Kill:
    """One kill: which start of the run, after how many seconds, of what, while which jobs ran, and what followed."""

    kind: str
    start: int
    seconds: float
    target: str
    running: str
    followed: str = ""


@dataclass
class Trial:
    """One results folder and what is done to it. `cluster` is a Slurm of the tests, or None for this machine."""

    folder: Path
    cluster: object | None
    chance: random.Random
    targets: tuple[str, ...] = ()  # files to make; else all
    kills: list[Kill] = field(default_factory=list)
    starts: int = 0
    child: subprocess.Popen | None = None
    began: float = 0.0
    administered: float = 0.0
    last_active: float = 0.0
    is_stopped: bool = False

    @property
    def results(self) -> Path:
        """Where the run writes to."""
        return self.folder / "results"

    def command(self, *options: str) -> list[str]:
        """./gms run, as an operator gives it."""
        command = [str(PROJECT / "gms"), "run", "--configfile", str(self.folder / "run.yaml"), *options, *self.targets]
        if self.cluster is None:
            return [*command, "--profile", "local", "--cores", "2"]
        return [*command, "--profile", "lund", "--latency-wait", "5", *map(str, slurm.SOON)]

    @property
    def variables(self) -> dict[str, str]:
        """The environment of all commands."""
        return dict(os.environ) if self.cluster is None else self.cluster.environment

    def begin(self) -> None:
        """Start the run in a session of its own; what it says is kept."""
        self.starts, self.is_stopped = self.starts + 1, False
        with (self.folder / f"start-{self.starts}.log").open("w") as log:
            self.child = subprocess.Popen(
                self.command(), env=self.variables, stdout=log, stderr=log, start_new_session=True
            )
        self.began = time.monotonic()

    def is_running(self) -> bool:
        """Whether the started run is alive. Raises TimeoutError where it takes longer than anything should."""
        if time.monotonic() - self.began > LONGEST:
            os.killpg(self.child.pid, signal.SIGKILL)
            raise TimeoutError(f"start {self.starts} of {self.folder} did not end within {LONGEST:.0f} s")
        self.administer()
        return self.child.poll() is None

    def administer(self) -> None:
        """What Slurm leaves to its administrators: nodes that it drained, jobs that it holds after a failed launch."""
        if self.cluster is None or time.monotonic() < self.administered + 5:
            return
        self.administered = time.monotonic()
        for name, state in self.cluster.states().items():
            if state.rstrip("*") in ("drained", "draining", "down"):
                self.cluster.ask("scontrol", "update", f"NodeName={name}", "State=RESUME")
        active = [job for job in self.cluster.jobs() if job["state"] in ACTIVE]
        for job in active:
            if "held" in job["reason"].lower():
                self.cluster.ask("scontrol", "release", job["id"])
            if job["reason"] == "BeginTime":  # Slurm would let a requeued job wait for two minutes
                self.cluster.ask("scontrol", "update", f"JobId={job['id']}", "StartTime=now")
        self.stop_if_lost(bool(active))

    def stop_if_lost(self, is_active: bool) -> None:
        """As an operator: stop a run that waits for jobs which Slurm forgot, its controller having been killed before
        it wrote them down. (./gms run does so after 10 minutes.)"""
        now = time.monotonic()
        self.last_active = now if is_active else max(self.last_active, self.began)
        if now - self.last_active > LOST:
            self.is_stopped = True
            os.killpg(self.child.pid, signal.SIGKILL)

    def call(self, *options: str) -> subprocess.CompletedProcess:
        """Run ./gms run with options to its end."""
        return subprocess.run(self.command(*options), env=self.variables, capture_output=True, text=True)

    def jobs(self) -> dict[str, str]:
        """Running jobs: id or rule's script -> what it is."""
        if self.cluster is None:
            record = read_lock(self.results)
            return {str(pid): "" for pid in (processes_of(record) if record else []) if pid != self.snakemake()}
        found = [job for job in self.cluster.jobs() if job["state"] == "RUNNING"]
        return {job["id"]: f"{job['comment'].removeprefix('rule_')} on {job['node']}" for job in found}

    def snakemake(self) -> int | None:
        """The process of the workflow itself: the first child of ./gms run."""
        with suppress(OSError):
            children = Path(f"/proc/{self.child.pid}/task/{self.child.pid}/children").read_text().split()
            return int(children[0]) if children else None
        return None

    def finished(self) -> int:
        """Number of jobs that have left their benchmark."""
        return sum(1 for _ in self.results.glob("benchmarks/**/*.jsonl"))

    def await_jobs(self, patience: float = 90.0) -> dict[str, str]:
        """Wait until none to two more jobs have finished and others run, then a random moment more; those that ran."""
        end = time.monotonic() + patience
        wanted = self.finished() + (self.chance.randint(0, 2) if self.kills else 0)
        while self.finished() < wanted and self.is_running() and time.monotonic() < end:
            time.sleep(0.1)
        while not (jobs := self.jobs()) and self.is_running() and time.monotonic() < end:
            time.sleep(0.1)
        time.sleep(self.chance.uniform(0, 3))
        return jobs

    def finished_twice(self) -> list[str]:
        """Labels of jobs that were finished more than once, by the events of all starts."""
        counts = Counter(label for file in event_files(self.results) for label in finished_jobs(read_events(file)))
        return sorted(label for label, number in counts.items() if number > 1)


def finished_jobs(progress: Progress) -> list[str]:
    """Labels of the jobs that one start finished."""
    return [progress.jobs[jobid].label for jobid in progress.finished]
