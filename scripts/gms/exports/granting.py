"""A package for other recipients: a new version in the place of the old one, with new headers only."""

import datetime
import shutil
from pathlib import Path

from gms.audit import events
from gms.errors import GmsError
from gms.exports.deciding import load_centre, no_longer_shared
from gms.package.grants import regrant
from gms.package.manifest import manifest_sha256, read_manifest
from gms.sharing.decisions import recipients_on
from gms.sharing.law import legal_refusals


def grant_package(package: Path, sharing: Path, on: datetime.date) -> tuple[int, list[str]]:
    """Replace the package by its next version for the recipients that may read it on a day; that version, and whom.

    Raises GmsError: nobody may, or the persons in it are not shared any more.
    """
    centre, before = load_centre(sharing, package.resolve().parent), read_manifest(package)
    recipients, refused = recipients_on(centre.sharing, on)
    reasons = no_longer_shared(before, centre, on)
    reasons += [] if recipients else [f"{party}: {reason}" for party, reason in refused]
    if reasons:
        raise GmsError("\n".join([f"{package} is granted to nobody:", *(f"  {reason}" for reason in reasons)]))
    new = package.with_name(f"{package.name}.unfinished")
    shutil.rmtree(new, ignore_errors=True)
    rule_set, _ = legal_refusals(centre.sharing, on)
    regrant(package, new, recipients, centre.encryption, centre.signing, on, rule_set)
    after = read_manifest(new)
    centre.log(events.granted(after, manifest_sha256(new), before["version"]))
    shutil.rmtree(package)
    new.rename(package)
    return after["version"], [recipient.party for recipient in recipients]
