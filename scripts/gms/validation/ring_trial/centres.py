"""The results folders of a ring trial: their names, run.json, and the cases and samples that are in them."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gms.base.errors import GmsError
from gms.base.personal_numbers import mask_personal_numbers
from gms.base.problems import shown
from gms.base.results import ResultFile, files, named
from gms.validation.ring_trial.bodies import Unreadable, vcf_samples

_NAME = "[A-Za-z0-9-]+"
PLATE = "plate "  # before the name of a plate of viral samples, which no case has in its name


@dataclass(frozen=True)
class CaseAt:
    """A case, or a plate of viral samples, in one folder. `samples`: all that its files name; `columns`: those of its
    VCF, None without a VCF."""

    assay: str | None
    samples: frozenset[str]
    columns: frozenset[str] | None


@dataclass(frozen=True)
class Centre:
    """One results folder; `run` is run.json, empty where `notes` say why it could not be read."""

    name: str
    folder: Path
    run: Mapping[str, Any]
    notes: tuple[str, ...] = ()
    cases: Mapping[str, CaseAt] = field(default_factory=dict)

    @property
    def place(self) -> str:
        """The folder as a user would write it."""
        return mask_personal_numbers(shown(self.folder))


def open_centres(folders: Iterable[Path], only: Iterable[str] = ()) -> list[Centre]:
    """The folders in the order given, with all their cases or only those named. Raises GmsError: too few folders, one
    given twice or without results, no case that two of them have."""
    folders, only = list(folders), set(only)
    if len(folders) < 2:
        raise GmsError("a ring trial compares two results folders or more: ./gms ring-trial RESULTS_A RESULTS_B")
    seen: dict[Path, Path] = {}
    for folder in folders:
        _check_folder(folder)
        if (same := seen.setdefault(folder.resolve(), folder)) is not folder:
            raise GmsError(f"'{shown(folder)}' is the same folder as '{shown(same)}'; name each folder once")
    centres = [open_centre(number, folder, only) for number, folder in enumerate(folders, 1)]
    _check_common(centres, only)
    return centres


def open_centre(number: int, folder: Path, only: set[str]) -> Centre:
    """One folder, with what is known of it; its name is that of the centre in run.json and the number."""
    run, note = _read_run(folder / "run.json")
    gmc = run.get("gmc")
    name = gmc if isinstance(gmc, str) and re.fullmatch(_NAME, gmc) else "centre"
    notes = [note] if note else []
    locks = folder / ".snakemake" / "locks"
    if locks.is_dir() and any(locks.iterdir()):
        notes.append("a run is going on in this folder, or was killed there")
    notes += _other_tools(run)
    found = find_cases(folder)
    cases = {case: at for case, at in found.items() if {case, case.removeprefix(PLATE)} & only or not only}
    return Centre(f"{name}-{number}", folder, run, tuple(notes), cases)


def find_cases(folder: Path) -> dict[str, CaseAt]:
    """Every case that some file of the folder is of, sorted by name, then every plate."""
    samples, assays = _sample_sheets(folder)
    names = {case for file in files("case", compared=True) for case in _subjects(folder, file)}
    cases = {case: _case_at(folder, case, samples.get(case, set()), assays.get(case)) for case in sorted(names)}
    return cases | _plates(folder)


def read_object(path: Path) -> dict[str, Any] | None:
    """A file's JSON object; None where it cannot be read or is something else."""
    try:
        content = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    return content if isinstance(content, dict) else None


def _check_folder(folder: Path) -> None:
    """Raise GmsError unless the folder has something of a run."""
    if not folder.is_dir():
        raise GmsError(f"'{shown(folder)}' {'is not a folder' if folder.exists() else 'does not exist'}")
    if not (folder / "run.json").exists() and not find_cases(folder):
        inside = folder / "results"
        meant = f"; did you mean '{shown(inside)}'?" if inside.is_dir() else ""
        raise GmsError(f"'{shown(folder)}' is not a results folder: neither run.json nor a case is in it{meant}")


