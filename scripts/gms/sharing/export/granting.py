"""A package for other recipients: a new version in the place of the old one, with new headers only."""

import datetime
import shutil
from pathlib import Path

from gms.base.errors import GmsError
from gms.base.json_tables import read_json, write_json
from gms.sharing.audit import events
from gms.sharing.decision.decisions import recipients_on
from gms.sharing.decision.law import legal_refusals
from gms.sharing.decision.model import Recipient
from gms.sharing.export.deciding import (
    Centre,
    case_lock,
    load_centre,
    no_longer_shared,
    require_current,
    stop_if_withdrawn,
    unfinished,
)
from gms.sharing.package.grants import regrant
from gms.sharing.package.manifest import manifest_sha256, read_manifest


def grant_package(package: Path, sharing: Path, packages: Path, on: datetime.date) -> tuple[int, list[str]]:
    """Replace the package by its next version for the recipients that may read it on a day; that version, and whom.

    Raises GmsError: nobody may, the persons in it are not shared any more, or it is not the package that was decided.
    """
    package, centre = package.resolve(), load_centre(sharing, packages)
    with case_lock(package):
        require_current(package, centre.sharing, packages)
        recipients = _recipients(package, centre, on)
        new, before = unfinished(package), read_manifest(package)
        shutil.rmtree(new, ignore_errors=True)
        rule_set, _ = legal_refusals(centre.sharing, on)
        regrant(package, new, recipients, centre.encryption, centre.signing, on, rule_set)
        after, digest = read_manifest(new), manifest_sha256(new)
        centre.log(events.granted(after, digest, before["version"]))
        shutil.rmtree(package)
        new.rename(package)
        stop_if_withdrawn(package, centre)
        parties = [recipient.party for recipient in recipients]
        decision = package.with_name(f"{package.name}.json")
        changes = {"version": after["version"], "manifest_sha256": digest, "recipients": parties}
        write_json(decision, read_json(decision) | changes)
    return after["version"], parties


def _recipients(package: Path, centre: Centre, on: datetime.date) -> tuple[Recipient, ...]:
    recipients, refused = recipients_on(centre.sharing, on)
    reasons = no_longer_shared(read_manifest(package), centre, on)
    reasons += [] if recipients else [f"{party}: {reason}" for party, reason in refused]
    if reasons:
        raise GmsError("\n".join([f"{package} is granted to nobody:", *(f"  {reason}" for reason in reasons)]))
    return recipients
