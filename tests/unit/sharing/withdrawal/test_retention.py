import datetime

import pytest

from audit_entries import CASE, OTHER_CASE, PERSON, TIME, MemoryStore, decided, manifest, uploaded
from gms.sharing.audit.log import append, read_log
from gms.sharing.audit.queries import what_got
from gms.sharing.audit.verification import verify_log
from gms.sharing.package.keys import signing_fingerprint
from gms.sharing.withdrawal.messages import outcome_text, plan_text
from gms.sharing.withdrawal.retention import decide_deletion, delete_expired, deletion_plan

LAST_DAY, NEXT_DAY = datetime.date(2027, 12, 31), datetime.date(2028, 1, 1)


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "folder"


@pytest.fixture
def store():
    return MemoryStore()


@pytest.fixture
def shared(log, key, folder, store):
    """A package to be kept until the end of 2027, one until 2030."""
    for package, until, sha256 in ((CASE, "2027-12-31", "a" * 64), (OTHER_CASE, "2030-12-31", "c" * 64)):
        append(log, decided(package=package, retention_until=until, manifest_sha256=sha256), key, now=TIME)
        append(log, uploaded(package=package, manifest_sha256=sha256), key, now=TIME)
        (folder / package).mkdir(parents=True)
        (folder / package / "manifest.json").write_bytes(manifest(package))
        for path in ("data/x.vcf.gz.c4gh", "manifest.json", "manifest.sig"):
            store.objects[f"S1/{package}/v1/{path}"] = manifest(package)


def test_plan(shared, log):
    assert deletion_plan(log, LAST_DAY) == []
    (due,) = deletion_plan(log, NEXT_DAY)
    assert (due.id, due.retention_until, due.decision) == ((CASE, 1), LAST_DAY, None)
    assert [where[0] for where in due.places] == ["folder", "s3"]
    assert "deletion not decided yet" in plan_text([due])
    assert plan_text([]) == "No package is past its retention."


def test_nothing_is_deleted_without_a_decision(shared, log, sharing, folder, store):
    before = log.read_bytes(), dict(store.objects)
    outcome = delete_expired(sharing, NEXT_DAY, [folder], store)
    assert (log.read_bytes(), store.objects) == before
    assert sorted(path.name for path in folder.iterdir()) == sorted([CASE, OTHER_CASE])
    assert outcome_text(outcome) == "Nothing is left to delete."


def test_decided_and_deleted(shared, log, sharing, key, folder, store):
    (decision,) = decide_deletion(deletion_plan(log, NEXT_DAY), sharing, TIME)
    assert (decision["actor"], decision["reason"]) == (signing_fingerprint(key.public_key()), "retention_ended")
    assert decide_deletion(deletion_plan(log, NEXT_DAY), sharing, TIME) == []
    assert "deletion decided 2024-11-23" in plan_text(deletion_plan(log, NEXT_DAY))
    outcome = delete_expired(sharing, NEXT_DAY, [folder], store, TIME)
    assert "3 objects removed" in outcome_text(outcome)
    assert [path.name for path in folder.iterdir()] == [OTHER_CASE]
    assert sorted(store.objects)[0].startswith("S1/") and len(store.objects) == 4  # the other package and a tombstone
    assert [entry["decision"] for entry in read_log(log)[5:]] == [decision["sequence"]] * 2
    assert what_got(log, "lunds-universitet", PERSON)[0].sent[0].removed
    assert verify_log(log, key.public_key()) == []


def test_second_call_does_nothing(shared, log, sharing, folder, store):
    decide_deletion(deletion_plan(log, NEXT_DAY), sharing, TIME)
    delete_expired(sharing, NEXT_DAY, [folder], store, TIME)
    before = log.read_bytes()
    assert deletion_plan(log, NEXT_DAY) == []
    assert delete_expired(sharing, NEXT_DAY, [folder], store, TIME).removed == ()
    assert log.read_bytes() == before


def test_what_write_once_storage_keeps_stays_due(shared, log, sharing, folder, store):
    store.locked.add(f"S1/{CASE}/v1/manifest.sig")
    decide_deletion(deletion_plan(log, NEXT_DAY), sharing, TIME)
    assert "REFUSED" in outcome_text(delete_expired(sharing, NEXT_DAY, [folder], store, TIME))
    (due,) = deletion_plan(log, NEXT_DAY)
    assert [where[0] for where in due.places] == ["s3"] and due.decision
    store.locked.clear()
    delete_expired(sharing, NEXT_DAY, [folder], store, TIME)
    assert deletion_plan(log, NEXT_DAY) == []


def test_a_decision_before_the_day_deletes_nothing_until_then(shared, log, sharing, folder, store):
    decide_deletion(deletion_plan(log, NEXT_DAY), sharing, TIME)
    assert delete_expired(sharing, LAST_DAY, [folder], store, TIME).removed == ()
