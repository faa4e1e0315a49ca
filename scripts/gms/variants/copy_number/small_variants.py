"""B-alleles: what heterozygous single-base variants within an event say of the number of its copies.

Of one copy none is heterozygous; of three, a third or two thirds of the reads have an allele, of four a quarter or
three where they are 3 + 1, and half where they are 2 + 2, of which this says no more than of two. Fractions are
normally distributed around these, with the variance of counts and 0.05 squared beyond it.
"""

import math
from collections.abc import Iterable, Sequence, Set
from typing import NamedTuple

from gms.genome.vcf import info_value, sample_values
from gms.variants.copy_number.events import Event

MIN_DEPTH = 10
HETEROZYGOUS = (0.12, 0.88)  # fractions that no homozygous allele has
MIN_READS = 3  # of either allele
EXPECTED = 7e-4  # heterozygous SNVs in a base of a genome: 2.1 million of them (1000 Genomes, doi:10.1038/nature15393)
MISTAKEN = 2e-5  # SNVs in a base that look heterozygous in one copy: reads of another place
BEYOND = 0.05  # standard deviation of a fraction beyond that of counts
MOST = 20.0  # common logarithm of odds that are worth stating


class Balance(NamedTuple):
    """Heterozygous SNVs within an event, the mean fraction of their commoner allele, and the common logarithm of the
    odds of the copies over two; None where they say nothing."""

    sites: int
    fraction: float | None
    odds: float | None


def heterozygous_snvs(lines: Iterable[str], events: Sequence[Event]) -> list[list[tuple[float, int]]]:
    """(fraction of the reads with the allele, reads) of heterozygous SNVs of the first sample within each event;
    `lines`: records of the merged small variants in the order of the genome."""
    found: list[list[tuple[float, int]]] = [[] for _ in events]
    of_contig: dict[str, list[int]] = {}
    for number, event in enumerate(events):
        of_contig.setdefault(event.contig, []).append(number)
    for line in lines:
        contig, pos, _, ref, alt, _, _, more, keys, column, *_ = line.split("\t", 10)
        if contig not in of_contig or len(ref) != 1 or len(alt) != 1 or alt == "*":
            continue
        inside = [n for n in of_contig[contig] if events[n].start < int(pos) <= events[n].end]
        if inside and (site := _site(keys, column)) and info_value(more, "PART_OF") is None:
            for number in inside:
                found[number].append(site)
    return found


def _site(keys: str, column: str) -> tuple[float, int] | None:
    """Fraction and reads of a heterozygous allele; None of another, or of too few reads."""
    values = sample_values(keys, column.rstrip("\n"))
    counts = [int(part) for part in values.get("AD", "").split(",") if part.isdigit()]
    if len(counts) != 2 or sum(counts) < MIN_DEPTH or min(counts) < MIN_READS:
        return None
    fraction = counts[1] / sum(counts)
    return (fraction, sum(counts)) if HETEROZYGOUS[0] <= fraction <= HETEROZYGOUS[1] else None


def balance(sites: Sequence[tuple[float, int]], copies: int | None, usual: int | None, bases: int) -> Balance:
    """What the SNVs of an event say; `bases`: those of it in which reads fit nowhere else."""
    fraction = sum(max(share, 1 - share) for share, _ in sites) / len(sites) if sites else None
    if usual != 2 or copies in (None, 0, 2):
        return Balance(len(sites), fraction, None)
    odds = _few(len(sites), bases) if copies == 1 else _log_likelihood(sites, copies) - _log_likelihood(sites, 2)
    return Balance(len(sites), fraction, max(-MOST, min(MOST, odds / math.log(10))) if sites or copies == 1 else None)


def _few(sites: int, bases: int) -> float:
    """Logarithm of the odds of one copy over two by the number of heterozygous SNVs: mistaken ones are Poisson
    distributed; of two copies their density varies, as in regions of common descent (exponential, hence geometric)."""
    usual, wrong = bases * EXPECTED, max(0.1, bases * MISTAKEN)
    one = sites * math.log(wrong) - wrong - math.lgamma(sites + 1)
    return one - sites * math.log(usual / (1 + usual)) + math.log(1 + usual)


def _log_likelihood(sites: Sequence[tuple[float, int]], copies: int) -> float:
    """Logarithm of the likelihood of all fractions, of the likeliest way in which two chromosomes share the copies: an
    allele is on one of them or the other. The copies of a chromosome may differ as well, so that any number of the
    copies but none and all has it."""
    shared = [{one / copies, 1 - one / copies} for one in range(1, copies // 2 + 1)]
    any_number = {one / copies for one in range(1, copies)}
    return max(sum(_density(*site, means) for site in sites) for means in (*shared, any_number))


def _density(fraction: float, reads: int, means: Set[float]) -> float:
    """Logarithm of the likelihood of a fraction whose mean is one of `means`, all as likely."""
    likely = []
    for mean in means:
        variance = mean * (1 - mean) / reads + BEYOND**2
        likely.append(math.exp(-0.5 * (fraction - mean) ** 2 / variance) / math.sqrt(variance))
    return math.log(sum(likely) / len(likely) + 1e-9)
