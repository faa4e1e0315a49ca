"""Compares called alleles with a truth: counts by class, copies of an allele, and Mendel's rules. Pure functions.

An allele is (contig, 1-based position, REF, ALT), left-aligned and atomic; copies are how often a genotype has it.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from typing import NamedTuple

Key = tuple[str, int, str, str]
Copies = Mapping[Key, int]
CLASSES = ("SNV", "indel")


class Counts(NamedTuple):
    """True positive, false negative and false positive alleles; of the true positives those with the right copies."""

    tp: int = 0
    fn: int = 0
    fp: int = 0
    same_copies: int = 0

    @property
    def recall(self) -> float | None:
        """Share of the true alleles that were called; None where there are none."""
        return ratio(self.tp, self.tp + self.fn)

    @property
    def precision(self) -> float | None:
        """Share of the called alleles that are true; None where nothing was called."""
        return ratio(self.tp, self.tp + self.fp)

    @property
    def f1(self) -> float | None:
        """Harmonic mean of recall and precision."""
        return ratio(2 * self.tp, 2 * self.tp + self.fn + self.fp)

    @property
    def concordance(self) -> float | None:
        """Share of the true positives that have as many copies as the truth says."""
        return ratio(self.same_copies, self.tp)


def ratio(part: int, whole: int) -> float | None:
    """part / whole; None where the whole is 0."""
    return part / whole if whole else None


def class_of(key: Key) -> str:
    """SNV, or indel for everything else (multi-base changes are atomic SNVs by then)."""
    return "SNV" if len(key[2]) == len(key[3]) == 1 else "indel"


def compare(truth: Copies, called: Copies) -> dict[str, Counts]:
    """Counts for each class."""
    found = {}
    for name in CLASSES:
        true = {key for key in truth if class_of(key) == name}
        mine = {key for key in called if class_of(key) == name}
        same = sum(truth[key] == called[key] for key in true & mine)
        found[name] = Counts(len(true & mine), len(true - mine), len(mine - true), same)
    return found


def pool(counts: Iterable[Counts]) -> Counts:
    """The sums, so that a large set weighs more than a small one."""
    return Counts(*(sum(column) for column in zip(*counts, strict=True)))


class Regions:
    """Intervals of a BED file (0-based half-open); without any, everything is inside."""

    def __init__(self, lines: Iterable[str] = ()):
        self.starts: dict[str, list[int]] = {}
        self.ends: dict[str, list[int]] = {}
        for contig, start, end in sorted(parse_bed(lines)):
            starts, ends = self.starts.setdefault(contig, []), self.ends.setdefault(contig, [])
            if ends and start <= ends[-1]:
                ends[-1] = max(ends[-1], end)
            else:
                starts.append(start)
                ends.append(end)

    def __contains__(self, key: Key) -> bool:
        """Whether the allele's 1-based position lies inside."""
        if not self.starts:
            return True
        index = bisect_right(self.starts.get(key[0], []), key[1] - 1) - 1
        return index >= 0 and key[1] <= self.ends[key[0]][index]


def parse_bed(lines: Iterable[str]) -> Iterable[tuple[str, int, int]]:
    for line in lines:
        if line.strip() and not line.startswith(("#", "track", "browser")):
            contig, start, end = line.split()[:3]
            yield contig, int(start), int(end)


GAMETES = {0: {0}, 1: {0, 1}, 2: {1}}


def is_mendelian(child: int, mother: int, father: int) -> bool:
    """Whether a child may have so many copies of an autosomal allele, given its parents' copies."""
    return any(child == one + other for one in GAMETES[mother] for other in GAMETES[father])


def violations(trios: Mapping[Key, tuple[int | None, int | None, int | None]]) -> list[Key]:
    """Alleles whose copies in child, mother and father break Mendel's rules; one without a genotype breaks none."""
    return [key for key, copies in trios.items() if None not in copies and not is_mendelian(*copies)]
