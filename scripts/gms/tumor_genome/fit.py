"""Purity and ploidy that explain depth, fractions of SNPs and acquired variants best: a grid, after ASCAT.

Van Loo 2010 (doi:10.1073/pnas.1009843107), of a part with a and b copies in the tumour's cells, at a purity p:
depth ~ 2 (1 - p) + p (a + b); fraction of the allele with b copies = (1 - p + p b) / (2 (1 - p) + p (a + b)).
ASCAT minimises distances; here likelihoods are multiplied, which gives an interval. The depth of a panel is known up to
a factor: the grid is over purity and the copies at the baseline, to which the depth is relative.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from gms.tumor_genome.likelihoods import MINOR, PRECISIONS, STEP, USUAL, column, of_fractions
from gms.tumor_genome.parts import Part, parts
from gms.tumor_genome.sites import Site, Sites

PURITIES = np.round(np.arange(0.05, 1.001, 0.01), 2)
COARSE = PURITIES[::2]  # to choose a precision
BASELINES = np.round(np.arange(1.0, 4.31, 0.05), 2)  # copies at the baseline
STATES = [(total - minor, minor) for total in range(9) for minor in range(total // 2 + 1)]
SYSTEMATIC = 0.03  # log2: what noise of windows does not explain of a level
WHOLE_PART = 20_000_000  # bases of a part that counts in full, shorter ones by the square of their share of it: on real
# normals segments below 5 Mb are 3 errors off and those of 5-10 Mb 2, as noise was picked (docs/benchmarks.md)
PLAIN = 2.0  # cost, as a natural logarithm, of each copy more or less than usual
OTHER = 0.2  # share of the parts that are not of all tumour cells, or not what they seem
SPAN = 1.5  # log2 over which such parts may lie
WHOLE = 0.1  # copies: the baseline is near a whole number
TWO, ODD = 0.55, 4.0  # cost of each copy that the baseline has more or less than two (a genome doubled in a quarter of
# tumours; nearly 30 % of advanced ones, Bielski 2018, Nature Genetics 50:1189); of an odd number of them
PURE, PURE_FROM = 2.5, 0.02  # tissue without any other cells is rare: its odds are 1:3,000 against half of other cells
CLONAL, SUBCLONAL, INHERITED = 0.35, 0.2, 0.4  # shares of the acquired alleles, without a normal; the rest is mistaken
DOUBLED = 2.75  # copies at the baseline of a genome that doubled
NEARLY = 6.0  # natural logarithm of the odds below which another genome is named
MOST_COPIES = 8  # of an acquired allele
LEAST_WEIGHT = 0.01  # of parts below 2 Mb, which say too little to be worth the time
PATHOLOGISTS = 0.15  # standard deviation of the pathologist's purity: our choice (Smits 2014: 20 points off on average)
DISPERSION = 3.0  # variance of what parts show over what windows and reads explain: neighbours err together (simulated)
CHANCE = 1.92  # natural logarithm of the likelihood that the ends of a 95 % interval lose (half of chi-squared's 3.84)


class Fit(NamedTuple):
    """`purity` 0-1 with its 95 % interval, given that the genome is doubled, or that it is not; `baseline`: copies
    there; `states`: (a, b) of each part; `alternative`: purity and baseline that explain all nearly as well, of a
    genome that is doubled where this is not, or not, and `other_states`, those of the parts in it; `precision`: of the
    beta distribution of fractions."""

    purity: float
    interval: tuple[float, float]
    baseline: float
    states: list[tuple[int, int]]
    alternative: tuple[float, float] | None
    other_states: list[tuple[int, int]]
    precision: float


def fit(
    segments: Sequence[Sequence], sites: Sites, noise: float, registered: float | None = None
) -> tuple[list[Part], Fit]:
    """Parts of the segments (as gms.tumor_genome.parts takes them) and what explains them best, with the precision of
    fractions that does: on its own each part would explain chance by another fraction. `noise`: of a window, log2;
    `registered`: the pathologist's purity, which decides between a doubled genome and one that is not."""
    tried: dict[int, float] = {}

    def likelihood(number: int) -> float:
        if number not in tried:
            found = parts(segments, sites.snps, PRECISIONS[number])
            tried[number] = float(_explained(found, sites, noise, PRECISIONS[number], _grid(COARSE)).max())
        return tried[number]

    at = PRECISIONS.index(USUAL)
    while better := [n for n in (at - 1, at + 1) if 0 <= n < len(PRECISIONS) and likelihood(n) > likelihood(at)]:
        at = max(better, key=likelihood)
    found = parts(segments, sites.snps, PRECISIONS[at])
    return found, _best(found, sites, noise, PRECISIONS[at], registered)


def _best(found: Sequence[Part], sites: Sites, noise: float, precision: float, registered: float | None) -> Fit:
    """What explains the parts best at a precision."""
    total = _explained(found, sites, noise, precision, _grid(PURITIES))
    total += of_kinds(total, registered)
    row, col = np.unravel_index(total.argmax(), total.shape)
    other = _alternative(total, int(col))
    purity, baseline = float(PURITIES[row]), float(BASELINES[col])
    states = _states(found, noise, purity, baseline)
    other_states = _states(found, noise, *other) if other else []
    ends = _interval(total[:, (BASELINES >= DOUBLED) == (baseline >= DOUBLED)])
    return Fit(purity, ends, baseline, states, other, other_states, precision)


def _prior(grid: "_Grid") -> np.ndarray:
    """What a point of the grid costs before anything is seen."""
    near = (grid.baseline - np.clip(np.rint(grid.baseline), 1, None)) / WHOLE
    cost = 0.5 * near**2 + TWO * abs(grid.baseline - 2) + ODD * (np.rint(grid.baseline) % 2)
    return PURE * np.log(1 + PURE_FROM - grid.purity) - cost


