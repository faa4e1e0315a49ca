"""Which audit log belongs to a study, remembered next to the pseudonym key that the study's run folders share.

Withdrawals are in the log. Where it is absent, or another one, nobody would be held back, so nothing is shared.
"""

import json
from pathlib import Path

from gms.sharing.audit.files import replace_file
from gms.sharing.audit.log import AuditError, log_identity


class LogMissing(AuditError):
    """A study that has been exported before, without its audit log."""

    def __init__(self, log: Path, study: str, note: Path):
        super().__init__(
            f"Study {study} has been exported before, but there is no audit log at {log}: withdrawals that are logged "
            "there would be forgotten. Nothing was done. Name that log in the sharing file (audit:), or put it back "
            f"from the backup. If it is lost for good, enter every withdrawal in the consents table and remove {study} "
            f"from {note}."
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
            f"{packages} holds decisions, but {packages / 'audit'} holds no head of the audit log: without it nobody "
            "notices that the log was set back. Nothing was done. Put the folder back from the backup."
        )


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


def remember_log(log: Path, key: Path, study: str) -> None:
    """Note the log of a study that has none yet. Raises AuditError where the folder of the key cannot be written."""
    noted, here = _noted(key), log_identity(log)
    if study in noted or here is None:
        return
    try:
        content = json.dumps(noted | {study: here}, indent=1, sort_keys=True) + "\n"
        replace_file(note_path(key), content.encode(), key.stat())
    except OSError as error:
        raise AuditError(
            f"{note_path(key)} cannot be written: {error.strerror}. Every export of a study needs it."
        ) from None


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
        raise AuditError(f"{note_path(key)} cannot be read: put it back from the backup.")
    return content
