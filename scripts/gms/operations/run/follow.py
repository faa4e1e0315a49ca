"""Start Snakemake, follow its events to the end of the run, and show progress meanwhile."""

import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from gms.base.project import PROJECT, quick_start
from gms.base.tables import duration
from gms.inputs.run_model import Case
from gms.operations.run.conclusion import conclude, killed, stopped
from gms.operations.run.event_files import EventFile, new_event_file, with_events, with_plugins
from gms.operations.run.events import Progress
from gms.operations.run.lost_jobs import Watch, lost
from gms.operations.run.run_lock import TOKEN, RunLock
from gms.operations.run.run_lock_rules import leave


def follow(command: list[str], results: Path, lock: RunLock | None = None, cases: Iterable[Case] = ()) -> int:
    """Run Snakemake, show its progress, and print in the end what was done and what failed. Returns the exit code.
    `lock`: of the results folder; `cases`: those of the run."""
    begin, file = time.monotonic(), new_event_file(results)
    variables = with_plugins(os.environ) | ({TOKEN: lock.record.token} if lock else {})
    pipe = {"stderr": subprocess.PIPE, "text": True, "errors": "replace"}
    child = subprocess.Popen(quick_start(with_events(command, file)), cwd=PROJECT, env=variables, **pipe)
    progress, watch = Progress(), Watch()
    stops = note_stops(child, progress, file)
    show_until_end(child, progress, watch, lock)
    code = child.wait()
    if lock:
        leave(lock, code)
    outcome = outcome_of(code, bool(stops), watch)
    file.append("run_ended", outcome=outcome, code=code)
    if outcome == "lost":
        print(lost(progress))
    elif outcome == "stopped":
        print(stopped(progress))
        return 128 + stops[0]
    elif outcome == "killed":
        print(killed(-code, progress))
    else:
        return conclude(progress, code, time.monotonic() - begin, results, cases)
    return 1


def outcome_of(code: int, was_stopped: bool, watch: Watch) -> str:
    """How a run ended: lost (by its scheduler), stopped (on request), killed, failed or done. `code`: of Snakemake."""
    if watch.stopped:
        return "lost"
    if code and was_stopped:
        return "stopped"
    if code < 0:
        return "killed"
    return "failed" if code else "done"


def note_stops(child: subprocess.Popen, progress: Progress, file: EventFile) -> list[int]:
    """From now on SIGINT and SIGTERM end Snakemake, which ends its jobs; returns the list that they are added to."""
    stops: list[int] = []

    def note(number: int, _: object) -> None:
        stops.append(number)
        progress.take(file.append("stop_requested", signal=number))
        if number == signal.SIGTERM:  # a terminal sends SIGINT to Snakemake as well
            child.terminate()

    signal.signal(signal.SIGINT, note)
    signal.signal(signal.SIGTERM, note)
    return stops


def show_until_end(child: subprocess.Popen, progress: Progress, watch: Watch, lock: RunLock | None) -> None:
    """Take in what Snakemake reports and show it, until it ends."""
    begin, display = time.monotonic(), Display()
    for line in lines_or_ticks(child.stderr):
        news = progress.feed(line) if line is not None else None
        display.update(progress, time.monotonic() - begin, news)
        if lock:
            lock.beat(progress.cluster_runs)
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


def status(progress: Progress, seconds: float, width: int = 120) -> str:
    """One line: done/total, elapsed, what is running."""
    percent = 100 * progress.done // progress.total if progress.total else 0
    names = [job.label for job in progress.running.values()]
    failed = f"  {len(progress.failed)} failed" if progress.failed else ""
    running = f"  running: {', '.join(names)}" if names else ""
    line = f"{progress.done}/{progress.total or '?'} ({percent} %)  {duration(seconds)}{failed}{running}"
    return line if len(line) <= width else line[: width - 1] + "…"


class Display:
    """One line that is rewritten on a terminal; elsewhere a line at every tenth of the jobs, or now and then."""

    def __init__(self):
        self.is_terminal = sys.stdout.isatty()
        self.last, self.shown = "", (-1, -1)
        self.time = 0.0

    def update(self, progress: Progress, seconds: float, news: str | None) -> None:
        """Show news at once, and the state when it is due. Where the terminal was closed nothing is shown any more: the
        run continues, and keeps its lock."""
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
