"""Everything that is looked for in a text, in each of its decodings."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

from gms.sharing.leak_patterns.decodings import base64_bytes, base64_decodings, base64_words, decodings, is_text
from gms.sharing.leak_patterns.known_words import KnownWords
from gms.sharing.leak_patterns.national_numbers import foreign_numbers, telephone_numbers
from gms.sharing.leak_patterns.numbers import personal_numbers
from gms.sharing.leak_patterns.paths import email_addresses, local_paths
from gms.sharing.leak_patterns.rules import LeakRules

_DEPTH = 3  # of Base64 within Base64
_BEGINNING = 32  # bytes
_MEMORY = 200_000  # Base64-like words that are known to hold nothing
# Base64 of the first bytes of gzip, zip, PNG and PDF: a file within the text.
_FILE_BEGINS = re.compile(rb"(?<![A-Za-z0-9+/_-])(?:H4sI|UEsDB|iVBORw0KGgo|JVBERi)[A-Za-z0-9+/_-]{18,}")


class Hit(NamedTuple):
    """Something found: its kind, its line (0-based) in the text, the text before it, and the text it begins.

    `weak` hits are numbers of a form that data have as well: they count as leaks only in text and names.
    """

    kind: str
    line: int
    before: bytes
    beginning: bytes
    weak: bool


class Matcher:
    """Searches texts by rules; one for a whole scan, as it remembers the words it has seen."""

    def __init__(self, rules: LeakRules):
        self._words = KnownWords(rules)
        self._folders = tuple(folder.encode() for folder in rules.folders)
        self._harmless: set[bytes] = set()

    def hits(self, data: bytes, roots: frozenset[bytes] = frozenset(), depth: int = 0) -> list[Hit]:
        """All hits, each once, though several decodings of the text may show it; `roots` as of `local_paths`."""
        found: list[Hit] = []
        most: Counter = Counter()
        for decoded in decodings(data):
            seen: Counter = Counter()
            offsets = [*self._search(decoded, roots), *self._in_base64(decoded, depth)]
            for hit in _located(decoded, sorted(offsets)):
                key = (hit.kind, hit.line, hit.weak, hit.before.count(b"\t"))
                seen[key] += 1
                if seen[key] > most[key]:
                    most[key] += 1
                    found.append(hit)
        return found

    def files_within(self, data: bytes) -> Iterator[tuple[int, bytes]]:
        """(line, 0-based; content) of each file that is written as Base64 in a text."""
        for match in _FILE_BEGINS.finditer(data):
            content = base64_bytes(match[0])
            # Of millions of random ids some begin as gzip data do; few have its flags and its level as well.
            if content[:1] != b"\x1f" or (content[3] < 32 and content[8] in (0, 2, 4)):
                yield data.count(b"\n", 0, match.start()), content

    def _search(self, data: bytes, roots: frozenset[bytes]) -> Iterator[tuple[int, str, bool]]:
        for offset, weak in personal_numbers(data):
            yield offset, "personal_number", weak
        for offset, weak in foreign_numbers(data):
            yield offset, "foreign_number", weak
        for offset in telephone_numbers(data):
            yield offset, "telephone_number", False
        yield from self._words.find(data)
        for offset in set(local_paths(data, self._folders, roots)):
            yield offset, "local_path", False
        for offset in email_addresses(data):
            yield offset, "email_address", False

    def _in_base64(self, data: bytes, depth: int) -> Iterator[tuple[int, str, bool]]:
        if depth >= _DEPTH:
            return
        found = {word: base64_decodings(word) for word in base64_words(data) - self._harmless}
        texts = {word: list(filter(is_text, forms)) for word, forms in found.items()}
        # One search of all finds that there is nothing, as nearly always.
        any_number = any(personal_numbers(b"\n".join(chain.from_iterable(found.values()))))
        for word in found:
            hits = {(hit.kind, hit.weak) for text in texts[word] for hit in self.hits(text, depth=depth + 1)}
            if any_number:
                hits |= {("personal_number", weak) for _, weak in personal_numbers(b"\n".join(found[word]))}
            if not hits:
                self._remember(word)
            for match in re.finditer(re.escape(word), data) if hits else ():
                yield from ((match.start(), kind, weak) for kind, weak in hits)

    def _remember(self, word: bytes) -> None:
        if len(self._harmless) >= _MEMORY:
            self._harmless.clear()
        self._harmless.add(word)


def _located(data: bytes, offsets: list[tuple[int, str, bool]]) -> Iterator[Hit]:
    line, counted_to = 0, 0
    for offset, kind, weak in offsets:
        line += data.count(b"\n", counted_to, offset)
        counted_to = offset
        before = data[data.rfind(b"\n", 0, offset) + 1 : offset]
        yield Hit(kind, line, before, data[offset : offset + _BEGINNING], weak)
