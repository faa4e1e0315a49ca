"""Genotypes of a family at single-base variants of the autosomes, as far as they are certain."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import TextIO

import numpy as np

from gms.families.relatives import MIN_DEPTH, MIN_QUALITY, numbers
from gms.genome.ploidy import AUTOSOME
from gms.genome.vcf import info_value, read_header, samples_of

UNCERTAIN = -1
_OF_FIRST = ("depth", "frequency", "fraction")
DIPLOID = re.compile(r"[0-9]+[/|][0-9]+")


@dataclass(frozen=True, slots=True)
class Sites:
    """The sites of one contig, in its order: `positions` (1-based), `genotypes` (0, 1 or 2 copies of the alternative
    allele, UNCERTAIN; a row per site, a column per sample), `depths` of the first sample (reads), `frequencies` in the
    population (NaN where not known), `fractions` of the alternative allele in the first sample (NaN likewise), None
    where they are not needed."""

    positions: np.ndarray
    genotypes: np.ndarray
    depths: np.ndarray
    frequencies: np.ndarray
    fractions: np.ndarray | None = None

    def chosen(self, which: np.ndarray) -> "Sites":
        """Those sites only; `which` is a mask or a list of indexes."""
        fractions = None if self.fractions is None else self.fractions[which]
        chosen = (self.positions[which], self.genotypes[which], self.depths[which], self.frequencies[which])
        return Sites(*chosen, fractions)


def read_sites(lines: Iterator[str] | TextIO, names: Sequence[str]) -> dict[str, Sites]:
    """Contig -> its Sites, of the lines of an annotated VCF, with columns in the order of `names`.

    Left out: places with several alleles (one of them is another allele's error, or the site has three), the mask of
    difficult regions, and sites where the first sample's genotype is uncertain.
    """
    samples = samples_of(read_header(lines))
    columns = [9 + samples.index(name) for name in names]
    row = np.dtype([("position", int), ("copies", np.int8, len(columns)), *((name, float) for name in _OF_FIRST)])
    found = {}
    for contig, records in groupby((line.rstrip("\n").split("\t") for line in lines), key=itemgetter(0)):
        if AUTOSOME.fullmatch(contig):
            rows = np.fromiter((one for fields in records if _is_plain(fields) for one in _row(fields, columns)), row)
            _, place, times = np.unique(rows["position"], return_inverse=True, return_counts=True)
            single = rows[times[place] == 1]
            if len(single):
                found[contig] = Sites(*(single[name] for name in row.names))
    return found


def _is_plain(fields: list[str]) -> bool:
    """Whether a record is of a single base, outside of the mask."""
    return len(fields[3]) == len(fields[4]) == 1 and "MASK" not in fields[7]


def _row(fields: list[str], columns: Sequence[int]) -> Iterator[tuple]:
    """(position, copies in each sample, depth of the first sample, frequency, fraction in the first sample), if the
    first sample's are certain."""
    copies, depth, fraction = _call(fields[8], fields[columns[0]])
    if copies != UNCERTAIN:
        others = [_call(fields[8], fields[column])[0] for column in columns[1:]]
        yield int(fields[1]), [copies, *others], depth, float(info_value(fields[7], "POP_AF") or "nan"), fraction


def _call(keys: str, column: str) -> tuple[int, int, float]:
    """(copies of the alternative allele or UNCERTAIN, depth, fraction) of a sample's column. The limits are those of
    relatives: a depth of 10 shows both alleles of 99.8 % of heterozygous sites; of quality 20, one genotype in 100 is
    wrong."""
    genotype, depth, quality, alt = numbers(keys, column)
    is_certain = depth >= MIN_DEPTH and quality >= MIN_QUALITY and DIPLOID.fullmatch(genotype)
    fraction = float("nan") if alt is None or not depth else alt / depth
    return genotype.count("1") if is_certain else UNCERTAIN, depth, fraction
