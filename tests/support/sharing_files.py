"""A sharing file with everything that it names, as a user would write it, for tests."""

from copy import deepcopy
from pathlib import Path

import yaml

from gms.sharing.decision.keyfiles import make_keys
from gms.sharing.decision.loading import load_sharing
from gms.sharing.decision.model import Member, SharedCase

TRIO = SharedCase(
    "F1",
    "wgs_rare",
    "germline",
    (
        Member("child", "proband", "male", "yes", "p1"),
        Member("mum", "mother", "female", "no", "p2"),
        Member("dad", "father", "male", "no", "p3"),
    ),
)
PAIR = SharedCase(
    "T1",
    "wgs_cancer",
    "somatic",
    (Member("t", "tumor", "female", "unknown", "p1"), Member("n", "normal", "female", "unknown", "p1")),
)
CONTENT = {
    "study": {
        "id": "S1",
        "title": "A study",
        "ethics_approval": "2026-01234-01",
        "valid_from": "2026-01-01",
        "valid_until": "2027-12-31",
        "responsible": "Uppsala universitet",
        "disclosing_party": "region-uppsala",
        "disclosing_decision": "RU-2026-17",
        "purpose": "research_study",
        "data_categories": ["germline_variants", "somatic_variants", "reads", "quality_metrics"],
        "retention_until": "2031-12-31",
    },
    "data_use": ["HMB", "IRB", "PS", "IS"],
    "recipients": [
        {
            "party": "uppsala-universitet",
            "public_key": "keys/uu.c4gh.pub",
            "valid_until": "2027-06-30",
            "request": ["HMB", "IRB", "PS", "IS"],
        },
        {
            "party": "lunds-universitet",
            "public_key": "keys/lu.c4gh.pub",
            "valid_until": "2027-06-30",
            "revoked": False,
            "request": ["DS MONDO:0005105", "IRB", "PS S1", "IS lunds-universitet"],
        },
    ],
    "consents": "consents.tsv",
    "individuals": "individuals.tsv",
    "pseudonym_key": "keys/centre.pseudonym.key",
    "signing_key": "keys/centre.signing.pem",
    "encryption_key": "keys/centre.c4gh.sec",
    "approvers": ["keys/approver.signing.pub.pem"],
    "audit": "audit.jsonl",
}
CONSENTS = [
    "p1\tS1\tgranted\t2026-02-01",
    "p2\tS1\tgranted\t2026-02-01",
    "p3\tS1\tgranted\t2026-02-01",
]
INDIVIDUALS = ["p1\t1970-05-17\t2026-03-01\tMONDO:0007254\tbreast cancer", "p2\t\t2026-03-02\t\t"]


def write_sharing(folder: Path, content: dict | None = None, consents=CONSENTS, individuals=INDIVIDUALS) -> Path:
    """Write sharing.yaml with tables and keys into a folder; `content` replaces CONTENT."""
    if not (folder / "keys").exists():
        for name in ("centre", "approver", "uu", "lu"):
            make_keys(folder / "keys", name)
    (folder / "sharing.yaml").write_text(yaml.safe_dump(content if content is not None else CONTENT, sort_keys=False))
    (folder / "consents.tsv").write_text("".join(f"{row}\n" for row in ["subject\tstudy\tstatus\tdate", *consents]))
    header = "subject\tbirth_date\tsampled\tdisease\tdisease_label"
    (folder / "individuals.tsv").write_text("".join(f"{row}\n" for row in [header, *individuals]))
    return folder / "sharing.yaml"


def changed(*changes: tuple[str, object]) -> dict:
    """CONTENT with other values at dotted key paths ('recipients.0.party'); None takes the key away."""
    content = deepcopy(CONTENT)
    for path, value in changes:
        *keys, last = [int(key) if key.isdigit() else key for key in path.split(".")]
        place = content
        for key in keys:
            place = place[key]
        if value is None:
            del place[last]
        else:
            place[last] = value
    return content


def sharing_with(folder: Path, *changes: tuple[str, object], **tables):
    """The loaded sharing of CONTENT with changes."""
    return load_sharing(write_sharing(folder, changed(*changes), **tables))
