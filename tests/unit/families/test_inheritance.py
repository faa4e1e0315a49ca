import pytest

from gms.families.inheritance import labels, origins, possible_modes
from gms.families.relatives import Relative

STATES = {0: "without", 1: "one_copy", 2: "two_copies", "?": "uninformative", "m": "mosaic", "p": "probable"}
SEX = {"mother": "female", "father": "male", "brother": "male", "sister": "female"}


def kin(affected: str = "", **copies) -> tuple[Relative, ...]:
    """Relatives by role with their copies ('?': not informative, 'm': mosaic, 'p': probable), unaffected but for the
    `affected`; of unknown status those in upper case."""
    found = []
    for name, number in copies.items():
        status = "yes" if name in affected else "unknown" if name.upper() in affected else "no"
        role = name if name in ("mother", "father") else "sibling"
        found.append(Relative(role, SEX[name], status, STATES[number]))
    return tuple(found)


def modes(child: int, relatives=(), kind="autosome", sex="female", reduced=False) -> set[str]:
    return set(possible_modes(kind, sex, (child,), relatives, reduced))


def test_a_child_alone_may_have_any_mode_of_its_copies():
    assert modes(1) == {"autosomal_dominant", "compound"}
    assert modes(2) == {"recessive_homozygous"}


@pytest.mark.parametrize("child, mother, father, expected", [
    (1, 0, 0, {"de_novo", "compound"}),
    (1, 1, 0, {"compound"}),
    (1, 1, 1, {"compound"}),  # with a de novo partner
    (1, 2, 0, {"compound"}),  # a hypomorphic allele needs a severe partner
    (1, "?", 0, {"de_novo", "autosomal_dominant", "compound"}),
    (1, "m", 0, {"de_novo", "autosomal_dominant", "compound"}),
    (1, "?", 1, {"compound"}),
    (1, "p", 0, {"autosomal_dominant", "compound"}),  # too few reads to be sure, but hardly new
    (1, "p", "?", {"autosomal_dominant", "compound"}),
    (2, "p", 1, {"recessive_homozygous", "compound"}),  # no sign of one parent alone
    (2, "p", "p", {"recessive_homozygous", "compound"}),
    (2, "p", 0, {"one_parent", "compound"}),
    (2, 1, 1, {"recessive_homozygous"}),
    (2, 2, 1, set()),
    (2, 1, 0, {"one_parent", "compound"}),  # the father's chromosome lost it: what was lost is the partner
    (2, 1, "?", {"recessive_homozygous", "one_parent", "compound"}),
    (2, 0, 0, {"de_novo"}),
    (2, 2, 0, {"compound"}),
])  # fmt: skip
def test_unaffected_parents(child, mother, father, expected):
    assert modes(child, kin(mother=mother, father=father)) == expected


@pytest.mark.parametrize("child, relatives, expected", [
    (1, kin("mother", mother=1, father=0), {"autosomal_dominant", "compound"}),
    (1, kin("mother", mother=2, father=0), {"autosomal_dominant", "compound"}),  # pseudodominance
    (1, kin("mother", mother=1, father=1), {"compound"}),
    (1, kin("MOTHER", mother=1, father=0), {"autosomal_dominant", "compound"}),  # unknown is not unaffected
    (1, kin("father", mother=1, father=0), {"compound"}),
    (2, kin("mother", mother=2, father=1), {"recessive_homozygous"}),
    (2, kin("MOTHER", mother=2, father=1), {"recessive_homozygous"}),
    (1, kin(mother=0), {"autosomal_dominant", "compound"}),  # one parent cannot prove that it is de novo
    (1, kin(mother=1), {"compound"}),
    (2, kin(mother=0), {"one_parent", "compound"}),
    (1, kin(brother=1), {"compound"}),
    (1, kin(mother=0, father=0, sister=1), {"compound"}),  # an unaffected twin
    (1, kin("sister", mother=0, father=0, sister=1), {"de_novo", "compound"}),
    (1, kin("sister", mother="?", father="?", sister=0), {"de_novo"}),
    (2, kin("sister", sister=0), set()),
    (2, kin(sister=2), set()),
    (2, kin(sister=1), {"recessive_homozygous"}),
])  # fmt: skip
def test_affected_parents_duos_and_siblings(child, relatives, expected):
    assert modes(child, relatives) == expected


