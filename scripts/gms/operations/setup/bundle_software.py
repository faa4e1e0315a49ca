"""The Python packages of a bundle as wheels, or its whole conda environment. Standard library only."""

import importlib.metadata
import re
import shutil
import sys
import tempfile

from gms.base import software
from gms.base.errors import GmsError
from gms.base.project import PROJECT
from gms.base.software import ENVIRONMENT
from gms.operations.setup import install, locks, offline
from gms.operations.setup.bundle_file import Entry


class NotFetched(GmsError):
    """Software could not be fetched."""

    def __init__(self, what: str, error: GmsError):
        super().__init__(
            f"{what} could not be fetched: a bundle is made on a machine with a network (the next one uses what is "
            f"kept in .offline)\n{error}"
        )


def python_packages(mtime: int) -> dict[str, Entry]:
    """Wheels of every Python package of the environment, in its versions: those kept in .offline, the rest from the
    index; what has no wheel is built, with `mtime` in it. Raises GmsError."""
    installed = software.packages(ENVIRONMENT)
    needed = {(offline.same_name(name), version): f"{name}=={version}" for name, version in installed.items()}
    needed = {key: pin for key, pin in needed.items() if key[0] != "pip"}  # every Python brings it
    if missing := sorted(key for key in needed if key not in offline.wheels()):
        install.say(f"  fetching {len(missing)} Python packages")
        fetch(missing, needed, {"SOURCE_DATE_EPOCH": str(max(mtime, 315532800))})  # zip files know no time before 1980
    have = offline.wheels()
    if absent := sorted(pin for key, pin in needed.items() if key not in have):
        raise GmsError(f"no wheels were made for: {' '.join(absent)}")
    folder = offline.WHEELS.relative_to(PROJECT)
    return {str(folder / path.name): Entry(path) for key, path in have.items() if key in needed}


def fetch(missing: list[tuple[str, str]], needed: dict[tuple[str, str], str], variables: dict[str, str]) -> None:
    """Fetch wheels: those of the locks with their hashes, then packages that somebody added. Raises NotFetched."""
    python = ENVIRONMENT / "bin" / "python"
    locked = locks.requirements(locks.TESTS) | locks.requirements(locks.PRODUCTION)
    wheel = [str(python), "-m", "pip", "wheel", "--no-input", "--disable-pip-version-check", "--retries", "2"]
    wheel += ["--no-deps", "--no-build-isolation", "--wheel-dir", str(offline.WHEELS)]
    try:
        with tempfile.NamedTemporaryFile("w", suffix=".txt") as listed:
            listed.writelines(locks.unconditional(locked[key]) for key in missing if key in locked)
            listed.flush()
            if any(key in locked for key in missing):
                install.call([*wheel, "--require-hashes", "-r", listed.name], variables)
        if others := [needed[key] for key in missing if key not in locked]:
            install.call([*wheel, *others], variables)
    except install.SetupError as error:
        raise NotFetched("Python packages", error) from None


def oldest_python() -> str:
    """The oldest Python of this minor version, such as 3.11.5, that every package of the environment allows."""
    minor = ".".join(map(str, sys.version_info[:2]))
    folders = [str(path) for path in ENVIRONMENT.glob("lib/python3*/site-packages")]
    wishes = [found.metadata.get("Requires-Python") or "" for found in importlib.metadata.distributions(path=folders)]
    patches = [int(patch) for wish in wishes for patch in re.findall(rf">=?\s*{re.escape(minor)}\.(\d+)", wish)]
    return f"{minor}.{max(patches, default=0)}"


def is_conda() -> bool:
    """Whether conda made the environment of this workflow."""
    return (ENVIRONMENT / "conda-meta").is_dir()


def conda_environment() -> dict[str, Entry]:
    """The conda environment, packed with conda-pack so that it can be moved, without the folders that only the tests
    need (tests_only). Raises GmsError."""
    if not shutil.which("conda-pack"):
        raise GmsError(
            "conda made the environment of this workflow, and conda-pack, which packs it for another machine, is not "
            "here: conda install -c conda-forge conda-pack"
        )
    offline.FOLDER.mkdir(exist_ok=True)
    # pip replaces files of conda packages here (environment.yml asks for it), which conda-pack takes for damage.
    pack = ["conda-pack", "--prefix", str(ENVIRONMENT), "--output", str(offline.CONDA)]
    left_out = [word for name in software.tests_only_folders() for word in ("--exclude", f"{name}/*")]
    install.call([*pack, *left_out, "--force", "--ignore-missing-files"])
    return {str(offline.CONDA.relative_to(PROJECT)): Entry(offline.CONDA)}
