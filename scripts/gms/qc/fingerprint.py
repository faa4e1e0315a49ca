"""Allele counts of one sample at common variants, per lane: what identity, relations and contamination rest on."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pysam

from gms.qc.sites import Site

MIN_MAPPING_QUALITY = 20
MIN_BASE_QUALITY = 20
# Deep panels reach thousands; pysam's own limit of 8,000 would depend on the order of the reads.
MAX_DEPTH = 1_000_000
MIN_DEPTH = 10
# Sites so many bases from one another or less are counted in one pass: each pass decodes 10,000 reads of a CRAM, which
# at 30x reach over 50 kb.
NEAR = 5_000
HEADER = ("chrom", "pos", "ref", "alt", "af", "lane", "ref_count", "alt_count", "other_count")
NO_CALL = -1


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """Sites (n) with population frequency, and reads with the ref, the alt or another base (n x lanes)."""

    sites: tuple[tuple[str, int, str, str], ...]
    af: np.ndarray
    lanes: tuple[str, ...]
    ref: np.ndarray
    alt: np.ndarray
    other: np.ndarray

    def genotypes(self, lanes: Iterable[int] | None = None) -> np.ndarray:
        """Alt alleles per site (0, 1, 2; -1 = no call) from the pooled reads of these lanes (default all)."""
        chosen = list(range(len(self.lanes)) if lanes is None else lanes)
        return genotypes(self.ref[:, chosen].sum(axis=1), self.alt[:, chosen].sum(axis=1))


def genotypes(ref: np.ndarray, alt: np.ndarray) -> np.ndarray:
    """0, 1 or 2 alt alleles from read counts; -1 below 10 reads or where the fraction lies between two genotypes.

    Homozygous below 15 % (above 85 %), heterozygous from 25 to 75 %: at depth 15 a heterozygote is taken for a
    homozygote in 0.4 % of sites (binomial), rare enough not to hide a swapped sample.
    """
    depth = ref + alt
    fraction = alt / np.maximum(depth, 1)
    calls = np.full(len(depth), NO_CALL)
    calls[fraction < 0.15] = 0
    calls[(fraction >= 0.25) & (fraction <= 0.75)] = 1
    calls[fraction > 0.85] = 2
    calls[depth < MIN_DEPTH] = NO_CALL
    return calls


def count_sites(alignment: Path | str, fasta: Path | str, sites: Iterable[Site]) -> Iterator[tuple]:
    """Rows of the fingerprint table: each site and lane (read group) with its counts.

    Reads of mapping quality >= 20 and bases of quality >= 20; no duplicates, secondary, supplementary or failed reads;
    of two mates that overlap at the site one base counts.
    """
    with pysam.AlignmentFile(str(alignment), reference_filename=str(fasta)) as reads:
        lanes = [group["ID"] for group in reads.header.to_dict().get("RG", [])]
        for group in _neighbours(sites):
            found = _count(reads, group)
            yield from (row for site in group for row in _rows(site, found[site.pos], lanes))


def _neighbours(sites: Iterable[Site]) -> Iterator[list[Site]]:
    """The sites in their order, those of one contig together where each is at most NEAR bases after the one before."""
    group: list[Site] = []
    for site in sites:
        if group and not (site.chrom == group[-1].chrom and 0 <= site.pos - group[-1].pos <= NEAR):
            yield group
            group = []
        group.append(site)
    if group:
        yield group


def _rows(site: Site, counts: Counter, lanes: Iterable[str]) -> Iterator[tuple]:
    for lane in lanes:
        total = sum(number for (group, _), number in counts.items() if group == lane)
        ref, alt = counts[lane, site.ref], counts[lane, site.alt]
        yield (*site[:4], f"{site.af:.5g}", lane, ref, alt, total - ref - alt)


def _count(reads: pysam.AlignmentFile, sites: Sequence[Site]) -> dict[int, Counter]:
    """1-based position of each of these neighbours -> reads by lane and base."""
    columns = reads.pileup(
        sites[0].chrom,
        sites[0].pos - 1,
        sites[-1].pos,
        truncate=True,
        max_depth=MAX_DEPTH,
        stepper="samtools",
        ignore_orphans=False,
        flag_filter=pysam.FUNMAP | pysam.FSECONDARY | pysam.FQCFAIL | pysam.FDUP | pysam.FSUPPLEMENTARY,
        min_mapping_quality=MIN_MAPPING_QUALITY,
        min_base_quality=MIN_BASE_QUALITY,
        compute_baq=False,
        multiple_iterators=False,
    )
    found = {site.pos: Counter() for site in sites}
    for column in columns:
        if (counts := found.get(column.reference_pos + 1)) is not None:
            for read in column.pileups:
                if read.query_position is not None:
                    base = read.alignment.query_sequence[read.query_position]
                    counts[read.alignment.get_tag("RG"), base.upper()] += 1
    return found


def read_fingerprint(path: Path | str) -> Fingerprint:
    """The table that `count_sites` fills, as arrays; of no site where the reference has no population part."""
    with open(path) as lines:
        next(lines)
        rows = [line.rstrip("\n").split("\t") for line in lines]
    lanes = tuple(dict.fromkeys(row[5] for row in rows))
    sites = {(chrom, int(pos), ref, alt): float(af) for chrom, pos, ref, alt, af, *_ in rows}
    shape = (len(sites), len(lanes), 3)
    counts = np.array([[int(number) for number in row[6:9]] for row in rows], dtype=float).reshape(shape)
    af = np.array(list(sites.values()), dtype=float)
    return Fingerprint(tuple(sites), af, lanes, counts[:, :, 0], counts[:, :, 1], counts[:, :, 2])
