"""A new audit log after the loss of the old one: an act of the centre, with its reason, that a second person approves.

The first entry continues the last known head of the old log: its number and digest, so that a later head of that log,
wherever it is found, contradicts it. Withdrawals that can still be found are entered again. Until an approver has
agreed, nothing is shared.
"""

import contextlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gms.sharing.audit.anchors import Trust
from gms.sharing.audit.entries import FIRST
from gms.sharing.audit.known_logs import known_log, remember_log
from gms.sharing.audit.lines import first_entry, restart_in
from gms.sharing.audit.log import AuditError, append, begin, head_path, log_identity, open_log, read_head, read_state
from gms.sharing.audit.verification import check_all, check_log
from gms.sharing.decision.model import Sharing
from gms.sharing.package.keys import signing_fingerprint
from gms.sharing.withdrawal.tombstones import persons_in_tombstones

REASONS = ("lost", "damaged")


class LogNotLost(AuditError):
    """A new log that nothing is the reason for."""

    def __init__(self, log: Path, why: str):
        super().__init__(f"No new audit log is begun at {log}: {why}. Nothing was done.")


@dataclass(frozen=True, slots=True)
class Loss:
    """A lost log: its identity, its last known head (None if no head is left), who is known to have withdrawn."""

    log: Path
    study: str
    lost_log: str
    head: Mapping[str, Any] | None
    withdrawn: tuple[str, ...]

    def lines(self, reason: str) -> Iterator[str]:
        """What a new log would rest on."""
        yield f"new audit log for study {self.study}: {self.log}, as the old one is {reason}"
        yield f"  old log     {self.lost_log}"
        if self.head:
            yield f"  last head   entry {self.head['sequence']}, {self.head['time']}, SHA-256 {self.head['sha256']}"
        else:
            yield "  last head   none was found"
        yield f"  withdrawn   {', '.join(self.withdrawn) or 'nobody, as far as can still be found'}"
        yield "Withdrawals that only the old log had are forgotten: enter each of them in the consents table first."


def find_loss(sharing: Sharing, trust: Trust, anchors: Sequence[Mapping[str, Any]]) -> Loss:
    """What is known of the study's lost log; `anchors` are all heads kept elsewhere. Raises LogNotLost."""
    log, study = sharing.audit, sharing.study.id
    lost = known_log(sharing.pseudonym_key, study)
    if lost is None:
        raise LogNotLost(log, f"study {study} has not been exported before, and the first export makes its log")
    lines, head = read_state(log)
    if lines and log_identity(log) != lost:
        raise LogNotLost(log, f"there is the log of another study or run folder; name the one of {study} (audit:)")
    heads = [one for one in [*anchors, head or {}] if _is_head(one, lost, trust)]
    if lines and _is_intact(log, trust, heads):
        raise LogNotLost(log, "the log there is intact")
    entries = [line.entry for line in lines if line.entry is not None and trust.problem(line.entry) is None]
    withdrawn = {entry["subject"] for entry in entries if entry["action"] == "withdrawn"}
    withdrawn |= persons_in_tombstones(log, trust)
    newest = max(heads, key=lambda one: one["sequence"], default=None)
    return Loss(log, study, lost, newest, tuple(sorted(withdrawn)))


def _is_head(content: Mapping[str, Any], lost: str, trust: Trust) -> bool:
    return content.get("log") == lost and isinstance(content.get("sequence"), int) and trust.problem(content) is None


def _is_intact(log: Path, trust: Trust, heads: Iterable[Mapping[str, Any]]) -> bool:
    with contextlib.suppress(AuditError):
        check_all(log, trust, heads)
        return True
    return False


def begin_anew(loss: Loss, reason: str, sharing: Sharing, key: Ed25519PrivateKey) -> Path | None:
    """Begin the new log, with the withdrawals that are known; where the remains of the old one are now, None if none.

    Raises AuditError.
    """
    after = (loss.head["sequence"], loss.head["sha256"]) if loss.head else (0, FIRST)
    remains = _put_aside(loss, after[0])
    begin(
        loss.log, {"action": "restarted", "study": loss.study, "reason": reason, "lost_log": loss.lost_log}, key, after
    )
    for person in loss.withdrawn:
        append(loss.log, {"action": "withdrawn", "study": loss.study, "subject": person, "packages": []}, key)
    remember_log(loss.log, sharing.pseudonym_key, loss.study, in_place_of=loss.lost_log)
    return remains


def _put_aside(loss: Loss, sequence: int) -> Path | None:
    """Keep what is left of the old log and its head, under a name with its identity and last known entry."""
    remains = loss.log.with_name(f"{loss.log.name}.lost-{loss.lost_log[:12]}-{sequence}")
    head = head_path(loss.log)
    if head.exists():
        head.rename(head_path(remains))
    if loss.log.exists():
        loss.log.rename(remains)
        return remains
    return None


def restart_to_approve(log: Path) -> tuple[str, dict[str, Any]]:
    """Digest and content of the first entry of a log that was begun after a loss. Raises LogNotLost."""
    file, end, _ = open_log(log)
    with file:
        first = first_entry(file, end)
    if first is None or not restart_in(first):
        raise LogNotLost(log, "there is nothing to approve, as the log there was not begun after a loss")
    return first.sha256, dict(first.entry or {})


def approve_restart(log: Path, trust: Trust, key: Ed25519PrivateKey) -> None:
    """Log that a second person agrees. Raises LogNotLost, and AuditError for a key that may not approve."""
    sha256, entry = restart_to_approve(log)
    actor = signing_fingerprint(key.public_key())
    check_log(log, trust, [read_head(log) or {}])
    if actor == trust.centre or not trust.counts(actor):
        raise AuditError(
            f"The key {actor} is not that of an approver in the sharing file. Nothing was done; a second person "
            "approves a new audit log, with another key than the centre's."
        )
    append(log, {"action": "restart_approved", "study": entry["study"], "restart": sha256}, key)
