"""Whether the samples of a case belong to the persons named in the sheet: a pseudonym must not hide another person.

Reasons against sharing: a link among the results; records or read groups of another sample; recorded and inferred sex
differ; lanes of two persons; tumour and normal not of one person, or not shown to be; a relation that fails its gate
(config/assays); two members with the reads of one person; siblings without kinship. Notes: a sex that is not recorded
or not inferred, a parent that was not compared with the child, a file whose header names another sample.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from itertools import combinations
from typing import Any, NamedTuple

from gms.qc.relations import labels
from gms.sharing.decision.model import Member, SharedCase

_PASSED = ("pass", "warn")
# Kinship coefficients of KING-robust (Manichaikul et al. 2010, Bioinformatics 26:2867, table 1).
ONE_PERSON, SECOND_DEGREE = 0.354, 0.0884
_LINKED = "a file of the case in the results folder is a symbolic link, and its target may belong to another sample"
_TUMOR_NORMAL = "tumor_normal_concordance"


class Identity(NamedTuple):
    """Why the case may not be shared, and what could not be checked; samples are named by their role."""

    reasons: tuple[str, ...]
    notes: tuple[str, ...]


def identity_problems(
    case: SharedCase,
    case_qc: Mapping[str, Any],
    sample_qc: Mapping[str, Mapping[str, Any]],
    read_groups: Mapping[str, Collection[str | None]],
    has_links: bool = False,
) -> Identity:
    """Evaluate qc/{case}.case.json, and of each sample qc/{sample}.qc.json and the read groups (SM) of its reads.

    `has_links`: a file of the case in the results folder is a link, so that it may be anybody's.
    """
    reasons: list[str] = [_LINKED] if has_links else []
    notes: list[str] = []
    if case_qc.get("case") != case.case:
        reasons.append("the quality control of the case belongs to another sample or case")
    for member, name in zip(case.members, _names(case.members), strict=True):
        if member.sample in sample_qc:
            reasons += _of_another_sample(name, member, case.case, sample_qc[member.sample], read_groups)
            _evaluate_sample(name, member, sample_qc[member.sample], reasons, notes)
        else:
            reasons.append(f"the {name} has no quality control, so its identity is unknown")
    reasons += _wrong_relations(case, case_qc)
    notes += _unchecked_parents({member.role for member in case.members}, _gate_statuses(case_qc))
    return Identity(tuple(reasons), tuple(notes))


def _names(members: tuple[Member, ...]) -> Iterator[str]:
    """The role, with a number where several members have it."""
    times, seen = Counter(member.role for member in members), Counter()
    for member in members:
        seen[member.role] += 1
        yield member.role if times[member.role] == 1 else f"{member.role} {seen[member.role]}"


def _wrong_relations(case: SharedCase, case_qc: Mapping[str, Any]) -> Iterator[str]:
    statuses, roles = _gate_statuses(case_qc), {member.role for member in case.members}
    if {"tumor", "normal"} <= roles and statuses.get(_TUMOR_NORMAL) not in (*_PASSED, "fail"):
        yield "tumour and normal were not shown to be from one person"
    yield from (_failed(metric) for metric, status in statuses.items() if status == "fail")
    yield from _one_person(case, case_qc["metrics"])
    yield from _unrelated_siblings(case, case_qc["metrics"])


def _of_another_sample(
    name: str, member: Member, case: str, qc: Mapping[str, Any], read_groups: Mapping[str, Collection[str | None]]
) -> Iterator[str]:
    if qc.get("start") == "vcf":
        yield f"the {name} starts from a VCF without reads, so nothing shows whose calls they are"
    elif set(read_groups.get(member.sample, ())) != {member.sample}:
        yield f"the read groups (SM) of the {name} name another sample"
    if (qc.get("sample"), qc.get("case")) != (member.sample, case):
        yield f"the quality control of the {name} belongs to another sample or case"


def _evaluate_sample(name: str, member: Member, qc: Mapping[str, Any], reasons: list[str], notes: list[str]) -> None:
    inferred = qc["metrics"].get("sex_inferred") or "unknown"
    if "unknown" in (member.sex, inferred):
        known = "not recorded" if member.sex == "unknown" else "recorded, but could not be inferred from the reads"
        notes.append(f"the sex of the {name} is {known}: not compared")
    elif member.sex != inferred:
        reasons.append(f"the sex of the {name} is recorded as {member.sex}, but its reads are {inferred}")
    if qc.get("named_otherwise"):
        notes.append(f"the file of reads of the {name} has another name than the sample sheet in its header")
    if _gate_statuses(qc).get("lane_concordance") == "fail":
        reasons.append(f"the lanes of the {name} are not from one person")


def _unchecked_parents(roles: set[str], statuses: Mapping[str, str]) -> Iterator[str]:
    for parent in ("mother", "father"):
        checked = statuses.get(f"parent_child_{parent}_concordance") in (*_PASSED, "fail")
        if "proband" in roles and parent in roles and not checked:
            yield f"it was not checked whether the {parent} is a parent of the proband"


def _kinships(case: SharedCase, metrics: Mapping[str, Any]) -> Iterator[tuple[Member, Member, float]]:
    """Pairs of members, in the order of the case, with their kinship coefficient where it was measured."""
    names = labels({member.sample: member.role for member in case.members})
    for first, second in combinations(case.members, 2):
        value = metrics.get(f"kinship_{names[first.sample]}_{names[second.sample]}")
        if value is not None:
            yield first, second, value


def _one_person(case: SharedCase, metrics: Mapping[str, Any]) -> Iterator[str]:
    for first, second, value in _kinships(case, metrics):
        is_twin = {first.role, second.role} == {"proband", "twin"}
        if value > ONE_PERSON and first.subject != second.subject and not is_twin:
            yield f"the {first.role} and the {second.role} have the reads of the same person, or of identical twins"


def _unrelated_siblings(case: SharedCase, metrics: Mapping[str, Any]) -> Iterator[str]:
    for first, second, value in _kinships(case, metrics):
        if {first.role, second.role} in ({"proband", "sibling"}, {"sibling"}) and value < SECOND_DEGREE:
            yield f"the {first.role} and the {second.role} are not related"


def _gate_statuses(qc: Mapping[str, Any]) -> dict[str, str]:
    """Metric -> QC status of its gate; if there are several gates, a failed one counts."""
    statuses: dict[str, str] = {}
    for gate in qc["gates"]:
        if statuses.get(gate["metric"]) != "fail":
            statuses[gate["metric"]] = gate["verdict"]
    return statuses


def _failed(metric: str) -> str:
    if metric == _TUMOR_NORMAL:
        return "tumour and normal are not from one person"
    if metric.startswith("parent_child_"):
        return f"the {metric.split('_')[2]} is not a parent of the proband"
    return f"the relation {metric} is not the one in the sample sheet"
