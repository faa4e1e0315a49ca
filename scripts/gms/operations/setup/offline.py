"""Software next to the workflow, for set-up without a network: `.offline/` of an unpacked bundle. On the
machine that makes bundles the same folder keeps what was fetched. Standard library only."""

import json
import re
import shutil
import sys
import sysconfig
import tarfile
from collections.abc import Callable
from pathlib import Path

from gms.base.errors import GmsError
from gms.base.project import PROJECT
from gms.base.software import ENVIRONMENT, wanted

FOLDER = PROJECT / ".offline"
MANIFEST = FOLDER / "bundle.json"  # only in what came from a bundle
DEBIAN = FOLDER / "debian"
TAG = f"cp{sys.version_info.major}{sys.version_info.minor}-{sysconfig.get_platform()}"  # wheels fit one Python only
CONDA = FOLDER / "conda.tar.gz"
CONDA_TAG = f"conda-{sysconfig.get_platform()}"  # it brings its own Python
WHEELS = FOLDER / "wheels" / TAG


class OtherPython(GmsError):
    """The wheels of a bundle are for another Python or another kind of machine."""

    def __init__(self, tag: str, python: str):
        here = ".".join(map(str, sys.version_info[:3]))
        short = ".".join(python.split(".")[:2])
        super().__init__(
            f"the software of this bundle is for {tag} with Python {python} or a later {short}, but this is {TAG} with "
            f"Python {here}; start gms with such a Python (python{short} gms ...), or make the bundle with a Python "
            "like this one: in a new clone, python3 gms bundle OUT.tar"
        )


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


def check_python(facts: dict) -> None:
    """Raise OtherPython where the software of a bundle, by its manifest, does not fit this Python."""
    is_old = tuple(map(int, facts["python"].split("."))) > sys.version_info[:3]
    if facts["software"] != CONDA_TAG and (facts["software"] != TAG or is_old):
        raise OtherPython(facts["software"], facts["python"])


def pip_options(text: str) -> list[str]:
    """What makes pip install from the wheels here and from nothing else; empty where they lack a pin of the
    environment.yml in `text`, and outside what came from a bundle. Raises OtherPython."""
    if not MANIFEST.exists():
        return []
    check_python(json.loads(MANIFEST.read_text()))
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
        tar.extractall(ENVIRONMENT, **extraction("tar"))  # links within, all below the folder
    call([str(ENVIRONMENT / "bin" / "python"), str(ENVIRONMENT / "bin" / "conda-unpack")])


def extraction(kind: str) -> dict[str, str]:
    """The filter for extracting an archive of ours ('tar' or 'data'); Python 3.11.2, Debian 12's, has none yet."""
    return {"filter": kind} if hasattr(tarfile, f"{kind}_filter") else {}
