"""Ranks in the report: each finding with rank, score and the points behind it, and what a reader has to know of them.

Ranking orders what is reported. It removes no finding and changes no section.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from gms.filtering.one_event import change_of, is_one_event
from gms.ranking.fields import PHENOTYPE, Record
from gms.ranking.phenotypes import Phenotype
from gms.ranking.score import Scoring, compound_points, ranks, score

Finding = dict[str, Any]
COMPOUND = "compound_pair"
HALVES = frozenset(("compound",))
HALVES_ALONE = HALVES | {"autosomal_dominant", "de_novo"}


def is_same_event(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether a small and a structural finding are one event, by the genomic HGVS name or place and length; not by the
    latter where they are in trans: the parents prove two alleles."""
    names = [found["hgvs"].get("g") for found in (one, other)]
    changes = [change_of(found["variants"][0], found.get("own", {}).get) for found in (one, other)]
    in_trans = one["variants"][0] in other.get("partners", ()) or other["variants"][0] in one.get("partners", ())
    return names[0] == names[1] is not None or (is_one_event(*changes) and not in_trans)


def among_small(structural: Iterable[Finding], small: Sequence[Finding]) -> dict[str, Finding]:
    """Structural variants -> the small ones that are the same event; a mobile element is shown as such."""
    large = [found for found in structural if "MEINFO" not in found["own"]]
    same = ((found, next((one for one in small if is_same_event(one, found)), None)) for found in large)
    return {found["variants"][0]: one for found, one in same if one}


def with_phenotypes(findings: Iterable[Finding], phenotype: Phenotype | None) -> list[Finding]:
    """Findings with `phenotypes`: the patient's HPO terms that their genes are known for."""
    return [found | {"phenotypes": phenotype.terms_of(found["genes"]) if phenotype else []} for found in findings]


def ranked(findings: Sequence[Finding], records: Iterable[Record], known: Scoring | None) -> list[Finding]:
    """Findings, with their phenotypes, in their order, each with `rank`, `score` and `score_terms`, null where it is
    not reported or there is no model. `records`: that of each."""
    scored = [
        score(known, record._replace(phenotypes=len(found["phenotypes"])))
        if known and found["reported"]
        else (None, None)
        for found, record in zip(findings, records, strict=True)
    ]
    given = [
        found | {"rank": None, "score": points, "score_terms": parts}
        for found, (points, parts) in zip(findings, scored, strict=True)
    ]
    return placed(with_compound_points(given, known.bounds[0]) if known else given)


def with_compound_points(findings: Iterable[Finding], low: int) -> list[Finding]:
    """Findings that are only halves of compound pairs (of a person alone dominant ones, too, as any variant is) lose
    points where all of their partners have low scores, as category compound_pair. `low`: lowest score of the model."""
    found = list(findings)
    scores = {name: one["score"] for one in found for name in one["variants"]}
    return [_corrected(one, scores, low) for one in found]


def _corrected(found: Finding, scores: Mapping[str, int | None], low: int) -> Finding:
    partners = [*found["partners"], *found["partners_unphased"]]
    halves = HALVES_ALONE if len(found["evidence"]) == 1 else HALVES
    if found["score"] is None or not partners or not halves.issuperset(found["modes"]):
        return found
    others = [scores.get(name) for name in partners]
    if not (points := compound_points(found["score"], low, others)):
        return found
    term = {"term": "highest_score_of_a_partner", "value": max(others), "score": points}
    category = {"category": COMPOUND, "score": points, "terms": [term]}
    return found | {"score": found["score"] + points, "score_terms": [*found["score_terms"], category]}


def placed(findings: Iterable[Finding]) -> list[Finding]:
    """Findings with their rank by score among these."""
    scored = list(findings)
    for found, place in zip(scored, ranks([found["score"] for found in scored]), strict=True):
        found["rank"] = place
    return scored


def by_rank(findings: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Findings by rank, those of one rank and those without one in their order."""
    return sorted(findings, key=lambda found: found.get("rank") or math.inf)


def ranking_facts(known: Scoring | None, findings: Iterable[Mapping[str, Any]]) -> dict[str, Any] | None:
    """The model, how many findings it ranks, the lowest and highest score that it can give here, and the terms that it
    could not ask; null without a model. `asks_phenotype`: it has points for HPO terms."""
    if known is None:
        return None
    low, high = known.bounds
    return {
        "model": {"name": known.model.name, "version": known.model.version},
        "ranked": sum(found["rank"] is not None for found in findings),
        "lowest": low,
        "highest": high,
        "asks_phenotype": any(term.key == PHENOTYPE for term in known.model.terms),
        "left_out": [entry._asdict() for entry in known.missing],
    }


def phenotype_facts(phenotype: Phenotype | None) -> dict[str, Any] | None:
    """The patient's HPO terms, each with its name and number of genes, null where the table lacks it; null without a
    table or terms. `exact`: narrower terms do not count."""
    if phenotype is None:
        return None
    terms = [
        {"term": term, "name": phenotype.names.get(term), "genes": None if genes is None else len(genes)}
        for term, genes in phenotype.genes.items()
    ]
    return {"exact": phenotype.exact, "terms": terms}


def points_words(terms: Iterable[Mapping[str, Any]] | None) -> str | None:
    """Points of the categories that gave or took any: 'consequence 8 (stop_gained), allele_frequency 4'."""
    if terms is None:
        return None
    given = [one for one in terms if one["score"]]
    return ", ".join(f"{one['category']} {one['score']}{_reason(one)}" for one in given) or "no points"


def _reason(category: Mapping[str, Any]) -> str:
    """The values that were found, in parentheses."""
    values = [str(term["value"]) for term in category["terms"] if term["value"] is not None and term["score"]]
    return f" ({', '.join(values)})" if values else ""
