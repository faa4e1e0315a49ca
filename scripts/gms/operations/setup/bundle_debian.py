"""The Debian packages of a bundle: their list and, where apt can fetch them, a small archive that apt on the other
machine installs from. Standard library only."""

import hashlib
import os
import re
import subprocess
from pathlib import Path
from typing import NamedTuple

from gms.base import software
from gms.base.errors import GmsError
from gms.operations.setup import install, offline
from gms.operations.setup.bundle_file import Entry

PLACE = ".offline/debian"
LIST = f"{PLACE}/packages.tsv"


class Package(NamedTuple):
    """One package: its file as `apt-get download` calls it, its name in the bundle, its entry in the index."""

    pin: str  # name=version
    path: Path
    file: str
    stanza: str
    sha256: str

    def is_here(self) -> bool:
        """Whether the whole file was downloaded."""
        if not self.path.exists():
            return False
        with self.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == self.sha256


def packages(text: str, with_files: bool) -> tuple[dict[str, Entry], str]:
    """The packages that set-up with this environment.yml installs, with all they need, on a Debian where nothing is
    installed: a table of name and version and, if asked for, archive and index. And what that is, in words; where apt
    cannot resolve or fetch them it is a shorter list, with the reason."""
    names = wanted_names(text)
    try:
        versions = closure(names)
    except GmsError as error:
        reason = f"{len(names)}, only listed, because apt cannot resolve their dependencies: {error}"
        return {LIST: table(installed(names))}, reason
    entries = {LIST: table(versions)}
    if not with_files:
        return entries, f"{len(versions)}, only listed"
    try:
        found = fetch(versions)
    except GmsError as error:
        return entries, f"{len(versions)}, only listed: apt could not fetch them: {error}"
    entries[f"{PLACE}/Packages"] = Entry("\n".join(package.stanza for package in found).encode())
    return entries | {f"{PLACE}/{package.file}": Entry(package.path) for package in found}, str(len(found))


def wanted_names(text: str) -> list[str]:
    """The packages that set-up itself may ask for."""
    tools = [software.program(item.name).debian for item in install.wanted_tools(text, True)]
    return sorted({name for names in tools for name in names} | {"python3-venv"})


def table(versions: dict[str, str]) -> Entry:
    """Name and version, one package per line."""
    return Entry("".join(f"{name}\t{version}\n" for name, version in sorted(versions.items())).encode())


def installed(names: list[str]) -> dict[str, str]:
    """Version by name of packages as they are installed here; '' where not."""
    try:
        shown = output(["dpkg-query", "--show", "--showformat", "${Package} ${Version}\n"])
    except GmsError:
        shown = ""
    return dict.fromkeys(names, "") | dict(re.findall(rf"^({'|'.join(map(re.escape, names))}) (\S+)$", shown, re.M))


def closure(names: list[str]) -> dict[str, str]:
    """Version by name of these packages and of all they need, whatever is installed here. Raises GmsError."""
    offline.DEBIAN.mkdir(parents=True, exist_ok=True)
    nothing = offline.DEBIAN / "nothing-installed"
    nothing.touch()
    apt = ["apt-get", "-o", f"Dir::State::status={nothing}", "-o", "Dir::Cache::pkgcache=", "--simulate", "--yes"]
    plan = output([*apt, "--no-install-recommends", "install", *names])
    return dict(re.findall(r"^Inst (\S+) \((\S+) ", plan, re.MULTILINE))


def fetch(versions: dict[str, str]) -> list[Package]:
    """Download packages into .offline/debian unless they are there; sorted by name. Raises GmsError."""
    pins = [f"{name}={version}" for name, version in sorted(versions.items())]
    shown = output(["apt-cache", "-o", "APT::Cache::AllVersions=false", "show", *pins])
    found = {package.pin: package for package in map(read_stanza, re.split(r"\n\n+", shown.strip()))}
    if missing := [pin for pin, package in found.items() if not package.is_here()]:
        install.say(f"  fetching {len(missing)} Debian packages")
        output(["apt-get", "download", "-o", "APT::Sandbox::User=root", *missing], offline.DEBIAN)
    if lost := [pin for pin in pins if pin not in found or not found[pin].is_here()]:
        raise GmsError(f"missing after the download: {' '.join(lost)}")
    return [found[pin] for pin in pins]


def read_stanza(stanza: str) -> Package:
    """A package from its entry in an archive's index, changed to a file next to the index."""
    fields = dict(re.findall(r"^([\w-]+): (.+)$", stanza, re.MULTILINE))
    name, version, machine = fields["Package"], fields["Version"], fields["Architecture"]
    path = offline.DEBIAN / f"{name}_{version.replace(':', '%3a')}_{machine}.deb"
    file = f"{name}_{version.split(':')[-1]}_{machine}.deb"
    here = re.sub(r"^Filename: .*$", f"Filename: ./{file}", stanza, flags=re.MULTILINE)
    return Package(f"{name}={version}", path, file, f"{here}\n", fields.get("SHA256", ""))


def output(command: list[str], folder: Path | None = None) -> str:
    """What a command prints. Raises GmsError."""
    variables = {**os.environ, "LC_ALL": "C.UTF-8"}
    try:
        run = subprocess.run(
            command, cwd=folder, env=variables, stdin=subprocess.DEVNULL, capture_output=True, text=True
        )
    except FileNotFoundError:
        raise GmsError(f"{command[0]} is not installed") from None
    if run.returncode:
        raise GmsError(run.stderr.strip()[-2000:] or f"{command[0]} failed")
    return run.stdout
