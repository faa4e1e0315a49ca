"""Target 'folder': the decision on a case and, where it is shared, its encrypted package in the results folder."""

import datetime
import io
import shutil
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from gms.base.errors import GmsError
from gms.base.json_tables import read_json, write_json
from gms.sharing.audit import events
from gms.sharing.audit.queries import latest_version, uploaded_versions
from gms.sharing.decision.decisions import decision_record
from gms.sharing.decision.keyfiles import read_secret
from gms.sharing.decision.loading import load_sharing
from gms.sharing.decision.model import Decision, SharedCase
from gms.sharing.deidentify.germline import GermlineFinding, GermlineFound, germline_findings
from gms.sharing.deidentify.own_reads import ForeignReads
from gms.sharing.export.cases import Results, case_digest
from gms.sharing.export.deciding import Centre, case_lock, decide_case, load_centre, log_trust, unfinished
from gms.sharing.export.prepare import plain_digests, write_plain
from gms.sharing.export.release import rests_on, stop_if_withdrawn
from gms.sharing.leak_patterns.findings import LeakFound
from gms.sharing.leak_patterns.rules import LeakRules, local_rules
from gms.sharing.leak_scan.scan import require_clean
from gms.sharing.metadata.model import PackageFacts
from gms.sharing.metadata.refget import refget_digests
from gms.sharing.package.content import Basis, manifest_content
from gms.sharing.package.encryption import open_decrypted
from gms.sharing.package.files import SUFFIX, encrypt_tree
from gms.sharing.package.keys import public_of
from gms.sharing.package.manifest import NAME, canonical, manifest_sha256, plain_digest, read_manifest, write_manifest
from gms.sharing.package.verify import verify_package
from gms.sharing.transfer.settings import key_prefix
from gms.sharing.withdrawal.messages import place_text

NO_STUDY = "no study: the configuration names no sharing file"
# What two versions of a package with the same content and readers may differ in.
_OF_THE_VERSION = ("schema", "signer", "version", "supersedes", "decided", "files", "plain_digest")


def export_case(
    case: SharedCase,
    results: Results,
    sharing: Path | None,
    out: Path,
    names: Collection[str] = (),
    on: datetime.date | None = None,
) -> None:
    """Write the decision `out`, and next to it the package (its name without suffix) if the case is shared.

    `names` are local ids that must not leave: those of the sample sheet. The package of an earlier decision stays if a
    new one would hold the same; else it is removed, so that nothing of a withdrawn consent is left, and the next
    version takes its place. Nothing appears that is not in the audit log. Raises GmsError, such as LeakFound.
    """
    package = out.with_suffix("")
    with case_lock(package):
        shutil.rmtree(unfinished(package), ignore_errors=True)  # of a run that was killed, reads in clear among it
        if sharing:
            centre = load_centre(sharing, out.parent)
            decision = decide_case(case, results, centre, on or datetime.date.today())
            record = _decided(package, results, centre, decision, names)
        else:
            shutil.rmtree(package, ignore_errors=True)
            record = {"decision": "refused", "reasons": [NO_STUDY]}
        write_json(out, record)


def _decided(
    package: Path, results: Results, centre: Centre, decision: Decision, names: Collection[str]
) -> dict[str, Any]:
    """Carry out a decision; its record."""
    record = decision_record(decision, centre.pseudonyms)
    if decision.allowed:
        return record | _release(package, results, centre, decision, names)
    refuse(package, record, centre)
    return record | {"still_stored": still_stored(centre, record["package"])}


def still_stored(centre: Centre, package: str) -> list[str]:
    """Versions of a refused package that were transferred and are still there; only a withdrawal removes them."""
    found = uploaded_versions(centre.sharing.audit, package, log_trust(centre.sharing))
    standing = [one for one in found if one.superseded is None]
    return [f"version {one.version} in {place_text(one.place)}; see ./gms export withdraw" for one in standing]


def refuse(package: Path, record: Mapping[str, Any], centre: Centre, stopped: Sequence[str] = ()) -> None:
    """Remove the package of an earlier decision and log that there is none."""
    shutil.rmtree(package, ignore_errors=True)
    centre.log(events.decided(record, centre.sharing.study, stopped=stopped))


def _release(
    package: Path, results: Results, centre: Centre, decision: Decision, names: Collection[str]
) -> dict[str, Any]:
    """Make the package, or keep the one that is there; what the decision's record says of it."""
    facts = PackageFacts(decision, centre.sharing, centre.pseudonyms, read_json(results.run), results.fasta)
    work, basis, record = unfinished(package), _basis(centre, facts), decision_record(decision, centre.pseudonyms)
    if not _says_the_same(package, basis):
        shutil.rmtree(package, ignore_errors=True)  # also if the new one cannot be made: it holds what it may not
    try:
        work.mkdir(mode=0o700, parents=True)
        write_plain(work / "plain", results, facts)
        same = _is_same(package, work / "plain", centre)
        made = package if same else _encrypt(work, results, centre, basis, names)
        version, digest = read_manifest(made)["version"], manifest_sha256(made)
        _decide_again(package, results, centre, decision)
        centre.log(events.decided(record, centre.sharing.study, version, digest))
        if not same:
            made.rename(_removed(package))
    except (LeakFound, GermlineFound, ForeignReads) as error:
        refuse(package, record, centre, [str(error) if isinstance(error, ForeignReads) else f"leak: {error}"])
        raise
    finally:
        shutil.rmtree(work, ignore_errors=True)
    stop_if_withdrawn(package, centre)
    return {"version": version, "manifest_sha256": digest} | _basis_digests(results, centre, decision)


