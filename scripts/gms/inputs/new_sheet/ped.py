"""Families of a PED file: family, individual, father, mother, sex, phenotype.

The format is that of PLINK and GATK: sex 1 male, 2 female; phenotype 1 unaffected, 2 affected; columns separated by
blanks or tabs, 0 for a parent who is not known.
"""

from pathlib import Path
from typing import NamedTuple

from gms.base.problems import Findings
from gms.inputs.importers.draft import Draft, Notes, Wishes
from gms.inputs.importers.names import proper
from gms.inputs.importers.pedigree import Member, give_roles
from gms.inputs.importers.words import PED_PHENOTYPE, PED_SEX
from gms.inputs.user_tables import find_personal_numbers, read_text

NOBODY = ("0", "-9", "")


class Person(NamedTuple):
    """A row of a PED file; `line` 1-based, parents empty where they are not known."""

    family: str
    name: str
    father: str
    mother: str
    sex: str
    affected: str
    line: int


def read_ped(path: Path, findings: Findings) -> dict[str, Person]:
    """Persons by name, after noting rows that cannot be read."""
    text = read_text(path, findings) or ""
    rows = [
        (number, line.split("\t") if "\t" in line else line.split()) for number, line in enumerate(text.splitlines(), 1)
    ]
    rows = [(line, [cell.strip() for cell in cells]) for line, cells in rows if any(map(str.strip, cells))]
    find_personal_numbers(text, rows, path, findings)
    persons: dict[str, Person] = {}
    for line, cells in rows:
        if cells[0].startswith("#"):
            continue
        if len(cells) < 6 or not cells[0] or not cells[1]:
            text = f"has {len(cells)} columns; a PED row has family, individual, father, mother, sex, phenotype"
            findings.add(path, line, text)
        elif cells[1] in persons:
            findings.add(path, line, f"'{cells[1]}' is on line {persons[cells[1]].line} already")
        else:
            persons[cells[1]] = _person(cells, line)
    if not persons and not findings.problems:
        findings.add(path, None, "has no rows")
    return persons


def _person(cells: list[str], line: int) -> Person:
    family, name, *parents, sex, phenotype = cells[:6]
    father, mother = ("" if parent in NOBODY else parent for parent in parents)
    is_affected = PED_PHENOTYPE.get(phenotype, "unknown")
    return Person(family, name, father, mother, PED_SEX.get(sex, "unknown"), is_affected, line)


def describe(drafts: list[Draft], persons: dict[str, Person], path: Path, wishes: Wishes, notes: Notes) -> list[str]:
    """Give drafts the family, sex, status and role of their persons. Returns sentences on what is open."""
    roles, open_questions = _roles(persons, path, wishes, notes)
    names = {proper(name): name for name in persons} | {name: name for name in persons}
    unknown = []
    for draft in drafts:
        person = persons.get(names.get(draft.source_sample, names.get(proper(draft.source_sample), "")))
        if person is None:
            unknown.append(draft.source_sample)
            continue
        draft.case, draft.sex, draft.affected = person.family, person.sex, person.affected
        draft.role = wishes.role(*draft.names) or roles.get(person.name, "")
    sequenced = {names.get(draft.source_sample, names.get(proper(draft.source_sample), "")) for draft in drafts}
    if absent := [name for name in persons if name not in sequenced]:
        notes.add(f"persons of {path.name} without FASTQ files, who get no row", *absent)
    lines = {persons[name].line for name in sequenced if name in persons}
    said = [text for line, text in open_questions if line in lines]
    return said + [f"{path.name} does not have {name}: its case and role are open" for name in dict.fromkeys(unknown)]


def _roles(persons: dict[str, Person], path: Path, wishes: Wishes, notes: Notes) -> tuple[dict[str, str], list]:
    """Role by person, and (line, sentence) of what cannot be told."""
    own = Findings()
    members = [Member(p.name, p.family, path, p.line, p.affected, p.father, p.mother) for p in persons.values()]
    parents = {parent: p.family for p in persons.values() for parent in (p.father, p.mother) if parent}
    members += [Member(name, parents[name], path, 0, "", "", "") for name in parents if name not in persons]
    roles = give_roles(members, wishes, own, notes)
    return roles, [(problem.line, problem.text) for problem in own.problems]
