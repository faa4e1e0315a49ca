"""What a case leaves undecided and what its analysis does not look for, as codes; the templates hold the sentences.
And limits of detection."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from gms.filtering.detection import functional_rna_genes
from gms.filtering.policy import Policy
from gms.genome.ploidy import MITOCHONDRION
from gms.report.genes import STATUSES, Limit, Row

PARENTS = ("mother", "father")
EARLIER_NAMES = {"RNU2-2P": "RNU2-2"}  # of gene models before 2025

# What no caller of the workflow answers. A class of variants that gets callers takes its codes off here.
NOT_LOOKED_FOR = {
    "germline": (
        "copy_number",
        "structural",
        "long_insertions",
        "mobile_elements",
        "repeat_expansions",
        "mosaic",
        "mitochondrial_low",
        "uniparental_disomy",
        "homologous_genes",
        "regulatory",
        "methylation",
        "other_genomes",
    ),
    "somatic": (
        "copy_number",
        "structural",
        "internal_tandem_duplications",
        "fusions",
        "long_insertions",
        "loss_of_heterozygosity",
        "below_detection",
        "mutational_burden",
        "microsatellites",
        "recombination",
        "other_biomarkers",
        "homologous_genes",
        "regulatory",
        "methylation",
        "inherited",
        "other_genomes",
    ),
}


# Class of variants (or its caller, smn, tmb, msi, purity, hrd) -> codes that it answers where it was assessed, and for
# each the code of what is still not looked for, None for nothing; no_CLASS: it could not be assessed.
ASSESSED: dict[str, dict[str, str | None]] = {
    "structural": {"structural": "structural_insertions"},
    "clippedreads": {"structural": "structural_in_repeats", "long_insertions": None, "mobile_elements": None},
    "copy_number": {"copy_number": "copy_number_short"},
    "rna": {"fusions": "fusions_silent"},
    "repeats": {"repeat_expansions": "other_repeats"},
    "mitochondrial": {"mitochondrial_low": "mitochondrial_below"},
    "no_mitochondrial": {"mitochondrial_low": "mitochondrial_none"},
    "smn": {"homologous_genes": "homologous_genes_but_smn"},
    "tmb": {"mutational_burden": None},
    "msi": {"microsatellites": None},
    "purity": {"loss_of_heterozygosity": None},
    "hrd": {"recombination": None},
}
OF_TUMOURS: dict[str, dict[str, str | None]] = {
    "copy_number": {"copy_number": "copy_number_panel"},
    "structural": {"structural": "structural_panel"},
}
# By `parents` of regions/{case}.json, whose genotypes were used; others: nobody's.
HETERODISOMY = {"used": [], "mother": ["heterodisomy_mother"], "father": ["heterodisomy_father"]}


def not_looked_for(
    kind: str, regions: Mapping[str, Any] | None = None, assessed: Collection[str] = frozenset()
) -> list[str]:
    """Codes for a case of this kind ('germline' or 'somatic'); `regions`: regions/{case}.json, None without one;
    `assessed`: keys of ASSESSED, of which something was found out."""
    known = ASSESSED | (OF_TUMOURS if kind == "somatic" else {})
    narrowed = {code: instead for name in ASSESSED if name in assessed for code, instead in known[name].items()}
    codes = ["small_variants"] if "rna" in assessed else []
    codes += [found for code in NOT_LOOKED_FOR[kind] if (found := narrowed.get(code, code))]
    if regions and regions["contigs"]:
        at = codes.index("uniparental_disomy")
        codes[at : at + 1] = HETERODISOMY.get(regions["parents"], ["heterodisomy"])
    return codes


def case_limits(
    case: Mapping[str, Any],
    run: Mapping[str, Any],
    samples: Sequence[Mapping[str, Any]],
    relations: Mapping[str, Any],
    has_no_reads: bool = False,
) -> list[dict[str, Any]]:
    """{code, …} for each thing that a case (`case_params`) leaves open; `relations`: metrics of the case;
    `has_no_reads`: it starts from a VCF."""
    start = [{"code": "starts_from_vcf"}] if has_no_reads else []
    members = _somatic(case, relations, has_no_reads) if case["kind"] == "somatic" else _family(case)
    return [*start, *members, *_knowledge(run), *_measures(samples)]


def _somatic(case: Mapping[str, Any], relations: Mapping[str, Any], has_no_reads: bool) -> Iterator[dict[str, Any]]:
    roles = {sample["role"] for sample in case["samples"]}
    if "control" in roles:
        return
    if "normal" not in roles:
        yield {"code": "no_normal"}
    elif not has_no_reads and relations.get("tumor_in_normal") is None:
        yield {"code": "tumor_in_normal_unknown"}


def _family(case: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    roles = {sample["role"] for sample in case["samples"]}
    if not roles.issuperset(PARENTS):
        yield {"code": "no_parents"}
    unknown = [sample["role"] for sample in case["samples"] if sample["affected"] == "unknown"]
    if relatives := list(dict.fromkeys(role for role in unknown if role != "proband")):
        yield {"code": "status_unknown", "roles": relatives}
    if "half-sibling" in roles:
        yield {"code": "half_siblings"}


def _knowledge(run: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Annotation resources that the run lacks, chromosomes that one of them lacks, places that its genome has twice."""
    for part in ("genes", "population", "clinvar"):
        facts = run["reference"].get(part)
        if not facts:
            yield {"code": f"no_{part}"}
            continue
        lacking = facts.get("no_records_of", ())
        if part == "population":  # alleles of the mitochondrion are not filtered by their frequency
            lacking = [contig for contig in lacking if contig not in MITOCHONDRION]
        if lacking:
            yield {"code": f"{part}_lacks", "contigs": list(lacking)}
    yield from (
        {"code": code} for code in ("pseudoautosomal_twice", "false_duplications") if run["reference"].get(code)
    )


