"""Panels that a run names: whether they can be read, are of the genome and assay, and hold none of the run's own
samples."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from gms.base.digests import sha256
from gms.base.errors import GmsError
from gms.base.problems import Findings, shown
from gms.biomarkers import msi_baseline
from gms.genome.fastq import head_digest
from gms.genome.intervals import Interval, read_targets
from gms.inputs.run_model import Assay, Run, Sample
from gms.normals.members import bases_of, member, read_members
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
SITES = Kind("msi", "baseline of microsatellites", msi_baseline.read_facts)
ALLELES = Kind("normals", "panel of normals", read_members)
EVENTS = Kind("structural_normals", "file of structural variants of normals", read_members, True)
KINDS = (SITES, ALLELES, EVENTS, REPEATS)
SAME = 0.95  # of the bases of either's targets: genes that are new in a design would not be measured, without a word
SAME_SITES = 0.95  # of the sites of a baseline: a genome may mask a few, of another assembly hardly one is the same


class Bases(Protocol):
    """What reads a genome."""

    def fetch(self, contig: str, start: int, end: int) -> str | None:
        """Bases of a 0-based half-open interval, None where they cannot be had."""


def check_panels(
    run: Run, findings: Findings, contig_lengths: Callable[[Path], Mapping[str, int]], bases: Bases | None
) -> None:
    """Note files of panels that cannot be read, that hold samples of the run's own cases, or that are of other targets,
    of reads with UMIs where the assay has none or the reverse, or of another assembly (VCF files are compared with the
    genome as all others are, by preflight). `contig_lengths`: of a FASTA file; `bases`: of the run's, None without
    one."""
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
            elif text is None:
                text = _other_assay(kind, facts, assay)
                if text is None and kind is SITES and bases:
                    text = _other_sites(path, contig_lengths(run.reference.fasta), bases)
            if text:
                findings.add(run.configfile, None, f"assays.{assay.name}.{kind.key} '{shown(path)}' {text}")


def _facts(kind: Kind, path: Path) -> Mapping[str, Any] | None:
    """What a file says of itself; None where it cannot be read."""
    try:
        return kind.facts(path)
    except (GmsError, UnicodeDecodeError):
        return None


def _other_assay(kind: Kind, facts: Mapping[str, Any], assay: Assay) -> str | None:
    """What is wrong with a file of reads of another assay: other targets, or UMIs in one of the two. The assay's name
    counts where the targets of the two cannot be compared. Files from elsewhere say nothing of theirs, and persons'
    genotypes and events are those of any assay."""
    if kind is EVENTS or facts.get("by_genotype"):
        return None
    is_same = _has_targets(facts, assay.targets)
    if is_same is False:
        return _unlike(assay.targets)
    made_for, with_umis = facts.get("assay", assay.name), facts.get("molecules")
    if made_for == assay.name:
        return None
    if with_umis is not None and with_umis != bool(assay.min_reads):
        text = f"was made of normals {'with' if with_umis else 'without'} UMIs, unlike the assay (min_reads)"
        return f"{text}; make one of normals of this assay (./gms normals build)"
    if is_same is None:
        return f"was made of normals of assay {made_for}; make one of normals of this assay (./gms normals build)"
    return None


def _has_targets(facts: Mapping[str, Any], targets: Path | None) -> bool | None:
    """Whether a file was made for the targets; None where that is not known. Files of earlier versions have no bases,
    but the digest of the BED file."""
    made_of, asked = facts.get("target_bases"), _regions(targets)
    if asked is None:
        return None
    if not made_of:
        return True if facts.get("targets_sha256") == sha256(targets) else None
    bases = bases_of(asked)
    both = sum(min(known, bases.get(contig, 0)) for contig, known in made_of.items())
    return both >= SAME * max(sum(made_of.values()), sum(bases.values()))


def _regions(targets: Path | None) -> dict[str, list[Interval]] | None:
    """Targets of an assay by contig; None without them, or where they cannot be read, which their own check reports."""
    try:
        return read_targets(targets) if targets and targets.is_file() else None
    except (GmsError, ValueError):
        return None


def _unlike(targets: Path) -> str:
    return f"was made for other targets than '{shown(targets)}'; make one of normals with these targets"


def _other_sites(path: Path, contigs: Mapping[str, int], bases: Bases) -> str | None:
    """What is wrong with a baseline whose sites are no homopolymers of the genome."""
    try:
        sites = [one.site for one in msi_baseline.read_baseline(path).sites]
    except GmsError:
        return f"is not a {SITES.what}; make one with ./gms normals build"
    found = [bases.fetch(*one[:3]) if one.contig in contigs else "" for one in sites]
    known = [(one, text) for one, text in zip(sites, found, strict=True) if text is not None]
    same = sum(text == one.base * (one.end - one.start) for one, text in known)
    if same >= SAME_SITES * len(known):
        return None
    text = f"is of another assembly: {len(known) - same} of {len(known)} sites are no such homopolymer of the reference"
    return f"{text}; make one of results of this genome"


def _other_targets(path: Path, targets: Path | None) -> str | None:
    """What is wrong with a reference of copy number that was made for other targets."""
    if (asked := _regions(targets)) is None:
        return None
    try:
        covered, inside = reference.shared_bases(reference.read_reference(path), asked)
    except GmsError:
        return f"is not a {WINDOWS.what}; make one with ./gms normals build"
    if min(covered, inside) >= SAME:
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
        return f"is not a {kind.what}; make one with ./gms normals build"
    takes_off = kind.takes_off or facts.get("by_genotype")
    inside = [] if takes_off else sorted(sample.name for sample in own if _is_member(sample, facts))
    if inside:
        text = f"was made of samples of this run, which cannot be taken off: {', '.join(inside)}; make one without them"
        return f"{text} (./gms normals build), or go without it ({kind.key}: null)"
    return None


def _is_member(sample: Sample, facts: Mapping[str, Any]) -> bool:
    """Whether a panel was made of a sample, by its name or by the first reads of a lane."""
    if member(sample.name) in facts["members"]:
        return True
    known = set(facts.get("first_reads", ()))
    return bool(known) and any(head_digest(lane.fastq_1) in known for lane in sample.lanes if lane.fastq_1)
