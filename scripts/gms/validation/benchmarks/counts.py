"""Compares called alleles with a truth: counts by class, copies of an allele, and Mendel's rules. Pure functions.

An allele is (contig, 1-based position, REF, ALT), left-aligned and atomic; copies are how often a genotype has it.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from gms.genome.intervals import Interval, merge

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
    """Intervals by contig (0-based half-open); without any, everything is inside."""

    def __init__(self, targets: Mapping[str, Iterable[Interval]]):
        self.merged = {contig: merge(parts) for contig, parts in targets.items()}

    def __contains__(self, key: Key) -> bool:
        """Whether the allele's 1-based position lies inside."""
        contig, position, *_ = key
        parts = self.merged.get(contig, [])
        index = bisect_left(parts, (position,)) - 1  # the last one that begins before it
        return not self.merged or index >= 0 and position <= parts[index].end


GAMETES = {0: {0}, 1: {0, 1}, 2: {1}}


def is_mendelian(child: int, mother: int, father: int) -> bool:
    """Whether a child may have so many copies of an autosomal allele, given its parents' copies."""
    return any(child == one + other for one in GAMETES[mother] for other in GAMETES[father])


def violations(trios: Mapping[Key, tuple[int | None, int | None, int | None]]) -> list[Key]:
    """Alleles whose copies in child, mother and father break Mendel's rules; one without a genotype breaks none."""
    return [key for key, copies in trios.items() if None not in copies and not is_mendelian(*copies)]
