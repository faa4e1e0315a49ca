"""Secondary findings: known pathogenic variants in genes that were not asked for, shown to those who agreed.

The list of genes is a file (key `secondary_genes` of an assay): comments with panel, version and source, and for each
gene what is reported. Only what ClinVar calls pathogenic or likely pathogenic, without conflicts, counts; nothing
of relatives is reported.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gms.base.errors import GmsError
from gms.base.json_tables import read_table
from gms.genome.gene_list import panel_facts

Finding = Mapping[str, Any]
TWICE = ("homozygous", "hemizygous", "homoplasmic")  # zygosities in which no other copy is left
# Sequence Ontology terms of variants that end a protein early.
TRUNCATING = frozenset(("stop_gained", "frameshift_variant", "splice_acceptor_variant", "splice_donor_variant"))
_HOMOZYGOUS = " homozygous"


class NoSecondaryGenes(GmsError):
    """A file that is no list of genes for secondary findings."""

    def __init__(self, path: Path):
        self.reason = (
            "is no list of genes for secondary findings: it needs comments # panel: and # version:, and columns "
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


def secondary_findings(findings: Sequence[Finding], listed: SecondaryGenes, has_gene_list: bool) -> list[str]:
    """CHROM:POS:REF:ALT of reported variants that are secondary findings: of genes that are neither on the case's gene
    list, where it has one, nor known for the patient's HPO terms."""
    pathogenic = [found for found in findings if _is_candidate(found, listed)]
    names = {found["variants"][0] for found in pathogenic}
    unasked = [one for one in pathogenic if not one["phenotypes"] and not (has_gene_list and one["in_gene_list"])]
    return [found["variants"][0] for found in unasked if _is_reported(found, names, listed)]


def secondary_document(
    findings: Sequence[Finding], listed: SecondaryGenes | None, answer: str, has_gene_list: bool
) -> tuple[frozenset[str], dict[str, Any] | None]:
    """Variants that are not shown, and what is said of secondary findings. `answer`: whether the person agreed to be
    told of them: yes names them, no takes those away that a gene list did not ask for, unknown does neither."""
    if listed is None:
        return frozenset(), None
    found = secondary_findings(findings, listed, has_gene_list)
    withheld = frozenset(found if answer == "no" and has_gene_list else ())
    facts = {
        **{key: listed.facts.get(key) for key in ("name", "version", "source")},
        "genes": len(listed.rules),
        "agreed": answer,
        "variants": [{"variant": name, "disease": _disease(name, findings, listed)} for name in found]
        if answer == "yes"
        else [],
    }
    return withheld, facts


def _disease(name: str, findings: Iterable[Finding], listed: SecondaryGenes) -> str:
    return next(listed.rules[one["genes"][0]][1] for one in findings if one["variants"][0] == name)


def _is_candidate(found: Finding, listed: SecondaryGenes) -> bool:
    gene = found["genes"][0] if found["genes"] else ""
    return found["reported"] and gene in listed.rules and is_pathogenic(found)


def is_pathogenic(found: Finding) -> bool:
    """Whether ClinVar calls the allele pathogenic or likely pathogenic, without conflicts."""
    known = ((found["known"]["clinvar"] or {}).get("class") or "").lower()
    return "pathogenic" in known and "conflicting" not in known


def _is_reported(found: Finding, pathogenic: Iterable[str], listed: SecondaryGenes) -> bool:
    rule, _ = listed.rules[found["genes"][0]]
    is_twice = found["evidence"][0]["zygosity"] in TWICE
    if rule == "two":
        return is_twice or not set(pathogenic).isdisjoint([*found["partners"], *found["partners_unphased"]])
    if rule == "truncating":
        return not TRUNCATING.isdisjoint(found["consequence"])
    change = rule.removesuffix(_HOMOZYGOUS).removeprefix("p.")
    return rule == "any" or is_twice and change in (found["hgvs"]["p"] or "")
