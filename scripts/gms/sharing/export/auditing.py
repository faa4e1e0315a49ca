"""The audit log, withdrawal and retention as commands: what to print, and with which exit code."""

import contextlib
import datetime
import os
import shutil
from pathlib import Path
from typing import Any

from gms.base.errors import GmsError
from gms.base.problems import unknown
from gms.inputs.sample_sheet import local_names
from gms.sharing.audit.anchors import anchor, former_keys, put_anchor, read_anchors, stored_anchors, write_anchor
from gms.sharing.audit.known_logs import remember_log
from gms.sharing.audit.log import read_head
from gms.sharing.audit.queries import what_got
from gms.sharing.audit.verification import verify_log
from gms.sharing.decision.decisions import consent_on
from gms.sharing.decision.loading import load_sharing
from gms.sharing.decision.model import ORGANISATIONS, Sharing
from gms.sharing.decision.pseudonyms import is_pseudonym, load_pseudonyms
from gms.sharing.export.confirmation import digest_of, how_to_confirm, require_confirmed
from gms.sharing.export.deciding import case_lock, check_audit_log, check_own_log, log_keys, log_trust, noted_heads
from gms.sharing.export.settings import ExportSettings, export_settings
from gms.sharing.package.keys import load_private
from gms.sharing.transfer.client import Store
from gms.sharing.withdrawal.execution import Outcome
from gms.sharing.withdrawal.messages import (
    listing_text,
    outcome_text,
    plan_text,
    rows_text,
    verification_text,
    withdrawal_text,
)
from gms.sharing.withdrawal.new_log import approve_restart, begin_anew, find_loss, restart_to_approve
from gms.sharing.withdrawal.retention import decide_deletion, delete_expired, deletion_plan
from gms.sharing.withdrawal.withdrawal import Listing, holdings_here, list_holdings, withdraw


class UnclearQuestion(GmsError):
    """Options of ./gms export log that cannot be answered."""


class _Log:
    """The audit log that a configuration leads to, with the anchors kept elsewhere; the store, if there is one."""

    def __init__(self, configfile: Path, with_secrets: bool = True):
        self.settings: ExportSettings = export_settings(configfile)
        self.sharing: Sharing = load_sharing(self.settings.sharing, with_secrets)
        self.store = Store(self.settings.s3) if self.settings.s3 else None
        self.packages = [self.settings.packages]

    def known(self) -> set[str]:
        """Pseudonyms of all persons of the consents table and the sample sheet."""
        names = load_pseudonyms(self.sharing.pseudonym_key, self.sharing.study.id)
        subjects = {consent.subject for consent in self.sharing.consents} | local_names(self.settings.sheet)
        return set(map(names.subject, subjects))

    def row_for_the_table(self, pseudonym: str) -> str:
        """What is left to do in the consents table, so that a run folder without this audit log knows it too."""
        names = load_pseudonyms(self.sharing.pseudonym_key, self.sharing.study.id)
        rows = [consent for consent in self.sharing.consents if names.subject(consent.subject) == pseudonym]
        same = [consent for consent in rows if consent.study == self.sharing.study.id]
        if not same:
            return "The consents table has no row of this person."
        subject, today = same[0].subject, datetime.date.today()
        if (status := consent_on(self.sharing, subject, today)) == "withdrawn":
            return "The consents table has the withdrawal too."
        row = "\t".join([subject, self.sharing.study.id, "withdrawn", today.isoformat()])
        said = f"still says {status}" if status else "has later rows only"
        return f"The consents table {said}. Add this row to it, in every run folder of the study:\n{row}"

    def anchors(self) -> list[dict[str, Any]]:
        """Read before the log, which grows meanwhile."""
        stored = stored_anchors(self.store, self.sharing.study.id) if self.store else []
        return [*read_anchors(self.settings.packages / "audit"), *stored, *noted_heads(self.sharing)]

    def check(self) -> None:
        """Raise GmsError unless the log is the study's own and can be relied on."""
        check_own_log(self.sharing, self.settings.packages, read_anchors(self.settings.packages / "audit"))
        check_audit_log(self.sharing, self.anchors())

    def remove_unfinished(self) -> None:
        """Remove what killed exports left behind, plain files among it; not what is being made now."""
        for work in self.settings.packages.glob("*.unfinished"):
            with contextlib.suppress(GmsError), case_lock(work.with_suffix("")):
                shutil.rmtree(work, ignore_errors=True)
                print(f"removed the leftovers of a killed export: {work}")

    def keep_head(self) -> None:
        """Anchor the head of the log next to the packages and in the store."""
        head = anchor(self.sharing.audit)
        remember_log(self.sharing.audit, self.sharing.pseudonym_key, self.sharing.study.id)
        write_anchor(head, self.settings.packages / "audit")
        if self.store:
            put_anchor(head, self.store, self.sharing.study.id)


