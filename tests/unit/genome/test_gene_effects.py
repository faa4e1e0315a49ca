"""Effects on genes as INFO fields."""

from gms.genome.gene_effects import changed_genes, effects_of, genes_of, to_info, views

EFFECTS = [
    {"GENE": "INNER", "CONSEQUENCE": "stop_gained", "IMPACT": "HIGH", "HGVSP": "p.(Gln3*)"},
    {"GENE": "HOST", "CONSEQUENCE": "intron_variant", "IMPACT": "MODIFIER", "INTRON": "1/4"},
]


def test_what_is_written_is_read_again():
    assert effects_of(f"RPT=0;{to_info(EFFECTS)};TARGET") == EFFECTS
    assert genes_of(to_info(EFFECTS)) == ["INNER", "HOST"]
    assert effects_of("RPT=0") == [] and to_info([]) == ""


def test_a_gene_next_to_the_one_that_is_changed_is_not_changed():
    assert changed_genes(to_info(EFFECTS)) == ["INNER"]
    assert changed_genes(to_info(EFFECTS[1:])) == ["HOST"]
    rna = {"GENE": "RMRP", "CONSEQUENCE": "non_coding_transcript_exon_variant", "IMPACT": "MODIFIER"}
    assert changed_genes(to_info([EFFECTS[1], {**rna, "FUNCTIONAL_RNA": "yes"}])) == ["RMRP"]
    assert changed_genes("RPT=0") == []


def test_views_show_each_gene_in_turn_and_keep_the_rest():
    line = f"1\t5\t.\tA\tC\t9\t.\tRPT=0;{to_info(EFFECTS)};TARGET\tGT\t0/1"
    first, second = views(line)
    assert first == line
    assert second == f"1\t5\t.\tA\tC\t9\t.\tRPT=0;TARGET;{to_info(EFFECTS[::-1])}\tGT\t0/1"
    assert list(views("1\t5\t.\tA\tC\t9\t.\tGENE=A\tGT\t0/1")) == ["1\t5\t.\tA\tC\t9\t.\tGENE=A\tGT\t0/1"]
