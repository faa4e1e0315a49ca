"""What sharing is decided on: the study, its recipients, the consents, and the case that is asked for."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Member:
    """A sample of a case as export sees it; `subject` is the sheet's opaque id, None where the sheet gives none."""

    sample: str
    role: str
    sex: str
    affected: str
    subject: str | None


@dataclass(frozen=True, slots=True)
class SharedCase:
    """A case; `kind` is its assay's, germline or somatic; the index member comes first."""

    case: str
    assay: str
    kind: str
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class Study:
    """The study with everything that makes sharing for it lawful; days are inclusive."""

    id: str
    title: str
    ethics_approval: str
    valid_from: datetime.date
    valid_until: datetime.date
    responsible: str
    disclosing_party: str
    disclosing_decision: str
    purpose: str
    data_categories: frozenset[str]
    retention_until: datetime.date
    accepts_not_assessed: bool = False


@dataclass(frozen=True, slots=True)
class Recipient:
    """An organisation that the study shares with: Crypt4GH public key (32 bytes), its last day, DUO request."""

    organisation: str
    public_key: bytes
    valid_until: datetime.date
    revoked: bool
    request: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Consent:
    """What a subject said about a study on a day: granted, withdrawn or expired."""

    subject: str
    study: str
    status: str
    date: datetime.date


@dataclass(frozen=True, slots=True)
class Sharing:
    """The sharing file and its tables; the paths of keys are absolute, the keys are read where they are used.

    `former_keys` are public keys of the audit log that were replaced, each with the last day (UTC) of its entries.
    """

    path: Path
    study: Study
    data_use: tuple[str, ...]
    recipients: tuple[Recipient, ...]
    consents: tuple[Consent, ...]
    individuals: Mapping[str, Mapping[str, str]]  # subject -> birth_date, sampled, disease, disease_label
    pseudonym_key: Path
    signing_key: Path
    encryption_key: Path
    approvers: tuple[Path, ...]
    audit: Path
    known_identifiers: Path | None
    classifications: Path | None
    portal_table: Path | None
    former_keys: tuple[tuple[Path, datetime.date], ...] = ()


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A member that is not shared; named by the pseudonyms of subject (None without subject) and sample."""

    subject: str | None
    sample: str
    reason: str


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether a case is shared: with whom, whose samples, which categories, under which rule set, on which day.

    `reasons` are why not, empty if it is; no text of a decision contains a subject's id.
    """

    case: SharedCase
    date: datetime.date
    rule_set: str
    reasons: tuple[str, ...]
    notes: tuple[str, ...]
    members: tuple[Member, ...]
    left_out: tuple[LeftOut, ...]
    categories: frozenset[str]
    recipients: tuple[Recipient, ...]
    refused_recipients: tuple[tuple[str, str], ...]  # organisation, reason

    @property
    def allowed(self) -> bool:
        """Whether a package may be made."""
        return not self.reasons


def shared_case(facts: Mapping[str, Any]) -> SharedCase:
    """The case from the plain values that the export rule hands to its script."""
    members = tuple(Member(**member) for member in facts["members"])
    return SharedCase(facts["case"], facts["assay"], facts["kind"], members)


def completed_years(birth_date: datetime.date, on: datetime.date) -> int:
    """Age on a day; negative before the birth. Somebody born on 29 February completes a year on 1 March where there is
    no such day."""
    return on.year - birth_date.year - ((on.month, on.day) < (birth_date.month, birth_date.day))


ORGANISATIONS = {
    "region-stockholm": "Region Stockholm",
    "region-uppsala": "Region Uppsala",
    "vastra-gotalandsregionen": "Västra Götalandsregionen",
    "region-skane": "Region Skåne",
    "region-ostergotland": "Region Östergötland",
    "region-vasterbotten": "Region Västerbotten",
    "region-orebro-lan": "Region Örebro län",
    "karolinska-institutet": "Karolinska Institutet",
    "uppsala-universitet": "Uppsala universitet",
    "goteborgs-universitet": "Göteborgs universitet",
    "lunds-universitet": "Lunds universitet",
    "linkopings-universitet": "Linköpings universitet",
    "umea-universitet": "Umeå universitet",
    "orebro-universitet": "Örebro universitet",
}
COUNTRY = "SE"  # of all of them, ISO 3166-1
