"""How a report describes a repeat, and the histogram of its reads."""

from collections.abc import Mapping, Sequence
from typing import Any

from gms.drawings.repeat_histogram import repeat_histogram


def finding_type(ref: str, alt: str) -> str:
    """repeat, as in report.schema.json."""
    return "repeat"


def page_content(section: Mapping[str, Any]) -> dict[str, Any]:
    """Loci that are not normal in the index, with a histogram each; the others in numbers."""
    loci = section["facts"]["loci"]
    shown = [locus for locus in loci if locus["samples"][0]["status"] in ("intermediate", "expanded", "full_mutation")]
    unclear = [locus for locus in loci if locus["samples"][0]["status"] == "undetermined"]
    return {
        "loci": [_drawn(locus, section["facts"]["samples"]) for locus in shown],
        "unclear": unclear,
        "normal": len(loci) - len(shown) - len(unclear),
    }


def _drawn(locus: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    """The locus with a histogram of each sample."""
    pairs = zip(locus["samples"], names, strict=True)
    return {**locus, "histograms": [repeat_histogram(locus, sample, name) for sample, name in pairs]}
