"""The lock files: the version and hashes of every Python package, and of every conda package where conda is used.

`./gms lock` makes them (make_locks.py). They hold no address, so that any mirror of PyPI serves them. Standard library
only.
"""

import platform
import re
import tempfile
from collections.abc import Callable
from pathlib import Path

from gms.base import software
from gms.base.errors import GmsError
from gms.base.project import PROJECT
from gms.operations.setup.offline import same_name

FOLDER = PROJECT / "locks"
PRODUCTION, TESTS, IRIS, READS = (FOLDER / f"{name}.txt" for name in ("production", "tests", "iris", "reads"))
CONDA = FOLDER / "conda-linux-64.txt"
BUILDER = "setuptools"  # builds what PyPI has as source only
# Packages that have no wheel are built with the locked setuptools, not with one that pip would fetch unverified.
PIP = ("-m", "pip", "install", "--no-input", "--disable-pip-version-check", "--require-hashes", "--no-build-isolation")


class StaleLock(GmsError):
    """A list of software asks for something that its lock does not have."""

    def __init__(self, lock: Path, missing: list[str]):
        super().__init__(
            f"locks/{lock.name} does not have {' '.join(missing)}, which environment.yml or tests/environment.yml asks "
            "for; run ./gms lock and commit both"
        )


def requirements(lock: Path) -> dict[tuple[str, str], str]:
    """The entries of a lock of Python packages, with their hashes, by (one spelling of the name, version)."""
    text = lock.read_text() if lock.exists() else ""
    entries = re.findall(r"^([\w.-]+)==([^\s;]+)(.*\n(?:    .*\n)*)", text, re.MULTILINE)
    return {(same_name(name), version): f"{name}=={version}{rest}" for name, version, rest in entries}


def unconditional(entry: str) -> str:
    """An entry for what is installed anyway, without the condition (of platform or Python) of the one lock."""
    return re.sub(r" ;[^\\\n]*", " ", entry, count=1)


def check(lock: Path, wanted: list[software.Wanted]) -> None:
    """Raise StaleLock where a lock lacks a pinned Python package."""
    locked = requirements(lock)
    absent = [item for item in wanted if item.source == "PyPI" and (same_name(item.name), item.version) not in locked]
    if absent:
        raise StaleLock(lock, [f"{item.name}=={item.version}" for item in absent])


def install_commands(python: Path, lock: Path, folder: Path) -> list[list[str]]:
    """The commands that install a lock into the environment of `python`: what builds others first, then everything.
    `folder` is an empty one for a temporary file."""
    first = folder / "builder.txt"
    first.write_text("".join(text for (name, _), text in requirements(lock).items() if name == BUILDER))
    commands = [[str(python), *PIP, "-r", str(path)] for path in (first, lock)]
    return commands if first.read_text() else commands[1:]


def install(python: Path, lock: Path, call: Callable[[list[str]], None]) -> None:
    """Install a lock; pip verifies the hash of each package. `call` runs a command."""
    with tempfile.TemporaryDirectory() as folder:
        for command in install_commands(python, lock, Path(folder)):
            call(command)


def conda_packages(text: str) -> list[str]:
    """What conda is asked to install for this environment.yml: its explicit lock where there is one for this kind of
    machine, else the pinned tools. Raises StaleLock."""
    if not CONDA.exists() or (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        return conda_pins(text)
    locked = CONDA.read_text()
    if missing := [pin for pin in tools(text) if f"/{pin.replace('=', '-')}-" not in locked]:
        raise StaleLock(CONDA, missing)
    return ["--file", str(CONDA)]


def conda_pins(text: str) -> list[str]:
    """The pinned tools of this environment.yml and its Python, from its two channels."""
    python = re.findall(r"^  - (python=\S+)", text, re.MULTILINE)
    return ["--override-channels", "-c", "conda-forge", "-c", "bioconda", *python, "pip", *tools(text)]


def tools(text: str) -> list[str]:
    """The pinned tools of this environment.yml, as conda writes them."""
    return [f"{item.name}={item.version}" for item in software.wanted(text) if item.source == "tool"]
