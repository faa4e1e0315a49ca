"""Secondary findings: variants in genes that were not asked for, shown to those who agreed.

The list of genes is a file (key `secondary_genes` of an assay): comments with panel, version and source, and for each
gene what is reported. The gene list and the HPO terms of a case say what was asked for. Reported as secondary is only
what ClinVar calls pathogenic or likely pathogenic, without conflicts; withheld from those who did not agree are also
variants that ClinVar does not know and that end the protein early, and large events of these genes alone.
"""

import re
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gms.base.errors import GmsError
from gms.base.json_tables import read_table
from gms.genome.gene_list import panel_facts
from gms.ranking.findings import is_same_event

Finding = Mapping[str, Any]
TWICE = ("homozygous", "hemizygous", "homoplasmic")  # zygosities in which no other copy is left
# Sequence Ontology terms of variants that end a protein early.
TRUNCATING = frozenset(("stop_gained", "frameshift_variant", "splice_acceptor_variant", "splice_donor_variant"))
_HOMOZYGOUS = " homozygous"
SECTION = "secondary"  # of the report
NAMES = ("partners", "partners_unphased", "partners_probable", "in_cis")  # keys of a finding that name others
GAIN = "transcript_amplification"


class NoSecondaryGenes(GmsError):
    """A file that is not a list of genes for secondary findings."""

    def __init__(self, path: Path):
        self.reason = (
            "is not a list of genes for secondary findings: it needs comments # panel: and # version:, and columns "
            "gene and report (any, two, truncating or 'p.Cys282Tyr homozygous'), as resources/genes/acmg_sf.tsv"
        )
        super().__init__(f"{path} {self.reason}")


@dataclass(frozen=True, slots=True)
class SecondaryGenes:
    """Name, version and source of a list, and gene -> (what is reported, disease)."""

    facts: Mapping[str, str]
    rules: Mapping[str, tuple[str, str]]


def read_secondary_genes(path: Path) -> SecondaryGenes:
    """The list of a file. Raises NoSecondaryGenes."""
    facts, rows = panel_facts(path), read_table(path)
    rules = {row.get("gene"): (row.get("report") or "", row.get("disease") or "") for row in rows}
    known = all(gene and _is_rule(rule) for gene, (rule, _) in rules.items())
    if not facts or not facts.get("version") or not rules or not known:
        raise NoSecondaryGenes(path)
    return SecondaryGenes(facts, rules)


def _is_rule(rule: str) -> bool:
    return rule in ("any", "two", "truncating") or rule.startswith("p.") and rule.endswith(_HOMOZYGOUS)


@dataclass(frozen=True, slots=True)
class Question:
    """What a case asks for. `has_gene_list`, `has_terms`: whether a gene list, and HPO terms whose genes are known, say
    so; `agreed`: the proband's answer, yes, no or unknown; `parts`: variant -> ClinVar's classes of the parts of a
    joined haplotype."""

    has_gene_list: bool
    has_terms: bool = False
    agreed: str = "unknown"
    parts: Mapping[str, str] = field(default_factory=dict)

    @property
    def handling(self) -> str:
        """`apart`: shown in a section of their own; `withheld`; `listed`: shown where the policy has them and named
        once more; `in_place`: shown where the policy has them, since nothing says what was asked for."""
        is_stated = self.has_gene_list or self.has_terms
        if self.agreed == "yes":
            return "apart" if is_stated else "listed"
        return "withheld" if is_stated or self.agreed == "no" else "in_place"

    def asks_for(self, found: Finding) -> bool:
        """Whether the gene list or the HPO terms name a gene of the finding."""
        return bool(found["phenotypes"]) or self.has_gene_list and found["in_gene_list"]

    def is_pathogenic(self, found: Finding) -> bool:
        """Whether ClinVar calls the allele, or a part of a joined haplotype, pathogenic or likely pathogenic, without
        conflicts."""
        words = ((found["known"]["clinvar"] or {}).get("class") or "", self.parts.get(found["variants"][0], ""))
        classes = (entry.lower() for text in words for entry in re.split("[,&|]", text))
        return any("pathogenic" in entry and "conflicting" not in entry for entry in classes)


