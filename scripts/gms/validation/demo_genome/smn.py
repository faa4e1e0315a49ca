"""SMN1 and SMN2 of the miniature genome, and a child without SMN1: gene conversion, which its parents carry.

Two copies of a block that differ at the sixteen sites of Chen et al. 2020 alone, half as far from each other within a
copy as in man. All else is invented: no other paralogs, no flanks that are alike.
"""

from collections.abc import Iterator

from gms.biomarkers.smn_reads import COLUMNS, known_sites
from gms.validation.demo_genome.stream import Stream

CONTIG, BEGIN = "chr5", 20_000  # 0-based, behind all genes
FLANK, BETWEEN = 150, 500  # bases of a block beside its sites; beside the blocks
HAPLOTYPES = {"rare-proband": "01", "rare-mother": "0", "rare-father": "0"}  # on which SMN1 has become SMN2
COPIES = {"SMN1": "0, 1, 1", "SMN2": "4, 3, 3"}  # of these persons
_FIRST = known_sites()[0].smn1
_OFFSETS = [(site.smn1 - _FIRST) // 2 + FLANK for site in known_sites()]
SIZE = _OFFSETS[-1] + FLANK + 1
TWO, ONE = BEGIN + BETWEEN, BEGIN + 2 * BETWEEN + SIZE  # 0-based starts of the blocks with SMN2 and SMN1
END = ONE + SIZE + BETWEEN


def with_genes(sequence: str, block: str) -> str:
    """The contig with both blocks, made of the bases of `block` (SIZE)."""
    one, two = list(block), list(block)
    for at, site in zip(_OFFSETS, known_sites(), strict=True):
        one[at], two[at] = site.base1, site.base2
    for start, bases in ((TWO, two), (ONE, one)):
        sequence = sequence[:start] + "".join(bases) + sequence[start + SIZE :]
    return sequence


def stream() -> Stream:
    """Of the bases of the block."""
    return Stream("SMN")


def mask() -> Iterator[tuple[str, int, int, str]]:
    """Both blocks as difficult regions."""
    yield from ((CONTIG, start, start + SIZE, "segmental_duplication") for start in (TWO, ONE))


def converted() -> Iterator[tuple[str, int, str, str]]:
    """CHROM, 1-based POS, REF, ALT of the bases of SMN2 in SMN1."""
    for at, site in zip(_OFFSETS, known_sites(), strict=True):
        yield CONTIG, ONE + at + 1, site.base1, site.base2


def table() -> str:
    """The sites in this genome, as resources/smn_sites.tsv has man's."""
    rows = [COLUMNS]
    for at, site in zip(_OFFSETS, known_sites(), strict=True):
        rows.append((str(ONE + at + 1), site.base1, str(TWO + at + 1), site.base2, site.used))
    return "".join("\t".join(row) + "\n" for row in rows)


def truth() -> Iterator[tuple[str, str, str]]:
    """Rows of the table of what must be measured."""
    yield from (("rare-trio", f"copies of {gene}", copies) for gene, copies in COPIES.items())
