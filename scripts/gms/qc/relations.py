"""Do lanes, samples and families belong together? Fractions 0-1 over the common variants of the fingerprints."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import combinations

import numpy as np

from gms.qc.fingerprint import NO_CALL, Fingerprint

# Fewer shared sites leave a concordance to chance.
MIN_SITES = 20
# At 100 sites kinship has a standard error of 0.05, and one wrong genotype is a share of 0.01 without common allele.
MIN_RELATION_SITES = 100
# A chromosome of which a child has both copies from one parent (uniparental disomy) is unlike all others in what it
# shares with the other parent. One that has so many sites without a common allele by chance, at the rate of the others
# or that of wrong genotypes, once in 100,000 families is left out of a child's relation to that parent.
WRONG, BY_CHANCE = 0.005, 1e-5


def share(matches: np.ndarray) -> float | None:
    """Fraction of true values, four decimals; None with fewer than 20."""
    return round(float(matches.mean()), 4) if len(matches) >= MIN_SITES else None


def lane_concordance(fingerprint: Fingerprint) -> float | None:
    """Smallest share, over lanes, of sites where a lane and the other lanes together have the same genotype."""
    lanes = range(len(fingerprint.lanes))
    if len(lanes) < 2:
        return None
    shares = []
    for lane in lanes:
        one, rest = fingerprint.genotypes([lane]), fingerprint.genotypes([other for other in lanes if other != lane])
        both = (one != NO_CALL) & (rest != NO_CALL)
        shares.append(share((one == rest)[both]))
    return min((value for value in shares if value is not None), default=None)


def tumor_normal_concordance(tumor: np.ndarray, normal: np.ndarray) -> float | None:
    """Share of sites homozygous in the normal where the tumour is homozygous for the same allele.

    A tumour loses alleles but does not regain common ones: sites heterozygous in the normal say nothing. About 1 for
    one person, 0.7 for siblings, 0.45 for strangers.
    """
    informative = np.isin(normal, (0, 2)) & (tumor != NO_CALL)
    return share((tumor == normal)[informative])


def parent_child_concordance(child: np.ndarray, parent: np.ndarray) -> float | None:
    """Share of sites homozygous in both where the allele is the same: 1 for parent and child but for errors."""
    both = np.isin(child, (0, 2)) & np.isin(parent, (0, 2))
    return share((child == parent)[both])


def kinship(first: np.ndarray, second: np.ndarray) -> float | None:
    """KING-robust kinship coefficient (Manichaikul et al. 2010, Bioinformatics 26:2867, equation 11).

    0.5 for one person or twins, 0.25 for parent and child or full siblings, 0 for strangers.
    """
    both = (first != NO_CALL) & (second != NO_CALL)
    first, second = first[both], second[both]
    counts = sorted((int((first == 1).sum()), int((second == 1).sum())))
    if len(first) < MIN_RELATION_SITES or not counts[0]:
        return None
    shared = int(((first == 1) & (second == 1)).sum())
    opposite = int((np.abs(first - second) == 2).sum())
    low, high = counts
    return round((shared - 2 * opposite) / (2 * low) + 0.5 - 0.25 * (low + high) / low, 4)


def ibs0(first: np.ndarray, second: np.ndarray) -> float | None:
    """Share of sites where the two have no allele in common (0 for parent and child, > 0 for siblings)."""
    both = (first != NO_CALL) & (second != NO_CALL)
    return share((np.abs(first - second) == 2)[both]) if both.sum() >= MIN_RELATION_SITES else None


def labels(roles: Mapping[str, str]) -> dict[str, str]:
    """Sample -> the name used in metrics: its role, or the sample's name where several samples have that role."""
    times = Counter(roles.values())
    return {sample: role if times[role] == 1 else sample for sample, role in roles.items()}


def case_metrics(roles: Mapping[str, str], fingerprints: Mapping[str, Fingerprint]) -> dict[str, float | None]:
    """Relations within one case, from sample -> role (sheet order, index first) and sample -> fingerprint."""
    calls = {sample: shared_calls(fingerprint) for sample, fingerprint in fingerprints.items()}
    names, metrics = labels(roles), {}
    for (first, first_role), (second, second_role) in combinations(roles.items(), 2):
        own, other = calls[first], calls[second]
        if len({first_role, second_role} & {"mother", "father"}) == 1:
            own = without_uniparental(own, other)
        one, two = aligned(own, other)
        if {first_role, second_role} == {"tumor", "normal"}:
            tumor, normal = (one, two) if first_role == "tumor" else (two, one)
            metrics["tumor_normal_concordance"] = tumor_normal_concordance(tumor, normal)
            continue
        if first_role == "proband" and second_role in ("mother", "father"):
            metrics[f"parent_child_{second_role}_concordance"] = parent_child_concordance(one, two)
        metrics[f"kinship_{names[first]}_{names[second]}"] = kinship(one, two)
        metrics[f"ibs0_{names[first]}_{names[second]}"] = ibs0(one, two)
    return metrics


def shared_calls(fingerprint: Fingerprint) -> dict[tuple, int]:
    """Site -> genotype, called sites only."""
    calls = zip(fingerprint.sites, fingerprint.genotypes().tolist(), strict=True)
    return {site: call for site, call in calls if call != NO_CALL}


def aligned(first: Mapping[tuple, int], second: Mapping[tuple, int]) -> Iterable[np.ndarray]:
    """The genotypes of both at the sites called in both."""
    sites = [site for site in first if site in second]
    return (np.array([calls[site] for site in sites], dtype=int) for calls in (first, second))


def on_sites(calls: Mapping[tuple, int], index: dict[tuple, int]) -> np.ndarray:
    """Genotypes at the sites of `index` (site -> place), to which those that it lacks are added; NO_CALL elsewhere.
    Arrays of one index are aligned as far as the shorter one goes: for many samples, each compared with all others."""
    places = [index.setdefault(site, len(index)) for site in calls]
    found = np.full(len(index), NO_CALL, dtype=np.int8)
    found[places] = list(calls.values())
    return found


def without_uniparental(first: Mapping[tuple, int], second: Mapping[tuple, int]) -> Mapping[tuple, int]:
    """The first one's genotypes without those of the chromosome, if there is one, on which the two have much less in
    common than on all others (site -> genotype, the contig first in a site)."""
    shared, opposite = Counter(), Counter()
    for site in first.keys() & second.keys():
        shared[site[0]] += 1
        opposite[site[0]] += abs(first[site] - second[site]) == 2
    for contig, _ in opposite.most_common(1):
        elsewhere = shared.total() - shared[contig]
        rate = max(WRONG, (opposite.total() - opposite[contig]) / max(1, elsewhere))
        if elsewhere and rate < 1 and _chance(opposite[contig], shared[contig], rate) < BY_CHANCE:
            return {site: call for site, call in first.items() if site[0] != contig}
    return first


def _chance(least: int, number: int, rate: float) -> float:
    """Probability of `least` or more among `number` (binomial), `rate` between 0 and 1."""
    odds, total = math.log(rate / (1 - rate)), math.lgamma(number + 1) + number * math.log(1 - rate)
    terms = (total - math.lgamma(k + 1) - math.lgamma(number - k + 1) + k * odds for k in range(least, number + 1))
    return sum(map(math.exp, terms))
