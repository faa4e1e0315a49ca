"""The last run over a results folder, by its lock and the events of that run."""

import os
import time
from dataclasses import dataclass
from pathlib import Path

import yaml

from gms.base.errors import GmsError
from gms.base.problems import shown
from gms.base.schemas import read_yaml
from gms.operations.run.event_files import event_files, read_events
from gms.operations.run.events import Job, Progress
from gms.operations.run.grid_engine_failures import complete
from gms.operations.run.orphans import Orphans, processes_of
from gms.operations.run.run_lock import LockRecord, read_lock
from gms.operations.run.run_lock_rules import lock_since

TRACES = ("run.json", "benchmarks")  # of which a results folder has at least one


@dataclass
class LastRun:
    """What is known of the last run. `failed` are its jobs that failed; `lock` is there while it holds the folder, or
    was killed; `is_locked` is Snakemake's own lock; `outcome`: done, failed, stopped, lost, killed, or empty while it
    runs and where ./gms run was killed with it."""

    log: Path | None = None  # Snakemake's own
    configfile: Path | None = None
    begun: float | None = None  # seconds since 1970
    written: float | None = None  # of the last event
    host: str = ""
    user: str = ""
    done: int = 0
    total: int = 0
    failed: tuple[Job, ...] = ()
    outcome: str = ""
    scheduler: str = ""  # SLURM, SGE, or empty on one machine
    lock: LockRecord | None = None
    is_locked: bool = False

    @property
    def may_run(self) -> bool:
        """Whether it is alive, or is not known to be dead."""
        return self.is_locked if self.lock is None else self.lock.is_alive() is not False


def results_of(configfile: Path) -> Path | None:
    """The results folder of a config; None if the file is no config of a run."""
    try:
        config = read_yaml(configfile)
        if isinstance(config, dict) and "samples" in config:
            return Path(os.path.realpath(configfile.parent / config.get("results", "results")))
    except (OSError, UnicodeDecodeError, yaml.YAMLError, RecursionError, TypeError):
        pass
    return None


def config_beside(results: Path) -> Path | None:
    """The config in the parent folder with these results; None if there is none, or several."""
    found = [path for path in results.parent.glob("*.y*ml") if results_of(path) == results]
    return found[0] if len(found) == 1 else None


def config_of(results: Path, given: Path | None, used: Path | None) -> Path:
    """The config of a results folder: the one given, last used, or in its parent folder. Raises GmsError."""
    config = given or used or config_beside(results)
    named = results_of(given) if given else next(filter(None, map(results_of, sorted(results.glob("*.y*ml")))), None)
    if (config is None or (given and named != results)) and not any((results / name).exists() for name in TRACES):
        meant = f"; did you mean '{shown(named)}'?" if named else ""
        raise GmsError(f"'{shown(results)}' is not a results folder: it holds neither {' nor '.join(TRACES)}{meant}")
    if config is None:
        raise GmsError(f"no config is known whose results are in '{shown(results)}'; name it with --configfile")
    return config


def last_run(results: Path) -> LastRun:
    """The state of the last run by its files. A run by plain snakemake leaves no events, but a lock."""
    run = LastRun(lock=read_lock(results))
    run.is_locked = any((results / ".snakemake" / "locks").glob("*.lock"))
    for file in reversed(event_files(results)):
        progress = read_events(file)
        if progress.started:
            describe(run, progress, file, results)
            break
    return run


def describe(run: LastRun, progress: Progress, file: Path, results: Path) -> None:
    """Add the facts that the events of a run give."""
    started = progress.started
    run.log = Path(progress.full_log) if progress.full_log else None
    run.configfile = next((path for path in map(Path, started["configfiles"]) if results_of(path)), None)
    run.begun, run.written = started["time"], file.stat().st_mtime
    run.host, run.user = started["host"], started["user"]
    run.done, run.total = progress.done, progress.total
    run.outcome, run.scheduler = progress.ended.get("outcome", ""), progress.scheduler
    complete(progress.failed.values(), results)
    run.failed = tuple(progress.failed.values())


def end_lines(run: LastRun) -> list[str]:
    """A line about a last run that did not come to its end."""
    words = {"stopped": "was stopped on request", "lost": "lost its jobs at the scheduler", "killed": "was killed"}
    if run.outcome not in words or run.written is None:
        return []
    when = time.strftime("%Y-%m-%d %H:%M", time.localtime(run.written))
    return [f"The last run {words[run.outcome]} on {when}, after {run.done} of {run.total} jobs."]


def lock_lines(run: LastRun, results: Path) -> list[str]:
    """Lines about the run that holds the folder."""
    record = run.lock
    if record is None:
        text = "by a Snakemake that was started without ./gms run; only who started it can tell whether it is alive"
        return [f"The folder is locked{lock_since(results)}, {text}."] if run.is_locked else []
    alive = record.is_alive()
    seen = "" if record.is_here() else f" Its last sign of life was {record.silent:.0f} s ago."
    if alive:
        return [f"A run is active: {record.name}.{seen}"]
    if alive is None:
        return [f"The folder is locked by {record.name}.{seen} Only that machine shows whether it is alive."]
    left = [f"{here}"] if (here := str(Orphans(processes_of(record)))) else []
    left += ["perhaps jobs at the scheduler"] if record.cluster_runs else []
    said = f" Still running: {' and '.join(left)}." if left else ""
    ends = ", which ends them," if left else ","
    return [
        f"The folder is locked by {record.name}, which is no longer alive.{said}",
        f"To continue: the command of that run with --unlock{ends} then without.",
    ]
