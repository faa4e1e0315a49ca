"""The decision on a finished case: the results' quality control, the sharing file, the audit log and the keys."""

import datetime
import fcntl
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from gms.base.errors import GmsError
from gms.base.json_tables import read_json
from gms.sharing.audit.anchors import NEWEST, Trust, anchor, former_keys, read_anchors, write_anchor
from gms.sharing.audit.known_logs import (
    known_head,
    remember_log,
    require_anchors,
    require_known_log,
    require_restart_approved,
)
from gms.sharing.audit.log import append
from gms.sharing.audit.lookup import verify_again
from gms.sharing.audit.queries import withdrawn_among
from gms.sharing.audit.verification import check_log
from gms.sharing.decision.decisions import decide
from gms.sharing.decision.identity import identity_problems
from gms.sharing.decision.keyfiles import read_encryption_key
from gms.sharing.decision.loading import load_sharing
from gms.sharing.decision.model import Decision, SharedCase, Sharing
from gms.sharing.decision.pseudonyms import Pseudonyms, load_pseudonyms
from gms.sharing.deidentify.own_reads import is_linked, read_group_samples
from gms.sharing.export.cases import Results
from gms.sharing.package.keys import load_private, load_public


class PackageInUse(GmsError):
    """A package that another process is making or changing."""

    def __init__(self, package: Path):
        super().__init__(
            f"{package.name} is being exported by another process; run the command again when that is done"
        )


class QcStatusMissing(GmsError):
    """A quality control record of a case without QC status."""

    def __init__(self, path: Path):
        super().__init__(f"{path} has no QC status (verdict); remove it and run the workflow again")


@dataclass(frozen=True, slots=True, repr=False)
class Centre:
    """A sharing file with the centre's secret keys, and the folder of packages that they are for."""

    sharing: Sharing
    pseudonyms: Pseudonyms
    signing: Ed25519PrivateKey
    encryption: bytes
    packages: Path

    def log(self, entry: Mapping[str, Any]) -> None:
        """Append to the audit log, and anchor its head next to the packages. Raises GmsError."""
        append(self.sharing.audit, entry, self.signing)
        remember_log(self.sharing.audit, self.sharing.pseudonym_key, self.sharing.study.id)
        write_anchor(anchor(self.sharing.audit), self.packages / "audit")

    def withdrawn(self, subjects: Collection[str]) -> frozenset[str]:
        """Which of these persons (pseudonyms) withdrew, by the log of this moment. Raises GmsError."""
        return withdrawn_in_log(self.sharing, self.packages, subjects)


def load_centre(path: Path, packages: Path) -> Centre:
    """The sharing file and the keys that it names, once its audit log was verified. Raises GmsError."""
    sharing = load_sharing(path)
    pseudonyms = load_pseudonyms(sharing.pseudonym_key, sharing.study.id)
    signing, encryption = load_private(sharing.signing_key), read_encryption_key(sharing.encryption_key)
    anchors = read_anchors(packages / "audit", NEWEST)
    check_own_log(sharing, packages, anchors)
    check_audit_log(sharing, [*anchors, *noted_heads(sharing)], signing)
    return Centre(sharing, pseudonyms, signing, encryption, packages)


def check_own_log(sharing: Sharing, packages: Path, anchors: Sequence[Mapping[str, Any]]) -> None:
    """Raise AuditError unless the audit log is the study's own and its heads are kept next to the packages."""
    require_known_log(sharing.audit, sharing.pseudonym_key, sharing.study.id)
    require_restart_approved(sharing.audit, log_trust(sharing))
    require_anchors(packages, len(anchors))


def check_audit_log(
    sharing: Sharing, anchors: Sequence[Mapping[str, Any]], signing: Ed25519PrivateKey | None = None
) -> None:
    """Raise GmsError if the audit log is not reliable. `anchors`: heads of it, read before it.

    `signing`: the centre's key, to sign a checkpoint of what was verified.
    """
    check_log(sharing.audit, log_keys(sharing), anchors, former_keys(sharing), signing)
    if sharing.audit.exists():
        verify_again(sharing.audit, log_trust(sharing))


