"""Key files. Secret ones must be readable by their owner only (mode 0600 or 0400); no message shows their content."""

import binascii
import contextlib
import functools
import hashlib
import io
import logging
import os
import re
import secrets
import stat
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path

from gms.base.errors import GmsError
from gms.base.project import PROJECT
from gms.base.whole_files import open_now, read_file

_ENCRYPTION_KEY_BYTES = 32  # X25519
_SECRET = "secret key"


class KeyUnusable(GmsError):
    """A key file that is missing, open to others, damaged or of another kind; its content is not shown."""

    def __init__(self, what: str, path: Path, problem: str):
        super().__init__(f"the {what} {path} {problem}")


class KeysNotMade(GmsError):
    """Keys that could not be written; says why. No file is replaced."""


def read_secret(path: Path) -> bytes:
    """The content of a secret file. Raises KeyUnusable if it is missing, or readable by group or others."""
    try:
        with open_now(path) as file:
            # Checked on the open file: the path could be replaced between check and open.
            problem = _mode_problem(os.fstat(file.fileno()).st_mode)
            content = b"" if problem else file.read()
    except OSError as error:
        problem = _unreadable(error)
    if problem:
        raise KeyUnusable("secret file", path, problem)
    return content


def secret_problem(path: Path) -> str | None:
    """Why a file cannot be used as a secret, as text to follow its name; its content is not read."""
    try:
        problem = _mode_problem(os.stat(path).st_mode)
    except OSError as error:
        return _unreadable(error)
    return problem or (None if os.access(path, os.R_OK) else "is not readable by this user")


def read_encryption_key(path: Path, passphrase: Callable[[], str] | None = None) -> bytes:
    """The 32 bytes of a Crypt4GH secret key; `passphrase` asks for that of a protected one. Raises KeyUnusable.

    The library's own reader does not look at the file's mode, logs keys at level DEBUG, and prints and ends the program
    on a wrong passphrase.
    """
    from crypt4gh.keys.c4gh import MAGIC_WORD, encode_string, parse_private_key

    logging.getLogger("crypt4gh").setLevel(logging.CRITICAL + 1)
    content = _unarmoured(read_secret(path), "PRIVATE")
    if not content.startswith(MAGIC_WORD):
        raise KeyUnusable(_SECRET, path, "is not a Crypt4GH key; make one with ./gms export keys or crypt4gh-keygen")
    if passphrase is None and not content.startswith(MAGIC_WORD + encode_string(None)):
        raise KeyUnusable(_SECRET, path, "has a passphrase, which cannot be asked for here; use a key without one")
    asked = passphrase() if passphrase else ""
    try:
        with contextlib.redirect_stderr(io.StringIO()):
            return parse_private_key(io.BytesIO(content[len(MAGIC_WORD) :]), lambda: asked)
    except SystemExit:
        raise KeyUnusable(_SECRET, path, "is damaged, or the passphrase is wrong") from None


def read_public_encryption_key(path: Path) -> bytes:
    """The 32 bytes of a Crypt4GH public key. Raises KeyUnusable."""
    try:
        key = _unarmoured(read_file(path), "PUBLIC")
    except OSError as error:
        raise KeyUnusable("public key", path, _unreadable(error)) from None
    if len(key) != _ENCRYPTION_KEY_BYTES or not any(key):
        raise KeyUnusable("public key", path, "is not a Crypt4GH key (crypt4gh-keygen names them .pub)")
    return key


def public_beside(signing_key: Path) -> Path:
    """The public part of a signing key as `make_keys` writes it: NAME.signing.pub.pem next to NAME.signing.pem."""
    return signing_key.with_suffix(".pub.pem")


