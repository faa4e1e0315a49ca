"""The decision on a finished case: the results' quality control, the sharing file, the audit log and the keys."""

import datetime
import fcntl
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from gms.base.errors import GmsError
from gms.base.json_tables import read_json
from gms.sharing.audit.anchors import anchor, former_keys, read_anchors, write_anchor
from gms.sharing.audit.log import append, read_log
from gms.sharing.audit.queries import withdrawn_subjects
from gms.sharing.audit.verification import check_log
from gms.sharing.decision.decisions import consent_refusal, decide, recipients_on
from gms.sharing.decision.identity import identity_problems
from gms.sharing.decision.keyfiles import read_encryption_key
from gms.sharing.decision.law import legal_refusals
from gms.sharing.decision.loading import load_sharing
from gms.sharing.decision.model import Decision, SharedCase, Sharing
from gms.sharing.decision.pseudonyms import Pseudonyms, load_pseudonyms
from gms.sharing.export.cases import Results
from gms.sharing.package.keys import encryption_fingerprint, load_private, load_public
from gms.sharing.package.manifest import manifest_sha256, read_manifest


@dataclass(frozen=True, slots=True, repr=False)
class Centre:
    """A sharing file with the centre's secret keys, and the folder of packages that they are for."""

    sharing: Sharing
    pseudonyms: Pseudonyms
    signing: Ed25519PrivateKey
    encryption: bytes
    packages: Path

    def log(self, entry: Mapping[str, Any]) -> None:
        """Append to the audit log, and anchor its head beside the packages. Raises GmsError."""
        append(self.sharing.audit, entry, self.signing)
        write_anchor(anchor(self.sharing.audit), self.packages / "audit")

    def withdrawn(self) -> frozenset[str]:
        """Pseudonyms of the persons who withdrew. Raises GmsError."""
        return withdrawn_subjects(self.sharing.audit, read_anchors(self.packages / "audit"))


def load_centre(path: Path, packages: Path) -> Centre:
    """The sharing file and the keys that it names, once its audit log was verified. Raises GmsError."""
    sharing = load_sharing(path)
    pseudonyms = load_pseudonyms(sharing.pseudonym_key, sharing.study.id)
    signing, encryption = load_private(sharing.signing_key), read_encryption_key(sharing.encryption_key)
    check_audit_log(sharing, read_anchors(packages / "audit"))
    return Centre(sharing, pseudonyms, signing, encryption, packages)


def check_audit_log(sharing: Sharing, anchors: Sequence[Mapping[str, Any]]) -> None:
    """Raise GmsError unless the audit log can be relied on. `anchors`: heads of it, read before it."""
    check_log(sharing.audit, log_keys(sharing), anchors, former_keys(sharing))


def log_keys(sharing: Sharing) -> list[Ed25519PublicKey]:
    """The keys whose entries count in the audit log: the centre's and the approvers'. Raises GmsError."""
    return [sender_key(sharing), *map(load_public, sharing.approvers)]


def sender_key(sharing: Sharing) -> Ed25519PublicKey:
    """The public part of the signing key, from the file beside it, since approvers may not read the secret one.

    NAME.signing.pem has NAME.signing.pub.pem beside it, as ./gms export keys makes them. Raises GmsError.
    """
    return load_public(sharing.signing_key.with_suffix(".pub.pem"))


def unfinished(package: Path) -> Path:
    """Where a package is being made, with plain files in it for a while; for its owner only."""
    return package.with_name(f"{package.name}.unfinished")


@contextmanager
def case_lock(package: Path) -> Iterator[None]:
    """Hold the package for this process. Raises GmsError if another one is making or changing it."""
    package.parent.mkdir(parents=True, exist_ok=True)
    with open(package.with_name(f".{package.name}.lock"), "ab") as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except (BlockingIOError, PermissionError):
            text = f"{package.name} is being exported by another process; run the command again when that has ended"
            raise GmsError(text) from None
        yield


def holds_withdrawn(manifest: Mapping[str, Any], centre: Centre) -> bool:
    """Whether a package has data of somebody who withdrew, by the log of this moment. Raises GmsError."""
    return not centre.withdrawn().isdisjoint(subject["pseudonym"] for subject in manifest["subjects"])


def stop_if_withdrawn(package: Path, centre: Centre) -> None:
    """Remove a package, just made, of somebody who withdrew meanwhile. Raises GmsError then.

    Withdrawal is logged before packages are looked for: whoever withdraws after this look finds the package.
    """
    if holds_withdrawn(read_manifest(package), centre):
        shutil.rmtree(package)
        raise GmsError(f"a person in {package.name} withdrew meanwhile: the package is removed; run the command again")


