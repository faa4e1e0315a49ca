"""A tree of criteria for one case: Kleene's three values, with what decides each node."""

from collections.abc import Callable, Mapping
from typing import Any

from gms.trials.definitions.laboratory import tests
from gms.trials.definitions.model import Node
from gms.trials.matching import clinical, measured, molecular
from gms.trials.matching.case_facts import CaseFacts
from gms.trials.matching.outcome import MET, NOT_MET, UNKNOWN, Outcome, open_question

LEAVES: Mapping[str, Callable[[CaseFacts, Mapping[str, Any]], Outcome]] = {
    "variant": molecular.variant,
    "wild_type": molecular.wild_type,
    "copy_number": measured.copy_number,
    "fusion": measured.fusion,
    "biomarker": measured.biomarker,
    "expression": measured.expression,
    "diagnosis": clinical.diagnosis,
    "age": clinical.age,
    "sex": clinical.sex,
    "ecog": clinical.ecog,
    "laboratory": clinical.laboratory,
    "prior_therapy": clinical.prior_therapy,
    "prior_lines": clinical.prior_lines,
    "clinical": clinical.clinical,
}
FAILED_QC = open_question("the case failed its quality control", "a new sample or sequencing run that passes")
_OPPOSITE = {MET: NOT_MET, NOT_MET: MET, UNKNOWN: UNKNOWN}


def outcome_of(leaf: Node, facts: CaseFacts) -> Outcome:
    """The outcome of a leaf; everything is unknown of a case that failed its quality control."""
    if facts.failed:
        return FAILED_QC
    found = facts.cache.get(leaf.key)
    if found is None:
        found = facts.cache[leaf.key] = LEAVES[leaf.kind](facts, leaf.params)
    return found


def state_of(node: Node, facts: CaseFacts) -> str:
    """The state of a node, without words."""
    if node.kind not in ("all", "any", "not"):
        return outcome_of(node, facts).state
    if node.kind == "not":
        return _OPPOSITE[state_of(node.parts[0], facts)]
    decisive, otherwise = (NOT_MET, MET) if node.kind == "all" else (MET, NOT_MET)
    for part in node.parts:
        state = state_of(part, facts)
        if state == decisive:
            return decisive
        if state == UNKNOWN:
            otherwise = UNKNOWN
    return otherwise


def explain(node: Node, facts: CaseFacts) -> dict[str, Any]:
    """The tree as data: criterion in words, state, why, `need` of an unknown leaf, parts; every part is evaluated."""
    if node.kind not in ("all", "any", "not"):
        found = outcome_of(node, facts)
        return {
            "criterion": ": ".join(filter(None, [node.title, words(node)])),
            "kind": node.kind,
            **found._asdict(),
            "parts": [],
        }
    parts = [explain(part, facts) for part in node.parts]
    state = state_of(node, facts)
    titles = {"all": "all of", "any": "at least one of", "not": "must not be"}
    deciding = [part for part in parts if _decides(part["state"], state, node.kind)]
    because = "; ".join(dict.fromkeys(part["because"] for part in deciding if part["because"]))
    title = node.title or titles[node.kind]
    return {"criterion": title, "kind": node.kind, "state": state, "because": because, "need": "", "parts": parts}


def _decides(part: str, whole: str, kind: str) -> bool:
    """Whether the state of a part is a reason for the state of its node."""
    return kind == "not" or part == whole


def needs(tree: Mapping[str, Any]) -> list[str]:
    """What would settle the unknown leaves that keep a tree unknown."""
    if tree["state"] != UNKNOWN:
        return []
    if not tree["parts"]:
        return [tree["need"]]
    return list(dict.fromkeys(need for part in tree["parts"] for need in needs(part)))


def ruled_out_by(tree: Mapping[str, Any]) -> list[str]:
    """Criteria of the highest levels that a case does not meet, with why."""
    if tree["state"] != NOT_MET:
        return []
    if tree["kind"] == "all":
        return [text for part in tree["parts"] for text in ruled_out_by(part)]
    inner = f" {tree['parts'][0]['criterion']}" if tree["kind"] == "not" else ""
    return [f"{tree['criterion']}{inner}: {tree['because']}"]


def words(leaf: Node) -> str:
    """A criterion in words."""
    asked, kind = leaf.params, leaf.kind
    within = f", at most {asked['within_days']} days old" if "within_days" in asked else ""
    if kind == "variant":
        return _variant_words(asked)
    if kind == "wild_type":
        exons = f" in exons {', '.join(map(str, asked['exons']))}" if "exons" in asked else ""
        return f"{asked['gene']} wild type{exons}"
    if kind == "fusion":
        return f"fusion {asked['gene']}::{asked['partner']}" if "partner" in asked else f"fusion of {asked['gene']}"
    if kind == "diagnosis":
        return f"diagnosis within {', '.join(asked['codes'])}"
    if kind == "clinical":
        return f"{asked['item'].replace('_', ' ')}: {asked['is']}{within}"
    if kind == "prior_therapy":
        return f"{asked['drug']} given before{within}"
    subject = {"laboratory": lambda: tests()[asked["test"]].words, "biomarker": lambda: asked["name"].replace("_", " ")}
    name = subject[kind]() if kind in subject else f"{kind.replace('_', ' ')} {asked.get('gene', '')}".strip()
    return " ".join(filter(None, [name, asked.get("is") or asked["value"], asked.get("unit", "")])) + within


def _variant_words(asked: Mapping[str, Any]) -> str:
    details = [
        asked.get("protein", ""),
        f"exon {', '.join(map(str, asked['exons']))}" if "exons" in asked else "",
        " or ".join(asked.get("classes", ())),
        " or ".join(term.replace("_", " ") for term in asked.get("consequences", ())),
        asked.get("zygosity", ""),
        "pathogenic" if "pathogenic" in asked else "",
        "hotspot" if "hotspot" in asked else "",
        f"in {asked['fraction']} of the reads" if "fraction" in asked else "",
        f"in {asked['clonality']} of the tumour cells" if "clonality" in asked else "",
    ]
    origin = {"any": "variant", "somatic": "somatic variant", "germline": "germline variant"}
    return ", ".join([f"{asked['gene']} {origin[asked.get('origin', 'somatic')]}", *filter(None, details)])
