"""Variants that the policy does not report and the report shows all the same, in sections of their own.

- in_normal: only the normal sample speaks against a variant that is known (hotspot, pathogenic in ClinVar) or that is
  clearly enriched in the tumour. A normal that holds tumour cells hides such variants (BALSAMIC issues 1256, 1494).
  What looks inherited is shown only if it is known and the patient agreed to be told of it (gms.filtering.inherited):
  where the other allele is lost, an inherited variant is enriched as well.
- low_depth: a hotspot variant at a position with too few reads for the policy to report it (GMS560 shows positions
  below 200 reads as 'low', below 30 as 'not analysable').

And variants at listed positions (seen_variants), for the table of these.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from gms.filtering.inherited import NOT_TOLD, is_withheld, looks_inherited, predisposition_genes
from gms.filtering.policy import Policy
from gms.genome.alleles import Allele, touched_bases
from gms.report.findings import genes_of
from gms.report.variants import Evidence, Variant, normal_of
from gms.variants.panel_copies.inherited import LESS_IN_NORMAL, NORMAL_LOG2

if TYPE_CHECKING:
    from gms.report.classes import ClassResults

NORMAL = frozenset({"normal_vaf", "normal_depth", "normal_alt_reads", "normal_ref_reads", "normal_genotype", "nlod"})
HOTSPOT = ("HOTSPOT", "HOTSPOT_POSITION")  # INFO fields: the very allele, or a position of the list
HOTSPOT_VARIABLES = {"hotspot", "hotspot_name", "hotspot_position", "hotspot_position_name"}
COUNTS = frozenset({"depth", "alt_reads", "ref_reads", "gene"} | HOTSPOT_VARIABLES)
ENRICHED = 2.0  # times the normal's fraction; Lund fails a variant below 3 times, BALSAMIC below 1 / 0.3
SIGNIFICANT = 0.01  # one-sided Fisher's exact test of the tumour's reads against the normal's
KNOWN_CLASSES = {"CLNSIG": ("pathogenic",), "ONC": ("oncogenic",), "SCI": ("tier_i_", "tier_ii_")}  # of ClinVar
LEAST_READS = 4  # reads of a hotspot variant, as GMS560 asks at the TERT promoter


def worth_a_look(policy: Policy) -> Callable[[frozenset[str]], bool]:
    """Whether a record with these flags may belong to one of the sections."""
    normal, counts = normal_flags(policy), count_flags(policy)
    return lambda flags: flags <= normal or flags <= counts


def normal_flags(policy: Policy) -> frozenset[str]:
    """Flags of filters whose condition asks for the normal sample."""
    return frozenset(entry.flag for entry in policy.filters if NORMAL & set(entry.when.variables))


def count_flags(policy: Policy) -> frozenset[str]:
    """Flags of filters whose condition asks for nothing but numbers of reads."""
    counted = (entry for entry in policy.filters if {"depth", "alt_reads"} & set(entry.when.variables))
    return frozenset(entry.flag for entry in counted if set(entry.when.variables) <= COUNTS)


def section_of(variant: Variant, policy: Policy, case: Mapping[str, Any]) -> str | None:
    """'in_normal', 'low_depth' or None (not shown)."""
    flags, index = set(variant.flags), variant.evidence.get(case["samples"][0]["sample"])
    if index is None:
        return None
    if flags <= normal_flags(policy) and (name := normal_of(case)):
        normal = variant.evidence.get(name)
        if is_withheld(normal, case.get("germline_findings")):
            return None
        known = is_known(variant)
        return "in_normal" if known or not looks_inherited(normal) and enriched(index, normal) else None
    if flags <= count_flags(policy) and any(field in variant.info for field in HOTSPOT):
        shallow = index.depth is not None and index.depth < case["callable_depth"]
        return "low_depth" if shallow and (index.alt_reads or 0) >= LEAST_READS else None
    return None


def is_known(variant: Variant) -> bool:
    """Whether the variant is a hotspot, or in ClinVar pathogenic, oncogenic or likely so (without conflicts), or of
    strong or potential clinical impact (tiers I and II)."""
    classes = ((key, variant.info.get(key, "").lower()) for key in KNOWN_CLASSES)
    found = any(any(word in text for word in KNOWN_CLASSES[key]) and "conflicting" not in text for key, text in classes)
    return "HOTSPOT" in variant.info or found


def consent_limits(variants: Iterable[Variant], policy: Policy, case: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """{code, …} of what a case of tumour and normal leaves open for want of consent to be told of inherited variants;
    of `variants` that were set aside, those that are known and withheld are counted where no answer is given."""
    normal, answer = normal_of(case), case.get("germline_findings", "unknown")
    if case["kind"] != "somatic" or not normal or answer == "yes":
        return
    if answer == "no":
        yield {"code": NOT_TOLD[answer]}
        return
    flags, evidence = normal_flags(policy), ((one, one.evidence.get(normal)) for one in variants)
    withheld = (one for one, reads in evidence if is_withheld(reads, answer) and is_known(one))
    yield {"code": NOT_TOLD["unknown"], "known": sum(flags.issuperset(one.flags) for one in withheld)}


def without_normal(results: "ClassResults", case: Mapping[str, Any]) -> "ClassResults":
    """A class of a case; of a patient who declined to be told of inherited variants without what the normal shows of a
    gene whose first copy it lost and whose second one the tumour lost."""
    if case.get("germline_findings") != "no" or results.policy.variants != "copy_number":
        return results
    variants = [
        replace(one, info=_but(one.info, NORMAL_LOG2, LESS_IN_NORMAL)) if NORMAL_LOG2 in one.info else one
        for one in results.filtered.variants
    ]
    genes = [
        _but(one, NORMAL_LOG2.lower()) | {"marks": [mark for mark in one["marks"] if mark != LESS_IN_NORMAL]}
        if NORMAL_LOG2.lower() in one
        else one
        for one in results.facts.get("genes", ())
    ]
    facts = {**results.facts, **({"genes": genes} if genes else {})}
    return replace(results, filtered=replace(results.filtered, variants=variants), facts=facts)


def _but(values: Mapping[str, Any], *keys: str) -> dict[str, Any]:
    return {key: value for key, value in values.items() if key not in keys}


class Seen(NamedTuple):
    """A variant of the index sample at a listed position: the bases it touches, 0-based, and what is said of it."""

    chrom: str
    bases: range
    known: dict[str, Any]


def seen_variants(listed: Iterable[Variant], case: Mapping[str, Any], policy: Policy) -> Iterator[Seen]:
    """Of variants at listed positions those of which a read of the index sample was counted, reported or not. Those
    that look inherited, where the patient did not agree to be told of them, are `withheld`, or left out: those that
    other filters of the `policy` set aside as well, and those that the patient declined to be told of."""
    index, normal, answer = case["samples"][0]["sample"], normal_of(case), case.get("germline_findings")
    for variant in listed:
        found = variant.evidence.get(index)
        if not found or not found.alt_reads:
            continue
        known = {"variant": variant.spelling, "alt_reads": found.alt_reads, "depth": found.depth}
        known["fraction"] = None if found.fraction is None else round(found.fraction, 4)
        known |= {"reported": not variant.flags, "flags": list(variant.flags)}
        if is_withheld(variant.evidence.get(normal), answer):
            if not _may_say_withheld(variant, policy, answer):
                continue
            known |= {"withheld": True, "genes": genes_of(variant.info)}
        allele = Allele(variant.pos - 1, variant.ref, variant.alt)
        yield Seen(variant.chrom, touched_bases(allele, int(variant.info.get("RPT") or 0)), known)


def _may_say_withheld(variant: Variant, policy: Policy, answer: str | None) -> bool:
    """Whether it may be said that a variant is withheld: of one that nothing but the normal speaks against and, to a
    patient who declined, of hotspots outside genes of predisposition only: an entry of one allele names it."""
    if not normal_flags(policy).issuperset(variant.flags):
        return False
    genes = genes_of(variant.info)
    outside = predisposition_genes(policy.inherited_genes).isdisjoint(genes)
    return answer != "no" or "HOTSPOT" in variant.info and bool(genes) and outside


def enriched(tumor: Evidence, normal: Evidence | None) -> bool:
    """Whether the tumour's fraction is at least twice the normal's, and not by chance."""
    if normal is None or None in (tumor.alt_reads, tumor.depth, normal.alt_reads, normal.depth):
        return False
    if not normal.depth or tumor.alt_reads / max(tumor.depth, 1) < ENRICHED * normal.alt_reads / normal.depth:
        return False
    table = (tumor.alt_reads, tumor.depth - tumor.alt_reads, normal.alt_reads, normal.depth - normal.alt_reads)
    return fisher_greater(*table) < SIGNIFICANT


def fisher_greater(a: int, b: int, c: int, d: int) -> float:
    """P of at least `a` in the table [[a, b], [c, d]] with its margins (one-sided Fisher's exact test)."""
    row, column, total = a + b, a + c, a + b + c + d

    def log_choose(n: int, k: int) -> float:
        return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)

    whole = log_choose(total, column)
    most = min(row, column)
    return sum(
        math.exp(log_choose(row, k) + log_choose(total - row, column - k) - whole)
        for k in range(max(a, column - (total - row)), most + 1)
    )
