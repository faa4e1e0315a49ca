"""The law as dated data (resources/legal_rules.yaml): purposes that allow sharing on a day; all else is refused."""

import datetime
import functools
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gms.base.problems import Findings
from gms.base.project import PROJECT
from gms.base.schemas import Document, check, load_schema
from gms.sharing.decision.model import Sharing

RULES = PROJECT / "resources" / "legal_rules.yaml"
NO_RULE_SET = "none"


@dataclass(frozen=True, slots=True)
class RuleSet:
    """What holds from a day on: purpose -> allowed, reason, law (acts with provisions), data_use."""

    id: str
    start: datetime.date
    purposes: Mapping[str, Mapping[str, Any]]

    def refusals(self, purpose: str, data_use: Collection[str]) -> Iterator[str]:
        """Why data with these DUO terms (shorthands) may not be shared for a purpose; nothing when they may."""
        rule = self.purposes.get(purpose)
        if rule is None:
            yield f"rule set {self.id} does not know the purpose {purpose}"
        elif not rule["allowed"]:
            laws = "; ".join(f"{law['act']}, {law['provision']}" for law in rule["law"])
            yield f"the purpose {purpose} is not lawful: {rule['reason']} ({laws}; rule set {self.id})"
        elif demanded := rule.get("data_use"):
            absent = [term for term in demanded["modifiers"] if term not in data_use]
            if not any(term in data_use for term in demanded["permission"]):
                absent.insert(0, " or ".join(demanded["permission"]))
            if absent:
                yield f"the data's terms of use lack {', '.join(absent)}, which rule set {self.id} asks for {purpose}"


@functools.cache
def load_rules(path: Path = RULES) -> tuple[RuleSet, ...]:
    """The rule sets by the day they commence. Raises `Problems`."""
    findings, document = Findings(), Document(path)
    content = document.load(findings)
    sets: list[RuleSet] = []
    if content is not None and check(content, load_schema("legal_rules"), document, findings):
        for place, rules in enumerate(content["rule_sets"]):
            try:
                sets.append(RuleSet(rules["id"], datetime.date.fromisoformat(rules["from"]), rules["purposes"]))
            except ValueError:
                findings.add(path, document.line(("rule_sets", place, "from")), f"there is no day {rules['from']}")
        for what in ("id", "start"):
            if len({getattr(rules, what) for rules in sets}) < len(sets):
                findings.add(path, None, f"two rule sets have the same {'day' if what == 'start' else what}")
    findings.raise_if_any()
    return tuple(sorted(sets, key=lambda rules: rules.start))


def rule_set_on(on: datetime.date, rules: Sequence[RuleSet]) -> RuleSet | None:
    """The rule set that applies on a day: the last one to commence by then; None before the first."""
    return next((one for one in reversed(rules) if one.start <= on), None)


def legal_refusals(sharing: Sharing, on: datetime.date, path: Path = RULES) -> tuple[str, list[str]]:
    """Id of the rule set that applies on a day, and why it refuses the study's purpose. Raises `Problems`."""
    rules = rule_set_on(on, load_rules(path))
    if rules is None:
        return NO_RULE_SET, [f"no legal rule set applies on {on}"]
    terms = {text.partition(" ")[0] for text in sharing.data_use}
    return rules.id, list(rules.refusals(sharing.study.purpose, terms))
