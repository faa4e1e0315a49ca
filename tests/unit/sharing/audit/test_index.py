"""Checkpoints of a long log: what they save, and that nobody can hide anything behind them."""

import json
import shutil

import pytest

from audit_entries import OTHER_PERSON, TIME, decided
from gms.sharing.audit import index, verification
from gms.sharing.audit.anchors import Trust, anchor
from gms.sharing.audit.index import folder_of, read_checkpoint
from gms.sharing.audit.log import AuditError, append, head_path, open_log, read_log
from gms.sharing.audit.lookup import AGAIN, entries_about, verify_again
from gms.sharing.audit.queries import latest_version, withdrawn_among
from gms.sharing.audit.verification import check_log, verify_log
from long_log import change, package, person, write_log

ENTRIES, WORTH_ONE = 300, 200  # entries of the log, and how many are worth a checkpoint here: each costs its signature


@pytest.fixture(scope="module", autouse=True)
def shorter():
    """Checkpoints after fewer entries than 500."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(index, "NEW_ENTRIES", WORTH_ONE)
        yield


@pytest.fixture(scope="module")
def template(tmp_path_factory, shorter):
    """A log of so many entries with a checkpoint at the last, made once."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    path = tmp_path_factory.mktemp("log") / "audit.jsonl"
    write_log(path, ENTRIES, key)
    check_log(path, key.public_key(), signing=key)
    return path


@pytest.fixture
def long(template, log):
    """A copy of that log."""
    shutil.copytree(template.parent, log.parent, dirs_exist_ok=True)
    return log


def sequences(entries):
    return [entry["sequence"] for entry in entries]


def checkpoint(path, key):
    file, end, _ = open_log(path)
    with file:
        return read_checkpoint(path, file, end, Trust([key.public_key()]))


def test_the_index_answers_as_the_log_does(long, key):
    trust = Trust([key.public_key()])
    append(long, decided(package=package(133), version=9, manifest_sha256="b" * 64), key)
    for name in (package(1), package(133), package(299), person(100), person(300), package(10_000)):
        assert entries_about(long, {name}, trust) == entries_about(long, {name})
    assert withdrawn_among(long, {person(200), OTHER_PERSON}, trust) == {person(200)}
    assert latest_version(long, package(133), trust).id == (package(133), 9)


def test_after_a_checkpoint_only_its_end_is_read(long, key, monkeypatch):
    read = []
    monkeypatch.setattr(verification, "canonical", lambda entry: read.append(entry) or index.canonical(entry))
    append(long, decided(), key)
    check_log(long, key.public_key(), [anchor(long)])
    assert sequences(read) == [ENTRIES + 1]


def test_a_checkpoint_for_many_entries_only(long, key):
    first = checkpoint(long, key)
    assert first.place.sequence == ENTRIES
    append(long, decided(), key)
    check_log(long, key.public_key(), signing=key)
    assert checkpoint(long, key) == first


def test_without_the_key_no_checkpoint(template, log, key):
    shutil.copy(template, log)
    shutil.copy(head_path(template), head_path(log))
    check_log(log, key.public_key())
    assert not folder_of(log).exists()


@pytest.mark.parametrize("sequence", [1, 200, ENTRIES])
def test_a_change_before_the_checkpoint_is_found(long, key, sequence):
    """The log does not rely on it, and an export of the person concerned does not either."""
    trust = Trust([key.public_key()])
    change(long, sequence, study="S2")
    assert any(text.startswith("edited: line") for text in verify_log(long, key.public_key()))
    about = person(sequence) if sequence % 100 == 0 else package(sequence)
    with pytest.raises(AuditError, match="edited: line|does not hold"):
        entries_about(long, {about}, trust)


def test_a_withdrawal_cannot_be_taken_out_of_the_index(long, key):
    trust = Trust([key.public_key()])
    for path in folder_of(long).glob("??"):
        rows = path.read_bytes().splitlines(keepends=True)
        path.write_bytes(b"".join(row for row in rows if not row.startswith(person(200).encode())))
    assert withdrawn_among(long, {person(200)}, trust) == {person(200)}
    change(long, 200, subject=OTHER_PERSON)
    with pytest.raises(AuditError, match="cannot be relied on"):
        withdrawn_among(long, {person(200)}, trust)


@pytest.mark.parametrize("what", ["files", "place", "keys"])
def test_a_checkpoint_changed_without_the_key_does_not_count(long, key, what):
    path = folder_of(long) / "checkpoint.json"
    content = json.loads(path.read_bytes())
    path.write_text(json.dumps({**content, what: {} if what != "keys" else "0" * 64}))
    assert checkpoint(long, key) is None
    check_log(long, key.public_key(), signing=key)
    assert checkpoint(long, key).place.sequence == ENTRIES


