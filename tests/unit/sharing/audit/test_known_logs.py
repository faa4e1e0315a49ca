"""A study without its own audit log shares nothing: withdrawals would be forgotten."""

import json

import pytest

import sharing_files
from gms.base.json_tables import write_json
from gms.sharing.audit.known_logs import AnchorsLost, LogMissing, OtherLog, known_head, note_path, remember_log
from gms.sharing.audit.log import AuditError, head_path
from gms.sharing.export.deciding import load_centre


@pytest.fixture
def used(tmp_path):
    """A centre whose study was exported once: its sharing file and folder of packages."""
    path = sharing_files.write_sharing(tmp_path)
    packages = tmp_path / "export" / "folder"
    log_something(load_centre(path, packages))
    return path, packages


def log_something(centre):
    about = {"study": centre.sharing.study.id, "subject": centre.pseudonyms.subject("p1"), "packages": []}
    centre.log({"action": "withdrawn", **about})


def test_the_log_of_a_study_goes_on(used):
    log_something(load_centre(*used))
    centre = load_centre(*used)
    assert centre.withdrawn({centre.pseudonyms.subject("p1"), centre.pseudonyms.subject("p2")}) == {
        centre.pseudonyms.subject("p1")
    }


def test_a_first_export_begins_a_log(tmp_path):
    centre = load_centre(sharing_files.write_sharing(tmp_path), tmp_path / "export")
    assert not note_path(centre.sharing.pseudonym_key).exists()


def test_another_run_folder_needs_the_same_log(used, tmp_path):
    path, _ = used
    path.write_text(path.read_text().replace("audit.jsonl", "other.jsonl"))
    with pytest.raises(LogMissing, match="withdrawals that are logged there would be forgotten"):
        load_centre(path, tmp_path / "next" / "folder")
    (tmp_path / "other.jsonl").write_bytes(b"")
    with pytest.raises(LogMissing):
        load_centre(path, tmp_path / "next" / "folder")


def test_a_lost_log_stops_everything(used, tmp_path):
    for file in [*tmp_path.glob("audit.jsonl*"), *used[1].glob("audit/*")]:
        file.unlink()
    with pytest.raises(LogMissing):
        load_centre(*used)


def test_the_log_of_another_run_folder_is_noticed(used, tmp_path):
    note = note_path(tmp_path / "keys" / "centre.pseudonym.key")
    assert note.stat().st_mode & 0o077 == 0
    note.write_text(json.dumps({"S1": "0" * 64}))
    with pytest.raises(OtherLog, match="not the one that study S1 was exported with"):
        load_centre(*used)


def test_lost_anchors_are_noticed(used):
    _, packages = used
    write_json(packages / "F1.json", {"decision": "refused", "reasons": ["no study"]})
    anchors = list((packages / "audit").glob("*"))
    for anchor in anchors:
        anchor.unlink()
    load_centre(*used)  # no study has decided here
    write_json(packages / "F1.json", {"decision": "refused", "package": "C1"})
    with pytest.raises(AnchorsLost, match="has no head of the audit log"):
        load_centre(*used)


def test_a_log_set_back_with_its_head_and_the_newest_anchor_is_noticed(used, tmp_path):
    path, packages = used
    kept = {file: file.read_bytes() for file in tmp_path.glob("audit.jsonl*")}
    log_something(load_centre(path, packages))
    for file, content in kept.items():
        file.write_bytes(content)
    newest = max((packages / "audit").glob("*.json"))
    newest.unlink()
    with pytest.raises(AuditError, match="the log ends with entry 1, but the anchor of entry 2 was signed"):
        load_centre(path, packages)


def test_the_noted_head_goes_on_with_the_log_and_no_further(used, tmp_path):
    centre = load_centre(*used)
    head = known_head(centre.sharing.pseudonym_key, "S1")
    log_something(centre)
    later = known_head(centre.sharing.pseudonym_key, "S1")
    assert (head["sequence"], later["sequence"], later["log"]) == (1, 2, head["log"])
    head_path(centre.sharing.audit).write_text(json.dumps(head))
    remember_log(centre.sharing.audit, centre.sharing.pseudonym_key, "S1")
    assert known_head(centre.sharing.pseudonym_key, "S1") == later


@pytest.mark.parametrize("content", ["{", "[]", '{"S1": 5}'])
def test_a_noted_head_that_was_overwritten_stops_everything(used, tmp_path, content):
    (tmp_path / "keys" / "centre.pseudonym.key.audit-heads.json").write_text(content)
    with pytest.raises(AuditError):
        load_centre(*used)
