"""Slips of the pen in the ids of a table, by which a withdrawal would miss the person or the study that it is about."""

import os
import unicodedata


class Spellings:
    """The spellings of one column's ids; letters that differ in case or form (Unicode NFKC) alone are one id."""

    def __init__(self, column: str):
        self.column = column
        self._first: dict[str, tuple[str, int]] = {}

    def problem(self, text: str, line: int) -> str | None:
        """What is wrong with an id in a line of the table; None unless an earlier line spells it otherwise."""
        other, before = self._first.setdefault(_folded(text), (text, line))
        if text == other:
            return None
        return f"{self.column} is the id of line {before} written otherwise (letter case or form); write it in one way"


def is_slip(study: str, own: str, known: bool) -> bool:
    """Whether the id of a study is probably `own`, misspelt: other letter case, or one character more, less or other,
    or two that changed places.

    Studies numbered one after the other differ by a digit. Of these, only a row without consent before it is a slip:
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
    return unicodedata.normalize("NFKC", text).casefold()