def _check_common(centres: list[Centre], only: set[str]) -> None:
    """Raise GmsError unless two centres at least have a case in common."""
    known = {case for centre in centres for case in centre.cases}
    if unknown := sorted(only - known - {case.removeprefix(PLATE) for case in known}):
        raise GmsError(f"none of the folders has case {', '.join(unknown)}")
    count = sum(len(centre.cases) for centre in centres)
    if count == len({case for centre in centres for case in centre.cases}):
        lines = [f"  {centre.name}  {centre.place}: {_some(centre.cases)}" for centre in centres]
        raise GmsError("\n".join(["no case occurs in two of these folders, so there is nothing to compare:", *lines]))


def _some(names: Iterable[str], limit: int = 5) -> str:
    names = list(names)
    rest = f" and {len(names) - limit} more" if len(names) > limit else ""
    return ", ".join(names[:limit]) + rest if names else "no case"


def _read_run(path: Path) -> tuple[dict[str, Any], str]:
    """run.json, and a sentence where there is none to be read."""
    content = read_object(path)
    if content is not None:
        return content, ""
    why = "cannot be read" if path.exists() else "is missing"
    return {}, f"run.json {why}, so no cause can be told for this folder"


def _other_tools(run: Mapping[str, Any]) -> list[str]:
    """A sentence where the run used tools of other versions than the workflow is tested with."""
    others = run.get("other_tool_versions")
    if not isinstance(others, dict) or not others:
        return []
    names = [f"{name} {version.get('found')}" for name, version in others.items() if isinstance(version, dict)]
    return [mask_personal_numbers(f"made with other versions than the workflow is tested with: {', '.join(names)}")]


def _subjects(folder: Path, file: ResultFile) -> Iterable[str]:
    """The cases or samples that the folder has this file of."""
    place, _, name = file.path.rstrip("/").rpartition("/")
    before, after = map(re.escape, name.split(f"{{{file.per}}}"))
    for path in (folder / place).glob("*"):
        if found := re.fullmatch(f"{before}({_NAME}){after}", path.name):
            yield found[1]


def _sample_sheets(folder: Path) -> tuple[dict[str, set[str]], dict[str, str]]:
    """Samples and assay of each case, from the QC files."""
    samples: dict[str, set[str]] = {}
    assays: dict[str, str] = {}
    for file in (named("qc.json"), named("case.json")):
        for name in _subjects(folder, file):
            content = read_object(folder / file.at(**{file.per: name})) or {}
            case = content.get("case")
            if isinstance(case, str) and file.per == "sample":
                samples.setdefault(case, set()).add(name)
            if isinstance(case, str) and isinstance(content.get("assay"), str):
                assays[case] = content["assay"]
    return samples, assays


def _plates(folder: Path) -> dict[str, CaseAt]:
    """Every plate that some file of the folder is of, with the samples that say so, sorted by name."""
    plates = {name for file in files("plate", compared=True) for name in _subjects(folder, file)}
    samples: dict[str, set[str]] = {name: set() for name in plates}
    assays: dict[str, str] = {}
    for name in _subjects(folder, named("virus_qc")):
        content = read_object(folder / named("virus_qc").at(isolate=name)) or {}
        plate, assay = content.get("plate"), content.get("assay")
        if isinstance(plate, str) and isinstance(assay, str):
            samples.setdefault(plate, set()).add(name)
            assays[plate] = assay
    return {f"{PLATE}{name}": CaseAt(assays.get(name), frozenset(samples[name]), None) for name in sorted(samples)}


def _case_at(folder: Path, case: str, samples: set[str], assay: str | None) -> CaseAt:
    columns = None
    for file in files("case", compared=True, variants="small"):
        try:
            columns = frozenset(vcf_samples(folder / file.at(case=case)))
            break
        except Unreadable:
            continue
    return CaseAt(assay, frozenset(samples) | (columns or frozenset()), columns)
