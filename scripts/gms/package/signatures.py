"""Ed25519 signatures of files, as openssl makes and checks them: keys in PEM, signatures of 64 bytes beside the file."""

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey


def load_private(path: Path) -> Ed25519PrivateKey:
    """A signing key (PEM, PKCS 8, mode 0600 or 0400). Raises GmsError."""
    raise NotImplementedError


def load_public(path: Path) -> Ed25519PublicKey:
    """A public key (PEM). Raises GmsError."""
    raise NotImplementedError


def fingerprint(key: Ed25519PublicKey) -> str:
    """SHA-256 of the key in DER: `openssl pkey -pubin -in KEY.pub -outform DER | sha256sum`."""
    raise NotImplementedError


def sign(path: Path, key: Ed25519PrivateKey) -> Path:
    """Write the signature of the file's bytes beside it as <stem>.sig; its path."""
    raise NotImplementedError


def is_signed(path: Path, key: Ed25519PublicKey) -> bool:
    """Whether <stem>.sig beside the file is this key's signature of its bytes. Raises GmsError if there is none."""
    raise NotImplementedError
