"""The report of a case as data: report/{case}.json, from which page and lists are made (report.schema.json).

Codes and numbers only: every sentence stands in the templates.
"""

import ast
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from typing import Any

from gms.biomarkers.smn_results import shown
from gms.filtering import inherited
from gms.filtering.detection import POWER, Detection
from gms.filtering.policy import Policy, Section
from gms.genome.gene_list import Events
from gms.ranking.findings import phenotype_facts, ranked, ranking_facts, with_phenotypes
from gms.ranking.model import Model
from gms.ranking.phenotypes import Phenotype
from gms.ranking.secondary import Question, SecondaryGenes, of_proband_alone, secondary_document, without_names
from gms.report import set_aside
from gms.report.classes import ClassResults, as_record, class_documents, in_list, large_findings, scoring_of, without
from gms.report.findings import finding, with_codons, with_phases
from gms.report.genes import incomplete_genes, panel_document, positions
from gms.report.labels import with_frames
from gms.report.limits import case_limits, detection, not_looked_for, rna_genes_lacking
from gms.report.variants import Filtered, Variant, filter_facts

FORMAT = "1.0"
NO_GENE_MODELS = "no_gene_models"


@dataclass(frozen=True, slots=True)
class CaseResults:
    """What a report is made of.

    `case` is `case_params`, samples index first; in that order `samples` holds their qc.json and `genes` the rows
    of their genes.tsv; `positions` are those of the index's positions.tsv; `relations` is case.json, `run` is run.json
    and `regions` is regions/{case}.json, None where the assay cannot tell them. `gene_list`: the genes that were asked
    for, None without a list; `analysed`: the date, YYYY-MM-DD. `classes`: the classes of variants besides small ones;
    `smn`: biomarkers/{sample}.smn.json of each sample, none where the assay does not count the genes; `tmb`:
    biomarkers/{case}.tmb.json, None where it is not measured; `msi`, `purity`, `hrd` likewise; `external`: what was
    taken of the VCF files that the case starts from (variants/external/{case}.json), None where it has reads;
    `rank_model`: that of small variants; `phenotype`: genes of the patient's HPO terms, None without terms or table;
    `panel`: name, version and source of the gene list, None where it names none; `events`: what it asks for besides
    genes; `secondary`: of secondary findings.
    """

    case: Mapping[str, Any]
    filtered: Filtered
    policy: Policy
    samples: list[Mapping[str, Any]]
    relations: Mapping[str, Any]
    genes: list[list[Mapping[str, str]]]
    positions: list[Mapping[str, str]]
    run: Mapping[str, Any]
    regions: Mapping[str, Any] | None = None
    gene_list: frozenset[str] | None = None
    analysed: str = ""
    classes: tuple[ClassResults, ...] = ()
    smn: tuple[Mapping[str, Any], ...] = ()
    tmb: Mapping[str, Any] | None = None
    msi: Mapping[str, Any] | None = None
    purity: Mapping[str, Any] | None = None
    hrd: Mapping[str, Any] | None = None
    external: list[Mapping[str, Any]] | None = None
    rank_model: Model | None = None
    phenotype: Phenotype | None = None
    panel: Mapping[str, str] | None = None
    events: Events = Events()
    secondary: SecondaryGenes | None = None


def report_document(results: CaseResults) -> dict[str, Any]:
    """The content of report/{case}.json."""
    case, relations = results.case, results.relations
    findings, hidden, ranking = _ranked(results)
    return {
        "format": FORMAT,
        "case": {key: value for key, value in case.items() if key != "samples"} | {"analysed": results.analysed},
        "assay": results.run["assays"][case["assay"]],
        "verdict": relations["verdict"],
        "samples": [_sample(*pair) for pair in zip(case["samples"], results.samples, strict=True)],
        "verdicts": list(_verdicts(results.samples, relations)),
        "relations": relations["metrics"],
        "limits": [*_limits(results)],
        "not_looked_for": not_looked_for(case["kind"], results.regions, assessed(results)),
        **_genes_asked(results),
        **ranking,
        "sections": list(_sections(findings, results)),
        "findings": findings,
        "genes": incomplete_genes(results.genes),
        **_detection(results, hidden),
        "classes": _classes(results, findings, hidden),
        **_biomarkers(results),
        "filtered": filter_facts(results.filtered, results.policy),
        "run": results.run,
    }


