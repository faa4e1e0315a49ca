"""How a report describes a repeat, and the histogram of its reads."""

from collections.abc import Mapping
from typing import Any

from gms.variants.repeats.histogram import histogram


def finding_type(ref: str, alt: str) -> str:
    """repeat, as in report.schema.json."""
    return "repeat"


def page_content(section: Mapping[str, Any]) -> dict[str, Any]:
    """Loci that are not normal in the index, with a histogram each; the others in numbers."""
    loci = section["facts"]["loci"]
    shown = [locus for locus in loci if locus["samples"][0]["status"] in ("intermediate", "expanded", "full_mutation")]
    unclear = [locus for locus in loci if locus["samples"][0]["status"] == "undetermined"]
    return {
        "loci": [{**locus, "histograms": [histogram(locus, sample) for sample in locus["samples"]]} for locus in shown],
        "unclear": unclear,
        "normal": len(loci) - len(shown) - len(unclear),
    }
