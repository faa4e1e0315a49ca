"""Panels that a run names: whether they can be read, are of the assay, and hold none of the run's own samples."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from gms.base.errors import GmsError
from gms.base.problems import Findings, shown
from gms.biomarkers import msi_baseline
from gms.inputs.run_model import Run, Sample
from gms.normals import background
from gms.normals.members import member
from gms.variants.panel_copies import reference


class Kind(NamedTuple):
    """A file of a panel: its key of an assay, what it is, and what reads its facts."""

    key: str
    what: str
    facts: Callable[[Path], Mapping[str, Any]]


KINDS = (
    Kind("msi", "baseline of microsatellites", msi_baseline.read_facts),
    Kind("normals", "panel of normals", background.read_members),
    Kind("copy_number", "reference of copy number", reference.read_facts),
)


def check_panels(run: Run, findings: Findings) -> None:
    """Note files of panels that cannot be read, and those that hold samples of the run's own cases."""
    for assay in run.assays.values():
        own = [sample for case in run.cases.values() if case.assay == assay.name for sample in case.samples]
        for kind in KINDS:
            path = getattr(assay, kind.key, None)
            if path and path.is_file() and (text := _problem(kind, path, own)):
                findings.add(run.configfile, None, f"assays.{assay.name}.{kind.key} '{shown(path)}' {text}")


def _problem(kind: Kind, path: Path, own: Iterable[Sample]) -> str | None:
    try:
        members = set(kind.facts(path)["members"])
    except GmsError:
        return f"is no {kind.what}; make one with ./gms normals build"
    if inside := sorted(sample.name for sample in own if member(sample.name) in members):
        return f"was made of samples of this run: {', '.join(inside)}; make one without them"
    return None
