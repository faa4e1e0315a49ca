"""The last run over a results folder, by the files that Snakemake leaves: its log, its lock, the list of processes."""

import getpass
import os
import re
import socket
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import yaml

from gms.progress import Job, Progress
from gms.software import PROJECT

LOGS = PROJECT / ".snakemake" / "log"
HEAD = 8_000  # bytes in which a log says who, where and what
MANY = 2_000  # logs that are looked at, newest first
FACTS = re.compile(r"^  (Date|Host|User|Config file\(s\)): (.+)$", re.MULTILINE)
PATH = re.compile(r"Path\('([^']+)'\)")
STEPS = re.compile(r"^(\d+) of (\d+) steps \(", re.MULTILINE)
TOTAL = re.compile(r"^total\s+(\d+)$", re.MULTILINE)
SLURM = re.compile(r"^SLURM run ID: (\S+)", re.MULTILINE)
CHILD = {"--mode", "--dry-run", "--dryrun", "-n", "--unlock", "--report", "--summary"}


@dataclass
class LastRun:
    """What is known of the last run; `pid` only if it is alive on this machine, `failed` are its jobs that failed."""

    log: Path | None = None
    begun: float | None = None  # seconds since 1970
    written: float | None = None  # when the log was last written to
    host: str = ""
    user: str = ""
    done: int = 0
    total: int = 0
    pid: int | None = None
    is_locked: bool = False
    slurm: str = ""  # the name of its jobs, where they went to Slurm
    failed: tuple[Job, ...] = ()

    @property
    def is_elsewhere(self) -> bool:
        """Whether it was started on another machine, whose processes cannot be seen from here."""
        return bool(self.host) and self.host != socket.gethostname()

    @property
    def may_run(self) -> bool:
        """Whether it is alive, or is locked and cannot be known to be dead."""
        return self.pid is not None or (self.is_locked and (self.is_elsewhere or not self.log))


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


def last_run(results: Path, log: Path | None, configfile: Path) -> LastRun:
    """The state of the last run as far as files tell it."""
    run = LastRun(log=log, is_locked=any((results / ".snakemake" / "locks").glob("*.lock")))
    run.pid = process_of(configfile, results)
    if log is None:
        return run
    text = log.read_text(errors="replace")
    facts = dict(FACTS.findall(text[:HEAD]))
    run.host, run.user, run.written = facts.get("Host", ""), facts.get("User", ""), log.stat().st_mtime
    run.slurm = match[1] if (match := SLURM.search(text)) else ""
    run.begun = _seconds(facts.get("Date", ""))
    steps, totals = STEPS.findall(text), TOTAL.findall(text)
    run.done, run.total = map(int, steps[-1]) if steps else (0, int(totals[-1]) if totals else 0)
    if "\nError in " in text:  # only then is every line worth its time
        progress = Progress()
        for line in text.splitlines():
            progress.feed(line)
        run.failed = tuple(progress.failed.values())
    return run


def _seconds(date: str) -> float | None:
    try:
        return datetime.strptime(date, "%Y-%m-%d %H:%M:%S").timestamp()
    except ValueError:
        return None


def process_of(configfile: Path, results: Path, processes: Path = Path("/proc")) -> int | None:
    """The id of a Snakemake on this machine that runs this configuration, not of one of its jobs; None without one."""
    wanted = os.path.realpath(configfile)
    for entry in processes.glob("[0-9]*"):
        try:
            words = (entry / "cmdline").read_bytes().decode(errors="replace").split("\0")
            if not any(word.rpartition("/")[2] == "snakemake" for word in words[:3]) or CHILD.intersection(words):
                continue
            named, cwd = words[words.index("--configfile") + 1], os.readlink(entry / "cwd")
            # It begins in the project's folder, from where it is given the configuration, and goes on in the results.
            places = (cwd, PROJECT) if Path(cwd) == results else (cwd,)
            if any(os.path.realpath(os.path.join(place, named)) == wanted for place in places):
                return int(entry.name)
        except (OSError, ValueError, IndexError):  # ended meanwhile, another user's, or without a configuration
            continue
    return None


def lock_lines(run: LastRun, now: float) -> list[str]:
    """Who holds the folder, in words."""
    who = f"{run.user or 'somebody'} on {run.host or 'an unknown machine'}" + (
        f" since {time.strftime('%Y-%m-%d %H:%M', time.localtime(run.begun))}" if run.begun else ""
    )
    if run.pid is not None:
        who = who if run.log else f"{getpass.getuser()} on {socket.gethostname()}"
        return [f"A run is going on: process {run.pid}, {who}."]
    if not run.is_locked:
        return []
    if not run.log:
        return ["The folder is locked. By whom is not known here: no log of this installation is about it."]
    if run.is_elsewhere:
        quiet = f"; its log was last written {int((now - run.written) // 60)} minutes ago" if run.written else ""
        return [f"The folder is locked by {who}{quiet}. Whether that run is alive is seen on that machine only."]
    lines = [f"The folder is locked by a run of {who}, which is no longer alive."]
    if run.slurm:
        lines.append(f"Jobs that it submitted may go on: wait until they have ended, or scancel --name {run.slurm}")
    return [*lines, "Release it with the command of that run and --unlock, then give the command again to go on."]
