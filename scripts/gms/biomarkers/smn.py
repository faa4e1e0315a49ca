"""Copies of SMN1 and SMN2 (Chen et al. 2020, Genet Med 22:945, doi:10.1038/s41436-020-0754-0).

The depth of both genes together, over that of places with two copies, gives their sum; the share of SMN1's bases at
eight sites gives the copies of SMN1. One of them, c.840, decides whether exon 7 is spliced in, and with it whether
a copy works: where it and the seven others show different numbers, as after gene conversion, nothing is called.
Two copies of SMN1 on one chromosome and none on the other (2+0) look like 1+1:
a silent carrier is not seen; g.27134T>G is a hint of one. SMN2 without exons 7 and 8 is not counted.
"""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pysam

from gms.biomarkers.control_depth import FEWEST, WINDOW, control_depths, depth, gc_fraction, usual
from gms.biomarkers.smn_reads import SITES, Place, count_site, find_place
from gms.genome.intervals import Interval

MAX_COPIES = 8
MIN_DEPTH = 10.0  # of the controls, reads
MIN_SITE_READS = 8  # that tell the genes apart, at each of the sites used
MIN_POSTERIOR = 0.95
CERTAIN_ALONE = 0.99  # posterior of c.840 alone, from which another number than that of the other sites counts
MIN_AGREEING = 5  # of the eight sites; fewer mean that a gene was converted in part, or a site of its own
ERROR = 0.01  # of bases and of reads that belong elsewhere
SPREAD = 0.03  # of depth between places of the same copy number, beyond that of reads placed at random
SMN1_LIMIT = "< 1 fail, < 2 warn"
SMN1_WHY = (
    "No copy causes spinal muscular atrophy; with one a person is a carrier, or ill if it has a small variant, which "
    "is not seen. Two copies on one chromosome look like one on each (Chen 2020)."
)
BLOCK = 2_000_000  # bases around the genes that are no control: a segmental duplication


class Depths(NamedTuple):
    """Depth of both genes together and of two copies, reads; and the copies that this makes, with their error."""

    genes: float
    control: float
    copies: float
    error: float


def smn_document(sample: str, alignment_path: Path, fasta: Path, sites: Path = SITES) -> dict[str, Any]:
    """The content of biomarkers/{sample}.smn.json; `sites`: the table of those that tell the genes apart."""
    with pysam.FastaFile(str(fasta)) as reference:
        place = find_place(reference, sites)
        if place is None:
            return _document(sample, None, "no_region")
        with pysam.AlignmentFile(str(alignment_path), reference_filename=str(fasta)) as alignment:
            depths = measure(alignment, reference, place)
            counts = [count_site(alignment, place.contig, site) for site in place.sites]
            hint = count_site(alignment, place.contig, place.hint) if place.hint else None
    if depths is None or depths.control < MIN_DEPTH:
        return _document(sample, place, "no_controls" if depths is None else "low_depth")
    return _called(sample, place, depths, counts, hint)


def measure(alignment: pysam.AlignmentFile, reference: pysam.FastaFile, place: Place) -> Depths | None:
    """Depth of the genes and of the controls; None without enough controls."""
    one, two = place.genes
    gc = gc_fraction(reference.fetch(place.contig, *one).upper())
    around = Interval(max(0, two.start - BLOCK), one.end + BLOCK)
    near = {
        place.contig: around if around.end - around.start < reference.get_reference_length(place.contig) / 2 else two
    }
    found = control_depths(alignment, reference, near, gc if gc is not None else 0.4)
    if len(found) < FEWEST:
        return None
    genes, control = sum(depth(alignment, place.contig, gene) for gene in place.genes), usual(found)
    copies = 2 * genes / control if control else 0.0
    reads = genes * (one.end - one.start) / 150, control * WINDOW * len(found) / 150
    error = math.sqrt(SPREAD**2 + sum(1 / max(1.0, number) for number in reads)) * max(copies, 1.0)
    return Depths(genes, control, copies, error)


def total_copies(depths: Depths) -> tuple[int, float]:
    """The likeliest number of copies of both genes, and its posterior probability (all numbers alike before)."""
    weights = [math.exp(-((depths.copies - n) ** 2) / (2 * depths.error**2)) for n in range(MAX_COPIES + 1)]
    best = max(range(len(weights)), key=weights.__getitem__)
    return best, weights[best] / sum(weights) if sum(weights) else 0.0


def smn1_copies(total: int, counts: Sequence[tuple[int, int]]) -> tuple[int, float]:
    """The likeliest copies of SMN1 among `total`, from fragments of SMN1 and SMN2, and its posterior probability."""
    scores = [sum(_log_likelihood(copies, total, *site) for site in counts) for copies in range(total + 1)]
    weights = [math.exp(score - max(scores)) for score in scores]
    best = max(range(len(weights)), key=weights.__getitem__)
    return best, weights[best] / sum(weights)


