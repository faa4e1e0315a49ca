"""Identifiers known at the centre, found again in a package without a list of them in clear.

A custodian turns the study's personal numbers, names and laboratory ids into keyed hashes once (HMAC-SHA256, RFC 2104).
The scanner hashes every word, and runs of words up to as many as the longest identifier has, and compares. A word is a
run of letters and digits; case, separators and the width of characters (Unicode NFKC) do not count: `S-2024/17` is
found as `s_2024 17`.
"""

import hmac
import json
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from gms.base.errors import GmsError
from gms.base.personal_numbers import is_personal_number

_FORMAT = "gms-known-identifiers"
_SHORTEST = 4
_MOST_WORDS = 6
# Roles and sexes of the sample sheet identify nobody, though a sample may have such a name.
_PLAIN_WORDS = (
    *(b"proband", b"mother", b"father", b"sibling", b"twin", b"tumor", b"tumour", b"normal", b"isolate", b"control"),
    *(b"case", b"sample", b"subject", b"patient", b"female", b"male", b"unknown"),
)
_WORD = re.compile(r"[^\W_]+")


class IdentifiersUnusable(GmsError):
    """A list of identifiers that cannot be used; names the line, never the identifier."""


def words_of(identifier: str) -> list[bytes]:
    """The words of an identifier as the scanner compares them."""
    return [word.encode() for word in _WORD.findall(unicodedata.normalize("NFKC", identifier).casefold())]


@dataclass(frozen=True)
class KnownIdentifiers:
    """Identifiers to look for: `plain` ones given in memory (words joined), and `hashes` of a custodian's list.

    `first_*` are those of first words of identifiers of several words; `most_words` is the longest of these runs,
    `lengths` are the possible lengths in bytes of hashed ones. The representation shows none of them.
    """

    plain: frozenset[bytes] = field(default=frozenset(), repr=False)
    first_plain: frozenset[bytes] = field(default=frozenset(), repr=False)
    hashes: frozenset[bytes] = field(default=frozenset(), repr=False)
    first_hashes: frozenset[bytes] = field(default=frozenset(), repr=False)
    lengths: frozenset[int] = frozenset()
    most_words: int = 1
    key: bytes = field(default=b"", repr=False)

    def __bool__(self) -> bool:
        return bool(self.plain or self.hashes)

    def digest(self, word: bytes) -> bytes:
        """The keyed hash of a word, or of words joined."""
        return _digest(self.key, word)


def known_names(names: Iterable[str], public: Iterable[str] = ()) -> KnownIdentifiers:
    """Names of samples, cases and subjects as identifiers to look for.

    Left out are names that identify nobody and occur anywhere: those in `public` (assay, study, policy), roles
    and sexes, names of fewer than 3 characters and numbers of fewer than 5 digits.
    """
    open_words = {b"".join(words_of(name)) for name in public} | set(_PLAIN_WORDS)
    runs = [words for words in map(words_of, names) if _is_identifying(b"".join(words), open_words)]
    return KnownIdentifiers(
        plain=frozenset(b"".join(words) for words in runs),
        first_plain=frozenset(words[0] for words in runs if len(words) > 1),
        most_words=max(map(len, runs), default=1),
    )


def _is_identifying(name: bytes, open_words: set[bytes]) -> bool:
    return len(name) >= (5 if name.isdigit() else 3) and name not in open_words


def read_list(path: Path) -> list[str]:
    """The lines of a custodian's plain list. Raises IdentifiersUnusable."""
    try:
        return path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError):
        raise IdentifiersUnusable(f"{path} cannot be read as UTF-8 text") from None


def hash_identifiers(lines: Iterable[str], key: bytes) -> str:
    """The text of a known-identifiers file from a plain list, one identifier per line; empty lines do not count.

    A personal number of twelve digits is also listed without its century. Write identifiers with their separators: they
    are then found with and without. Deterministic: the order of lines does not matter. Raises IdentifiersUnusable
    for one that is too short or has too many words.
    """
    secret = _secret(key)
    identifiers: set[bytes] = set()
    first: set[bytes] = set()
    most_words = 1
    for number, line in enumerate(lines, 1):
        if words := words_of(line):
            _check(words, number)
            identifiers.update(_forms(b"".join(words)))
            first.update(words[:1] if len(words) > 1 else ())
            most_words = max(most_words, len(words))
    lengths = sorted({len(word) for word in identifiers | first})
    content = {"format": _FORMAT, "version": 1, "key_id": _key_id(secret), "most_words": most_words, "lengths": lengths}
    hashes = {"first_words": _hexadecimal(first, secret), "identifiers": _hexadecimal(identifiers, secret)}
    return json.dumps(content | hashes, indent=1) + "\n"


def load_identifiers(path: Path, key: bytes) -> KnownIdentifiers:
    """The identifiers of a file that `hash_identifiers` made with this key. Raises IdentifiersUnusable."""
    secret = _secret(key)
    try:
        content = json.loads(path.read_text())
        known = _known(content, secret)
        key_id = content["key_id"]
    except OSError as error:
        raise IdentifiersUnusable(f"the known identifiers {path} cannot be read: {error.strerror}") from None
    except (ValueError, TypeError, KeyError):
        raise IdentifiersUnusable(f"{path} is not a file of ./gms export identifiers; make one with it") from None
    if key_id != _key_id(secret):
        raise IdentifiersUnusable(
            f"the known identifiers {path} were made with another key; make them again with this one"
        )
    return known


def merged(first: KnownIdentifiers, second: KnownIdentifiers) -> KnownIdentifiers:
    """Names in memory and a custodian's list as one; at most one of them may hold hashes."""
    hashed = first if first.hashes else second
    return KnownIdentifiers(
        plain=first.plain | second.plain,
        first_plain=first.first_plain | second.first_plain,
        hashes=hashed.hashes,
        first_hashes=hashed.first_hashes,
        lengths=hashed.lengths,
        most_words=max(first.most_words, second.most_words),
        key=hashed.key,
    )


def _known(content: dict, secret: bytes) -> KnownIdentifiers:
    if content["format"] != _FORMAT or content["version"] != 1:
        raise ValueError
    return KnownIdentifiers(
        hashes=frozenset(map(bytes.fromhex, content["identifiers"])),
        first_hashes=frozenset(map(bytes.fromhex, content["first_words"])),
        lengths=frozenset(content["lengths"]),
        most_words=int(content["most_words"]),
        key=secret,
    )


def _hexadecimal(words: set[bytes], secret: bytes) -> list[str]:
    return sorted(_digest(secret, word).hex() for word in words)


def _check(words: list[bytes], line: int) -> None:
    if len(b"".join(words)) < _SHORTEST:
        raise IdentifiersUnusable(
            f"line {line}: identifiers under {_SHORTEST} letters or digits occur in any text by chance"
        )
    if len(words) > _MOST_WORDS:
        raise IdentifiersUnusable(f"line {line}: more than {_MOST_WORDS} words; list one identifier per line")


def _forms(identifier: bytes) -> tuple[bytes, ...]:
    is_full = len(identifier) == 12 and is_personal_number(identifier.decode(errors="replace"))
    return (identifier, identifier[2:]) if is_full else (identifier,)


def _secret(key: bytes) -> bytes:
    # A separate key, so that the file reveals nothing about pseudonyms made with the same key.
    return _digest(key, b"gms known identifiers")


def _key_id(secret: bytes) -> str:
    return _digest(secret, b"key id").hex()[:16]


def _digest(key: bytes, message: bytes) -> bytes:
    return hmac.digest(key, message, "sha256")
