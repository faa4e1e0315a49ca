"""How a report describes a change of copy number, and the copies of chromosomes."""

from collections.abc import Mapping
from typing import Any

from gms.variants.copy_number.chromosomes import chromosome_words
from gms.variants.panel_copies.drawing import panel_content


def finding_type(ref: str, alt: str) -> str:
    """deletion or duplication, as in report.schema.json."""
    return "deletion" if alt == "<DEL>" else "duplication"


def page_content(section: Mapping[str, Any]) -> dict[str, Any]:
    """Of each sample the chromosomes whose copies are not the usual ones, in words; of panels the drawing and arms."""
    if section["facts"].get("caller") == "cnvkit":
        return panel_content(section["facts"], section["findings"])
    return {"unusual": {one["sample"]: chromosome_words(one) for one in section["facts"]["samples"]}}
