"""Target 's3': an approved package to the bucket that the configuration names."""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from gms.base.errors import GmsError
from gms.inputs.load_run import read_run
from gms.sharing.audit import events
from gms.sharing.audit.anchors import NEWEST, anchor, put_anchor, stored_anchors
from gms.sharing.export.cases import SheetCases, sheet_cases
from gms.sharing.export.deciding import Centre, approver_keys, case_lock, load_centre, log_trust
from gms.sharing.export.release import NotSharedAnyMore, holds_withdrawn, release_by, require_releasable
from gms.sharing.export.settings import ExportSettings
from gms.sharing.package.manifest import manifest_sha256
from gms.sharing.transfer.client import Store
from gms.sharing.transfer.settings import S3Settings
from gms.sharing.transfer.upload import Receipt, key_prefix, upload_package, write_receipt
from gms.sharing.withdrawal.execution import supersede


def upload_packages(packages: Sequence[Path], settings: ExportSettings) -> Iterator[GmsError]:
    """Transfer each package; what went wrong with which. Raises GmsError if there is no store."""
    store, cases = settings.store(), sheet_cases(read_run(settings.configfile))
    for package in packages:
        try:
            upload(package, store, settings.sharing, cases, settings.receipt(package))
        except GmsError as error:
            yield error


def upload(package: Path, settings: S3Settings, sharing: Path, cases: SheetCases, out: Path) -> None:
    """Transfer a package that is approved and still shared today, log it, and write the receipt `out`. Raises GmsError.

    A second call sends nothing. The head of the audit log is anchored in the bucket, where the log cannot be set back.
    """
    package, today = package.resolve(), datetime.date.today()
    centre, store = load_centre(sharing, cases.packages), Store(settings)
    with case_lock(package):
        anchors = stored_anchors(store, centre.sharing.study.id, NEWEST)
        manifest = require_releasable(package, release_by(centre, today, cases, anchors))
        receipt = _send(package, manifest, store, centre)
    if holds_withdrawn(manifest, centre):
        text = "a person in it withdrew during the transfer: run ./gms export withdraw again"
        raise NotSharedAnyMore(package, [text])
    out.parent.mkdir(parents=True, exist_ok=True)
    write_receipt(out, receipt)


def _send(package: Path, manifest: Mapping[str, Any], store: Store, centre: Centre) -> Receipt:
    """Transfer it, revoke access to older versions, and log each step; nothing is sent that is not logged."""
    settings, sharing = store.settings, centre.sharing
    place = (settings.endpoint, settings.bucket, key_prefix(manifest))
    centre.log(events.upload_started(manifest, manifest_sha256(package), *place))
    receipt = upload_package(package, store, centre.signing.public_key(), approver_keys(sharing))
    centre.log(events.uploaded(manifest, receipt.record()))
    entries, lines = supersede(store, manifest, sharing.audit, log_trust(sharing))
    for entry in entries:
        centre.log(entry)
    print("".join(f"{line}\n" for line in lines), end="")
    put_anchor(anchor(sharing.audit), store, sharing.study.id)
    return receipt