@pytest.mark.parametrize("role, expected", [
    ("sibling", {"de_novo"}), ("twin", {"de_novo"}), ("half-sibling", {"de_novo", "compound", "autosomal_dominant"}),
])  # fmt: skip
def test_an_affected_half_sibling_without_it_rules_nothing_out(role, expected):
    """It may be ill of the allele of the parent whom the child does not share."""
    relatives = (Relative(role, "female", "yes", "without"), *kin(mother="?", father="?"))
    assert modes(1, relatives) == expected


@pytest.mark.parametrize("role", ["sibling", "twin", "half-sibling"])
def test_a_healthy_sibling_of_any_kind_with_it_rules_a_dominant_allele_out(role):
    assert modes(1, (Relative(role, "male", "no", "one_copy"),)) == {"compound"}


def test_genes_of_reduced_penetrance():
    assert "autosomal_dominant" in modes(1, kin(mother=1, father=0), reduced=True)
    assert "autosomal_dominant" not in modes(1, kin(mother=2, father=0), reduced=True)


def test_a_healthy_man_may_have_an_allele_of_which_women_are_ill():
    """PCDH19: hemizygous men are well."""
    assert modes(1, kin(mother=0, father=1), "x", "female", reduced=True) == {"x_linked_dominant"}
    assert modes(1, kin(mother=1, brother=1), "x", "female", reduced=True) == {"x_linked_dominant"}
    assert modes(1, kin(mother=1, brother=1), "x", "male", reduced=True) == set()
    assert modes(1, kin("sister", father=1, sister=0), "x", "female", reduced=True) == set()


X_BOTH = {"x_linked_recessive", "x_linked_dominant"}


@pytest.mark.parametrize("sex, child, relatives, expected", [
    ("male", 2, kin(mother=1, father=0), X_BOTH),
    ("male", 1, kin(mother=1, father=0), X_BOTH),  # a caller that takes every contig as diploid
    ("male", 2, kin(mother=0, father="?"), {"de_novo"}),  # his father's X is not his
    ("male", 2, kin(mother="?"), {"de_novo"} | X_BOTH),
    ("male", 2, kin(mother=2), set()),
    ("male", 2, kin("mother", mother=2), X_BOTH),
    ("male", 2, kin(mother=1, brother=2), set()),
    ("male", 2, kin(mother=1, sister=1), X_BOTH),
    ("male", 2, (), X_BOTH),
    ("X", 2, kin(mother=1, father=0), X_BOTH),  # 45,X: her only X, of either parent
    ("X", 2, kin(mother=0, father="?"), {"de_novo"} | X_BOTH),
    ("X", 2, kin(mother=0, father=0), {"de_novo"}),
    ("X", 2, kin(mother=0, father=1), set()),  # a healthy man has no other X either
    ("X", 2, kin("father", mother=0, father=1), X_BOTH),
    ("XXY", 1, kin(mother=1, father=0), {"x_linked_dominant", "compound"}),  # as of a girl
    ("XXY", 1, kin(mother=0, father=1), set()),
    ("XXY", 2, kin(mother=1, father=0), X_BOTH),  # both X of his mother are usual
    ("XXY", 2, kin(mother=0, father=0), {"de_novo"}),
    ("XX", 2, kin("father", mother=1, father=1), X_BOTH),
    ("XY", 2, kin(mother=1, father=0), X_BOTH),
    ("female", 1, kin(mother=1, father=0), {"x_linked_dominant", "compound"}),  # one X is silent in each cell
    ("female", 1, kin(mother=0, father=1), set()),
    ("female", 1, kin("father", mother=0, father=1), {"x_linked_dominant", "compound"}),
    ("female", 1, kin(mother=0, father=0), {"de_novo"}),
    ("female", 2, kin("father", mother=1, father=1), X_BOTH),
    ("unknown", 2, kin(mother=1, father=0), X_BOTH | {"one_parent", "compound"}),
])  # fmt: skip
def test_x(sex, child, relatives, expected):
    assert modes(child, relatives, "x", sex) == expected


