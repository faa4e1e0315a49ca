"""How a report describes a mitochondrial variant, and the mitochondrial genome as a whole."""

from collections.abc import Mapping
from typing import Any

from gms.drawings.page import heteroplasmy
from gms.variants.mitochondrial.ring import ring


def finding_type(ref: str, alt: str) -> str:
    """snv, insertion, deletion or duplication, as in report.schema.json."""
    if alt.startswith("<"):
        return "deletion" if alt == "<DEL>" else "duplication"
    return "snv" if len(ref) == len(alt) == 1 else "insertion" if len(alt) > len(ref) else "deletion"


def page_content(section: Mapping[str, Any]) -> dict[str, Any]:
    """What the page shows besides the findings: the ring and the fractions, where the genome was assessed."""
    facts = section["facts"]
    if not facts["assessed"]:
        return {"ring": None, "heteroplasmy": None}
    return {"ring": ring(facts, section["findings"]), "heteroplasmy": heteroplasmy(section["findings"])}
