"""What a run would do: the planned jobs of a dry-run."""

import os
import signal
import subprocess

from gms.base.project import PROJECT
from gms.operations.run.conclusion import explain_stop
from gms.operations.run.event_files import with_events, with_plugins
from gms.operations.run.events import Progress


def show_plan(command: list[str]) -> int:
    """Print the table of jobs of a dry-run, or why there is none. Returns the exit code."""
    asked = {"--verbose", "--printshellcmds", "--quiet", "-q", "--reason"}.intersection(command)
    if asked:
        return subprocess.call(command, cwd=PROJECT, stderr=subprocess.STDOUT)
    progress, code = dry_run(command)
    if code:
        return explain_stop(progress, code)
    print(plan_summary(progress))
    return 0


def dry_run(command: list[str]) -> tuple[Progress, int]:
    """The state of a dry-run when its jobs are counted, and its exit code (0 where they were).

    Snakemake would go on to describe each job, a third of its time, which nobody sees here: it is ended.
    """
    pipes = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "text": True, "errors": "replace"}
    process = subprocess.Popen(with_events(command), cwd=PROJECT, env=with_plugins(os.environ), **pipes)
    progress = Progress()
    for line in process.stderr:
        progress.feed(line)
        if progress.stats:
            end(process)
            return progress, 0
    return progress, process.wait()


def end(process: subprocess.Popen, patience: float = 2.0) -> None:
    """Interrupt a dry-run, which cleans up; a termination signal can make Snakemake wait for itself."""
    process.send_signal(signal.SIGINT)
    try:
        process.communicate(timeout=patience)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()


def plan_summary(progress: Progress) -> str:
    """The planned jobs by rule."""
    if not progress.stats:
        return "Nothing to be done: all results are up to date."
    jobs = [f"{count:>7}  {rule}" for rule, count in progress.stats.items() if rule != "all"]
    return "\n".join(["A run would start:", *jobs])
