import datetime
import json
import multiprocessing
import os
import stat
import threading
import time

import pytest

from audit_entries import MANIFEST, PERSON, TIME, decided
from gms.sharing.audit import files
from gms.sharing.audit.anchors import anchor
from gms.sharing.audit.entries import EntryError, check_entry, is_signed_by
from gms.sharing.audit.log import AuditError, append, head_path, read_log
from gms.sharing.audit.verification import verify_log
from gms.sharing.package.keys import signing_fingerprint
from gms.sharing.package.manifest import canonical


def lines(path):
    return path.read_bytes().splitlines(keepends=True)


def test_entry_as_it_stands(log, key):
    written = append(log, decided(), key, now=TIME)
    assert json.loads(log.read_bytes()) == written
    assert log.read_bytes() == canonical(written) + b"\n"
    assert {name: written[name] for name in ("sequence", "previous", "time", "actor")} == {
        "sequence": 1,
        "previous": "0" * 64,
        "time": "2024-11-23T09:30:00Z",
        "actor": signing_fingerprint(key.public_key()),
    }
    assert is_signed_by(written, key.public_key())
    assert verify_log(log, key.public_key()) == []


def test_no_log_yet(log, key):
    assert read_log(log) == []
    assert verify_log(log, key.public_key()) == [f"missing: there is no audit log at {log}"]


@pytest.mark.parametrize(
    "change",
    [
        {"subjects": ["p1"]},
        {"subjects": [PERSON[:-1] + ("A" if PERSON[-1] != "A" else "B") + "0"]},
        {"reasons": ["the patient asked for it"]},
        {"disclosing_decision": "19121212-1212"},
        {"comment": "free text"},
        {"parties": ["Karolinska Institutet, Anna Andersson"]},
        {"action": "noted"},
        {"version": 0},
    ],
)
def test_form_is_closed_and_never_echoed(log, key, change):
    with pytest.raises(EntryError) as error:
        append(log, decided(**change), key)
    assert not any(str(value) in str(error.value) for value in change.values() if value not in (0, "noted"))
    assert read_log(log) == []


def test_missing_keys_are_named(log, key):
    entry = decided()
    del entry["rule_set"], entry["subjects"]
    with pytest.raises(EntryError, match=r"rule_set subjects \(missing\)"):
        append(log, entry, key)


def test_digests_are_no_personal_numbers(key, log):
    # Digits of a valid personal number between letters, as one of thousands of digests has them.
    written = append(log, decided(manifest_sha256="a" * 52 + "191212121212"), key)
    check_entry(written)


def test_two_actors(log, key, other_key):
    append(log, decided(), key)
    approved = {"action": "approved", "study": "S1", "package": decided()["package"], "version": 1}
    append(log, {**approved, "manifest_sha256": MANIFEST}, other_key)
    assert verify_log(log, [key.public_key(), other_key.public_key()]) == []
    assert verify_log(log, key.public_key())[0] == "edited: line 2 is signed by a key that does not count here"


def _append_some(log, key, number):
    for version in range(1, 11):
        append(log, decided(version=number * 100 + version), key)


def test_many_processes_append_at_once(log, key):
    fork = multiprocessing.get_context("fork")
    jobs = [fork.Process(target=_append_some, args=(log, key, number)) for number in range(1, 6)]
    for job in jobs:
        job.start()
    for job in jobs:
        job.join()
    assert [job.exitcode for job in jobs] == [0] * 5
    entries = read_log(log)
    assert sorted(entry["version"] for entry in entries) == sorted(
        n * 100 + v for n in range(1, 6) for v in range(1, 11)
    )
    assert [entry["sequence"] for entry in entries] == list(range(1, 51))
    assert verify_log(log, key.public_key()) == []


