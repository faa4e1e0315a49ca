"""Stutter: reads that show a repeat at another length than their molecule has, by period and length of the repeat.

Polymerases slip in repeats, in libraries made with PCR some ten times as often as in others. The rates are estimated
for each sample from its reads at repeats of the reference, most of which are not variant; where there are few, as in a
panel, they stay near the prior. DRAGEN estimates them for the same reason (DragSTR). Coordinates are 0-based half-open.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from gms.genome.alleles import Allele, repeat_length

BASE = 0.002  # outside of repeats
PRIOR_MOST, MOST = 0.3, 0.45  # of the prior; of a sample: beyond it the commonest length need not be the molecule's
MOST_OF_ONE = 0.7  # of one repeat
ELSE = 1e-6  # of a read with a part of a unit, or with very many
CLEAR = 0.25  # up to which the commonest length of a repeat is its molecule's nearly always
MIN_REPEAT = 8  # bases of the shortest repeats whose stutter is estimated
MAX_PERIOD = 6  # bases; longer units do not slip, they are duplicated
PERIODS = (1, 2, 3)  # classes; the last one is that of longer units too
FACTORS = tuple(2 ** (step / 4) for step in range(-12, 15))  # of the prior that are tried, 1/8 to 11
SPREAD = math.log(1.5)  # standard deviation of their prior, log
HETEROZYGOUS = 0.15  # of repeats; those of ten bases and more differ between chromosomes as often as that
ODD = 0.05  # of repeats slip far more than others of their length, or are not read as one
FITTED = range(8, 17)  # bases of repeats that the factor is fitted to; the prior is level beyond
MIN_SITES = 10  # repeats that a class of periods needs; with fewer, one that is variant would decide
SITE_READS = 10  # independent ones that the reads of one repeat are worth at most
GAINS, STEPS = 0.25, 1.25  # prior of a sample's shape: share of slips that are gains, units of a slip in the mean
PRIOR_SLIPS = 50  # weight of that prior
PRIOR_READS = 300  # weight of the fitted curve against the reads at repeats of one length: thirty repeats
REPEATS = {
    1: re.compile(r"A{8,}|C{8,}|G{8,}|T{8,}"),
    2: re.compile(r"(?=(..))(?!(.)\2)(?:\1){4,}"),
    3: re.compile(r"(?=(...))(?!(.)\2\2)(?:\1){3,}"),
    4: re.compile(r"(?=(....))(?!(..)\2)(?:\1){3,}"),
}


class Repeat(NamedTuple):
    """A repeat of the reference: bases of its unit, and its interval."""

    period: int
    start: int
    end: int


class Shape(NamedTuple):
    """Of the reads that slipped: the share that gained units, 0-1, and how many units they changed by in the mean."""

    gains: float = GAINS
    steps: float = STEPS

    def share(self, units: int) -> float:
        """Share of the slips, 0-1, that change the length by so many units, which fall geometrically."""
        side = self.gains if units > 0 else 1 - self.gains
        return side * (1 - 1 / self.steps) ** (abs(units) - 1) / self.steps


class Stutter:
    """Stutter rates of a sample, 0-1: probability that a read shows another length than its molecule has."""

    def __init__(
        self,
        factors: Mapping[int, float] | None = None,
        rates: Mapping[tuple[int, int], float] | None = None,
        shapes: Mapping[int, Shape] | None = None,
    ):
        self.factors, self.rates, self.shapes = factors or {}, rates or {}, shapes or {}

    def rate(self, period: int, length: int) -> float:
        """Of a repeat of `length` bases whose unit has `period` bases."""
        if period > MAX_PERIOD:
            return BASE
        group = min(period, PERIODS[-1])
        if (group, length) in self.rates:
            return self.rates[group, length]
        return scaled(length, self.factors.get(group, 1.0))

    def shown(self, period: int, length: int, change: int, factor: float = 1.0) -> float:
        """Probability, 0-1 and above 0, of a read that shows a repeat of `length` bases with `change` bases more or
        less, if this one slips `factor` times as often as others."""
        rate = min(MOST_OF_ONE, factor * self.rate(period, length))
        if not change:
            return 1 - rate
        shape = self.shapes.get(min(period, PERIODS[-1]), SHAPE)
        return ELSE if change % period else max(ELSE, rate * shape.share(change // period))


SHAPE = Shape()
PRIOR_STUTTER = Stutter({}, {})


def prior(length: int) -> float:
    """An empirical curve: BASE outside of repeats, half as much again for each base beyond five, at most 30 %."""
    return min(PRIOR_MOST, BASE * 1.45 ** max(0, length - 5))


def scaled(length: int, factor: float) -> float:
    """The prior's rate with the part of it that is not BASE times a factor."""
    return min(MOST, BASE + factor * (prior(length) - BASE))


def period(allele: Allele) -> int:
    """Bases of the smallest unit of which the inserted or deleted bases consist."""
    unit = allele.ref[1:] or allele.alt[1:]
    return (unit + unit).find(unit, 1) if unit else 0


