"""Sections of the report for classes of variants besides the small ones: as data, and for the page.

What a class shows of its own is its door's: `page_content(section)` of its report_section, where it has one, and the
template class_<class>.html here.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from typing import Any

from gms.filtering.pairs import EXTENDS, SAME_EVENT
from gms.filtering.policy import Policy
from gms.fusions.reach import with_limits
from gms.genome.gene_effects import OTHERS, changed_others
from gms.genome.gene_list import Events
from gms.ranking.fields import REPEATS_OF_NORMALS, Record
from gms.ranking.findings import among_small, by_rank, placed, ranked, ranking_facts, with_phenotypes
from gms.ranking.model import Model
from gms.ranking.phenotypes import Phenotype
from gms.ranking.score import Scoring, scoring
from gms.ranking.secondary import SECTION
from gms.report import labels
from gms.report.findings import PARTNERS, finding, with_codons
from gms.report.variants import Filtered, Variant
from gms.variants.classes import door

Data = Mapping[str, Any]
_KNOWN = ("SV_AF", "NORMALS_COUNT", "NORMALS_TOTAL")
_JOINED = ("variants", "quality", "own", "evidence")  # of a finding that another class has as well


@dataclass(frozen=True, slots=True)
class ClassResults:
    """A class in a case: its filtered records and policy, what was looked for and how well ({} without it), its rank
    model, and what the gene list asks for besides genes."""

    filtered: Filtered
    policy: Policy
    facts: Data
    rank_model: Model | None = None
    events: Events = Events()


def scoring_of(
    model: Model | None, filtered: Filtered, phenotype: Phenotype | None, more: Set[str] = frozenset()
) -> Scoring | None:
    """The rank model for what the records are annotated with; None without one. `more`: parts that calls rest on."""
    parts = filtered.parts | more | ({"phenotypes"} if phenotype else set())
    return scoring(model, filtered.fields, parts) if model else None


def _parts(facts: Data) -> frozenset[str]:
    """What the calls of a class rest on, by its facts: lengths of repeats of normals."""
    return frozenset([REPEATS_OF_NORMALS] if any(locus.get("normals") for locus in facts.get("loci", ())) else ())


def as_record(variant: Variant) -> Record:
    """What a rank model may ask of a variant."""
    return Record(variant.info, variant.flags, variant.quality)


def class_documents(
    classes: Iterable[ClassResults],
    case: Data,
    phenotype: Phenotype | None = None,
    genes: frozenset[str] | None = None,
    small: Sequence[dict[str, Any]] = (),
) -> list[dict[str, Any]]:
    """All classes of a case; an event that two of them report is a finding once, in the class whose record the other
    one names (INFO/SAME_EVENT), with what the other found as `same_event`, unless that extends beyond it. A structural
    variant that is one of the `small` findings is shown there: with its bases, its protein change and its fraction;
    their partners, too, name it so. `genes`: those asked for, None for all."""
    documents = [class_document(one, case, phenotype, genes) for one in classes]
    every = [found for one in documents for found in one["findings"]]
    shown = {found["variants"][0]: found for found in every if SAME_EVENT not in found["own"]}
    structural = [found for one in documents if one["variants"] == "structural" for found in one["findings"]]
    same = among_small(structural, [found for found in small if found["reported"]])
    for document in documents:
        _keep(document, list(_of_its_own(document, shown, same)))
    _name_once([*small, *every], same)
    return documents


def large_findings(
    classes: Iterable[ClassResults], case: Data, phenotype: Phenotype | None, genes: frozenset[str] | None
) -> list[dict[str, Any]]:
    """Structural variants and copy numbers of a case, with the patient's HPO terms that their genes are known for."""
    large = (one for one in classes if one.policy.variants in ("structural", "copy_number"))
    return with_phenotypes((found for one in large for found in _findings(one, case, genes)), phenotype)


def without(results: ClassResults, hidden: Set[str]) -> ClassResults:
    """A class without variants that are not shown (CHROM:POS:REF:ALT)."""
    kept = [variant for variant in results.filtered.variants if variant.spelling not in hidden]
    return replace(results, filtered=replace(results.filtered, variants=kept))


def _of_its_own(
    document: Data, shown: Mapping[str, dict[str, Any]], same: Mapping[str, dict[str, Any]]
) -> Iterator[Data]:
    """The findings of a class that no other one shows; what it found of an event that another one shows is added."""
    for found in document["findings"]:
        own = same.get(found["variants"][0]) if document["variants"] == "structural" else None
        same_event = None if EXTENDS in found["own"] else found["own"].get(SAME_EVENT)
        if other := own or shown.get(same_event):
            evidence = found["evidence"][: 1 if other.get("section") == SECTION else None]  # relatives were not asked
            joined = {key: found[key] for key in _JOINED} | {"evidence": evidence}
            other["same_event"] = {"class": document["variants"], **joined}
        else:
            yield found


def _name_once(findings: Iterable[dict[str, Any]], same: Mapping[str, Data]) -> None:
    """Partners by the name under which they are shown (`same`), each once."""
    names = {name: found["variants"][0] for name, found in same.items()}
    for found in findings:
        for key in PARTNERS:
            found[key] = list(dict.fromkeys(names.get(name, name) for name in found[key]))


def _keep(document: dict[str, Any], kept: list[dict[str, Any]]) -> None:
    """Leave only the findings that no other class shows."""
    if document["ranking"]:
        document["ranking"]["ranked"] = len(kept)
    document["joined"] = len(document["findings"]) - len(kept)
    document["findings"] = placed(kept)
    document["sections"] = _counted(document["sections"], kept)


