"""Finds known words and runs of words in bytes: identifiers, and the names of the computer and its user."""

import re
from collections.abc import Iterator

from gms.sharing.leak_patterns.known import KnownIdentifiers, words_of
from gms.sharing.leak_patterns.rules import LeakRules

_LETTERS_AND_DIGITS = b"0123456789abcdefghijklmnopqrstuvwxyz" + bytes(range(0x80, 0x100))
# Letters become small ones, separators spaces; of the same length, so that offsets stay.
_WORDS = bytes(byte if byte in _LETTERS_AND_DIGITS else 32 for byte in bytes(range(256)).lower())
_WORD = re.compile(rb"[^ ]+")
_MEMORY = 500_000  # words, about 40 MB
_LONG_NUMBER = 10  # shorter ones are also positions and counts


class KnownWords:
    """Looks for the words of the rules; remembers words that were hashed already."""

    def __init__(self, rules: LeakRules):
        self._known: KnownIdentifiers = rules.known
        names = [(name, "host_name") for name in rules.hosts] + [(name, "user_name") for name in rules.users]
        runs = [(words, kind) for name, kind in names if (words := words_of(name))]
        self._kinds = {b"".join(words): kind for words, kind in runs} | dict.fromkeys(
            self._known.plain, "known_identifier"
        )
        self._first = set(self._known.first_plain) | {words[0] for words, _ in runs if len(words) > 1}
        self._most = max([self._known.most_words, *(len(words) for words, _ in runs)])
        self._hashed: set[bytes] = set()

    def find(self, data: bytes) -> Iterator[tuple[int, str, bool]]:
        """(offset, kind, weak) of each; `weak` are known identifiers that are numbers of fewer than ten digits."""
        if not (self._kinds or self._known.hashes):
            return
        spaced = data.translate(_WORDS)
        distinct = set(spaced.split())
        self._hash(distinct)
        for word in distinct & self._kinds.keys():
            for match in re.finditer(rb"(?<![^ ])" + word + rb"(?![^ ])", spaced):
                yield match.start(), self._kinds[word], _is_weak(word)
        if not self._first.isdisjoint(distinct):
            yield from self._runs(spaced)

    def _runs(self, spaced: bytes) -> Iterator[tuple[int, str, bool]]:
        words = [(match.start(), match[0]) for match in _WORD.finditer(spaced)]
        for index, (offset, word) in enumerate(words):
            if word in self._first:
                runs = [
                    b"".join(part for _, part in words[index : index + length]) for length in range(2, self._most + 1)
                ]
                self._hash(set(runs))
                for run in dict.fromkeys(runs):
                    if run in self._kinds:
                        yield offset, self._kinds[run], _is_weak(run)

    def _hash(self, words: set[bytes]) -> None:
        """Keep the words whose keyed hashes are listed; the rest is remembered as harmless."""
        if not self._known.hashes:
            return
        new = words - self._hashed
        for word in new:
            if len(word) in self._known.lengths:
                digest = self._known.digest(word)
                if digest in self._known.hashes:
                    self._kinds[word] = "known_identifier"
                if digest in self._known.first_hashes:
                    self._first.add(word)
        if len(self._hashed) > _MEMORY:
            self._hashed.clear()
        self._hashed |= new


def _is_weak(word: bytes) -> bool:
    return word.isdigit() and len(word) < _LONG_NUMBER
