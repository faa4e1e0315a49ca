"""Lock of a results folder. Prevents two runs from writing to it at once and identifies a run that died holding it.

The lock is a file in the results folder, created by an exclusive open, which is atomic on network file systems too.
Its run is alive if the process is, on the same machine; elsewhere if the file is recent: a run renews its time."""

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
BEAT = 20.0  # seconds after which a run renews its lock
FRESH = 180.0  # seconds: a lock that was renewed since belongs to a living run
TOKEN = "GMS_RUN"  # variable that all processes of a run inherit


@dataclass
class LockRecord:
    """The run that holds a lock. `machine`: boot and process table that `pid` belongs to;
    `process_began`: clock ticks since that boot; `cluster_runs`: SLURM or SGE, and the name of
    its jobs there."""

    token: str
    pid: int
    process_began: int | None
    host: str
    machine: str
    user: str
    began: str
    cluster_runs: list[str] = field(default_factory=list)
    silent: float = 0.0  # seconds since the lock was renewed, by the clock of the file system

    @property
    def name(self) -> str:
        """Process, host, user and start time."""
        return f"process {self.pid} on {self.host}, started by {self.user} on {self.began}"

    def is_here(self) -> bool:
        """Whether its processes are visible from here."""
        return self.machine == machine()

    def is_alive(self) -> bool | None:
        """Whether its first process is alive; None where that cannot be known from here."""
        if self.is_here():
            return process_began(self.pid) == self.process_began is not None
        if self.silent < FRESH:
            return True
        return False if self.host == socket.gethostname() else None  # the machine was restarted


def machine() -> str:
    """This boot of this machine and this process table, within which a process id is unique."""
    boot = Path("/proc/sys/kernel/random/boot_id")
    with suppress(OSError):
        return f"{boot.read_text().strip()} {os.readlink('/proc/self/ns/pid')}"
    return socket.gethostname()


def process_began(pid: int) -> int | None:
    """Start of a process, in clock ticks since the boot; None where it has ended or is a zombie."""
    with suppress(OSError):
        state, *fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return int(fields[18]) if state not in "ZX" else None
    return None


def this_process() -> LockRecord:
    """The record of this process, with a new token."""
    began = time.strftime("%Y-%m-%d %H:%M:%S")
    facts = (os.getpid(), process_began(os.getpid()), socket.gethostname(), machine())
    return LockRecord(secrets.token_hex(8), *facts, getpass.getuser(), began)


def read_lock(results: Path) -> LockRecord | None:
    """The run that holds the lock of a results folder; None where there is none, or it cannot be read."""
    file = results / RECORD
    try:
        record = LockRecord(**json.loads(file.read_text()))
        record.silent = seconds_since_change(file)
    except (OSError, ValueError, TypeError):
        return None
    return record


def seconds_since_change(path: Path) -> float:
    """Age of a file by the clock of its own file system, which may differ from this machine's; by this machine's where
    nothing can be written, as on a full disk or for somebody who may only read there."""
    now = time.time()
    with suppress(OSError), tempfile.TemporaryFile(dir=path.parent) as probe:
        os.utime(probe.fileno())
        now = os.fstat(probe.fileno()).st_mtime
    return max(0.0, now - path.stat().st_mtime)


class RunLock:
    """This run's own lock; `take` it first. As a context it is released at the end, unless `keep` was called."""

    def __init__(self, results: Path):
        self.file, self.record = results / RECORD, this_process()
        self.made = [path for path in (self.file.parent, results) if not path.exists()]
        self.is_kept, self.beaten = False, time.monotonic()

    def take(self) -> bool:
        """Write the lock; False where there is one already. Raises OSError where nothing can be written."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        try:
            with self.file.open("x") as file:
                file.write(self.text())
        except FileExistsError:
            return False
        return True

    def text(self) -> str:
        """The content of the lock file."""
        return json.dumps({name: value for name, value in asdict(self.record).items() if name != "silent"}, indent=1)

    def beat(self, cluster_runs: list[str]) -> None:
        """Renew the lock every 20 s, and at once where a name at the scheduler is new. A full disk is ignored."""
        if cluster_runs != self.record.cluster_runs:
            self.record.cluster_runs = list(cluster_runs)
            with suppress(OSError):
                part = self.file.with_suffix(".part")
                part.write_text(self.text())
                part.replace(self.file)
        elif time.monotonic() - self.beaten > BEAT:
            self.beaten = time.monotonic()
            with suppress(OSError):
                os.utime(self.file)

    def keep(self) -> None:
        """Keep the lock after the end of the run: some of its processes or jobs are still running."""
        self.is_kept = True

    def __enter__(self) -> "RunLock":
        return self

    def __exit__(self, *_: object) -> None:
        if self.is_kept:
            return
        with suppress(OSError):
            self.file.unlink()
            for folder in self.made:  # those of a run that never began
                folder.rmdir()
