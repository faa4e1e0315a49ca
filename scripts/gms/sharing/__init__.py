"""Sharing: what may leave the centre, for which study, to whom, whose data, under which pseudonyms."""

from gms.sharing.loading import check_sharing, load_sharing
from gms.sharing.model import (
    CATEGORIES,
    Consent,
    Decision,
    LeftOut,
    Member,
    Recipient,
    SharedCase,
    Sharing,
    Study,
    case_facts,
)

__all__ = [
    "CATEGORIES",
    "Consent",
    "Decision",
    "LeftOut",
    "Member",
    "Recipient",
    "SharedCase",
    "Sharing",
    "Study",
    "case_facts",
    "check_sharing",
    "load_sharing",
]