def _classes(results: CaseResults, small: list[dict[str, Any]], hidden: Set[str]) -> list[dict[str, Any]]:
    """The classes of variants besides small ones, of which neither shows or names what is withheld."""
    kept = [without(set_aside.without_normal(one, results.case), hidden) for one in results.classes]
    documents = class_documents(kept, results.case, results.phenotype, results.gene_list, small)
    without_names([*small, *(found for one in documents for found in one["findings"])], hidden)
    return documents


def assessed(results: CaseResults) -> frozenset[str]:
    """Keys of limits.ASSESSED: of what something was found out, and no_CLASS of classes that could not be assessed."""
    looked_at = [one for one in results.classes if one.facts.get("assessed", True)]
    found = {name for one in looked_at for name in (one.policy.variants, *one.facts.get("callers", ()))}
    found |= {f"no_{one.policy.variants}" for one in results.classes if one not in looked_at}
    measured = _of_tumor(results) | {"smn": results.smn[0] if results.smn else None}
    return frozenset(found | {name for name, facts in measured.items() if facts and facts["reason"] is None})


def _limits(results: CaseResults) -> Iterator[dict[str, Any]]:
    """What the case leaves undecided."""
    case, measured = results.case, results.relations["metrics"]
    yield from case_limits(case, results.run, results.samples, measured, results.external is not None)
    yield from rna_genes_lacking(results.policy, results.genes[0] if results.genes else ())
    files = (*results.samples, *(results.external or ()))
    if named := [one["sample"] for one in files if one.get("named_otherwise")]:
        yield {"code": "named_otherwise", "samples": named}
    yield from set_aside.consent_limits(results.filtered.set_aside, results.policy, case)


def _genes_asked(results: CaseResults) -> dict[str, Any]:
    """The gene list and the panel that it is; the genes of predisposition of the policy."""
    genes = None if results.gene_list is None else sorted(results.gene_list)
    panel = panel_document(results.panel, genes, results.genes, results.events)
    return {"gene_list": genes, "panel": panel, "inherited_genes": list(results.policy.inherited_genes)}


def _biomarkers(results: CaseResults) -> dict[str, Any]:
    """What is measured beyond variants; `biomarkers` holds the measures of the whole tumour. `external`: see above."""
    return {
        "external": results.external,
        "regions": results.regions,
        "smn": shown(results.smn, results.case["samples"]),
        "biomarkers": [row for one in _of_tumor(results).values() if one for row in one["results"]],
        **_of_tumor(results),
        "control": results.relations.get("control"),
    }


def _of_tumor(results: CaseResults) -> dict[str, Mapping[str, Any] | None]:
    """Biomarkers of tumours, None where they are not measured."""
    return {name: getattr(results, name) for name in ("tmb", "msi", "purity", "hrd")}


def _detection(results: CaseResults, hidden: Set[str]) -> dict[str, Any]:
    """What the index sample could have shown: listed positions and, of a tumour, its limits of detection. Hotspots are
    acquired and not asked for of a family."""
    if "rna" in assessed(results):  # in which no small variants are looked for
        return {"positions": positions([], None), "detection": None}
    found = set_aside.seen_variants(results.filtered.listed, results.case, results.policy)
    seen = [one for one in found if one.known["variant"] not in hidden]
    if results.case["kind"] != "somatic":
        listed = [row for row in results.positions if row["list"] != "hotspot"]
        return {"positions": positions(listed, None, seen), "detection": None}
    if results.external is not None:
        return {"positions": positions(results.positions, None, seen), "detection": None}
    limit = Detection(results.policy).limit
    found = detection(results.genes[0], int(results.samples[0]["metrics"]["coverage_median"] or 0), limit)
    return {"positions": positions(results.positions, limit, seen), "detection": {"power": POWER, **found}}


def _sample(stated: Mapping[str, Any], record: Mapping[str, Any]) -> dict[str, Any]:
    """Sample sheet and QC of one sample."""
    return {**stated, "verdict": record["verdict"], "metrics": record["metrics"]}


