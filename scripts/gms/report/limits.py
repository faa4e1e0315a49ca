"""What the members of a case leave undecided, in sentences."""

from collections.abc import Mapping
from typing import Any

PARENTS = ("mother", "father")


def case_limits(case: Mapping[str, Any]) -> list[str]:
    """Sentences for one case (`case_params`); none where its members leave nothing open."""
    roles = {sample["role"] for sample in case["samples"]}
    if case["kind"] == "somatic":
        return [] if "normal" in roles else ["Without a normal sample, acquired and inherited variants look alike."]
    limits = []
    if not roles.issuperset(PARENTS):
        limits.append("Without both parents, ways of inheritance are not judged.")
    elif unknown := [s["role"] for s in case["samples"] if s["role"] in PARENTS and s["affected"] == "unknown"]:
        limits.append(f"Not in the sheet whether affected: {', '.join(unknown)}; taken as healthy.")
    if "sibling" in roles:
        limits.append("Genotypes of siblings are shown; they filter nothing.")
    return limits
