"""A small package for tests: keys, plain files, and everything up to the signature."""

import datetime
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from gms.sharing.decision.model import Decision, Member, Recipient, SharedCase, Sharing, Study
from gms.sharing.decision.pseudonyms import Pseudonyms
from gms.sharing.package.approval import approve
from gms.sharing.package.content import Basis, manifest_content
from gms.sharing.package.files import encrypt_tree
from gms.sharing.package.header import CIPHER_SEGMENT, SEGMENT, header_bytes
from gms.sharing.package.keys import public_of
from gms.sharing.package.manifest import write_manifest

TODAY = datetime.date(2026, 11, 23)
CENTRE, READER, OTHER, STRANGER = (hashlib.sha256(name).digest() for name in (b"centre", b"uu", b"ki", b"stranger"))
SIGNER, APPROVER, INTRUDER = (Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32) for number in (1, 2, 3))
SENDER: Ed25519PublicKey = SIGNER.public_key()
APPROVERS = (APPROVER.public_key(),)
PSEUDONYMS = Pseudonyms(bytes(range(32)), "S1")
CRAM = f"data/{PSEUDONYMS.sample('tumour-1')}.cram.c4gh"
METADATA = "metadata/vrs.tsv.c4gh"
SEGMENTS = 10
RUN = {
    "gmc": "uppsala",
    "workflow": {"name": "gms", "version": "v1"},
    "reference": {"name": "GRCh38"},
    "assays": {
        "panel_solid": {
            "version": "1.0",
            "sha256": "a" * 64,
            "policy": {"name": "panel_solid", "version": "2026.11", "sha256": "b" * 64},
            "targets": {"file": "panel.bed", "sha256": "c" * 64},
        }
    },
}
STUDY = Study(
    id="S1",
    title="A study",
    ethics_approval="2026-00001-01",
    valid_from=datetime.date(2026, 1, 1),
    valid_until=datetime.date(2028, 12, 31),
    responsible="region-uppsala",
    disclosing_party="region-uppsala",
    disclosing_decision="RU-2026-1",
    purpose="Research on tumours",
    data_categories=frozenset({"somatic_variants", "reads", "germline_variants"}),
    retention_until=datetime.date(2036, 12, 31),
)


def recipient(organisation: str = "uppsala-universitet", secret: bytes = READER, **changes: Any) -> Recipient:
    """A recipient with a valid key."""
    facts = {"public_key": public_of(secret), "valid_until": datetime.date(2027, 12, 31), "revoked": False}
    return Recipient(**({"organisation": organisation, "request": ("HMB",)} | facts | changes))


RECIPIENTS = (recipient(), recipient("karolinska-institutet", OTHER))


def sharing() -> Sharing:
    """The study's sharing file; its key files do not exist."""
    nowhere = Path("/nonexistent")
    paths = dict.fromkeys(("pseudonym_key", "signing_key", "encryption_key", "audit"), nowhere)
    none = dict.fromkeys(("known_identifiers", "classifications", "portal_table"))
    lists = {"recipients": RECIPIENTS, "consents": (), "individuals": {}, "approvers": ()}
    return Sharing(path=nowhere, study=STUDY, data_use=("HMB", "IRB"), **paths, **none, **lists)


def decision(recipients: Sequence[Recipient] = RECIPIENTS) -> Decision:
    """A tumour and its normal, both of one person, shared with recipients."""
    samples = (("tumour-1", "tumor"), ("normal-1", "normal"))
    members = tuple(Member(sample, role, "female", "yes", "person-1") for sample, role in samples)
    case = SharedCase("case-1", "panel_solid", "somatic", members)
    empty = dict.fromkeys(("reasons", "notes", "left_out", "refused_recipients"), ())
    facts = {"members": members, "categories": STUDY.data_categories, "recipients": tuple(recipients)}
    return Decision(case=case, date=TODAY, rule_set="2026-01", **empty, **facts)


def write_plain(folder: Path) -> Path:
    """A plain tree: reads of ten segments, the last one short, and two small files."""
    for name, content in {
        CRAM: b"".join(bytes([number]) * SEGMENT for number in range(SEGMENTS))[: -SEGMENT + 1000],
        METADATA: b"id\n",
        "metadata/beacon/runs.json.c4gh": b"[]\n",
    }.items():
        path = folder / name.removesuffix(".c4gh")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def make_package(folder: Path, recipients: Sequence[Recipient] = RECIPIENTS, approved: bool = False) -> Path:
    """A signed package below `folder`, in its own folder beside its plain files."""
    plain, package = write_plain(folder / "plain"), folder / PSEUDONYMS.case("case-1")
    entries = encrypt_tree(plain, package, [item.public_key for item in recipients], CENTRE)
    refget = {"chr1": "SQ." + "A" * 32}
    basis = Basis(decision(recipients), sharing(), PSEUDONYMS, RUN, "GRCh38", refget, public_of(CENTRE))
    write_manifest(package, manifest_content(basis, entries), SIGNER)
    if approved:
        approve(package, APPROVER, APPROVERS, SENDER, TODAY)
    return package


@dataclass
class Parts:
    """A Crypt4GH file in its parts, to be put together otherwise."""

    header: bytes
    packets: list[bytes]
    segments: list[bytes]

    @classmethod
    def of(cls, path: Path, packets: int = 3) -> "Parts":
        """The parts of a file with so many header packets."""
        content, size = path.read_bytes(), header_bytes(packets)
        step = header_bytes(1) - header_bytes(0)
        body = content[size:]
        return cls(
            content[:12],
            [content[at : at + step] for at in range(16, size, step)],
            [body[at : at + CIPHER_SEGMENT] for at in range(0, len(body), CIPHER_SEGMENT)],
        )

    def write(self, path: Path) -> None:
        """Write the file with the number of packets that it has now."""
        count = len(self.packets).to_bytes(4, "little")
        path.write_bytes(b"".join([self.header, count, *self.packets, *self.segments]))
