"""Making the lock files: from environment.yml and tests/environment.yml with uv and, where there is one, conda; that of
GATK with Maven."""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from gms.base import software
from gms.base.errors import GmsError
from gms.base.software import ENVIRONMENT
from gms.operations.setup import gatk, locks
from gms.operations.setup.install import CONDAS, always_yes, call, conda_create, say

HEADER = (
    "# Made by ./gms lock from {source}; do not edit. No index is named here: pip takes the one of its configuration.\n"
)
# One lock for every Python from 3.11 on, and every kind of machine.
COMPILE = ("pip", "compile", "--quiet", "--generate-hashes", "--universal", "--python-version", "3.11")
COMPILE += ("--no-annotate", "--no-header", "--no-emit-index-url", "--no-emit-find-links", "--output-file")


class NoLocker(GmsError):
    """uv, which makes the locks of Python packages, is not here."""

    def __init__(self) -> None:
        super().__init__(
            "uv, which makes the locks, is missing: run ./gms setup --tests with the lists as committed, or install uv"
        )


class CannotLock(GmsError):
    """The pins contradict each other, or the index cannot be asked."""

    def __init__(self, lock: Path, reason: str):
        super().__init__(f"locks/{lock.name} could not be made:\n{reason.strip()}")


def make(upgrade: bool) -> list[str]:
    """Write all locks; what is not pinned keeps its version unless `upgrade`. A line for each lock says what it has."""
    production = pins(software.SPECIFICATION)
    tests = pins(software.TEST_SPECIFICATION)
    text = software.TEST_SPECIFICATION.read_text()
    own, reads = [software.tests_only_program(text)], [software.tests_only_reads(text)]
    own += [pin for pin in production if pin.startswith(f"{locks.BUILDER}==")]
    locks.FOLDER.mkdir(exist_ok=True)
    done = [python_lock(locks.PRODUCTION, production, software.SPECIFICATION.name, upgrade)]
    done += [python_lock(locks.TESTS, tests, "tests/environment.yml", upgrade, ("--constraint", str(locks.PRODUCTION)))]
    done += [python_lock(locks.IRIS, own, "tests/environment.yml", upgrade)]
    done += [python_lock(locks.READS, reads, "tests/environment.yml", upgrade, ("--no-deps",))]
    return [*done, conda_lock(), gatk_lock()]


def pins(specification: Path) -> list[str]:
    """The pinned Python packages of a list."""
    wanted = software.wanted(specification.read_text())
    return [f"{item.name}=={item.version}" for item in wanted if item.source == "PyPI"]


def python_lock(lock: Path, wanted: list[str], source: str, upgrade: bool, options: Sequence[str] = ()) -> str:
    """Make one lock of Python packages; a failure leaves it as it was. `options` of uv."""
    uv = shutil.which("uv", path=os.pathsep.join([str(ENVIRONMENT / "bin"), os.environ.get("PATH", os.defpath)]))
    if uv is None:
        raise NoLocker
    with tempfile.TemporaryDirectory() as folder:
        listed, made = Path(folder, "pins.in"), Path(folder, lock.name)
        listed.write_text("\n".join(wanted) + "\n")
        if lock.exists() and not upgrade:
            shutil.copy(lock, made)  # whose versions uv keeps where they still fit
        command = [uv, *COMPILE, str(made), *options, str(listed)]
        run = subprocess.run(command, env=index(), cwd=folder, capture_output=True, text=True)
        if run.returncode:
            raise CannotLock(lock, run.stderr)
        lock.write_text(HEADER.format(source=source) + made.read_text())
    return f"locks/{lock.name}: {len(locks.requirements(lock))} packages"


def index() -> dict[str, str]:
    """The environment variables of uv: the index and certificates that pip is configured to use by its own."""
    known = {"PIP_INDEX_URL": "UV_DEFAULT_INDEX", "PIP_CERT": "SSL_CERT_FILE"}
    return {new: os.environ[old] for old, new in known.items() if old in os.environ} | dict(os.environ)


def conda_lock() -> str:
    """Make the explicit lock for linux-64 by solving the tools into an environment that is then removed. Raises
    SetupError; without conda the lock stays as it is."""
    conda = next(filter(shutil.which, CONDAS), None)
    if conda is None:
        kept = "left as it is" if locks.CONDA.exists() else "not made"
        return f"locks/{locks.CONDA.name}: {kept}, because there is no {', '.join(CONDAS[:-1])} or {CONDAS[-1]} here"
    say(f"  {conda}: solving the tools of environment.yml")
    with tempfile.TemporaryDirectory() as folder:
        prefix = Path(folder, "solved")
        wanted = locks.conda_pins(software.SPECIFICATION.read_text())
        call([conda, *conda_create(prefix), *wanted], {**always_yes(), "CONDA_SUBDIR": "linux-64"})
        lines = explicit(prefix)
    locks.CONDA.write_text("\n".join(lines) + "\n")
    return f"locks/{locks.CONDA.name}: {len(lines) - 2} packages"


def gatk_lock() -> str:
    """Make the lock of GATK's files from what Maven fetches; without Maven it stays as it is. Raises SetupError."""
    if not shutil.which("mvn"):
        return f"locks/{gatk.LOCK.name}: left as it is, because there is no Maven here"
    with tempfile.TemporaryDirectory() as folder:
        gatk.fetch(Path(folder))
        fetched = gatk.files(Path(folder))
    source = gatk.GATK_POM.relative_to(gatk.GATK_POM.parents[2])
    lines = [f"# Made by ./gms lock from {source}; do not edit.", *(f"{fetched[name]}  {name}" for name in fetched)]
    gatk.LOCK.write_text("\n".join(lines) + "\n")
    return f"locks/{gatk.LOCK.name}: {len(fetched)} files"


def explicit(prefix: Path) -> list[str]:
    """An environment as the lines of an explicit lock: the address and SHA-256 that its channel gave for each package.

    `#sha256:` is read by conda 24.9 and later, and by mamba and micromamba 2.
    """
    records = [json.loads(path.read_text()) for path in prefix.glob("conda-meta/*.json")]
    packages = sorted(f"{record['url']}#sha256:{record['sha256']}" for record in records)
    return ["# Made by ./gms lock from environment.yml; do not edit.", "@EXPLICIT", *packages]
