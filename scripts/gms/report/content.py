"""From the results of a case to what its report shows, in the order it shows it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from gms.filtering.policy import Policy
from gms.report import labels
from gms.report.genes import incomplete_genes
from gms.report.limits import case_limits
from gms.report.variants import Filtered, Variant

HEADLINES = {
    "pass": "Analysis complete. Quality control passed.",
    "warn": "Analysis complete. Quality control passed, with warnings.",
    "fail": "Quality control failed.",
}


@dataclass(frozen=True, slots=True)
class CaseResults:
    """What a report is made of.

    `case` is `case_params`, samples index first; in that order `samples` holds their qc.json and `genes` the rows
    of their genes.tsv; `relations` is case.json and `run` is run.json.
    """

    case: Mapping[str, Any]
    filtered: Filtered
    policy: Policy
    samples: list[Mapping[str, Any]]
    relations: Mapping[str, Any]
    genes: list[list[Mapping[str, str]]]
    run: Mapping[str, Any]


def report_content(results: CaseResults) -> dict[str, Any]:
    """Everything the template needs."""
    return {
        "case": results.case,
        "policy": results.policy,
        "run": results.run,
        "assay": results.run["assays"][results.case["assay"]],
        "genes": incomplete_genes(results.genes),
        "limits": case_limits(results.case),
        **_quality(results),
        **_variants(results.filtered, results.policy, results.case),
    }


def _quality(results: CaseResults) -> dict[str, Any]:
    """Verdict, the gates behind it (by what they judge), and all measures."""
    relations = results.relations
    records = [(record["sample"], record["gates"]) for record in results.samples]
    subjects = [*records, (relations["case"], relations["gates"])]
    gates = [(subject, [_gate(subject, gate) for gate in group]) for subject, group in subjects if group]
    measures = relations["metrics"].items()
    return {
        "verdict": relations["verdict"],
        "headline": HEADLINES[relations["verdict"]],
        "breaches": [gate for _, group in gates for gate in group if gate["verdict"] in ("warn", "fail")],
        "unmeasured": _unmeasured(gates),
        "gates": gates,
        "samples": _samples(results.case, results.samples),
        "metrics": _metric_rows(results.samples),
        "relations": [(labels.metric_words(name), labels.value_words(name, value)) for name, value in measures],
    }


def _unmeasured(gates: Iterable[tuple[str, list[dict[str, str]]]]) -> list[str]:
    """'measure (samples)' of the limits that could not be evaluated; the identity of lanes needs no more than one."""
    lacking: dict[str, list[str]] = {}
    for subject, group in gates:
        for gate in group:
            if gate["verdict"] == "not_evaluated" and gate["metric"] != labels.METRICS["lane_concordance"]:
                lacking.setdefault(gate["metric"], []).append(subject)
    return [f"{metric} ({', '.join(subjects)})" for metric, subjects in lacking.items()]


def _variants(filtered: Filtered, policy: Policy, case: Mapping[str, Any]) -> dict[str, Any]:
    """Reported and rescued variants, and what was filtered or could not be."""
    return {
        "sections": list(_sections(filtered, policy, case)),
        "reported": len(filtered.variants),
        "rescued": _rescued(filtered, policy, case),
        "filters": _filters(filtered, policy),
        "records": labels.number(filtered.records),
        "not_applied": _not_applied(filtered, policy),
    }


def _gate(subject: str, gate: Mapping[str, Any]) -> dict[str, str]:
    metric = gate["metric"]
    return {
        "subject": subject,
        "metric": labels.metric_words(metric),
        "value": labels.value_words(metric, gate["value"]),
        "warn": labels.limit_words(metric, gate["warn"]),
        "fail": labels.limit_words(metric, gate["fail"]),
        "verdict": gate["verdict"],
        "why": gate["why"],
    }


def _samples(case: Mapping[str, Any], records: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Sheet and QC side by side."""
    rows = []
    for sample, record in zip(case["samples"], records, strict=True):
        metrics = record["metrics"]
        shown = {name: labels.value_words(name, metrics[name]) for name in ("sex_inferred", "coverage_median")}
        rows.append({**sample, **shown, "sex_matches": metrics["sex_matches"], "verdict": record["verdict"]})
    return rows


