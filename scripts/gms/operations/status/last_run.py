"""The last run over a results folder, by its record of who holds the folder and the log that Snakemake leaves."""

import os
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import yaml

from gms.base.errors import GmsError
from gms.base.problems import shown
from gms.base.project import PROJECT
from gms.operations.run.events import Job, Progress
from gms.operations.run.grid_engine_failures import complete
from gms.operations.run.orphans import Leftovers, processes_of
from gms.operations.run.run_lock import Holder, holder_of
from gms.operations.run.run_lock_rules import lock_since

LOGS = PROJECT / ".snakemake" / "log"
HEAD = 8_000  # bytes in which a log says who, where and what
TRACES = ("run.json", "benchmarks")  # of which a results folder has at least one
MANY = 2_000  # logs that are looked at, newest first
FACTS = re.compile(r"^  (Date|Host|User|Config file\(s\)): (.+)$", re.MULTILINE)
PATH = re.compile(r"Path\('([^']+)'\)")
STEPS = re.compile(r"^(\d+) of (\d+) steps \(", re.MULTILINE)
TOTAL = re.compile(r"^total\s+(\d+)$", re.MULTILINE)


@dataclass
class LastRun:
    """What is known of the last run. `failed` are its jobs that failed; `holder` is there while it holds the folder, or
    was killed; `is_locked` is Snakemake's own lock."""

    log: Path | None = None
    begun: float | None = None  # seconds since 1970
    written: float | None = None  # when the log was last written to
    host: str = ""
    user: str = ""
    done: int = 0
    total: int = 0
    failed: tuple[Job, ...] = ()
    holder: Holder | None = None
    is_locked: bool = False

    @property
    def may_run(self) -> bool:
        """Whether it is alive, or is not known to be dead."""
        return self.is_locked if self.holder is None else self.holder.is_alive() is not False


def results_of(configfile: Path) -> Path | None:
    """The results folder that a configuration names; None if it is no configuration of a run."""
    try:
        config = yaml.load(configfile.read_text(), yaml.CSafeLoader)
        if isinstance(config, dict) and "samples" in config:
            return Path(os.path.realpath(configfile.parent / config.get("results", "results")))
    except (OSError, UnicodeDecodeError, yaml.YAMLError, TypeError):
        pass
    return None


def find_log(results: Path, logs: Path = LOGS) -> tuple[Path, Path] | None:
    """The newest of Snakemake's logs of a run over this folder, and the configuration of that run."""
    known: dict[str, Path | None] = {}
    for log in sorted(logs.glob("*.snakemake.log"), reverse=True)[:MANY]:  # names begin with the date
        with log.open(errors="replace") as file:
            head = file.read(HEAD)
        for name in PATH.findall(dict(FACTS.findall(head)).get("Config file(s)", "")):
            if name not in known:
                known[name] = results_of(Path(name))
            if known[name] == results:
                return log, Path(name)
    return None


def config_beside(results: Path) -> Path | None:
    """A configuration in the folder above that names these results; None if there is none, or several."""
    found = [path for path in results.parent.glob("*.y*ml") if results_of(path) == results]
    return found[0] if len(found) == 1 else None


def config_of(results: Path, given: Path | None, used: Path | None) -> Path:
    """The configuration of a results folder: the one given, the one last used, else one beside it. Raises GmsError."""
    config = given or used or config_beside(results)
    named = results_of(given) if given else next(filter(None, map(results_of, results.glob("*.y*ml"))), None)
    if (config is None or (given and named != results)) and not any((results / name).exists() for name in TRACES):
        meant = f"; did you mean '{shown(named)}'?" if named else ""
        raise GmsError(f"'{shown(results)}' is not a results folder: it holds neither {' nor '.join(TRACES)}{meant}")
    if config is None:
        raise GmsError(f"no config is known whose results are in '{shown(results)}'; name it with --configfile")
    return config


def last_run(results: Path, log: Path | None) -> LastRun:
    """The state of the last run as far as files tell it."""
    run = LastRun(log=log, holder=holder_of(results))
    run.is_locked = any((results / ".snakemake" / "locks").glob("*.lock"))
    if log is None:
        return run
    text = log.read_text(errors="replace")
    facts = dict(FACTS.findall(text[:HEAD]))
    run.host, run.user, run.written = facts.get("Host", ""), facts.get("User", ""), log.stat().st_mtime
    run.begun = _seconds(facts.get("Date", ""))
    steps, totals = STEPS.findall(text), TOTAL.findall(text)
    run.done, run.total = map(int, steps[-1]) if steps else (0, int(totals[-1]) if totals else 0)
    if "\nError in " in text:  # only then is every line worth its time
        progress = Progress()
        for line in text.splitlines():
            progress.feed(line)
        complete(progress.failed.values(), results)
        run.failed = tuple(progress.failed.values())
    return run


def _seconds(date: str) -> float | None:
    try:
        return datetime.strptime(date, "%Y-%m-%d %H:%M:%S").timestamp()
    except ValueError:
        return None


def lock_lines(run: LastRun, results: Path) -> list[str]:
    """Who holds the folder, in words."""
    holder = run.holder
    if holder is None:
        text = "by a Snakemake that was started without ./gms run; only who started it can tell whether it is alive"
        return [f"The folder is locked{lock_since(results)}, {text}."] if run.is_locked else []
    alive = holder.is_alive()
    seen = "" if holder.is_here() else f" Its last sign of life was {holder.silent:.0f} s ago."
    if alive:
        return [f"A run is going on: {holder.name}.{seen}"]
    if alive is None:
        return [f"The folder is locked by {holder.name}.{seen} Whether it is alive is seen on that machine only."]
    left = [f"{here} at work"] if (here := str(Leftovers(processes_of(holder)))) else []
    left += ["jobs of the scheduler, perhaps"] if holder.cluster_runs else []
    said = f" It left {' and '.join(left)}." if left else ""
    ends = ", which ends what it left," if left else ","
    return [
        f"The folder is locked by {holder.name}, which is no longer alive.{said}",
        f"To go on: the command of that run with --unlock{ends} then without.",
    ]
