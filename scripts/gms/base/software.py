"""The software that environment.yml asks for, and what of it this machine has. Standard library only."""

import functools
import importlib.metadata
import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from gms.base.errors import GmsError
from gms.base.project import PROJECT

ENVIRONMENT = PROJECT / ".env"
SPECIFICATION = PROJECT / "environment.yml"
TEST_SPECIFICATION = PROJECT / "tests" / "environment.yml"
GATK_POM = PROJECT / "workflow" / "envs" / "gatk.pom.xml"
GATK = "gatk4"  # as conda calls it


class Wanted(NamedTuple):
    """One pinned line of environment.yml; `source` is 'tool' (conda or Debian) or 'PyPI'."""

    name: str
    version: str
    source: str


class Program(NamedTuple):
    """How to recognise one tool: its command, the arguments that make it print its version, its Debian packages."""

    command: str
    arguments: str | None
    debian: tuple[str, ...]


class Found(NamedTuple):
    """What this machine has of one wanted item; version is None where it is missing or does not start."""

    wanted: Wanted
    version: str | None
    origin: str

    @property
    def state(self) -> str:
        """'ok', 'differs' or 'missing'; 5.1d is 5.1, 1.16.1 is not 1.16."""
        if self.version is None:
            return "missing"
        return "ok" if re.fullmatch(re.escape(self.wanted.version) + r"([a-z]|-.*)?", self.version) else "differs"


class OtherToolVersions(GmsError):
    """Tools have other versions than the pinned ones, and the config does not accept them."""

    def __init__(self, differing: list[Found]):
        super().__init__("\n".join(map(self.sentence, differing)))

    @staticmethod
    def sentence(item: Found) -> str:
        """What is wrong with one tool, and what to do."""
        name, version = item.wanted.name, item.version
        return (
            f"{name} has version {version}, but this workflow is tested with {item.wanted.version}; install that "
            f"(./gms setup), or accept the other one in the config:  other_tool_versions: {{{name}: '{version}'}}  "
            "Reports and ring trials will show it"
        )


# Only what differs from "the command and the Debian package are called as in conda, and --version tells the version".
PROGRAMS = {
    "bwa": Program("bwa", None, ("bwa",)),
    "bioconductor-dnacopy": Program(
        "Rscript", "-e cat(as.character(packageVersion('DNAcopy')))", ("r-base-core", "r-bioc-dnacopy")
    ),
    "dwgsim": Program("dwgsim", None, ("dwgsim",)),
    GATK: Program("gatk", "--version", ()),
    "htslib": Program("tabix", "--version", ("tabix",)),
    "star": Program("STAR", "--version", ("rna-star",)),
    "mosdepth": Program("mosdepth", "--version", ("mosdepth", "libhts-dev")),  # it loads libhts.so when it starts
}
# Commands of the Debian packages of the tests, where they are not called like the package.
DEBIAN_COMMANDS = {
    "slurm-wlm": "slurmctld",
    "munge": "munged",
    "gridengine-master": "sge_qmaster",
    "gridengine-exec": "sge_execd",
    "gridengine-client": "qconf",
    "mariadb-server": "mariadbd",
}
# Bioconda puts 1 before the versions of dwgsim; wanted is what the program says of itself.
RENUMBERED = {("dwgsim", "1.1.14"): "0.1.14"}


def wanted(text: str) -> list[Wanted]:
    """The pinned items of an environment.yml, in its order; python itself is not one of them."""
    items = re.findall(r"^\s+- ([\w.-]+)(==?)([\w.]+)", text, re.MULTILINE)
    return [Wanted(name, version, "tool" if pin == "=" else "PyPI") for name, pin, version in items if name != "python"]


def gatk() -> Wanted:
    """GATK as it is pinned: an optional tool, which ./gms setup --with gatk installs."""
    found = re.search(r"<artifactId>gatk</artifactId>\s*<version>([\w.]+)</version>", GATK_POM.read_text())
    return Wanted(GATK, found[1], "tool")


def star() -> Wanted:
    """STAR in the version that Debian 12 carries: an optional tool, which ./gms setup --with star installs."""
    return Wanted("star", "2.7.10b", "tool")


def tests_only_debian_packages(text: str) -> list[str]:
    """Debian packages in the comments of tests/environment.yml; conda has none of them."""
    lines = re.findall(r"^# Debian packages?: (.+)$", text, re.MULTILINE)
    return [name for line in lines for name in line.split()]