def secondary_document(
    small: Sequence[Finding], large: Sequence[Finding], listed: SecondaryGenes | None, question: Question
) -> tuple[frozenset[str], dict[str, Any] | None]:
    """Variants that are not shown, and what is said of secondary findings. `small`: all small variants of the report;
    `large`: structural variants and copy numbers."""
    if listed is None:
        return frozenset(), None
    unasked = [found for found in small if found["reported"] and not question.asks_for(found)]
    known = [found for found in unasked if question.is_pathogenic(found)]
    hidden: frozenset[str] = frozenset()
    if question.handling == "withheld":
        others = [found for found in large if not question.asks_for(found)]
        harmful = [found for found in unasked if question.is_pathogenic(found) or _is_truncating(found)]
        lost = [found for found in others if _is_lost(found, listed)]
        hidden = _with_others(frozenset(_told([*harmful, *lost], listed)), [*unasked, *others])
    facts = {
        **{key: listed.facts.get(key) for key in ("name", "version", "source")},
        "genes": len(listed.rules),
        "agreed": question.agreed,
        "handling": question.handling,
        "variants": [{"variant": name, "disease": disease} for name, disease in _told(known, listed).items()]
        if question.agreed == "yes"
        else [],
    }
    return hidden, facts


_OF_PROBAND = ("low_depth", "masked", "same_codon", "frame_restored")  # labels that say nothing of relatives


def of_proband_alone(found: Finding) -> dict[str, Any]:
    """A secondary finding in the section of its own, without what relatives carry: they were not asked."""
    unknown = dict.fromkeys(("genotype", "zygosity", "fraction", "alt_reads", "depth", "quality"))
    first, *relatives = found["evidence"]
    evidence = [first, *(one | unknown for one in relatives)]
    labels = [label for label in found["labels"] if label in _OF_PROBAND]
    return {**found, "section": SECTION, "modes": [], "labels": labels, "evidence": evidence}


def without_names(findings: Iterable[dict[str, Any]], hidden: Set[str]) -> None:
    """Take variants that are not shown out of what findings say of each other."""
    for found in findings:
        for key in NAMES:
            found[key] = [name for name in found[key] if name not in hidden]
        own = found.get("own", {})
        opposite = own.pop("IN_TRANS", "").split(",")  # of a repeat, the deletion of its other copy
        if kept := [name for name in opposite if name and name not in hidden]:
            own["IN_TRANS"] = ",".join(kept)


def _told(candidates: Sequence[Finding], listed: SecondaryGenes) -> dict[str, str]:
    """CHROM:POS:REF:ALT -> disease, of candidates that the rule of one of their genes reports."""
    names = {found["variants"][0] for found in candidates}
    told = {}
    for found in candidates:
        for gene in found["genes"]:
            if gene in listed.rules and _is_reported(found, listed.rules[gene][0], names):
                told.setdefault(found["variants"][0], listed.rules[gene][1])
    return told


def _is_truncating(found: Finding) -> bool:
    """Whether a variant that ClinVar does not know ends the protein early. A proven de novo one is a finding of the
    patient's own disease."""
    is_unknown = not found["known"]["clinvar"] and not _is_new(found)
    return is_unknown and not TRUNCATING.isdisjoint(found["consequence"])


def _is_new(found: Finding) -> bool:
    """Whether the parents prove it: an allele that one of them may have has other modes as well."""
    return "de_novo" in found["modes"] and {"de_novo", "compound", "pseudo_autosomal"}.issuperset(found["modes"])


def _is_lost(found: Finding, listed: SecondaryGenes) -> bool:
    """Whether a large event disrupts genes of the list and no other; a gain of a whole gene does not."""
    is_harmful = found["impact"] == "HIGH" and GAIN not in found["consequence"] and not _is_new(found)
    return is_harmful and bool(found["genes"]) and listed.rules.keys() >= set(found["genes"])


def _with_others(hidden: frozenset[str], findings: Sequence[Finding]) -> frozenset[str]:
    """With what would name them: halves of pairs with them alone, and the same events as other classes have them."""
    withheld = [found for found in findings if found["variants"][0] in hidden]
    halves = (found for found in findings if found["modes"] == ["compound"] and _partners(found))
    same = (
        found
        for found in findings
        if _same_event(found) in hidden or any(is_same_event(found, one) for one in withheld)
    )
    more = {found["variants"][0] for found in halves if _partners(found) <= hidden}
    return hidden | more | {found["variants"][0] for found in same}


def _partners(found: Finding) -> set[str]:
    return {name for key in ("partners", "partners_unphased") for name in found[key]}


def _same_event(found: Finding) -> str | None:
    return found.get("own", {}).get("SAME_EVENT")


def _is_reported(found: Finding, rule: str, candidates: Set[str]) -> bool:
    """Whether the rule of a gene is met; `candidates`: other variants that count."""
    is_twice = found["evidence"][0]["zygosity"] in TWICE
    if rule == "two":
        return is_twice or not candidates.isdisjoint(_partners(found))
    if rule == "truncating":
        return not TRUNCATING.isdisjoint(found["consequence"]) or "own" in found  # a large event, which disrupts it
    change = rule.removesuffix(_HOMOZYGOUS).removeprefix("p.")
    return rule == "any" or is_twice and change in (found["hgvs"]["p"] or "")
