"""Deficiency of homologous recombination: the genomic scars of a tumour, counted on the copies of each allele."""

from collections.abc import Mapping, Sequence
from typing import Any

from gms.biomarkers.genomic_scars import Alleles, scars, share_known
from gms.genome.ploidy import AUTOSOME
from gms.variants.panel_copies.arms import Centromere, assembly_of, centromeres

HIGH = 42  # LOH + TAI + LST, Telli 2016 (doi:10.1158/1078-0432.CCR-15-2477)
LEAST_PURITY = 0.6  # below, both copies are right in half of the genome only (simulated, docs/benchmarks.md)
TILE = 10_000_000  # bases: the shortest neighbours of a transition
FEWEST_OF_TILE = 2  # heterozygous SNPs of a tile that is seen
SEEN = 0.8  # of the tiles of the autosomes (our own)
# Of the bases of all parts: a score of about 55 falls by 3 to 4 there, by 5 to 6 at 97 % (docs/benchmarks.md).
KNOWN = 0.98
_REASONS = {
    "no_purity": "The copies of each allele are not known, as purity and ploidy could not be measured.",
    "low_purity": f"Fewer than {LEAST_PURITY:.0%} tumour cells: the copies of each allele are unsure.",
    "sparse": f"Heterozygous SNPs are too sparse: fewer than {SEEN:.0%} of stretches of 10 Mb have {FEWEST_OF_TILE}.",
    "unknown": f"The copies of each allele are known in less than {KNOWN:.0%} of the genome, which lowers the score.",
    "two_genomes": "Two genomes explain depth and alleles nearly equally well (purity and ploidy), with other scars.",
    "other_assembly": "The centromeres are known for GRCh37 and GRCh38 only.",
}
_WHY = "LOH, TAI and LST on a panel; 42 was set on breast and ovarian cancers by SNPs of the whole genome (Telli 2016)."


def hrd_document(
    purity: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], snps: Sequence, lengths: Mapping[str, int]
) -> dict[str, Any]:
    """The content of biomarkers/{case}.hrd.json. `purity`: that of purity.json; `rows`: of alleles.tsv; `snps`: with
    contig and position; `lengths`: bases by contig of the reference."""
    assembly = assembly_of(lengths)
    known = centromeres(assembly) if assembly else {}
    own = [Alleles(*(row[name] for name in Alleles._fields)) for row in rows]
    shares = {"seen": share_seen(snps, lengths, known), "known": share_known(own)}
    reason = _not_assessed(purity, assembly, **shares)
    found = scars(own if reason is None else [], known, lengths)
    counted = {name: [list(place) for place in getattr(found, name)] for name in found._fields}
    return {
        "sample": purity["sample"],
        "reason": reason,
        "assembly": assembly,
        "high": HIGH,
        **{name: round(share, 3) for name, share in shares.items()},
        "snps": len(snps),
        "ploidy": purity["ploidy"],
        **{name: len(places) if reason is None else None for name, places in counted.items()},
        "counted": counted,
        "results": [_result(found.score, reason)],
    }


def share_seen(snps: Sequence, lengths: Mapping[str, int], known: Mapping[str, Centromere]) -> float:
    """Share of the tiles of the autosomes, without those in centromeres, that have enough SNPs."""
    tiles = {
        (contig, number): 0
        for contig, length in lengths.items()
        if AUTOSOME.fullmatch(contig)
        for number in range(length // TILE)
        if not _in_centromere(number, known.get(contig.removeprefix("chr")))
    }
    for one in snps:
        at = (one.contig, one.position // TILE)
        if at in tiles:
            tiles[at] += 1
    return sum(number >= FEWEST_OF_TILE for number in tiles.values()) / max(1, len(tiles))


def _in_centromere(number: int, centromere: Centromere | None) -> bool:
    """Whether half of a tile, or more, is in the centromere."""
    if centromere is None:
        return False
    return min(centromere.end, (number + 1) * TILE) - max(centromere.start, number * TILE) >= TILE // 2


def _not_assessed(purity: Mapping[str, Any], assembly: str | None, seen: float, known: float) -> str | None:
    """Why nothing can be said, as a code; None where something can."""
    if assembly is None:
        return "other_assembly"
    if purity["reason"] is not None:
        return "no_purity"
    if purity["results"][0]["value"] < LEAST_PURITY:
        return "low_purity"
    if purity["alternative"] is not None:
        return "two_genomes"
    return "sparse" if seen < SEEN else "unknown" if known < KNOWN else None


def _result(score: int, reason: str | None) -> dict[str, Any]:
    """The measure in the shape of QC; a count has no interval."""
    verdict = "not_assessed" if reason else "high" if score >= HIGH else "low"
    return {
        "metric": "hrd",
        "value": None if reason else score,
        "unit": "score",
        "interval": None,
        "limit": f">= {HIGH} high",
        "verdict": verdict,
        "why": _REASONS.get(reason, _WHY),
    }