def rna_genes_lacking(policy: Policy, genes: Iterable[Row]) -> Iterator[dict[str, Any]]:
    """Genes whose RNA causes disease that the gene models lack; `genes`: rows of the index's genes.tsv, none without
    reads or gene models. Those of the mitochondrion are a class of their own."""
    known = {EARLIER_NAMES.get(row["gene"], row["gene"]) for row in genes}
    wanted = {EARLIER_NAMES.get(gene, gene) for gene in functional_rna_genes(policy) if not gene.startswith("MT-")}
    if known and (lacking := sorted(wanted - known)):
        yield {"code": "rna_genes_lacking", "genes": lacking}


def _measures(samples: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """What a measured value cannot say."""
    if any(record["metrics"].get("contamination") is not None for record in samples):
        yield {"code": "contamination_by_a_relative"}
    if any(record["metrics"].get("molecules") for record in samples):
        yield {"code": "reads_of_molecules"}


def detection(genes: Iterable[Row], depth: int, limit: Limit) -> dict[str, Any]:
    """Fraction from which a substitution of a tumour is reported with a probability of 95 %, at the median depth of the
    sample and in the least covered exon of each gene, and the share of tumour cells that the sample then needs. None
    of a gene that has an exon of which nothing is reported, however deep it is: a difficult region.

    `purity` is twice the fraction: a heterozygous variant of every tumour cell in a diploid region.
    """
    entries = []
    for row in genes:
        deep = int(float(row["weakest"]))
        is_lost = row["lost_exons"] != "-" or row["status"] == STATUSES[-1]
        entries.append({"gene": row["gene"], **_limits(deep, None if is_lost else limit(deep, False))})
    return {**_limits(depth, limit(depth, False)), "hotspot": limit(depth, True), "genes": entries}


def _limits(depth: int, fraction: float | None) -> dict[str, Any]:
    purity = None if fraction is None or fraction > 0.5 else round(2 * fraction, 4)
    return {"depth": depth, "fraction": fraction, "purity": purity}
