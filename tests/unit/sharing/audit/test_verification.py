import datetime
import json
import shutil

import pytest

from audit_entries import TIME, decided
from gms.sharing.audit.anchors import anchor, former_keys, read_anchors, write_anchor
from gms.sharing.audit.entries import digest, signed
from gms.sharing.audit.log import AuditError, append, head_path
from gms.sharing.audit.verification import check_log, verify_log
from gms.sharing.decision.keyfiles import make_keys
from gms.sharing.package.keys import load_private, signing_fingerprint
from gms.sharing.package.manifest import canonical
from gms.sharing.withdrawal.messages import verification_text
from sharing_files import sharing_with


def lines(path):
    return path.read_bytes().splitlines(keepends=True)


def kinds(problems):
    return sorted({text.split(":")[0] for text in problems})


def changed(line, **changes):
    return canonical({**json.loads(line), **changes}) + b"\n"


def test_clean(five, key):
    assert verify_log(five, key.public_key(), [anchor(five)]) == []


@pytest.mark.parametrize("number", range(5))
def test_edited(five, key, number):
    whole = lines(five)
    five.write_bytes(b"".join([*whole[:number], changed(whole[number], parties=[]), *whole[number + 1 :]]))
    assert verify_log(five, key.public_key())[0] == f"edited: line {number + 1} does not match its signature"
    assert kinds(verify_log(five, key.public_key())) == ["edited"]


def test_edited_in_spelling_only(five, key):
    whole = lines(five)
    five.write_bytes(b"".join([*whole[:2], json.dumps(json.loads(whole[2])).encode() + b"\n", *whole[3:]]))
    assert verify_log(five, key.public_key()) == ["edited: line 3 does not match its signature"]


@pytest.mark.parametrize("number", range(5))
def test_edited_beyond_reading(five, key, number):
    whole = lines(five)
    five.write_bytes(b"".join([*whole[:number], b"\n", *whole[number + 1 :]]))
    assert verify_log(five, key.public_key()) == [f"edited: line {number + 1} is not an entry"]


@pytest.mark.parametrize("gone, says", [((0,), "entry 1 is"), ((1, 2), "entries 2 to 3 are")])
def test_deleted(five, key, gone, says):
    five.write_bytes(b"".join(line for place, line in enumerate(lines(five)) if place not in gone))
    assert verify_log(five, key.public_key()) == [f"deleted: {says} missing"]


def test_deleted_and_renumbered_without_the_key(five, key):
    whole = lines(five)
    left = [*whole[:2], *(changed(line, sequence=json.loads(line)["sequence"] - 1) for line in whole[3:])]
    five.write_bytes(b"".join(left))
    assert kinds(verify_log(five, key.public_key())) == ["edited", "truncated"]


@pytest.mark.parametrize("order, line", [([0, 2, 1, 3, 4], 3), ([0, 1, 2, 4, 3], 5), ([1, 2, 3, 4, 0], 5)])
def test_reordered(five, key, order, line):
    whole = lines(five)
    five.write_bytes(b"".join(whole[place] for place in order))
    problems = verify_log(five, key.public_key())
    assert [text.split(" stands")[0] for text in problems] == [f"reordered: line {line}: entry {order[line - 1] + 1}"]


def test_repeated(five, key):
    whole = lines(five)
    five.write_bytes(b"".join([*whole[:4], whole[1], whole[4]]))
    assert "repeated: line 5 is line 2 again" in verify_log(five, key.public_key())


@pytest.mark.parametrize("kept", [0, 1, 4])
def test_truncated(five, key, kept):
    five.write_bytes(b"".join(lines(five)[:kept]))
    expected = (
        f"truncated: the log ends with entry {kept}, but the head (audit.jsonl.head.json) was signed at entry 5, "
    )
    assert verify_log(five, key.public_key()) == [expected + "2024-11-23T09:34:00Z"]


def test_truncated_with_the_head_set_back(log, tmp_path, key):
    for version in (1, 2, 3, 4):
        append(log, decided(version=version), key, now=TIME)
        write_anchor(anchor(log), tmp_path / "anchors")
        if version == 2:
            shutil.copy(head_path(log), tmp_path / "old.json")
    log.write_bytes(b"".join(lines(log)[:2]))
    shutil.copy(tmp_path / "old.json", head_path(log))
    assert verify_log(log, key.public_key()) == []  # why there are anchors
    assert verify_log(log, key.public_key(), read_anchors(tmp_path / "anchors")) == [
        "truncated: the log ends with entry 2, but the anchor of entry 4 was signed at entry 4, 2024-11-23T09:30:00Z: "
        "log and head were both set back"
    ]


