import pytest

from gms.base.project import PROJECT
from gms.ranking.secondary import (
    NoSecondaryGenes,
    Question,
    of_proband_alone,
    read_secondary_genes,
    secondary_document,
    without_names,
)

ACMG = PROJECT / "resources" / "genes" / "acmg_sf.tsv"
LISTED = read_secondary_genes(ACMG)


def found(gene, pos=100, clinvar="Pathogenic", zygosity="heterozygous", **more):
    known = {"clinvar": {"class": clinvar} if clinvar else None}
    evidence = [{"zygosity": zygosity}]
    defaults = {"partners": [], "partners_unphased": [], "consequence": [], "phenotypes": [], "modes": []}
    defaults |= {"hgvs": {"p": None, "g": None}, "impact": None}
    variant = {"variants": [f"chr1:{pos}:A:T"], "genes": [gene], "known": known, "evidence": evidence}
    return defaults | variant | {"reported": True, "in_gene_list": False} | more


def told(*findings, answer="yes", has_gene_list=False, has_terms=False, parts=None):
    question = Question(has_gene_list, has_terms, answer, parts or {})
    small, large = ([one for one in findings if ("own" in one) is is_large] for is_large in (False, True))
    withheld, facts = secondary_document(small, large, LISTED, question)
    return withheld, [one["variant"] for one in facts["variants"]]


def withheld(*findings, **question):
    return {name.split(":")[1] for name in told(*findings, **{"answer": "no", "has_terms": True} | question)[0]}


def large(genes, pos=100, **more):
    return found("", pos, None, genes=genes, impact="HIGH", own={}) | more


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
        (found("HFE", zygosity="homozygous", hgvs={"p": "p.Cys282Tyr", "g": None}), True),
        (found("HFE", hgvs={"p": "p.Cys282Tyr", "g": None}), False),
        (found("HFE", zygosity="homozygous", hgvs={"p": "p.His63Asp", "g": None}), False),
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
    for answer in ("no", "unknown"):
        assert told(asked, other, answer=answer, has_gene_list=True) == ({"chr1:2:A:T"}, [])
    assert secondary_document([asked], [], None, Question(True)) == (frozenset(), None)


def test_hpo_terms_say_what_was_asked_for_as_a_gene_list_does():
    asked, other = found("BRCA1", 1, phenotypes=["HP:0003002"]), found("TP53", 2, in_gene_list=True)
    for answer in ("no", "unknown"):
        assert told(asked, other, answer=answer, has_terms=True) == ({"chr1:2:A:T"}, [])


def test_where_nothing_says_what_was_asked_for_only_a_refusal_withholds():
    one = found("BRCA1", in_gene_list=True)
    assert told(one, answer="unknown") == (frozenset(), [])
    assert told(one, answer="no") == ({"chr1:100:A:T"}, [])
    assert told(one, answer="yes") == (frozenset(), ["chr1:100:A:T"])


@pytest.mark.parametrize(
    ("one", "is_withheld"),
    [
        (found("BRCA1", genes=["NBR1", "BRCA1"]), True),  # any gene of the record
        (found("BRCA1", clinvar=None, consequence=["frameshift_variant"]), True),
        (found("BRCA1", clinvar="Benign", consequence=["frameshift_variant"]), False),
        (found("BRCA1", clinvar=None, consequence=["missense_variant"]), False),
        (found("PTEN", clinvar=None, consequence=["stop_gained"], modes=["de_novo"]), False),
        (found("PTEN", clinvar=None, consequence=["stop_gained"], modes=["de_novo", "autosomal_dominant"]), True),
        (found("CFTR", clinvar=None, consequence=["frameshift_variant"]), False),
        (large(["BRCA1"]), True),
        (large(["TTN"]), True),
        (large(["BRCA1", "NBR1"]), False),  # a finding of another gene, too
        (large(["BRCA1"], consequence=["transcript_amplification"]), False),
        (large(["BRCA1"], impact="MODERATE"), False),
        (large(["BRCA1"], phenotypes=["HP:0003002"]), False),
        (large([]), False),
    ],
)
def test_what_is_withheld(one, is_withheld):
    assert bool(withheld(one)) is is_withheld
    assert not withheld(one, answer="yes")


def test_a_joined_haplotype_is_as_pathogenic_as_its_parts():
    one = found("BRCA1", clinvar=None)
    for classes, counts in (("Pathogenic,Benign", True), ("Conflicting_classifications_of_pathogenicity", False)):
        assert bool(withheld(one, parts={"chr1:100:A:T": classes})) is counts
        assert bool(told(one, parts={"chr1:100:A:T": classes})[1]) is counts


def test_halves_of_withheld_pairs_and_the_same_event_of_another_class_are_withheld():
    one = found("ATP7B", 1, partners=["chr1:2:A:T"])
    lost = large(["ATP7B"], 2, partners=["chr1:1:A:T"])
    copy = large(["ATP7B", "ALG11"], 3, own={"SAME_EVENT": "chr1:2:A:T"})
    unsure = found("ATP7B", 4, "Uncertain_significance", partners=["chr1:1:A:T"], modes=["compound"])
    dominant = found("ATP7B", 5, None, partners=["chr1:1:A:T"], modes=["compound", "autosomal_dominant"])
    assert withheld(one, lost, copy, unsure, dominant) == {"1", "2", "3", "4"}
    assert withheld(one, unsure) == set()  # a carrier


def test_an_insertion_that_is_withheld_is_no_structural_variant_either():
    gained = {"variants": ["chr1:100:A:" + "A" * 61], "hgvs": {"p": None, "g": "chr1:g.101_160dup"}}
    like = {"variants": ["chr1:110:A:<INS>"], "hgvs": {"g": "chr1:g.110_111insN[60]"}, "own": {"SVLEN": "60"}}
    assert withheld(found("BRCA1", **gained), large(["X"], **like)) == {"100", "110"}


def test_what_is_shown_does_not_name_what_is_withheld():
    lists = {"partners_probable": [], "in_cis": ["chr1:1:A:T"]}
    one = found("ATP7B", 2, partners=["chr1:1:A:T", "chr1:3:A:T"]) | lists
    without_names([one], {"chr1:1:A:T"})
    assert (one["partners"], one["in_cis"]) == (["chr1:3:A:T"], [])
    repeats = [large(["HTT"], own={"IN_TRANS": name}) | lists for name in ("chr1:1:A:T", "chr1:2:N:<DEL>")]
    without_names(repeats, {"chr1:1:A:T"})
    assert [repeat["own"] for repeat in repeats] == [{}, {"IN_TRANS": "chr1:2:N:<DEL>"}]


def test_nothing_of_relatives_is_told_with_a_secondary_finding():
    keys = ("genotype", "zygosity", "fraction", "alt_reads", "depth", "quality")
    evidence = [{"sample": name, **dict.fromkeys(keys, 1)} for name in ("P", "M")]
    labels = ["unaffected_carrier", "reduced_penetrance", "low_depth"]
    shown = of_proband_alone(found("BRCA1", labels=labels, section="pathogenic_unaffected") | {"evidence": evidence})
    assert shown["evidence"] == [evidence[0], {"sample": "M", **dict.fromkeys(keys)}]
    assert (shown["labels"], shown["section"]) == (["low_depth"], "secondary")


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
