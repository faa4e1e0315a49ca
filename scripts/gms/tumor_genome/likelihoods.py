"""How well a fraction explains the reads of an allele: beta-binomial, as reads of one molecule and the preference of
capture for one allele make fractions differ more than counts alone."""

from collections.abc import Sequence

import numpy as np
from scipy.special import gammaln

from gms.tumor_genome.sites import Site

STEP = 0.0025
FRACTIONS = np.round(np.arange(STEP, 1, STEP), 4)  # 0-1, of the reads
MINOR = FRACTIONS[FRACTIONS <= 0.5]  # of the allele that has fewer copies
PRECISIONS = tuple(50.0 * 2 ** (step / 2) for step in range(11))  # of the beta distribution: deviations of 0.07 to 0.01
USUAL = 200.0  # of the precisions, with which the search begins
BALANCED = (0.35, 0.65)  # fractions of SNPs that show the preference for the reference
FEWEST_BALANCED = 100
MISTAKEN = 0.02  # share of sites that are not what they seem


def of_fractions(sites: Sequence[Site], precision: float = USUAL) -> np.ndarray:
    """Logarithm of the likelihood: a row for each site, a column for each of FRACTIONS."""
    reads, total = (np.array([getattr(one, name) for one in sites], float)[:, None] for name in ("reads", "total"))
    with_allele, without = FRACTIONS * precision, (1 - FRACTIONS) * precision
    ways = gammaln(total + 1) - gammaln(reads + 1) - gammaln(total - reads + 1)
    return ways + _log_beta(reads + with_allele, total - reads + without) - _log_beta(with_allele, without)


def _log_beta(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    return gammaln(one) + gammaln(other) - gammaln(one + other)


def of_minor(snps: Sequence[Site], precision: float) -> np.ndarray:
    """The same of heterozygous SNPs, a column for each of MINOR: either allele may be the one with fewer copies."""
    if not snps:
        return np.zeros((0, len(MINOR)))
    plain = np.exp(of_fractions(snps, precision))
    folded = (plain + plain[:, ::-1])[:, : len(MINOR)] / 2
    chance = np.array([1 / (one.total + 1) for one in snps])[:, None]
    return np.log((1 - MISTAKEN) * folded + MISTAKEN * chance)


def unbiased(snps: Sequence[Site]) -> list[Site]:
    """SNPs as they would be if capture and alignment did not prefer the reference: their balanced fractions, the mean
    of those near a half, are brought to a half."""
    near = [one.fraction for one in snps if BALANCED[0] < one.fraction < BALANCED[1]]
    if len(near) < FEWEST_BALANCED:
        return list(snps)
    mean = sum(near) / len(near)
    found = []
    for one in snps:
        own, other = one.fraction * (1 - mean), (1 - one.fraction) * mean
        found.append(one._replace(reads=round(one.total * own / (own + other))))
    return found


def column(fractions: np.ndarray) -> np.ndarray:
    """Columns of FRACTIONS, or of MINOR where they are up to a half."""
    return np.clip(np.rint(fractions / STEP).astype(int) - 1, 0, len(FRACTIONS) - 1)