def test_many_threads_append_at_once(log, key):
    threads = [threading.Thread(target=_append_some, args=(log, key, number)) for number in (1, 2, 3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(read_log(log)) == 30
    assert verify_log(log, key.public_key()) == []


def test_a_lock_that_stays(log, key, monkeypatch):
    monkeypatch.setattr(files, "LOCK_SECONDS", 0.1)
    ready, end = os.pipe(), os.pipe()
    holder = os.fork()
    if not holder:
        with log.open("a+b") as file, files.locked(file, log, files.EXCLUSIVE):
            os.write(ready[1], b"x")
            os.read(end[0], 1)
        os._exit(0)
    os.read(ready[0], 1)
    with pytest.raises(files.LockError, match="locked by another process"):
        append(log, decided(), key)
    os.write(end[1], b"x")
    os.waitpid(holder, 0)
    append(log, decided(), key)


def test_line_is_on_the_disk_before_the_head(log, key, disk):
    append(log, decided(), key)
    folder = f"fsync {log.parent.name}"
    new = "fsync audit.jsonl.head.json.new"
    assert disk == ["fsync audit.jsonl", new, "replace audit.jsonl.head.json", folder]


def test_killed_at_any_time(log, key):
    fork = multiprocessing.get_context("fork")
    for number in range(1, 6):
        job = fork.Process(target=_append_for_ever, args=(log, key, number))
        job.start()
        while not log.exists() or log.stat().st_size < number * 20_000:
            time.sleep(0.001)
        job.kill()
        job.join()
        assert {text.split(":")[0] for text in verify_log(log, key.public_key())} <= {"interrupted"}
        append(log, decided(version=number), key)
        assert verify_log(log, key.public_key()) == []


def _append_for_ever(log, key, number):
    while True:
        append(log, decided(version=number), key)


def test_crash_in_the_middle_of_a_line(five, key):
    whole = five.read_bytes()
    for cut in (1, 40, len(canonical(decided()))):
        five.write_bytes(whole + lines(five)[-1][:cut])
        says = f"interrupted: line 6 is a piece of an entry ({cut} bytes) whose writing was cut"
        assert verify_log(five, key.public_key()) == [f"{says}; the next append keeps it and records it"]
        five.write_bytes(whole)
    five.write_bytes(whole + b'{"action":"dec')
    written = append(five, decided(version=9), key)
    assert written["sequence"] == 7
    assert verify_log(five, key.public_key()) == []
    assert five.read_bytes().startswith(whole + b'{"action":"dec\n')
    assert [piece["bytes"] for piece in read_log(five)[5]["torn"]] == [14]


def test_crash_while_the_repair_is_written(five, key):
    with five.open("ab") as file:
        file.write(b'{"action":"dec\n{"actio')
    assert [text[:20] for text in verify_log(five, key.public_key())] == [
        "interrupted: line 6 ",
        "interrupted: line 7 ",
    ]
    append(five, decided(version=9), key)
    assert [piece["bytes"] for piece in read_log(five)[5]["torn"]] == [14, 7]
    assert verify_log(five, key.public_key()) == []


def test_crash_between_line_and_head(five, key):
    before = head_path(five).read_bytes()
    append(five, decided(version=6), key)
    head_path(five).write_bytes(before)
    assert verify_log(five, key.public_key()) == [
        "interrupted: entry 6 is written, but the head was not renewed; the next append does so and records it"
    ]
    assert append(five, decided(version=7), key)["sequence"] == 8
    assert read_log(five)[6]["uncovered"] == [6]
    assert verify_log(five, key.public_key()) == []


def test_crash_of_the_first_append(log, key):
    append(log, decided(), key)
    head_path(log).unlink()
    assert [text[:11] for text in verify_log(log, key.public_key())] == ["interrupted"]
    append(log, decided(version=2), key)
    assert [entry["action"] for entry in read_log(log)] == ["decided", "recovered", "decided"]
    assert verify_log(log, key.public_key()) == []


def test_line_without_its_line_end(five, key):
    five.write_bytes(five.read_bytes()[:-1])
    append(five, decided(version=6), key)
    assert [entry["sequence"] for entry in read_log(five)] == [1, 2, 3, 4, 5, 6]
    assert verify_log(five, key.public_key()) == []


def test_nothing_is_added_to_a_cut_log(five, key):
    whole = lines(five)
    five.write_bytes(b"".join(whole[:3]))
    for doing in (lambda: append(five, decided(), key), lambda: read_log(five)):
        with pytest.raises(AuditError, match="cut or changed"):
            doing()
    assert lines(five) == whole[:3]
    five.unlink()
    with pytest.raises(AuditError, match="cut or changed"):
        read_log(five)


def test_a_log_set_back_does_not_forget(five, key):
    old = five.read_bytes(), head_path(five).read_bytes()
    append(five, decided(version=6), key)
    kept = [anchor(five)]
    assert len(read_log(five, kept)) == 6
    five.write_bytes(old[0])
    head_path(five).write_bytes(old[1])
    assert len(read_log(five)) == 5
    with pytest.raises(AuditError, match="does not hold entry 6, which was anchored"):
        read_log(five, kept)


@pytest.mark.parametrize("mask", [0o077, 0o022, 0o000])
def test_log_and_head_are_for_the_group_and_nobody_else(log, key, mask):
    before = os.umask(mask)
    try:
        append(log, decided(), key, now=TIME)
        modes = [stat.S_IMODE(path.stat().st_mode) for path in (log, head_path(log))]
        log.chmod(0o640)  # as the centre wants it
        append(log, decided(version=2), key, now=TIME)
    finally:
        os.umask(before)
    assert modes == [0o660, 0o660]
    assert [stat.S_IMODE(path.stat().st_mode) for path in (log, head_path(log))] == [0o640, 0o640]


def test_head_that_a_crash_left_unfinished(log, key):
    new = log.with_name("audit.jsonl.head.json.new")
    new.touch(mode=0o400)
    append(log, decided(), key, now=TIME)
    assert verify_log(log, key.public_key()) == [] and not new.exists()


def test_nothing_is_added_without_the_head(five, key):
    head_path(five).unlink()
    with pytest.raises(AuditError, match="copy the newest anchor"):
        append(five, decided(), key)


def test_a_forged_line_is_not_adopted(five, key, other_key):
    head = head_path(five).read_bytes()
    append(five, decided(version=6), other_key)
    head_path(five).write_bytes(head)
    append(five, decided(version=7), key)
    assert "edited: line 6 is signed by a key that does not count here" in verify_log(five, key.public_key())


def test_unwritable_log_says_what_to_do(tmp_path, key):
    (tmp_path / "audit.jsonl").mkdir()
    with pytest.raises(AuditError, match="cannot be written: Is a directory. What is not logged is not done"):
        append(tmp_path / "audit.jsonl", decided(), key)


@pytest.mark.parametrize("minutes, refused", [(5, False), (6, True)])
def test_times_do_not_run_backwards(log, key, minutes, refused):
    append(log, decided(), key, now=TIME)
    earlier = TIME - datetime.timedelta(minutes=minutes)
    before = log.read_bytes()
    if refused:
        with pytest.raises(
            AuditError, match="The clock of this machine says 2024-11-23T09:24:00Z, .* Nothing was done"
        ):
            append(log, decided(version=2), key, now=earlier)
        assert log.read_bytes() == before
    else:
        assert append(log, decided(version=2), key, now=earlier)["sequence"] == 2
