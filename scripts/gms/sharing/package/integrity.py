"""Whether a package is what its sender signed: signature, manifest, the tree of files, and each file."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from gms.base.digests import sha256
from gms.base.errors import GmsError
from gms.sharing.package import manifest, signatures
from gms.sharing.package.bodies import file_problems
from gms.sharing.package.files import is_safe, printable, walk

APPROVAL, APPROVAL_SIGNATURE = "approval.json", "approval.sig"
_OWN = {manifest.NAME, manifest.SIGNATURE, APPROVAL, APPROVAL_SIGNATURE}


def integrity_problems(package: Path, sender_key: Ed25519PublicKey) -> list[str]:
    """What is wrong with manifest, signature and files, in words."""
    try:
        text = manifest.read_bytes(package)
    except (GmsError, OSError) as error:
        return [str(error)]
    content, wrong = manifest.parse(text)
    problems = [*_signature_problems(package, text, content, sender_key), *(f"{manifest.NAME}: {p}" for p in wrong)]
    if content is None:
        return problems
    listed = {file["path"]: file for file in content["files"] if is_safe(file["path"])}
    found = dict(walk(package))
    problems += _tree_problems(package, listed, found)
    for path in (path for path in sorted(listed) if found.get(path) == "file"):
        problems += (f"{path}: {problem}" for problem in file_problems(package / path, listed[path], content["writer"]))
    return problems


def _signature_problems(
    package: Path, text: bytes, content: Mapping[str, Any] | None, key: Ed25519PublicKey
) -> Iterator[str]:
    path, given = package / manifest.SIGNATURE, signatures.fingerprint(key)
    signer = content["signer"] if content else given
    if path.is_symlink() or not path.is_file():
        yield f"{manifest.SIGNATURE} is missing: nobody signed the manifest"
    elif signer != given:
        yield f"{manifest.NAME} is by another sender: it names the key {signer}, the sender's key is {given}"
    elif not signatures.is_signature(_signature(path), text, key):
        yield f"{manifest.SIGNATURE} is not the sender's signature of {manifest.NAME}: one was changed after signing"


def _signature(path: Path) -> bytes:
    with open(path, "rb") as file:
        return file.read(signatures.BYTES + 1)  # a longer one is wrong, however long it is


def _tree_problems(package: Path, listed: Mapping[str, Any], found: Mapping[str, str]) -> Iterator[str]:
    folders = {"/".join(parts[:end]) for parts in (path.split("/") for path in listed) for end in range(1, len(parts))}
    missing = [path for path in sorted(listed) if path not in found]
    for path, kind in found.items():
        if kind not in ("file", "folder") or (kind == "folder" and path in listed.keys() | _OWN):
            yield f"{printable(path)} is a {kind}; a package holds files only"
        elif path not in (folders if kind == "folder" else listed.keys() | _OWN):
            renamed = kind == "file" and _renamed(package / path, [listed[name] for name in missing])
            yield f"{printable(path)} is not in the manifest{renamed or ''}"
    yield from (f"{path} is missing" for path in missing)


def _renamed(path: Path, missing: Sequence[Mapping[str, Any]]) -> str:
    same = [file for file in missing if file["cipher"]["bytes"] == path.stat().st_size]
    digest = sha256(path) if same else None
    return next((f": it is {file['path']}, renamed" for file in same if file["cipher"]["sha256"] == digest), "")
