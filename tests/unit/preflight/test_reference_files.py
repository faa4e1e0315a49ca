import gzip

from gms.preflight.reference_files import contig_lengths


def test_lengths_from_the_index_or_by_reading(tmp_path):
    fasta = tmp_path / "x.fa"
    fasta.write_text(">chr1 first\nACGT\nAC\n>chr2\nA\n")
    assert contig_lengths(fasta) == {"chr1": 6, "chr2": 1}
    (tmp_path / "x.fa.fai").write_text("chr1\t6\t12\t4\t5\n")
    assert contig_lengths(fasta) == {"chr1": 6}


def test_lengths_of_a_compressed_fasta(tmp_path):
    fasta = tmp_path / "x.fa.gz"
    fasta.write_bytes(gzip.compress(b">1\nACGT\n"))
    assert contig_lengths(fasta) == {"1": 4}