def test_what_a_parent_probably_has_is_not_new_unless_nothing_else_is_left():
    son = {"kind": "x", "sex": "male"}
    assert modes(1, kin(mother="p"), **son) == {"x_linked_recessive", "x_linked_dominant"}
    assert modes(1, kin(mother=0, father="p"), **son) == {"de_novo"}  # his X is his mother's
    assert "de_novo" not in modes(1, kin(mother=0, father="p"), "x", "female")
    assert modes(1, kin("brother", mother="p", father=0, brother=0)) == {"de_novo"}
    labelled = labels("autosome", "female", (1,), ("compound",), kin(mother="p", father="?"))
    assert labelled == ["father_not_informative", "probable_in_mother"]


def test_two_copies_on_x_without_a_stated_sex_are_shown_as_those_of_a_son():
    family = kin(mother=1, father=0)
    assert possible_modes("x", "unknown", (2,), family, False)[0] == "x_linked_recessive"
    assert possible_modes("x", "female", (2,), family, False)[0] == "one_parent"


def test_y_mitochondrion_and_pseudo_autosomal_region():
    assert modes(2, kin(father=0), "y", "male") == {"de_novo"}
    assert modes(2, kin("father", mother=0, father=2), "y", "male") == {"y_linked"}
    assert modes(2, kin(father=2), "y", "male") == set()
    assert modes(2, kin(mother=2, father=0), "mitochondrion") == {"mitochondrial"}
    assert modes(1, kin(mother=1, father=0), "par", "male") == {"compound", "pseudo_autosomal"}


def test_modes_are_shown_in_one_order():
    assert possible_modes("autosome", "female", (1,), kin(mother="?", father=0), False) == (
        "de_novo", "autosomal_dominant", "compound")  # fmt: skip


@pytest.mark.parametrize("kind, relatives, expected", [
    ("autosome", kin(mother=1, father=0), ("maternal",)),
    ("autosome", kin(mother=0, father="?"), ("paternal",)),
    ("autosome", kin(mother=1, father=1), ("maternal", "paternal")),
    ("autosome", kin(mother=2, father=1), ("maternal",)),  # she gives it with certainty
    ("autosome", kin(mother=0, father=0), ("maternal", "paternal")),
    ("autosome", kin(mother=0), ("paternal",)),
    ("autosome", kin(mother=1), ("maternal", "paternal")),
    ("autosome", (), ("maternal", "paternal")),
    ("x", kin(mother=1, father=1), ("paternal",)),
])  # fmt: skip
def test_chromosome_of_a_single_copy(kind, relatives, expected):
    assert origins(kind, "female", relatives) == expected
    assert origins("x", "male", relatives) == ("maternal",)


def test_labels():
    weak = kin("brother", mother="?", father="m", brother=1)
    assert labels("autosome", "male", (1,), ("de_novo",), weak) == [
        "mother_not_informative", "possible_parental_mosaicism", "shared_with_affected"]  # fmt: skip
    assert labels("autosome", "male", (1,), ("compound",), kin(mother=1)) == ["unaffected_carrier"]
    assert labels("autosome", "male", (2,), ("de_novo",), kin(mother=0, father=0)) == ["mendelian_inconsistency"]
    assert labels("x", "female", (1,), ("de_novo",), kin(mother=0, father=0)) == []
    assert labels("x", "male", (1,), ("de_novo",), kin(mother=0, father="?")) == []  # a son's X is not his father's
    assert labels("mitochondrion", "male", (1,), ("mitochondrial",), kin(mother="m")) == ["unaffected_carrier"]
    assert labels("mitochondrion", "male", (1,), ("mitochondrial",), kin(mother=0, father="?")) == []
    assert (
        labels("autosome", "male", (1,), ("autosomal_dominant",), (Relative("twin", "male", "yes", "one_copy"),)) == []
    )


def test_relatives_with_other_sex_chromosomes():
    brother, sister = (Relative("sibling", sex, "no", "one_copy") for sex in ("XXY", "X"))
    assert modes(2, (brother,), "x", "male") == X_BOTH  # healthy with one of two X, as a girl may be
    assert modes(2, (sister,), "x", "male") == set()  # healthy with it on her only X
    assert modes(2, (sister,), "y", "male") == {"y_linked"}


def test_both_x_of_47_xxy_may_be_of_one_parent():
    assert origins("x", "XXY", kin(mother=1, father=0)) == ("maternal", "paternal")
    assert origins("x", "XX", kin(mother=1, father=0)) == ("maternal",)
    assert origins("x", "XYY", kin(mother=1, father=0)) == ("maternal",)
