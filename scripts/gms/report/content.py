"""From the report as data (`document`) to what its page shows, in that order. Sentences are the template's."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from gms.biomarkers.smn_results import evidence_words, result_words
from gms.drawings.page import card_pedigree, case_drawings, finding_reads
from gms.homozygosity.ideogram import ideogram
from gms.homozygosity.region_words import in_words
from gms.inputs.metrics import metric_words
from gms.ranking.findings import by_rank
from gms.report import labels
from gms.report.classes import class_contents, names_elsewhere
from gms.report.findings import PARTNERS, by_gene, card_genes
from gms.report.genes import gene_rows, position_rows

Data = Mapping[str, Any]
OF_TUMOR = ("tmb", "msi", "purity", "hrd")
TOPICS = {  # beginnings of metric names
    "contamination": ("contamination",),
    "sex": ("sex_",),
    "relations": ("parent_child_", "kinship_", "ibs0_", "tumor_normal_concordance", "lane_concordance"),
}


def page_content(document: Data) -> dict[str, Any]:
    """Everything the template needs."""
    findings, classes = document["findings"], document.get("classes", ())
    document = {**document, "elsewhere": names_elsewhere(classes)}
    return {
        "case": {**document["case"], "samples": document["samples"]},
        **{name: document[name] for name in ("run", "assay", "limits", "not_looked_for", "gene_list")},
        "regions": in_words(document["regions"]),
        "external": _external(document.get("external")),
        "reported": sum(found["reported"] for found in findings),
        "named": {found["variants"][0]: found for found in findings},
        "sections": list(_sections(document)),
        "rescued": [_rescued(found, document) for found in findings if found["rescued_by"]],
        "genes": document["genes"] | {"rows": gene_rows(document["genes"])},
        "positions": position_rows(document["positions"]),
        "classes": list(class_contents(classes)),
        "smn": [{**one, "result": result_words(one), "words": evidence_words(one)} for one in document.get("smn", ())],
        **{name: document.get(name) for name in (*OF_TUMOR, "ranking", "phenotype", "panel", "secondary_findings")},
        "control": labels.control_words(document.get("control")),
        "detection": _detection(document["detection"]),
        "drawings": case_drawings(document) | {"ideogram": ideogram(document)},
        "filtered": _filtered(document["filtered"]),
        **_quality(document),
    }


def _external(sources: Iterable[Data] | None) -> list[dict[str, Any]]:
    """Where the calls of each sample come from, with numbers for a reader; empty for a case from reads."""
    numbers = ("entries", "taken")
    return [
        {**source, **{key: labels.number(source[key]) for key in numbers}}
        | {"left_out": [(reason, labels.number(count)) for reason, count in source["left_out"].items()]}
        for source in sources or ()
    ]


def _quality(document: Data) -> dict[str, Any]:
    """Verdict, the gates behind it (by what they are about), and all measures."""
    gates = [_gate(gate) for gate in document["verdicts"]]
    subjects = dict.fromkeys(gate["subject"] for gate in gates)
    return {
        "verdict": document["verdict"],
        "breaches": [gate for gate in gates if gate["verdict"] in ("warn", "fail")],
        "unmeasured": _unmeasured(document),
        "gates": [(subject, [gate for gate in gates if gate["subject"] == subject]) for subject in subjects],
        "samples": [_sample(sample) for sample in document["samples"]],
        "metrics": _metric_rows(document["samples"]),
        "relations": [
            (metric_words(name), labels.value_words(name, value)) for name, value in document["relations"].items()
        ],
    }


def _unmeasured(document: Data) -> list[dict[str, str]]:
    """What the measures that gates ask for and that are lacking are about, a key of TOPICS or the measure in words,
    with the samples unless it is all of them or the case."""
    lacking: dict[str, set[str]] = {topic: set() for topic in TOPICS}
    for gate in document["verdicts"]:
        if gate["verdict"] == "not_assessed":
            lacking.setdefault(_topic(gate["metric"]), set()).add(gate["subject"])
    names = [sample["sample"] for sample in document["samples"]]
    return [
        {"topic": topic, "samples": ", ".join(filter(subjects.__contains__, names)) if subjects < {*names} else ""}
        for topic, subjects in lacking.items()
        if subjects
    ]


def _topic(metric: str) -> str:
    return next((topic for topic, names in TOPICS.items() if metric.startswith(names)), None) or metric_words(metric)


def _gate(gate: Data) -> dict[str, str]:
    metric = gate["metric"]
    return {
        "subject": gate["subject"],
        "metric": metric_words(metric),
        "value": labels.value_words(metric, gate["value"]),
        "warn": labels.limit_words(metric, gate["warn"]),
        "fail": labels.limit_words(metric, gate["fail"]),
        "verdict": gate["verdict"],
        "why": gate["why"],
    }


def _sample(sample: Data) -> dict[str, Any]:
    """Sheet and QC side by side."""
    metrics = sample["metrics"]
    shown = {name: labels.value_words(name, metrics[name]) for name in ("sex_inferred", "coverage_median")}
    copies = [f"{name} {metrics[f'copies_{name.lower()}']:.2f}" for name in "XY" if metrics.get("copies_x") is not None]
    more = {"sex_chromosomes": metrics.get("sex_chromosomes"), "copies": ", ".join(copies)}
    return {**sample, **shown, **more, "sex_matches": metrics["sex_matches"]}


def _metric_rows(samples: list[Data]) -> list[tuple[str, list[str]]]:
    """Every metric that was measured in some sample, a column per sample."""
    names = [name for name in samples[0]["metrics"] if any(s["metrics"].get(name) is not None for s in samples)]
    return [(metric_words(name), [labels.value_words(name, s["metrics"].get(name)) for s in samples]) for name in names]


def _sections(document: Data) -> Iterator[dict[str, Any]]:
    """Sections with their cards, one card for each gene: it stands in the first section that one of its findings is in.

    Cards of genes that were not asked for are apart (`folded`).
    """
    reported = [found for found in document["findings"] if found["reported"]]
    genes = card_genes(document["findings"])
    homes = _homes(reported, genes, [section["key"] for section in document["sections"]])
    for section in document["sections"]:
        if section["reported"]:
            inside = [found for found in reported if homes[genes[found["variants"][0]]] == section["key"]]
        else:
            inside = [found for found in document["findings"] if found["section"] == section["key"]]
        cards = [_card(gene, group, section, document) for gene, group in by_gene(by_rank(inside), genes).items()]
        asked = [card for card in cards if card["in_gene_list"]]
        folded = [card for card in cards if not card["in_gene_list"]]
        beside = sum(one["elsewhere"] for card in cards for one in card["findings"])
        if cards:
            yield {**section, "cards": asked, "folded": folded, "beside": beside}


def _homes(findings: Iterable[Data], genes: Mapping[str, str], order: list[str]) -> dict[str, str]:
    """Gene -> the first of the sections that its findings are in. What has no gene stays where it is."""
    homes: dict[str, str] = {}
    for found in findings:
        gene = genes[found["variants"][0]]
        homes[gene] = min(homes.get(gene, found["section"]), found["section"], key=order.index)
    return homes


def _card(gene: str, findings: list[Data], section: Data, document: Data) -> dict[str, Any]:
    """One gene with all its findings, the modes that they allow, and whether two of them form a pair."""
    spellings = {found["variants"][0] for found in findings}
    known = spellings | document["elsewhere"].keys()
    return {
        "gene": gene if findings[0]["genes"] else None,
        "more_genes": sorted({name for found in findings for name in found["genes"]} - {gene}),
        "modes": list(dict.fromkeys(mode for found in findings for mode in found["modes"])),
        "pair": any(known.intersection(found["partners"]) for found in findings),
        "in_gene_list": any(found["in_gene_list"] for found in findings),
        "pedigree": card_pedigree(document["samples"], findings),
        "findings": [_row(found, document) | _beside(found, section, spellings) for found in findings],
    }


def _beside(found: Data, section: Data, spellings: set[str]) -> dict[str, Any]:
    """What a finding is to the others of its card, whose spellings are given."""
    phased = {one["variant"] for one in found["phase"]}
    in_cis = [allele for allele in found["in_cis"] if allele in spellings - phased]
    return {"elsewhere": found["section"] != section["key"], "in_cis": in_cis}


def _partners(found: Data, document: Data) -> dict[str, list[str]]:
    """Partners in words: those of another class by their type and place."""
    others = document["elsewhere"]
    return {key: [others.get(name, name) for name in found[key]] for key in PARTNERS}


def _row(found: Data, document: Data) -> dict[str, Any]:
    """A finding in words."""
    clinvar, population = list(labels.classifications(found["known"])), found["population"]
    diseases = dict.fromkeys(disease for one in clinvar for disease in one["diseases"])
    loaded = "population" not in {rule["part"] for rule in document["filtered"]["not_applied"]}
    titles = {section["key"]: section["title"] for section in document["sections"]}
    return {
        **found,
        **_partners(found, document),
        "name": [labels.variant_words(spelling) for spelling in found["variants"]],
        "consequence": labels.consequence_words(found["consequence"]),
        "evidence": [sample_words(one, found, document) for one in found["evidence"]],
        "frequency": labels.frequency_words(population["value"], loaded, population["state"]),
        "alleles": labels.number(population["an"]) if population["an"] else "",
        "clinvar": clinvar,
        "disease": "; ".join(diseases).replace("_", " "),
        "section_title": titles.get(found["section"]) or "",
        "reads": finding_reads(document, found),
    }


def sample_words(evidence: Data, found: Data, document: Data) -> dict[str, str]:
    """One sample at one variant: zygosity leads for inherited variants, the fraction for acquired ones."""
    if evidence["genotype"] is None and evidence["depth"] is None:
        return {"lead": "no data", "rest": ""}
    rest = labels.reads_words(evidence["alt_reads"], evidence["depth"])
    if document["case"]["kind"] == "germline":
        return {"lead": evidence["zygosity"], "rest": rest}
    if not document.get("external") and labels.is_weighted(found["variants"][0], evidence):
        rest += labels.weighted_words(evidence)
    return {"lead": labels.percent(evidence["fraction"]), "rest": rest}


def _rescued(found: Data, document: Data) -> dict[str, Any]:
    """A variant that a rescue saved, with what spoke against it and what for."""
    rescues = {entry["name"]: entry["why"] for entry in document["filtered"]["rescues"]}
    whys = document["filtered"]["whys"]
    return _row(found, document) | {
        "rescue_why": rescues.get(found["rescued_by"], ""),
        "against": [(flag, whys.get(flag, "")) for flag in found["flags"]],
    }


def _detection(found: Data | None) -> Data | None:
    """Limits of detection in words; genes with the highest limit first."""
    if found is None:
        return None
    genes = sorted(found["genes"], key=lambda gene: -(gene["fraction"] or 2))
    limit = labels.detection_words
    entries = [gene | {"fraction": limit(gene["fraction"]), "purity": limit(gene["purity"])} for gene in genes]
    words = {name: limit(found[name]) for name in ("fraction", "purity", "hotspot")}
    return {**found, **words, "genes": entries}


def _filtered(filtered: Data) -> dict[str, Any]:
    numbers = ("flagged", "alone")
    rows = [entry | {name: labels.number(entry[name]) for name in numbers} for entry in filtered["filters"]]
    return {**filtered, "records": labels.number(filtered["records"]), "filters": rows}
