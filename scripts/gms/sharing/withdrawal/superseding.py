"""After a version of a package was sent: the versions before it are closed to their parties, and that is logged."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gms.sharing.audit import events
from gms.sharing.audit.queries import Entry, uploaded_versions
from gms.sharing.withdrawal.removal import place_of

if TYPE_CHECKING:
    from gms.sharing.transfer.client import Store
    from gms.sharing.transfer.retire import Retired


def supersede(store: "Store", manifest: Mapping[str, Any], log: Path) -> tuple[list[Entry], list[str]]:
    """Close the versions before the one of the manifest, which was sent and verified: entries to append, lines to tell.

    An entry is of a version that no party may read any more and for which the log does not say so yet. What could not
    be closed is in the lines only, each of which begins with the package. Raises TransferError, AuditError.
    """
    from gms.sharing.transfer.retire import retire_versions

    package, study = manifest["package"], manifest["study"]["id"]
    retired = retire_versions(store, study, package, manifest["version"])
    where = place_of(store)
    known = [one for one in uploaded_versions(log, package) if one.place == where]
    done = {one.version for one in known if one.superseded is not None}
    entries = [
        events.superseded(manifest, one.version, one.closed, where[1], where[2])
        for one in retired
        if not one.open and one.version not in done
    ]
    return entries, [line for one in retired for line in _lines(one, package, manifest["version"])]


def _lines(one: "Retired", package: str, by: int) -> Iterator[str]:
    about = f"{package}, version {one.version}"
    if not one.open:
        yield f"{about}: superseded by version {by}; only the owner may read it now"
    elif any(why is None for _, why in one.open):
        yield (
            f"{about}: superseded by version {by}, but the members of the joint bucket may read it still: "
            "its access lists are not in use. Remove it by hand where that is not wanted."
        )
    else:
        objects = ", ".join(f"{path} ({why})" for path, why in one.open)
        yield (
            f"{about}: NOT closed to its parties, the store refused to change the access lists of {objects}. "
            "Ask the tenant's administrator for that right, and run the same command again."
        )
