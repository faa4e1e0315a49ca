"""What is killed, how, and how it comes back. Every kill is a kill -9, or the power of a node."""

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial

from benchmarks.disturbance import AWAY, Kill, Trial


def disturb(trial: Trial, kind: str) -> None:
    """One kill at a random moment while jobs run; what was killed but the workflow and jobs is started again."""
    jobs = trial.await_jobs()
    if not trial.is_running():
        return
    seconds = time.monotonic() - trial.began
    target = KINDS[kind](trial, jobs)
    if target is None:  # what was to be killed had just ended
        return
    running = ", ".join(filter(None, jobs.values())) or f"{len(jobs)} processes"
    trial.kills.append(Kill(kind, trial.starts, round(seconds, 1), target, running))


def kill_workflow(trial: Trial, jobs: dict[str, str]) -> str:
    """./gms run, Snakemake and whatever else is in their session."""
    os.killpg(trial.child.pid, signal.SIGKILL)
    trial.child.wait()
    return "session"


def kill_job(trial: Trial, jobs: dict[str, str]) -> str | None:
    """All processes of a job, or only one of them."""
    if trial.cluster is None:
        pids = [int(pid) for pid in trial.jobs()]
        chosen = [trial.chance.choice(pids)] if pids else []
    else:
        chosen = processes_of_job(trial, trial.chance.choice(sorted(jobs))) if jobs else []
        if chosen and trial.chance.random() < 0.5:
            chosen = [trial.chance.choice(chosen)]
    killed = 0
    for pid in chosen:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
            killed += 1
    return f"{killed} process{'es' if killed != 1 else ''}" if killed else None


def processes_of_job(trial: Trial, job: str) -> list[int]:
    """Processes of a job on any node, by the variable that Slurm gives them."""
    found = []
    for name in trial.cluster.names:
        node = trial.cluster.nodes[name]
        for process in node.processes() if node.machine is not None else []:
            with suppress(Exception):  # it ended while it was looked at
                if process.environ().get("SLURM_JOB_ID") == job:
                    found.append(process.pid)
    return found


def kill_slurmctld(trial: Trial, jobs: dict[str, str]) -> str:
    """The controller: no job can be submitted or asked for until it is back."""
    cluster = trial.cluster
    return away(trial, "slurmctld", cluster.kill_controller, cluster.start_controller)


def kill_slurmd(trial: Trial, jobs: dict[str, str]) -> str:
    """The daemon of a node; its jobs go on alone."""
    name, cluster = node_of(trial, jobs), trial.cluster
    return f"{name}, {away(trial, 'slurmd', partial(cluster.kill_slurmd, name), partial(cluster.start_node, name))}"


def power_off(trial: Trial, jobs: dict[str, str]) -> str:
    """A node with all its processes."""
    name, cluster = node_of(trial, jobs), trial.cluster
    return f"{name}, {away(trial, 'node', partial(cluster.power_off, name), partial(cluster.start_node, name))}"


def node_of(trial: Trial, jobs: dict[str, str]) -> str:
    """The node of one of these jobs, or any."""
    nodes = sorted({job.rpartition(" on ")[2] for job in jobs.values()})
    return trial.chance.choice(nodes or list(trial.cluster.names))


def away(trial: Trial, kind: str, end: Callable[[], None], start: Callable[[], None]) -> str:
    """End something, wait and start it again; for how long it was away."""
    end()
    seconds = trial.chance.uniform(*AWAY[kind])
    time.sleep(seconds)
    start()
    return f"away {seconds:.1f} s"


KINDS = {
    "workflow": kill_workflow,
    "job": kill_job,
    "slurmd": kill_slurmd,
    "slurmctld": kill_slurmctld,
    "node": power_off,
}


def carry_out(trial: Trial, kinds: list[str]) -> list[str]:
    """Start, disturb and resume one results folder until the run has come to its end; the kills that it ended before.

    Raises TimeoutError where a start hangs, and AssertionError where a killed run cannot be resumed.
    """
    left, done = list(kinds), 0
    while trial.starts <= len(kinds) + 5:
        trial.begin()
        while trial.is_running() and left:
            before = len(trial.kills)
            disturb(trial, left[0])
            del left[: len(trial.kills) - before]
        while trial.is_running():
            time.sleep(0.2)
        code = trial.child.wait()
        for kill in trial.kills[done:]:
            known = {0: "went on", 3: "went on", -signal.SIGKILL: "lost, resumed" if trial.is_stopped else "resumed"}
            kill.followed = known.get(code, "failed, resumed")
        done = len(trial.kills)
        if code in (0, 3):  # 3: its case may fail quality control
            return left
        unlocked = trial.call("--unlock")
        assert unlocked.returncode == 0, unlocked.stdout + unlocked.stderr
    raise TimeoutError(f"{trial.starts} starts did not suffice")
