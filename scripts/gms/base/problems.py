"""Problems collected while inputs are read, to be reported all at once. No message holds a personal number."""

import difflib
import os
from collections.abc import Iterable
from pathlib import Path

from gms.base.errors import Problem, Problems
from gms.base.personal_numbers import mask_identity_numbers, mask_personal_numbers


class Findings:
    """A list of problems, raised together."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def add(self, source: Path | str, line: int | None, text: str) -> None:
        """Note a problem; `line` is 1-based, None where the source has no lines."""
        self.problems.append(Problem(mask_personal_numbers(shown(source)), line, mask_identity_numbers(text)))

    def raise_if_any(self) -> None:
        """Raise `Problems` with everything found, each source in the order of its lines."""
        if self.problems:
            sources = {source: place for place, source in enumerate(dict.fromkeys(p.source for p in self.problems))}
            raise Problems(sorted(dict.fromkeys(self.problems), key=lambda p: (sources[p.source], p.line or 0)))


def shown(path: Path | str) -> str:
    """The path as a user would write it: relative where it lies below the working directory."""
    below = os.getcwd().rstrip(os.sep) + os.sep
    return str(path).removeprefix(below)


def counted(number: int, noun: str, plural: str = "s") -> str:
    """3 jobs, 1 job."""
    return f"{number} {noun}{plural if number != 1 else ''}"


def unknown(what: str, value: str, known: Iterable[str]) -> str:
    """Say that a value is not among the known ones, and which one was probably meant."""
    known = sorted(known)
    near = difflib.get_close_matches(value.lower(), known, 1)
    meant = f"; did you mean '{near[0]}'?" if near else ""
    return f"unknown {what} '{value}' (known: {', '.join(known) or 'none'}){meant}"
