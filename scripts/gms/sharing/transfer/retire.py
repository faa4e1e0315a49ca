"""Older versions of a package in the store: closed to everybody but the owner once a later version is there.

An organisation that was removed from the recipients can still read older versions. Removing them from the store is
`gms.sharing.withdrawal.withdrawal` and `gms.sharing.withdrawal.retention`.
"""

import re
from dataclasses import dataclass

from gms.sharing.transfer import acl
from gms.sharing.transfer.client import Store
from gms.sharing.transfer.errors import TransferError
from gms.sharing.transfer.upload import LAST


@dataclass(frozen=True, slots=True)
class Retired:
    """An older version: `closed` are the paths of objects that only the owner may read now.

    `open` are (path, the store's code for why) of those that organisations can still read; None for the joint bucket,
    whose members can read everything.
    """

    version: int
    prefix: str
    closed: tuple[str, ...]
    open: tuple[tuple[str, str | None], ...]


def retire_versions(store: Store, study: str, package: str, keep_version: int) -> list[Retired]:
    """Take the grants of all objects of the versions before `keep_version`, which was sent and verified; read back.

    A second call finds nothing to change and says the same. In the joint bucket nothing can be taken: all are `open`.
    Raises TransferError where the store does not answer; the same call goes on.
    """
    of_version = re.compile(re.escape(f"{study}/{package}/") + r"v(?P<version>[0-9]+)/(?P<path>.+)")
    versions: dict[int, list[str]] = {}
    for found in store.list_objects(f"{study}/{package}/v"):
        match = of_version.fullmatch(found.key)
        if match and int(match["version"]) < keep_version:
            versions.setdefault(int(match["version"]), []).append(match["path"])
    prefix = f"{study}/{package}/v"
    return [_retire(store, number, f"{prefix}{number}/", versions[number]) for number in sorted(versions)]


def _retire(store: Store, version: int, prefix: str, paths: list[str]) -> Retired:
    """The manifest first: a reader never takes what is left for a package."""
    closed: list[str] = []
    still_open: list[tuple[str, str | None]] = []
    for path in sorted(paths, key=lambda path: (path not in LAST, path)):
        try:
            if store.settings.grants is None:
                still_open.append((path, None))
            else:
                acl.grant(store, prefix + path, {})
                closed.append(path)
        except TransferError as error:
            if not error.code:
                raise
            still_open.append((path, error.code))
    return Retired(version, prefix, tuple(closed), tuple(still_open))
