"""One patient over time: the content of residual_disease/{patient}.json (residual_disease.schema.json)."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pysam

from gms.trials.definitions.model import NO_ENROLMENT
from gms.trials.residual_disease.controls import (
    Background,
    Row,
    background_of,
    controls_of,
    foreign_patients,
    observed,
    rows_of,
)
from gms.trials.residual_disease.errors import Controls
from gms.trials.residual_disease.loci import Followed, Locus, context, joined, read_loci
from gms.trials.residual_disease.molecules import Counts
from gms.trials.residual_disease.monitoring import Monitoring, Patient, TimePoint
from gms.trials.residual_disease.one_locus import Observed
from gms.trials.residual_disease.samples import Identity, count, germline_sites, identity, ruled_out
from gms.trials.residual_disease.sum_test import Result, evaluate

FORMAT = "1.2"
MOST_LOCI = 2000  # of other patients that are looked at in the controls
RESOLVED = 1e-10  # p-value below which distributions are cut
DETECTED, NOT_DETECTED, NOT_EVALUABLE = "detected", "not_detected", "not_evaluable"


def follow(patient: Patient, monitoring: Monitoring, fasta: Path) -> dict[str, Any]:
    """All time points of a patient. Raises GmsError for files that cannot be read."""
    assay, own = monitoring.assay, loci_of(patient, fasta)
    others = {one.id: loci_of(one, fasta) for one in monitoring.patients if one.id != patient.id}
    alpha = assay["alpha"] / patient.planned
    background = background_of(_controls(own, others, monitoring, fasta), alpha)
    own = own.without(background.noisy)
    elsewhere = _elsewhere(own, others, monitoring, fasta, alpha)
    others = {name: loci.without(elsewhere.noisy) for name, loci in others.items()}
    tests = FollowUp(monitoring, fasta, own, others, background, elsewhere.rows(), alpha)
    sites, points, spent = germline_sites(patient.germline) if patient.germline else {}, [], 0.0
    for number, point in enumerate(patient.time_points):
        share = (assay["alpha"] - spent) / (patient.planned - number)
        points.append(tests.evaluated(point, sites, share))
        spent += points[-1]["alpha_actual"] if points[-1]["state"] != NOT_EVALUABLE else 0.0
    return {
        **{"format": FORMAT, "note": NO_ENROLMENT, "patient": patient.id, "assay": assay},
        **{"planned": patient.planned, "loci": len(own.loci), "left_out": own.left_out},
        **{"normal": patient.normal is not None, "carriers": background.carriers},
        **{"treatments": patient.treatments, "time_points": points},
    }


class FollowUp(NamedTuple):
    """What each time point of a patient is tested with. `elsewhere`: rows of controls at other patients' loci; `alpha`:
    of the comparison with other patients' tumours."""

    monitoring: Monitoring
    fasta: Path
    own: Followed
    others: Mapping[str, Followed]
    background: Background
    elsewhere: list[Row]
    alpha: float

    def evaluated(self, point: TimePoint, sites: dict[Locus, int], alpha: float) -> dict[str, Any]:
        """A time point as data, tested at `alpha`."""
        own, fasta, umi = self.own, self.fasta, self.monitoring.umi
        found = {name: rows_of(point.reads, fasta, loci.apart_from(own), umi) for name, loci in self.others.items()}
        known = [*self.background.rows(), *self.elsewhere]
        foreign, rows = foreign_patients(found, known, self.alpha)
        counts = count(point.reads, fasta, own.loci, umi)
        same = identity(point.reads, fasta, sites, self.monitoring.assay["germline_sites"])
        loci = observed(own, counts, self.background.by_locus())
        return _point(point, loci, counts, controls_of([*known, *rows]), (alpha, self.monitoring.assay, same, foreign))


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


def _controls(
    own: Followed, others: Mapping[str, Followed], monitoring: Monitoring, fasta: Path
) -> dict[Path, list[Row]]:
    """The patient's loci in the controls and in the plasma of the other patients, by file."""
    samples = {path: rows_of(path, fasta, own, monitoring.umi) for path in monitoring.controls}
    for one in monitoring.patients:
        if one.id in others:
            apart = own.apart_from(others[one.id])
            samples |= {point.reads: rows_of(point.reads, fasta, apart, monitoring.umi) for point in one.time_points}
    return samples


def _elsewhere(
    own: Followed, others: Mapping[str, Followed], monitoring: Monitoring, fasta: Path, alpha: float
) -> Background:
    """Other patients' loci in the controls: the same contexts, and no tumour either."""
    loci = joined(one.apart_from(own) for one in others.values()).every(MOST_LOCI)
    return background_of({path: rows_of(path, fasta, loci, monitoring.umi) for path in monitoring.controls}, alpha)


def _point(
    point: TimePoint, loci: list[Observed], counts: Sequence[Counts], controls: Controls, how: tuple
) -> dict[str, Any]:
    """One time point as data."""
    alpha, assay, same, foreign = how
    result = evaluate(loci, controls, alpha)
    known = sum(controls.all.values())
    state, because = _state(result, known, same, foreign, assay)
    return {
        **{"sample": point.sample, "drawn": point.drawn, "state": state, "because": because},
        "alpha": alpha,
        **result._asdict(),
        "outliers": list(result.outliers),
        "controls": {"molecules": known, "wrong": sum(controls.wrong.values())},
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
        chance = f"p = {result.p_value:.2g}" if result.p_value > RESOLVED else f"p < {RESOLVED:g}"
        return DETECTED, f"{result.mutant} molecules with a change, called from {result.threshold}; {chance}"
    if result.one_locus:
        return (
            NOT_DETECTED,
            f"{result.mutant} molecules with a change, but errors of {result.one_locus} may be the reason",
        )
    limit = "no limit of detection" if result.lod is None else f"limit of detection {result.lod:.1e}"
    return NOT_DETECTED, f"{result.mutant} molecules with a change, called from {result.threshold}; {limit}"
