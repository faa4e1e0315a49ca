"""Small genes with four exons on either strand, for tests of fusions."""

from gms.annotation.transcripts import Transcript

EXONS = ((100, 200), (1100, 1210), (2100, 2200), (3100, 3200))


def gene(name, contig, start, forward, cds=(150, 3150), rank=0, biotype="protein_coding"):
    moved = tuple((one + start, other + start) for one, other in EXONS)
    coding = (cds[0] + start, cds[1] + start) if cds else None
    facts = (f"T-{name}-{rank}", name, name, contig, forward, biotype, rank, False, "", moved, coding, 0)
    return Transcript(*facts)


GENES = (
    gene("PLUS", "chr1", 0, True),
    gene("PLUS", "chr1", 0, True, cds=None, rank=3),
    gene("MINUS", "chr2", 0, False),
    gene("OTHER", "chr1", 100_000, True),
    gene("UTR", "chr2", 100_000, True, cds=(2110, 3150)),
)
