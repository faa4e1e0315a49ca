"""Likelihood ratios of an allele in a tumour (INFO/TLOD) and in its normal (INFO/NLOD)."""

import math
from collections.abc import Sequence

from gms.variants.evidence.reads import Observation

MAX_BASE_QUALITY = 30  # a base is not trusted beyond 1 in 1,000: errors before sequencing have no quality value
MIN_ERROR = 0.001  # the same as a probability


def error_rate(seen: Observation) -> float:
    """Probability, 0-1, of one particular wrong base: a third of the error that the base quality states."""
    return 10 ** (-min(seen.base_quality, MAX_BASE_QUALITY) / 10) / 3


def tumor_lod(alt: Sequence[Observation], depth: int) -> float:
    """Likelihood of the allele at its observed fraction over that of errors alone (MuTect: Cibulskis 2013,
    doi:10.1038/nbt.2514, with the other fragments taken as error-free reference)."""
    if not alt:
        return 0.0
    fraction = len(alt) / depth
    gained = math.fsum(math.log10(fraction / error_rate(seen) + 1 - fraction) for seen in alt)
    others = depth - len(alt)
    return gained + (others * math.log10(1 - fraction) if others else 0.0)


def normal_lod(alt: Sequence[Observation], depth: int) -> float:
    """Likelihood of a normal without the allele over that of a heterozygous one (Cibulskis 2013)."""
    errors = math.fsum(math.log10(error_rate(seen)) for seen in alt)
    return errors - depth * math.log10(0.5)