def _log_likelihood(copies: int, total: int, one: int, two: int) -> float:
    share = min(1 - ERROR, max(ERROR, copies / total if total else 0.0))
    return one * math.log(share) + two * math.log(1 - share)


def _called(
    sample: str,
    place: Place,
    depths: Depths,
    counts: Sequence[tuple[int, int]],
    hint: tuple[int, int] | None = None,
) -> dict[str, Any]:
    """`hint`: fragments with and without g.27134T>G."""
    used = [count for site, count in zip(place.sites, counts, strict=True) if site.is_used]
    total, posterior = total_copies(depths)
    evidence = _evidence(place, depths, counts) | {"g27134": hint and _hint(total, *hint)}
    if total == 0 and posterior >= MIN_POSTERIOR:
        return _document(sample, place, None, (0, 0, 8), evidence)
    if min(sum(site) for site in used) < MIN_SITE_READS:
        return _document(sample, place, "few_reads", None, evidence)
    if posterior < MIN_POSTERIOR:
        return _document(sample, place, "between_copies", None, evidence)
    evidence["c840"] = deciding = _deciding(total, place, counts)
    if not deciding["agrees"]:
        return _document(sample, place, "c840_disagrees", None, evidence)
    copies, certain = smn1_copies(total, used)
    agreeing = sum(smn1_copies(total, [site])[0] == copies for site in used)
    if certain < MIN_POSTERIOR or agreeing < MIN_AGREEING:
        return _document(sample, place, "sites_disagree", None, evidence)
    return _document(sample, place, None, (copies, total - copies, agreeing), evidence)


def _evidence(place: Place, depths: Depths, counts: Sequence[tuple[int, int]]) -> dict[str, Any]:
    """What copies rest on."""
    return {
        "depth": {"both_genes": round(depths.genes, 2), "two_copies": round(depths.control, 2)},
        "total": {"value": round(depths.copies, 2), "error": round(depths.error, 2)},
        "sites": [
            {"smn1": s.smn1, "reads_smn1": one, "reads_smn2": two, "used": s.is_used}
            for s, (one, two) in zip(place.sites, counts, strict=True)
        ],
    }


def _hint(total: int, with_it: int, without: int) -> dict[str, int | None]:
    """Copies of either gene with g.27134T>G, from fragments with and without it; None of few."""
    reads = with_it + without
    copies = round(total * with_it / reads) if reads >= MIN_SITE_READS else None
    return {"reads_with": with_it, "reads_without": without, "copies": copies}


def _deciding(total: int, place: Place, counts: Sequence[tuple[int, int]]) -> dict[str, Any]:
    """Copies of SMN1 at c.840 alone and at the seven other sites, and whether they agree. One copy or more against
    none never do; other numbers differ by chance where c.840 is not certain."""
    at = next(number for number, site in enumerate(place.sites) if site.decides)
    others = [count for site, count in zip(place.sites, counts, strict=True) if site.is_used and not site.decides]
    (alone, certain), (rest, _) = smn1_copies(total, [counts[at]]), smn1_copies(total, others)
    agrees = alone == rest or alone > 0 and rest > 0 and certain < CERTAIN_ALONE
    reads = {"reads_smn1": counts[at][0], "reads_smn2": counts[at][1]}
    return {**reads, "smn1_copies": alone, "other_sites": rest, "agrees": agrees}


def _document(
    sample: str,
    place: Place | None,
    reason: str | None,
    copies: tuple[int, int, int] | None = None,
    evidence: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """`copies`: of SMN1, of SMN2, and the sites that agree; None with the reason why they are not known."""
    one, two, agreeing = copies or (None, None, None)
    return {
        "sample": sample,
        "method": "Chen 2020",
        "region": {"contig": place.contig, "assembly": place.assembly} if place else None,
        "reason": reason,
        "sites_agreeing": agreeing,
        "results": [
            _result("smn1_copies", one, SMN1_LIMIT, SMN1_WHY),
            _result("smn2_copies", two, None, "More copies make the disease milder."),
        ],
        "evidence": evidence,
    }


def _result(metric: str, copies: int | None, limit: str | None, why: str) -> dict[str, Any]:
    """One measure in the shape of QC. Copies are whole: they have no interval."""
    verdict = "not_assessed" if copies is None else "pass"
    if limit and copies in (0, 1):
        verdict = "warn" if copies else "fail"
    return {"metric": metric, "value": copies, "interval": None, "limit": limit, "verdict": verdict, "why": why}
