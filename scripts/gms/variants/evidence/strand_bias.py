"""Strand bias of an allele (INFO/SBP): Fisher's exact test on the strands of the fragments of REF and ALT."""

import math
from collections.abc import Iterable

from gms.variants.evidence.reads import Observation


def by_strand(seen: Iterable[Observation]) -> tuple[int, int]:
    """Fragments that show the forward strand and those that show the reverse strand; a molecule of which both were read
    is in both numbers."""
    strands = [observation.strands for observation in seen]
    return sum(one.forward for one in strands), sum(one.reverse for one in strands)


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