def of_kinds(total: np.ndarray, registered: float | None) -> np.ndarray:
    """How well the pathologist's purity fits the best genome that is doubled, and the best that is not: for each point
    that of its kind."""
    found = np.zeros(total.shape)
    for kind in (BASELINES >= DOUBLED, BASELINES < DOUBLED) if registered is not None else ():
        purity = PURITIES[int(total[:, kind].max(axis=1).argmax())]
        found[:, kind] = -0.5 * ((registered - purity) / PATHOLOGISTS) ** 2
    return found


def _explained(found: Sequence[Part], sites: Sites, noise: float, precision: float, grid: "_Grid") -> np.ndarray:
    """Logarithm of the likelihood by purity and baseline."""
    total = _prior(grid)
    for part in found:
        inside = [one for one in sites.acquired if _holds(part, one)]
        weight = min(1.0, (part.end - part.start) / WHOLE_PART) ** 2
        if weight < LEAST_WEIGHT and not inside:
            continue
        likely = _of_states(part, grid, noise)
        total += weight * np.logaddexp.reduce(likely, axis=0)
        states = likely[:-1].argmax(axis=0)
        total += sum(_of_acquired(site, states, grid.purity, sites.paired, precision) for site in inside)
    return total


def _states(found: Sequence[Part], noise: float, purity: float, baseline: float) -> list[tuple[int, int]]:
    """The likeliest state of each part at a point."""
    grid = _grid(np.array([purity]), np.array([baseline]))
    return [STATES[int(_of_states(part, grid, noise)[:-1, 0, 0].argmax())] for part in found]


def _alternative(total: np.ndarray, col: int) -> tuple[float, float] | None:
    """The best point of the other kind of genome, doubled or not; None where it is far worse."""
    is_doubled = BASELINES >= DOUBLED
    others = np.where(is_doubled != is_doubled[col], total, -np.inf)
    row, other = np.unravel_index(others.argmax(), others.shape)
    return (float(PURITIES[row]), float(BASELINES[other])) if others.max() > total.max() - NEARLY else None


def _holds(part: Part, site: Site) -> bool:
    return part.contig == site.contig and part.start <= site.position < part.end


class _Grid(NamedTuple):
    """The points that are compared, purity by baseline, and of each state (first axis) at each of them: the level to
    expect, log2; the index of the fraction of the allele with fewer copies in MINOR; what its copies cost."""

    purity: np.ndarray
    baseline: np.ndarray
    level: np.ndarray
    minor: np.ndarray
    cost: np.ndarray


def _grid(purities: np.ndarray, baselines: np.ndarray = BASELINES) -> _Grid:
    """What is the same for all parts."""
    purity, baseline = np.meshgrid(purities, baselines, indexing="ij")
    at_baseline = 2 * (1 - purity) + purity * baseline
    usual = np.clip(np.rint(baseline), 1, 4)
    level, minor, cost = [], [], []
    for more, fewer in STATES:
        copies = np.maximum(2 * (1 - purity) + purity * (more + fewer), 0.02)
        level.append(np.log2(copies / at_baseline))
        minor.append(_minor((1 - purity + purity * fewer) / copies))
        cost.append(PLAIN * (abs(more - np.ceil(usual / 2)) + abs(fewer - np.floor(usual / 2))))
    return _Grid(purity, baseline, np.stack(level), np.stack(minor), np.stack(cost))


def _of_states(part: Part, grid: _Grid, noise: float) -> np.ndarray:
    """Logarithm of the likelihood of each state at each point of the grid; the last is that of no state."""
    error = np.hypot(noise / np.sqrt(max(1, part.bins)), SYSTEMATIC)
    apart = (part.log2 - grid.level) / error
    found = -0.5 * apart**2 - np.log(error * 2.5066) + part.minor[grid.minor] - grid.cost + np.log(1 - OTHER)
    chance = np.logaddexp.reduce(part.minor) - np.log(len(MINOR)) - np.log(SPAN)
    return np.concatenate([found, np.full((1, *grid.purity.shape), chance + np.log(OTHER))])


def _minor(fraction: np.ndarray) -> np.ndarray:
    return np.clip(column(fraction), 0, len(MINOR) - 1)


def _of_acquired(site: Site, states: np.ndarray, purity: np.ndarray, paired: bool, precision: float) -> np.ndarray:
    """The same of an acquired allele: in all tumour cells, in any number of the copies; in some of them; inherited."""
    table = np.exp(of_fractions([site], precision)[0])
    major, minor = (np.array([one[side] for one in STATES])[states] for side in (0, 1))
    copies = np.maximum(2 * (1 - purity) + purity * (major + minor), 0.02)
    most = np.clip(major, 1, MOST_COPIES)
    clonal = sum((n <= most) * table[column(n * purity / copies)] for n in range(1, MOST_COPIES + 1)) / most
    below = np.cumsum(table) / np.arange(1, len(table) + 1)  # at any lower fraction
    found = CLONAL * clonal + SUBCLONAL * below[column(purity / copies)]
    if not paired:
        own = (table[column((1 - purity + purity * one) / copies)] for one in (major, minor))
        found = found + INHERITED * sum(own) / 2
    return np.log(found + (1 - CLONAL - SUBCLONAL - INHERITED) * STEP * table.sum())


def _interval(total: np.ndarray) -> tuple[float, float]:
    """The purities that explain all nearly as well as the best one, each with its best baseline: a profile likelihood.
    `total`: of genomes of one kind, doubled or not."""
    best = total.max(axis=1)
    inside = PURITIES[best >= best.max() - CHANCE * DISPERSION]
    return float(inside[0]), float(inside[-1])
