"""Normals of an assay from finished results: who may be in a panel.

Members are in a panel as digests of their sample names and of their reads, never by name.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from gms.base.digests import sha256 as digest_of_file
from gms.base.errors import GmsError, Refusal
from gms.base.json_tables import read_json
from gms.base.problems import shown
from gms.base.results import named


class Normal(NamedTuple):
    """A finished sample: the results folder it is in."""

    results: Path
    name: str

    def path(self, result: str) -> Path:
        """One of its results, by its name in base/results.py."""
        return self.results / named(result).at(sample=self.name)


class NormalRefused(Refusal):
    """Samples that were asked for and cannot be in a panel."""

    def __init__(self, reasons: Iterable[str]):
        super().__init__("these samples cannot be normals of a panel:", reasons)


class NothingFinished(GmsError):
    """Results without a finished case of an assay."""

    def __init__(self, assay: str, folders: Iterable[Path]):
        super().__init__(f"no finished case of assay {assay} in {', '.join(map(shown, folders))}")


def find_normals(folders: Iterable[Path], assay: str, asked: frozenset[str]) -> tuple[list[Normal], dict[str, str]]:
    """Samples of role normal that passed quality control, one for each name; and why others are left out, by name.

    `asked`: names of samples to take, all normals where empty. Raises NothingFinished, NormalRefused.
    """
    folders = [folder.resolve() for folder in folders]
    taken, left_out, cases = {}, {}, 0
    for folder, sample in _finished(folders, assay):
        cases += 1
        normal = Normal(folder, sample["sample"])
        reason = _refusal(normal, sample["role"], taken)
        if reason is None and (not asked or normal.name in asked):
            taken[normal.name] = normal
        elif reason and normal.name not in taken:
            left_out[normal.name] = reason
    if not cases:
        raise NothingFinished(assay, folders)
    missing = {name: left_out.get(name, "is in none of the finished cases") for name in sorted(asked - taken.keys())}
    if missing:
        raise NormalRefused(f"{name}: {reason}" for name, reason in missing.items())
    return list(taken.values()), left_out


def _finished(folders: Iterable[Path], assay: str) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Samples of finished cases of the assay, with their results folder."""
    for folder in folders:
        for path in sorted(folder.glob(named("findings").everywhere())):
            document = read_json(path)
            if document["case"]["assay"] == assay:
                yield from ((folder, sample) for sample in document["samples"])


def _refusal(normal: Normal, role: str, taken: dict[str, Normal]) -> str | None:
    """Why a sample cannot be in a panel; None where it can."""
    if role != "normal":
        return f"is a {role}; a panel is made of normals"
    if not normal.path("cram").is_file():
        return "has no aligned reads"
    if read_json(normal.path("qc.json"))["verdict"] == "fail":
        return "failed its quality control"
    twin = next((one for one in taken.values() if digest(one) == digest(normal)), None)
    return f"is the same reads as {twin.name}" if twin and twin.name != normal.name else None


@cache
def digest(normal: Normal) -> str:
    """SHA-256 of the aligned reads of a normal, read once: each is compared with all others."""
    return digest_of_file(normal.path("cram"))


def member(name: str) -> str:
    """What stands for a sample in a panel: SHA-256 of its name."""
    return sha256(name.encode()).hexdigest()
