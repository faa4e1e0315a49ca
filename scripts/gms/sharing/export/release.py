"""The decision of this moment, made again before every step that releases a package.

Approval, grant, hand-over and transfer ask `require_releasable`.
Consents, law, keys and withdrawals count as they stand now, whatever they were when the package was made.
"""

import datetime
import hashlib
import os
import shutil
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gms.base.digests import sha256
from gms.base.errors import GmsError
from gms.base.json_tables import read_json
from gms.sharing.audit.anchors import NEWEST, read_anchors
from gms.sharing.audit.events import handover_entry
from gms.sharing.audit.lookup import entries_about
from gms.sharing.decision.decisions import consent_refusal, recipients_on
from gms.sharing.decision.keyfiles import secret_problem
from gms.sharing.decision.law import legal_refusals
from gms.sharing.decision.model import Sharing
from gms.sharing.decision.pseudonyms import Pseudonyms, load_pseudonyms
from gms.sharing.export.cases import SheetCases, sharing_files
from gms.sharing.export.deciding import Centre, approver_keys, log_trust, withdrawn_in_log
from gms.sharing.package.keys import encryption_fingerprint
from gms.sharing.package.manifest import manifest_sha256, read_manifest
from gms.sharing.package.verify import is_approved

_UNKNOWN_PERSONS = (
    "the sharing file or one of its tables was changed after the decision, and without the centre's pseudonym key "
    "nobody can say whom that concerns: the centre must decide again (./gms export prepare)"
)
NO_CASE = "the sample sheet no longer has its case"
_CASE_CHANGED = (
    "the rows of its case in the sample sheet, or its quality control, were changed after the decision: the centre "
    "must decide again (./gms export prepare)"
)
_NO_DECISION = (
    "the record of its decision, next to it, cannot be read here or was made by an earlier version, without the digest "
    "of the case: the centre must decide again (./gms export prepare)"
)


class NotCurrent(GmsError):
    """A package that is not the one decided on last, not in its place, or not approved."""

    def __init__(self, package: Path, why: str):
        super().__init__(f"{package} may not be released: {why}")


class NotSharedAnyMore(GmsError):
    """A package that was shared when it was made and may not be any longer."""

    def __init__(self, package: Path, reasons: Sequence[str]):
        lines = "\n".join(f"  {reason}" for reason in reasons)
        super().__init__(
            f"{package} may not be released:\n{lines}\nRun the workflow again to decide on the case anew; to "
            "change recipients only, use ./gms export grant."
        )


class WithdrawnMeanwhile(GmsError):
    """A package of somebody who withdrew while it was made."""

    def __init__(self, package: Path):
        super().__init__(
            f"a person in {package.name} withdrew meanwhile, so the package was removed; run the command again"
        )


@dataclass(frozen=True, slots=True)
class Release:
    """What a release is decided on: the sharing file, the folder of packages, the day, and the sheet's cases.

    `pseudonyms` are None for an approver, who may not read the centre's secrets. `anchors` are heads of the audit log
    from elsewhere than next to the packages.
    """

    sharing: Sharing
    packages: Path
    on: datetime.date
    pseudonyms: Pseudonyms | None
    cases: SheetCases
    anchors: Sequence[Mapping[str, Any]] = ()

    def withdrawn(self, subjects: Collection[str]) -> frozenset[str]:
        """Which of these persons (pseudonyms) withdrew, by the log of this moment. Raises GmsError."""
        return withdrawn_in_log(self.sharing, self.packages, subjects)


def release_by(
    centre: Centre, on: datetime.date, cases: SheetCases, anchors: Sequence[Mapping[str, Any]] = ()
) -> Release:
    """A release by the centre."""
    return Release(centre.sharing, centre.packages, on, centre.pseudonyms, cases, anchors)


def release_by_approver(sharing: Sharing, packages: Path, on: datetime.date, cases: SheetCases) -> Release:
    """A release by whoever is not the centre; with its pseudonyms only where this user may read their key."""
    key = sharing.pseudonym_key
    pseudonyms = None if secret_problem(key) else load_pseudonyms(key, sharing.study.id)
    return Release(sharing, packages, on, pseudonyms, cases)


def require_releasable(package: Path, release: Release, organisations: Collection[str] | None = None) -> dict[str, Any]:
    """The manifest of a package that may be released to its readers, or to `organisations` among them, on the day.

    Raises GmsError: NotCurrent and NotSharedAnyMore.
    """
    require_current(package, release)
    manifest = read_manifest(package)
    refused = refused_readers(manifest, release.sharing, release.on, organisations)
    if reasons := [*no_longer_shared(package, manifest, release), *refused]:
        raise NotSharedAnyMore(package, reasons)
    return manifest


def require_current(package: Path, release: Release) -> None:
    """Raise NotCurrent unless this very package is what the audit log holds as decided last, and is in its place.

    So an old copy, one of another study, and one whose case was refused meanwhile are not released.
    """
    sharing, packages = release.sharing, release.packages
    manifest, digest = read_manifest(package), manifest_sha256(package)
    heads = read_anchors(packages / "audit", NEWEST)
    wrong = ""
    if package.resolve().parent != packages.resolve():
        wrong = f"it is not in {packages}, where the workflow makes packages"
    elif manifest["study"]["id"] != sharing.study.id:
        wrong = f"it is for study {manifest['study']['id']}, the sharing file is for {sharing.study.id}"
    about = {manifest["package"]}
    entries = [] if wrong else entries_about(sharing.audit, about, log_trust(sharing), [*heads, *release.anchors])
    made = [one for one in entries if one["action"] in ("decided", "granted") and one["package"] == manifest["package"]]
    if not wrong and (not made or made[-1].get("manifest_sha256") != digest):
        wrong = "the last decision on this case in the audit log is another one; run the workflow again"
    if wrong:
        raise NotCurrent(package, wrong)


