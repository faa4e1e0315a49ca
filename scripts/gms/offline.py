"""Software that lies beside the workflow, for set-up without a network: `.offline/` of an unpacked bundle. On the
machine that makes bundles the same folder keeps what was fetched. Standard library only."""

import re
import shutil
import sys
import sysconfig
import tarfile
from collections.abc import Callable
from pathlib import Path

from gms.errors import GmsError
from gms.software import ENVIRONMENT, PROJECT, wanted

FOLDER = PROJECT / ".offline"
MANIFEST = FOLDER / "bundle.json"  # only in what came from a bundle
DEBIAN = FOLDER / "debian"
TAG = f"cp{sys.version_info.major}{sys.version_info.minor}-{sysconfig.get_platform()}"  # wheels fit one Python only
CONDA = FOLDER / "conda.tar.gz"
CONDA_TAG = f"conda-{sysconfig.get_platform()}"  # it brings its own Python
WHEELS = FOLDER / "wheels" / TAG


def same_name(name: str) -> str:
    """One spelling of a PyPI name: Jinja2 and jinja2, ga4gh.vrs and ga4gh_vrs are the same (PEP 503, with `_`)."""
    return re.sub(r"[-_.]+", "_", name).lower()


def wheels() -> dict[tuple[str, str], Path]:
    """The wheels for this Python by (one spelling of the name, version)."""
    found = {}
    for path in sorted(WHEELS.glob("*.whl")):
        name, version = path.name.split("-")[:2]
        found[same_name(name), version] = path
    return found


def pip_options(text: str) -> list[str]:
    """What makes pip install from the wheels here and from nothing else; empty where they lack a pin of the
    environment.yml in `text`, and outside what came from a bundle. Raises GmsError where another Python needs them."""
    if not MANIFEST.exists():
        return []
    others = sorted(path.name for path in WHEELS.parent.glob("cp*"))
    if others and TAG not in others:
        python = re.sub(r"cp(\d)(\d+)-.*", r"python\1.\2", others[0])
        raise GmsError(
            f"the software in this bundle is for {others[0]} and this Python is {TAG}; start ./gms with that Python "
            f"({python} gms setup) or make the bundle on a machine like this one"
        )
    pins = {(same_name(item.name), item.version) for item in wanted(text) if item.source == "PyPI"}
    return ["--no-index", "--find-links", str(WHEELS)] if pins and pins <= wheels().keys() else []


def apt_options(packages: list[str]) -> list[str]:
    """What makes apt-get install from the Debian packages here and from nothing else; empty where one is not here, and
    outside what came from a bundle."""
    index = DEBIAN / "Packages"
    if not (MANIFEST.exists() and index.exists()):
        return []
    if not set(packages) <= set(re.findall(r"^Package: (\S+)$", index.read_text(), re.MULTILINE)):
        return []
    # Checksums of the bundle vouch for the packages; a signed list would need the keys of whoever made it.
    (DEBIAN / "lists" / "partial").mkdir(parents=True, exist_ok=True)
    (DEBIAN / "sources.list").write_text(f"deb [trusted=yes] {DEBIAN.as_uri()} ./\n")
    settings = {
        "Dir::Etc::sourcelist": DEBIAN / "sources.list",
        "Dir::Etc::sourceparts": "-",
        "Dir::State::lists": DEBIAN / "lists",
        "Dir::Cache::pkgcache": "",
        "Dir::Cache::srcpkgcache": "",
        "APT::Sandbox::User": "root",  # the user _apt may not read every folder
    }
    return [word for name, value in settings.items() for word in ("-o", f"{name}={value}")]


def has_conda_environment() -> bool:
    """Whether a bundle brought a packed conda environment."""
    return MANIFEST.exists() and CONDA.exists()


def unpack_conda_environment(call: Callable[[list[str]], None]) -> None:
    """Unpack the conda environment of a bundle and let it find itself in its new place; `call` runs a command."""
    shutil.rmtree(ENVIRONMENT, ignore_errors=True)
    with tarfile.open(CONDA) as tar:
        tar.extractall(ENVIRONMENT, filter="tar")  # links within, all below the folder
    call([str(ENVIRONMENT / "bin" / "python"), str(ENVIRONMENT / "bin" / "conda-unpack")])
