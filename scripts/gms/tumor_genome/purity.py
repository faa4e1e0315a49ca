"""Purity of a tumour sample by its own alleles and depth, beside the pathologist's; and the copies of each allele."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from gms.tumor_genome.fit import Fit, fit
from gms.tumor_genome.likelihoods import unbiased
from gms.tumor_genome.lost_alleles import of_genes
from gms.tumor_genome.parts import Part
from gms.tumor_genome.sites import Site, Sites

FEWEST_SNPS = 50  # heterozygous ones, of all autosomes
FEWEST_ACQUIRED = 3  # acquired variants where no part of the genome has changed
CHANGED = 0.02  # share of the genome that must have another state than one copy of each allele
WIDEST = 0.35  # 95 % interval of an estimate that says something
DIFFERENT = 0.2  # from the pathologist's value, which is as far from the counted share on average (Smits 2014)
LEAST = 0.1  # below, one copy changes the depth by less than its error
FEWEST_OF_PART = 3  # SNPs of a part, without which the copies of its alleles are not told apart
MOST_POINTS = 1_500  # of the drawing
OF_PART = ("contig", "start", "end", "log2", "windows", "snps", "minor_fraction", "copies", "major", "minor")
COLUMNS = (*OF_PART, "other_major", "other_minor")  # of the other genome that explains all nearly as well


def tumor_genome(copies: Mapping[str, Any], sites: Sites, verdict: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The content of biomarkers/{case}.purity.json, and the rows of alleles.tsv. `copies`: what was seen of copy number
    (variants/copy_number/cnvkit/{case}.json); `verdict`: of the tumour's quality."""
    reason = "no_copy_number" if not copies["assessed"] else "failed_quality" if verdict == "fail" else None
    reason = reason or ("few_snps" if len(sites.snps) < FEWEST_SNPS else None)
    balanced = sites._replace(snps=unbiased(sites.snps))
    found, made = fit(copies["segments"], balanced, copies["noise"], copies["purity"]) if reason is None else ([], None)
    reason = reason or not_told(found, made, sites.acquired)
    measured = made if reason is None else None
    rows = list(allele_rows(found, measured)) if measured else []
    drawing = {"contigs": copies.get("contigs", {}), "points": points(sites.snps), "parts": list(map(_drawn, rows))}
    return {
        "sample": copies["sample"],
        "reason": reason,
        "registered": copies["purity"],
        "differs": measured is not None and differs(measured, copies["purity"]),
        "ploidy": round(ploidy(rows), 2) if rows else None,
        "baseline": measured.baseline if measured else None,
        "alternative": _other(measured),
        "snps": len(sites.snps),
        "acquired": len(sites.acquired),
        "results": [_result(measured)],
        **of_genes(rows, copies.get("genes", [])),
        **drawing,
    }, rows


def not_told(found: Sequence[Part], made: Fit, acquired: Sequence[Site]) -> str | None:
    """Why the best fit says nothing; None where it does."""
    if changed(found, made) < CHANGED and len(acquired) < FEWEST_ACQUIRED:
        return "few_events"
    low, high = made.interval
    if high - low > WIDEST:
        return "unsure"
    return "low_purity" if made.purity < LEAST else None


def changed(found: Sequence[Part], made: Fit) -> float:
    """Share of the measured genome that has another state than one copy of each allele."""
    bases = [one.end - one.start for one in found]
    other = sum(size for size, state in zip(bases, made.states, strict=True) if state != (1, 1))
    return other / max(1, sum(bases))


def differs(made: Fit, registered: float | None) -> bool:
    """Whether the pathologist's value is far off and outside of the interval."""
    low, high = made.interval
    return registered is not None and abs(made.purity - registered) > DIFFERENT and not low <= registered <= high


def allele_rows(found: Sequence[Part], made: Fit) -> Iterator[dict[str, Any]]:
    """A row for each part, those of a segment with the same state joined; the alleles are not known where its SNPs are
    too few."""
    others = made.other_states or [(None, None)] * len(found)
    for (_, log2, (major, minor), other), group in groupby(zip(found, made.states, others, strict=True), key=_same):
        own = [one for one, *_ in group]
        one = own[0]._replace(end=own[-1].end, bins=sum(one.bins for one in own), snps=sum(one.snps for one in own))
        one = one._replace(minor=sum(one.minor for one in own))
        told = one.snps >= FEWEST_OF_PART or major + minor == 0
        values = (log2, one.bins, one.snps, one.fraction, major + minor)
        alleles = (major, minor, *other) if told else (None,) * 4
        yield dict(zip(COLUMNS, (*one[:3], *values, *alleles), strict=True))


def _same(part: tuple[Part, tuple[int, int], tuple[int | None, int | None]]) -> tuple:
    """Contig, depth of the segment, state, and state in the other genome."""
    return part[0].contig, part[0].log2, *part[1:]


def ploidy(rows: Sequence[Mapping[str, Any]]) -> float:
    """Mean copies of the autosomes in the tumour's cells, by length."""
    bases = [row["end"] - row["start"] for row in rows]
    return sum(size * row["copies"] for size, row in zip(bases, rows, strict=True)) / max(1, sum(bases))


def points(snps: Sequence[Site]) -> list[list]:
    """[contig, position, fraction] of SNPs, at most MOST_POINTS, evenly chosen."""
    step = -(-len(snps) // MOST_POINTS) or 1
    return [[one.contig, one.position, round(one.fraction, 3)] for one in snps[::step]]


def _drawn(row: Mapping[str, Any]) -> list:
    return [row[name] for name in ("contig", "start", "end", "minor_fraction", "copies", "major", "minor")]


def _other(made: Fit | None) -> dict[str, float] | None:
    if made is None or made.alternative is None:
        return None
    return dict(zip(("purity", "baseline"), made.alternative, strict=True))


def _result(made: Fit | None) -> dict[str, Any]:
    """The measure in the shape of QC."""
    return {
        "metric": "purity",
        "value": round(made.purity, 2) if made else None,
        "unit": "fraction",
        "interval": [round(end, 2) for end in made.interval] if made else None,
        "limit": None,
        "verdict": "measured" if made else "not_assessed",
        "why": "",
    }
