"""Set-up without questions: conda where there is one, else Debian packages and a virtual environment. Standard library
only, idempotent, and repairs what an interrupted set-up left behind."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import IO

from gms.base import software
from gms.base.errors import GmsError
from gms.base.project import PROJECT
from gms.base.software import ENVIRONMENT, SPECIFICATION
from gms.operations.setup import locks, offline

STAMP = ENVIRONMENT / ".complete"
CONDAS = ("micromamba", "mamba", "conda")


class SetupError(GmsError):
    """A step of the set-up failed; the last lines of what it printed say why."""

    def __init__(self, command: list[str], output: str):
        tail = "\n".join(f"  {line}" for line in output.strip().splitlines()[-15:])
        super().__init__(
            f"set-up stopped at: {' '.join(command)}\n{tail}\nRun the same ./gms command again to continue."
        )


class SharedEnvironment(GmsError):
    """The environment is that of another clone, and lacks something that this one asks for."""

    def __init__(self, command: str):
        place = Path(os.path.realpath(ENVIRONMENT))
        super().__init__(
            f"{ENVIRONMENT} is a link to {place}, which lacks software that this clone asks for. Bring {place.parent} "
            f"to the same commit and run ./gms {command} there, or remove the link and set up an environment here"
        )


class CannotInstall(GmsError):
    """Nothing here may install the missing tools."""

    def __init__(self, packages: list[str]):
        super().__init__(
            "these tools are missing and gms cannot install them here: " + " ".join(packages) + "\n"
            "Either install micromamba, mamba or conda and run this again, or ask an administrator of this machine "
            f"(Debian, Ubuntu) for:\n  sudo apt-get install {' '.join(packages)}"
        )


def environ() -> dict[str, str]:
    """The environment variables of everything gms starts: our programs first, nobody's own Python packages."""
    kept = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")}
    path = [str(ENVIRONMENT / "bin"), *kept.get("PATH", os.defpath).split(os.pathsep)]
    return {**kept, "PATH": os.pathsep.join(dict.fromkeys(path)), "PYTHONNOUSERSITE": "1"}


def ensure(tools: bool = True) -> None:
    """Install what is missing; takes milliseconds and no network where nothing is. Raises GmsError.

    Without `tools`, Python and its packages are enough: a plan starts no tool.
    """
    os.environ.update(environ())
    text = SPECIFICATION.read_text()
    if not is_complete(text, tools):
        with open_lock() as lock:  # two runs started at once must not both build the environment
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not is_complete(text, tools):
                build(text, tools)


def enter_environment(arguments: list[str]) -> None:
    """Go on under the environment's Python, unless this is it."""
    if os.path.realpath(sys.prefix) != os.path.realpath(ENVIRONMENT):
        python = str(ENVIRONMENT / "bin" / "python")
        os.execve(python, [python, str(PROJECT / "gms"), *arguments], dict(os.environ))


def open_lock() -> IO[str]:
    """The file to lock, open for writing as network file systems want it. Raises GmsError without permission."""
    try:
        return SPECIFICATION.open("r+")
    except PermissionError:
        raise GmsError(
            f"the software in {PROJECT} is incomplete (./gms doctor lists it) and you have no write permission there: "
            "ask the owner to run ./gms setup, or use your own clone"
        ) from None


def stamp(text: str) -> str:
    """What a complete environment was made from, and where: environments cannot be moved. A link is looked through, so
    that clones which ask for the same software may share one."""
    made_from = [text.encode(), *(lock.read_bytes() for lock in (locks.PRODUCTION, locks.CONDA) if lock.exists())]
    return f"{hashlib.sha256(b''.join(made_from)).hexdigest()} {owner()}\n"


def owner() -> Path:
    """The clone that the environment is in."""
    return Path(os.path.realpath(ENVIRONMENT)).parent


def is_complete(text: str, tools: bool = True) -> bool:
    """Whether the environment was finished for this environment.yml and every command is still there."""
    if not STAMP.exists() or STAMP.read_text() != stamp(text):
        return False
    commands = [software.program(item.name).command for item in wanted_tools(text, tools)]
    programs = (ENVIRONMENT / "bin" / name for name in ("python", "snakemake"))
    return all(path.exists() for path in programs) and all(map(shutil.which, commands))


def refuse_shared(command: str) -> None:
    """Raise SharedEnvironment where .env is a link: only the clone that the environment is in may change it."""
    if ENVIRONMENT.is_symlink():
        raise SharedEnvironment(command)


def wanted_tools(text: str, tools: bool) -> list[software.Wanted]:
    """What of environment.yml does not come from PyPI; nothing where tools are not asked for."""
    return [item for item in software.wanted(text) if tools and item.source == "tool"]


