"""Copies of packages: found in local folders and in the store, and removed; what the storage keeps is reported."""

import contextlib
import json
import re
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from gms.sharing.audit.queries import Place, Version
from gms.sharing.package.manifest import NAME as MANIFEST

_FOLDER: Place = ("folder", None, None)
_KEY = re.compile(r"(?P<study>[^/]+)/(?P<package>[^/]+)/v(?P<version>[0-9]+)/(?P<path>.+)")


class ObjectStore(Protocol):
    """What withdrawal needs of `gms.sharing.transfer.client.Store`; each method raises TransferError."""

    settings: Any  # with endpoint and bucket

    def list_objects(self, prefix: str) -> Iterable[Any]:
        """Objects whose keys begin so, each with its `key`."""

    def get_small(self, key: str) -> bytes | None:
        """The content, None if there is no such object."""

    def put_small(self, key: str, content: bytes) -> bool:
        """Whether it was stored now; False if it is there already."""

    def delete_object(self, key: str) -> int:
        """Delete all versions of an object; how many there were. Raises RefusedByStorage."""

    def pages(self, operation: str, doing: str, **arguments: Any) -> Iterator[dict[str, Any]]:
        """The pages of a listing of unfinished uploads."""

    def request(self, operation: str, doing: str, **arguments: Any) -> dict[str, Any]:
        """The request that gives an unfinished upload up."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A version of a package at one place; `root` is its folder or what its keys begin with, `objects` follow that.

    `subjects` is None if it is not known whose data it holds.
    """

    package: str
    version: int
    place: Place
    root: str
    objects: tuple[str, ...]
    subjects: frozenset[str] | None

    @property
    def id(self) -> tuple[str, int]:
        """Package and version."""
        return self.package, self.version


@dataclass(frozen=True, slots=True)
class Removed:
    """What was removed of a copy; `refused` are the objects that are still there, each with the log's word for why."""

    copy: Copy
    objects: int
    refused: tuple[tuple[str, str], ...]


def place_of(store: ObjectStore) -> Place:
    """The place that a store is."""
    return "s3", store.settings.endpoint, store.settings.bucket


def local_copies(folders: Iterable[Path], study: str) -> list[Copy]:
    """The packages of a study in folders of packages, as their manifests describe them."""
    found = []
    for root in sorted(path.parent for folder in folders for path in folder.glob(f"*/{MANIFEST}")):
        objects = tuple(sorted(str(file.relative_to(root)) for file in root.rglob("*") if not file.is_dir()))
        try:
            manifest = json.loads((root / MANIFEST).read_bytes())
            about = manifest["package"], manifest["version"]
            if manifest["study"]["id"] == study:
                found.append(Copy(*about, _FOLDER, str(root), objects, _subjects(manifest)))
        except (ValueError, KeyError, TypeError):
            found.append(Copy("", 0, _FOLDER, str(root), objects, None))
    return found


def stored_copies(store: ObjectStore, study: str, made: Sequence[Version]) -> list[Copy]:
    """The packages of a study in a store; whose they are say the log and, for those it does not know, manifests."""
    groups: dict[tuple[str, int], list[str]] = {}
    for found in store.list_objects(f"{study}/"):
        if match := _KEY.fullmatch(found.key):
            groups.setdefault((match["package"], int(match["version"])), []).append(match["path"])
    for version in made:  # an object that was deleted can have older versions, which a listing does not show
        for transfer in version.places().get(place_of(store), []):
            if version.removal(place_of(store)) is None:
                groups.setdefault(version.id, []).extend(transfer.get("objects", ()))
    known = {version.id: frozenset(version.origin["subjects"]) for version in made}
    copies = []
    for (package, version), paths in sorted(groups.items()):
        root = f"{study}/{package}/v{version}/"
        subjects = known.get((package, version)) or _stored_subjects(store, root)
        copies.append(Copy(package, version, place_of(store), root, tuple(sorted(set(paths))), subjects))
    return copies


def _stored_subjects(store: ObjectStore, root: str) -> frozenset[str] | None:
    try:
        return _subjects(json.loads(store.get_small(root + MANIFEST) or b""))
    except (ValueError, KeyError, TypeError):
        return None


def _subjects(manifest: dict[str, Any]) -> frozenset[str]:
    return frozenset(subject["pseudonym"] for subject in manifest["subjects"])


def remove(copy: Copy, store: ObjectStore | None) -> Removed:
    """Remove a copy, as far as the storage lets it go. Raises TransferError where the store does not answer."""
    if copy.place[0] == "folder":
        return _remove_folder(copy)
    assert store is not None and place_of(store) == copy.place  # only the store's own copies are asked for
    return _remove_objects(copy, store)


def _remove_objects(copy: Copy, store: ObjectStore) -> Removed:
    """The manifest goes first: a reader never takes what is left for a package."""
    from gms.sharing.transfer.errors import RefusedByStorage
    from gms.sharing.transfer.resume import abort, unfinished

    for key, upload in unfinished(store, copy.root):
        abort(store, key, upload)
    removed, refused = 0, []
    for path in sorted(copy.objects, key=lambda path: (path != MANIFEST, path)):
        try:
            removed += bool(store.delete_object(copy.root + path))
        except RefusedByStorage as error:
            refused.append((path, "access_denied" if error.code in ("AccessDenied", "403") else "other"))
    return Removed(copy, removed, tuple(refused))


def _remove_folder(copy: Copy) -> Removed:
    """The manifest goes last, by which an interrupted removal is found again; then what the workflow made next to it.

    Without the decision next to the package (<name>.json), the next run of the workflow decides anew.
    """
    root = Path(copy.root)
    for folder in [root, *(path for path in root.rglob("*") if path.is_dir() and not path.is_symlink())]:
        with contextlib.suppress(OSError):
            folder.chmod(0o700)  # the workflow may have protected it
    refused = []
    for path in sorted(copy.objects, key=lambda path: (path == MANIFEST, path)):
        if path == MANIFEST and refused:
            refused.append((path, "other"))
            break
        try:
            (root / path).unlink(missing_ok=True)
        except OSError:
            refused.append((path, "access_denied"))
    if not refused:
        shutil.rmtree(root, ignore_errors=True)
        for beside in (f"{root.name}.json", f"{root.name}.upload.json"):
            with contextlib.suppress(OSError):
                root.with_name(beside).unlink()
    return Removed(copy, len(copy.objects) - len(refused), tuple(refused))
