"""Crypt4GH keys (X25519): named by fingerprints that are safe to publish, and checked before they are used.

`gms.sharing.decision.keyfiles` reads the files.
"""

import hashlib
import logging

from crypt4gh import sodium
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

# At its debug level the library logs secret keys, and it logs an error for each packet that is for somebody else.
logging.getLogger("crypt4gh").setLevel(logging.CRITICAL + 1)


def fingerprint(public_key: bytes) -> str:
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
