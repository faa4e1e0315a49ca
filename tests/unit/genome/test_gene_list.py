from gms.genome.gene_list import read_gene_list


def test_symbols_without_comments_and_empty_lines(tmp_path):
    (tmp_path / "genes.txt").write_text("# myeloid\nNPM1\n\nFLT3  # exons 14, 15, 20\n")
    assert read_gene_list(tmp_path / "genes.txt") == {"NPM1", "FLT3"}
    assert read_gene_list(None) is None