def test_log_and_head_removed(five, key):
    kept = anchor(five)
    five.unlink()
    head_path(five).unlink()
    assert kinds(verify_log(five, key.public_key(), [kept])) == ["truncated"]


def test_head_removed_or_edited(five, key):
    head = json.loads(head_path(five).read_bytes())
    head_path(five).write_bytes(canonical({**head, "sequence": 4}))
    assert kinds(verify_log(five, key.public_key())) == ["edited"]
    head_path(five).write_text("no head")
    assert kinds(verify_log(five, key.public_key())) == ["edited"]
    head_path(five).unlink()
    assert verify_log(five, key.public_key()) == ["missing: the head of the log (audit.jsonl.head.json) is not there"]


def test_forked_by_two_copies(five, tmp_path, key):
    copy = tmp_path / "copy.jsonl"
    shutil.copy(five, copy)
    shutil.copy(head_path(five), head_path(copy))
    append(five, decided(version=6), key, now=TIME)
    append(copy, decided(version=7), key, now=TIME)
    assert verify_log(five, key.public_key()) == verify_log(copy, key.public_key()) == []
    problems = verify_log(five, key.public_key(), [anchor(copy)])
    assert problems == ["forked: the anchor of entry 6 was signed for another entry 6 than the one in this log"]
    write_anchor(anchor(five), tmp_path / "anchors")
    with pytest.raises(AuditError, match="holds another head"):
        write_anchor(anchor(copy), tmp_path / "anchors")
    five.write_bytes(five.read_bytes() + lines(copy)[5])
    assert "forked: lines 6 and 7 are both entry 6, and both are signed" in verify_log(five, key.public_key())


def test_forked_by_the_holder_of_the_key(five, key):
    """An entry changed and signed again: the entry after it was signed after another one."""
    whole = lines(five)
    content = {name: value for name, value in json.loads(whole[2]).items() if name != "signature"}
    forged = canonical(signed({**content, "parties": []}, key)) + b"\n"
    five.write_bytes(b"".join([*whole[:2], forged, *whole[3:]]))
    assert verify_log(five, key.public_key()) == ["forked: entry 4 (line 4) was signed after another entry 3"]


def test_another_log_in_its_place(five, tmp_path, key):
    other = tmp_path / "other.jsonl"
    append(other, decided(version=9), key, now=TIME)
    kept = anchor(five)
    assert kinds(verify_log(other, key.public_key(), [kept])) == ["forked"]


def test_wrong_public_key(five, other_key):
    problems = verify_log(five, other_key.public_key())
    assert kinds(problems) == ["edited"] and len(problems) == 6


def test_edited_anchor(five, key):
    kept = {**anchor(five), "sha256": "0" * 64}
    problems = verify_log(five, key.public_key(), [kept, {}])
    assert [text.split(" does")[0] for text in problems] == [
        "edited: the anchor of entry 5",
        "edited: the anchor of entry None",
    ]


def test_a_damaged_log_is_not_relied_on(five, log, key):
    check_log(log.with_name("none.jsonl"), key.public_key())
    five.write_bytes(five.read_bytes() + b"{")
    check_log(five, key.public_key())
    five.write_bytes(b"".join(lines(five)[1:]))
    with pytest.raises(AuditError, match="(?s)cannot be relied on:\n  deleted: entry 1 is missing.*from the backup"):
        check_log(five, key.public_key())


def test_what_a_reader_is_told():
    assert verification_text([], 1, 2) == "The audit log is intact: 1 entry, compared with 2 anchors."
    assert verification_text(["edited: line 1"], 3, 0) == "The audit log (no anchor to compare with):\n  edited: line 1"


def test_one_anchor_by_many_jobs(five, tmp_path):
    paths = {write_anchor(anchor(five), tmp_path / "anchors") for _ in range(3)}
    assert (
        [path.name for path in (tmp_path / "anchors").iterdir()] == ["00000005.json"] == [path.name for path in paths]
    )


