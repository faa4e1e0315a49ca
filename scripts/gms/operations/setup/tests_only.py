"""What only the tests need: Python packages, and Debian packages with services. Standard library only."""

import hashlib
import os
import shutil
from pathlib import Path

from gms.base import software
from gms.base.software import ENVIRONMENT
from gms.operations.setup import install, locks

STAMP = ENVIRONMENT / ".tests"
# What each Debian package starts on a machine with systemd, now and whenever the machine starts.
SERVICES = {
    "munge": "munge",
    "slurm-wlm": "slurmctld, slurmd",
    "slurmdbd": "slurmdbd",
    "mariadb-server": "mariadb",
    "gridengine-master": "gridengine-master",
    "gridengine-exec": "gridengine-exec",
}


def ensure_packages() -> None:
    """Install the Python packages of the tests, unless they are there; takes milliseconds then. Raises GmsError."""
    lock = locks.TESTS.read_bytes() if locks.TESTS.exists() else b""
    digest = hashlib.sha256(lock).hexdigest()
    if STAMP.exists() and STAMP.read_text() == digest:
        return
    install.refuse_shared("setup --tests")
    text = software.TEST_SPECIFICATION.read_text()
    locks.check(locks.TESTS, software.wanted(text))
    install.install_python_packages(text, locks.TESTS)
    STAMP.write_text(digest)


def ensure_services() -> None:
    """Install the services that the slow tests start, where that is possible; tests that lack one skip themselves."""
    text = software.TEST_SPECIFICATION.read_text()
    packages = [name for name in software.tests_only_debian_packages(text) if not software.has_debian_package(name)]
    may_install = os.geteuid() == 0 and shutil.which("apt-get") and not (ENVIRONMENT / "conda-meta").exists()
    pins = software.tests_only_program(text), software.tests_only_reads(text)
    try:
        if packages and may_install:
            install.say(announcement(packages))
            install.install_debian(packages)
        for pin, ensure in zip(pins, (ensure_own_environment, ensure_reads), strict=True):
            ensure(*pin.split("=="))
    except install.SetupError as error:
        install.say(f"  tests that need {' '.join([*packages, *pins])} will be skipped: {error}")


def announcement(packages: list[str]) -> str:
    """What the installation of Debian packages starts, and what the tests start."""
    started = ", ".join(SERVICES[name] for name in packages if name in SERVICES)
    return (
        f"For the tests, these Debian packages are installed: {' '.join(packages)}\n"
        f"  Where systemd runs, Debian starts these services now and at every boot: {started or 'none'}\n"
        "  (sudo systemctl disable --now SERVICE stops one). The tests do not use them: they start Slurm,\n"
        "  Grid Engine, MariaDB and an S3 server themselves, on the loopback interface, and stop them at their end."
    )


def ensure_own_environment(name: str, version: str) -> None:
    """A virtual environment inside the project's for one package, called like it."""
    place = ENVIRONMENT / name.lower()
    if software.packages(place).get(name.lower()) == version:
        return
    install.refuse_shared("setup --tests")
    locks.check(locks.IRIS, [software.Wanted(name, version, "PyPI")])
    install.say(f"  for the tests, in a separate environment: {name} {version}")
    install.call([str(ENVIRONMENT / "bin" / "python"), "-m", "venv", "--clear", str(place)])
    locks.install(Path(place, "bin", "python"), locks.IRIS, install.call)


def ensure_reads(name: str, version: str) -> None:
    """The files of one package, without what it needs to run, in a folder of the environment that is called like it.
    One test alone uses them, so that an environment of another clone may lack them."""
    place = ENVIRONMENT / name
    if (place / f"{name}-{version}.dist-info").exists() or ENVIRONMENT.is_symlink():
        return
    locks.check(locks.READS, [software.Wanted(name, version, "PyPI")])
    install.say(f"  for the tests, its reads alone: {name} {version}")
    shutil.rmtree(place, ignore_errors=True)
    python = str(ENVIRONMENT / "bin" / "python")
    install.call([python, *locks.PIP, "--no-deps", "--target", str(place), "-r", str(locks.READS)])