def _counted(sections: Iterable[Data], findings: Sequence[Data]) -> list[dict[str, Any]]:
    """Sections that have findings, with how many."""
    numbers = Counter(found["section"] for found in findings)
    return [{**section, "findings": numbers[section["key"]]} for section in sections if numbers[section["key"]]]


def class_document(
    results: ClassResults, case: Data, phenotype: Phenotype | None = None, genes: frozenset[str] | None = None
) -> dict[str, Any]:
    """The class in report/{case}.json; `case` as in case_params. Only what is reported is listed."""
    policy, known = results.policy, scoring_of(results.rank_model, results.filtered, phenotype, _parts(results.facts))
    findings = list(with_phenotypes(_findings(results, case, genes), phenotype))
    with_codons(findings)
    findings = ranked(findings, map(as_record, results.filtered.variants), known)
    expected = results.facts.get("fusions") if results.facts.get("assessed") else None
    sections = [{"key": section.key, "title": section.title} for section in policy.sections]
    return {
        "variants": policy.variants,
        "facts": dict(results.facts),
        **({"fusions": with_limits(expected, policy)} if expected else {}),
        "policy": {"title": policy.title, "name": policy.name, "version": policy.version},
        "records": results.filtered.records,
        "filters": [
            {"flag": entry.flag, "why": entry.why, "flagged": results.filtered.flagged[entry.flag]}
            for entry in policy.filters
        ],
        "not_applied": [{"name": name, "part": part} for name, part in results.filtered.not_applied],
        "ranking": ranking_facts(known, findings),
        "sections": _counted(sections, findings),
        "findings": findings,
    }


def in_list(found: dict[str, Any], variant: Variant, genes: frozenset[str] | None) -> dict[str, Any]:
    """The finding of a variant with whether a gene that it changes was asked for (true without a list): the shown one,
    the locus of a repeat, or another one, as of a translocation or a deletion of several."""
    touched = {*_all_genes(found, variant), *variant.info.get("LOCUS", "").split(",")}
    return found | {"in_gene_list": genes is None or bool(genes & touched)}


def _all_genes(found: Data, variant: Variant) -> list[str]:
    """The genes of a finding and the others that its variant changes."""
    return list(dict.fromkeys([*found["genes"], *changed_others(variant.info.get(OTHERS, ""))]))


def _findings(results: ClassResults, case: Data, genes: frozenset[str] | None) -> Iterator[dict[str, Any]]:
    """Reported variants, each with all genes that it changes, the shown one first, and the fields that only its class
    has. Chromosomes are in every list of genes, repeats and regions in those that name them."""
    variants = results.policy.variants
    own = _own_fields(variants)
    for variant in results.filtered.variants:
        shown = finding(variant, case, variant.section, variants)
        shown["genes"] = _all_genes(shown, variant)
        fields = {key: value for key, value in variant.info.items() if key in own}
        is_asked = "WHOLE" in fields or results.events.has(variant.chrom, variant.pos, variant.info)
        yield {**in_list(shown, variant, None if is_asked else genes), "own": fields}


def _own_fields(variants: str) -> frozenset[str]:
    """INFO fields that the header of a class defines, and those that its files add."""
    lines = door(variants, "header").LINES
    own = {line.split("ID=", 1)[1].split(",", 1)[0] for line in lines if line.startswith("##INFO=")}
    return frozenset(own | {"MITOMAP_STATUS", "MITOMAP_DISEASE", "MITOTIP_SCORE", "MITOTIP_QUARTILE", *_KNOWN})


def names_elsewhere(sections: Sequence[Data]) -> dict[str, str]:
    """CHROM:POS:REF:ALT -> words, of the alleles of all classes besides the small one."""
    return {
        found["variants"][0]: f"{found['type']} {labels.event_words(found)}"
        for section in sections
        for found in section["findings"]
    }


def class_contents(sections: Sequence[Data]) -> Iterator[dict[str, Any]]:
    """What the page shows of each class: its findings in words by section, those of genes that were asked for first,
    with how many these are (`asked`), and what its door makes of it."""
    for section in sections:
        groups = [_group(group, section["findings"]) for group in section["sections"]]
        shown = getattr(door(section["variants"], "report_section"), "page_content", dict)
        own = shown(section) if section["facts"] else {}
        yield {**section, "groups": groups, "own": own}


def _group(group: Data, findings: Sequence[Data]) -> dict[str, Any]:
    inside = [found for found in by_rank(findings) if found["section"] == group["key"]]
    asked = [found for found in inside if found["in_gene_list"]]
    others = [found for found in inside if not found["in_gene_list"]]
    return {**group, "findings": [_row(found) for found in asked + others], "asked": len(asked)}


def _row(found: Data) -> dict[str, Any]:
    """A finding in words."""
    clinvar = found["known"]["clinvar"]
    return {
        **found,
        "name": labels.event_name(found),
        "change": labels.consequence_words(found["consequence"]),
        "clinvar": clinvar and labels.clinvar_words(clinvar["class"]),
        "evidence": [
            {
                "lead": labels.percent(one["fraction"]),
                "rest": labels.reads_words(one["alt_reads"], one["depth"]),
                "zygosity": one["zygosity"],
                "copies": one.get("copies"),
                "is_low": one["fraction"] is not None and 0 < one["fraction"] < 0.03,
            }
            for one in found["evidence"]
        ],
    }
