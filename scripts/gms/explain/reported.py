"""What the reported results say of a variant: of a tumour its phase and where it is from, and its rank."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from gms.base.json_tables import read_json
from gms.filtering.inherited import IN_NORMAL, INHERITED, MAY_BE
from gms.filtering.pairs import allele_of
from gms.genome.gene_effects import genes_of
from gms.genome.vcf import info, record_lines
from gms.ranking.findings import points_words
from gms.variants.small.report_section import phase

STATES = {
    "in_cis": "on the same molecules as",
    "in_trans": "on other molecules (in trans, or of other cells) than",
    "mixed": "partly on the same molecules as",
    "unknown": "phase unknown (too few fragments show both places) with",
}
ORIGINS = {
    INHERITED: "inherited: in 30 % or more of the normal's reads",
    IN_NORMAL: "also in the normal: tumour cells in it, a blood clone, or inherited",
    MAY_BE: "may be inherited: no normal tells, or it has too few reads here",
}


def explain_phase(reported: Path, line: str) -> Iterator[str]:
    """A line for each other reported variant that shares a gene with an annotated record. An allele is on the molecules
    of the joined one that it is a part of; that is said elsewhere."""
    text = line.split("\t", 8)[7]
    own, genes = info(text), set(genes_of(text))
    known = {allele_of(line), *own.get("PART_OF", "").split(","), *own.get("PARTS", "").split(",")}
    if not reported.exists():
        return
    for other in record_lines(reported):
        name = allele_of(other)
        if name not in known and genes.intersection(genes_of(other.split("\t", 8)[7])):
            state, both, this, that = phase(own, name)
            yield f"  {STATES[state]} {name}: {both} fragments with both, {this} and {that} with one alone"


def explain_finding(report: Path, allele: str) -> Iterator[str]:
    """Lines for a variant (CHROM:POS:REF:ALT) of report/{case}.json: where it is from, unless a tumour acquired it, and
    its rank; none before the report is there."""
    document: dict[str, Any] = read_json(report) if report.exists() else {}
    for section in (document, *document.get("classes", ())):
        ranking = section.get("ranking")
        for found in (one for one in section.get("findings", ()) if one["variants"][0] == allele):
            yield from (f"  {words}" for label, words in ORIGINS.items() if label in found.get("labels", ()))
            if ranking and found["rank"]:
                model = f"{ranking['model']['name']} {ranking['model']['version']}"
                place = f"rank {found['rank']} of {ranking['ranked']}, score {found['score']} by {model}"
                yield f"  {place}: {points_words(found['score_terms'])}"
