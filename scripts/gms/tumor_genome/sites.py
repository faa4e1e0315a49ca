"""Alleles that tell how many copies the tumour's cells have: heterozygous SNPs and acquired variants, from the
annotated small variants of a case. Positions 0-based."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from gms.genome.ploidy import AUTOSOME
from gms.genome.vcf import info_value, open_vcf, read_header, sample_values, samples_of

LEAST_DEPTH = 30  # reads of the tumour; 20 of the normal
NORMAL_DEPTH = 20
HETEROZYGOUS = (0.3, 0.7)  # fractions of an inherited allele in the normal
PRESENT = (0.03, 0.97)  # in a tumour without a normal; beyond lie homozygous alleles with errors
COMMON = 0.001  # frequency in the population, from which an allele is taken for inherited
RARE = 0.0001  # below which it may be acquired
ACQUIRED_FROM = 0.05  # fraction of an acquired allele: lower ones are rarely of all tumour cells
CERTAIN = 6.0  # TLOD: common logarithm of the odds of an allele over errors
ABSENT = 0.02  # fraction in the normal that an acquired allele may have


class Site(NamedTuple):
    """An allele of one base: its reads, and those of both alleles."""

    contig: str
    position: int
    reads: int
    total: int

    @property
    def fraction(self) -> float:
        """0-1."""
        return self.reads / self.total


class Sites(NamedTuple):
    """In the order of the genome; `paired`: a normal says which alleles are inherited."""

    snps: list[Site]
    acquired: list[Site]
    paired: bool


class Allele(NamedTuple):
    """A record of one base, with INFO and the reads of a sample (allele, both), by name."""

    contig: str
    position: int
    info: str
    reads: Mapping[str, tuple[int, int]]


def read_sites(vcf: Path, tumor: str, normal: str | None) -> Sites:
    """Of autosomes. `vcf`: annotated/{case}.vcf.gz; `tumor` and `normal`: samples. Raises UnreadableVcf."""
    found = Sites([], [], normal is not None)
    with open_vcf(vcf) as lines:
        samples = samples_of(read_header(lines))
        for one in _single_bases(lines, samples):
            reads, total = one.reads.get(tumor, (0, 0))
            if total < LEAST_DEPTH:
                continue
            site = Site(one.contig, one.position, reads, total)
            beside = one.reads.get(normal, (0, 0)) if normal else None
            if _is_heterozygous(one, site, beside):
                found.snps.append(site)
            elif _is_acquired(one, site, beside):
                found.acquired.append(site)
    return found


def _single_bases(lines: Iterable[str], samples: list[str]) -> Iterator[Allele]:
    """Substitutions of one base on autosomes that no longer allele takes with it, outside of difficult regions."""
    for line in lines:
        contig, pos, _, ref, alt, _, _, text, keys, *columns = line.rstrip("\n").split("\t")
        is_single = len(ref) == len(alt) == 1 and alt.isalpha() and AUTOSOME.fullmatch(contig)
        if is_single and ";MASK;" not in f";{text};" and info_value(text, "PART_OF") is None:
            reads = {name: _reads(keys, column) for name, column in zip(samples, columns, strict=True)}
            yield Allele(contig, int(pos) - 1, text, reads)


def _reads(keys: str, column: str) -> tuple[int, int]:
    counts = sample_values(keys, column).get("AD", "").split(",")
    if len(counts) != 2 or not all(map(str.isdigit, counts)):
        return 0, 0
    return int(counts[1]), sum(map(int, counts))


def _frequency(one: Allele) -> float:
    """In the population; 0 where it is not known there."""
    return max(float(info_value(one.info, key) or 0) for key in ("POP_AF", "POP_AF_WEAK"))


def _is_heterozygous(one: Allele, site: Site, beside: tuple[int, int] | None) -> bool:
    """Inherited from one parent: by the normal, else common in the population and seen beside the other allele."""
    if beside is not None:
        reads, total = beside
        return total >= NORMAL_DEPTH and HETEROZYGOUS[0] <= reads / total <= HETEROZYGOUS[1]
    return COMMON <= _frequency(one) <= 1 - COMMON and PRESENT[0] < site.fraction < PRESENT[1]


def _is_acquired(one: Allele, site: Site, beside: tuple[int, int] | None) -> bool:
    """Clearly there, rare in the population, and not in normals."""
    if site.fraction < ACQUIRED_FROM or float(info_value(one.info, "TLOD") or 0) < CERTAIN or _frequency(one) > RARE:
        return False
    if info_value(one.info, "PON_COUNT") is not None:
        return False
    return beside is None or (beside[1] >= NORMAL_DEPTH and beside[0] / beside[1] <= ABSENT)
