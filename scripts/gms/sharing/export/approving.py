"""The second person's approval of prepared packages, logged under that person's key."""

import datetime
from collections.abc import Iterator, Sequence
from pathlib import Path

from gms.sharing.audit import events
from gms.sharing.audit.anchors import anchor, read_anchors, write_anchor
from gms.sharing.audit.log import append
from gms.sharing.decision.loading import load_sharing
from gms.sharing.decision.model import Sharing
from gms.sharing.export.deciding import case_lock, check_audit_log, require_current, sender_key
from gms.sharing.export.settings import ExportSettings, export_settings
from gms.sharing.package.approval import approve
from gms.sharing.package.keys import load_private, load_public
from gms.sharing.package.manifest import manifest_sha256, read_manifest


def approve_packages(
    packages: Sequence[Path], configfile: Path, key_file: Path, on: datetime.date
) -> Iterator[tuple[Path, int]]:
    """Approve each package; it and its version. Raises GmsError: a wrong key, a package that is not the one decided."""
    settings, sharing = _sharing(configfile)
    key, sender = load_private(key_file), sender_key(sharing)
    approvers = [load_public(path) for path in sharing.approvers]
    for package in map(Path.resolve, packages):
        with case_lock(package):
            require_current(package, sharing, settings.packages)
            approve(package, key, approvers, sender, on)
            try:
                append(sharing.audit, events.approved(read_manifest(package), manifest_sha256(package)), key)
            except BaseException:  # what is not logged is not approved
                for path in package.glob("approval.*"):
                    path.unlink()
                raise
            write_anchor(anchor(sharing.audit), settings.packages / "audit")
        yield package, read_manifest(package)["version"]


def described(packages: Sequence[Path], configfile: Path) -> Iterator[str]:
    """What an approver reads first: of each package whose data, which, for whom, with whose keys. Raises GmsError."""
    settings, sharing = _sharing(configfile)
    for package in map(Path.resolve, packages):
        require_current(package, sharing, settings.packages)
        manifest = read_manifest(package)
        study, persons = manifest["study"], manifest["subjects"]
        yield f"{package}: package {manifest['package']}, version {manifest['version']}"
        yield f"  study   {study['id']}, {study['ethics_approval']}, decision {study['disclosing_decision']}"
        yield f"  of      {len(persons)} person(s): {', '.join(person['pseudonym'] for person in persons)}"
        yield f"  data    {', '.join(manifest['data_categories'])}; {len(manifest['files'])} files"
        for reader in manifest["readers"]:
            yield f"  for     {reader['party']}, key {reader['key']}"


def _sharing(configfile: Path) -> tuple[ExportSettings, Sharing]:
    """The settings and the sharing file, with an audit log that can be relied on."""
    settings = export_settings(configfile)
    sharing = load_sharing(settings.sharing, with_secrets=False)
    check_audit_log(sharing, read_anchors(settings.packages / "audit"))
    return settings, sharing
