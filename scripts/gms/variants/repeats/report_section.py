"""How a report describes a repeat, and the histogram of its reads."""

from collections.abc import Mapping, Sequence
from typing import Any

from gms.drawings.repeat_histogram import repeat_histogram
from gms.variants.repeats.status import STATES

SHOWN = ("intermediate", "expanded", "full_mutation")


def finding_type(ref: str, alt: str) -> str:
    """repeat, as in report.schema.json."""
    return "repeat"


def page_content(section: Mapping[str, Any]) -> dict[str, Any]:
    """Loci that are not normal in the index, with a histogram each; the others in numbers. First come genes that were
    asked for (`asked` of them), of these the most harmful states, then genes that are known for the HPO terms."""
    loci, known = section["facts"]["loci"], {gene: one for one in section["findings"] for gene in one["genes"]}
    shown = [locus for locus in loci if locus["samples"][0]["status"] in SHOWN]
    unclear = [locus for locus in loci if locus["samples"][0]["status"] == "undetermined"]
    drawn = [_drawn(locus, section["facts"]["samples"], known) for locus in shown]
    return {
        "findings": sorted(drawn, key=_order),
        "asked": sum(one["in_gene_list"] for one in drawn),
        "unclear": unclear,
        "normal": len(loci) - len(shown) - len(unclear),
    }


def _order(locus: Mapping[str, Any]) -> tuple[bool, int, int]:
    return not locus["in_gene_list"], -STATES.index(locus["samples"][0]["status"]), -len(locus["phenotypes"])


def _drawn(locus: Mapping[str, Any], names: Sequence[str], known: Mapping[str, Any]) -> dict[str, Any]:
    """The locus with a histogram of each sample, and what is known of its gene (`known`: findings by gene)."""
    pairs = zip(locus["samples"], names, strict=True)
    found = known.get(locus["locus"].partition("_")[0], {})
    more = {"in_gene_list": found.get("in_gene_list", True), "phenotypes": found.get("phenotypes", [])}
    return {**locus, **more, "histograms": [repeat_histogram(locus, sample, name) for sample, name in pairs]}