def show_log(configfile: Path, organisation: str | None, subject: str | None) -> int:
    """Verify the log and, if asked, list what an organisation got of a person; 1 if anything is wrong with the log."""
    if (organisation is None) != (subject is None):
        raise UnclearQuestion("give both --party and --subject-pseudonym, or neither to verify the log")
    if organisation and organisation not in ORGANISATIONS:
        raise UnclearQuestion(unknown("organisation", organisation, ORGANISATIONS))
    if subject and not (is_pseudonym(subject) and subject.startswith("P")):
        raise UnclearQuestion(
            "--subject-pseudonym must be P and 17 digits and capital letters, as in a package's manifest"
        )
    log = _Log(configfile, with_secrets=False)
    anchors = log.anchors()
    keys, memory = (log_keys(log.sharing), anchors, former_keys(log.sharing)), _own_memory(log.sharing.audit)
    problems = verify_log(log.sharing.audit, *keys, memory=memory)
    if problems or not organisation:
        print(verification_text(problems, (read_head(log.sharing.audit) or {}).get("sequence", 0), len(anchors)))
    if organisation and subject:
        print(rows_text(what_got(log.sharing.audit, organisation, subject), organisation, subject))
    return 1 if problems else 0


def _own_memory(log: Path) -> Path:
    """Where this user keeps how far a log was verified."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache / "gms" / "audit" / f"{digest_of(str(log.resolve()))}.json"


def show_withdrawal(configfile: Path, pseudonym: str, digest: str | None) -> int:
    """List what holds a person, or remove it; 1 if the storage refused to delete something.

    `digest` confirms the person and the versions that the audit log has of that person: it stays the same while copies
    are removed, so that an interrupted command can be repeated.
    """
    log = _Log(configfile)
    log.check()
    if digest is None:
        found = list_holdings(pseudonym, log.sharing, log.packages, log.store, known=log.known())
        print(listing_text(found))
        print(how_to_confirm(_holdings_digest(found), "withdraws the person and removes what is listed"))
        return 0
    require_confirmed(digest, _holdings_digest(holdings_here(pseudonym, log.sharing, log.packages, log.known())))
    log.remove_unfinished()
    done = withdraw(pseudonym, log.sharing, log.packages, log.store, known=log.known())
    log.remove_unfinished()
    log.keep_head()
    print(withdrawal_text(done))
    print(log.row_for_the_table(pseudonym))
    return _left(done.outcome)


def _holdings_digest(found: Listing) -> str:
    versions = sorted(version.id for version in found.versions)
    return digest_of("\n".join([found.study, found.subject, *(f"{package} {number}" for package, number in versions)]))


def show_new_log(configfile: Path, reason: str, digest: str | None) -> None:
    """Show what a new log would rest on, or begin it in place of a lost one. Raises AuditError if none is lost."""
    log = _Log(configfile)
    loss = find_loss(log.sharing, log_trust(log.sharing), log.anchors())
    shown = "\n".join(loss.lines(reason))
    if digest is None:
        print(f"{shown}\n{how_to_confirm(digest_of(shown), 'begins the new log')}")
        return
    require_confirmed(digest, digest_of(shown))
    if remains := begin_anew(loss, reason, log.sharing, load_private(log.sharing.signing_key)):
        print(f"remains of the old log: {remains}")
    log.keep_head()
    print(f"begun: {log.sharing.audit}. Nothing is shared until an approver agrees (./gms export new-log --key).")


def approve_new_log(configfile: Path, key: Path, digest: str | None) -> None:
    """Show the first entry of a log that was begun after a loss, or approve it as a second person."""
    log = _Log(configfile, with_secrets=False)
    sha256, entry = restart_to_approve(log.sharing.audit)
    if digest is None:
        print(f"new audit log of study {entry['study']}: {log.sharing.audit}, as the old one is {entry['reason']}")
        print(f"  begun       {entry['time']}, after entry {entry['sequence'] - 1} of log {entry['lost_log']}")
        print(how_to_confirm(sha256, "approves this"))
        return
    require_confirmed(digest, sha256)
    approve_restart(log.sharing.audit, log_trust(log.sharing), load_private(key))
    print(f"approved: {log.sharing.audit}")


def show_retention(configfile: Path, digest: str | None) -> int:
    """List what is to be deleted today, or decide on it and delete it; 1 if the storage refused to delete something.

    `digest` of the list confirms the decision; what is decided already is carried out again.
    """
    log, today = _Log(configfile), datetime.date.today()
    log.check()
    due = deletion_plan(log.sharing.audit, today)
    shown = plan_text(due)
    print(shown)
    if not due:
        return 0
    if digest is None:
        print(how_to_confirm(digest_of(shown), "deletes what is listed"))
        return 0
    if any(one.decision is None for one in due):
        require_confirmed(digest, digest_of(shown))
    log.remove_unfinished()
    decide_deletion(due, log.sharing)
    outcome = delete_expired(log.sharing, today, log.packages, log.store)
    log.keep_head()
    print(outcome_text(outcome))
    return _left(outcome)


def _left(outcome: Outcome) -> int:
    return 1 if outcome.refused_tombstones or outcome.unread or any(one.refused for one in outcome.removed) else 0
