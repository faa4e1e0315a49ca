"""How a report describes a repeat, and the histogram of its reads."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from gms.drawings.repeat_histogram import repeat_histogram
from gms.variants.repeats.status import STATES

# Of a locus that the policy does not report.
_UNKNOWN = dict.fromkeys(("phenotypes", "modes", "labels", "partners", "partners_unphased", "partners_probable"), ())
_UNKNOWN |= {"own": {}, "in_gene_list": True, "rank": None, "score": None, "score_terms": None}
SHOWN = ("intermediate", "premutation", "expanded", "full_mutation")


def finding_type(ref: str, alt: str) -> str:
    """repeat, as in report.schema.json."""
    return "repeat"


def page_content(section: Mapping[str, Any]) -> dict[str, Any]:
    """Loci that are not normal in the index, with a histogram each; the others in numbers. First come genes that were
    asked for (`asked` of them), of these the highest ranks, without ranks the most harmful states."""
    loci, known = section["facts"]["loci"], {found["own"]["REPID"]: found for found in section["findings"]}
    shown = [locus for locus in loci if locus["samples"][0]["status"] in SHOWN]
    unclear = [locus for locus in loci if locus["samples"][0]["status"] == "undetermined"]
    drawn = [_drawn(locus, section["facts"]["samples"], known.get(locus["locus"], _UNKNOWN)) for locus in shown]
    return {
        "findings": sorted(drawn, key=_order),
        "asked": sum(one["in_gene_list"] for one in drawn),
        "unclear": unclear,
        "normal": len(loci) - len(shown) - len(unclear),
        "normal_loci": [locus for locus in loci if locus not in shown and locus not in unclear],
    }


def sample_words(facts: Mapping[str, Any]) -> dict[str, list[str | None]]:
    """Locus -> copies and state of the alleles of each sample, as lists have them: 12 normal / 47-70 full_mutation;
    None of a sample without alleles, or that is not shown."""
    loci = facts.get("loci", ()) if facts.get("assessed") else ()
    return {locus["locus"]: [_words(sample) for sample in locus["samples"]] for locus in loci}


def _words(sample: Mapping[str, Any] | None) -> str | None:
    return " / ".join(f"{_copies(one)} {one['status']}" for one in sample["alleles"]) or None if sample else None


def _copies(allele: Mapping[str, Any]) -> str:
    low, high = allele["low"], allele["high"]
    return str(low) if low == high else f"{low} or more" if high is None else f"{low}-{high}"


def _order(locus: Mapping[str, Any]) -> tuple[bool, float, int, int]:
    harm = STATES.index(locus["samples"][0]["status"])
    return not locus["in_gene_list"], locus["rank"] or math.inf, -harm, -len(locus["phenotypes"])


def _drawn(locus: Mapping[str, Any], names: Sequence[str], found: Mapping[str, Any]) -> dict[str, Any]:
    """The locus with a histogram of each sample that is shown, and what the finding says of it."""
    pairs = zip(locus["samples"], names, strict=True)
    drawings = [repeat_histogram(locus, sample, name) if sample else "" for sample, name in pairs]
    return {**locus, **found, "histograms": drawings}
