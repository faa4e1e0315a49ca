"""Panels that a run names: whether they can be read, are of the assay, and hold none of the run's own samples."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from gms.base.errors import GmsError
from gms.base.problems import Findings, shown
from gms.biomarkers import msi_baseline
from gms.genome.intervals import read_targets
from gms.inputs.run_model import Run, Sample
from gms.normals.members import member, read_members
from gms.variants.copy_number.correction import read_controls
from gms.variants.copy_number.depth import looked_at
from gms.variants.panel_copies import reference
from gms.variants.repeats.normals import read_normals


class Kind(NamedTuple):
    """A file of a panel: its key of an assay, what it is, and what reads its facts; whether samples of a case that are
    members are taken off when the case is compared with it. They are wherever persons are counted; nobody can be
    taken off a median, as of depth."""

    key: str
    what: str
    facts: Callable[[Path], Mapping[str, Any]]
    takes_off: bool = False


REPEATS = Kind("repeat_normals", "file of repeats of normals", lambda path: read_normals(path).facts, True)
WINDOWS = Kind("copy_number", "reference of copy number", reference.read_facts)
DEPTH = Kind("copy_number", "reference of depth", lambda path: read_controls(path).facts)  # of callers: depth
KINDS = (
    Kind("msi", "baseline of microsatellites", msi_baseline.read_facts),
    Kind("normals", "panel of normals", read_members),
    REPEATS,
)
SAME_TARGETS = 0.95  # of the bases of either: genes that are new in a design would not be measured, without a word


def check_panels(run: Run, findings: Findings, contig_lengths: Callable[[Path], Mapping[str, int]]) -> None:
    """Note files of panels that cannot be read, that hold samples of the run's own cases, or that are of other targets
    or another assembly. `contig_lengths`: of a FASTA file."""
    for assay in run.assays.values():
        own = [sample for case in run.cases.values() if case.assay == assay.name for sample in case.samples]
        for kind in (*KINDS, DEPTH if "depth" in assay.callers.get("copy_number", ()) else WINDOWS):
            path = getattr(assay, kind.key, None)
            if not path or not path.is_file():
                continue
            facts = _facts(kind, path)
            text = _problem(kind, facts, own)
            if text is None and kind in (DEPTH, REPEATS):
                text = _other_assembly(kind, facts, contig_lengths(run.reference.fasta))
            elif text is None and kind is WINDOWS:
                text = _other_targets(path, assay.targets)
            if text:
                findings.add(run.configfile, None, f"assays.{assay.name}.{kind.key} '{shown(path)}' {text}")


def _facts(kind: Kind, path: Path) -> Mapping[str, Any] | None:
    """What a file says of itself; None where it cannot be read."""
    try:
        return kind.facts(path)
    except GmsError:
        return None


def _other_targets(path: Path, targets: Path | None) -> str | None:
    """What is wrong with a reference of copy number that was made for other targets."""
    if targets is None or not targets.is_file():
        return None
    try:
        covered, inside = reference.shared_bases(reference.read_reference(path), read_targets(targets))
    except GmsError:
        return f"is no {WINDOWS.what}; make one with ./gms normals build"
    if min(covered, inside) >= SAME_TARGETS:
        return None
    return (
        f"was made for other targets: it has {covered:.0%} of the bases of '{shown(targets)}', and {inside:.0%} of its "
        "own are in them; make one of normals with these targets"
    )


def _other_assembly(kind: Kind, facts: Mapping[str, Any], contigs: Mapping[str, int]) -> str | None:
    """What is wrong with a file of other contigs than the genome's, of depth also with one of fewer."""
    known = facts["contigs"]
    if known == looked_at(contigs) or kind is REPEATS and known.items() <= contigs.items():
        return None
    return "is of another assembly: its contigs are not those of the reference; make one of results of this genome"


def _problem(kind: Kind, facts: Mapping[str, Any] | None, own: Iterable[Sample]) -> str | None:
    """What is wrong with a file whatever it holds: nobody can read it, or it was made of the run's own samples."""
    if facts is None:
        return f"is no {kind.what}; make one with ./gms normals build"
    members = set(facts["members"])
    takes_off = kind.takes_off or facts.get("by_genotype")
    inside = [] if takes_off else sorted(sample.name for sample in own if member(sample.name) in members)
    if inside:
        text = f"was made of samples of this run, which cannot be taken off: {', '.join(inside)}; make one without them"
        return f"{text} (./gms normals build), or go without it ({kind.key}: null)"
    return None
