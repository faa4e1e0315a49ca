"""Withdrawal from a real S3 server: versions, write-once storage, unfinished uploads, anchors."""

import datetime
import json
from types import SimpleNamespace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

import s3_server
from gms.sharing.audit import events
from gms.sharing.audit.anchors import anchor, put_anchor, read_anchors, stored_anchors, write_anchor
from gms.sharing.audit.log import append, head_path, read_log
from gms.sharing.audit.queries import what_got, withdrawn_among
from gms.sharing.audit.verification import verify_log
from gms.sharing.decision.pseudonyms import Pseudonyms
from gms.sharing.transfer.resume import unfinished
from gms.sharing.withdrawal.messages import withdrawal_text
from gms.sharing.withdrawal.tombstones import is_tombstone
from gms.sharing.withdrawal.withdrawal import withdraw

NAMES = Pseudonyms(bytes(range(32)), "study1")
PERSON, OTHER_PERSON, CASE = NAMES.subject("p1"), NAMES.subject("p2"), NAMES.case("c1")
STUDY = {
    "id": "study1",
    "ethics_approval": "2026-01234-01",
    "disclosing_party": "region-uppsala",
    "disclosing_decision": "RU 2026-77",
    "retention_until": "2027-12-31",
}
FILES = {"data/x.vcf.gz.c4gh": 70_000, "metadata/y.json.c4gh": 2_000}


@pytest.fixture
def store(s3, request):
    """A bucket of its own with versions and object lock."""
    bucket = request.node.name.replace("_", "-")
    store = s3.store("owner", bucket)
    store.request("create_bucket", "create the bucket", ObjectLockEnabledForBucket=True)
    return store


@pytest.fixture
def sharing(tmp_path):
    key = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    path = tmp_path / "centre.signing.pem"
    path.touch(mode=0o600)
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    study = SimpleNamespace(**STUDY | {"retention_until": datetime.date(2027, 12, 31)})
    return SimpleNamespace(audit=tmp_path / "audit.jsonl", signing_key=path, study=study, key=key)


@pytest.fixture
def package(tmp_path, store, sharing):
    """A package that was decided on, sent and logged; it holds two persons."""
    package = s3_server.write_package(tmp_path / "folder" / CASE, FILES, readers=("lunds-universitet",))
    manifest = s3_server.manifest_of(package) | {
        "study": STUDY,
        "subjects": [{"pseudonym": PERSON}, {"pseudonym": OTHER_PERSON}],
        "rule_set": "se-2026-01",
        "data_categories": ["somatic_variants"],
    }
    (package / "manifest.json").write_text(json.dumps(manifest))
    receipt = s3_server.send(package, store).record()
    record = {
        "package": CASE,
        "rule_set": "se-2026-01",
        "reasons": [],
        "members": [{"subject": PERSON}, {"subject": OTHER_PERSON}],
        "left_out": [],
        "data_categories": ["somatic_variants"],
        "recipients": ["lunds-universitet"],
        "refused_recipients": [],
    }
    append(sharing.audit, events.decided(record, sharing.study, 1, receipt["manifest_sha256"]), sharing.key)
    append(sharing.audit, events.uploaded(manifest, receipt), sharing.key)
    return package


def lock(store, key, until):
    retention = {"Mode": "COMPLIANCE", "RetainUntilDate": until}
    store.request("put_object_retention", "lock an object", Key=key, Retention=retention)


def left(store):
    """Every version of every object."""
    pages = store.pages("list_object_versions", "list all versions", Prefix="")
    return [found["Key"] for page in pages for kind in ("Versions", "DeleteMarkers") for found in page.get(kind, [])]


def test_every_version_goes(package, store, sharing):
    hidden = f"study1/{CASE}/v1/data/x.vcf.gz.c4gh"
    store.request("delete_object", "hide an object behind a delete marker", Key=hidden)
    begun = f"study1/{CASE}/v1/data/z.cram.c4gh"
    store.request("create_multipart_upload", "begin an upload that nobody finishes", Key=begun)
    assert unfinished(store, "study1/")
    done = withdraw(PERSON, sharing, [package.parent], store)
    assert left(store) == [f"study1/{CASE}/tombstone.json"]
    assert unfinished(store, "study1/") == []
    assert is_tombstone(store.get_small(f"study1/{CASE}/tombstone.json"), sharing.key.public_key())
    assert not package.exists()
    assert "lunds-universitet could read a package before" in withdrawal_text(done)
    before = sharing.audit.read_bytes()
    assert withdraw(PERSON, sharing, [package.parent], store).nothing_left
    assert sharing.audit.read_bytes() == before
    assert what_got(sharing.audit, "lunds-universitet", PERSON)[0].sent[0].removed


def test_write_once_storage_refuses(package, store, sharing):
    kept = f"study1/{CASE}/v1/data/x.vcf.gz.c4gh"
    lock(store, kept, datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=1))
    for _ in range(2):
        done = withdraw(PERSON, sharing, [package.parent], store)
        assert left(store) == sorted([f"study1/{CASE}/tombstone.json", kept])
        assert "REFUSED by the storage (write-once retention" in withdrawal_text(done)
    actions = [entry["action"] for entry in read_log(sharing.audit)]
    assert actions == ["decided", "uploaded", "withdrawn", "deleted", "refused_by_storage"]
    assert read_log(sharing.audit)[-1]["object"] == "data/x.vcf.gz.c4gh"
    assert withdrawn_among(sharing.audit, {PERSON, OTHER_PERSON}) == {PERSON}


def test_anchors_in_the_store_show_a_log_set_back(package, store, sharing, tmp_path):
    old = sharing.audit.read_bytes(), head_path(sharing.audit).read_bytes()
    withdraw(PERSON, sharing, [package.parent], store)
    head = anchor(sharing.audit)
    name = put_anchor(head, store, "study1")
    lock(store, name, datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=1))
    assert put_anchor(head, store, "study1") == name  # again, nothing new
    write_anchor(head, tmp_path / "anchors")
    assert stored_anchors(store, "study1") == read_anchors(tmp_path / "anchors") == [head]
    assert verify_log(sharing.audit, sharing.key.public_key(), stored_anchors(store, "study1")) == []
    sharing.audit.write_bytes(old[0])
    head_path(sharing.audit).write_bytes(old[1])
    assert verify_log(sharing.audit, sharing.key.public_key()) == []
    (problem,) = verify_log(sharing.audit, sharing.key.public_key(), stored_anchors(store, "study1"))
    assert problem.startswith("truncated: ") and problem.endswith("log and head were both set back")
