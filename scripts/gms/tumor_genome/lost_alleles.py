"""Genes that have lost one allele in the tumour's cells though they have two copies or more: copy-neutral loss of
heterozygosity, and gains of one allele without the other. Losses of copies are findings of copy number."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

USUAL = 2  # copies of an autosome


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


def _holds(row: Mapping[str, Any], place: Mapping[str, Any]) -> bool:
    shared = min(row["end"], place["end"]) - max(row["start"], place["start"] - 1)
    return row["contig"] == place["contig"] and 2 * shared >= place["end"] - place["start"] + 1
