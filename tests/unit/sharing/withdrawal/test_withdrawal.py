import json
import os

import pytest

from audit_entries import (
    CASE,
    NAMES,
    OTHER_CASE,
    OTHER_PERSON,
    PERSON,
    TIME,
    MemoryStore,
    decided,
    handed_over,
    manifest,
    upload_started,
    uploaded,
)
from gms.base.errors import GmsError
from gms.sharing.audit.log import append, read_log
from gms.sharing.audit.queries import what_got, withdrawn_among
from gms.sharing.audit.verification import verify_log
from gms.sharing.transfer import acl
from gms.sharing.transfer.errors import TransferError
from gms.sharing.withdrawal.messages import listing_text, withdrawal_text
from gms.sharing.withdrawal.tombstones import SUPERSEDED, is_tombstone, local_tombstone, verify_tombstone
from gms.sharing.withdrawal.withdrawal import list_holdings, withdraw

PREFIX = f"S1/{CASE}/v1/"
TOMBSTONE = f"S1/{CASE}/tombstone.json"


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "export" / "folder"


@pytest.fixture
def store():
    return MemoryStore()


@pytest.fixture
def shared(folder, store, log, key):
    """One package in the folder and in the store, holding two persons, and one of somebody else."""
    both = {"subjects": [PERSON, OTHER_PERSON]}
    place(folder / "case-1", manifest(**both))
    place(folder / "case-2", manifest(OTHER_CASE, subjects=[OTHER_PERSON]))
    append(log, decided(**both), key, now=TIME)
    append(log, uploaded(), key, now=TIME)
    append(log, decided(package=OTHER_CASE, subjects=[OTHER_PERSON], manifest_sha256="c" * 64), key, now=TIME)
    append(log, uploaded(package=OTHER_CASE, manifest_sha256="c" * 64), key, now=TIME)
    put(store, PREFIX, manifest(**both))
    put(store, f"S1/{OTHER_CASE}/v1/", manifest(OTHER_CASE, subjects=[OTHER_PERSON]))
    return folder


def place(package, content):
    (package / "data").mkdir(parents=True)
    (package / "data" / "x.vcf.gz.c4gh").write_bytes(b"crypt4gh")
    (package / "manifest.json").write_bytes(content)
    (package / "manifest.sig").write_bytes(b"signature")
    package.with_name(f"{package.name}.json").write_text("{}")


def put(store, prefix, content):
    store.objects |= {f"{prefix}data/x.vcf.gz.c4gh": b"crypt4gh", f"{prefix}manifest.json": content}
    store.objects[f"{prefix}manifest.sig"] = b"signature"


def actions(log, since=4):
    return [entry["action"] for entry in read_log(log)[since:]]


def test_listing_writes_nothing(shared, store, sharing, log):
    before = log.read_bytes(), dict(store.objects)
    listing = list_holdings(PERSON, sharing, [shared], store)
    assert [(copy.place[0], copy.id, len(copy.objects)) for copy in listing.copies] == [
        ("folder", (CASE, 1), 3),
        ("s3", (CASE, 1), 3),
    ]
    assert (log.read_bytes(), store.objects) == before
    text = listing_text(listing)
    assert "not withdrawn" in text and f"bucket gmc-joint of https://vgtn0012.example.org, {PREFIX}" in text
    assert OTHER_CASE not in text


def test_withdrawn_everywhere(shared, store, sharing, log, key):
    done = withdraw(PERSON, sharing, [shared], store, TIME)
    assert sorted(path.name for path in shared.iterdir()) == ["case-2", "case-2.json"]
    assert sorted(store.objects) == sorted(
        [TOMBSTONE, *(f"S1/{OTHER_CASE}/v1/{name}" for name in ("data/x.vcf.gz.c4gh", "manifest.json", "manifest.sig"))]
    )
    assert store.deleted[0] == f"{PREFIX}manifest.json"  # no reader takes the rest for a package
    assert withdrawn_among(log, {PERSON, OTHER_PERSON}) == {PERSON}
    assert actions(log) == ["withdrawn", "deleted", "deleted"]
    assert {entry["target"]: entry["removed"] for entry in read_log(log)[5:]} == {"folder": 3, "s3": 3}
    assert all(entry["decision"] == 5 for entry in read_log(log)[5:])
    assert verify_log(log, key.public_key()) == []
    assert what_got(log, "lunds-universitet", PERSON)[0].sent[0].removed
    text = withdrawal_text(done)
    assert SUPERSEDED in text and "karolinska-institutet, lunds-universitet could read a package before" in text
    assert "Copies that they made remain:" in text


