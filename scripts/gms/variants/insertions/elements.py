"""Mobile elements: sequences of their families, and which of them the ends of an insertion show.

A retrotransposed copy ends in a poly-A tail and lies between two copies of 7 to 20 bases of the place (target-site
duplication); its 5' end is often cut off (Kazazian 2017, doi:10.1056/NEJMra1510092). Positions are 0-based half-open.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import edlib
import pysam

from gms.base.errors import GmsError
from gms.base.project import PROJECT
from gms.variants.structural.evidence import reverse

ELEMENTS = PROJECT / "resources" / "mobile_elements" / "human.fa"
MIN_MATCH = 18  # bases besides the tail; shorter ones are found in a sequence of 6,000 by chance
MAX_DIVERGENCE = (
    0.15  # of copies of young families, with their sequencing errors; old copies of the reference have more
)
MIN_TAIL = 9  # A in a row, one other base among them allowed
_TAIL = re.compile(rf"A{{{MIN_TAIL},}}(?:[CGT]A+)?$")
_BASES = re.compile("[ACGTN]+")
_NAME = re.compile("[A-Za-z0-9_.-]+")


class UnusableElements(GmsError):
    """A file of mobile elements that is no FASTA file of named DNA sequences."""

    def __init__(self, path: Path, reason: str):
        super().__init__(f"{path} is no FASTA file of mobile elements: {reason}. An example: {ELEMENTS}")


class Element(NamedTuple):
    """What is inserted: `start` and `end` on the family's sequence, None where reads do not show it; `tail`: A at its
    3' end, as far as reads show them."""

    family: str
    strand: str
    start: int | None
    end: int
    tail: int

    @property
    def length(self) -> int | None:
        return None if self.start is None else self.end - self.start + self.tail


class Match(NamedTuple):
    family: str
    start: int
    end: int


class Elements:
    """The families, without the poly-A tails of their sequences. Raises UnusableElements."""

    def __init__(self, path: Path):
        self.sequences = {name: _TAIL.sub("", bases) for name, bases in read_elements(path)}

    def match(self, bases: str) -> Match | None:
        """The family that bases are a part of, in its direction."""
        most = int(MAX_DIVERGENCE * len(bases))
        best: Match | None = None
        for family, sequence in self.sequences.items() if len(bases) >= MIN_MATCH else ():
            found = edlib.align(bases, sequence, mode="HW", task="locations", k=most)
            if found["editDistance"] >= 0:
                most = found["editDistance"] - 1
                first, last = found["locations"][0]
                best = Match(family, first, last + 1)
            if most < 0:
                break
        return best

    def recognise(self, prefix: str, suffix: str) -> Element | None:
        """The element whose first and last bases are known, either strand; a family and a poly-A tail or both ends of
        one family are asked for."""
        found = [(strand, self._directed(*ends)) for strand, ends in _directions(prefix, suffix)]
        known = [element._replace(strand=strand) for strand, element in found if element]
        return max(known, key=lambda one: (one.tail, one.start is not None), default=None)

    def _directed(self, prefix: str, suffix: str) -> Element | None:
        tail = _TAIL.search(suffix)
        body = suffix[: tail.start()] if tail else suffix
        first, last = self.match(prefix), self.match(body)
        if not tail and not (first and last and first.family == last.family and first.start < last.end):
            return None
        if not (first or last):
            return None
        family = (last or first).family
        start = first.start if first and first.family == family else None
        end = last.end if last else len(self.sequences[family])
        start = start if start is not None and start < end else None
        return Element(family, "+", start, end, len(tail[0]) if tail else 0)


def _directions(prefix: str, suffix: str) -> Iterator[tuple[str, tuple[str, str]]]:
    yield "+", (prefix, suffix)
    yield "-", (reverse(suffix), reverse(prefix))


def read_elements(path: Path) -> Iterator[tuple[str, str]]:
    """Names, in capitals, and sequences."""
    try:
        with pysam.FastxFile(str(path)) as records:
            found = [(record.name, (record.sequence or "").upper()) for record in records]
    except (OSError, ValueError) as error:
        raise UnusableElements(path, str(error)) from None
    if not found:
        raise UnusableElements(path, "it has no sequence")
    for name, bases in found:
        if not _NAME.fullmatch(name):
            raise UnusableElements(path, f"the name {name} has characters that a VCF cannot have in an allele")
        if len(bases) < MIN_MATCH or not _BASES.fullmatch(bases):
            raise UnusableElements(path, f"{name} is shorter than {MIN_MATCH} bases or has other letters than ACGTN")
        yield name.upper(), bases
