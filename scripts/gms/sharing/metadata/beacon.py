"""Beacon v2 entries of a package: datasets, cohorts, individuals, biosamples, runs, analyses and genomic variations.

The default model of https://docs.genomebeacons.org, one JSON list for each kind, as Beacon-friendly format (BFF) has
them. What the model demands and must not leave (dates of sequencing and analysis) is the study's first day.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from gms.base.json_tables import write_json
from gms.sharing.decision import duo
from gms.sharing.metadata import terms
from gms.sharing.metadata.classifications import Alleles
from gms.sharing.metadata.model import PackageFacts, Person, people
from gms.sharing.metadata.terms import Term
from gms.sharing.metadata.variants import Variant, carried, origin, zygosity

DUO_RELEASE = "2021-02-23"  # the release whose ids and labels resources/duo.tsv has
DATE_NOTE = "the study's first day; days of sequencing and analysis are not shared"
_MODIFIERS = ("MONDO:",)  # what a DUO term may refine that is an ontology term itself


def write_beacon(plain: Path, facts: PackageFacts, alleles: Alleles) -> None:
    """Write metadata/beacon/{entries}.json."""
    folder = plain / "metadata" / "beacon"
    folder.mkdir(parents=True, exist_ok=True)
    shared = people(facts)
    entries = {
        "datasets": [_dataset(facts)],
        "cohorts": [_cohort(facts, shared)],
        "individuals": list(_individuals(shared)),
        "biosamples": [_biosample(person) for person in shared],
        "runs": [_run(person, facts) for person in shared],
        "analyses": [_analysis(person, facts, alleles.variants) for person in shared],
        "genomicVariations": list(_variations(facts, shared, alleles)),
    }
    for name, content in entries.items():
        write_json(folder / f"{name}.json", content)


def data_use(facts: PackageFacts) -> list[dict[str, Any]]:
    """The study's DUO terms as Beacon's duoDataUse; a disease is a modifier, other values are in `value`."""
    return [_use(duo.parse(text)) for text in facts.sharing.data_use]


def _use(use: duo.Use) -> dict[str, Any]:
    term = duo.terms()[use.term]
    entry: dict[str, Any] = {"id": term.id, "label": term.label, "version": DUO_RELEASE}
    if use.value and use.value.startswith(_MODIFIERS):
        return entry | {"modifiers": [{"id": use.value}]}
    return entry | ({"value": use.value} if use.value else {})


def _dataset(facts: PackageFacts) -> dict[str, Any]:
    study = facts.sharing.study
    return {
        "id": study.id,
        "name": study.title,
        "description": study.purpose,
        "createDateTime": f"{facts.day.isoformat()}T00:00:00Z",
        "dataUseConditions": {"duoDataUse": data_use(facts)},
        "info": {"assembly": facts.assembly, "dataCategories": sorted(facts.decision.categories)},
    }


def _cohort(facts: PackageFacts, shared: Sequence[Person]) -> dict[str, Any]:
    return {
        "id": facts.case,
        "name": facts.sharing.study.title,
        "cohortType": "study-defined",
        "cohortSize": len({person.subject for person in shared}),
        "cohortDataTypes": [_term(terms.GENOTYPING)],
    }


def _individuals(shared: Sequence[Person]) -> Iterator[dict[str, Any]]:
    first: dict[str, Person] = {}
    for person in shared:
        first.setdefault(person.subject, person)
    for subject, person in first.items():
        entry: dict[str, Any] = {"id": subject, "sex": _term(terms.SEX.get(person.member.sex, terms.SEX["unknown"]))}
        yield entry | ({"diseases": [{"diseaseCode": _term(person.disease)}]} if person.disease else {})


def _biosample(person: Person) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "id": person.sample,
        "individualId": person.subject,
        "biosampleStatus": _term(terms.status(person.member.role, person.affected)),
        "sampleOriginType": _term(terms.SPECIMEN),
        "info": {"role": person.member.role},
    }
    return entry | ({"collectionMoment": person.age} if person.age else {})


def _run(person: Person, facts: PackageFacts) -> dict[str, Any]:
    return {
        "id": f"{person.sample}.run",
        "biosampleId": person.sample,
        "individualId": person.subject,
        "runDate": facts.day.isoformat(),
        "libraryLayout": "PAIRED",
        "librarySource": _term(terms.GENOMIC_SOURCE),
        "libraryStrategy": "Targeted-Capture" if facts.assay["targets"] else "WGS",
        "info": {"runDate": DATE_NOTE},
    }


def _analysis(person: Person, facts: PackageFacts, variants: Sequence[Variant]) -> dict[str, Any]:
    tools = facts.run["tools"]
    callers = sorted({caller for v in variants for caller in v.info.get("CALLERS", "").split(",") if tools.get(caller)})
    named = {"aligner": _versions(["bwa"], tools), "variantCaller": _versions(callers, tools)}
    return {
        "id": _analysis_id(person, facts),
        "biosampleId": person.sample,
        "individualId": person.subject,
        "runId": f"{person.sample}.run",
        "analysisDate": facts.day.isoformat(),
        "pipelineName": f"{facts.pipeline} {facts.decision.case.assay} {facts.assay['version']}",
        **{key: text for key, text in named.items() if text},
        "info": {"analysisDate": DATE_NOTE, "policy": facts.assay["policy"]},
    }


def _analysis_id(person: Person, facts: PackageFacts) -> str:
    return f"{facts.case}.{person.sample}"


def _versions(names: Sequence[str], tools: Mapping[str, str | None]) -> str:
    return ", ".join(f"{name}-{tools[name]}" for name in names if tools.get(name))


def _variations(facts: PackageFacts, shared: Sequence[Person], alleles: Alleles) -> Iterator[dict[str, Any]]:
    """The variants that a shared sample carries; symbolic alleles have no place in the model."""
    cases: dict[str, list[dict[str, Any]]] = {}
    for person in shared:
        for variant in carried(alleles.variants, person, facts):
            cases.setdefault(variant.key, []).append(_case_level(variant, person, facts))
    for variant in alleles.variants:
        if variant.key in cases and variant.literal:
            yield _variation(variant, facts, alleles, cases[variant.key])


def _variation(variant: Variant, facts: PackageFacts, alleles: Alleles, cases: list[dict[str, Any]]) -> dict[str, Any]:
    """Positions are 0-based half-open."""
    start, end, identifier = variant.pos - 1, variant.pos - 1 + len(variant.ref), alleles.ids[variant.key]
    vrs = {"id": identifier, "notes": "GA4GH VRS 2.0 Allele", "reference": "https://vrs.ga4gh.org"}
    place = {"assemblyId": facts.assembly, "refseqId": variant.chrom, "start": [start], "end": [end]}
    return {
        "variantInternalId": identifier,
        "variation": {
            "variantType": variant.kind,
            "referenceBases": variant.ref,
            "alternateBases": variant.alt,
            "location": _location(alleles.accessions[variant.chrom], start, end),
        },
        "identifiers": {
            "variantAlternativeIds": [vrs],
            **({"transcriptHGVSIds": variant.hgvs} if variant.hgvs else {}),
        },
        **_molecular(variant),
        "caseLevelData": cases,
        "_position": place,
    }


def _location(accession: str, start: int, end: int) -> dict[str, Any]:
    interval = {"start": {"type": "Number", "value": start}, "end": {"type": "Number", "value": end}}
    sequence = f"ga4gh:{accession}"
    return {"type": "SequenceLocation", "sequence_id": sequence, "interval": {"type": "SequenceInterval"} | interval}


def _molecular(variant: Variant) -> dict[str, Any]:
    effects = [_term(term) for term in terms.consequences(variant.info.get("CONSEQUENCE", ""))]
    found = {
        "geneIds": [gene] if (gene := variant.info.get("GENE")) else [],
        "aminoacidChanges": [unquote(change)] if (change := variant.info.get("HGVSP")) else [],
        "molecularEffects": effects,
    }
    found = {key: values for key, values in found.items() if values}
    return {"molecularAttributes": found} if found else {}


def _case_level(variant: Variant, person: Person, facts: PackageFacts) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "individualId": person.subject,
        "biosampleId": person.sample,
        "runId": f"{person.sample}.run",
        "analysisId": _analysis_id(person, facts),
    }
    if come_from := origin(person, facts):
        entry["alleleOrigin"] = _term(come_from)
    if come_from == terms.GERMLINE and (state := zygosity(variant, person, facts)):
        entry["zygosity"] = _term(state)
    return entry


def _term(term: Term) -> dict[str, str]:
    return {"id": term.id, "label": term.label}
