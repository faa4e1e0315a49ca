"""Pseudonyms of one study: HMAC-SHA256 of a local id under the centre's secret key.

A pseudonym is a letter for what it names (P subject, S sample, C case), 80 bits of the HMAC as 16 symbols of
Crockford's base 32 (no I, L, O, U, which look like others), and a check symbol. The HMAC is over kind, study and id:
one person has unrelated pseudonyms in two studies, and the same one whenever a study's export is repeated. Without the
key nobody finds an id back, while a plain or salted hash of a personal number is guessed in seconds (ENISA,
Pseudonymisation techniques and best practices, 2019).
"""

import hashlib
import hmac
from collections.abc import Callable, Iterable
from itertools import count
from pathlib import Path

from gms.base.errors import GmsError
from gms.base.personal_numbers import find_personal_number
from gms.sharing.decision.keyfiles import KeyUnusable, read_secret

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SYMBOLS = 16  # of 5 bits: 80 bits, so that ten million ids collide with a probability of 4e-11
KEY_BYTES = 32
_READ_NAME_BYTES = 12  # 96 bits: the billion read names of a genome collide with a probability of 6e-12
_LETTERS = bytes.maketrans(b"0123456789abcdef", b"ABCDEFGHIJKLMNOP")


class PseudonymCollision(GmsError):
    """Two different ids with one pseudonym, which is named; the ids are not."""

    def __init__(self, pseudonym: str):
        super().__init__(f"two different ids have the pseudonym {pseudonym}; make a new pseudonym key for this study")


class Pseudonyms:
    """Makes the pseudonyms of a study. Neither its representation nor `key_id` reveals the key.

    >>> Pseudonyms(bytes(range(32)), "S1").subject("p1") == Pseudonyms(bytes(range(32)), "S2").subject("p1")
    False
    """

    __slots__ = ("_key", "_keyed", "key_id", "study")

    def __init__(self, key: bytes, study: str):
        self._key = _hmac(key, "study", study)
        read_key = _hmac(self._key, "read name", "")
        self._keyed = hashlib.blake2b(digest_size=_READ_NAME_BYTES, key=read_key)
        self.key_id = _hmac(key, "key id", "").hex()[:16]
        self.study = study

    def subject(self, identifier: str) -> str:
        """'P…', the pseudonym of a subject by its opaque id in the sample sheet."""
        return self._pseudonym("P", identifier)

    def sample(self, name: str) -> str:
        """'S…', the pseudonym of a sample."""
        return self._pseudonym("S", name)

    def case(self, name: str) -> str:
        """'C…', the pseudonym of a case, which names its package."""
        return self._pseudonym("C", name)

    def read_name(self, name: bytes) -> bytes:
        """A read's new name: 24 letters, the same for both mates; without digits, so never like a personal number.

        Keyed BLAKE2b (RFC 7693), which takes a third of the time of an HMAC.
        """
        digest = self._keyed.copy()  # a third of the time of a new one
        digest.update(name)
        return digest.digest().hex().encode().translate(_LETTERS)

    def _pseudonym(self, kind: str, identifier: str) -> str:
        # One in millions would look like a personal number and stop the scan of its package: that one is rebuilt.
        for attempt in count():
            digest = _hmac(self._key, f"{kind}{attempt}", identifier)
            bits = int.from_bytes(digest[:10], "big")
            symbols = "".join(ALPHABET[bits >> (5 * place) & 31] for place in reversed(range(SYMBOLS)))
            pseudonym = kind + symbols + _check_symbol(kind + symbols)
            if find_personal_number(pseudonym) is None:
                return pseudonym


def load_pseudonyms(path: Path, study: str) -> Pseudonyms:
    """The pseudonyms of a study under the key in a file (64 hexadecimal digits, mode 0600). Raises KeyUnusable."""
    try:
        key = bytes.fromhex(read_secret(path).decode())
    except ValueError:
        key = b""
    # 32 random bytes with fewer than 16 different values do not happen; a typed-in key has them.
    if len(key) != KEY_BYTES or len(set(key)) < 16:
        wanted = f"{2 * KEY_BYTES} random hexadecimal digits"
        raise KeyUnusable("pseudonym key", path, f"must hold {wanted}; make one with ./gms export keys")
    return Pseudonyms(key, study)


def is_pseudonym(text: str) -> bool:
    """Whether the text has the form of a pseudonym and its check symbol: false for every single mistyped symbol."""
    symbols = text[1:]
    right = len(symbols) == SYMBOLS + 1 and text[0] in "PSC" and all(symbol in ALPHABET for symbol in symbols)
    return right and _check_symbol(text[:-1]) == text[-1]


def check_collisions(identifiers: Iterable[str], pseudonym: Callable[[str], str]) -> None:
    """Raise PseudonymCollision if two different ids get one pseudonym."""
    seen: set[str] = set()
    for made in map(pseudonym, set(identifiers)):
        if made in seen:
            raise PseudonymCollision(made)
        seen.add(made)


def _hmac(key: bytes, kind: str, text: str) -> bytes:
    # The separator keeps ("a", "bc") and ("ab", "c") apart.
    return hmac.digest(key, f"{kind}\0{text}".encode(), "sha256")


def _check_symbol(text: str) -> str:
    """ISO/IEC 7064, hybrid system, with 32 symbols (MOD 33,32): finds every single wrong symbol."""
    size = len(ALPHABET)
    product = size
    for symbol in text:
        product = 2 * ((product + ALPHABET.index(symbol)) % size or size) % (size + 1)
    return ALPHABET[(size + 1 - product) % size]