def public_signing_key(path: Path) -> bytes | None:
    """The 32 bytes of a public Ed25519 key in PEM; None where the file is not one."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    try:
        key = load_pem_public_key(read_file(path))
    except (OSError, ValueError, UnsupportedAlgorithm):
        return None
    return key.public_bytes_raw() if isinstance(key, Ed25519PublicKey) else None


def public_signing_problem(path: Path) -> str | None:
    """Why a file is not a public Ed25519 key in PEM, as text to follow its name; None if it is one."""
    try:
        read_file(path)
    except OSError as error:
        return _unreadable(error)
    if public_signing_key(path):
        return None
    return "is not a public Ed25519 key in PEM format (./gms export keys names them .signing.pub.pem)"


def make_keys(folder: Path, name: str, random: Callable[[int], bytes] = secrets.token_bytes) -> list[Path]:
    """Write the keys of a centre or person into a folder, and return the files; existing files are never replaced.

    `random` returns a number of bytes; only a demo, whose keys everybody may know, replaces the system's.

    `name`.signing.pem and .signing.pub.pem (Ed25519, PKCS #8 and SubjectPublicKeyInfo), `name`.c4gh.sec and .c4gh.pub
    (Crypt4GH), `name`.pseudonym.key (64 hexadecimal digits); the secret ones with mode 0600. Raises KeysNotMade.
    """
    if not re.fullmatch(r"[A-Za-z0-9_-]+", name):
        raise KeysNotMade("the name of the keys may only contain letters, digits, '-' and '_'")
    contents = {folder / f"{name}.{ending}": content for ending, content in _new_keys(random).items()}
    if existing := [path for path in contents if path.exists()]:
        raise KeysNotMade(f"{', '.join(map(str, existing))} already exist and were kept; choose another name or folder")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for path, (mode, content) in contents.items():
            with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
                file.write(content)
    except OSError as error:
        raise KeysNotMade(f"the keys cannot be written to {folder}: {error.strerror}") from None
    return list(contents)


def _new_keys(random: Callable[[int], bytes]) -> dict[str, tuple[int, bytes]]:
    """Ending of a file -> its mode and content."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

    signing = Ed25519PrivateKey.from_private_bytes(random(32))
    encryption = X25519PrivateKey.from_private_bytes(random(32))
    public = signing.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return {
        "signing.pem": (0o600, signing.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())),
        "signing.pub.pem": (0o644, public),
        "c4gh.sec": (0o600, _armoured("PRIVATE", _crypt4gh_secret(encryption.private_bytes_raw()))),
        "c4gh.pub": (0o644, _armoured("PUBLIC", encryption.public_key().public_bytes_raw())),
        "pseudonym.key": (0o600, f"{random(32).hex()}\n".encode()),
    }


def _crypt4gh_secret(key: bytes) -> bytes:
    """A secret key as Crypt4GH stores it without passphrase; the library's own generator logs keys at level DEBUG."""
    from crypt4gh.keys.c4gh import MAGIC_WORD, encode_string

    return MAGIC_WORD + encode_string(None) + encode_string(None) + encode_string(key)


def _armoured(kind: str, content: bytes) -> bytes:
    name = f"CRYPT4GH {kind} KEY"
    return f"-----BEGIN {name}-----\n{b64encode(content).decode()}\n-----END {name}-----\n".encode()


def _unarmoured(text: bytes, kind: str) -> bytes:
    """The content of such a file; empty if it is not one."""
    first, *lines = text.strip().splitlines() or [b""]
    if first.strip() != f"-----BEGIN CRYPT4GH {kind} KEY-----".encode():
        return b""
    try:
        return binascii.a2b_base64(b"".join(lines[:-1]))
    except binascii.Error:
        return b""


def _mode_problem(mode: int) -> str | None:
    if not stat.S_ISREG(mode):
        return "is not a regular file"
    if stat.S_IMODE(mode) not in (0o600, 0o400):
        return f"has mode {stat.S_IMODE(mode):04o}; it must be readable by its owner only (chmod 600)"
    return None


def _unreadable(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "does not exist"
    return f"cannot be read: {error.strerror}"


DEMO_STUDY = "mini-study"  # the only study that may use these keys
DEMO_KEYS = PROJECT / "resources" / "demo_keys.tsv"


def is_demo_key(path: Path) -> bool:
    """Whether a key file, public or secret, is one of the miniature data set's; white space in it is ignored."""
    try:
        return key_file_digest(path.read_bytes()) in _digests()
    except OSError:
        return False


def key_file_digest(content: bytes) -> str:
    """SHA-256 of a key file without its white space, as resources/demo_keys.tsv lists it."""
    return hashlib.sha256(b"".join(content.split())).hexdigest()


@functools.cache
def _digests() -> frozenset[str]:
    return frozenset(line.split("\t")[1] for line in DEMO_KEYS.read_text().splitlines()[1:])
