"""Tumour cells in the normal sample of a pair and normal cells in the tumour, from the pair's own alleles.

Common variants show neither: one person has the same ones in both tubes. Acquired alleles do: rare single-base changes
whose fractions are clearly below that of an inherited heterozygous allele in both samples. In a clean pair the normal
has none of them; where it holds tumour cells, it has all of them at the same share of the tumour's fraction
(deTiN: Taylor-Weiner et al. 2018, Nat Methods 15:531).
"""

import math
from collections.abc import Iterable, Iterator, Mapping
from statistics import median, quantiles
from typing import NamedTuple

from gms.genome.vcf import info_value

MIN_DEPTH = 20
MIN_READS = 5
MIN_FRACTION = 0.05  # lower alleles may be errors; BALSAMIC's limit for tumour and normal genomes
MIN_MAPPING_QUALITY = 50  # of the allele's reads: misplaced reads look alike in both samples
RARE = 0.001  # BALSAMIC, population frequency of a somatic variant
BELOW_HALF = (
    2.58  # standard deviations; one inherited allele in 200 lies below by chance, one in 40,000 in both samples
)
ABSENT = 0.02  # fraction that errors reach
MIN_ALLELES = 3


class Allele(NamedTuple):
    """Reads with the allele and all informative reads, in the tumour and in the normal."""

    tumor_reads: int
    tumor_depth: int
    normal_reads: int
    normal_depth: int

    @property
    def tumor(self) -> float:
        """Fraction in the tumour."""
        return self.tumor_reads / self.tumor_depth

    @property
    def normal(self) -> float:
        """Fraction in the normal."""
        return self.normal_reads / self.normal_depth


def read_alleles(lines: Iterable[str], tumor: str, normal: str) -> Iterator[Allele]:
    """Rare single-base alleles of an annotated VCF (text lines with header) that both samples cover well."""
    columns: list[int] = []
    for line in lines:
        if line.startswith("#"):
            names = line.rstrip("\n").split("\t")
            columns = [names.index(tumor), names.index(normal)] if line.startswith("#CHROM") else columns
            continue
        fields = line.rstrip("\n").split("\t")
        if len(fields[3]) == len(fields[4]) == 1 and (allele := _allele(fields, columns)):
            yield allele


def _allele(fields: list[str], columns: list[int]) -> Allele | None:
    """Counts of a record; None where they are missing or too low, or the record is common or unreliable."""
    at = fields[8].split(":").index("AD")
    counts: list[int] = []
    for column in columns:
        reads = fields[column].split(":")[at].split(",")
        if len(reads) != 2 or "." in reads:
            return None
        counts += [int(reads[1]), int(reads[0]) + int(reads[1])]
    found = Allele(*counts)
    if min(found.tumor_depth, found.normal_depth) < MIN_DEPTH or max(counts[0], counts[2]) < MIN_READS:
        return None
    if max(found.tumor, found.normal) < MIN_FRACTION or not _reliable(fields[7]):
        return None
    return found


def _reliable(info: str) -> bool:
    """Whether an allele is rare, well placed, and unknown to the panel of normals."""
    if "MASK" in info.split(";") or info_value(info, "PON_COUNT") not in (None, "0"):
        return False
    qualities = (info_value(info, key) for key in ("MQ_ALT", "MQ_NORMAL"))
    is_placed = all(quality is None or float(quality) >= MIN_MAPPING_QUALITY for quality in qualities)
    return is_placed and float(info_value(info, "POP_AF") or 0) < RARE


def is_acquired(allele: Allele) -> bool:
    """Whether the fraction is clearly below one half in both samples (normal approximation of the binomial)."""
    return all(_is_off_half(allele, sample, -1) for sample in ("tumor", "normal"))


def _is_off_half(allele: Allele, sample: str, side: int) -> bool:
    """Whether the fraction in the sample is clearly below (`side` -1) or above (1) one half."""
    reads, depth = (allele.tumor_reads, allele.tumor_depth) if sample == "tumor" else allele[2:]
    return side * (reads - depth / 2) > BELOW_HALF * math.sqrt(depth) / 2


def acquired_alleles(alleles: Iterable[Allele]) -> list[Allele]:
    """The acquired alleles, without inherited ones that the tumour lost and that the normal shows too little by chance.

    Of those as many are clearly above one half in the normal, which no acquired allele is: so many, and two standard
    deviations of that number, are left out, those first that the normal shows most.
    """
    low = [allele for allele in alleles if _is_off_half(allele, "tumor", -1)]
    high = sum(_is_off_half(allele, "normal", 1) for allele in low)
    acquired = sorted(filter(is_acquired, low), key=lambda allele: allele.normal)
    return acquired[: max(0, len(acquired) - math.ceil(high + 2 * math.sqrt(high)))]


def pair_metrics(alleles: Iterable[Allele]) -> Mapping[str, float | None]:
    """Fractions 0-1; None (not assessed) of fewer than three acquired alleles, as where both tubes hold the normal.

    `tumor_in_normal`: share of the tumour's cells that the normal holds, relative to the tumour sample (median over the
    alleles). `normal_in_tumor`: share of cells in the tumour sample that lack the clonal alleles, taken to be
    heterozygous in a diploid genome. `swapped_alleles`: share of the alleles that are the normal's: about 1 where the
    tubes were swapped.
    """
    alleles = list(alleles)
    acquired = acquired_alleles(alleles)
    if len(acquired) < MIN_ALLELES:
        return dict.fromkeys(("tumor_in_normal", "swapped_alleles", "normal_in_tumor"))
    metrics: dict[str, float | None] = {
        "tumor_in_normal": round(median(min(1.0, a.normal / a.tumor) if a.tumor else 1.0 for a in acquired), 4),
        "swapped_alleles": round(sum(a.normal > 2 * a.tumor for a in acquired) / len(acquired), 4),
    }
    clonal = [allele.tumor for allele in alleles if allele.normal <= ABSENT]
    enough = len(clonal) >= MIN_ALLELES
    return metrics | {"normal_in_tumor": round(max(0.0, 1 - 2 * quantiles(clonal, n=4)[2]), 4) if enough else None}
