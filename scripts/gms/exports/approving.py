"""The second person's approval of prepared packages, logged under that person's key."""

import datetime
from collections.abc import Iterator, Sequence
from pathlib import Path

from gms.audit import events
from gms.audit.anchors import anchor, read_anchors, write_anchor
from gms.audit.log import append
from gms.audit.verification import check_log
from gms.exports.deciding import log_keys, sender_key
from gms.exports.settings import export_settings
from gms.package.approval import approve
from gms.package.manifest import manifest_sha256, read_manifest
from gms.package.signatures import load_private, load_public
from gms.sharing import load_sharing


def approve_packages(
    packages: Sequence[Path], configfile: Path, key_file: Path, on: datetime.date
) -> Iterator[tuple[Path, int]]:
    """Approve each package; it and its version. Raises GmsError: a wrong key, a package that does not verify."""
    settings = export_settings(configfile)
    sharing, key, anchors = (
        load_sharing(settings.sharing, with_secrets=False),
        load_private(key_file),
        settings.packages / "audit",
    )
    sender, approvers = (
        sender_key(sharing),
        [load_public(path) for path in sharing.approvers],
    )
    check_log(sharing.audit, log_keys(sharing), read_anchors(anchors))
    for package in packages:
        manifest, digest = read_manifest(package), manifest_sha256(package)
        approve(package, key, approvers, sender, on)
        append(sharing.audit, events.approved(manifest, digest), key)
        write_anchor(anchor(sharing.audit), anchors)
        yield package, manifest["version"]