def test_tombstone(shared, store, sharing, log, key, other_key):
    withdraw(PERSON, sharing, [shared], store, TIME)
    note = store.objects[TOMBSTONE]
    assert local_tombstone(log, CASE).read_bytes() == note
    assert local_tombstone(log, CASE).stat().st_mode == log.stat().st_mode  # nobody reads it who may not read the log
    assert is_tombstone(note, key.public_key()) and not is_tombstone(note, other_key.public_key())
    assert not is_tombstone(note.replace(b'"versions":[1]', b'"versions":[2]'), key.public_key())
    content = json.loads(note)
    assert (content["persons"], content["versions"], content["note"]) == ([PERSON], [1], SUPERSEDED)
    assert "The centre cannot reach copies" in content["request"]


def test_second_call_does_nothing_and_says_so(shared, store, sharing, log):
    withdraw(PERSON, sharing, [shared], store, TIME)
    before = log.read_bytes(), dict(store.objects), local_tombstone(log, CASE).stat().st_mtime_ns
    done = withdraw(PERSON, sharing, [shared], store)
    assert done.nothing_left and not done.first
    assert (log.read_bytes(), store.objects, local_tombstone(log, CASE).stat().st_mtime_ns) == before
    assert "already withdrawn (2024-11-23 09:30 UTC); nothing left to remove here" in withdrawal_text(done)


def test_write_once_storage(shared, store, sharing, log):
    kept = f"{PREFIX}data/x.vcf.gz.c4gh"
    store.locked.add(kept)
    for _ in range(2):
        done = withdraw(PERSON, sharing, [shared], store, TIME)
        assert kept in store.objects and f"{PREFIX}manifest.json" not in store.objects
        assert actions(log) == ["withdrawn", "deleted", "refused_by_storage"]
        assert "REFUSED by the storage (write-once retention, a hold, or no permission to delete)" in withdrawal_text(
            done
        )
    assert read_log(log)[6]["object"] == "data/x.vcf.gz.c4gh"
    assert what_got(log, "lunds-universitet", PERSON)[0].sent[0].refused == ("data/x.vcf.gz.c4gh",)
    store.locked.clear()  # the retention has ended
    withdraw(PERSON, sharing, [shared], store, TIME)
    assert kept not in store.objects
    assert actions(log)[3:] == ["deleted"]
    (sent,) = what_got(log, "lunds-universitet", PERSON)[0].sent
    assert sent.removed and not sent.refused


def test_interrupted_at_any_point_goes_on(shared, store, sharing, log, key, monkeypatch):
    """Each request to the store fails once; the command is repeated until it ends."""
    kinds = ("list_objects", "get_small", "put_small", "delete_object")
    failed, ended = 0, False
    seen = set()

    def failing(kind):
        real = getattr(MemoryStore, kind)

        def request(self, *arguments):
            if (kind, arguments) not in seen:
                seen.add((kind, arguments))
                raise GmsError("the store does not answer")
            return real(self, *arguments)

        return request

    for kind in kinds:
        monkeypatch.setattr(MemoryStore, kind, failing(kind))
    while not ended:
        try:
            withdraw(PERSON, sharing, [shared], store, TIME)
            ended = True
        except GmsError:
            failed += 1
            assert withdrawn_among(log, {PERSON, OTHER_PERSON}) == {PERSON}  # blocked from the first moment
    assert failed >= 5
    assert [key for key in store.objects if key.startswith(PREFIX)] == []
    assert actions(log) == ["withdrawn", "deleted", "deleted"]
    assert verify_log(log, key.public_key()) == []


def test_removal_done_but_not_logged(shared, store, sharing, log):
    """Interrupted between the last object and its entry: the next call logs that nothing is left."""
    append_count = len(read_log(log))
    for name in [name for name in store.objects if name.startswith(PREFIX)]:
        del store.objects[name]
    withdraw(PERSON, sharing, [shared], store, TIME)
    assert [(entry.get("target"), entry.get("removed")) for entry in read_log(log)[append_count + 1 :]] == [
        ("folder", 3),
        ("s3", 0),
    ]


def test_copies_that_the_log_does_not_know(folder, store, sharing, log):
    place(folder / "case-1", manifest())
    put(store, f"S1/{CASE}/v3/", manifest(version=3))
    withdraw(PERSON, sharing, [folder], store, TIME)
    assert list(folder.iterdir()) == [] and sorted(store.objects) == [TOMBSTONE]
    assert json.loads(store.objects[TOMBSTONE])["versions"] == [1, 3]
    before = log.read_bytes(), dict(store.objects)
    assert withdraw(PERSON, sharing, [folder], store, TIME).nothing_left
    assert (log.read_bytes(), store.objects) == before


