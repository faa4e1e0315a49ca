"""The entries of the audit log as the steps of the export make them, from what these steps have at hand."""

import datetime
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from gms.base.errors import GmsError
from gms.sharing.audit.anchors import Trust
from gms.sharing.audit.lookup import entries_about
from gms.sharing.audit.queries import Version, versions
from gms.sharing.decision.model import Sharing, Study
from gms.sharing.package.manifest import manifest_sha256, read_manifest

# Word of the log -> what a reason of a decision (gms.sharing.decision.decisions) says; the first that is found counts.
# The full text is in the decision beside the package; the log has words of a closed set, which no name or number can
# slip into.
_REASONS = {
    "withdrawn": r"withdrew .*\(audit log\)",
    "index_member_left_out": r"index sample is left out",
    "no_recipient": r"no recipient",
    "no_subject": r"names no subject",
    "consent_withdrawn": r"consent .* is withdrawn",
    "consent_expired": r"consent .* is expired",
    "consent_not_yet": r"consent .* is dated after",
    "consent_other_study": r"no consent .* only to another study",
    "consent_missing": r"no consent",
    "study_not_valid": r"approval of study|may only be kept until",
    "category_not_shared": r"data categories",
    "recipient_revoked": r"key is revoked",
    "recipient_expired": r"key was valid until",
    "recipient_unknown": r"is not one of the platform's organisations",
    "identity": r"one person|same person|different subjects|the sex of|identity is unknown|is (not )?a parent|"
    r"the relation|are not related|symbolic link|another sample|that quality control measured|digest of the reads",
    "quality": r"quality control|QC status",
    "not_permitted_by_law": r"is not lawful|legal rule set|rule set .* (does not know|asks)",
    "data_use": r"the request|may not be used for|\([\w ,-]+\): ",
    "leak": r"leak|identifier|personal number",
}


def reason(text: str) -> str:
    """The log's code for a reason; `other` if it has none."""
    return next((word for word, pattern in _REASONS.items() if re.search(pattern, text)), "other")


def decided(
    record: Mapping[str, Any],
    study: Study,
    version: int | None = None,
    manifest_sha256: str | None = None,
    stopped: Iterable[str] = (),
) -> dict[str, Any]:
    """The entry of a decision, given as its record (gms.sharing.decision.decisions.decision_record).

    Without manifest no package was made: the decision was against it, or `stopped` says (in words) why it was not.
    """
    reasons = {reason(text) for text in (*record["reasons"], *stopped)}
    decision = "shared" if manifest_sha256 and not reasons else "refused"
    left_out = [{"subject": one["subject"], "reason": reason(one["reason"])} for one in record["left_out"]]
    refused = [{"party": one["party"], "reason": reason(one["reason"])} for one in record["refused_recipients"]]
    return {
        "action": "decided",
        **_study(study),
        **{"package": record["package"], "version": version, "manifest_sha256": manifest_sha256},
        **{"decision": decision, "rule_set": record["rule_set"], "reasons": sorted(reasons)},
        "data_categories": sorted(record["data_categories"]),
        **{"parties": sorted(record["recipients"]), "refused_parties": refused},
        **{"subjects": sorted({member["subject"] for member in record["members"]}), "left_out": left_out},
    }


def _study(study: Study) -> dict[str, Any]:
    return {
        "study": study.id,
        "ethics_approval": study.ethics_approval,
        "disclosing_party": study.disclosing_party,
        "disclosing_decision": study.disclosing_decision,
        "retention_until": study.retention_until.isoformat(),
    }


def approved(manifest: Mapping[str, Any], manifest_sha256: str) -> dict[str, Any]:
    """The entry of a second person's release; append it with that person's key."""
    return {"action": "approved", **_package(manifest, manifest_sha256)}


def granted(manifest: Mapping[str, Any], manifest_sha256: str, supersedes: int) -> dict[str, Any]:
    """The entry of a version with other readers; `supersedes` is the number of the version that it was made from."""
    of_study = ("ethics_approval", "disclosing_party", "disclosing_decision", "retention_until")
    return {
        "action": "granted",
        **_package(manifest, manifest_sha256),
        **{name: manifest["study"][name] for name in of_study},
        "supersedes": supersedes,
        "rule_set": manifest["rule_set"],
        "data_categories": sorted(manifest["data_categories"]),
        "parties": organisations(manifest),
        "subjects": sorted(subject["pseudonym"] for subject in manifest["subjects"]),
    }


