"""Target 'folder': the decision on a case and, where it is shared, its encrypted package in the results folder."""

import datetime
import shutil
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from gms.audit import events
from gms.audit.queries import latest_version
from gms.exports import Results
from gms.exports.deciding import Centre, decide_case, load_centre
from gms.leaks import LeakFound, LeakRules, local_rules, require_clean
from gms.package.content import Basis, manifest_content
from gms.package.encryption import open_decrypted
from gms.package.files import SUFFIX, encrypt_tree
from gms.package.keys import public_of
from gms.package.manifest import NAME, manifest_sha256, plain_digest, read_manifest, write_manifest
from gms.package.prepare import plain_digests, write_plain
from gms.package.verify import verify_package
from gms.qc.files import read_json, write_json
from gms.scrub.germline import GermlineFound, germline_findings
from gms.sharing.decisions import decision_record
from gms.sharing.keyfiles import read_secret
from gms.sharing.model import SharedCase
from gms.standards import PackageFacts, refget_digests
from gms.transfer.upload import key_prefix

# What two versions of a package with the same content and readers may differ in.
_OF_THE_VERSION = ("schema", "signer", "version", "supersedes", "decided", "files", "plain_digest")


def export_case(
    case: SharedCase, results: Results, sharing: Path | None, out: Path, on: datetime.date | None = None
) -> None:
    """Write the decision `out`, and beside it the package (its name without suffix) if the case is shared.

    The package of an earlier decision stays if the new one would hold the same; else it is removed, so that nothing of
    a withdrawn consent is left, and the next version takes its place. Nothing appears that is not in the audit log.
    Raises GmsError; `LeakFound` or `GermlineFound` when the finished package holds what must not leave.
    """
    package = out.with_suffix("")
    if sharing is None:
        shutil.rmtree(package, ignore_errors=True)
        reasons = ["no study: the configuration names no sharing file"]
        write_json(out, {"decision": "refused", "reasons": reasons})
        return
    centre = load_centre(sharing, out.parent)
    decision = decide_case(case, results, centre, on or datetime.date.today())
    record = decision_record(decision, centre.pseudonyms)
    if decision.allowed:
        facts = PackageFacts(decision, centre.sharing, centre.pseudonyms, read_json(results.run), results.fasta)
        record |= _release(package, results, centre, facts)
    else:
        shutil.rmtree(package, ignore_errors=True)
        centre.log(events.decided(record, centre.sharing.study))
    write_json(out, record)


def _release(package: Path, results: Results, centre: Centre, facts: PackageFacts) -> dict[str, Any]:
    """Make the package, or keep the one that is there; what the decision's record says of it."""
    work = package.with_name(f"{package.name}.unfinished")
    shutil.rmtree(work, ignore_errors=True)
    record, study = decision_record(facts.decision, centre.pseudonyms), centre.sharing.study
    try:
        write_plain(work / "plain", results, facts)
        basis = _basis(centre, facts)
        same = _is_same(package, work / "plain", basis, centre)
        made = package if same else _encrypt(work, results, centre, basis)
        version, digest = read_manifest(made)["version"], manifest_sha256(made)
        centre.log(events.decided(record, study, version, digest))
        if not same:
            shutil.rmtree(package, ignore_errors=True)
            made.rename(package)
    except (LeakFound, GermlineFound) as error:
        shutil.rmtree(package, ignore_errors=True)
        centre.log(events.decided(record, study, stopped=[f"leak: {error}"]))
        raise
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return {"version": version, "manifest_sha256": digest}


def _basis(centre: Centre, facts: PackageFacts) -> Basis:
    reference, refget = facts.run["reference"]["name"], refget_digests(facts.fasta)
    key = public_of(centre.encryption)
    return Basis(facts.decision, centre.sharing, centre.pseudonyms, facts.run, reference, refget, key)


def _is_same(package: Path, plain: Path, basis: Basis, centre: Centre) -> bool:
    """Whether the package that is there is whole, and a new one would say and hold the same."""
    if not (package / NAME).is_file() or verify_package(package, centre.signing.public_key()):
        return False
    before, after = read_manifest(package), manifest_content(basis, [])
    files = [{"path": path, "plain": {"sha256": digest}} for path, digest in plain_digests(plain).items()]
    return before["plain_digest"] == plain_digest(files) and _lasting(before) == _lasting(after)


def _lasting(manifest: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in manifest.items() if key not in _OF_THE_VERSION}


def _encrypt(work: Path, results: Results, centre: Centre, basis: Basis) -> Path:
    """Encrypt the plain files, scan what a reader will decrypt, and sign the manifest; the new package."""
    package, decision = work / "package", basis.decision
    package.mkdir()
    readers = [recipient.public_key for recipient in decision.recipients]
    files = encrypt_tree(work / "plain", package, readers, centre.encryption)
    shutil.rmtree(work / "plain")  # the scan looks at what was encrypted, as a reader would see it
    previous = latest_version(centre.sharing.audit, centre.pseudonyms.case(decision.case.case))
    origin = previous.origin if previous else {"version": 0, "manifest_sha256": None}
    content = manifest_content(basis, files, origin["version"] + 1, origin["manifest_sha256"])
    write_manifest(package, content, centre.signing)
    _scan(package, content, results, centre, basis)
    return package


def _scan(package: Path, manifest: Mapping[str, Any], results: Results, centre: Centre, basis: Basis) -> None:
    """Raise LeakFound or GermlineFound if a reader of the package, or of the store, would find what must not leave."""
    paths = [file["path"] for file in manifest["files"]]
    opened = {path.removesuffix(SUFFIX): partial(open_decrypted, package / path, centre.encryption) for path in paths}
    clear = {NAME: partial((package / NAME).open, "rb")}
    texts = {"prefix of the S3 keys": key_prefix(manifest)}
    require_clean(opened | clear, leak_rules(centre, basis, results), texts, package.parent)
    decision = basis.decision
    if decision.case.kind == "somatic" and "germline_variants" not in decision.categories:
        members = decision.case.members
        tumors = [centre.pseudonyms.sample(member.sample) for member in members if member.role == "tumor"]
        normal = next((member.sample for member in members if member.role == "normal"), None)
        if findings := germline_findings(opened, tumors, results.filtered, normal):
            raise GermlineFound(findings)


def leak_rules(centre: Centre, basis: Basis, results: Results) -> LeakRules:
    """What is known of the case, of all subjects of the study and of this computer. Raises GmsError."""
    case, sharing = basis.decision.case, centre.sharing
    names = [case.case, *(member.sample for member in case.members), *(consent.subject for consent in sharing.consents)]
    days = [person.get(day) for person in sharing.individuals.values() for day in ("birth_date", "sampled")]
    public = [case.assay, sharing.study.id, basis.assembly, basis.run["gmc"], *(member.role for member in case.members)]
    folders = [results.run.parent, sharing.path.parent]
    key = read_secret(sharing.pseudonym_key).strip() if sharing.known_identifiers else b""
    return local_rules([*names, *filter(None, days)], public, folders, sharing.known_identifiers, key)
