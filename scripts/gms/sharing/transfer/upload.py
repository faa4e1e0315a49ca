"""Upload of a package: verified and approved, each object read back, then opened to its readers; the manifest last."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NamedTuple

from gms.sharing.transfer import acl
from gms.sharing.transfer.client import Store
from gms.sharing.transfer.errors import ExistingObject, NotForUpload, TransferError
from gms.sharing.transfer.parts import Item, Sender, check_stored
from gms.sharing.transfer.progress import Progress, readable
from gms.sharing.transfer.resume import Notes, abort_stale
from gms.sharing.transfer.settings import key_prefix

MAGIC = b"crypt4gh\x01\x00\x00\x00"
# Readers look for the manifest, so everything that it names is there, verified and readable, before it. No organisation
# can read anything of an interrupted transfer, except in the joint bucket.
LAST = ("approval.json", "approval.sig", "manifest.sig", "manifest.json")
SIGNATURE_BYTES = 64


class Stored(NamedTuple):
    """An object that was read back: its size in bytes and SHA-256 are those of the manifest."""

    key: str
    bytes: int
    sha256: str
    etag: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """What is stored where and who may read it; `grants`: organisation -> canonical user id, None in the joint bucket.

    `sent_parts`, `sent_bytes` and `aborted` (keys of unfinished uploads that were given up) are of this run alone.
    """

    endpoint: str
    tenant: str
    bucket: str
    prefix: str
    manifest_sha256: str
    objects: tuple[Stored, ...]
    grants: Mapping[str, str] | None
    sent_parts: int
    sent_bytes: int
    aborted: tuple[str, ...]

    def record(self) -> dict[str, Any]:
        """For JSON; the same for every upload of the same package."""
        content = asdict(self) | {"objects": [entry._asdict() for entry in self.objects]}
        return {key: value for key, value in content.items() if key not in ("sent_parts", "sent_bytes", "aborted")}


def upload_package(package: Path, store: Store, sender_key: Any, approver_keys: Sequence[Any]) -> Receipt:
    """Send a package to {study}/{package}/v{version}/ of the bucket; what is there already is not sent again.

    The keys are Ed25519 public keys: the sender's, and those of who may approve. Raises GmsError: the package does not
    verify, is not approved or holds a plain file; another object is in its place; the store can not be used.
    """
    manifest = check_package(package, sender_key, approver_keys)
    return send_package(package, manifest, store, Progress(rate=store.settings.rate))


def send_package(package: Path, manifest: Mapping[str, Any], store: Store, progress: Progress) -> Receipt:
    """Send a package that was checked; `manifest` is its content. Raises GmsError."""
    settings, prefix = store.settings, key_prefix(manifest)
    organisations, items = acl.readers(manifest, settings), plan(package, manifest, prefix)
    try:
        with Notes(package) as notes:
            aborted = abort_stale(store, f"{prefix}/", {item.key: item.sha256 for item in items}, notes)
            for key in aborted:
                progress.note(
                    f"{key}: an unfinished upload of other content was aborted; the file is sent from its start"
                )
            sender = Sender(store, notes, progress)
            objects = deliver_all(items, sender, organisations)
    finally:
        progress.end()
    progress.note(f"{len(objects)} objects are in {settings.bucket}/{prefix}; sent {readable(sender.bytes)}")
    place = (settings.endpoint, settings.tenant, settings.bucket, prefix, items[-1].sha256)
    return Receipt(*place, objects, organisations, sender.parts, sender.bytes, tuple(aborted))


def check_package(package: Path, sender_key: Any, approver_keys: Sequence[Any]) -> dict[str, Any]:
    """The manifest of a package that verifies and is approved. Raises NotForUpload with everything that is wrong."""
    from gms.sharing.package.manifest import read_manifest
    from gms.sharing.package.verify import verify_package

    if not approver_keys:
        raise NotForUpload(
            "the sharing file names no approver; a package is released only with a second person's approval"
        )
    if problems := verify_package(package, sender_key, approver_keys):
        raise NotForUpload("\n".join([f"{package} is not uploaded:", *(f"  {problem}" for problem in problems)]))
    return read_manifest(package)


def plan(package: Path, manifest: Mapping[str, Any], prefix: str) -> list[Item]:
    """Every file of a package in the order of sending. Raises NotForUpload for one that is not encrypted."""
    items = []
    for entry in manifest["files"]:
        path, cipher = package / entry["path"], entry["cipher"]
        with path.open("rb") as file:
            if file.read(len(MAGIC)) != MAGIC:
                raise NotForUpload(f"{path} is not encrypted (not a Crypt4GH file); nothing was sent")
        items.append(Item(path, f"{prefix}/{entry['path']}", cipher["bytes"], cipher["sha256"]))
    for name in LAST:
        content = (package / name).read_bytes()
        if name.endswith(".sig") and len(content) != SIGNATURE_BYTES:
            raise NotForUpload(f"{package / name} is not a signature; nothing was sent")
        items.append(Item(package / name, f"{prefix}/{name}", len(content), hashlib.sha256(content).hexdigest()))
    return items


def deliver_all(items: Sequence[Item], sender: Sender, organisations: Mapping[str, str] | None) -> tuple[Stored, ...]:
    """Deliver the files one after the other, then let the organisations read them; a failed one ends it."""
    sender.progress.total = 2 * sum(item.bytes for item in items)  # each byte goes there and comes back
    objects = []
    for number, item in enumerate(items, 1):
        name = "/".join(item.key.split("/")[3:])
        sender.progress.label = f"{number}/{len(items)} {name}"
        objects.append(deliver(item, sender))
        acl.check_not_public(sender.store, item.key)
    for item in items if organisations is not None else ():
        acl.grant(sender.store, item.key, organisations)
    return tuple(objects)


def deliver(item: Item, sender: Sender) -> Stored:
    """One file: sent unless it is there, then read back and compared. Raises ExistingObject, TransferError."""
    found, url = sender.store.head(item.key), sender.store.url(item.key)
    is_new = found is None
    if found is None:
        etag = sender.send(item)
        found = check_stored(item, etag, sender.store.head(item.key))
    elif found.bytes != item.bytes:
        raise ExistingObject(item.key, f"{found.bytes} bytes, ours has {item.bytes}")
    else:
        sender.progress.skipped(item.bytes)
    note = {"sha256": item.sha256, "etag": found.etag}
    if sender.notes.about(url) == note:
        sender.progress.skipped(item.bytes)
    elif sender.store.sha256(found, sender.progress.moved) == item.sha256:
        sender.notes.put(url, **note)
    elif is_new:
        raise TransferError(f"{item.key} differs when read back from the store: the store or the file is damaged")
    else:
        raise ExistingObject(item.key, "its SHA-256 differs")
    return Stored(item.key, item.bytes, item.sha256, found.etag)


def write_receipt(path: Path, receipt: Receipt) -> None:
    """Write the record of a receipt as JSON."""
    path.write_text(json.dumps(receipt.record(), indent=2, sort_keys=True, ensure_ascii=False) + "\n")
