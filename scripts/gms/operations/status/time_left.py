"""Time left, by the benchmarks of jobs that are done in the same results folder."""

import json
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import NamedTuple

from gms.inputs.run_model import Run
from gms.operations.status.case_files import NEEDS, Task

ENOUGH = 40  # benchmarks of a rule and an assay from which a median is taken


@dataclass
class Durations:
    """Median seconds by (rule, assay), and by (rule, '') over all assays; benchmarks written, by rule and time."""

    medians: dict[tuple[str, str], float] = field(default_factory=dict)
    written: list[tuple[float, str, str]] = field(default_factory=list)

    def of(self, rule: str, assay: str) -> float | None:
        """Seconds that a job of the rule takes; None without a benchmark."""
        return self.medians.get((rule, assay), self.medians.get((rule, "")))

    def at_once(self, begun: float | None, end: float | None) -> float | None:
        """Jobs that ran at the same time on average, from `begun` to `end` (seconds since 1970); None if none did."""
        if begun is None or end is None or end <= begun:
            return None
        spent = sum(self.of(rule, assay) or 0 for when, rule, assay in self.written if begun <= when <= end)
        return spent / (end - begun) if spent else None


def read_durations(results: Path, run: Run) -> Durations:
    """Medians from the benchmark files; of many, evenly chosen ones are read."""
    assay_of = {name: sample.assay for name, sample in run.samples.items()}
    assay_of |= {name: case.assay for name, case in run.cases.items()}
    found: dict[tuple[str, str], list[str]] = {}
    durations = Durations()
    for rule in _names(results / "benchmarks"):
        try:
            with os.scandir(results / "benchmarks" / rule) as entries:
                for entry in entries:
                    assay = assay_of.get(entry.name.removesuffix(".jsonl"), "")
                    found.setdefault((rule, assay), []).append(entry.path)
                    durations.written.append((entry.stat().st_mtime, rule, assay))
        except OSError:
            continue  # no folder, or a file that is gone since
    for (rule, assay), paths in found.items():
        chosen = sorted(paths)[:: max(1, len(paths) // ENOUGH)]
        if seconds := [value for path in chosen if (value := _seconds(path)) is not None]:
            durations.medians[rule, assay] = median(seconds)
    for rule in {rule for rule, _ in durations.medians}:
        every = [value for (name, _), value in durations.medians.items() if name == rule]
        durations.medians[rule, ""] = median(every)
    return durations


def _names(folder: Path) -> list[str]:
    return sorted(os.listdir(folder)) if folder.is_dir() else []


def _seconds(path: str) -> float | None:
    """Seconds in the last line of a benchmark file."""
    try:
        with open(path) as file:
            return float(json.loads(file.read().splitlines()[-1])["s"])
    except (OSError, ValueError, IndexError, KeyError, TypeError):
        return None


def rest(task: Task, assay: str, durations: Durations, now: float, is_running: bool) -> float | None:
    """Seconds that a job still needs; None if unknown."""
    if task.done:
        return 0.0
    whole = durations.of(task.rule, assay)
    if whole is None:
        return None
    return max(0.0, whole - (now - task.begun)) if is_running and task.begun else whole


class Left(NamedTuple):
    """Seconds that are left, None if unknown; `at_least` if some of the jobs left have no benchmark."""

    seconds: float | None
    at_least: bool = False


def case_left(tasks: Iterable[Task], left: Callable[[Task], float | None]) -> Left:
    """Time to the end of a case if none of its jobs has to wait for a free place: that of its longest chain of jobs,
    each of which needs what the one before it makes."""
    seconds = {(task.kind, task.rule, task.subject): left(task) for task in tasks if not task.done}
    ends: dict[str, float] = {}
    for kind, needed in NEEDS.items():  # in the order of a run
        longest = max((value or 0.0 for (name, _, _), value in seconds.items() if name == kind), default=0.0)
        ends[kind] = longest + max((ends[rule] for rule in needed), default=0.0)
    return _left(max(ends.values()), list(seconds.values()))


def all_left(rests: list[float | None], at_once: float | None) -> Left:
    """Time to the end of all jobs, of which so many run at the same time; `rests` is what each job still needs."""
    if rests and at_once is None:
        return Left(None)
    return _left(sum(value or 0.0 for value in rests) / max(at_once or 1.0, 1.0), rests)


def _left(seconds: float, rests: list[float | None]) -> Left:
    is_unknown = bool(rests) and all(value is None for value in rests)
    return Left(None if is_unknown else seconds, None in rests and not is_unknown)
