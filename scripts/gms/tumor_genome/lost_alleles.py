"""Genes that have lost one allele in the tumour's cells though they have two copies or more: copy-neutral loss of
heterozygosity, and gains of one allele without the other. Losses of copies are findings of copy number."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from gms.genome.ploidy import AUTOSOME

USUAL = 2  # copies of an autosome


def of_genes(rows: Sequence[Mapping[str, Any]], genes: Sequence[Mapping[str, Any]]) -> dict[str, list]:
    """What biomarkers/{case}.purity.json says of targeted genes; nothing without `rows`, where it is not assessed."""
    return {
        "lost_alleles": list(lost_alleles(rows, genes)),
        "unknown_genes": unknown_genes(rows, genes) if rows else [],
    }


def lost_alleles(rows: Iterable[Mapping[str, Any]], genes: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """Each part of the autosomes without one allele and without fewer copies that holds targeted genes, at least by
    half: its place (1-based), copies, SNPs and genes, and whether both alleles are left in another genome that explains
    all nearly as well. `rows`: of alleles.tsv; `genes`: of what was seen of copy number
    (variants/copy_number/cnvkit/{case}.json)."""
    for row in rows:
        if row["minor"] == 0 and row["copies"] >= USUAL:
            inside = [gene["gene"] for gene in genes if _holds(row, gene["place"])]
            place = {"contig": row["contig"], "start": row["start"] + 1, "end": row["end"]}
            if inside:
                values = {"copies": row["copies"], "snps": row["snps"], "genes": inside}
                yield {"place": place, **values, "in_one": bool(row["other_minor"])}


def unknown_genes(rows: Sequence[Mapping[str, Any]], genes: Iterable[Mapping[str, Any]]) -> list[str]:
    """Targeted genes of autosomes of which it is not known whether they have both alleles: half of them or more is in
    parts with too few SNPs, or in none."""
    told = [row for row in rows if row["minor"] is not None]
    own = (gene for gene in genes if AUTOSOME.fullmatch(gene["place"]["contig"]))
    return [gene["gene"] for gene in own if not any(_holds(row, gene["place"]) for row in told)]


def _holds(row: Mapping[str, Any], place: Mapping[str, Any]) -> bool:
    shared = min(row["end"], place["end"]) - max(row["start"], place["start"] - 1)
    return row["contig"] == place["contig"] and 2 * shared >= place["end"] - place["start"] + 1
