"""Contigs as people name them are found whatever the reference calls them."""

import pysam
import pytest

from gms.explain.spellings import NotOfReference, contig_of


@pytest.fixture
def fasta(tmp_path):
    def write(*contigs: str) -> pysam.FastaFile:
        (tmp_path / "genome.fa").write_text("".join(f">{contig}\nACGT\n" for contig in contigs))
        return pysam.FastaFile(str(tmp_path / "genome.fa"))

    return write


@pytest.mark.parametrize("name, contig", [
    ("7", "chr7"), ("chr7", "7"), ("MT", "chrM"), ("chrM", "MT"), ("M", "chrM"), ("chrMT", "MT"),
])  # fmt: skip
def test_a_contig_of_another_spelling(fasta, name, contig):
    assert contig_of(name, fasta("1", contig)) == contig


def test_a_contig_that_the_reference_lacks(fasta):
    with pytest.raises(NotOfReference, match="'8' is neither a contig"):
        contig_of("8", fasta("chr7"))
