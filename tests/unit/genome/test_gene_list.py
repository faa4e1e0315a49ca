from gms.genome.gene_list import list_problem, panel_facts, read_gene_list


def test_symbols_without_comments_and_empty_lines(tmp_path):
    (tmp_path / "genes.txt").write_text("# myeloid\nNPM1\n\nFLT3  # exons 14, 15, 20\n")
    assert read_gene_list(tmp_path / "genes.txt") == {"NPM1", "FLT3"}
    assert read_gene_list(None) is None


def test_a_byte_order_mark_is_no_part_of_the_first_symbol(tmp_path):
    path = tmp_path / "genes.txt"
    path.write_bytes(b"\xef\xbb\xbfBRCA1\r\nTP53\r\n")
    assert read_gene_list(path) == {"BRCA1", "TP53"}
    path.write_bytes(b"\xef\xbb\xbf# panel: Breast\n# version: 2\nBRCA1\n")
    assert read_gene_list(path) == {"BRCA1"} and panel_facts(path) == {"name": "Breast", "version": "2"}


def test_a_list_in_another_encoding_is_named_as_such(tmp_path):
    (tmp_path / "genes.txt").write_bytes("BRCA1\n".encode("utf-16"))
    assert list_problem(tmp_path / "genes.txt") == "is not UTF-8 text"
