"""One patient over time: the content of residual_disease/{patient}.json (residual_disease.schema.json)."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pysam

from gms.trials.definitions.model import NO_ENROLMENT
from gms.trials.residual_disease.errors import Controls, pooled
from gms.trials.residual_disease.loci import Locus, context, read_loci
from gms.trials.residual_disease.molecules import Counts
from gms.trials.residual_disease.monitoring import Monitoring, Patient, TimePoint
from gms.trials.residual_disease.samples import Identity, count, germline_sites, identity, ruled_out
from gms.trials.residual_disease.sum_test import Observed, Result, evaluate

FORMAT = "1.0"
OWN = 0.1  # fraction from which a change is no error but a variant of the person
DETECTED, NOT_DETECTED, NOT_EVALUABLE = "detected", "not_detected", "not_evaluable"


class Followed(NamedTuple):
    """Loci of a patient that are followed, those left out with why, and all contexts."""

    loci: list[Locus]
    left_out: dict[str, str]
    contexts: dict[Locus, str]


def follow(patient: Patient, monitoring: Monitoring, fasta: Path) -> dict[str, Any]:
    """All time points of a patient. Raises GmsError for files that cannot be read."""
    assay, own = monitoring.assay, loci_of(patient, fasta)
    others = {one.id: loci_of(one, fasta) for one in monitoring.patients if one.id != patient.id}
    umi = "" if assay["umi"] == "none" else assay["umi"]
    healthy = [row for path in monitoring.controls for row in _rows(path, fasta, own, umi)]
    sites = germline_sites(patient.germline) if patient.germline else {}
    alpha = assay["alpha"] / patient.planned
    points = []
    for point in patient.time_points:
        elsewhere = {name: list(_rows(point.reads, fasta, _apart(loci, own), umi)) for name, loci in others.items()}
        foreign, controls = _controls(elsewhere, healthy, own, alpha)
        counts = count(point.reads, fasta, own.loci, umi)
        same = identity(point.reads, fasta, sites, assay["germline_sites"])
        points.append(_point(point, own, counts, controls, (alpha, assay, same, foreign)))
    return {
        **{"format": FORMAT, "note": NO_ENROLMENT, "patient": patient.id, "assay": assay, "alpha_per_test": alpha},
        **{"planned": patient.planned, "loci": len(own.loci), "left_out": own.left_out},
        **{"normal": patient.normal is not None, "treatments": patient.treatments, "time_points": points},
    }


def loci_of(patient: Patient, fasta: Path) -> Followed:
    """Loci of a patient without those that the normal rules out."""
    loci, left_out = read_loci(patient.variants, patient.purity)
    left_out |= {str(locus): why for locus, why in ruled_out(patient.normal, fasta, loci)}
    kept = [locus for locus in loci if str(locus) not in left_out]
    with pysam.FastaFile(str(fasta)) as genome:
        known = set(genome.references)
        contexts = {locus: context(locus, genome.fetch) for locus in kept if locus.chrom in known}
    left_out |= {str(locus): "the reference has no such contig" for locus in kept if locus not in contexts}
    return Followed([locus for locus in kept if locus in contexts], left_out, contexts)


def _apart(loci: Followed, own: Followed) -> Followed:
    """Loci of another patient at positions that are none of the patient's."""
    places = {(locus.chrom, locus.start) for locus in own.loci}
    return loci._replace(loci=[locus for locus in loci.loci if (locus.chrom, locus.start) not in places])


Row = tuple[str, int, int]  # context, molecules with the change, molecules


def _rows(reads: Path, fasta: Path, loci: Followed, umi: str) -> Iterator[Row]:
    """Control molecules of a sample; a locus of which a tenth has the change is a variant of its person, and none."""
    for locus, found in zip(loci.loci, count(reads, fasta, loci.loci, umi), strict=True):
        if found.alt <= OWN * found.depth:
            yield loci.contexts[locus], found.alt, found.depth


def _controls(
    elsewhere: Mapping[str, list[Row]], healthy: list[Row], own: Followed, alpha: float
) -> tuple[list[str], Controls]:
    """Patients whose tumour this sample seems to carry, and the errors from everything else.

    Each other patient is tested against the healthy controls and the remaining patients.
    """
    contexts = set(own.contexts.values())
    foreign = []
    for name, rows in elsewhere.items():
        rest = [row for other, found in elsewhere.items() if other != name for row in found]
        controls = pooled(healthy + rest, {row[0] for row in rows})
        observed = [Observed(str(place), kind, 0.5, bad, depth) for place, (kind, bad, depth) in enumerate(rows)]
        if observed and sum(controls.all.values()) and evaluate(observed, controls, alpha).detected:
            foreign.append(name)
    clean = [row for name, rows in elsewhere.items() if name not in foreign for row in rows]
    return foreign, pooled(healthy + clean, contexts)


def _point(point: TimePoint, own: Followed, counts: Sequence[Counts], controls: Controls, how: tuple) -> dict[str, Any]:
    """One time point as data."""
    alpha, assay, same, foreign = how
    observed = [
        Observed(str(locus), own.contexts[locus], locus.weight, found.alt, found.depth)
        for locus, found in zip(own.loci, counts, strict=True)
    ]
    result = evaluate(observed, controls, alpha)
    known = sum(controls.all.get(kind, 0) for kind in set(own.contexts.values()))
    state, because = _state(result, known, same, foreign, assay)
    return {
        **{"sample": point.sample, "drawn": point.drawn, "state": state, "because": because},
        **result._asdict(),
        "outliers": list(result.outliers),
        "controls": {"molecules": known, "wrong": sum(controls.wrong.get(k, 0) for k in set(own.contexts.values()))},
        "duplex": {"alt": sum(c.duplex_alt for c in counts), "ref": sum(c.duplex_ref for c in counts)},
        "discordant": sum(c.discordant for c in counts),
        "identity": same._asdict(),
        "foreign": foreign,
    }


def _state(result: Result, known: int, same: Identity, foreign: list[str], assay: Mapping[str, Any]) -> tuple[str, str]:
    """State of a time point and why; what cannot be trusted is not evaluable, whatever the test says."""
    if same.concordance is not None and same.concordance < assay["germline_concordance"]:
        return NOT_EVALUABLE, f"another person's plasma: {same.concordance:.0%} of {same.sites} germline sites agree"
    if foreign:
        return NOT_EVALUABLE, f"it carries changes of other patients: {', '.join(foreign)}"
    if known < assay["needed_controls"]:
        return NOT_EVALUABLE, f"{known} control molecules, {assay['needed_controls']} are needed"
    if result.informative < assay["needed_molecules"]:
        return NOT_EVALUABLE, f"{result.informative} informative molecules, {assay['needed_molecules']} are needed"
    if result.detected:
        return (
            DETECTED,
            f"{result.mutant} molecules with a change, called from {result.threshold}; p = {result.p_value:.2g}",
        )
    limit = "no limit of detection" if result.lod is None else f"limit of detection {result.lod:.1e}"
    return NOT_DETECTED, f"{result.mutant} molecules with a change, called from {result.threshold}; {limit}"
