"""From depth to copies of the tumour's cells, and what the depth cannot tell: baseline, ploidy."""

from collections.abc import Sequence
from math import hypot, log2, sqrt
from statistics import median
from typing import NamedTuple

from gms.variants.evidence.shares import Z95

CHANGED = 0.17  # log2 from which a level is an event: one copy more in a quarter of the cells; docs/benchmarks.md
SURE = 3.3  # standard errors: 1 in 1,000 by chance; docs/benchmarks.md
CLEAR = 0.4  # log2: no copies left, or five, at 30 % tumour cells
# Standard errors of a CLEAR change, several times what most genes differ by: only the few that differ more can show one
# by chance. The 95 % interval of the copies is then without the usual number, as policies ask (Unsure).
SURE_IF_CLEAR = 2.0
LEAST_PURITY = 0.1  # below, an error of depth is multiplied more than tenfold: copies are left uncorrected
NEAR = 0.1  # log2 around the baseline
STEADY_SHARE = 0.4  # of the measured genome near the baseline, below which the baseline may be another level
HIGHER_FITS = 0.5  # of the misfit of two copies: a baseline of 3 or 4 copies explains the levels clearly better
CLEAR_MISFIT = 0.15  # copies; levels that fit better than this do not ask for another baseline
ONE_MISFIT = 0.2  # copies, of the only level that changed
ONE_SHARE = 0.05  # of the genome, of that level: less of it is measured too roughly
LEAST_LEVEL = 0.02  # share of the genome of a level that is compared with whole copies


class Level(NamedTuple):
    """A level of the autosomes: logarithm (base 2) of its depth over the baseline, and its share of their windows."""

    log2: float
    share: float


def copies(ratio_log2: float, usual: int, purity: float | None, others: float = 1) -> float:
    """Copies in the tumour's cells; the other cells have the usual ones, or `others` times as many. `purity` None or
    low: those of all cells.

    depth = purity * copies + (1 - purity) * usual * others, over that of a genome with two copies.
    """
    return of_ratio(2**ratio_log2, usual, purity, others=others)


def of_ratio(ratio: float, usual: int, purity: float | None, baseline: float = 2, others: float = 1) -> float:
    """The same of a depth over the usual one, which a genome has that has `baseline` copies of most autosomes in the
    tumour's cells."""
    if purity is None or purity < LEAST_PURITY:
        return usual * ratio
    at_baseline = (1 - purity) + purity * baseline / 2
    return max(0.0, usual * (ratio * at_baseline - (1 - purity) * others) / purity)


def of_all_cells(number: float, usual: int, purity: float, others: float = 1) -> float:
    """Copies of all cells of a number in the tumour's, the reverse of `copies`; `others`: as there."""
    return purity * number + (1 - purity) * usual * others


def interval(
    ratio_log2: float, error: float, usual: int, purity: float | None, others: float = 1
) -> tuple[float, float]:
    """95 % interval of the copies; `error`: standard error of the logarithm."""
    return tuple(copies(ratio_log2 + side * Z95 * error, usual, purity, others) for side in (-1, 1))


def spread(deviations: Sequence[float]) -> float:
    """Standard deviation by the median of absolute values, which single windows do not move."""
    return 1.4826 * median(map(abs, deviations)) if deviations else 0.0


def is_sure(change: float, error: float) -> bool:
    """Whether a change of log2 with this standard error is more than chance shows."""
    return abs(change) >= (SURE_IF_CLEAR if abs(change) >= CLEAR else SURE) * error


def standard_error(noise: float, bins: int, between: float, places: int) -> float:
    """Of the mean of windows in a number of `places` (genes, stretches between targets), whose windows share an error
    of their own, `between` them (gms.variants.panel_copies.genes). All are log2."""
    return hypot(noise / sqrt(max(1, bins)), between / sqrt(max(1, places)))


def warnings(levels: Sequence[Level], purity: float | None) -> list[str]:
    """Codes: `baseline_unsure` where little of the genome is at the baseline, `maybe_polyploid` where a baseline of
    three or four copies explains the levels better than two, `no_whole_copies` where the one level that changed is no
    whole number of copies, `low_purity`, `no_purity`."""
    found = []
    if sum(level.share for level in levels if abs(level.log2) < NEAR) < STEADY_SHARE:
        found.append("baseline_unsure")
    if purity is None or purity < LEAST_PURITY:
        return [*found, "no_purity" if purity is None else "low_purity"]
    if is_polyploid(levels, purity):
        found.append("maybe_polyploid")
    elif len(told := told_levels(levels)) == 1 and told[0].share >= ONE_SHARE:
        found += ["no_whole_copies"] * (_misfit(told, purity, 2) > ONE_MISFIT)
    return found


def told_levels(levels: Sequence[Level]) -> list[Level]:
    """Levels of a part of the genome that is large enough, away from the baseline."""
    return [level for level in levels if level.share >= LEAST_LEVEL and abs(level.log2) >= NEAR]


def is_polyploid(levels: Sequence[Level], purity: float) -> bool:
    """Whether whole copies fit the levels much better where the baseline has three or four copies, not two."""
    told = told_levels(levels)
    if len(told) < 2:
        return False
    plain = _misfit(told, purity, 2)
    return plain > CLEAR_MISFIT and min(_misfit(told, purity, base) for base in (3, 4)) < HIGHER_FITS * plain


def _misfit(levels: Sequence[Level], purity: float, base: int) -> float:
    """Distance of the levels' copies from whole numbers, by share, where the baseline has `base` copies."""
    at_baseline = purity * base + 2 * (1 - purity)
    total, weights = 0.0, sum(level.share for level in levels)
    for level in levels:
        number = (2**level.log2 * at_baseline - 2 * (1 - purity)) / purity
        total += level.share * min(0.5, abs(number - max(0, round(number))))
    return total / weights


def expected_log2(number: float, usual: int, purity: float) -> float:
    """The logarithm that a number of copies would show."""
    return log2(max(0.01, of_all_cells(number, usual, purity) / usual))
