import pytest

from gms.annotation.inheritance import inheritance


def way(child, mother, father, affected=(), contig="chr7", male=False) -> str:
    copies = {"proband": child, "mother": mother, "father": father}
    return inheritance(contig, copies, frozenset({"proband", *affected}), male)


@pytest.mark.parametrize("child, mother, father, expected", [
    (1, 0, 0, "de_novo"),
    (1, 1, 0, "compound_candidate_maternal"),
    (1, 0, 1, "compound_candidate_paternal"),
    (1, 2, 0, "compound_candidate_maternal"),
    (1, 1, 1, "none"),  # both healthy parents carry as much as the child
    (1, 2, 2, "inconsistent"),
    (2, 1, 1, "recessive"),
    (2, 2, 1, "none"),  # the healthy mother has two copies herself
    (2, 1, 0, "one_parent"),  # a deletion on the father's chromosome, or both copies from the mother
    (2, 0, 1, "one_parent"),
    (2, 0, 2, "none"),
    (2, 0, 0, "inconsistent"),
    (0, 1, 1, "none"),
    (1, None, 0, "unknown"),
    (1, 0, None, "unknown"),
    (None, 0, 0, "unknown"),
])  # fmt: skip
def test_healthy_parents(child, mother, father, expected):
    assert way(child, mother, father) == expected


@pytest.mark.parametrize("child, mother, father, affected, expected", [
    (1, 1, 0, ["mother"], "dominant"),
    (1, 0, 1, ["father"], "dominant"),
    (1, 1, 0, ["father"], "compound_candidate_maternal"),  # the sick parent is not the one who has it
    (1, 1, 1, ["mother"], "none"),  # the healthy father has it as well
    (1, 1, 1, ["mother", "father"], "dominant"),
    (2, 2, 1, ["mother"], "recessive"),
    (2, 2, 2, ["mother", "father"], "recessive"),
])  # fmt: skip
def test_affected_parents(child, mother, father, affected, expected):
    assert way(child, mother, father, affected) == expected


@pytest.mark.parametrize("contig", ["X", "chrX"])
@pytest.mark.parametrize("child, mother, father, affected, expected", [
    (2, 1, 0, [], "x_linked"),
    (1, 1, 0, [], "x_linked"),  # a caller that takes every contig as diploid
    (2, 0, 0, [], "de_novo"),
    (2, 2, 0, [], "none"),
    (2, 2, 0, ["mother"], "x_linked"),
    (2, 1, 2, [], "x_linked"),  # his father's X is not his
])  # fmt: skip
def test_x_of_a_son(contig, child, mother, father, affected, expected):
    assert way(child, mother, father, affected, contig, male=True) == expected


def test_allele_that_a_son_shares_with_his_father_alone_is_pseudo_autosomal_not_new():
    assert way(1, 0, 1, [], "chrX", male=True) == "compound_candidate_paternal"
    assert way(1, 0, 1, ["father"], "chrX", male=True) == "dominant"  # SHOX


def test_x_of_a_daughter():
    assert way(1, 0, 0, contig="chrX") == "de_novo"
    assert way(2, 1, 2, ["father"], "chrX") == "recessive"
    assert way(1, 1, 0, ["mother"], "chrX") == "dominant"
    assert way(1, 1, 0, contig="chrX") == "x_linked"  # her healthy mother may have silenced it
    assert way(1, 0, 2, contig="chrX") == "compound_candidate_paternal"  # her healthy father cannot


def test_a_son_whose_sex_is_not_in_the_sheet():
    assert way(2, 1, 0, contig="chrX") == "x_linked"
    assert way(2, 0, 0, contig="chrX") == "de_novo"


@pytest.mark.parametrize("contig, mother, father", [("chrM", 2, 0), ("MT", 2, 0), ("chrY", 0, 2), ("Y", 0, 2)])
def test_contigs_of_one_parent_contradict_nothing(contig, mother, father):
    assert way(2, mother, father, contig=contig, male=True) == "unknown"
