"""Runs of homozygosity: the hidden Markov model of `bcftools roh` (Narasimhan et al. 2016, Bioinformatics 32:1749)."""

import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from gms.base.errors import GmsError
from gms.genome.vcf import header_lines
from gms.homozygosity.sites import Sites

# -G 30: one wrong genotype in 1,000. Frequency where the population file has none: the manual's advice (--AF-dflt 0.4).
COMMAND = ("bcftools", "roh", "-G", "30", "--AF-tag", "AF", "--AF-dflt", "0.4", "--output-type", "r", "-")
# What counts as a run are PLINK's defaults (--homozyg, Purcell et al. 2007, Am J Hum Genet 81:559): length in bases, a
# marker per 50 kb, no gap above 1 Mb (a centromere has none), 100 markers.
MIN_LENGTH, MAX_SPACING, MAX_GAP, MIN_MARKERS = 1_000_000, 50_000, 1_000_000, 100
# Half-way between one copy and two.
ONE_COPY = 0.75
_DEFINITIONS = (
    '##INFO=<ID=AF,Number=1,Type=Float,Description="Frequency">\n'
    '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">\n'
)
_GENOTYPES = ("0/0", "0/1", "1/1")


@dataclass(frozen=True, slots=True)
class Run:
    """A homozygous interval, 1-based and closed, from its first marker to its last; `depth` is its median depth over
    that of all autosomal markers, `markers` the sites in it."""

    contig: str
    start: int
    end: int
    markers: int
    depth: float

    @property
    def length(self) -> int:
        """Bases."""
        return self.end - self.start + 1

    def within(self, contig: str, start: int, end: int) -> int:
        """Bases of it in an interval."""
        return max(0, min(self.end, end) - max(self.start, start) + 1) if contig == self.contig else 0

    @property
    def is_one_copy(self) -> bool:
        """Whether a deletion of the other copy explains it."""
        return self.depth < ONE_COPY


class RohFailed(GmsError):
    """bcftools roh ended with an error."""

    def __init__(self, code: int, messages: str):
        super().__init__(f"bcftools roh ended with exit code {code}: {messages.strip()[-500:]}")


def runs_of_homozygosity(sites: Mapping[str, Sites], lengths: Mapping[str, int]) -> list[Run]:
    """Runs of the first sample, in the order of the contigs; `lengths`: bases by contig. Raises RohFailed."""
    usual = median_depth(sites)
    return [run for contig, found in sites.items() for run in _of_contig(contig, found, lengths[contig], usual)]


def _of_contig(contig: str, sites: Sites, length: int, usual: float) -> Iterator[Run]:
    """Its runs. The model begins anew at each contig, so that one at a time is held as text."""
    carried = sites.chosen(sites.genotypes[:, 0] > 0)
    run = subprocess.run(COMMAND, input="".join(_vcf(contig, carried, length)), capture_output=True, text=True)
    if run.returncode:
        raise RohFailed(run.returncode, run.stderr)
    for line in run.stdout.splitlines():
        if line.startswith("RG\t"):
            start, end = map(int, line.split("\t")[3:5])
            yield from _parts(contig, carried, start, end, usual)


def median_depth(sites: Mapping[str, Sites]) -> float:
    """Of the first sample over all sites; NaN without any."""
    depths = [found.depths for found in sites.values()]
    return float(np.median(np.concatenate(depths))) if depths else float("nan")


def spans(positions: np.ndarray) -> Iterator[np.ndarray]:
    """Indexes of the sites between two gaps of more than MAX_GAP bases."""
    return iter(np.split(np.arange(len(positions)), np.flatnonzero(np.diff(positions) > MAX_GAP) + 1))


def _parts(contig: str, sites: Sites, start: int, end: int, usual: float) -> Iterator[Run]:
    """A run of the model, cut at gaps and where one copy begins or ends; parts that are too short or have too few
    markers are left out."""
    inside = sites.chosen((sites.positions >= start) & (sites.positions <= end))
    for indexes in (part for span in spans(inside.positions) for part in _by_copies(span, inside.depths / usual)):
        part = inside.chosen(indexes)
        first, last = int(part.positions[0]), int(part.positions[-1])
        length = last - first + 1
        if length >= MIN_LENGTH and len(indexes) >= max(MIN_MARKERS, length / MAX_SPACING):
            yield Run(contig, first, last, len(indexes), round(float(np.median(part.depths)) / usual, 2))


def _by_copies(span: np.ndarray, depths: np.ndarray) -> list[np.ndarray]:
    """The indexes of `span` in parts of one copy and of more, by the median depth of each MIN_MARKERS of them."""
    starts = range(0, max(1, len(span) - MIN_MARKERS + 1), MIN_MARKERS)  # the last takes the rest
    is_one = [bool(np.median(depths[span[at : at + MIN_MARKERS]]) < ONE_COPY) for at in starts]
    changes = [at for at, one, before in zip(starts[1:], is_one[1:], is_one, strict=False) if one != before]
    return np.split(span, changes)


def _vcf(contig: str, sites: Sites, length: int) -> Iterator[str]:
    """The genotypes of the first sample as a VCF. Alleles do not matter to the model: all are A>C."""
    yield from header_lines({contig: length}, _DEFINITIONS, ["S"])
    for pos, copies, frequency in zip(sites.positions, sites.genotypes[:, 0], sites.frequencies, strict=True):
        info = "." if np.isnan(frequency) else f"AF={frequency:g}"
        yield f"{contig}\t{pos}\t.\tA\tC\t.\t.\t{info}\tGT\t{_GENOTYPES[copies]}\n"
