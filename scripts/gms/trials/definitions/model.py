"""A trial as it was read: cohorts, and criteria as trees of nodes."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gms.trials.two_stage.design import Design

NO_ENROLMENT = (
    "Support for a molecular tumour board. No software enrols a patient: a physician decides with the patient, and the "
    "investigator checks every criterion against the protocol."
)
# Levels of each scale from strong to weak; a level that is not here comes last. ESCAT: Mateo 2018; OncoKB: levels of
# evidence v2; CIViC: evidence levels; AMP/ASCO/CAP: Li 2017.
LEVELS = {
    "ESCAT": ("I-A", "I-B", "I-C", "II-A", "II-B", "III-A", "III-B", "IV-A", "IV-B", "V", "X"),
    "OncoKB": ("1", "2", "3A", "3B", "4"),
    "CIViC": ("A", "B", "C", "D", "E"),
    "AMP": ("I", "II", "III", "IV"),
    "none": (),
}


@dataclass(frozen=True, eq=False, slots=True)
class Node:
    """A node of a tree: `kind` is all, any, not (with `parts`) or that of a leaf (with `params`, as in the schema).

    `title` names a group for the reader. `key` is the same for leaves that ask the same.
    """

    kind: str
    parts: tuple["Node", ...] = ()
    params: Mapping[str, Any] | None = None
    title: str = ""
    key: str = ""


def leaf(kind: str, params: Mapping[str, Any]) -> Node:
    """A leaf with its key."""
    return Node(kind, params=params, key=f"{kind} {json.dumps(params, sort_keys=True)}")


@dataclass(frozen=True, eq=False, slots=True)
class Cohort:
    """An arm or cohort. `tree` holds all that it asks for, the trial's criteria included; `slots` None: not known."""

    id: str
    title: str
    status: str
    slots: int | None
    drug: str
    drug_codes: Mapping[str, str]
    tumor_types: Mapping[str, list[str]]
    evidence: Mapping[str, str]
    design: Design | None
    tree: Node

    @property
    def rank(self) -> float:
        """Place of the level on its scale, 0 (strongest) to 1; beyond 1 where there is none."""
        levels = LEVELS[self.evidence["scale"]]
        level = self.evidence["level"]
        return levels.index(level) / len(levels) if level in levels else 2.0


@dataclass(frozen=True, eq=False, slots=True)
class Trial:
    """One version of a trial's definition; days as YYYY-MM-DD, `until` None for an open end."""

    id: str
    version: str
    title: str
    source: str
    registers: Mapping[str, str]
    first_day: str
    last_day: str | None
    status: str
    sites: tuple[str, ...]
    endpoint: str
    cohorts: tuple[Cohort, ...]

    def holds_on(self, day: str) -> bool:
        """Whether the definition is valid on a day."""
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)