def upload_started(
    manifest: Mapping[str, Any], manifest_sha256: str, endpoint: str, bucket: str, prefix: str
) -> dict[str, Any]:
    """The entry of a transfer that begins, appended before its first byte leaves; `prefix` as `key_prefix` gives it."""
    return {
        "action": "upload_started",
        **_package(manifest, manifest_sha256),
        "parties": organisations(manifest),
        **_store(endpoint, bucket),
        "prefix": prefix.rstrip("/") + "/",
    }


def uploaded(manifest: Mapping[str, Any], receipt: Mapping[str, Any]) -> dict[str, Any]:
    """The entry of a transfer, from the record of its receipt (gms.sharing.transfer.upload.Receipt.record)."""
    prefix = receipt["prefix"].rstrip("/") + "/"
    return {
        "action": "uploaded",
        **_package(manifest, receipt["manifest_sha256"]),
        "parties": organisations(manifest),
        **_store(receipt["endpoint"], receipt["bucket"]),
        "prefix": prefix,
        "objects": sorted(stored["key"].removeprefix(prefix) for stored in receipt["objects"]),
    }


def superseded(
    manifest: Mapping[str, Any], version: int, objects: Iterable[str], endpoint: str, bucket: str
) -> dict[str, Any]:
    """The entry of an older version that no organisation can read any longer; `manifest`: of the later version."""
    about = {"study": manifest["study"]["id"], "package": manifest["package"], "version": version}
    where = _store(endpoint, bucket)
    return {"action": "superseded", **about, "by": manifest["version"], **where, "objects": sorted(objects)}


def handed_over(
    manifest: Mapping[str, Any], manifest_sha256: str, organisation: str, on: datetime.date
) -> dict[str, Any]:
    """The entry of a package that an organisation was given by other means, on a day."""
    return {
        "action": "handed_over",
        **_package(manifest, manifest_sha256),
        "party": organisation,
        "date": on.isoformat(),
    }


def _store(endpoint: str, bucket: str) -> dict[str, Any]:
    return {"target": "s3", "endpoint": endpoint, "bucket": bucket}


def organisations(manifest: Mapping[str, Any]) -> list[str]:
    """Who can read the package, the centre itself left out."""
    return sorted({reader["party"] for reader in manifest["readers"]} - {manifest["study"]["disclosing_party"]})


def _package(manifest: Mapping[str, Any], manifest_sha256: str) -> dict[str, Any]:
    version = {"package": manifest["package"], "version": manifest["version"]}
    return {"study": manifest["study"]["id"], **version, "manifest_sha256": manifest_sha256}


class HandOverRefused(GmsError):
    """A hand-over that cannot have happened, or is logged already."""

    def __init__(self, why: str):
        super().__init__(f"{why} Nothing was logged.")


def handover_entry(
    package: Path,
    organisation: str,
    on: datetime.date,
    sharing: Sharing,
    today: datetime.date,
    trust: Trust | None = None,
) -> dict[str, Any]:
    """The entry to append for a package that an organisation was given on a day; its files stay where they are.

    Raises HandOverRefused: the log does not have this package, the organisation cannot read it, the day is impossible,
    or the hand-over is logged already.
    """
    manifest, sha256 = read_manifest(package), manifest_sha256(package)
    if not (same := _logged(manifest, sha256, sharing.audit, trust)):
        raise HandOverRefused(f"{package} is not in the audit log {sharing.audit}: another study or centre made it.")
    if organisation not in (readers := organisations(manifest)):
        raise HandOverRefused(f"{organisation} cannot read {package}; its readers are {', '.join(readers)}.")
    day = datetime.date.fromisoformat(same[0].origin["time"][: len("YYYY-MM-DD")])
    if not day <= on <= today:
        raise HandOverRefused(f"{package} was made on {day}; it cannot have been handed over before, or after {today}.")
    entry = handed_over(manifest, sha256, organisation, on)
    if any(entry.items() <= other.items() for other in same[-1].handed):
        raise HandOverRefused(f"{organisation} was already given {package} on {on}.")
    return entry


def _logged(manifest: Mapping[str, Any], sha256: str, log: Path, trust: Trust | None) -> list[Version]:
    made = versions(entries_about(log, {manifest["package"]}, trust))
    return [one for one in made if one.origin["manifest_sha256"] == sha256]