def has_debian_package(name: str) -> bool:
    """Whether the command is there by which one of these packages is recognised; root's commands may not be on PATH."""
    path = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin"])
    return shutil.which(DEBIAN_COMMANDS.get(name, name), path=path) is not None


def tests_only_program(text: str) -> str | None:
    """The pinned PyPI package that only the tests need and that gets an environment of its own."""
    return _pin_after(r"in an environment of its own", text)


def tests_only_reads(text: str) -> str | None:
    """The pinned PyPI package of which the tests use the reads that it holds, not its program."""
    return _pin_after(r"for the reads that it holds", text)


def tests_only_folders() -> list[str]:
    """Folders of the environment that have these two."""
    text = TEST_SPECIFICATION.read_text()
    pins = tests_only_program(text), tests_only_reads(text)
    return [pin.partition("==")[0].lower() for pin in pins if pin]


def _pin_after(words: str, text: str) -> str | None:
    """The pin at the end of a comment that begins with `words`."""
    found = re.search(rf"^# {words}.*: (\S+==\S+)$", text, re.MULTILINE)
    return found[1] if found else None


def program(name: str) -> Program:
    """How to recognise the tool that conda calls `name`."""
    return PROGRAMS.get(name, Program(name, "--version", (name,)))


def version_in(text: str) -> str | None:
    """The first thing that looks like a version in what a tool printed: 1.16.1, 0.7.17-r1188, 5.1d."""
    found = re.search(r"(?<![\w.])v?(\d+\.\d+[\w.-]*)", text)
    return found[1] if found else None


@functools.cache
def installed_version(command: str, arguments: str | None) -> str | None:
    """The version a tool on PATH says it has; None where it is missing or fails to start."""
    path = shutil.which(command)
    if path is None:
        return None
    # R leaves its temporary folder in one whose name has special characters.
    surroundings = {name: value for name, value in os.environ.items() if name not in ("TMPDIR", "TMP", "TEMP")}
    asked = [path, *(arguments or "").split()]
    run = subprocess.run(asked, capture_output=True, text=True, errors="replace", env=surroundings)
    return version_in(run.stdout + run.stderr)


@functools.cache
def packages(environment: Path) -> dict[str, str]:
    """Names (lower case) and versions of the Python packages in an environment, without starting its Python."""
    folders = [str(path) for path in environment.glob("lib/python3*/site-packages")]
    return {found.name.lower(): found.version for found in importlib.metadata.distributions(path=folders)}


def found(items: list[Wanted], environment: Path) -> list[Found]:
    """What this machine has of each wanted item; starts each tool once to ask for its version."""
    have = packages(environment)
    return [find(item, environment, have) for item in items]


def used(with_gatk: bool = False) -> list[Wanted]:
    """What a run uses: all of environment.yml, and GATK where one of its assays asks for it."""
    return [*wanted(SPECIFICATION.read_text()), *([gatk()] if with_gatk else [])]


def differing(environment: Path, with_gatk: bool = False) -> list[Found]:
    """What a run uses in another version than the pinned one."""
    return [item for item in found(used(with_gatk), environment) if item.state == "differs"]


def not_accepted(items: list[Found], accepted: Mapping[str, str]) -> list[Found]:
    """Those of `differing` whose very version the config (other_tool_versions) does not accept."""
    return [item for item in items if accepted.get(item.wanted.name) != item.version]


def find(item: Wanted, environment: Path, have: dict[str, str]) -> Found:
    """What this machine has of one item, given the Python packages of the environment."""
    if item.source == "PyPI":
        version = have.get(item.name.lower())
        return Found(item, version, "PyPI" if version else "")
    tool = program(item.name)
    says = RENUMBERED.get((item.name, item.version), item.version)
    version = installed_version(tool.command, tool.arguments)
    return Found(item._replace(version=says), version, origin(tool.command, environment) if version else "")


def origin(command: str, environment: Path) -> str:
    """Where a command on PATH comes from: conda, Maven (GATK), Debian, or the folder it is in."""
    path = Path(shutil.which(command) or command)
    if path.parent == environment / "bin":
        return "conda" if (environment / "conda-meta").exists() else "Maven"
    is_debian = path.parent in (Path("/usr/bin"), Path("/bin")) and shutil.which("dpkg")
    return "Debian" if is_debian else str(path.parent)
