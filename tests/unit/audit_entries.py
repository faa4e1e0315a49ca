"""Entries of an audit log, invented, for the tests."""

import datetime

from gms.sharing.pseudonyms import Pseudonyms

NAMES = Pseudonyms(bytes(range(32)), "S1")
CASE, OTHER_CASE = NAMES.case("c1"), NAMES.case("c2")
PERSON, OTHER_PERSON = NAMES.subject("p1"), NAMES.subject("p2")
TIME = datetime.datetime(2026, 11, 23, 9, 30, tzinfo=datetime.UTC)
MANIFEST = "a" * 64


def decided(**changes):
    """The decision to share a case of one person with two parties."""
    return {
        "action": "decided",
        "study": "S1",
        "package": CASE,
        "version": 1,
        "decision": "shared",
        "rule_set": "se-2026-01",
        "ethics_approval": "2026-01234-01",
        "disclosing_party": "region-uppsala",
        "disclosing_decision": "RU 2026-77",
        "retention_until": "2027-12-31",
        "data_categories": ["somatic_variants", "quality_metrics"],
        "parties": ["karolinska-institutet", "lunds-universitet"],
        "subjects": [PERSON],
        "left_out": [],
        "refused_parties": [],
        "reasons": [],
        "manifest_sha256": MANIFEST,
        **changes,
    }
