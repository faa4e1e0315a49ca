"""Whether a variant of a tumour is on the same molecules as the reported ones of its genes."""

from collections.abc import Iterator
from pathlib import Path

from gms.filtering.pairs import allele_of
from gms.genome.gene_effects import genes_of
from gms.genome.vcf import info, open_vcf
from gms.variants.small.report_section import phase

STATES = {
    "in_cis": "on the same molecules as",
    "in_trans": "on other molecules (in trans, or of other cells) than",
    "mixed": "partly on the same molecules as",
    "unknown": "phase unknown (too few fragments show both places) with",
}


def explain_phase(reported: Path, line: str) -> Iterator[str]:
    """A line for each other reported variant that shares a gene with an annotated record. An allele is on the molecules
    of the joined one that it is a part of; that is said elsewhere."""
    text = line.split("\t", 8)[7]
    own, genes = info(text), set(genes_of(text))
    known = {allele_of(line), *own.get("PART_OF", "").split(","), *own.get("PARTS", "").split(",")}
    if not reported.exists():
        return
    with open_vcf(reported) as lines:
        others = [other for other in lines if other[0] != "#"]
    for other in others:
        name = allele_of(other)
        if name not in known and genes.intersection(genes_of(other.split("\t", 8)[7])):
            state, both, this, that = phase(own, name)
            yield f"  {STATES[state]} {name}: {both} fragments with both, {this} and {that} with one alone"
