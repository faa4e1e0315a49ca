import pytest

from gms.ranking.phenotypes import NoPhenotypeTable, read_phenotype

BY_TERM = "hpo_id\thpo_name\tncbi_gene_id\tgene_symbol\tdisease_id\n"
BY_GENE = "ncbi_gene_id\tgene_symbol\thpo_id\thpo_name\tfrequency\tdisease_id\n"


def table(tmp_path, text):
    (tmp_path / "table.txt").write_text(text)
    return tmp_path / "table.txt"


@pytest.mark.parametrize(
    ("text", "exact"),
    [
        (
            f"{BY_TERM}HP:0001250\tSeizure\t1\tAAA\tO:1\nHP:0001250\tSeizure\t2\tBBB\tO:2\nHP:0000252\tx\t1\tAAA\tO:1\n",
            False,
        ),
        (
            f"{BY_GENE}1\tAAA\tHP:0001250\tSeizure\t-\tO:1\n2\tBBB\tHP:0001250\tSeizure\t-\tO:2\n1\tAAA\tHP:0000252\tx\t-\tO\n",
            True,
        ),
    ],
)
def test_genes_of_the_terms_of_both_tables(tmp_path, text, exact):
    found = read_phenotype(table(tmp_path, text), ["HP:0000252", "HP:0001250", "HP:0009999"])
    assert found.exact is exact and found.names["HP:0001250"] == "Seizure"
    assert found.terms_of(["AAA"]) == ["HP:0000252", "HP:0001250"] and found.terms_of(["BBB", "C"]) == ["HP:0001250"]
    assert found.terms_of([]) == [] and found.genes["HP:0009999"] is None


def test_another_table_is_refused(tmp_path):
    with pytest.raises(NoPhenotypeTable, match="phenotype_to_genes"):
        read_phenotype(table(tmp_path, "gene\tterm\n"), ["HP:0001250"])
