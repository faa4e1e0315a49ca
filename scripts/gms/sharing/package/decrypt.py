"""A package decrypted by one of its readers, after it was verified."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from gms.base.errors import Refusal
from gms.sharing.package.encryption import Digests, RunningDigests, open_decrypted
from gms.sharing.package.files import SUFFIX, new_folder
from gms.sharing.package.hashing import BLOCK, Hashing
from gms.sharing.package.manifest import read_manifest
from gms.sharing.package.verify import verify_package


class NotDecrypted(Refusal):
    """A package that does not verify, or does not decrypt to what was signed; no plain file is kept."""


def decrypt_package(package: Path, reader_secret: bytes, sender_key: Ed25519PublicKey, to: Path) -> list[Path]:
    """Write the plain files into the new folder `to` (for its owner only); their paths.

    They are compared with the signed digests as they are written. Raises GmsError, leaving no plain file.
    """
    if problems := verify_package(package, sender_key):
        raise NotDecrypted(f"{package} is not decrypted:", problems)
    files = read_manifest(package)["files"]
    with new_folder(to, 0o700) as folder:
        for file in files:
            _decrypt(package, file, reader_secret, folder)
    return [to / file["path"].removesuffix(SUFFIX) for file in files]


def _decrypt(package: Path, file: Mapping[str, Any], secret: bytes, to: Path) -> None:
    target, accounts = to / file["path"].removesuffix(SUFFIX), RunningDigests()
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "wb") as out, open_decrypted(package / file["path"], secret) as plain, Hashing() as hashing:
        while data := plain.read(BLOCK):
            hashing.update(data, accounts.digests)
            out.write(data)
            accounts.bytes += len(data)
    if accounts.result() != Digests(**file["plain"]):
        raise NotDecrypted(f"{package} is not decrypted:", [f"{file['path']} does not decrypt to the signed data"])
