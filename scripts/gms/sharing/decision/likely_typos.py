"""Likely typos in the ids of a table, by which a withdrawal would miss the person or the study that it is about."""

import difflib
import os
import re
import unicodedata
from collections.abc import Iterable

# Cyrillic and Greek letters that look like Latin ones in most fonts (Unicode Technical Standard 39, confusables).
_LOOK_ALIKE = str.maketrans("аеорсухіјѕһԁԛԝвкмнтɡοαρνυικτ", "aeopcyxijshdqwbkmhtgoapvuikt")
_SEPARATORS = re.compile(r"[\W_]")
_SIMILAR = 0.7  # of difflib, 0-1: one character in three to four may differ


class Spellings:
    """The spellings of one column's ids; those that look the same are one id.

    Letter case and form (Unicode NFKC), look-alike letters of other alphabets and the kind of separator do not count.
    """

    def __init__(self, column: str):
        self.column = column
        self._first: dict[str, tuple[str, int]] = {}

    def problem(self, text: str, line: int) -> str | None:
        """What is wrong with an id in a line of the table; None unless an earlier line spells it otherwise."""
        other, before = self._first.setdefault(_folded(text), (text, line))
        if text == other:
            return None
        how = differences(text, other)
        return f"{self.column} is the id of line {before} in another spelling ({how}); spell it the same way"


def nearest(text: str, known: Iterable[str]) -> str | None:
    """The id among `known` that is most like this one, without separators and O or l for digits; None if none is."""
    by_form = {_bare(other): other for other in sorted(known)}
    found = difflib.get_close_matches(_bare(text), by_form, n=1, cutoff=_SIMILAR)
    return by_form[found[0]] if found else None


def differences(text: str, other: str) -> str:
    """In what a text differs from another one, with characters that are not what they look like by their names."""
    strange = sorted({character for character in text + other if not (character.isascii() and character.isprintable())})
    if strange:
        return ", ".join(f"U+{ord(one):04X} {unicodedata.name(one, 'unnamed')}" for one in strange)
    if text.casefold() == other.casefold():
        return "letter case"
    mine, theirs = _different(text, other)
    return f"'{mine}' where that has '{theirs}'"


def is_likely_typo(study: str, own: str, known: bool) -> bool:
    """Whether the id of a study is probably `own`, misspelt: other letter case, or one character more, less or other,
    or two that changed places.

    Studies numbered one after the other differ by a digit. Of these, only a row without consent before it is a typo:
    `known` says that the subject's consent to that study is in the table.
    """
    if study == own:
        return False
    one, other = _different(_folded(study), _folded(own))
    if max(len(one), len(other)) > 1 and not (len(one) == 2 and one == other[::-1]):
        return False
    return not (known and (one + other).isdigit())


def _different(one: str, other: str) -> tuple[str, str]:
    """What is left of two texts without their common beginning and end."""
    for _ in range(2):
        start = len(os.path.commonprefix((one, other)))
        one, other = one[start:][::-1], other[start:][::-1]
    return one, other


def _folded(text: str) -> str:
    same = unicodedata.normalize("NFKC", text).casefold().translate(_LOOK_ALIKE)
    return _SEPARATORS.sub("-", same)


def _bare(text: str) -> str:
    return _folded(text).replace("-", "").translate(str.maketrans("ol", "01"))
