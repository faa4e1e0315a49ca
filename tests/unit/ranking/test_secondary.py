import pytest

from gms.base.project import PROJECT
from gms.ranking.secondary import NoSecondaryGenes, read_secondary_genes, secondary_document

ACMG = PROJECT / "resources" / "genes" / "acmg_sf.tsv"
LISTED = read_secondary_genes(ACMG)


def found(gene, pos=100, clinvar="Pathogenic", zygosity="heterozygous", **more):
    known = {"clinvar": {"class": clinvar} if clinvar else None}
    evidence = [{"zygosity": zygosity}]
    defaults = {"partners": [], "partners_unphased": [], "consequence": [], "hgvs": {"p": None}, "phenotypes": []}
    variant = {"variants": [f"chr1:{pos}:A:T"], "genes": [gene], "known": known, "evidence": evidence}
    return defaults | variant | {"reported": True, "in_gene_list": False} | more


def told(*findings, answer="yes", has_gene_list=False):
    withheld, facts = secondary_document(findings, LISTED, answer, has_gene_list)
    return withheld, [one["variant"] for one in facts["variants"]]


def test_our_list_is_acmg_sf_3_3():
    assert (LISTED.facts["name"], LISTED.facts["version"], len(LISTED.rules)) == ("ACMG SF", "3.3", 84)
    assert {"ABCD1", "CYP27A1", "PLN", "CALM3", "BRCA1"} <= LISTED.rules.keys()
    assert {gene for gene, (rule, _) in LISTED.rules.items() if rule == "two"} == {
        *("ATP7B", "BTD", "CASQ2", "CYP27A1", "GAA", "MUTYH", "RPE65", "TRDN")
    }


@pytest.mark.parametrize(
    ("finding", "is_told"),
    [
        (found("BRCA1"), True),
        (found("BRCA1", clinvar="Likely_pathogenic"), True),
        (found("BRCA1", clinvar="Conflicting_classifications_of_pathogenicity"), False),
        (found("BRCA1", clinvar="Uncertain_significance"), False),
        (found("BRCA1", clinvar=None), False),
        (found("BRCA1", reported=False), False),
        (found("BRCA1", phenotypes=["HP:0003002"]), False),
        (found("CFTR"), False),
        (found("ATP7B"), False),
        (found("ATP7B", zygosity="homozygous"), True),
        (found("OTC", zygosity="hemizygous"), True),
        (found("OTC"), True),
        (found("TTN", consequence=["missense_variant"]), False),
        (found("TTN", consequence=["frameshift_variant"]), True),
        (found("HFE", zygosity="homozygous", hgvs={"p": "p.Cys282Tyr"}), True),
        (found("HFE", hgvs={"p": "p.Cys282Tyr"}), False),
        (found("HFE", zygosity="homozygous", hgvs={"p": "p.His63Asp"}), False),
    ],
)
def test_what_is_a_secondary_finding(finding, is_told):
    assert told(finding) == (frozenset(), ["chr1:100:A:T"] if is_told else [])


def test_two_pathogenic_variants_of_a_recessive_gene_are_told_together():
    one, other = found("ATP7B", 1, partners=["chr1:2:A:T"]), found("ATP7B", 2, partners_unphased=["chr1:1:A:T"])
    assert told(one, other)[1] == ["chr1:1:A:T", "chr1:2:A:T"]
    assert told(one, other | {"known": {"clinvar": None}})[1] == []


def test_the_answer_decides_and_asked_genes_are_never_secondary():
    asked, other = found("BRCA1", 1, in_gene_list=True), found("TP53", 2)
    assert told(asked, other, has_gene_list=True) == (frozenset(), ["chr1:2:A:T"])
    assert told(asked, other, answer="unknown", has_gene_list=True) == (frozenset(), [])
    assert told(asked, other, answer="no", has_gene_list=True) == ({"chr1:2:A:T"}, [])
    assert told(asked, other, answer="no") == (frozenset(), [])  # all genes were asked for
    assert secondary_document([asked], None, "yes", False) == (frozenset(), None)


@pytest.mark.parametrize(
    "text",
    [
        "gene\treport\nBRCA1\tany\n",
        "# panel: mine\n# version: 1\ngene\treport\nBRCA1\tperhaps\n",
        "# panel: mine\n# version: 1\nBRCA1\n",
        "# panel: mine\n# version: 1\n",
    ],
)
def test_another_table_is_refused(tmp_path, text):
    (tmp_path / "list.tsv").write_text(text)
    with pytest.raises(NoSecondaryGenes, match="acmg_sf"):
        read_secondary_genes(tmp_path / "list.tsv")
