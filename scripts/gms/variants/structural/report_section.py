"""How a report describes a structural variant."""

from collections.abc import Mapping
from typing import Any

_TYPES = {"<DEL>": "deletion", "<DUP>": "duplication", "<INV>": "inversion"}


def finding_type(ref: str, alt: str) -> str:
    """deletion, duplication, inversion or breakend, as in report.schema.json."""
    return _TYPES.get(alt, "breakend")


def page_content(section: Mapping[str, Any]) -> dict[str, Any]:
    """Numbers of events by type, before and after the policy."""
    return {"types": dict(sorted(section["facts"]["events"].items()))}
