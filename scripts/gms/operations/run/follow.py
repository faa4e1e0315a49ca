"""A Snakemake run as a person wants to see it: progress while it runs, and in the end what failed and why."""

import os
import queue
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from gms.base.project import PROJECT
from gms.base.tables import duration
from gms.operations.run.disk import disk_notes
from gms.operations.run.events import EXCEPTION, Job, Progress, plain_errors, status, without_traceback
from gms.operations.run.failures import cause
from gms.operations.run.grid_engine_failures import complete, limits
from gms.operations.run.lost_jobs import Watch, lost
from gms.operations.run.run_lock import TOKEN, Hold
from gms.operations.run.run_lock_rules import leave, lock_since

LOG_LINES = 15
FAILURES_IN_FULL = 10
LOCKED = """another run holds the lock of the results folder{since}.
It left no record of ./gms run, so whether it is alive cannot be known. If you are sure that no run is active (a run
that was killed leaves its lock), release it with the same command and --unlock, then run again."""
FIRST_ERROR = re.compile(r"Error in rule (\w+)\b")


def follow(command: list[str], results: Path, hold: Hold | None = None) -> int:
    """Run Snakemake, show its progress, and say in the end what was done and what failed. `hold`: of the results."""
    begin = time.monotonic()
    variables = os.environ | ({TOKEN: hold.holder.token} if hold else {})
    child = subprocess.Popen(command, cwd=PROJECT, env=variables, stderr=subprocess.PIPE, text=True, errors="replace")
    stops: list[int] = []
    signal.signal(signal.SIGINT, lambda number, _: stops.append(number))  # the terminal sent it to Snakemake as well
    signal.signal(signal.SIGTERM, lambda number, _: (stops.append(number), child.terminate()))
    progress, watch = Progress(), Watch()
    show_until_end(child, progress, watch, stops, hold)
    code = child.wait()
    if hold:
        leave(hold, code)
    if watch.stopped:
        print(lost(progress))
        return 1
    if code and stops:
        print(f"error: stopped on request after {progress.done} of {progress.total} jobs; the same command goes on")
        return 128 + stops[0]
    if code < 0:
        print(killed(-code, progress))
        return 1
    return conclude(progress, code, time.monotonic() - begin, results)


def killed(number: int, progress: Progress) -> str:
    """What to say where a signal ended Snakemake, which could not release its lock."""
    memory = "; Linux does that where memory runs out" if number == signal.SIGKILL else ""
    text = f"{signal.Signals(number).name} ended Snakemake after {progress.done} of {progress.total} jobs{memory}"
    return f"error: {text}. To go on: the same command with --unlock, then without"


def show_until_end(child: subprocess.Popen, progress: Progress, watch: Watch, stops: list[int], hold: Hold | None):
    """Take in what Snakemake says and show it, until it ends; `stops`: signals that asked for that."""
    begin, display = time.monotonic(), Display()
    for line in lines_or_ticks(child.stderr):
        news = progress.feed(line) if line is not None else None
        display.update(progress, time.monotonic() - begin, None if stops else news)  # what a stop ends has not failed
        if hold:
            hold.beat(progress.cluster_runs)
        if watch.waits_in_vain(progress, line is not None):
            watch.stop(child)
    display.end()


def lines_or_ticks(stream, seconds: float = 1.0) -> Iterator[str | None]:
    """Lines of a stream as they come, and None whenever none came for a while."""
    lines: queue.Queue = queue.Queue()
    end = object()

    def pump():
        for line in stream:
            lines.put(line)
        lines.put(end)

    threading.Thread(target=pump, daemon=True).start()
    while True:
        try:
            line = lines.get(timeout=seconds)
        except queue.Empty:
            line = None
        if line is end:
            return
        yield line