def build(text: str, tools: bool = True) -> None:
    """Make or repair the environment, and stamp it last."""
    refuse_shared("setup")
    locks.check(locks.PRODUCTION, software.wanted(text))
    begin = time.monotonic()
    # Wheels of a bundle next to the workflow mean that there is no network.
    conda = None if offline.pip_options(text) else next(filter(shutil.which, CONDAS), None)
    say("Setting up the software (once, a few minutes).")
    if offline.has_conda_environment():
        offline.unpack_conda_environment(call)
    elif conda:
        build_with_conda(conda, text)
    else:
        install_debian(missing_debian_packages(text, tools))
        if still := missing_debian_packages(text, tools):
            raise CannotInstall(still)
        build_with_pip(text)
    STAMP.write_text(stamp(text))
    say(f"  set up in {time.monotonic() - begin:.0f} s")


def build_with_conda(conda: str, text: str) -> None:
    """One conda environment with everything, from nothing: a half-made one cannot be trusted."""
    say(f"  {conda}: the tools of environment.yml; pip: its Python packages")
    wanted = locks.conda_packages(text)
    shutil.rmtree(ENVIRONMENT, ignore_errors=True)
    call([conda, *conda_create(ENVIRONMENT), *wanted], always_yes())
    locks.install(ENVIRONMENT / "bin" / "python", locks.PRODUCTION, call)


def conda_create(prefix: Path) -> list[str]:
    """The words by which every conda makes an environment in a folder."""
    return ["create", "--prefix", str(prefix)]


def always_yes() -> dict[str, str]:
    """The environment variables with which no conda asks."""
    return {"CONDA_ALWAYS_YES": "true", "MAMBA_ALWAYS_YES": "true"}


def missing_debian_packages(text: str, tools: bool = True) -> list[str]:
    """The Debian packages of the tools that are absent or do not start here."""
    found = software.found(wanted_tools(text, tools), ENVIRONMENT)
    absent = [name for item in found if item.version is None for name in software.program(item.wanted.name).debian]
    return absent if can_make_environments(base_python()) else [*absent, "python3-venv"]


def install_debian(packages: list[str]) -> None:
    """Install Debian packages as root; repairs an interrupted dpkg and fetches new package lists only when it must."""
    if not packages:
        return
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise CannotInstall(packages)
    say(f"  Debian packages: {' '.join(packages)}")
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    apt = ["apt-get", "--yes", "-o", "DPkg::Lock::Timeout=300", *offline.apt_options(packages)]
    try:
        call([*apt, "install", "--no-install-recommends", *packages], quiet)
    except SetupError:
        call(["dpkg", "--configure", "-a"], quiet)
        call([*apt, "update"], quiet)
        call([*apt, "install", "--no-install-recommends", *packages], quiet)
    software.installed_version.cache_clear()


def build_with_pip(text: str) -> None:
    """The virtual environment; a finished one is brought up to date in place, so that a failure leaves it working."""
    python = ENVIRONMENT / "bin" / "python"
    if not (STAMP.exists() and STAMP.read_text().endswith(f" {owner()}\n") and python.exists()):
        call([base_python(), "-m", "venv", "--clear", str(ENVIRONMENT)])
    install_python_packages(text, locks.PRODUCTION)


def install_python_packages(text: str, lock: Path) -> None:
    """Install a list of Python packages: the wheels of a bundle, whose checksums vouch for them, else by its lock."""
    python, options = ENVIRONMENT / "bin" / "python", offline.pip_options(text)
    say(f"  Python packages from {'.offline' if options else f'locks/{lock.name}'}")
    if options:
        pins = [f"{item.name}=={item.version}" for item in software.wanted(text) if item.source == "PyPI"]
        call([str(python), "-m", "pip", "install", "--no-input", "--disable-pip-version-check", *options, *pins])
    else:
        locks.install(python, lock, call)


def ensure_star() -> None:
    """Install STAR, for assays of RNA, unless it is there: Debian's package (3 MB), or bioconda's into a conda
    environment. Raises GmsError."""
    wanted = software.star()
    if software.find(wanted, ENVIRONMENT, {}).version is not None:
        return
    conda = next(filter(shutil.which, CONDAS), None)
    if conda and (ENVIRONMENT / "conda-meta").exists():
        refuse_shared("setup --with star")
        where = ["--prefix", str(ENVIRONMENT), "--channel", "conda-forge", "--channel", "bioconda"]
        call([conda, "install", *where, f"{wanted.name}={wanted.version}"], always_yes())
    else:
        install_debian(list(software.program(wanted.name).debian))
    software.installed_version.cache_clear()


def base_python() -> str:
    """The Python to build on: the one that runs gms (never that of the environment to be built), else Debian's."""
    own = Path(sys.base_prefix) / "bin" / "python3"
    return str(own) if own.exists() and can_make_environments(str(own)) else "/usr/bin/python3"


def can_make_environments(python: str) -> bool:
    """Whether a Python can make virtual environments; Debian ships that part as python3-venv."""
    return subprocess.run([python, "-c", "import ensurepip, venv"], capture_output=True).returncode == 0


def call(command: list[str], variables: dict[str, str] | None = None) -> None:
    """Run one step quietly; raises SetupError with the end of what it printed."""
    environment = {**os.environ, **(variables or {})}
    run = subprocess.run(
        command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    if run.returncode:
        raise SetupError(command, run.stdout.decode(errors="replace"))


def say(text: str) -> None:
    """Tell the person who waits."""
    print(text, file=sys.stderr, flush=True)
