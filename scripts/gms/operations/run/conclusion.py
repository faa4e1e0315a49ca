"""The last lines of `./gms run`: which jobs failed and why, or why none could be started."""

import json
import re
import signal
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from gms.base.project import PROJECT
from gms.base.results import named
from gms.base.tables import duration
from gms.inputs.run_model import Case, Run
from gms.operations.run.events import Job, Progress, plain_errors, without_traceback
from gms.operations.run.failures import disk_notes, failure_reason
from gms.operations.run.grid_engine_failures import complete, limits
from gms.operations.run.run_lock_rules import lock_since

QC_FAILED = 3  # exit code: all jobs are done, but cases failed their quality control
CASES_SHOWN = 50
LOG_LINES = 15
FAILURES_IN_FULL = 10
UNSEEN = (
    "A job ended well, but its files were not seen in time. Where the results are on a shared file system, wait\n"
    "longer for them: twice these seconds as --latency-wait, or for good as latency-wait in your profile, and run\n"
    "again. On a disk of this machine waiting does not help: see the log of the job"
)
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


def conclude(progress: Progress, code: int, seconds: float, results: Path, cases: Iterable[Case] = ()) -> int:
    """Print what failed and why, and the QC status and report of each case; the last line sums up. Returns the exit
    code: that of Snakemake, or QC_FAILED."""
    if code and not progress.failed:
        return explain_stop(progress, code, results)
    print_failures(progress, results)
    ends = case_ends(cases, progress, results)
    print("".join(f"{line}\n" for line in case_lines(ends)), end="")
    jobs = f"{progress.done} of {progress.total} jobs done in {duration(seconds)}"
    failed_qc = [end.case for end in ends if end.status == "fail"]
    note = f"; {len(failed_qc)} of {len(ends)} cases failed quality control" if failed_qc else ""
    if progress.failed:
        subjects = ", ".join(dict.fromkeys(job.subject for job in progress.failed.values()))
        print(f"error: {jobs}; failed: {subjects}")
    elif progress.total:
        print(f"{jobs}; results are in {results}{note}")
    else:
        print(f"Nothing to be done: all results in {results} are up to date{note}.")
    return code or (QC_FAILED if failed_qc else 0)


def print_failures(progress: Progress, results: Path) -> None:
    """Print every job that failed, and where everything that Snakemake reported can be read."""
    complete(progress.failed.values(), results)
    for number, job in enumerate(reached(progress, results)):
        print("\n".join(failure(job, results, number < FAILURES_IN_FULL, progress.scheduler)))
    if progress.failed:
        print("".join(f"{note}\n" for note in disk_notes(results)), end="")
        if progress.full_log:  # none where this user may not write to the project folder
            print(f"Full log of Snakemake: {progress.full_log}")


class CaseEnd(NamedTuple):
    """A case at the end of a run. `status`: its QC status, `followed` (residual disease), `job failed` or `unfinished`;
    `report`: None without one."""

    case: str
    status: str
    report: Path | None


def reported(run: Run) -> list[Case]:
    """Cases with a page of their own: those with a report, and patients whose plasma is followed."""
    return [*run.cases.values(), *(case for case in run.monitored.values() if case.index.role == "plasma")]


def case_ends(cases: Iterable[Case], progress: Progress, results: Path) -> list[CaseEnd]:
    """How far each case came. A case with a failed job may have an older report, which does not count."""
    failed = {(name, value) for job in progress.failed.values() for name, value in job.wildcards.items()}
    ends = []
    for case in cases:
        monitored, status = case.index.role == "plasma", "unfinished"
        page = named("residual_disease.html").at(patient=case.name) if monitored else named("report").at(case=case.name)
        report, samples = results / page, {("sample", sample.name) for sample in case.samples}
        if {("case", case.name), ("patient", case.name), *samples} & failed:
            status = "job failed"
        elif report.is_file() and monitored:
            status = "followed"
        elif report.is_file():
            status = qc_status(results / named("case.json").at(case=case.name)) or "unfinished"
        ends.append(CaseEnd(case.name, status, None if status in ("job failed", "unfinished") else report))
    return ends


def qc_status(record: Path) -> str | None:
    """pass, warn, fail or not_assessed, of the QC record of a case; None without one."""
    try:
        return json.loads(record.read_text())["verdict"]
    except (OSError, ValueError, KeyError, TypeError):
        return None


def case_lines(ends: list[CaseEnd]) -> list[str]:
    """One line for each case; nothing where no case has a report, as in a run of its first steps. Of very many cases
    those that passed are left out first."""
    if not any(end.report for end in ends):
        return []
    shown = ends if len(ends) <= CASES_SHOWN else sorted(ends, key=lambda end: end.status == "pass")[:CASES_SHOWN]
    width = max(len(end.case) for end in shown)
    lines = [f"{end.case:<{width}}  {end.status:<12}  {end.report or ''}".rstrip() for end in shown]
    more = len(ends) - len(shown)
    return lines + ([f"and {more} more cases: ./gms status shows all"] if more else [])


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
        details = list(progress.other) if progress.is_verbose else lines[-40:]
        print("\n".join(["Snakemake reports:", *(f"  {line}" for line in details)]))
        print(f"{UNSEEN}\n" if "MissingOutputException" in progress.exceptions else "", end="")
        stopped = f"stopped after {progress.done} of {progress.total} jobs" if progress.total else "no job was started"
        print(f"error: {stopped}" + ("" if progress.is_verbose else "; --verbose shows all details"))
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
    texts = logs_of(job, results)
    why = reason(job, texts.values(), scheduler)
    said = [f"failed: {job.rule}" + (f" of {wildcards}" if wildcards else "")]
    said += [f"  {line}" for line in (why, job.message) if line]
    first = next((text for text in texts.values() if text), None)  # the rule's own log, else that of the cluster
    end = (first or job.said)[-LOG_LINES:]
    said += [f"  | {line}" for line in end if in_full]
    said += [f"  log: {path}" + (" (was not written)" if text is None else "") for path, text in texts.items()]
    return said


def logs_of(job: Job, results: Path) -> dict[Path, list[str] | None]:
    """The lines of each log of a job, its own first, then that of its group; None for one that was not written."""
    return {results / log: read_log(results / log) for log in [*job.logs, *job.group_logs]}


def reason(job: Job, texts: Iterable[list[str] | None], scheduler: str) -> str | None:
    """Why a job failed, by its logs and its scheduler; else the last error message of its script; None if unknown."""
    texts = list(texts)
    lines = [*(limits(job) if scheduler == "SGE" else []), *(line for text in texts for line in text or [])]
    return failure_reason(job, lines, bool(scheduler)) or script_error(texts)


def script_error(texts: Iterable[list[str] | None]) -> str | None:
    """The last error message of a script of the workflow."""
    found = [line for text in texts for line in text or [] if line.startswith("error: ")]
    return found[-1].removeprefix("error: ") if found else None


def read_log(path: Path) -> list[str] | None:
    """The lines of a log without tracebacks; None where there is no log."""
    return without_traceback(path.read_text(errors="replace").splitlines()) if path.is_file() else None
