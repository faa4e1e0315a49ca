"""Likelihood ratios of an allele in a tumour (INFO/TLOD) and its normal (INFO/NLOD), and its strand bias (INFO/SBP)."""

import math
from collections.abc import Sequence

from gms.variants.small.loci import Observation

MAX_BASE_QUALITY = 30  # a base is not trusted beyond 1 in 1,000: errors before sequencing have no quality value


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


def log_choose(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)


def fisher_strand(ref_forward: int, ref_reverse: int, alt_forward: int, alt_reverse: int) -> float:
    """-log10 of the two-sided p value, 0 to 30, from fragments of REF and ALT on the forward and the reverse strand.

    Two-sided as in R's fisher.test: all tables with the same margins that are no more probable than the observed one.
    """
    ref, alt, forward = ref_forward + ref_reverse, alt_forward + alt_reverse, ref_forward + alt_forward
    whole = log_choose(ref + alt, forward)
    weights = [
        log_choose(alt, k) + log_choose(ref, forward - k) - whole
        for k in range(max(0, forward - ref), min(alt, forward) + 1)
    ]
    observed = log_choose(alt, alt_forward) + log_choose(ref, ref_forward) - whole
    p = math.fsum(math.exp(weight) for weight in weights if weight <= observed + 1e-7)
    return max(0.0, -math.log10(max(1e-30, min(1.0, p))))