def _basis_digests(results: Results, centre: Centre, decision: Decision) -> dict[str, str]:
    """What later releases compare with (gms.sharing.export.release)."""
    return {"rests_on": rests_on(centre.sharing.path), "case_digest": case_digest(decision.case, results)}


class DecidedOtherwise(GmsError):
    """A case whose decision changed while its package was made."""

    def __init__(self, package: Path):
        super().__init__(
            f"{package.name} is not exported: the sharing file, a table, the audit log or the day changed while its "
            "package was made, and the decision with it. Run the same command again."
        )


def _decide_again(package: Path, results: Results, centre: Centre, decision: Decision) -> None:
    """Decide with the consents, recipients, withdrawals and day of now: reads take hours, and a consent withdrawn after
    midnight has that day's date. Raises DecidedOtherwise."""
    now, today = replace(centre, sharing=load_sharing(centre.sharing.path)), datetime.date.today()
    again = replace(decide_case(decision.case, results, now, max(decision.date, today)), date=decision.date)
    if decision_record(again, now.pseudonyms) != decision_record(decision, centre.pseudonyms):
        shutil.rmtree(package, ignore_errors=True)
        raise DecidedOtherwise(package)


def _removed(package: Path) -> Path:
    """The place of a package, empty."""
    shutil.rmtree(package, ignore_errors=True)
    return package


def _basis(centre: Centre, facts: PackageFacts) -> Basis:
    reference, refget = facts.run["reference"]["name"], refget_digests(facts.fasta)
    key = public_of(centre.encryption)
    return Basis(facts.decision, centre.sharing, centre.pseudonyms, facts.run, reference, refget, key)


def _says_the_same(package: Path, basis: Basis) -> bool:
    """Whether a package is there that is for the same readers and of the same persons, study and results."""
    return (package / NAME).is_file() and _lasting(read_manifest(package)) == _lasting(manifest_content(basis, []))


def _is_same(package: Path, plain: Path, centre: Centre) -> bool:
    """Whether the package that is there is whole and holds the same; it says the same."""
    if not (package / NAME).is_file() or verify_package(package, centre.signing.public_key()):
        return False
    files = [{"path": path, "plain": {"sha256": digest}} for path, digest in plain_digests(plain).items()]
    return read_manifest(package)["plain_digest"] == plain_digest(files)


def _lasting(manifest: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in manifest.items() if key not in _OF_THE_VERSION}


def _encrypt(work: Path, results: Results, centre: Centre, basis: Basis, names: Collection[str]) -> Path:
    """Encrypt the plain files, scan what a reader will decrypt, and only then sign the manifest; the new package."""
    package, decision = work / "package", basis.decision
    package.mkdir()
    readers = [recipient.public_key for recipient in decision.recipients]
    files = encrypt_tree(work / "plain", package, readers, centre.encryption)
    shutil.rmtree(work / "plain")  # the scan looks at what was encrypted, as a reader would see it
    previous = latest_version(
        centre.sharing.audit, centre.pseudonyms.case(decision.case.case), log_trust(centre.sharing)
    )
    origin = previous.origin if previous else {"version": 0, "manifest_sha256": None}
    content = manifest_content(basis, files, origin["version"] + 1, origin["manifest_sha256"])
    _scan(package, content, centre, leak_rules(centre, basis, results, names))
    if findings := _germline(package, content, results, centre, decision):
        raise GermlineFound(findings)
    write_manifest(package, content, centre.signing)
    return package


def _opened(package: Path, manifest: Mapping[str, Any], centre: Centre) -> dict[str, Callable[[], BinaryIO]]:
    """Path -> function that opens the decrypted file, as a reader of the package does."""
    paths = [file["path"] for file in manifest["files"]]
    return {path.removesuffix(SUFFIX): partial(open_decrypted, package / path, centre.encryption) for path in paths}


def _scan(package: Path, manifest: Mapping[str, Any], centre: Centre, rules: LeakRules) -> None:
    """Raise LeakFound if a reader of the package, or of the store, would find what must not leave."""
    clear = {NAME: partial(io.BytesIO, canonical(manifest))}
    texts = {"prefix of the S3 keys": key_prefix(manifest)}
    require_clean(_opened(package, manifest, centre) | clear, rules, texts, package.parent)


def _germline(
    package: Path, manifest: Mapping[str, Any], results: Results, centre: Centre, decision: Decision
) -> list[GermlineFinding]:
    """What is inherited in the package of a study that may not have it."""
    if decision.case.kind != "somatic" or "germline_variants" in decision.categories:
        return []
    members = decision.case.members
    tumors = [centre.pseudonyms.sample(member.sample) for member in members if member.role == "tumor"]
    normal = next((member.sample for member in members if member.role == "normal"), None)
    return germline_findings(_opened(package, manifest, centre), tumors, results.filtered, normal)


def leak_rules(centre: Centre, basis: Basis, results: Results, names: Collection[str]) -> LeakRules:
    """What is known here: all local ids, all subjects of the study, this computer. Raises GmsError."""
    case, sharing = basis.decision.case, centre.sharing
    known = {*names, case.case, *(member.sample for member in case.members), *sharing.individuals}
    known |= {consent.subject for consent in sharing.consents}
    known |= {person.get(day) or "" for person in sharing.individuals.values() for day in ("birth_date", "sampled")}
    public = [case.assay, sharing.study.id, basis.assembly, basis.run["gmc"], *(member.role for member in case.members)]
    folders = [results.run.parent, sharing.path.parent]
    key = read_secret(sharing.pseudonym_key).strip() if sharing.known_identifiers else b""
    return local_rules(sorted(known - {""}), public, folders, sharing.known_identifiers, key)
