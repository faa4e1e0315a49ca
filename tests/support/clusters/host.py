"""What a cluster in the tests needs of its host: programs, root, free ports, processes that end with it."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

import psutil

SYSTEM = "/usr/sbin:/usr/bin:/sbin:/bin"
# A mount and a process table of its own; its first process collects orphans, and all ends with it.
APART = ("unshare", "--mount", "--propagation", "private", "--pid", "--fork", "--kill-child", "--mount-proc")
IDLE = "echo up; while :; do sleep infinity & wait; done"


class ClusterError(Exception):
    """The cluster does not do what a test needs; the text holds the end of its logs."""


def why_not(programs: tuple[str, ...], packages: str) -> str | None:
    """Why no cluster can be started here, as a reason to skip its tests; None where it can."""
    if os.geteuid() != 0:
        return "a cluster is started by root only"
    missing = [name for name in programs if program(name) is None]
    if missing:
        return f"not installed: {', '.join(missing)} (Debian: apt-get install {packages})"
    if subprocess.run([*APART, "true"], capture_output=True).returncode:
        return "this host allows no mount and process namespaces, which the nodes of a cluster are made of"
    return None


def program(name: str) -> str | None:
    """The path of a program of the system, as root would find it."""
    return shutil.which(name, path=f"{os.environ.get('PATH', '')}:{SYSTEM}")


def host_name() -> str:
    """The name of this host without its domain."""
    return socket.gethostname().split(".")[0]


def free_ports(number: int) -> list[int]:
    """TCP ports that nothing listens on now."""
    sockets = [socket.socket() for _ in range(number)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def wait_until(is_true: Callable[[], object], what: str, seconds: float = 30) -> None:
    """Return as soon as `is_true` says so. Raises ClusterError after `seconds`."""
    end = time.monotonic() + seconds
    while not is_true():
        if time.monotonic() > end:
            raise ClusterError(f"waited {seconds} s for {what}")
        time.sleep(0.1)


class Node:
    """A machine of its own as far as processes and mounts go; to end it is to cut its power."""

    def __init__(self, name: str, logs: Path, variables: dict[str, str], mounts: dict[Path, Path]):
        self.name, self.logs, self.variables, self.mounts = name, logs, variables, mounts
        self.machine: subprocess.Popen | None = None
        self.daemons: dict[str, subprocess.Popen] = {}

    def power_on(self) -> None:
        """Start the machine with nothing on it; `mounts` (what -> where) are seen by its processes only."""
        lines = [f"mount --bind {what} {where}" for what, where in self.mounts.items()]
        script = "; ".join(["set -e", *lines, IDLE])
        command = [*APART, "bash", "-c", script]
        self.machine = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True
        )
        said = self.machine.stdout.readline()
        if said != b"up\n":
            raise ClusterError(f"node {self.name} does not start: {said.decode(errors='replace')}")

    def power_off(self) -> None:
        """End every process of the node at once, with no warning."""
        if self.machine is not None:
            self.machine.kill()
            self.machine.wait()
            self.machine.stdout.close()
        for entered in self.daemons.values():
            entered.wait()
        self.machine = None
        self.daemons.clear()

    def start(self, name: str, command: list[str]) -> None:
        """Start a daemon on the node; what it prints goes to a log."""
        (first,) = psutil.Process(self.machine.pid).children()
        enter = ["nsenter", f"--target={first.pid}", "--mount", "--pid", program(command[0]), *command[1:]]
        with (self.logs / f"{self.name}-{name}.out").open("ab") as log:
            self.daemons[name] = subprocess.Popen(
                enter, env=self.variables, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )

    def process(self, name: str) -> psutil.Process:
        """A daemon of the node as the host sees it. Raises ClusterError where it has ended."""
        entered = self.daemons[name]
        children = [] if entered.poll() is not None else psutil.Process(entered.pid).children()
        if not children:
            raise ClusterError(f"{name} on {self.name} has ended")
        return children[0]

    def kill(self, name: str) -> None:
        """kill -9 of one daemon; what it had started goes on, as on a real node."""
        self.process(name).kill()
        self.daemons.pop(name).wait()

    def processes(self) -> list[psutil.Process]:
        """All processes of the node, its first included."""
        (first,) = psutil.Process(self.machine.pid).children()
        space = os.readlink(f"/proc/{first.pid}/ns/pid")
        return [one for one in psutil.process_iter() if process_space(one.pid) == space]


def process_space(pid: int) -> str | None:
    """Which process table a process belongs to; None where it has ended."""
    try:
        return os.readlink(f"/proc/{pid}/ns/pid")
    except OSError:
        return None


class Cluster:
    """What the clusters share: each is started where a `with` begins, and ended after it, however that ends."""

    environment: dict[str, str]  # variables with which its commands find it

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def ask(self, *words: object) -> str:
        """What a command of the scheduler prints; nothing where it fails."""
        done = subprocess.run([*map(str, words)], env=self.environment, capture_output=True, text=True)
        return done.stdout if done.returncode == 0 else ""
