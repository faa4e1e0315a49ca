"""Packages that parties were given by other means, such as a disk: noted, so that the log can tell of it."""

import datetime
from pathlib import Path
from typing import Any

from gms.base.errors import GmsError
from gms.sharing.audit import events
from gms.sharing.audit.log import read_log
from gms.sharing.audit.queries import versions
from gms.sharing.decision.model import Sharing
from gms.sharing.package.manifest import manifest_sha256, read_manifest


def handed_over(package: Path, party: str, on: datetime.date, sharing: Sharing, today: datetime.date) -> dict[str, Any]:
    """The entry to append for a package that a party was given on a day; its files stay where they are.

    An approval is not asked for, as what has happened is to be known. Raises GmsError: the log does not know this
    package, the party cannot read it, the day cannot be, or it is noted already.
    """
    manifest, sha256 = read_manifest(package), manifest_sha256(package)
    same = [one for one in versions(read_log(sharing.audit)) if one.origin["manifest_sha256"] == sha256]
    if not same:
        raise GmsError(f"{package} is not in the audit log {sharing.audit}: it was made by another study or centre")
    if party not in (readers := events.parties(manifest)):
        raise GmsError(f"{party} cannot read {package}; its readers are {', '.join(readers)}. Nothing was noted.")
    made = datetime.date.fromisoformat(same[0].origin["time"][: len("YYYY-MM-DD")])
    if not made <= on <= today:
        raise GmsError(f"{package} was made on {made}; the day of the hand-over is one from then until today ({today})")
    entry = events.handed_over(manifest, sha256, party, on)
    if any(entry.items() <= other.items() for other in same[-1].handed):
        raise GmsError(f"it is noted already that {party} was given {package} on {on}")
    return entry
