"""Keys of packages: X25519 for Crypt4GH, Ed25519 for signatures as openssl makes and checks them.

Keys are named by fingerprints that are safe to publish. `gms.sharing.decision.keyfiles` reads secret files.
"""

import hashlib
import logging
from pathlib import Path

from crypt4gh import sodium
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from gms.base.whole_files import read_file
from gms.sharing.decision.keyfiles import KeyUnusable, read_secret

# At its debug level the library logs secret keys, and it logs an error for each packet that is for somebody else.
logging.getLogger("crypt4gh").setLevel(logging.CRITICAL + 1)


def encryption_fingerprint(public_key: bytes) -> str:
    """SHA-256 of the 32 bytes of a public key, hexadecimal: `sed -n 2p KEY.pub | base64 -d | sha256sum`."""
    return hashlib.sha256(public_key).hexdigest()


def public_of(secret: bytes) -> bytes:
    """The public key (32 bytes) of a secret key (32 bytes)."""
    return bytes(sodium.derive_pk(secret))


def is_usable(public_key: bytes) -> bool:
    """Whether a secret can be agreed on with this key: with a point of low order anybody knows it (RFC 7748, 6.1)."""
    try:
        X25519PrivateKey.generate().exchange(X25519PublicKey.from_public_bytes(public_key))
    except ValueError:
        return False
    return True


SIGNATURE_SUFFIX, SIGNATURE_BYTES = ".sig", 64  # RFC 8032


def load_private(path: Path) -> Ed25519PrivateKey:
    """A signing key (PEM, PKCS 8, mode 0600 or 0400). Raises KeyUnusable."""
    try:
        key = load_pem_private_key(read_secret(path), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyUnusable(
            "signing key", path, "is not an Ed25519 key in PEM format without passphrase (./gms export keys)"
        )
    return key


def load_public(path: Path) -> Ed25519PublicKey:
    """A public key (PEM). Raises KeyUnusable."""
    try:
        key = load_pem_public_key(read_file(path))
    except OSError as error:
        raise KeyUnusable("public key", path, f"cannot be read: {error.strerror}") from None
    except (ValueError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PublicKey):
        raise KeyUnusable("public key", path, "is not an Ed25519 key in PEM format (-----BEGIN PUBLIC KEY-----)")
    return key


def signing_fingerprint(key: Ed25519PublicKey) -> str:
    """SHA-256 of the key in DER: `openssl pkey -pubin -in KEY.pub -outform DER | sha256sum`."""
    return hashlib.sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()


def signature_path(path: Path) -> Path:
    """Where the signature of a file is: manifest.sig of manifest.json."""
    return path.with_suffix(SIGNATURE_SUFFIX)


def write_signed(path: Path, content: bytes, key: Ed25519PrivateKey) -> None:
    """Write a file and its signature."""
    path.write_bytes(content)
    signature_path(path).write_bytes(key.sign(content))


def is_signature(signature: bytes, content: bytes, key: Ed25519PublicKey) -> bool:
    """Whether this is the key's signature of the content."""
    try:
        key.verify(signature, content)
    except InvalidSignature:
        return False
    return True
