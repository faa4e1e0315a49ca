"""A record is filtered only if it is so for every gene that it touches."""

from pathlib import Path
from tempfile import TemporaryDirectory

from gms.filtering.compile import Layout, compile_judge
from gms.filtering.policy import load_policy
from gms.genome.gene_effects import to_info

POLICY = """\
title: Test
version: "1"
conditions:
  kept: "gene == 'TERT' and 'upstream' in consequence"
filters:
  - {flag: Common, when: population_af > 0.1, missing: pass, why: Common.}
  - {flag: NotCoding, when: "impact == 'MODIFIER'", missing: fail, why: Silent., unless: [kept, functional_rna]}
  - {flag: FirstExon, when: exon == 1, missing: pass, why: In the first exon.}
rescues:
  - {name: Listed, when: whitelist, why: Listed.}
sections:
  - {key: brca, title: BRCA, when: gene == 'BRCA1'}
  - {key: other, title: Other}
"""
INTRON = {"GENE": "HOST", "CONSEQUENCE": "intron_variant", "IMPACT": "MODIFIER"}
PROMOTER = {"GENE": "TERT", "CONSEQUENCE": "upstream_gene_variant", "IMPACT": "MODIFIER"}
RNA = {
    "GENE": "RMRP",
    "CONSEQUENCE": "non_coding_transcript_exon_variant",
    "IMPACT": "MODIFIER",
    "FUNCTIONAL_RNA": "yes",
}
MISSENSE = {"GENE": "ODD", "CONSEQUENCE": "missense_variant", "IMPACT": "MODERATE"}
BRCA1 = {"GENE": "BRCA1", "CONSEQUENCE": "missense_variant", "IMPACT": "MODERATE"}


def judged(*effects: dict[str, str], info: str = "RPT=0") -> tuple[str, str | None, str | None]:
    """FILTER, shown gene and section."""
    layout = Layout({"index": 0}, frozenset({"family", "normal", "mother", "father", "gene_list"}))
    line = f"1\t5\t.\tA\tC\t9\t.\t{info};{to_info(effects)}\tGT\t0/1"
    with TemporaryDirectory() as folder:
        (Path(folder) / "test.yaml").write_text(POLICY)
        policy = load_policy(Path(folder) / "test.yaml")
    columns = compile_judge(policy, layout)(line)[0].split("\t")
    values = dict(part.partition("=")[::2] for part in columns[7].split(";"))
    return columns[6], values.get("GENE"), values.get("SECTION")


def test_a_gene_that_counts_is_enough_and_is_shown():
    assert judged(INTRON) == ("NotCoding", "HOST", None)
    assert judged(INTRON, PROMOTER) == ("PASS", "TERT", "other")
    assert judged(INTRON, RNA) == ("PASS", "RMRP", "other")


def test_a_change_of_a_protein_counts_within_an_intron_of_another_gene():
    stop = {"GENE": "INNER", "CONSEQUENCE": "stop_gained", "IMPACT": "HIGH"}
    assert judged(INTRON, stop) == judged(stop, INTRON) == ("PASS", "INNER", "other")


def test_gene_and_consequence_must_be_of_one_gene():
    upstream_of_another = {**PROMOTER, "GENE": "NEXT"}
    assert judged({**INTRON, "GENE": "TERT"}, upstream_of_another) == ("NotCoding", "TERT", None)


def test_an_exon_is_that_of_each_gene():
    first, second = {**MISSENSE, "EXON": "1/5"}, {**MISSENSE, "GENE": "NEXT", "EXON": "2/9"}
    assert judged(first) == ("FirstExon", "ODD", None)
    assert judged(first, second) == judged(second, first) == ("PASS", "NEXT", "other")


def test_what_is_not_about_genes_filters_in_all_of_them():
    assert judged(INTRON, PROMOTER, info="POP_AF=0.5") == ("Common;NotCoding", "HOST", None)


def test_the_section_that_comes_first_decides_which_gene_is_shown():
    assert judged(MISSENSE, BRCA1) == ("PASS", "BRCA1", "brca")
    assert judged(BRCA1, MISSENSE) == ("PASS", "BRCA1", "brca")


def test_a_rescue_holds_whatever_the_gene():
    assert judged(INTRON, {**INTRON, "GENE": "LINC1"}, info="WHITELIST")[0] == "PASS"