def repeat_of(alleles: Sequence[Allele], sequence: str, offset: int) -> tuple[int, int] | None:
    """Bases of the unit and of the repeat, if all alleles are changes of the length of one repeat that slips."""
    units = {(allele.pos, (allele.ref[1:] or allele.alt[1:])[: period(allele)]) for allele in alleles}
    if len(units) > 1 or any(min(len(allele.ref), len(allele.alt)) > 1 for allele in alleles):
        return None
    size, length = len(min(units)[1]), repeat_length(alleles[0], sequence, offset)
    return (size, length) if size <= MAX_PERIOD and length >= MIN_REPEAT else None


def repeats(sequence: str, offset: int = 0) -> list[Repeat]:
    """Repeats of 8 bases and more in a sequence that begins at 0-based `offset`, by start."""
    found = []
    for size, pattern in REPEATS.items():
        for match in pattern.finditer(sequence):
            end = match.end()
            while end < len(sequence) and sequence[end] == sequence[end - size]:
                end += 1
            if "N" not in match.group():
                found.append(Repeat(size, offset + match.start(), offset + end))
    return sorted(found, key=lambda repeat: (repeat.start, repeat))


def fit(sites: Iterable[tuple[Repeat, Counter[int]]]) -> Stutter:
    """Rates from the changes of length, in bases, that reads show at repeats."""
    groups: dict[int, dict[int, list[Sequence[int]]]] = {}
    for repeat, changes in sites:
        lengths = groups.setdefault(min(repeat.period, PERIODS[-1]), {})
        lengths.setdefault(repeat.end - repeat.start, []).append(site_of(repeat, changes))
    factors, rates, shapes = {}, {}, {}
    for group, lengths in sorted(groups.items()):
        fitted = {length: lengths[length] for length in FITTED if length in lengths}
        if sum(map(len, fitted.values())) < MIN_SITES:
            continue
        factors[group] = max(FACTORS, key=lambda factor: likelihood(fitted, factor))
        for length, counts in lengths.items():
            rates[group, length] = rate_at(counts, scaled(length, factors[group]))
        shapes[group] = shape_of(lengths, rates, group)
    return Stutter(factors, rates, shapes)


def site_of(repeat: Repeat, changes: Counter[int]) -> Sequence[int]:
    """Reads of a repeat, those of the commonest length and of the second, those longer than the commonest, and by how
    many units all others differ from it."""
    (usual, first), *others = changes.most_common(2)
    gains = sum(number for change, number in changes.items() if change > usual)
    units = (number * math.ceil(abs(change - usual) / repeat.period) for change, number in changes.items())
    return changes.total(), first, sum(number for _, number in others), gains, sum(units)


def shape_of(
    lengths: Mapping[int, Sequence[Sequence[int]]], rates: Mapping[tuple[int, int], float], group: int
) -> Shape:
    """Direction and size of the slips, from sites as far as they are homozygous; of lengths at which the commonest
    length is that of the molecule."""
    slips = float(PRIOR_SLIPS)
    gained, units = slips * GAINS, slips * STEPS
    for length, sites in sorted(lengths.items()):
        for site in sorted(sites) if rates[group, length] <= CLEAR else ():
            weight = homozygous_share(site, rates[group, length])
            slips += weight * (site[0] - site[1])
            gained, units = gained + weight * site[3], units + weight * site[4]
    return Shape(gained / slips, units / slips)


def likelihood(lengths: Mapping[int, Sequence[Sequence[int]]], factor: float) -> float:
    """Log likelihood of a factor. A site is as site_of gives it."""
    score = -((math.log(factor) / SPREAD) ** 2) / 2
    for length in sorted(lengths):
        rate = scaled(length, factor)
        for site in sorted(lengths[length]):
            likely = homozygous(site, rate), heterozygous(site, rate), homozygous(site, MOST) + math.log(ODD)
            score += independent(site) * (max(likely) + math.log(sum(math.exp(one - max(likely)) for one in likely)))
    return score


def independent(site: Sequence[int]) -> float:
    """Weight of each read of a site: repeats of one length differ, so many reads of one say little about the others."""
    return min(1.0, SITE_READS / site[0])


def homozygous(site: Sequence[int], rate: float) -> float:
    reads, first = site[:2]
    return math.log(1 - HETEROZYGOUS) + first * math.log(1 - rate) + (reads - first) * math.log(rate)


def heterozygous(site: Sequence[int], rate: float) -> float:
    reads, first, second = site[:3]
    shown = (first + second) * math.log((1 - rate) / 2)
    return math.log(HETEROZYGOUS) + shown + (reads - first - second) * math.log(rate)


def homozygous_share(site: Sequence[int], rate: float) -> float:
    """Probability that a site is homozygous, 0-1."""
    return 1 / (1 + math.exp(min(50, heterozygous(site, rate) - homozygous(site, rate))))


def rate_at(sites: Iterable[Sequence[int]], expected: float) -> float:
    """Rate from sites of one length, which count as far as they are homozygous, drawn to the expected one."""
    slipped, total = PRIOR_READS * expected, float(PRIOR_READS)
    for site in sorted(sites):
        weight = homozygous_share(site, expected) * independent(site)
        slipped, total = slipped + weight * (site[0] - site[1]), total + weight * site[0]
    return min(MOST, max(BASE, slipped / total))
