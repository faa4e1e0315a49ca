"""How well a fraction explains the reads of an allele: beta-binomial, as reads of one molecule and the preference of
capture for one allele make fractions differ more than counts alone."""

from collections.abc import Sequence

import numpy as np
from scipy.special import gammaln

from gms.tumor_genome.sites import Site

STEP = 0.0025
FRACTIONS = np.round(np.arange(STEP, 1, STEP), 4)  # 0-1, of the reads
MINOR = FRACTIONS[FRACTIONS <= 0.5]  # of the allele that has fewer copies
PRECISIONS = (50.0, 100.0, 200.0, 400.0, 800.0)  # of the beta distribution: deviations of 0.07 to 0.02 at a half
USUAL = 200.0  # of the precisions, for alleles that are too few to show theirs
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


def column(fractions: np.ndarray) -> np.ndarray:
    """Columns of FRACTIONS, or of MINOR where they are up to a half."""
    return np.clip(np.rint(fractions / STEP).astype(int) - 1, 0, len(FRACTIONS) - 1)
