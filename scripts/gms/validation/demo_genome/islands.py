"""Two chromosomes of the miniature genome that are long enough for homozygous regions: islands of sequence with common
variants between unknown bases. The child of the rare disease trio has both copies of chr14 from one chromosome of its
mother; chr16 is of both parents, as most of a genome. The population file lacks the variants of chr14, by which the
family would be told to be none: they are a seventh of the common ones here, one in thirty in man.
"""

from collections.abc import Iterator
from typing import NamedTuple

from gms.validation.demo_genome.stream import Stream

SAMPLE, UNIPARENTAL = "rare-proband", "chr14"
MARGIN = 10_000  # unknown bases at the ends
FREQUENCIES = 5_000, 6_500  # of the variants, in 1/10,000


class Islands(NamedTuple):
    """Of a chromosome: number of islands, bases from one to the next, bases of one, and variants in it."""

    number: int
    apart: int
    size: int
    variants: int

    @property
    def length(self) -> int:
        """Bases of the chromosome."""
        return 2 * MARGIN + (self.number - 1) * self.apart + self.size

    @property
    def intervals(self) -> list[tuple[int, int]]:
        """0-based half-open."""
        starts = (MARGIN + number * self.apart for number in range(self.number))
        return [(start, start + self.size) for start in starts]

    @property
    def unknown(self) -> tuple[tuple[int, int], ...]:
        """What is between them, 0-based half-open."""
        starts, ends = zip(*self.intervals, strict=True)
        return tuple(zip((0, *ends), (*starts, self.length), strict=True))


# A uniparental disomy asks for 2 Mb and 20 sites, a homozygous region for 100 alleles that the child carries.
ISLANDS = {UNIPARENTAL: Islands(10, 240_000, 3_200, 24), "chr16": Islands(16, 152_000, 1_000, 3)}


def with_islands(chrom: str, bases: str) -> str:
    """The chromosome, with `bases` (number x size) in its islands."""
    plan, parts, at = ISLANDS[chrom], [], 0
    for number, (start, end) in enumerate(plan.intervals):
        parts += ["N" * (start - at), bases[number * plan.size : (number + 1) * plan.size]]
        at = end
    return "".join([*parts, "N" * (plan.length - at)])


def common(chrom: str, sequence: str) -> Iterator[tuple[tuple[str, int, str, str], int]]:
    """Transitions (CHROM, 1-based POS, REF, ALT), evenly over the islands, with their frequency in 1/10,000."""
    plan, stream = ISLANDS[chrom], Stream("islands", chrom)
    for start, _ in plan.intervals:
        for number in range(1, plan.variants + 1):
            at = start + number * plan.size // (plan.variants + 1)
            ref = sequence[at]
            alt = {"A": "G", "G": "A", "C": "T", "T": "C"}[ref]
            yield (chrom, at + 1, ref, alt), stream.between(*FREQUENCIES)


def truth() -> Iterator[tuple[str, str, str]]:
    """Rows of the table of what must be measured."""
    yield "rare-trio", "homozygous regions", UNIPARENTAL
    yield "rare-trio", "uniparental disomy", f"{UNIPARENTAL} mother isodisomy"
