"""Verification of a package with public keys only: signature, manifest, tree of files, each file, the approval."""

import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from gms.base.digests import sha256
from gms.base.errors import GmsError
from gms.sharing.package import manifest
from gms.sharing.package.bodies import file_problems
from gms.sharing.package.files import is_safe, printable, walk
from gms.sharing.package.keys import SIGNATURE_BYTES, is_signature, signing_fingerprint
from gms.sharing.package.manifest import canonical, manifest_sha256, read_manifest

APPROVAL, APPROVAL_SIGNATURE = "approval.json", "approval.sig"
_LARGEST_UNSIGNED = 4 << 20  # bytes of a manifest that nobody known has signed
_SIGNER = re.compile(rb'"signer":"([0-9a-f]{64})"')
_LARGEST_APPROVAL = 4096  # bytes; it has five short fields
_Renamed = Callable[[Path, Collection[Mapping[str, Any]]], str]
_OWN = {manifest.NAME, manifest.SIGNATURE, APPROVAL, APPROVAL_SIGNATURE}


def integrity_problems(package: Path, sender_key: Ed25519PublicKey) -> list[str]:
    """What is wrong with manifest, signature and files.

    The package may be anybody's, so what is cheap comes first: the signature, then the names and sizes of files. Only
    with the sender's signature are files read, and no further than the manifest's sizes ask for.
    """
    try:
        text = manifest.read_bytes(package)
        if problem := _signature_problem_of(package, text, sender_key):
            return [problem, *_cheap_problems(package, text)]
        content, wrong = manifest.parse(text)
        problems = [f"{manifest.NAME}: {problem}" for problem in wrong]
        if content is None:
            return problems
        listed = {file["path"]: file for file in content["files"] if is_safe(file["path"])}
        found = dict(walk(package))
    except (GmsError, OSError) as error:
        return [str(error)]
    problems += _tree_problems(package, listed, found, _renamed)
    for path in (path for path in sorted(listed) if found.get(path) == "file"):
        problems += (f"{path}: {problem}" for problem in file_problems(package / path, listed[path], content["writer"]))
    return problems


def _cheap_problems(package: Path, text: bytes) -> list[str]:
    """What else is wrong with a package that its sender did not sign; without reading its files."""
    if len(text) > _LARGEST_UNSIGNED:
        return [f"{manifest.NAME} is too large to be read without a valid signature"]
    content, wrong = manifest.parse(text)
    problems = [f"{manifest.NAME}: {problem}" for problem in wrong]
    if content is None:
        return problems
    listed = {file["path"]: file for file in content["files"] if is_safe(file["path"])}
    return [*problems, *_tree_problems(package, listed, dict(walk(package)))]


def _signature_problem_of(package: Path, text: bytes, key: Ed25519PublicKey) -> str | None:
    path = package / manifest.SIGNATURE
    if path.is_symlink() or not path.is_file():
        return f"{manifest.SIGNATURE} is missing: the manifest is not signed"
    if is_signature(_signature(path), text, key):
        return None
    given, signer = signing_fingerprint(key), _SIGNER.search(text)
    if signer and signer[1].decode() != given:
        return f"{manifest.NAME} is from another sender: it names key {signer[1].decode()}, the sender's is {given}"
    return f"{manifest.SIGNATURE} is not the sender's signature of {manifest.NAME}: one was changed after signing"


def _signature(path: Path) -> bytes:
    with open(path, "rb") as file:
        return file.read(SIGNATURE_BYTES + 1)  # a longer one is wrong, however long it is


def _tree_problems(
    package: Path, listed: Mapping[str, Any], found: Mapping[str, str], renamed: _Renamed | None = None
) -> Iterator[str]:
    """Files that should not be there, or are missing. `renamed` says which missing one a file is, and reads it."""
    folders = {"/".join(parts[:end]) for parts in (path.split("/") for path in listed) for end in range(1, len(parts))}
    known, missing = listed.keys() | _OWN, {path: listed[path] for path in sorted(listed) if path not in found}
    for path, kind in found.items():
        if kind not in ("file", "folder") or (kind == "folder" and path in known):
            yield f"{printable(path)} is a {kind}; a package may contain files only"
        elif path not in (folders if kind == "folder" else known):
            other = renamed(package / path, missing.values()) if renamed and kind == "file" else ""
            yield f"{printable(path)} is not in the manifest{other}"
    yield from (f"{path} is missing" for path in missing)


