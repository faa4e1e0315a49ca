"""Where identity is measured: common single-nucleotide variants, evenly spaced. Positions 1-based."""

from collections.abc import Iterable, Iterator
from itertools import groupby, pairwise
from pathlib import Path
from typing import NamedTuple

import pysam

from gms.genome.intervals import Interval, merge, read_targets
from gms.genome.ploidy import AUTOSOME

SITES = 2_000
FREQUENCIES = ("AF", "AF_joint")  # of all people: the frequency of one group is not that of a sample
COMMON = (0.1, 0.9)
HEADER = ("chrom", "pos", "ref", "alt", "af")


class Site(NamedTuple):
    """A biallelic SNV; `af` is the population frequency of `alt`."""

    chrom: str
    pos: int
    ref: str
    alt: str
    af: float


def windows(regions: Iterable[tuple[str, int, int]], number: int) -> Iterator[list[tuple[str, int, int]]]:
    """At most `number` windows of equal size over the regions laid end to end; a window may span several regions."""
    regions = list(regions)
    total = sum(end - start for _, start, end in regions)
    size = max(1, -(-total // number))
    pieces, laid = [], 0
    for chrom, start, end in regions:
        cuts = [start, *range(start + size - laid % size, end, size), end]
        for low, high in pairwise(cuts):
            pieces.append((laid // size, (chrom, low, high)))
            laid += high - low
    for _, group in groupby(pieces, key=lambda piece: piece[0]):
        yield [piece for _, piece in group]


def common_sites(population: Path | str, regions: Iterable[tuple[str, int, int]], number: int = SITES) -> list[Site]:
    """The first common SNV of each window of the autosomal part of `regions` (0-based, half-open, sorted).

    `population` is a bgzipped, indexed VCF with INFO/AF or, as gnomAD's joint release, AF_joint. Reading only one
    window's start at a time keeps a genome-wide population file (hundreds of gigabytes) affordable.
    """
    with pysam.VariantFile(str(population)) as vcf:
        contigs = set(vcf.header.contigs)
        autosomal = [region for region in regions if AUTOSOME.fullmatch(region[0])] or list(regions)
        known = [region for region in autosomal if region[0] in contigs]
        found = (next(_sites_in(vcf, window), None) for window in windows(known, number))
        return [site for site in found if site]


def _sites_in(vcf: pysam.VariantFile, window: Iterable[tuple[str, int, int]]) -> Iterator[Site]:
    for chrom, start, end in window:
        previous = None
        for record in vcf.fetch(chrom, start, end):
            site = _common_snv(record)
            # Two records at one position are one multiallelic site written apart.
            if site and record.pos != previous and record.start >= start:
                yield site
            previous = record.pos


def _common_snv(record: pysam.VariantRecord) -> Site | None:
    """The site of a record, None of one that failed filters: genotypes there are often wrong."""
    alts = record.alts or ()
    frequency = next((record.info[field] for field in FREQUENCIES if field in record.info), None)
    frequency = frequency[0] if isinstance(frequency, tuple) else frequency
    if len(alts) != 1 or len(record.ref) != 1 or len(alts[0]) != 1 or alts[0] not in "ACGT" or frequency is None:
        return None
    if set(record.filter) - {"PASS"}:
        return None
    low, high = COMMON
    return Site(record.chrom, record.pos, record.ref, alts[0], float(frequency)) if low <= frequency <= high else None


def site_lines(sites: Iterable[Site]) -> Iterator[str]:
    """A table with header."""
    yield "\t".join(HEADER) + "\n"
    for site in sites:
        yield f"{site.chrom}\t{site.pos}\t{site.ref}\t{site.alt}\t{site.af:.5g}\n"


def read_sites(path: Path | str) -> list[Site]:
    """The table that `site_lines` makes."""
    with open(path) as lines:
        next(lines)
        rows = [line.rstrip("\n").split("\t") for line in lines]
    return [Site(chrom, int(pos), ref, alt, float(af)) for chrom, pos, ref, alt, af in rows]


def assay_sites(population: Path | str | None, contigs: dict[str, int], targets: Path | str | None) -> list[Site]:
    """Sites of an assay: in its targets (BED), or over the contigs; none without a population part of the reference."""
    if not population:
        return []
    asked = read_targets(targets) if targets else {chrom: [Interval(0, length)] for chrom, length in contigs.items()}
    return common_sites(population, [(chrom, *part) for chrom in contigs for part in merge(asked.get(chrom, ()))])