def test_an_approvers_checkpoint_does_not_count(long, key, other_key):
    trust = Trust([other_key.public_key(), key.public_key()])
    file, end, _ = open_log(long)
    with file:
        assert read_checkpoint(long, file, end, trust) is None


def test_a_checkpoint_of_another_log_does_not_count(long, tmp_path, key):
    other = tmp_path / "other" / "audit.jsonl"
    other.parent.mkdir()
    append(other, decided(), key, now=TIME)
    shutil.copytree(folder_of(long), folder_of(other))
    assert checkpoint(other, key) is None
    assert withdrawn_among(other, {person(200)}, Trust([key.public_key()])) == set()


def test_a_log_set_back_to_its_checkpoint_is_noticed(long, key):
    old = long.read_bytes(), head_path(long).read_bytes()
    append(long, decided(), key)
    kept = [anchor(long)]
    long.write_bytes(old[0])
    head_path(long).write_bytes(old[1])
    with pytest.raises(AuditError, match="truncated: .* log and head were both set back"):
        check_log(long, key.public_key(), kept)
    with pytest.raises(AuditError, match=f"does not hold entry {ENTRIES + 1}, which was anchored"):
        withdrawn_among(long, {person(200)}, Trust([key.public_key()]), kept)


def test_a_log_cut_before_its_checkpoint_is_noticed(long, key):
    whole = long.read_bytes().splitlines(keepends=True)
    long.write_bytes(b"".join(whole[:150]))
    for doing in (
        lambda: check_log(long, key.public_key()),
        lambda: withdrawn_among(long, {person(200)}, Trust([key.public_key()])),
        lambda: append(long, decided(), key),
    ):
        with pytest.raises(AuditError):
            doing()


def test_an_interrupted_append_after_a_checkpoint(long, key):
    with long.open("ab") as file:
        file.write(b'{"action":"dec')
    check_log(long, key.public_key())
    append(long, decided(package=package(1), version=8), key)
    assert verify_log(long, key.public_key()) == []
    assert sequences(entries_about(long, {package(1)}, Trust([key.public_key()])))[-1] == ENTRIES + 2


def test_an_append_reads_the_end_only(long, key, monkeypatch):
    before = read_log(long)
    long.write_bytes(b"\n" + long.read_bytes()[1:])  # the first line is not one any more; nobody looks at it
    assert append(long, decided(), key)["sequence"] == before[-1]["sequence"] + 1


def test_verification_goes_on_where_it_stopped(long, key, tmp_path, monkeypatch):
    memory, read = tmp_path / "mine" / "log.json", []
    monkeypatch.setattr(verification, "_EVERY", 100)
    monkeypatch.setattr(verification, "canonical", lambda entry: _stop_at(250, read, entry))
    with pytest.raises(KeyboardInterrupt):
        verify_log(long, key.public_key(), memory=memory)
    assert memory.stat().st_mode & 0o077 == 0
    monkeypatch.setattr(verification, "canonical", lambda entry: read.append(entry) or index.canonical(entry))
    read.clear()
    assert verify_log(long, key.public_key(), memory=memory) == []
    assert sequences(entry for entry in read if "action" in entry)[0] == 201


def _stop_at(sequence, read, entry):
    if entry.get("sequence") == sequence:
        raise KeyboardInterrupt
    read.append(entry)
    return index.canonical(entry)


def test_what_was_verified_before_is_compared(long, key, other_key, tmp_path):
    memory = tmp_path / "mine" / "log.json"
    assert verify_log(long, key.public_key(), memory=memory) == []
    change(long, 3, study="S2")
    assert verify_log(long, key.public_key(), memory=memory)[0].startswith("edited: line 3")
    assert "key that does not count" in verify_log(long, other_key.public_key(), memory=memory)[0]


@pytest.mark.parametrize("sequence", [2, 150, ENTRIES - 1])
def test_exports_find_an_edit_before_the_checkpoint_in_turn(long, key, sequence):
    """Each reads another part, and begins again with the first entry when it came to the last."""
    trust, calls = Trust([key.public_key()]), ENTRIES // AGAIN + 1
    for _ in range(calls + 1):
        verify_again(long, trust)
    change(long, sequence, study="S2")
    check_log(long, key.public_key())
    with pytest.raises(AuditError, match=f"edited: line {sequence} "):
        for _ in range(calls + 1):
            verify_again(long, trust)
