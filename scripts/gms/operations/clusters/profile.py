"""A profile as the workflow's own commands read it, and how cluster programs are asked."""

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from gms.base.problems import Findings
from gms.inputs.requests import MOST_THREADS

PATIENCE = 60  # seconds for an answer of a cluster's program
PLACEHOLDER = re.compile(r"^\s*(?P<key>[\w-]+):\s*(?P<value>\S+)\s+#.*\bplaceholder\b")


@dataclass(frozen=True)
class Profile:
    """One profile: its name, its file and the keys in it."""

    name: str
    path: Path
    keys: dict[str, Any]

    @property
    def executor(self) -> str:
        """slurm, sge, local, or another of Snakemake's."""
        return self.keys.get("executor", "local")

    def resource(self, name: str) -> str | None:
        """A value of default-resources, which may be a mapping or a list of NAME=VALUE."""
        given = self.keys.get("default-resources") or {}
        if isinstance(given, list):
            given = dict(str(item).split("=", 1) for item in given)
        return None if given.get(name) is None else str(given[name])

    def places(self, name: str) -> list[str]:
        """The values of a resource in default-resources and set-resources, such as all partitions, without doubles."""
        rules = [of for of in (self.keys.get("set-resources") or {}).values() if isinstance(of, dict)]
        values = [self.resource(name), *(of.get(name) for of in rules)]
        return list(dict.fromkeys(str(value) for value in values if value is not None))

    def placeholders(self) -> list[tuple[int, str, str]]:
        """Line (1-based), key and value of what a site still has to fill in: lines whose comment says so."""
        found = [(number, PLACEHOLDER.match(line)) for number, line in enumerate(self.path.read_text().splitlines(), 1)]
        return [(number, match["key"], match["value"]) for number, match in found if match]


class Remark(NamedTuple):
    """What the doctor says of a profile; `kind`: ok, note, fill in (by the site), or wrong (no job would run).

    `key`: the key of the profile whose value was looked up, so that it is not a placeholder where it is ok.
    """

    kind: str
    text: str
    key: str = ""


class Answer(NamedTuple):
    """Output of a program of the cluster; `code` is None where the program is missing."""

    code: int | None
    text: str
    error: str

    @property
    def reason(self) -> str:
        """Its error in one line."""
        lines = (self.error or self.text).strip().splitlines()
        return lines[-1] if lines else f"exit code {self.code}"


def read_profile(folder: Path) -> Profile:
    """The profile in a folder. Raises Problems with the line where it is no YAML."""
    from gms.base.schemas import Document  # needs what is not in the standard library

    findings, path = Findings(), folder / "profile.yaml"
    keys = Document(path).load(findings)
    findings.raise_if_any()
    return Profile(folder.name, path, keys)


def ask(*command: str, text: str | None = None) -> Answer:
    """What a program of the cluster says to `text` on its standard input."""
    if shutil.which(command[0]) is None:
        return Answer(None, "", f"{command[0]} is not on PATH")
    try:
        given = {"input": text} if text is not None else {"stdin": subprocess.DEVNULL}
        run = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=PATIENCE, **given)
    except subprocess.TimeoutExpired:
        return Answer(1, "", f"no answer in {PATIENCE} s")
    return Answer(run.returncode, run.stdout, run.stderr)


def missing_programs(*names: str) -> list[Remark]:
    """A remark where programs that talk to the cluster are not on PATH."""
    missing = [name for name in names if shutil.which(name) is None]
    advice = "log in where jobs are sent from, or load the module that brings them"
    return [Remark("wrong", f"not on PATH: {', '.join(missing)}; {advice}")] if missing else []


def most_threads(profile: Profile) -> int:
    """The most threads that one job asks for: of all rules, unless the profile caps it."""
    return min(MOST_THREADS, int(profile.keys.get("max-threads", MOST_THREADS)))
