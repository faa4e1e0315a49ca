"""Whether a record of a tumour is proven to be acquired; what is not proven counts as inherited.

With a normal of the same person, the normal's reads are the proof. The limits are those of MuTect (Cibulskis 2013,
doi:10.1038/nbt.2514) and of BALSAMIC, and no rescue of a policy weakens them: hotspots are inherited too (TP53 R248 in
Li-Fraumeni syndrome, EGFR T790M, RET M918T), and BRCA1 and BRCA2 are reported on purpose when they are.

Without a normal nothing speaks for it but the fraction: a variant that nobody in the population data has, in too few
reads to be on one of two chromosomes. An inherited variant that nobody else has can still look so where the tumour lost
its chromosome or multiplied the other one: a study that must exclude this asks for tumours with a normal.
"""

import math
from dataclasses import dataclass

MITOCHONDRIA = ("chrM", "M", "chrMT", "MT")  # heteroplasmy is inherited at any fraction, so no fraction proves anything
NOVEL_NLOD = 2.2  # MuTect: a site where no inherited variant is known
KNOWN_NLOD = 5.5  # MuTect: a site of dbSNP; here also every site when the population was not looked up
IN_NORMAL = 0.3  # BALSAMIC in_normal: of the tumour's fraction
HETEROZYGOUS = 0.3  # below half: reference bias, and normal cells beside a tumour that lost the variant
ERROR = 0.01  # one-sided: the upper 99 % bound of the fraction (Clopper and Pearson 1934) is below HETEROZYGOUS


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of an allele: reads with it and informative reads of tumour and normal, the normal's genotype and
    NLOD; the normal's are None in a case without one. `known` is None where the population was not looked up."""

    contig: str
    tumor: tuple[int, int]
    normal: tuple[int, int] | None
    normal_genotype: str
    nlod: float | None
    known: bool | None


def inherited(evidence: Evidence) -> str | None:
    """Why an allele is not proven to be acquired, in a word for the record of removals; None if it is."""
    if evidence.contig in MITOCHONDRIA:
        return "mitochondrial"
    if evidence.normal is None:
        return _without_normal(evidence)
    fractions = [alt / depth if depth else 0.0 for alt, depth in (evidence.tumor, evidence.normal)]
    if "1" in evidence.normal_genotype or fractions[1] > IN_NORMAL * fractions[0]:
        return "in_normal"
    limit = NOVEL_NLOD if evidence.known is False else KNOWN_NLOD
    return "normal_does_not_exclude" if evidence.nlod is None or evidence.nlod < limit else None


def _without_normal(evidence: Evidence) -> str | None:
    if evidence.known is None:
        return "population_not_looked_up"
    if evidence.known:
        return "in_population"
    return None if at_most(*evidence.tumor, HETEROZYGOUS) < ERROR else "fraction_of_inherited"


def at_most(successes: int, trials: int, probability: float) -> float:
    """P(X <= successes), binomial: below ERROR exactly where the upper bound of the fraction is below `probability`."""
    odds = math.log(probability) - math.log1p(-probability)
    start = math.lgamma(trials + 1) + trials * math.log1p(-probability)
    return math.fsum(
        math.exp(start - math.lgamma(k + 1) - math.lgamma(trials - k + 1) + k * odds) for k in range(successes + 1)
    )
