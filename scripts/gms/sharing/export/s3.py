"""Target 's3': an approved package to the bucket that the configuration names."""

import datetime
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gms.base.errors import GmsError
from gms.sharing.audit import events
from gms.sharing.audit.anchors import anchor, put_anchor, stored_anchors
from gms.sharing.export.deciding import (
    Centre,
    case_lock,
    holds_withdrawn,
    load_centre,
    no_longer_shared,
    refused_readers,
    require_current,
)
from gms.sharing.package.keys import load_public
from gms.sharing.package.manifest import manifest_sha256, read_manifest
from gms.sharing.transfer.client import Store
from gms.sharing.transfer.settings import S3Settings
from gms.sharing.transfer.upload import Receipt, key_prefix, upload_package, write_receipt
from gms.sharing.withdrawal.execution import supersede


class NotSharedAnyMore(GmsError):
    """A package that was shared when it was made and is not any more."""

    def __init__(self, package: Path, reasons: list[str]):
        lines = "\n".join(f"  {reason}" for reason in reasons)
        decide = (
            "Run the workflow again, which decides on the case anew; for other recipients only: ./gms export grant."
        )
        super().__init__(f"{package} is not uploaded:\n{lines}\n{decide}")


def upload(package: Path, settings: S3Settings, sharing: Path, packages: Path, out: Path) -> None:
    """Transfer a package that is approved and still shared today, log it, and write the receipt `out`. Raises GmsError.

    A second call sends nothing. The head of the audit log is anchored in the bucket, where the log cannot be set back.
    """
    package, today = package.resolve(), datetime.date.today()
    centre, store = load_centre(sharing, packages), Store(settings)
    with case_lock(package):
        require_current(package, centre.sharing, packages, stored_anchors(store, centre.sharing.study.id))
        manifest = read_manifest(package)
        if reasons := no_longer_shared(manifest, centre, today) + refused_readers(manifest, centre.sharing, today):
            raise NotSharedAnyMore(package, reasons)
        receipt = _send(package, manifest, store, centre)
    if holds_withdrawn(manifest, centre):
        text = "a person in it withdrew during the transfer: run ./gms export withdraw once more"
        raise NotSharedAnyMore(package, [text])
    out.parent.mkdir(parents=True, exist_ok=True)
    write_receipt(out, receipt)


def _send(package: Path, manifest: Mapping[str, Any], store: Store, centre: Centre) -> Receipt:
    """Transfer it, shut the parties out of older versions, and log each step; nothing is sent that is not logged."""
    settings, sharing = store.settings, centre.sharing
    place = (settings.endpoint, settings.bucket, key_prefix(manifest))
    centre.log(events.upload_started(manifest, manifest_sha256(package), *place))
    approvers = [load_public(path) for path in sharing.approvers]
    receipt = upload_package(package, store, centre.signing.public_key(), approvers)
    centre.log(events.uploaded(manifest, receipt.record()))
    entries, lines = supersede(store, manifest, sharing.audit)
    for entry in entries:
        centre.log(entry)
    print("".join(f"{line}\n" for line in lines), end="")
    put_anchor(anchor(sharing.audit), store, sharing.study.id)
    return receipt