def no_longer_shared(package: Path, manifest: Mapping[str, Any], release: Release) -> Iterator[str]:
    """Why the persons and data of a package, made on an earlier day, may not be shared on this one; none if they may.

    Says nothing of its readers (`refused_readers`).
    """
    sharing, study, on = release.sharing, release.sharing.study, release.on
    yield from legal_refusals(sharing, on)[1]
    if manifest["study"]["id"] != study.id:
        yield f"it was made for study {manifest['study']['id']}, the sharing file is for study {study.id}"
    if not study.valid_from <= on <= study.valid_until:
        yield f"the approval of study {study.id} is valid from {study.valid_from} until {study.valid_until}"
    if on > study.retention_until:
        yield f"data of study {study.id} may only be kept until {study.retention_until}"
    if lost := set(manifest["data_categories"]) - study.data_categories:
        yield f"the study's data categories no longer include {', '.join(sorted(lost))}"
    for pseudonym in sorted(release.withdrawn({subject["pseudonym"] for subject in manifest["subjects"]})):
        yield f"{pseudonym} withdrew from study {study.id} (audit log)"
    yield from _other_case(package, release.cases)
    yield from _without_consent(manifest, release) if release.pseudonyms else _unlike_the_decision(package, sharing)


def _other_case(package: Path, cases: SheetCases) -> Iterator[str]:
    """Whether the case, named as the package's folder, is not the one that was decided on."""
    digest, decided = cases.digest(package.name), _decision(package).get("case_digest")
    if digest is None:
        yield NO_CASE
    elif decided is None:
        yield _NO_DECISION
    elif decided != digest:
        lacking = next(cases.unreadable(package.name), None)
        yield f"{lacking}, of its case, is missing or cannot be read by this user" if lacking else _CASE_CHANGED


def _decision(package: Path) -> dict[str, Any]:
    """The record of the decision next to a package; empty where there is none that this user can read."""
    path = package.with_name(f"{package.name}.json")
    return read_json(path) if os.access(path, os.R_OK) else {}


def _without_consent(manifest: Mapping[str, Any], release: Release) -> Iterator[str]:
    sharing, names = release.sharing, release.pseudonyms
    subjects = {names.subject(subject): subject for subject in {c.subject for c in sharing.consents}}
    for pseudonym in (subject["pseudonym"] for subject in manifest["subjects"]):
        if pseudonym not in subjects:
            yield f"{pseudonym}: no consent to study {sharing.study.id} is recorded"
        elif refusal := consent_refusal(sharing, subjects[pseudonym], release.on):
            yield f"{pseudonym}: {refusal}"


def _unlike_the_decision(package: Path, sharing: Sharing) -> Iterator[str]:
    """Without pseudonyms it is unknown whose consent a row is, so every change since the decision counts."""
    if _decision(package).get("rests_on") != rests_on(sharing.path):
        yield _UNKNOWN_PERSONS


def rests_on(sharing: Path) -> str:
    """SHA-256 over the sharing file, its tables and its recipients' keys, as they are now."""
    lines = [f"{sha256(path)}  {path.name}\n" for path in sharing_files(sharing)]
    return hashlib.sha256("".join(sorted(lines)).encode()).hexdigest()


def refused_readers(
    manifest: Mapping[str, Any], sharing: Sharing, on: datetime.date, organisations: Collection[str] | None = None
) -> list[str]:
    """Which readers of a package (of `organisations`, or all) may not receive it on a day, and why."""
    allowed, refused = recipients_on(sharing, on)
    keys = {recipient.organisation: encryption_fingerprint(recipient.public_key) for recipient in allowed}
    readers = [reader for reader in manifest["readers"] if reader["party"] != sharing.study.disclosing_party]
    return [
        f"{reader['party']}: {dict(refused).get(reader['party'], 'is no longer a recipient with this key')}"
        for reader in readers
        if keys.get(reader["party"]) != reader["key"] and (organisations is None or reader["party"] in organisations)
    ]


def holds_withdrawn(manifest: Mapping[str, Any], centre: Centre) -> bool:
    """Whether a package has data of somebody who withdrew, by the log of this moment. Raises GmsError."""
    return bool(centre.withdrawn({subject["pseudonym"] for subject in manifest["subjects"]}))


def stop_if_withdrawn(package: Path, centre: Centre) -> None:
    """Remove a package, just made, of somebody who withdrew meanwhile. Raises WithdrawnMeanwhile.

    Withdrawal is logged before packages are looked for: whoever withdraws after this look finds the package.
    """
    if holds_withdrawn(read_manifest(package), centre):
        shutil.rmtree(package)
        raise WithdrawnMeanwhile(package)


def hand_over(package: Path, organisation: str, centre: Centre, cases: SheetCases, on: datetime.date) -> None:
    """Log that an organisation is given a package outside this workflow. Raises GmsError if it may not be, such as one
    that no second person approved."""
    entry = handover_entry(package, organisation, on, centre.sharing, on, log_trust(centre.sharing))
    require_releasable(package, release_by(centre, on, cases), organisations={organisation})
    if problems := is_approved(package, approver_keys(centre.sharing)):
        raise NotCurrent(package, "; ".join(problems))
    centre.log(entry)