def test_anchor_before_anything_is_logged(log):
    with pytest.raises(AuditError, match="no head to anchor"):
        anchor(log)


DAY = datetime.timedelta(1)
LAST_DAY = TIME.date()
END_OF_DAY = datetime.datetime.combine(LAST_DAY, datetime.time(23, 59, 59), datetime.UTC)


@pytest.fixture
def rotated(five, other_key):
    """The log of five goes on with another key on the next day."""
    append(five, decided(version=6), other_key, now=TIME + DAY)
    return five


def test_a_key_that_was_replaced(rotated, key, other_key):
    now, former = other_key.public_key(), [(key.public_key(), LAST_DAY)]
    kept = [{**json.loads(head_path(rotated).read_bytes())}]
    assert verify_log(rotated, now, kept, former) == []
    check_log(rotated, now, kept, former)
    assert "edited: line 1 is signed by a key that does not count here" in verify_log(rotated, now, kept)


def test_anchors_signed_by_a_key_that_was_replaced(five, key, other_key):
    kept, now = anchor(five), other_key.public_key()
    append(five, decided(version=6), other_key, now=TIME + DAY)
    assert verify_log(five, now, [kept], [(key.public_key(), LAST_DAY)]) == []
    problems = verify_log(five, now, [kept], [(key.public_key(), LAST_DAY - DAY)])
    assert "edited: the anchor of entry 5 does not match its signature, or the key" in problems[-1]


@pytest.mark.parametrize("later, counts", [(datetime.timedelta(0), True), (datetime.timedelta(seconds=1), False)])
def test_the_last_day_of_a_key_counts_to_its_end(log, key, other_key, later, counts):
    append(log, decided(), key, now=END_OF_DAY + later)
    problems = verify_log(log, other_key.public_key(), (), [(key.public_key(), LAST_DAY)])
    says = f"edited: line 1 is signed by a former key after its last day, {LAST_DAY}"
    assert problems[:1] == ([] if counts else [says])


def test_a_former_key_signs_nothing_of_today(rotated, key, other_key):
    append(rotated, decided(version=7), key, now=TIME + 2 * DAY)
    problems = verify_log(rotated, other_key.public_key(), (), [(key.public_key(), LAST_DAY)])
    assert problems[0] == f"edited: line 7 is signed by a former key after its last day, {LAST_DAY}"


def test_a_former_key_that_signs_with_an_earlier_date(rotated, key, other_key):
    """Whoever found the key writes the line and the head as they were never written."""
    *_, last = rotated.read_bytes().splitlines()
    place = {"sequence": 7, "previous": digest(last), "time": "2024-11-23T09:35:00Z"}
    entry = {**decided(version=7), **place, "actor": signing_fingerprint(key.public_key())}
    with rotated.open("ab") as file:
        file.write(canonical(signed(entry, key)) + b"\n")
    problems = verify_log(rotated, other_key.public_key(), (), [(key.public_key(), LAST_DAY)])
    assert problems == [
        "edited: line 7 is signed by a former key and dated before the entries that it stands after",
    ]


def test_a_former_key_without_a_time(five, key, other_key):
    whole = lines(five)
    content = {name: value for name, value in json.loads(whole[4]).items() if name != "signature"}
    five.write_bytes(b"".join([*whole[:4], canonical(signed({**content, "time": "2024"}, key)) + b"\n"]))
    problems = verify_log(five, other_key.public_key(), (), [(key.public_key(), LAST_DAY)])
    assert problems[0] == f"edited: line 5 is signed by a former key after its last day, {LAST_DAY}"


def test_former_keys_of_a_sharing_file(tmp_path):
    make_keys(tmp_path / "before", "centre")
    former = [{"key": "before/centre.signing.pub.pem", "until": "2026-06-30"}]
    sharing = sharing_with(tmp_path, ("former_keys", former))
    before = load_private(tmp_path / "before" / "centre.signing.pem")
    append(sharing.audit, decided(), before, now=TIME)
    centre = load_private(sharing.signing_key)
    append(sharing.audit, decided(version=2), centre)
    assert verify_log(sharing.audit, centre.public_key(), (), former_keys(sharing)) == []
    assert verify_log(sharing.audit, centre.public_key()) != []
