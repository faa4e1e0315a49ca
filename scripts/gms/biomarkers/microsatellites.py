"""Microsatellite instability: the share of homopolymers that lost more units than those of normals.

Tumour alone: a site is unstable above mean + 3 SD of the baseline (MSIsensor-pro, Jia et al. 2020). With a normal of
the patient: the difference of the two against the spread of such a difference among normals. No chi-square test of
counts (MSIsensor, Niu 2014): at 800 reads it takes the stutter of the library for instability at a third of the sites.
"""

from collections.abc import Mapping, Sequence
from math import sqrt
from pathlib import Path
from typing import Any, NamedTuple

from gms.biomarkers.basis import REASONS, Basis
from gms.biomarkers.msi_baseline import FEWEST_READS, FEWEST_SITES, Baseline, Expected, library_factor, read_baseline
from gms.biomarkers.repeat_lengths import Slippage, slippages
from gms.variants.evidence.shares import wilson

DEVIATIONS = 3  # standard deviations, MSIsensor-pro
LEAST_STUTTER = 0.005  # reads that lost one unit: the least a site is taken to show by chance (our own)
LEAST_PURITY = 0.05  # simulated: below it a tumour with instability may look stable (docs/benchmarks.md)
_REASONS = REASONS | {
    "too_few_sites": f"Fewer than {FEWEST_SITES} sites of the baseline have {FEWEST_READS} reads.",
    "low_purity": "Too few tumour cells: an unstable tumour may look stable.",
}
_WHY = {
    "high": "Unstable, as with deficient mismatch repair.",
    "grey": "Between stable and unstable: confirm by immunohistochemistry or PCR.",
    "stable": "No more sites differ from normals than stable samples show.",
}
_UNSURE = " So few sites do not exclude the grey zone, which the interval reaches."


class Shift(NamedTuple):
    """Units lost per read beyond what normals show, at one site; `deviations`: the same in standard deviations."""

    expected: Expected
    units: float
    deviations: float


def microsatellite_document(
    sample: str, crams: Sequence[Path], fasta: Path, baseline: Path, basis: Basis
) -> dict[str, Any]:
    """The content of biomarkers/{case}.msi.json. `sample`: the tumour; `crams`: of it and, where there is one, of its
    normal. Raises UnreadableBaseline."""
    expected = read_baseline(baseline)
    shown = [slippages(cram, fasta, [one.site for one in expected.sites]) for cram in crams]
    return {"sample": sample, **instability(expected, shown, basis)}


def instability(baseline: Baseline, shown: Sequence[Sequence[Slippage]], basis: Basis) -> dict[str, Any]:
    """`shown`: slippages at the sites of the baseline of the tumour and, where there is one, of its normal."""
    facts = baseline.facts
    found = shifts(baseline, shown)
    unstable = [one for one in found if one.deviations > DEVIATIONS]
    share = 100 * len(unstable) / len(found) if found else 0.0
    reason = basis.failed or ("too_few_sites" if len(found) < FEWEST_SITES else None)
    verdict = "high" if share >= facts["high_from"] else "grey" if share >= facts["grey_from"] else "stable"
    if reason is None and verdict == "stable":
        reason = "low_purity" if basis.purity is not None and basis.purity < LEAST_PURITY else basis.doubt
    document = {
        "mode": "pair" if len(shown) > 1 else "tumor_only",
        "reason": reason,
        "grey_from": facts["grey_from"],
        "high_from": facts["high_from"],
        "sites": len(found),
        "unstable": len(unstable),
        "normals": facts["normals"],
    }
    results = [_result(document, verdict, basis.remark)]
    return {**document, "results": results, "unstable_sites": [_row(one) for one in unstable]}


def shifts(baseline: Baseline, shown: Sequence[Sequence[Slippage]]) -> list[Shift]:
    """One for each site at which every sample has enough reads."""
    means, (low, high) = [one.mean for one in baseline.sites], baseline.factors
    factors = [min(high, max(low, library_factor(sample, means))) for sample in shown]
    found = []
    for expected, *samples in zip(baseline.sites, *shown, strict=True):
        if min(sample.reads for sample in samples) < FEWEST_READS:
            continue
        own, *normal = (sample.mean / factor for sample, factor in zip(samples, factors, strict=True))
        beyond = own - (normal[0] if normal else expected.mean)
        spread = sqrt(sum(_variance(expected, sample.reads) for sample in samples))
        if not normal:
            spread *= sqrt(1 + 1 / expected.normals)  # the mean is an estimate as well
        found.append(Shift(expected, beyond * (expected.site.end - expected.site.start), beyond / spread))
    return found


def _variance(expected: Expected, reads: int) -> float:
    """Variance of the share of units lost by so many reads of a stable sample: that between normals, and what fewer
    reads than theirs add."""
    units = expected.site.end - expected.site.start
    of_read = max(expected.variance, LEAST_STUTTER / units**2)
    between = max(expected.sd**2, of_read / expected.reads)
    return between + of_read * max(0.0, 1 / reads - 1 / expected.reads)


def _result(document: Mapping[str, Any], verdict: str, remark: str) -> dict[str, Any]:
    """The measure in the shape of QC, of what `document` has of sites and limits; `remark`: of a stable tumour."""
    reason, unstable, sites = (document[key] for key in ("reason", "unstable", "sites"))
    interval = None if reason else [round(100 * bound, 2) for bound in wilson(unstable, sites)]
    unsure = verdict == "stable" and interval is not None and interval[1] >= document["grey_from"]
    return {
        "metric": "msi",
        "value": None if reason else round(100 * unstable / sites, 2),
        "unit": "% of sites",
        "interval": interval,
        "limit": f">= {document['high_from']:g} high, >= {document['grey_from']:g} grey",
        "verdict": "not_assessed" if reason else verdict,
        "why": _REASONS[reason] if reason else _WHY[verdict] + _UNSURE * unsure + remark * (verdict == "stable"),
    }


def _row(shift: Shift) -> dict[str, Any]:
    """A site for a reader: its first base, 1-based."""
    site = shift.expected.site
    place = {"site": f"{site.contig}:{site.start + 1}", "repeat": f"({site.base}){site.end - site.start}"}
    return {**place, "units_lost": round(shift.units, 3), "deviations": round(shift.deviations, 1)}
