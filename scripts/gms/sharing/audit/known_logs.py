"""Which audit log belongs to a study, and its newest head, noted next to the pseudonym key that the study's run folders
share.

Withdrawals are in the log. Without it, or with another one, they would be forgotten, so nothing is shared. The noted
head shows that a log was set back together with its own head and the newest anchors.
"""

import contextlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gms.sharing.audit.anchors import Trust
from gms.sharing.audit.files import EXCLUSIVE, locked, replace_file
from gms.sharing.audit.lines import first_entry, restart_in
from gms.sharing.audit.log import AuditError, log_identity, open_log, read_head
from gms.sharing.audit.lookup import entries_about


class LogMissing(AuditError):
    """A study that has been exported before, without its audit log."""

    def __init__(self, log: Path, study: str, note: Path):
        super().__init__(
            f"Study {study} has been exported before, but there is no audit log at {log}: withdrawals that are logged "
            "there would be forgotten. Nothing was done. Name that log in the sharing file (audit:), or restore it "
            f"from the backup. If it is lost for good: ./gms export new-log. ({note} names the log.)"
        )


class OtherLog(AuditError):
    """A study with the audit log of another one, or of another run folder."""

    def __init__(self, log: Path, study: str, note: Path):
        super().__init__(
            f"The audit log {log} is not the one that study {study} was exported with before ({note}): withdrawals "
            "that are logged there would be forgotten. Nothing was done. Name that log in the sharing file (audit:)."
        )


class AnchorsLost(AuditError):
    """Packages were decided on here, but no head of the log is kept next to them any more."""

    def __init__(self, packages: Path):
        super().__init__(
            f"{packages} has decisions, but {packages / 'audit'} has no head of the audit log, without which nobody "
            "notices if the log is set back. Nothing was done. Restore the folder from the backup."
        )


class RestartNotApproved(AuditError):
    """A log that was begun after the loss of another, to which no second person has agreed yet."""

    def __init__(self, log: Path):
        super().__init__(
            f"The audit log {log} was begun after the loss of another one, and no approver has agreed to that yet "
            "(./gms export new-log --key). Nothing was done."
        )


def require_restart_approved(log: Path, trust: Trust) -> None:
    """Raise RestartNotApproved if the log replaces a lost one and no approver, other than the centre, agreed."""
    file, end, _ = open_log(log)
    with file:
        first = first_entry(file, end)
    if first is None or not restart_in(first):
        return
    agreed = [one for one in entries_about(log, {first.sha256}, trust) if one["action"] == "restart_approved"]
    if not any(one["actor"] != trust.centre and trust.problem(one) is None for one in agreed):
        raise RestartNotApproved(log)


def known_log(key: Path, study: str) -> str | None:
    """The identity of the log that a study was exported with, as noted next to the pseudonym key."""
    return _noted(key).get(study)


def note_path(key: Path) -> Path:
    """Where the logs of a pseudonym key are noted."""
    return key.with_name(f"{key.name}.audit-logs.json")


def require_known_log(log: Path, key: Path, study: str) -> None:
    """Raise LogMissing or OtherLog unless this is the log that the study was exported with, or it never was."""
    recorded = _noted(key).get(study)
    if recorded is None:
        return
    here = log_identity(log)
    if here is None:
        raise LogMissing(log, study, note_path(key))
    if here != recorded:
        raise OtherLog(log, study, note_path(key))


def remember_log(log: Path, key: Path, study: str, in_place_of: str | None = None) -> None:
    """Note the log of a study that has none yet, or `in_place_of` the one that it has; and its head, if newer.

    Raises AuditError if the folder of the key cannot be written.
    """
    here = log_identity(log)
    if here is None:
        return
    with open(log, "ab") as file, locked(file, log, EXCLUSIVE):  # many jobs come here at once
        noted = _noted(key)
        if noted.get(study, in_place_of) == in_place_of:
            try:
                _write_note(note_path(key), noted | {study: here}, key)
            except OSError as error:
                text = f"{note_path(key)} cannot be written: {error.strerror}. Exports of a study need it."
                raise AuditError(text) from None
        _note_head(read_head(log) or {}, key, study)


def _note_head(head: Mapping[str, Any], key: Path, study: str) -> None:
    before = known_head(key, study) or {}
    if head and (before.get("log") != head.get("log") or before["sequence"] < head["sequence"]):
        with contextlib.suppress(OSError):  # a copy: the anchors next to the packages remain
            _write_note(_heads_path(key), {**_heads(key), study: head}, key)


def _write_note(path: Path, content: Mapping[str, Any], key: Path) -> None:
    replace_file(path, (json.dumps(content, indent=1, sort_keys=True) + "\n").encode(), key.stat())


def known_head(key: Path, study: str) -> dict[str, Any] | None:
    """The newest head of the study's log, as noted next to the pseudonym key; None without one, or for a user who may
    not read it. What is no head there fails verification."""
    head = _heads(key).get(study)
    return head if head is None or isinstance(head, dict) else {}


def _heads(key: Path) -> dict[str, Any]:
    try:
        content = json.loads(_heads_path(key).read_bytes())
    except OSError:
        return {}
    except ValueError:
        content = None
    if not isinstance(content, dict):
        raise AuditError(f"{_heads_path(key)} cannot be read: restore it from the backup.")
    return content


def _heads_path(key: Path) -> Path:
    return key.with_name(f"{key.name}.audit-heads.json")


def require_anchors(packages: Path, anchors: int) -> None:
    """Raise AnchorsLost where decisions of a study are in the folder of packages, and no anchor is."""
    if not anchors and any(_is_of_a_study(path) for path in packages.glob("*.json")):
        raise AnchorsLost(packages)


def _is_of_a_study(decision: Path) -> bool:
    try:
        return "package" in json.loads(decision.read_bytes())
    except (OSError, ValueError, TypeError):
        return False


def _noted(key: Path) -> dict[str, str]:
    try:
        content = json.loads(note_path(key).read_bytes())
    except FileNotFoundError:
        return {}
    except (OSError, ValueError):
        content = None
    if not isinstance(content, dict):
        raise AuditError(f"{note_path(key)} cannot be read: restore it from the backup.")
    return content