def _verdicts(samples: Iterable[Mapping[str, Any]], relations: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Every gate with its verdict: of each sample, then of the case as a whole."""
    for record in samples:
        yield from ({"subject": record["sample"], **gate} for gate in record["gates"])
    yield from ({"subject": relations["case"], **gate} for gate in relations["gates"])


def _ranked(results: CaseResults) -> tuple[list[dict[str, Any]], frozenset[str], dict[str, Any]]:
    """The findings with their ranks, variants of all classes that are withheld as secondary, and what both rest on;
    findings of a tumour have phases, of a family partners."""
    scoring = scoring_of(results.rank_model, results.filtered, results.phenotype)
    found = list(_findings(results))
    if results.case["kind"] == "somatic":
        with_phases([one for one, _ in found], [variant for _, variant in found])
    with_codons([one for one, _ in found])
    with_frames([one for one, _ in found])
    known = with_phenotypes([one for one, _ in found], results.phenotype)
    question = _question(results, (variant for _, variant in found))
    large = large_findings(results.classes, results.case, results.phenotype, results.gene_list)
    hidden, secondary = secondary_document(known, large, results.secondary, question)
    shown = [(one, v) for one, (_, v) in zip(known, found, strict=True) if one["variants"][0] not in hidden]
    without_names((one for one, _ in shown), hidden)
    findings = ranked([one for one, _ in shown], [as_record(variant) for _, variant in shown], scoring)
    apart = {one["variant"] for one in secondary["variants"]} if secondary and question.handling == "apart" else ()
    findings = [of_proband_alone(one) if one["variants"][0] in apart else one for one in findings]
    facts = {"ranking": ranking_facts(scoring, findings), "phenotype": phenotype_facts(results.phenotype)}
    return findings, hidden, {"secondary_findings": secondary, **facts}


def _question(results: CaseResults, variants: Iterable[Variant]) -> Question:
    """What was asked for, by gene list and HPO terms, and what the proband answered."""
    agreed = results.case.get("secondary_findings", "unknown")
    parts = {variant.spelling: variant.info.get("CLNSIG_PARTS", "") for variant in variants}
    has_terms = results.phenotype is not None and any(results.phenotype.genes.values())
    return Question(results.gene_list is not None, has_terms, agreed, parts)


def _findings(results: CaseResults) -> Iterator[tuple[dict[str, Any], Variant]]:
    """Reported variants in the order of the genome, then those that were set aside."""
    moved = _claims_genes(results.policy) if _has_no_genes(results) else frozenset()
    for variant in results.filtered.variants:
        section = NO_GENE_MODELS if variant.section in moved else variant.section
        found = finding(variant, results.case, section, results.policy.variants)
        if section == NO_GENE_MODELS:
            found["modes"] = []
        yield in_list(found, variant, results.gene_list), variant
    for variant in results.filtered.set_aside:
        if section := set_aside.section_of(variant, results.policy, results.case):
            found = finding(variant, results.case, section, results.policy.variants)
            if section != inherited.IN_NORMAL or inherited.INHERITED not in found["labels"]:
                found["labels"] = list(dict.fromkeys([*found["labels"], section]))
            yield in_list(found, variant, results.gene_list), variant


def _has_no_genes(results: CaseResults) -> bool:
    return not results.run["reference"].get("genes")


def _claims_genes(policy: Policy) -> frozenset[str]:
    """Sections that say something of genes: recessive inheritance, which pairs two hits of one gene, and the rest, of
    variants that change a protein."""
    return frozenset(section.key for section in policy.sections if section.when is None or _asks_for_pairs(section))


def _asks_for_pairs(section: Section) -> bool:
    text = ast.unparse(section.when.tree) if section.when else ""
    return any(word in text for word in ("recessive", "compound", "one_parent"))


def _sections(findings: list[dict[str, Any]], results: CaseResults) -> Iterator[dict[str, Any]]:
    """Sections that have findings: the policy's in its order, then any others. `title` null: the templates know it."""
    titles = {section.key: section.title for section in results.policy.sections}
    keys = {found["section"] for found in findings}
    for key in [*titles, *sorted(keys - titles.keys())]:
        inside = [found for found in findings if found["section"] == key]
        if inside:
            yield {"key": key, "title": titles.get(key), "findings": len(inside), "reported": inside[0]["reported"]}
