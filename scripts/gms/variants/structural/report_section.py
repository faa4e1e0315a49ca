"""How a report describes a structural variant."""

from collections.abc import Mapping
from typing import Any

_TYPES = {"<DEL>": "deletion", "<DUP>": "duplication", "<INV>": "inversion"}


def finding_type(ref: str, alt: str) -> str:
    """deletion, duplication, inversion, insertion or breakend, as in report.schema.json."""
    return "insertion" if alt.startswith("<INS") else _TYPES.get(alt, "breakend")


def page_content(section: Mapping[str, Any]) -> dict[str, Any]:
    """Numbers of events by type before the policy, and whether insertions were looked for."""
    facts = section["facts"]
    return {"types": dict(sorted(facts["events"].items())), "insertions": "clippedreads" in facts["callers"]}
