"""Roles of a family's members from the ids of their parents."""

from dataclasses import dataclass
from pathlib import Path

from gms.base.problems import Findings
from gms.inputs.importers.draft import Notes, Wishes


@dataclass(frozen=True)
class Member:
    """A person of a case, with what the first row of the sample says; no parent is an empty name."""

    name: str
    case: str
    path: Path
    line: int
    affected: str
    father: str
    mother: str

    @property
    def parents(self) -> tuple[str, str]:
        """Father and mother."""
        return self.father, self.mother


def give_roles(members: list[Member], wishes: Wishes, findings: Findings, notes: Notes) -> dict[str, str]:
    """Role by sample, empty after noting why it cannot be told; a role that was asked for goes before all others."""
    roles = {member.name: wishes.role(member.name) for member in members}
    everybody = {member.name: member for member in members}
    families: dict[str, list[Member]] = {}
    for member in members:
        families.setdefault(member.case, []).append(member)
    for family in families.values():
        for member in family:
            _check_parents(member, everybody, findings)
        index = _index(family, roles, findings, notes)
        for member in family:
            if index and not roles[member.name]:
                roles[member.name] = _role(member, index, findings)
    return roles


def _check_parents(member: Member, everybody: dict[str, Member], findings: Findings) -> None:
    """Note parents that are no parents, or that have no row in the case."""
    for column, parent in zip(("paternal_id", "maternal_id"), member.parents, strict=True):
        if not parent:
            continue
        text = f"{column} '{parent}' of '{member.name}'"
        if parent == member.name:
            findings.add(member.path, member.line, f"{text} is the same person; nobody is their own parent")
        elif parent not in everybody:
            text = f"{text} is not a sample of the sheet; add its rows, or write 0 for a parent who was not sequenced"
            findings.add(member.path, member.line, text)
        elif everybody[parent].case != member.case:
            text = f"{text} is in case '{everybody[parent].case}'; parents and children have the same case_id"
            findings.add(member.path, member.line, text)
    if member.father and member.father == member.mother:
        findings.add(member.path, member.line, f"'{member.name}' has the same person as father and as mother")


def _index(family: list[Member], roles: dict[str, str], findings: Findings, notes: Notes) -> Member | None:
    """The person the case is about; None after noting that the sheet does not say it."""
    asked = [member for member in family if roles[member.name] == "proband"]
    if asked:
        return asked[0]
    parents = {parent for member in family for parent in member.parents if parent != member.name}
    free = [member for member in family if not roles[member.name] and member.name not in parents]
    affected = [member for member in free if member.affected == "yes"]
    if len(affected) == 1:
        return _proband(affected[0], roles)
    if not affected and len(free) == 1 and free[0].affected == "unknown":
        notes.add("the only child, or only member, of a case is its proband; its phenotype is not given", free[0].name)
        return _proband(free[0], roles)
    first = family[0]
    reason = f"{len(affected)} affected: {_names(affected)}" if affected else "no child is affected"
    text = f"case '{first.case}' does not say who its proband is ({reason}); write  --role SAMPLE=proband"
    findings.add(first.path, first.line, text)
    return None


def _proband(member: Member, roles: dict[str, str]) -> Member:
    roles[member.name] = "proband"
    return member


def _names(members: list[Member]) -> str:
    return ", ".join(member.name for member in members)


def _role(member: Member, index: Member, findings: Findings) -> str:
    """Mother, father or sibling of the index; others cannot be analysed with it."""
    if member.name in index.parents:
        return "father" if member.name == index.father else "mother"
    if all(index.parents) and member.parents == index.parents:
        return "sibling"
    if set(filter(None, member.parents)) & set(filter(None, index.parents)):
        text = f"'{member.name}' shares one known parent with proband '{index.name}'; --role {member.name}=half-sibling"
        text += ", or =sibling if they have both parents in common"
    else:
        text = f"'{member.name}' is not a parent or sibling of proband '{index.name}' by the ids of their parents"
        text += f"; write  --role {member.name}=ROLE  (mother, father, sibling, half-sibling, twin)"
    findings.add(member.path, member.line, f"{text}, or leave it out: --leave-out {member.name}")
    return ""
