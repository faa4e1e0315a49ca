"""The last lines of `./gms run`: which jobs failed and why, or why none could be started."""

import re
import signal
from collections.abc import Iterable
from pathlib import Path

from gms.base.project import PROJECT
from gms.base.tables import duration
from gms.operations.run.events import Job, Progress, plain_errors, without_traceback
from gms.operations.run.failures import disk_notes, failure_reason
from gms.operations.run.grid_engine_failures import complete, limits
from gms.operations.run.run_lock_rules import lock_since

LOG_LINES = 15
FAILURES_IN_FULL = 10
LOCKED = """another run holds the lock of the results folder{since}.
It left no record of ./gms run, so whether it is alive cannot be known. If you are sure that no run is active (a run
that was killed leaves its lock), release it with the same command and --unlock, then run again."""
FIRST_ERROR = re.compile(r"Error in rule (\w+)\b")  # in the log of a group's submission, which has no events


def killed(number: int, progress: Progress) -> str:
    """The last line where a signal ended Snakemake, which could not release its lock."""
    memory = "; Linux does that when memory runs out" if number == signal.SIGKILL else ""
    text = f"{signal.Signals(number).name} ended Snakemake after {progress.done} of {progress.total} jobs{memory}"
    return f"error: {text}. To continue: the same command with --unlock, then without"


def stopped(progress: Progress) -> str:
    """The last line of a run that was stopped by Ctrl-C or a termination signal."""
    return f"error: stopped on request after {progress.done} of {progress.total} jobs; the same command continues"


def conclude(progress: Progress, code: int, seconds: float, results: Path) -> int:
    """Print what failed and why; the last line sums up. Returns the exit code."""
    if code and not progress.failed:
        return explain_stop(progress, code, results)
    complete(progress.failed.values(), results)
    for number, job in enumerate(reached(progress, results)):
        print("\n".join(failure(job, results, number < FAILURES_IN_FULL, progress.scheduler)))
    if progress.failed:
        print("".join(f"{note}\n" for note in disk_notes(results)), end="")
        subjects = ", ".join(dict.fromkeys(job.subject for job in progress.failed.values()))
        if progress.full_log:  # none where this user may not write to the project folder
            print(f"Everything Snakemake said: {progress.full_log}")
        print(f"error: {progress.done} of {progress.total} jobs done in {duration(seconds)}; failed: {subjects}")
    elif progress.total:
        print(f"{progress.done} of {progress.total} jobs done in {duration(seconds)}; results are in {results}")
    else:
        print(f"Nothing to be done: all results in {results} are up to date.")
    return code


def explain_stop(progress: Progress, code: int, results: Path = PROJECT) -> int:
    """Print why no job could be started: the messages of the workflow or of Snakemake, without their traceback."""
    lines = plain_errors(progress)
    if "LockException" in progress.exceptions:
        print(f"error: {LOCKED.format(since=lock_since(results))}")
    elif any(line.startswith("error: ") for line in lines):
        first = next(number for number, line in enumerate(lines) if line.startswith("error: "))
        print("\n".join(lines[first:]))  # the workflow's own sentences, verbatim
    elif any(line.startswith("usage: ") for line in lines):
        print(f"error: {lines[-1].partition(': error: ')[2]}; snakemake --help lists its options")
    else:
        print("\n".join(["Snakemake says:", *(f"  {line}" for line in lines[-40:])]))
        stopped = f"stopped after {progress.done} of {progress.total} jobs" if progress.total else "no job was started"
        print(f"error: {stopped}; --verbose shows all details")
    return code if code > 0 else 1


def reached(progress: Progress, results: Path) -> list[Job]:
    """The failed jobs, except those of a group that succeeded or never began: the log of the group names the failed."""
    jobs = []
    for job in progress.failed.values():
        lines = [line for log in job.group_logs for line in read_log(results / log) or []]
        named = {match[1] for line in lines if (match := FIRST_ERROR.search(line))}
        jobs += [job] if not named or job.rule in named else []
    return jobs


def failure(job: Job, results: Path, in_full: bool, scheduler: str = "") -> list[str]:
    """What failed, for which case or sample, why if known, the end of its log, and the path of the log.

    `scheduler`: SLURM, SGE, or empty on one machine."""
    wildcards = ", ".join(f"{name} {value}" for name, value in job.wildcards.items())
    texts = {results / log: read_log(results / log) for log in [*job.logs, *job.group_logs]}
    lines = [*(limits(job) if scheduler == "SGE" else []), *(line for text in texts.values() for line in text or [])]
    why = failure_reason(job, lines, bool(scheduler)) or script_error(texts.values())
    said = [f"failed: {job.rule}" + (f" of {wildcards}" if wildcards else "")]
    said += [f"  {line}" for line in (why, job.message) if line]
    first = next((text for text in texts.values() if text), None)  # the rule's own log, else that of the cluster
    end = (first or job.said)[-LOG_LINES:]
    said += [f"  | {line}" for line in end if in_full]
    said += [f"  log: {path}" + (" (was not written)" if text is None else "") for path, text in texts.items()]
    return said


def script_error(texts: Iterable[list[str] | None]) -> str | None:
    """The last error message of a script of the workflow."""
    found = [line for text in texts for line in text or [] if line.startswith("error: ")]
    return found[-1].removeprefix("error: ") if found else None


def read_log(path: Path) -> list[str] | None:
    """The lines of a log without tracebacks; None where there is no log."""
    return without_traceback(path.read_text(errors="replace").splitlines()) if path.is_file() else None