def require_current(package: Path, sharing: Sharing, packages: Path, anchors: Sequence[Mapping[str, Any]] = ()) -> None:
    """Raise GmsError unless this very package is what the audit log holds as decided last, and is in its place.

    `anchors`: heads of the log from elsewhere than beside the packages. So an old copy, one of another study, and one
    whose case was refused meanwhile are neither approved nor granted nor transferred.
    """
    manifest, digest, heads = read_manifest(package), manifest_sha256(package), read_anchors(packages / "audit")
    wrong = ""
    if package.resolve().parent != packages.resolve():
        wrong = f"it is not in {packages}, where the workflow makes packages"
    elif manifest["study"]["id"] != sharing.study.id:
        wrong = f"it is for study {manifest['study']['id']}, the sharing file is for {sharing.study.id}"
    entries = [] if wrong else read_log(sharing.audit, [*heads, *anchors])
    made = [one for one in entries if one["action"] in ("decided", "granted") and one["package"] == manifest["package"]]
    if not wrong and (not made or made[-1].get("manifest_sha256") != digest):
        wrong = "the audit log holds another decision on this case as the last one; run the workflow again"
    if wrong:
        raise GmsError(f"{package} is not what may be released: {wrong}")


def decide_case(case: SharedCase, results: Results, centre: Centre, on: datetime.date) -> Decision:
    """The decision on a finished case on a day; nothing is written. Raises GmsError."""
    quality = read_json(results.case_quality)
    if "verdict" not in quality:
        raise GmsError(f"{results.case_quality} has no verdict; remove it and run the workflow again")
    of_samples = {sample: read_json(path) for sample, path in results.quality.items()}
    return decide(
        case,
        centre.sharing,
        verdict=quality["verdict"],
        identity=identity_problems(case, quality, of_samples),
        withdrawn=centre.withdrawn(),
        pseudonyms=centre.pseudonyms,
        on=on,
    )


def no_longer_shared(manifest: Mapping[str, Any], centre: Centre, on: datetime.date) -> list[str]:
    """Why the persons and data of a package, made on an earlier day, may not be shared on this one; empty if they may.

    Says nothing of its readers (`refused_readers`).
    """
    sharing, study = centre.sharing, centre.sharing.study
    reasons = legal_refusals(sharing, on)[1]
    if manifest["study"]["id"] != study.id:
        reasons.append(f"it was made for study {manifest['study']['id']}, the sharing file is of study {study.id}")
    if not study.valid_from <= on <= study.valid_until:
        reasons.append(f"the approval of study {study.id} is valid from {study.valid_from} until {study.valid_until}")
    if lost := set(manifest["data_categories"]) - study.data_categories:
        reasons.append(f"the study's data categories do not hold {', '.join(sorted(lost))} any more")
    return [*reasons, *_persons(manifest, centre, on)]


def refused_readers(manifest: Mapping[str, Any], sharing: Sharing, on: datetime.date) -> list[str]:
    """Which readers of a package, made on an earlier day, may not receive it on this one, and why."""
    allowed, refused = recipients_on(sharing, on)
    keys = {recipient.party: encryption_fingerprint(recipient.public_key) for recipient in allowed}
    readers = [reader for reader in manifest["readers"] if reader["party"] != sharing.study.disclosing_party]
    return [
        f"{reader['party']}: {dict(refused).get(reader['party'], 'is no recipient with this key any more')}"
        for reader in readers
        if keys.get(reader["party"]) != reader["key"]
    ]


def _persons(manifest: Mapping[str, Any], centre: Centre, on: datetime.date) -> Iterator[str]:
    sharing, withdrawn = centre.sharing, centre.withdrawn()
    subjects = {centre.pseudonyms.subject(subject): subject for subject in {c.subject for c in sharing.consents}}
    for pseudonym in (subject["pseudonym"] for subject in manifest["subjects"]):
        if pseudonym in withdrawn:
            yield f"{pseudonym} withdrew from study {sharing.study.id} (audit log)"
        elif pseudonym not in subjects:
            yield f"{pseudonym}: no consent to study {sharing.study.id} is recorded"
        elif refusal := consent_refusal(sharing, subjects[pseudonym], on):
            yield f"{pseudonym}: {refusal}"
