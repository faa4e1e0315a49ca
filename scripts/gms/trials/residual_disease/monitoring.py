"""Who is followed: patients with their loci and plasma samples, and the settings of the assay."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from gms.base.personal_numbers import find_personal_number
from gms.base.problems import Findings
from gms.base.results import named
from gms.base.schemas import Document, check, load_schema
from gms.inputs.run_model import Run
from gms.inputs.user_tables import calendar_day

CONTROLS = ""  # of no patient
Plasma = Mapping[str, Mapping[str, str]]  # patient, or CONTROLS -> sample -> CRAM


class TimePoint(NamedTuple):
    """A plasma sample; `drawn` YYYY-MM-DD."""

    sample: str
    drawn: str
    reads: Path


@dataclass(frozen=True, slots=True)
class Patient:
    """A patient; time points in the order of their days, paths absolute."""

    id: str
    variants: Path
    purity: float | None
    normal: Path | None
    germline: Path | None
    planned: int
    treatments: list[dict[str, str]]
    time_points: list[TimePoint]


@dataclass(frozen=True, slots=True)
class Monitoring:
    """All patients, the control samples, and the settings of the assay (monitoring_assay.schema.json)."""

    assay: dict[str, Any]
    controls: list[Path]
    patients: list[Patient]

    @property
    def umi(self) -> str:
        """Where reads have their UMI: 'name', 'tag', or '' for nowhere."""
        return "" if self.assay["umi"] == "none" else self.assay["umi"]

    def files(self) -> list[Path]:
        """Every file that is read."""
        found = [*self.controls]
        for one in self.patients:
            found += [one.variants, *filter(None, (one.normal, one.germline))]
            found += [point.reads for point in one.time_points]
        return found


def plasma_of(run: Run) -> dict[str, dict[str, str]]:
    """CRAM of each plasma sample in the sheet, by patient, and of the control samples."""
    found: dict[str, dict[str, str]] = {}
    for case in run.monitored.values():
        for sample in case.samples:
            owner = case.name if sample.role == "plasma" else CONTROLS
            found.setdefault(owner, {})[sample.name] = str(run.results / named("cram").at(sample=sample.name))
    return found


def settings_of(run: Run) -> dict[str, Any]:
    """Settings of the assay that follows residual disease; empty where none does."""
    return next((assay.monitoring for assay in run.assays.values() if assay.monitoring), {})


def patient_files(path: Path | None, plasma: Plasma, results: Path) -> dict[str, list[str]]:
    """Files that a rule reads for each patient, those of the run relative to its results.

    Cheap, for every job's start: what is wrong is left to the check of the inputs, and means no patients or no file.
    """
    if path is None:
        return {}
    content = Document(path).load(Findings()) or {}
    if not check(content, load_schema("monitoring"), Document(path), Findings()):
        return {}
    folder = path.absolute().parent
    found = [_patient(one, folder, plasma) for one in content["patients"]]
    everything = Monitoring({}, _controls(content, folder, plasma), found).files()
    own = [os.path.relpath(file, results) for file in everything if file.is_relative_to(results)]
    others = [str(file) for file in everything if not file.is_relative_to(results) and file.exists()]
    return {one.id: list(dict.fromkeys(own + others)) for one in found}


def read_monitoring(path: Path, settings: Mapping[str, Any], plasma: Plasma, results: Path | None = None) -> Monitoring:
    """Everything checked; files in `results` may be missing, as the run makes them.

    Raises `Problems`: what breaks the schema, files that are missing, samples or patients twice, impossible days,
    plasma of the sheet that no time point names, and time points without reads."""
    findings, document = Findings(), Document(path)
    content = document.load(findings)
    if content is None or not check(content, load_schema("monitoring"), document, findings):
        findings.raise_if_any()
    _check_persons(content, document, findings)
    _check_plasma(content, plasma, document, findings)
    findings.raise_if_any()
    folder = path.absolute().parent
    patients = [_patient(one, folder, plasma) for one in content["patients"]]
    found = Monitoring(dict(settings), _controls(content, folder, plasma), patients)
    for file in dict.fromkeys(found.files()):
        is_made = results is not None and file.is_relative_to(results)
        if not is_made and not file.is_file():
            findings.add(path, None, f"{file} does not exist")
    findings.raise_if_any()
    return found


def _controls(content: dict[str, Any], folder: Path, plasma: Plasma) -> list[Path]:
    own = [Path(file) for file in plasma.get(CONTROLS, {}).values()]
    return own + [folder / name for name in content.get("controls") or ()]


def _check_plasma(content: dict[str, Any], plasma: Plasma, document: Document, findings: Findings) -> None:
    """Note time points without reads, and plasma of the sheet that is not followed."""
    named_here = set()
    for number, one in enumerate(content["patients"]):
        sequenced = plasma.get(one["id"], {})
        for place, point in enumerate(one["time_points"]):
            named_here.add((one["id"], point["sample"]))
            at = ("patients", number, "time_points", place, "sample")
            if "reads" not in point and point["sample"] not in sequenced:
                text = f"sample '{point['sample']}' is not plasma of case '{one['id']}' in the sheet, and has no reads:"
                findings.add(document.path, document.line(at), f"{text}; add its row, or the path of aligned reads")
            elif "reads" in point and point["sample"] in sequenced:
                text = f"sample '{point['sample']}' is in the sheet, and this run aligns it; remove reads:"
                findings.add(document.path, document.line(at), text)
    for patient, sample in ((name, one) for name, samples in plasma.items() if name for one in samples):
        if (patient, sample) not in named_here:
            text = f"sample '{sample}' of case '{patient}' is plasma in the sheet, but no time point of a patient"
            findings.add(document.path, None, f"{text} '{patient}' here; add it, with the day on which it was drawn")


def _patient(one: dict[str, Any], folder: Path, plasma: Plasma) -> Patient:
    own = plasma.get(one["id"], {})
    points = [
        TimePoint(point["sample"], point["drawn"], folder / point.get("reads", own.get(point["sample"], "")))
        for point in one["time_points"]
    ]
    optional = {key: folder / one[key] if key in one else None for key in ("normal", "germline")}
    return Patient(
        id=one["id"],
        variants=folder / one["variants"],
        purity=one.get("purity"),
        planned=max(one.get("planned", 0), len(points)),
        treatments=one.get("treatments") or [],
        time_points=sorted(points, key=lambda point: point.drawn),
        **optional,
    )


def _check_persons(content: dict[str, Any], document: Document, findings: Findings) -> None:
    """Note names that are there twice, days that cannot be, and personal numbers."""
    seen: dict[str, str] = {}
    for number, one in enumerate(content["patients"]):
        _once(one["id"].casefold(), f"patient {one['id']}", seen, ("patients", number, "id"), document, findings)
        for place, point in enumerate(one["time_points"]):
            at = ("patients", number, "time_points", place)
            name = f"sample {point['sample']}"
            _once(f"sample {point['sample'].casefold()}", name, seen, (*at, "sample"), document, findings)
            _check_day(point["drawn"], (*at, "drawn"), document, findings)
        for place, treatment in enumerate(one.get("treatments") or ()):
            at = ("patients", number, "treatments", place)
            for key in ("from", "until"):
                if key in treatment:
                    _check_day(treatment[key], (*at, key), document, findings)
            if treatment.get("until", "9") < treatment["from"]:
                findings.add(document.path, document.line([*at, "until"]), "the treatment ends before it begins")
    if find_personal_number(document.path.read_text()) is not None:
        findings.add(document.path, None, "holds a personal number; use pseudonyms")


def _once(key: str, name: str, seen: dict, at: tuple, document: Document, findings: Findings) -> None:
    if key in seen:
        findings.add(document.path, document.line(at), f"{name} is there already; each has a name of its own")
    seen[key] = name


def _check_day(day: str, at: tuple, document: Document, findings: Findings) -> None:
    if calendar_day(day) is None:
        findings.add(document.path, document.line(at), f"'{day}' is not a calendar date")