def _renamed(path: Path, missing: Collection[Mapping[str, Any]]) -> str:
    same = [file for file in missing if file["cipher"]["bytes"] == path.stat().st_size]
    digest = sha256(path) if same else None
    return next((f": it is {file['path']}, renamed" for file in same if file["cipher"]["sha256"] == digest), "")


def verify_package(
    package: Path, sender_key: Ed25519PublicKey, approver_keys: Sequence[Ed25519PublicKey] = ()
) -> list[str]:
    """Everything that is wrong, empty if nothing is; with approver keys, the approval is required and checked."""
    problems = integrity_problems(package, sender_key)
    return problems + (is_approved(package, approver_keys) if approver_keys else [])


def verification(
    package: Path, sender_key: Ed25519PublicKey, approver_keys: Sequence[Ed25519PublicKey]
) -> tuple[bool, list[str]]:
    """Whether a package verifies, and the lines that say so or what is wrong."""
    if problems := verify_package(package, sender_key, approver_keys):
        return False, [f"{package} does NOT verify:", *(f"  {problem}" for problem in problems)]
    content = read_manifest(package)
    organisations = ", ".join(reader["party"] for reader in content["readers"])
    approved = "approved" if approver_keys else "approval not checked (--approver-key)"
    study = f"{content['study']['id']} ({content['study']['ethics_approval']})"
    return True, [
        f"{package} verifies: {len(content['files'])} files, version {content['version']}, {approved}",
        f"  study {study}; readers: {organisations}",
    ]


class NotApproved(GmsError):
    """A package without approval."""

    def __init__(self, missing: Path):
        super().__init__(f"the package is not approved: {missing.name} is missing (./gms export approve)")


def is_approved(package: Path, approvers: Sequence[Ed25519PublicKey]) -> list[str]:
    """Why the package does not count as approved by one of the approvers; empty if it does.

    Says nothing about the sender's signature and the files, which `verify_package` checks.
    """
    try:
        text, signature = _read(package / APPROVAL), _read(package / APPROVAL_SIGNATURE)
        approval = json.loads(text)
        approver, date = str(approval["approver"]), str(approval["date"])
        genuine = canonical(approval_record(package, approver, date)) == text
        signer = read_manifest(package)["signer"]
    except GmsError as error:
        return [str(error)]
    except (ValueError, TypeError, KeyError, RecursionError):
        return [f"{APPROVAL} is not a valid approval"]
    if not genuine:
        return [f"{APPROVAL} is not for this version of the package: the manifest was changed after it was approved"]
    return approver_problems(approver, approvers, signer) or _signature_problem(text, signature, approver, approvers)


def approval_record(package: Path, approver: str, date: str) -> dict[str, Any]:
    """The content of an approval; `date` is YYYY-MM-DD."""
    content = read_manifest(package)
    return {
        "schema": 1,
        "package": content["package"],
        "version": content["version"],
        "manifest_sha256": manifest_sha256(package),
        "approver": approver,
        "date": date,
    }


def approver_problems(approver: str, approvers: Sequence[Ed25519PublicKey], signer: str) -> list[str]:
    """Why a key, by its fingerprint, cannot approve what `signer` signed; empty if it can."""
    if approver == signer:
        return ["the approver's key is the sender's own; a second person approves, with another key"]
    if approver not in map(signing_fingerprint, approvers):
        return [f"the key {approver} is not among the {len(approvers)} approvers"]
    return []


def _signature_problem(text: bytes, signature: bytes, approver: str, approvers: Sequence) -> list[str]:
    key = next(key for key in approvers if signing_fingerprint(key) == approver)
    if is_signature(signature, text, key):
        return []
    return [f"{APPROVAL_SIGNATURE} is not the approver's signature of {APPROVAL}: one was changed after signing"]


def _read(path: Path) -> bytes:
    if path.is_symlink() or not path.is_file():
        raise NotApproved(path)
    with open(path, "rb") as file:
        return file.read(_LARGEST_APPROVAL)
