"""The audit log, withdrawal and retention as commands: what to print, and with which exit code."""

import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from gms.audit.anchors import read_anchors, stored_anchors
from gms.audit.log import read_log
from gms.audit.queries import what_got
from gms.audit.retention import decide_deletion, delete_expired, deletion_plan
from gms.audit.verification import verify_log
from gms.audit.withdrawal import list_holdings, withdraw
from gms.audit.wording import listing_text, outcome_text, plan_text, rows_text, withdrawal_text
from gms.errors import GmsError
from gms.exports.settings import ExportSettings, export_settings
from gms.package.signatures import load_private, load_public
from gms.sharing import Sharing, load_sharing
from gms.transfer.client import Store


def show_log(configfile: Path, party: str | None, subject: str | None) -> int:
    """Verify the log, or answer what a party got of a person; a log with problems is told with either."""
    if (party is None) != (subject is None):
        raise GmsError("give both --party and --subject-pseudonym, or neither to verify the log")
    settings = export_settings(configfile)
    sharing = load_sharing(settings.sharing)
    problems = _problems(sharing, settings)
    if party and subject:
        print(rows_text(what_got(sharing.audit, party, subject), party, subject))
    elif not problems:
        print(f"{sharing.audit} verifies: {len(read_log(sharing.audit))} entries")
    if problems:
        print("\n".join([f"{sharing.audit} does NOT verify:", *(f"  {problem}" for problem in problems)]))
    return 1 if problems else 0


def _problems(sharing: Sharing, settings: ExportSettings) -> list[str]:
    own = load_private(sharing.signing_key).public_key()
    approvers = [load_public(path) for path in sharing.approvers]
    return verify_log(sharing.audit, [own, *approvers], _anchors(sharing, settings))


def _anchors(sharing: Sharing, settings: ExportSettings) -> Iterator[dict[str, Any]]:
    yield from read_anchors(settings.packages / "audit")
    if settings.s3:
        yield from stored_anchors(Store(settings.s3), sharing.study.id)


def _store(settings: ExportSettings) -> Store | None:
    return Store(settings.s3) if settings.s3 else None


def show_withdrawal(configfile: Path, pseudonym: str, really: bool) -> int:
    """List what holds a person, or remove it; 1 if something is left that the storage did not let go."""
    settings = export_settings(configfile)
    sharing, store = load_sharing(settings.sharing), _store(settings)
    if not really:
        print(listing_text(list_holdings(pseudonym, sharing, [settings.packages], store)))
        print("Nothing was done; --yes withdraws the person and removes this.")
        return 0
    done = withdraw(pseudonym, sharing, [settings.packages], store)
    print(withdrawal_text(done))
    return 1 if any(one.refused for one in done.outcome.removed) else 0


def show_retention(configfile: Path, really: bool) -> int:
    """List what is to be deleted today, or decide on it and delete it."""
    settings = export_settings(configfile)
    sharing = load_sharing(settings.sharing)
    due = deletion_plan(sharing.audit, datetime.date.today())
    print(plan_text(due))
    if not (due and really):
        return 0
    decide_deletion(due, sharing)
    print(outcome_text(delete_expired(due, sharing, [settings.packages], _store(settings))))
    return 0
