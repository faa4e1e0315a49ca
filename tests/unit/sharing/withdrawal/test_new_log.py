"""A new audit log after a loss: an act of two persons that forgets no withdrawal that can still be found."""

import shutil
from types import SimpleNamespace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from audit_entries import OTHER_PERSON, PERSON, decided
from gms.sharing.audit.anchors import Trust, anchor, write_anchor
from gms.sharing.audit.known_logs import (
    RestartNotApproved,
    known_log,
    remember_log,
    require_known_log,
    require_restart_approved,
)
from gms.sharing.audit.log import AuditError, append, head_path, read_log
from gms.sharing.audit.queries import withdrawn_among
from gms.sharing.audit.verification import check_log, verify_log
from gms.sharing.withdrawal.new_log import LogNotLost, approve_restart, begin_anew, find_loss
from gms.sharing.withdrawal.tombstones import tombstone, write_tombstone


@pytest.fixture
def centre(five, tmp_path, key, other_key):
    """A study with a log of seven entries, two of them withdrawals, and the anchor of the last."""
    sharing = SimpleNamespace(audit=five, pseudonym_key=tmp_path / "key", study=SimpleNamespace(id="S1"))
    sharing.pseudonym_key.touch(mode=0o600)
    for person in (PERSON, OTHER_PERSON):
        held = [{"package": decided()["package"], "version": 1, "others": False}] if person == PERSON else []
        append(five, {"action": "withdrawn", "study": "S1", "subject": person, "packages": held}, key)
    remember_log(five, sharing.pseudonym_key, "S1")
    trust = Trust([key.public_key(), other_key.public_key()])
    note = tombstone(decided()["package"], read_log(five), key)
    write_tombstone(five, decided()["package"], note)
    return SimpleNamespace(sharing=sharing, trust=trust, anchors=[anchor(five)], key=key)


def lose(log):
    log.unlink()
    head_path(log).unlink()


def restart(centre, reason="lost"):
    loss = find_loss(centre.sharing, centre.trust, centre.anchors)
    return loss, begin_anew(loss, reason, centre.sharing, centre.key)


def test_a_lost_log_is_replaced(centre, five, other_key):
    lose(five)
    loss, remains = restart(centre)
    assert loss.head["sequence"] == 7 and remains is None and loss.withdrawn == (PERSON,)  # by the tombstone
    first = read_log(five)[0]
    assert (first["action"], first["sequence"], first["previous"]) == ("restarted", 8, centre.anchors[0]["sha256"])
    assert known_log(centre.sharing.pseudonym_key, "S1") != loss.lost_log
    require_known_log(five, centre.sharing.pseudonym_key, "S1")
    assert withdrawn_among(five, {PERSON}, centre.trust, centre.anchors) == {PERSON}
    append(five, decided(version=3), centre.key)
    assert verify_log(five, centre.trust, [*centre.anchors, anchor(five)]) == []


def test_nothing_is_shared_before_a_second_person_agrees(centre, five, other_key):
    lose(five)
    restart(centre)
    with pytest.raises(RestartNotApproved):
        require_restart_approved(five, centre.trust)
    for key in (centre.key, Ed25519PrivateKey.generate()):
        with pytest.raises(AuditError, match="is not that of an approver"):
            approve_restart(five, centre.trust, key)
    with pytest.raises(RestartNotApproved):
        require_restart_approved(five, centre.trust)
    approve_restart(five, centre.trust, other_key)
    require_restart_approved(five, centre.trust)
    check_log(five, centre.trust, centre.anchors)


def test_a_later_head_of_the_lost_log_contradicts_the_new_one(centre, five, tmp_path, key):
    copy = tmp_path / "copy.jsonl"
    shutil.copy(five, copy)
    shutil.copy(head_path(five), head_path(copy))
    append(copy, decided(version=4), key)
    lose(five)
    restart(centre)
    with pytest.raises(AuditError, match="forked: the anchor of entry 8"):
        check_log(five, centre.trust, [anchor(copy)])


def test_the_remains_of_a_damaged_log_are_kept_and_read(centre, five):
    lines = five.read_bytes().splitlines(keepends=True)
    five.write_bytes(b"".join([lines[0][:40] + b"\n", *lines[1:]]))
    loss, remains = restart(centre, "damaged")
    assert loss.withdrawn == tuple(sorted((PERSON, OTHER_PERSON)))
    assert remains.read_bytes().endswith(lines[-1]) and head_path(remains).exists()
    assert withdrawn_among(five, {OTHER_PERSON}, centre.trust) == {OTHER_PERSON}


def test_an_intact_log_is_not_replaced(centre, five, tmp_path):
    with pytest.raises(LogNotLost, match="the log there is intact"):
        restart(centre)
    centre.sharing.audit = tmp_path / "other.jsonl"
    append(centre.sharing.audit, decided(), centre.key)
    with pytest.raises(LogNotLost, match="the log of another study or run folder"):
        restart(centre)
    centre.sharing.study.id = "S2"
    with pytest.raises(LogNotLost, match="study S2 has not been exported before"):
        restart(centre)


def test_a_log_that_was_cut_is_no_new_log(centre, five, key):
    """Without the centre's key nobody begins a log: what is left is not taken for one."""
    five.write_bytes(b"".join(five.read_bytes().splitlines(keepends=True)[3:]))
    with pytest.raises(AuditError, match="deleted: entries 1 to 3 are missing"):
        check_log(five, centre.trust, centre.anchors)


def test_anchors_of_both_logs_are_kept_next_to_each_other(centre, five, tmp_path):
    write_anchor(centre.anchors[0], tmp_path / "anchors")
    lose(five)
    restart(centre)
    write_anchor(anchor(five), tmp_path / "anchors")
    assert len(list((tmp_path / "anchors").glob("*.json"))) == 2
