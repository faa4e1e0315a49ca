"""The second person's approval of prepared packages, logged under that person's key."""

import datetime
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from gms.inputs.load_run import read_run
from gms.sharing.audit import events
from gms.sharing.audit.anchors import NEWEST, anchor, read_anchors, write_anchor
from gms.sharing.audit.known_logs import require_restart_approved
from gms.sharing.audit.log import append
from gms.sharing.decision.loading import load_sharing
from gms.sharing.export.cases import sheet_cases
from gms.sharing.export.confirmation import digest_of, require_confirmed
from gms.sharing.export.deciding import approver_keys, case_lock, check_audit_log, log_trust, sender_key
from gms.sharing.export.release import Release, release_by_approver, require_releasable
from gms.sharing.export.settings import export_settings
from gms.sharing.package.approval import approve
from gms.sharing.package.keys import load_private
from gms.sharing.package.manifest import manifest_sha256


def approve_packages(
    packages: Sequence[Path], configfile: Path, key_file: Path, today: Callable[[], datetime.date], digest: str
) -> Iterator[tuple[Path, int]]:
    """Approve each package; it and its version. `digest` is the one that `described` ended with.

    Raises GmsError: a wrong key, a package that is not the one shown, or that may not be released on the day.
    """
    packages = [package.resolve() for package in packages]
    require_confirmed(digest, packages_digest(packages))
    shown = {package: manifest_sha256(package) for package in packages}
    for package in packages:  # each is decided on as tables and day are then: those before it may have taken hours
        yield package, _approve(package, shown[package], _release(configfile, today()), key_file)


def _approve(package: Path, shown: str, release: Release, key_file: Path) -> int:
    """Approve a package whose manifest has the digest that was shown; its version."""
    sharing, key = release.sharing, load_private(key_file)
    with case_lock(package):
        require_confirmed(shown, manifest_sha256(package))  # nobody makes another one while the lock is held
        manifest = require_releasable(package, release)
        approve(package, key, approver_keys(sharing), sender_key(sharing), release.on)
        try:
            append(sharing.audit, events.approved(manifest, shown), key)
        except BaseException:  # what is not logged is not approved
            for path in package.glob("approval.*"):
                path.unlink()
            raise
        write_anchor(anchor(sharing.audit), release.packages / "audit")
    return manifest["version"]


def described(packages: Sequence[Path], configfile: Path, on: datetime.date) -> Iterator[str]:
    """What an approver reads first: of each package whose data, which, for whom, with whose keys. Raises GmsError."""
    release = _release(configfile, on)
    for package in map(Path.resolve, packages):
        manifest = require_releasable(package, release)
        study, persons = manifest["study"], manifest["subjects"]
        yield f"{package}: package {manifest['package']}, version {manifest['version']}"
        yield f"  digest  {manifest_sha256(package)}"
        yield f"  study   {study['id']}, {study['ethics_approval']}, decision {study['disclosing_decision']}"
        yield f"  of      {len(persons)} person(s): {', '.join(person['pseudonym'] for person in persons)}"
        yield f"  data    {', '.join(manifest['data_categories'])}; {len(manifest['files'])} files"
        for reader in manifest["readers"]:
            yield f"  for     {reader['party']}, key {reader['key']}"


def packages_digest(packages: Sequence[Path]) -> str:
    """What `--yes` takes: SHA-256 of the manifest of one package; of several, of the lines of theirs, sorted."""
    digests = sorted(manifest_sha256(package) for package in packages)
    return digests[0] if len(digests) == 1 else digest_of("".join(f"{digest}\n" for digest in digests))


def _release(configfile: Path, on: datetime.date) -> Release:
    """What is decided on, with an audit log that can be relied on."""
    settings = export_settings(configfile)
    sharing = load_sharing(settings.sharing, with_secrets=False)
    require_restart_approved(sharing.audit, log_trust(sharing))
    check_audit_log(sharing, read_anchors(settings.packages / "audit", NEWEST))
    return release_by_approver(sharing, settings.packages, on, sheet_cases(read_run(configfile)))
