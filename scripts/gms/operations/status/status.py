"""gms status: how far each case of a results folder is. Reads files only, during a run or after it."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gms.base.errors import GmsError
from gms.base.tables import duration
from gms.inputs.load_run import read_run
from gms.inputs.run_model import Run
from gms.operations.run.conclusion import logs_of, reason
from gms.operations.run.events import Job
from gms.operations.status.case_files import CaseFiles, Task, case_files, lacking
from gms.operations.status.last_run import LastRun, config_of, end_lines, last_run, lock_lines
from gms.operations.status.time_left import Durations, Left, all_left, case_left, read_durations, rest

COLUMNS = (("case", 24), ("assay", 14), ("state", 10), ("stage", 9), ("jobs", 7), ("QC", 12), ("time left", 9))
SHOWN = 20  # failed and running jobs that are listed; --json has all
DONE, FAILED, UNFINISHED = 0, 1, 2


@dataclass
class CaseStatus:
    """One line of the table."""

    files: CaseFiles
    state: str
    failed: list[Job]
    running: list[Task]
    left: Left


@dataclass
class Status:
    """Everything that is shown."""

    results: Path
    run: LastRun
    cases: list[CaseStatus]
    lacking: list[str]
    others: list[Job]  # that failed and are of no case
    left: Left
    at_once: float | None
    now: float
    plates: list[str] = field(default_factory=list)  # of viral samples

    @property
    def code(self) -> int:
        """0 all is done, 1 something failed, 2 something is still to do."""
        if self.others or any(case.state == "failed" for case in self.cases):
            return FAILED
        return UNFINISHED if self.lacking or any(case.state != "done" for case in self.cases) else DONE


def read_status(results: Path, configfile: Path | None, now: float) -> Status:
    """The state of a results folder. Raises GmsError where it, or the config that it came from, cannot be found."""
    if not results.is_dir():
        raise GmsError(f"{results} is not a folder; give the results folder of a run")
    results = results.resolve()
    last = last_run(results)
    run = read_run(config_of(results, configfile, last.configfile))
    durations = read_durations(results, run)
    cases = [_case(files, last, durations, now) for files in case_files(run, results)]
    at_once = durations.at_once(last.begun, now if last.may_run else last.written)
    tasks = [(task, case.files) for case in cases for task in case.files.tasks if not task.done]
    left = all_left([_rest(task, files, last, durations, now) for task, files in tasks], at_once)
    others = [job for job in last.failed if not _is_of_case(job, run)]
    return Status(results, last, cases, lacking(run, results), others, left, at_once, now, list(run.plates))


def _is_of_case(job: Job, run: Run) -> bool:
    """Whether a job is shown with its case; those of viral samples and plates are not."""
    named = job.wildcards
    return "case" in named or named.get("sample") in run.samples or named.get("patient") in run.monitored


def _rest(task: Task, files: CaseFiles, last: LastRun, durations: Durations, now: float) -> float | None:
    return rest(task, files.case.assay, durations, now, last.may_run)


def _case(files: CaseFiles, last: LastRun, durations: Durations, now: float) -> CaseStatus:
    open_tasks = {(task.rule, task.subject) for task in files.tasks if not task.done}
    running = [task for task in files.tasks if task.begun and last.may_run]
    waiting = open_tasks - {(task.rule, task.subject) for task in running}
    failed = [job for job in last.failed if (job.rule, _subject(job)) in waiting]
    if not open_tasks:
        state = "done"
    elif failed:
        state = "failed"
    elif running:
        state = "running"
    elif files.done:
        state = "stopped" if last.outcome == "stopped" else "unfinished"
    else:
        state = "not begun"
    left = case_left(files.tasks, lambda task: _rest(task, files, last, durations, now))
    return CaseStatus(files, state, failed, running, left)


def _subject(job: Job) -> str:
    return next((job.wildcards[key] for key in ("case", "sample", "patient") if job.wildcards.get(key)), "")


def text(status: Status, unfinished: bool = False) -> list[str]:
    """The table, failed and running jobs, and the totals; lines of at most 100 characters, except paths."""
    rows = [case for case in status.cases if not (unfinished and case.state == "done")]
    lines = [_line([name for name, _ in COLUMNS]), *(_line(_cells(case)) for case in rows)]
    failed = [job for case in status.cases for job in case.failed] + status.others
    lines += ["", "Failed:"] if failed else []
    for job in failed[:SHOWN]:
        logs = [str(status.results / log) for log in job.logs] or ["none"]
        why = _why(job, status)
        lines += [f"  {job.label}", *([f"    {why}"] if why else []), f"    log: {', '.join(logs)}"]
    lines += _more(failed)
    running = [task for case in status.cases for task in case.running]
    lines += ["", "Running, or submitted to the cluster:"] if running else []
    for task in running[:SHOWN]:
        lines.append(f"  {task.rule} {task.subject}  since {duration(status.now - task.begun)}")
    return [*lines, *_more(running), "", *totals(status)]


def _line(cells: list[str]) -> str:
    padded = (
        cell if len(cell) <= width else f"{cell[: width - 1]}…" for cell, (_, width) in zip(cells, COLUMNS, strict=True)
    )
    return "  ".join(cell.ljust(width) for cell, (_, width) in zip(padded, COLUMNS, strict=True)).rstrip()


def _cells(case: CaseStatus) -> list[str]:
    files = case.files
    left = "-" if case.state == "done" else _time(case.left)
    jobs = f"{files.done}/{len(files.tasks)}"
    return [files.case.name, files.case.assay, case.state, files.stage, jobs, files.verdict or "-", left]


def _time(left: Left) -> str:
    return "unknown" if left.seconds is None else f"{'>' * left.at_least}{duration(left.seconds)}"


def _more(jobs: list) -> list[str]:
    return [f"  … and {len(jobs) - SHOWN} more; --json has all"] if len(jobs) > SHOWN else []


def totals(status: Status) -> list[str]:
    """Totals over all cases."""
    states = Counter(case.state for case in status.cases)
    verdicts = Counter(case.files.verdict for case in status.cases if case.files.verdict)
    done = sum(case.files.done for case in status.cases)
    jobs = sum(len(case.files.tasks) for case in status.cases)
    plates = f"{len(status.plates)} plates of viral samples; " if status.plates else ""
    noun = "case" if len(status.cases) == 1 else "cases"
    lines = [f"{plates}{len(status.cases)} {noun}: {_counts(states) or 'none'}"]
    lines[0] += f"; QC: {_counts(verdicts)}" if verdicts else ""
    absent = f"; missing: {', '.join(status.lacking)}" if status.lacking else ""
    lines.append(f"{done} of {jobs} jobs of cases are done{absent}")
    if done < jobs:
        lines.append(f"Time left: {_time(status.left)}{_basis(status)}")
    return lines + end_lines(status.run) + lock_lines(status.run, status.results)


def _basis(status: Status) -> str:
    if status.left.seconds is None:
        return " (no job of these rules is done yet)"
    more = "; > where some rules have no finished job yet" if status.left.at_least else ""
    when = "until now" if status.run.may_run else "in the last run"
    return f" if {max(status.at_once, 1):.1f} jobs run at once, as {when}{more}"


def _counts(counter: Counter) -> str:
    return ", ".join(f"{count} {name}" for name, count in counter.most_common())


def as_json(status: Status) -> dict[str, Any]:
    """Everything, for programs; times in seconds, null where unknown."""
    run = status.run
    return {
        "results": str(status.results),
        "code": status.code,
        "run": {
            "log": str(run.log) if run.log else None,
            "user": run.user or None,
            "host": run.host or None,
            "begun": run.begun,
            "outcome": run.outcome or None,
            "process": run.lock.pid if run.lock and run.may_run else None,
            "locked": run.is_locked or run.lock is not None,
            "jobs_done": run.done,
            "jobs": run.total,
        },
        "seconds_left": status.left.seconds,
        "at_least": status.left.at_least,
        "missing": status.lacking,
        "failed": [_failure(job, status) for job in status.others],
        "cases": [_case_json(case, status) for case in status.cases],
    }


def _case_json(case: CaseStatus, status: Status) -> dict[str, Any]:
    files = case.files
    return {
        "case": files.case.name,
        "assay": files.case.assay,
        "state": case.state,
        "stage": files.stage,
        "jobs_done": files.done,
        "jobs": len(files.tasks),
        "verdict": files.verdict,
        "seconds_left": case.left.seconds,
        "at_least": case.left.at_least,
        "failed": [_failure(job, status) for job in case.failed],
        "running": [{"rule": task.rule, "subject": task.subject, "since": task.begun} for task in case.running],
    }


def _failure(job: Job, status: Status) -> dict[str, Any]:
    logs = [str(status.results / log) for log in job.logs]
    return {"rule": job.rule, "subject": _subject(job) or None, "message": _why(job, status), "logs": logs}


def _why(job: Job, status: Status) -> str | None:
    """Why the job failed, as ./gms run shows it, else what Snakemake reports."""
    return reason(job, logs_of(job, status.results).values(), status.run.scheduler) or job.message or None
