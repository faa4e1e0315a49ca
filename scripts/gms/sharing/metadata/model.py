"""What the metadata of a package rest on, and the shared people as every standard describes them: by pseudonym only."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gms.base.errors import GmsError
from gms.sharing.decision.model import Decision, Member, Sharing
from gms.sharing.decision.pseudonyms import Pseudonyms
from gms.sharing.deidentify.measurements import age
from gms.sharing.metadata.terms import Term, disease


class MetadataUnusable(GmsError):
    """Metadata that a standard does not allow; the text says what to correct."""


@dataclass(frozen=True, slots=True)
class PackageFacts:
    """What the metadata of a package rest on; `run` is run.json, `fasta` is plain, with its .fai beside it."""

    decision: Decision
    sharing: Sharing
    pseudonyms: Pseudonyms
    run: Mapping[str, Any]
    fasta: Path

    @property
    def case(self) -> str:
        """The case's pseudonym, which names the package."""
        return self.pseudonyms.case(self.decision.case.case)

    @property
    def day(self) -> datetime.date:
        """The date written wherever a standard demands one: the study's first day.

        Days of sampling, sequencing and analysis identify a patient together with a hospital, so none leaves; and a
        package rebuilt on another day has to have the same content.
        """
        return self.sharing.study.valid_from

    @property
    def assembly(self) -> str:
        """Name of the reference genome."""
        return self.run["reference"]["name"]

    @property
    def assay(self) -> Mapping[str, Any]:
        """The assay's part of run.json."""
        return self.run["assays"][self.decision.case.assay]

    @property
    def pipeline(self) -> str:
        """'gms VERSION'."""
        return f"{self.run['workflow']['name']} {self.run['workflow']['version']}"

    @property
    def germline(self) -> bool:
        """Whether the study may see germline findings; without it, nothing about them is written."""
        return "germline_variants" in self.decision.categories

    @property
    def matched(self) -> bool:
        """Whether a normal of the same person was sequenced, so that what is reported of the tumour is acquired."""
        return any(member.role == "normal" for member in self.decision.case.members)


@dataclass(frozen=True, slots=True)
class Person:
    """A shared sample and whom it comes from; `age` is an ISO 8601 period at sampling, None where it is not known."""

    member: Member
    subject: str
    sample: str
    age: str | None
    disease: Term | None

    @property
    def affected(self) -> bool:
        """Whether the disease that the case is about is this person's; a proband has it unless the sheet says no."""
        proband = self.member.role == "proband" and self.member.affected != "no"
        return proband or self.member.affected == "yes"


def people(facts: PackageFacts) -> list[Person]:
    """The shared members of the case, in the order of the decision, with their rows of the individuals table."""
    return [_person(member, facts) for member in facts.decision.members]


def _person(member: Member, facts: PackageFacts) -> Person:
    known = facts.sharing.individuals.get(member.subject, {}) if member.subject else {}
    if not member.subject:
        raise MetadataUnusable("a sample without subject cannot be described; add the subject to the sample sheet")
    term = disease(known["disease"]) if known.get("disease") else None
    names = facts.pseudonyms.subject(member.subject), facts.pseudonyms.sample(member.sample)
    return Person(member, *names, _age(known), term)


def _age(known: Mapping[str, str]) -> str | None:
    if not known.get("birth_date") or not known.get("sampled"):
        return None
    return age(*(datetime.date.fromisoformat(str(known[key])) for key in ("birth_date", "sampled")))