def noted_heads(sharing: Sharing) -> list[Mapping[str, Any]]:
    """The head of the audit log that is noted next to the pseudonym key, read before the log; none before the first
    export. Raises GmsError."""
    head = known_head(sharing.pseudonym_key, sharing.study.id)
    return [] if head is None else [head]


def log_trust(sharing: Sharing) -> Trust:
    """The keys of the audit log, present and former. Raises GmsError."""
    return Trust(log_keys(sharing), former_keys(sharing))


def withdrawn_in_log(sharing: Sharing, packages: Path, subjects: Collection[str]) -> frozenset[str]:
    """Which of these persons (pseudonyms) withdrew, by the log of this moment. Raises GmsError."""
    anchors = [*read_anchors(packages / "audit", NEWEST), *noted_heads(sharing)]
    return withdrawn_among(sharing.audit, subjects, log_trust(sharing), anchors)


def log_keys(sharing: Sharing) -> list[Ed25519PublicKey]:
    """The keys whose entries count in the audit log: the centre's and the approvers'. Raises GmsError."""
    return [sender_key(sharing), *approver_keys(sharing)]


def approver_keys(sharing: Sharing) -> list[Ed25519PublicKey]:
    """The keys of those who may approve a package. Raises GmsError."""
    return [load_public(path) for path in sharing.approvers]


def sender_key(sharing: Sharing) -> Ed25519PublicKey:
    """The public part of the signing key, from the file next to it, since approvers may not read the secret one.

    NAME.signing.pub.pem is next to NAME.signing.pem, as ./gms export keys makes them. Raises GmsError.
    """
    return load_public(sharing.signing_key.with_suffix(".pub.pem"))


def unfinished(package: Path) -> Path:
    """Where a package is being made, for its owner only: it holds plain files for a while."""
    return package.with_name(f"{package.name}.unfinished")


@contextmanager
def case_lock(package: Path) -> Iterator[None]:
    """Hold the package for this process. Raises PackageInUse."""
    package.parent.mkdir(parents=True, exist_ok=True)
    with open(package.with_name(f".{package.name}.lock"), "ab") as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except (BlockingIOError, PermissionError):
            raise PackageInUse(package) from None
        yield


def decide_case(case: SharedCase, results: Results, centre: Centre, on: datetime.date) -> Decision:
    """The decision on a finished case on a day; nothing is written. Raises GmsError, such as FileChanged."""
    has_links = any(is_linked(path, results.folder) for path in results.of_the_case())
    if not has_links:
        results.require_unchanged()
    quality = read_json(results.case_quality)
    if "verdict" not in quality:
        raise QcStatusMissing(results.case_quality)
    of_samples = {sample: read_json(path) for sample, path in results.quality.items()}
    return decide(
        case,
        centre.sharing,
        verdict=quality["verdict"],
        not_assessed=_not_assessed([quality, *of_samples.values()]),
        identity=identity_problems(case, quality, of_samples, _read_groups(results), has_links),
        withdrawn=centre.withdrawn({centre.pseudonyms.subject(m.subject) for m in case.members if m.subject}),
        pseudonyms=centre.pseudonyms,
        on=on,
    )


def _not_assessed(records: Iterable[Mapping[str, Any]]) -> set[str]:
    """Metrics of the case or a sample with a gate that could not be assessed."""
    gates = [gate for record in records for gate in record.get("gates", ())]
    return {gate["metric"] for gate in gates if gate["verdict"] == "not_assessed"}


def _read_groups(results: Results) -> dict[str, set[str | None]]:
    """Sample -> samples named by the read groups (SM) of its reads, where there are reads."""
    return {sample: read_group_samples(path) for sample, path in results.crams.items() if path.is_file()}
