"""A package for other recipients: a new version in the place of the old one, with new headers only."""

import datetime
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from gms.base.json_tables import read_json, write_json
from gms.inputs.load_run import read_run
from gms.sharing.audit import events
from gms.sharing.decision.decisions import recipients_on
from gms.sharing.decision.law import legal_refusals
from gms.sharing.decision.model import Recipient
from gms.sharing.export.cases import SheetCases, sheet_cases
from gms.sharing.export.confirmation import digest_of, require_confirmed
from gms.sharing.export.deciding import Centre, case_lock, load_centre, unfinished
from gms.sharing.export.release import NotSharedAnyMore, release_by, require_releasable, rests_on, stop_if_withdrawn
from gms.sharing.export.settings import ExportSettings
from gms.sharing.package.grants import regrant
from gms.sharing.package.keys import encryption_fingerprint
from gms.sharing.package.manifest import manifest_sha256, read_manifest


class Grants:
    """New versions of packages for exactly the recipients that the sharing file names on a day."""

    def __init__(self, packages: Sequence[Path], settings: ExportSettings, on: datetime.date):
        self.packages, self.on = [package.resolve() for package in packages], on
        self.centre = load_centre(settings.sharing, settings.packages)
        self.cases = sheet_cases(read_run(settings.configfile))

    def described(self) -> Iterator[str]:
        """Of each package, who reads it now and who would. Raises GmsError."""
        for package in self.packages:
            recipients, manifest = _recipients(package, self.centre, self.cases, self.on)
            before = [reader["party"] for reader in manifest["readers"]]
            yield f"{package}: package {manifest['package']}, version {manifest['version']}"
            yield f"  digest  {manifest_sha256(package)}"
            yield f"  now for {', '.join(before)}"
            for recipient in recipients:
                yield f"  for     {recipient.organisation}, key {encryption_fingerprint(recipient.public_key)}"

    def digest(self) -> str:
        """What `--yes` takes: the digest of what is described."""
        return digest_of("\n".join(self.described()))

    def grant(self, digest: str) -> Iterator[tuple[Path, int, list[str]]]:
        """Replace each package by its next version; it, that version, and whom it is for.

        Raises GmsError: not what was shown, nobody may read it, its persons are not shared any more, or it is not the
        package that was decided.
        """
        require_confirmed(digest, self.digest())
        shown = {package: manifest_sha256(package) for package in self.packages}
        for package in self.packages:
            yield package, *_grant(package, shown[package], self.centre, self.cases, self.on)


def _grant(package: Path, shown: str, centre: Centre, cases: SheetCases, on: datetime.date) -> tuple[int, list[str]]:
    with case_lock(package):
        require_confirmed(shown, manifest_sha256(package))
        recipients, before = _recipients(package, centre, cases, on)
        new = unfinished(package)
        shutil.rmtree(new, ignore_errors=True)
        rule_set, _ = legal_refusals(centre.sharing, on)
        regrant(package, new, recipients, centre.encryption, centre.signing, on, rule_set)
        after, digest = read_manifest(new), manifest_sha256(new)
        centre.log(events.granted(after, digest, before["version"]))
        shutil.rmtree(package)
        new.rename(package)
        stop_if_withdrawn(package, centre)
        organisations = [recipient.organisation for recipient in recipients]
        decision = package.with_name(f"{package.name}.json")
        changes = {"version": after["version"], "manifest_sha256": digest, "recipients": organisations}
        write_json(decision, read_json(decision) | changes | {"rests_on": rests_on(centre.sharing.path)})
    return after["version"], organisations


def _recipients(
    package: Path, centre: Centre, cases: SheetCases, on: datetime.date
) -> tuple[tuple[Recipient, ...], dict[str, Any]]:
    """Who may read a package on a day, and its manifest. Raises GmsError."""
    manifest = require_releasable(package, release_by(centre, on, cases), organisations=())
    recipients, refused = recipients_on(centre.sharing, on)
    if not recipients:
        raise NotSharedAnyMore(package, [f"{organisation}: {reason}" for organisation, reason in refused])
    return recipients, manifest