def test_copies_of_unknown_persons_are_told_and_kept(folder, store, sharing):
    place(folder / "case-1", b"no manifest")
    put(store, PREFIX, b"no manifest")
    done = withdraw(PERSON, sharing, [folder], store, TIME, known={PERSON})
    assert len(store.objects) == 3 and (folder / "case-1").exists()
    assert withdrawal_text(done).count("no readable manifest, so its persons are unknown") == 2


def test_before_anything_was_shared(sharing, log):
    done = withdraw(PERSON, sharing, [], None, TIME, known={OTHER_PERSON, PERSON})
    assert withdrawn_among(log, {PERSON, OTHER_PERSON}) == {PERSON}
    assert "no export will contain the person any longer" in withdrawal_text(done)
    withdraw(PERSON, sharing, [], None, TIME)
    assert actions(log, 0) == ["withdrawn"]


def test_other_tenants_are_listed(shared, sharing, log):
    other = MemoryStore("https://vgtn0099.example.org", "own")
    done = withdraw(PERSON, sharing, [shared], other, TIME)
    assert [one.place[2] for one in done.outcome.elsewhere] == ["gmc-joint"]
    assert "not reached" in withdrawal_text(
        done
    ) and "run this again with export.s3 for that bucket" in withdrawal_text(done)
    assert actions(log) == ["withdrawn", "deleted"]
    assert other.objects == {}


def test_the_others_of_a_case_exported_again_stay(shared, store, sharing, log, key):
    withdraw(PERSON, sharing, [shared], store, TIME)
    append(log, decided(subjects=[OTHER_PERSON], manifest_sha256="d" * 64), key, now=TIME)
    place(shared / "case-1", manifest(subjects=[OTHER_PERSON]))
    put(store, PREFIX, manifest(subjects=[OTHER_PERSON]))
    before = log.read_bytes()
    assert withdraw(PERSON, sharing, [shared], store, TIME).nothing_left
    assert (shared / "case-1" / "manifest.json").exists() and f"{PREFIX}manifest.json" in store.objects
    assert log.read_bytes() == before


def test_a_second_person_of_the_same_package(shared, store, sharing, key):
    withdraw(PERSON, sharing, [shared], store, TIME)
    withdraw(OTHER_PERSON, sharing, [shared], store, TIME)
    content = json.loads(store.objects[TOMBSTONE])
    assert content["persons"] == sorted([PERSON, OTHER_PERSON])
    assert is_tombstone(store.objects[TOMBSTONE], key.public_key())


def test_a_tombstone_that_write_once_storage_keeps(shared, store, sharing):
    withdraw(PERSON, sharing, [shared], store, TIME)
    store.locked.add(TOMBSTONE)
    done = withdraw(OTHER_PERSON, sharing, [shared], store, TIME)
    assert done.outcome.refused_tombstones == (TOMBSTONE,)
    assert "tombstone not replaced" in withdrawal_text(done)


@pytest.mark.parametrize("wrong", ["19121212-1212", CASE, NAMES.subject("p1")[:-1] + "*", PERSON.lower()])
def test_no_pseudonym_of_a_person(sharing, log, wrong):
    with pytest.raises(GmsError, match="This is not the pseudonym of a person") as error:
        withdraw(wrong, sharing, [], None)
    assert wrong not in str(error.value)
    assert not log.exists()


def test_a_person_that_nothing_knows(shared, store, sharing, log):
    """A pseudonym of another study or key: that it is 'withdrawn' would be a false comfort."""
    stranger, before = NAMES.subject("p3"), log.read_bytes()
    for ask in (list_holdings, withdraw):
        with pytest.raises(GmsError, match=f"{stranger} is not in the consents, .* Nothing was done"):
            ask(stranger, sharing, [shared], store, known={PERSON})
    assert log.read_bytes() == before
    withdraw(stranger, sharing, [shared], store, TIME, known={stranger})
    assert withdrawn_among(log, {stranger, OTHER_PERSON}) == {stranger}


@pytest.mark.parametrize("place_it", ["folder", "store", "left out"])
def test_a_person_that_is_known_in_one_place(folder, store, sharing, log, key, place_it):
    if place_it == "folder":
        place(folder / "case-1", manifest())
    elif place_it == "store":
        put(store, PREFIX, manifest())
    else:
        left_out = [{"subject": PERSON, "reason": "consent_missing"}]
        append(log, decided(subjects=[OTHER_PERSON], left_out=left_out), key, now=TIME)
    withdraw(PERSON, sharing, [folder], store, TIME)
    assert withdrawn_among(log, {PERSON, OTHER_PERSON}) == {PERSON}


