"""Panels that a run names: whether they can be read, are of the assay, and hold none of the run's own samples."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from gms.base.errors import GmsError
from gms.base.problems import Findings, shown
from gms.biomarkers import msi_baseline
from gms.genome.intervals import read_targets
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


SAME_TARGETS = 0.95  # of the bases of either: genes that are new in a design would not be measured, without a word


def check_panels(run: Run, findings: Findings) -> None:
    """Note files of panels that cannot be read, and those that hold samples of the run's own cases."""
    for assay in run.assays.values():
        own = [sample for case in run.cases.values() if case.assay == assay.name for sample in case.samples]
        for kind in KINDS:
            path = getattr(assay, kind.key, None)
            text = _problem(kind, path, own) if path and path.is_file() else None
            if kind.key == "copy_number" and path and path.is_file() and text is None:
                text = _other_targets(path, assay.targets)
            if text:
                findings.add(run.configfile, None, f"assays.{assay.name}.{kind.key} '{shown(path)}' {text}")


def _other_targets(path: Path, targets: Path | None) -> str | None:
    """What is wrong with a reference of copy number that was made for other targets."""
    if targets is None or not targets.is_file():
        return None
    try:
        covered, inside = reference.shared_bases(reference.read_reference(path), read_targets(targets))
    except GmsError:
        return f"is no {KINDS[-1].what}; make one with ./gms normals build"
    if min(covered, inside) >= SAME_TARGETS:
        return None
    return (
        f"was made for other targets: it has {covered:.0%} of the bases of '{shown(targets)}', and {inside:.0%} of its "
        "own are in them; make one of normals with these targets"
    )


def _problem(kind: Kind, path: Path, own: Iterable[Sample]) -> str | None:
    try:
        members = set(kind.facts(path)["members"])
    except GmsError:
        return f"is no {kind.what}; make one with ./gms normals build"
    if inside := sorted(sample.name for sample in own if member(sample.name) in members):
        return f"was made of samples of this run: {', '.join(inside)}; make one without them"
    return None