class Display:
    """One line that is rewritten on a terminal; elsewhere a line at every tenth of the jobs, or now and then."""

    def __init__(self):
        self.is_terminal = sys.stdout.isatty()
        self.last, self.shown = "", (-1, -1)
        self.time = 0.0

    def update(self, progress: Progress, seconds: float, news: str | None) -> None:
        """Show news at once, and the state where it is due; nothing more once nobody can read it, as where a terminal
        was closed: the run goes on, and goes on holding its results."""
        try:
            self.show(progress, seconds, news)
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            self.is_terminal = False

    def show(self, progress: Progress, seconds: float, news: str | None) -> None:
        """Print what is to be shown now."""
        if news:
            self.clear()
            print(news, flush=True)
        if self.is_terminal:
            line = status(progress, seconds, (os.get_terminal_size().columns or 80) - 1)
            if line != self.last and (progress.total or seconds > 1):
                print(f"\r\033[K{line}", end="", flush=True)
                self.last = line
        elif self.is_due(progress, seconds):
            print(status(progress, seconds), flush=True)
            self.shown, self.time = (progress.done, progress.total), seconds

    def is_due(self, progress: Progress, seconds: float) -> bool:
        """Not on a terminal: at each tenth, after 10 s if something changed, after 5 minutes anyway."""
        if not progress.total:
            return False
        state = (progress.done, progress.total)
        tenth = 10 * progress.done // progress.total > 10 * max(self.shown[0], 0) // progress.total
        return tenth or (state != self.shown and seconds - self.time >= 10) or seconds - self.time >= 300

    def clear(self) -> None:
        """Empty the line that is being rewritten."""
        if self.is_terminal and self.last:
            print("\r\033[K", end="", flush=True)
            self.last = ""

    end = clear


def conclude(progress: Progress, code: int, seconds: float, results: Path) -> int:
    """Say what failed and why; the last line sums up. Returns the exit code."""
    if code and not progress.failed:
        return explain_stop(progress, code, results)
    complete(progress.failed.values(), results)
    for number, job in enumerate(reached(progress, results)):
        print("\n".join(failure(job, results, number < FAILURES_IN_FULL, bool(progress.cluster_runs))))
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
    """Say why no job could be started: the sentences of the workflow or of Snakemake, without their traceback."""
    lines = plain_errors(progress)
    if any(line.startswith("LockException") for line in lines):
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
    """The failed jobs, less those of a group that had ended well or never began: its log names those that failed."""
    jobs = []
    for job in progress.failed.values():
        lines = [line for log in job.group_logs for line in read_log(results / log) or []]
        named = {match[1] for line in lines if (match := FIRST_ERROR.search(line))}
        jobs += [job] if not named or job.rule in named else []
    return jobs


def failure(job: Job, results: Path, in_full: bool, on_cluster: bool) -> list[str]:
    """What failed, for whom, why where that is known, the end of its log, and where that log is."""
    wildcards = ", ".join(f"{name} {value}" for name, value in job.wildcards.items())
    texts = {results / log: read_log(results / log) for log in [*job.logs, *job.group_logs]}
    lines = [*limits(job), *(line for text in texts.values() for line in text or [])]
    why = cause(job, lines, on_cluster) or own_words(texts.values())
    said = [f"failed: {job.rule}" + (f" of {wildcards}" if wildcards else "")]
    said += [f"  {line}" for line in (why, job.message) if line]
    first = next((text for text in texts.values() if text), None)  # the rule's own log, else that of the cluster
    end = (first or [line for line in job.said if not EXCEPTION.match(line)])[-LOG_LINES:]
    said += [f"  | {line}" for line in end if in_full]
    said += [f"  log: {path}" + (" (was not written)" if text is None else "") for path, text in texts.items()]
    return said


def own_words(texts: Iterable[list[str] | None]) -> str | None:
    """The sentence with which a script of the workflow ended."""
    found = [line for text in texts for line in text or [] if line.startswith("error: ")]
    return found[-1].removeprefix("error: ") if found else None


def read_log(path: Path) -> list[str] | None:
    """The lines of a log without tracebacks; None where there is no log."""
    return without_traceback(path.read_text(errors="replace").splitlines()) if path.is_file() else None