KNOWN = {"karolinska-institutet": "u1", "lunds-universitet": "u2", "umea-universitet": "u3"}


@pytest.fixture
def lists(store, monkeypatch):
    """The access lists that are set in the store, of a bucket with lists; key -> ids."""
    found, store.settings.grants = {}, KNOWN

    def grant(store, key, organisations):
        if key in store.locked:
            raise TransferError("answered 403", "AccessDenied")
        found[key] = sorted(organisations.values())

    monkeypatch.setattr(acl, "grant", grant)
    return found


def test_who_could_read_the_package_can_read_the_tombstone(shared, store, sharing, lists):
    withdraw(PERSON, sharing, [shared], store, TIME)
    assert lists == {TOMBSTONE: ["u1", "u2"]}
    lists.clear()
    withdraw(PERSON, sharing, [shared], store, TIME)
    assert lists == {TOMBSTONE: ["u1", "u2"]}  # the note was there already


def test_a_transfer_that_was_cut_off_is_withdrawn_too(folder, store, sharing, log, key, lists):
    append(log, decided(), key, now=TIME)
    append(log, upload_started(), key, now=TIME)
    store.objects[f"{PREFIX}data/x.vcf.gz.c4gh"] = b"crypt4gh"
    done = withdraw(PERSON, sharing, [folder], store, TIME)
    assert sorted(store.objects) == [TOMBSTONE] and lists == {TOMBSTONE: ["u1", "u2"]}
    assert "karolinska-institutet, lunds-universitet could read a package before" in withdrawal_text(done)
    other = MemoryStore("https://vgtn0099.example.org", "own")
    append(log, upload_started(), key)
    (elsewhere,) = withdraw(PERSON, sharing, [folder], other).outcome.elsewhere
    assert (elsewhere.place[2], elsewhere.objects) == ("gmc-joint", 0)


def test_a_hand_over_is_told(shared, store, sharing, log, key):
    append(log, handed_over(party="umea-universitet"), key, now=TIME)
    text = withdrawal_text(withdraw(PERSON, sharing, [shared], store, TIME))
    assert "karolinska-institutet, lunds-universitet, umea-universitet could read a package before" in text


def test_a_tombstone_that_a_party_may_not_read_is_told_and_the_removal_goes_on(shared, store, sharing, lists):
    del store.settings.grants["lunds-universitet"]
    done = withdraw(PERSON, sharing, [shared], store, TIME)
    assert done.outcome.unread == (f"{TOMBSTONE}: export.s3.grants has no id of lunds-universitet",)
    store.locked.add(TOMBSTONE)
    done = withdraw(PERSON, sharing, [shared], store, TIME)
    assert [text.split(": ")[1] for text in done.outcome.unread][-1] == "answered 403"
    assert "tombstone that an organisation can NOT read" in withdrawal_text(done)
    assert not [name for name in store.objects if name.startswith(PREFIX)]


def test_a_reader_verifies_a_tombstone(shared, store, sharing, tmp_path, key, other_key):
    withdraw(PERSON, sharing, [shared], store, TIME)
    path = tmp_path / "tombstone.json"
    path.write_bytes(store.objects[TOMBSTONE])
    text = verify_tombstone(path, key.public_key())
    assert f"verifies: {CASE} of study S1, version 1, is no longer shared\n  because a person in it withdrew" in text
    assert f"persons: {PERSON}" in text and "Delete every copy" in text
    for content, sender in ((path.read_bytes(), other_key), (path.read_bytes().replace(b"S1", b"S2"), key), (b"", key)):
        path.write_bytes(content)
        with pytest.raises(GmsError, match="is NOT a tombstone of this sender"):
            verify_tombstone(path, sender.public_key())


def test_a_file_of_nested_lists_is_no_tombstone(tmp_path, key):
    path = tmp_path / "tombstone.json"
    path.write_text("[" * 100_000)
    with pytest.raises(GmsError, match="is NOT a tombstone of this sender"):
        verify_tombstone(path, key.public_key())


def test_of_a_file_that_is_no_tombstone_little_is_read(tmp_path, key):
    path = tmp_path / "tombstone.json"
    path.write_text("{}")
    os.truncate(path, 1 << 40)
    with pytest.raises(GmsError, match="is NOT a tombstone of this sender"):
        verify_tombstone(path, key.public_key())
