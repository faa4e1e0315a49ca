"""Estimated share of reads that come from another, unrelated human sample."""

import numpy as np

from gms.qc.fingerprint import MIN_DEPTH, Fingerprint

MIN_SITES = 30
HIGHEST = 0.5
# Of the three wrong bases an error makes, one is the other allele and two are neither; never below Q40.
MIN_ERROR = 1e-4
# A heterozygous site is out of balance with this probability; its allele fraction then follows Beta(5, 5), which lies
# between 0.21 and 0.79 in 95 %.
UNBALANCED = 0.5
HETEROZYGOUS = 5


def contamination(fingerprint: Fingerprint) -> float | None:
    """Maximum-likelihood contamination (0-0.5, steps of 0.001); None with fewer than 30 sites of depth >= 10.

    The model of VerifyBamID without array genotypes (Jun et al. 2012, AJHG 91:839): at each site the host's and the
    contaminant's genotypes follow Hardy-Weinberg proportions at the population frequency, and a read comes from the
    contaminant with probability `share`. One change: where the host is heterozygous, the allele fraction may also be
    anything around one half, so that a tumour's copy-number changes are not read as contamination. Assumes one
    contaminant, unrelated to the host.
    """
    ref, alt = fingerprint.ref.sum(axis=1), fingerprint.alt.sum(axis=1)
    deep = ref + alt >= MIN_DEPTH
    if deep.sum() < MIN_SITES:
        return None
    other, reads = fingerprint.other.sum(), (fingerprint.other + fingerprint.ref + fingerprint.alt).sum()
    error = max(other / 2 / reads, MIN_ERROR)

    def best(shares: np.ndarray) -> float:
        scores = [log_likelihood(share, ref[deep], alt[deep], fingerprint.af[deep], error) for share in shares]
        return float(shares[int(np.argmax(scores))])

    coarse = best(np.linspace(0, HIGHEST, 51))
    return round(best(np.linspace(max(0, coarse - 0.01), min(HIGHEST, coarse + 0.01), 21)), 3)


def log_likelihood(share: float, ref: np.ndarray, alt: np.ndarray, af: np.ndarray, error: float) -> float:
    """Log likelihood of the read counts at one contamination share (up to a constant)."""
    prior = np.log(np.stack([(1 - af) ** 2, 2 * af * (1 - af), af**2]))
    # The binomial, without its coefficient as everywhere here, integrated over the Beta distribution.
    within = _log_beta(alt + HETEROZYGOUS, ref + HETEROZYGOUS) - _log_beta(*np.full((2, 1), HETEROZYGOUS))
    terms = [prior[1] + np.log(UNBALANCED) + within]
    balanced = prior + np.log([[1.0], [1 - UNBALANCED], [1.0]])
    for host, host_prior in zip((0.0, 0.5, 1.0), balanced, strict=True):
        for guest, guest_prior in zip((0.0, 0.5, 1.0), prior, strict=True):
            fraction = (1 - share) * host + share * guest
            seen = fraction * (1 - error) + (1 - fraction) * error
            terms.append(host_prior + guest_prior + alt * np.log(seen) + ref * np.log1p(-seen))
    return float(np.logaddexp.reduce(np.stack(terms)).sum())


def _log_beta(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """log B(a, b) of whole numbers."""
    total = int((a + b).max())
    log_factorial = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, total + 1)))])
    return log_factorial[a.astype(int) - 1] + log_factorial[b.astype(int) - 1] - log_factorial[(a + b).astype(int) - 1]
