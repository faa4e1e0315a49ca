"""Whether the samples of a case are of whom the sheet says; else a pseudonym would stand for another person."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from gms.sharing.decision.model import Member, SharedCase

_PASSED = ("pass", "warn")
_TUMOR_NORMAL = "tumor_normal_concordance"


class Identity(NamedTuple):
    """Why the case may not be shared, and what could not be checked; samples are named by their role."""

    reasons: tuple[str, ...]
    notes: tuple[str, ...]


def identity_problems(
    case: SharedCase, case_qc: Mapping[str, Any], sample_qc: Mapping[str, Mapping[str, Any]]
) -> Identity:
    """Judge by the gates in qc/{case}.case.json and, for each sample, qc/{sample}.qc.json.

    Reasons against sharing: recorded and inferred sex differ; lanes of two persons; tumour and normal not of one
    person, or not shown to be; a relation of the family fails its gate. The limits are the assay's (config/assays).
    Notes: a sex that is not recorded or not inferred, a parent that was not compared with the child.
    """
    reasons: list[str] = []
    notes: list[str] = []
    for member, name in zip(case.members, _names(case.members), strict=True):
        if member.sample not in sample_qc:
            reasons.append(f"the {name} has no quality control, so that its identity is unknown")
        else:
            _judge_sample(name, member, sample_qc[member.sample], reasons, notes)
    verdicts = _verdicts(case_qc)
    roles = {member.role for member in case.members}
    if {"tumor", "normal"} <= roles and verdicts.get(_TUMOR_NORMAL) not in (*_PASSED, "fail"):
        reasons.append("it was not shown that tumour and normal are of one person")
    reasons += [_failed(metric) for metric, verdict in verdicts.items() if verdict == "fail"]
    notes += _unchecked_parents(roles, verdicts)
    return Identity(tuple(reasons), tuple(notes))


def _names(members: tuple[Member, ...]) -> Iterator[str]:
    """The role, with a number where several members have it."""
    times, seen = Counter(member.role for member in members), Counter()
    for member in members:
        seen[member.role] += 1
        yield member.role if times[member.role] == 1 else f"{member.role} {seen[member.role]}"


def _judge_sample(name: str, member: Member, qc: Mapping[str, Any], reasons: list[str], notes: list[str]) -> None:
    inferred = qc["metrics"].get("sex_inferred") or "unknown"
    if "unknown" in (member.sex, inferred):
        known = "not recorded" if member.sex == "unknown" else "recorded, but could not be inferred from the reads"
        notes.append(f"the sex of the {name} is {known}: not compared")
    elif member.sex != inferred:
        reasons.append(f"the sex of the {name} is recorded as {member.sex}, by its reads it is {inferred}")
    if _verdicts(qc).get("lane_concordance") == "fail":
        reasons.append(f"the lanes of the {name} are not of one person")


def _unchecked_parents(roles: set[str], verdicts: Mapping[str, str]) -> Iterator[str]:
    for parent in ("mother", "father"):
        checked = verdicts.get(f"parent_child_{parent}_concordance") in (*_PASSED, "fail")
        if "proband" in roles and parent in roles and not checked:
            yield f"it was not checked whether the {parent} is a parent of the proband"


def _verdicts(qc: Mapping[str, Any]) -> dict[str, str]:
    """Metric -> verdict of its gate; of several gates a failed one counts."""
    verdicts: dict[str, str] = {}
    for gate in qc["gates"]:
        if verdicts.get(gate["metric"]) != "fail":
            verdicts[gate["metric"]] = gate["verdict"]
    return verdicts


def _failed(metric: str) -> str:
    if metric == _TUMOR_NORMAL:
        return "tumour and normal are not of one person"
    if metric.startswith("parent_child_"):
        return f"the {metric.split('_')[2]} is not a parent of the proband"
    return f"the relation {metric} is not the one in the sample sheet"
