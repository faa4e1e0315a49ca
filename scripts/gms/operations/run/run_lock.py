"""Who holds a results folder: two runs may not write to the same files, and a run that was killed is told by name.

The record lies in the results folder, made by an exclusive open, which network file systems do atomically too. Whether
its run is alive is known on the same machine by its process; elsewhere by the record's time, which a run renews."""

import getpass
import json
import os
import secrets
import socket
import tempfile
import time
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

RECORD = ".snakemake/gms_run.json"
BEAT = 20.0  # seconds after which a run renews its record
FRESH = 180.0  # seconds: a record that was renewed since is that of a living run
TOKEN = "GMS_RUN"  # variable that all processes of a run inherit


@dataclass
class Holder:
    """One run, as its record has it. `machine`: boot and process table, which a number of a process belongs to;
    `process_began`: clock ticks since that boot; `cluster_runs`: its jobs, SLURM or SGE and their name
    there."""

    token: str
    pid: int
    process_began: int | None
    host: str
    machine: str
    user: str
    began: str
    cluster_runs: list[str] = field(default_factory=list)
    silent: float = 0.0  # seconds since the record was renewed, by the clock of the file system

    @property
    def name(self) -> str:
        """Process, host and user, and since when."""
        return f"process {self.pid} on {self.host}, started by {self.user} on {self.began}"

    def is_here(self) -> bool:
        """Whether its processes would be seen from here."""
        return self.machine == machine()

    def is_alive(self) -> bool | None:
        """Whether its first process lives; None where that cannot be known from here."""
        if self.is_here():
            return process_began(self.pid) == self.process_began is not None
        if self.silent < FRESH:
            return True
        return False if self.host == socket.gethostname() else None  # the machine was started anew


def machine() -> str:
    """This boot of this machine and this process table: within it a number of a process means one process."""
    boot = Path("/proc/sys/kernel/random/boot_id")
    with suppress(OSError):
        return f"{boot.read_text().strip()} {os.readlink('/proc/self/ns/pid')}"
    return socket.gethostname()


def process_began(pid: int) -> int | None:
    """When a process began, in clock ticks since the boot; None where it has ended, or waits to be collected."""
    with suppress(OSError):
        state, *fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return int(fields[18]) if state not in "ZX" else None
    return None


def this_process() -> Holder:
    """A record of the process that asks, with a new token."""
    began = time.strftime("%Y-%m-%d %H:%M:%S")
    facts = (os.getpid(), process_began(os.getpid()), socket.gethostname(), machine())
    return Holder(secrets.token_hex(8), *facts, getpass.getuser(), began)


def holder_of(results: Path) -> Holder | None:
    """The run whose record lies in the results folder; None where there is none, or it cannot be read."""
    record = results / RECORD
    try:
        holder = Holder(**json.loads(record.read_text()))
        holder.silent = seconds_since_change(record)
    except (OSError, ValueError, TypeError):
        return None
    return holder


def seconds_since_change(path: Path) -> float:
    """Age of a file by the clock of its own file system, which may differ from this machine's; by this machine's where
    nothing can be written, as on a full disk or for somebody who may only read there."""
    now = time.time()
    with suppress(OSError), tempfile.TemporaryFile(dir=path.parent) as probe:
        os.utime(probe.fileno())
        now = os.fstat(probe.fileno()).st_mtime
    return max(0.0, now - path.stat().st_mtime)


class Hold:
    """This run's own record; `take` first. A context: left, the folder is free again unless `keep` was called."""

    def __init__(self, results: Path):
        self.record, self.holder = results / RECORD, this_process()
        self.made = [path for path in (self.record.parent, results) if not path.exists()]
        self.is_kept, self.beaten = False, time.monotonic()

    def take(self) -> bool:
        """Write the record; False where there is one already. Raises OSError where nothing can be written."""
        self.record.parent.mkdir(parents=True, exist_ok=True)
        try:
            with self.record.open("x") as file:
                file.write(self.text())
        except FileExistsError:
            return False
        return True

    def text(self) -> str:
        """The record as it is written."""
        return json.dumps({name: value for name, value in asdict(self.holder).items() if name != "silent"}, indent=1)

    def beat(self, cluster_runs: list[str]) -> None:
        """Renew the record now and then, and at once where a name at the scheduler is new. A full disk is no reason
        to stop."""
        if cluster_runs != self.holder.cluster_runs:
            self.holder.cluster_runs = list(cluster_runs)
            with suppress(OSError):
                part = self.record.with_suffix(".part")
                part.write_text(self.text())
                part.replace(self.record)
        elif time.monotonic() - self.beaten > BEAT:
            self.beaten = time.monotonic()
            with suppress(OSError):
                os.utime(self.record)

    def keep(self) -> None:
        """Leave the record although the run ends: something of it is still at work."""
        self.is_kept = True

    def __enter__(self) -> "Hold":
        return self

    def __exit__(self, *_: object) -> None:
        if self.is_kept:
            return
        with suppress(OSError):
            self.record.unlink()
            for folder in self.made:  # those of a run that never began
                folder.rmdir()
