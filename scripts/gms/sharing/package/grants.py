"""Other readers for a package: only the headers are rewritten, the encrypted data stay byte for byte the same."""

import datetime
import stat
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from crypt4gh import header as library
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gms.base.errors import Refusal
from gms.sharing.decision.model import ORGANISATIONS, Recipient
from gms.sharing.package.encryption import CipherFacts, CipherSink, Digests, PacketKeys, packet_keys
from gms.sharing.package.files import entry, new_folder, walk
from gms.sharing.package.hashing import BLOCK, Hashing
from gms.sharing.package.header import data_key, read_header, segments_of
from gms.sharing.package.keys import encryption_fingerprint, is_usable, public_of
from gms.sharing.package.manifest import manifest_sha256, read_manifest, write_manifest
from gms.sharing.package.verify import verify_package


class RecipientsRefused(Refusal):
    """Recipients for whom nothing may be encrypted."""


class NotGranted(Refusal):
    """A package that no other readers are added to."""


def check_recipients(recipients: Sequence[Recipient], centre_key: bytes, on: datetime.date) -> None:
    """Raise RecipientsRefused unless all recipients may be given a header packet on this day."""
    problems, seen = [], {centre_key: "the centre"}
    for recipient in recipients:
        if recipient.organisation not in ORGANISATIONS:
            problems.append(
                f"'{recipient.organisation}' is not one of the platform's {len(ORGANISATIONS)} organisations"
            )
        if recipient.revoked:
            problems.append(f"the key of {recipient.organisation} is revoked")
        if recipient.valid_until < on:
            problems.append(f"the key of {recipient.organisation} expired on {recipient.valid_until}")
        if not is_usable(recipient.public_key):
            problems.append(f"the key of {recipient.organisation} is not usable: anybody could decrypt")
        if (other := seen.setdefault(recipient.public_key, recipient.organisation)) != recipient.organisation:
            problems.append(f"{recipient.organisation} has the key of {other}; each organisation needs its own")
    if problems:
        raise RecipientsRefused("nothing is encrypted for these recipients:", problems)


def readers_of(organisation: str, centre_key: bytes, recipients: Sequence[Recipient]) -> list[dict[str, Any]]:
    """The manifest's readers: the centre under the name of its organisation, then the recipients."""
    centre = {"party": organisation, "key": encryption_fingerprint(centre_key), "valid_until": None}
    return [centre] + [
        {
            "party": item.organisation,
            "key": encryption_fingerprint(item.public_key),
            "valid_until": item.valid_until.isoformat(),
        }
        for item in recipients
    ]


def regrant(
    package: Path,
    out: Path,
    recipients: Sequence[Recipient],
    centre_secret: bytes,
    signing_key: Ed25519PrivateKey,
    on: datetime.date,
    rule_set: str,
) -> str:
    """Write the next version of the package into the new folder `out`, for exactly these recipients and the centre.

    `on` and `rule_set` are of the decision to do so. An organisation is removed by leaving it out, but whoever had the
    data key can keep it. Returns the SHA-256 of the new manifest, which supersedes the old one and needs its own
    approval. Raises NotGranted for a package that does not verify, RecipientsRefused.
    """
    centre_key = public_of(centre_secret)
    check_recipients(recipients, centre_key, on)
    content = _verified(package, signing_key, centre_key)
    decision = {"decided": on.isoformat(), "rule_set": rule_set}
    decision |= {"readers": readers_of(content["study"]["disclosing_party"], centre_key, recipients)}
    version = {"version": content["version"] + 1, "supersedes": manifest_sha256(package)}
    keys = packet_keys([item.public_key for item in recipients], centre_secret)
    with new_folder(out) as new:
        files = [_with_readers(package, new, file, keys) for file in content["files"]]
        return _finished(package, new, content | decision | version | {"files": files}, signing_key)


def _finished(package: Path, new: Path, content: Mapping[str, Any], signing_key: Ed25519PrivateKey) -> str:
    """Sign the next version, and let those read it on this machine who could read the package; its manifest's SHA-256.

    Write-protection is not passed on.
    """
    digest = write_manifest(new, content, signing_key)
    for name in ("", *(name for name, _ in walk(new))):
        (new / name).chmod(stat.S_IMODE((package / name).stat().st_mode) | stat.S_IWUSR)
    return digest


def _verified(package: Path, signing_key: Ed25519PrivateKey, centre_key: bytes) -> dict[str, Any]:
    if problems := verify_package(package, signing_key.public_key()):
        raise NotGranted(f"no access to {package} is granted:", problems)
    content = read_manifest(package)
    if content["writer"] != encryption_fingerprint(centre_key):
        raise NotGranted(f"no access to {package} is granted:", ["it was not written with the centre's Crypt4GH key"])
    return content


def _with_readers(package: Path, out: Path, file: Mapping[str, Any], keys: PacketKeys) -> dict[str, Any]:
    """Write a file of the package with a new header; its entry in the new manifest."""
    target = out / file["path"]
    target.parent.mkdir(parents=True, exist_ok=True)
    with open(package / file["path"], "rb") as old, open(target, "xb") as new:
        facts = _rewritten(old, new, Digests(**file["plain"]), keys)
    if facts.body_sha256 != file["body_sha256"]:
        raise NotGranted(f"no access to {package} is granted:", [f"{file['path']} changed while it was read"])
    return entry(file["path"], facts)


def _rewritten(old: BinaryIO, new: BinaryIO, plain: Digests, keys: PacketKeys) -> CipherFacts:
    secret = keys[0][1]
    key = data_key(read_header(old), secret, public_of(secret))
    header = library.serialize(library.encrypt(library.make_packet_data_enc(0, key), keys))
    with Hashing() as hashing:
        sink = CipherSink(new, hashing, segments_of(plain.bytes))
        sink.write_header(header)
        while data := old.read(BLOCK):
            sink.write(data)
        sink.flush()
    return sink.facts(plain, len(keys))