def _metric_rows(samples: list[Mapping[str, Any]]) -> list[tuple[str, list[str]]]:
    """Every metric that was measured in some sample, a column per sample."""
    names = [name for name in samples[0]["metrics"] if any(s["metrics"][name] is not None for s in samples)]
    return [
        (labels.metric_words(name), [labels.value_words(name, s["metrics"][name]) for s in samples]) for name in names
    ]


def _sections(filtered: Filtered, policy: Policy, case: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
    """The policy's sections in its order, empty ones left out; a section that the policy lacks comes last."""
    titles = {section.key: section.title for section in policy.sections}
    for key in [*titles, *sorted({variant.section for variant in filtered.variants} - titles.keys())]:
        variants = [variant for variant in filtered.variants if variant.section == key]
        if variants:
            rows = [_variant(variant, filtered, case) for variant in variants]
            yield {"title": titles.get(key, key or "Other"), "variants": rows}


def _variant(variant: Variant, filtered: Filtered, case: Mapping[str, Any]) -> dict[str, Any]:
    info = variant.info
    loaded = "population" not in {part for _, part in filtered.not_applied}
    index, *others = case["samples"]
    return {
        "gene": variant.gene or "–",
        "protein": labels.change(info.get("HGVSP", "")),
        "coding": labels.change(info.get("HGVSC", "")),
        "transcript": info.get("TRANSCRIPT", ""),
        "genomic": f"{variant.chrom}:{variant.pos} "
        f"{labels.allele_words(variant.ref)}>{labels.allele_words(variant.alt)}",
        "consequence": labels.consequence_words(info.get("CONSEQUENCE", "")),
        "inheritance": labels.INHERITANCE.get(info.get("INHERITANCE", ""), ""),
        "index": _evidence(variant, index, case),
        "others": [_evidence(variant, sample, case) for sample in others],
        "frequency": labels.frequency_words(variant.population_af, loaded),
        "clinvar": labels.clinvar_words(info.get("CLNSIG", "")),
        "disease": labels.disease_words(info.get("CLNDN", "")),
        "stars": labels.stars(info.get("CLNREVSTAT", "")),
        "hotspot": info.get("HOTSPOT", "").replace("_", " "),
        "callers": ", ".join(variant.callers),
        "rescued_by": variant.rescued_by,
    }


def _evidence(variant: Variant, sample: Mapping[str, Any], case: Mapping[str, Any]) -> dict[str, str]:
    """One sample at one variant: zygosity leads for inherited variants, the fraction for acquired ones."""
    evidence = variant.evidence.get(sample["sample"])
    if evidence is None:
        return {"lead": "no data", "rest": ""}
    reads = labels.reads_words(evidence)
    if case["kind"] == "germline":
        return {"lead": labels.zygosity(evidence, variant.chrom, sample["sex"]), "rest": reads}
    return {"lead": labels.percent(evidence.fraction), "rest": reads}


def _rescued(filtered: Filtered, policy: Policy, case: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Reported variants that a rescue saved, with what spoke against them and what for."""
    flags = {entry.flag: entry.why for entry in policy.filters}
    rescues = {entry.name: entry.why for entry in policy.rescues}
    return [
        _variant(variant, filtered, case)
        | {
            "rescue_why": rescues.get(variant.rescued_by, ""),
            "against": [(flag, flags.get(flag, "")) for flag in variant.rescued_from],
        }
        for variant in filtered.variants
        if variant.rescued_by
    ]


def _filters(filtered: Filtered, policy: Policy) -> list[dict[str, Any]]:
    """Filters in the policy's order with the records each flagged, and flagged alone."""
    absent = {name for name, _ in filtered.not_applied}
    return [
        {
            "flag": entry.flag,
            "why": entry.why,
            "flagged": labels.number(filtered.flagged[entry.flag]),
            "alone": labels.number(filtered.flagged_alone[entry.flag]),
        }
        for entry in policy.filters
        if entry.flag not in absent
    ]


def _not_applied(filtered: Filtered, policy: Policy) -> list[dict[str, str]]:
    """What could not be applied, and the part that was missing."""
    why = {entry.flag: entry.why for entry in policy.filters} | {entry.name: entry.why for entry in policy.rescues}
    titles = {section.key: f"Report section '{section.title}'." for section in policy.sections}
    return [
        {"name": name, "part": labels.PARTS.get(part, part), "why": why.get(name) or titles.get(name, "A condition.")}
        for name, part in filtered.not_applied
    ]
