import pytest

from gms.sharing.decision.identity import Identity, identity_problems
from gms.sharing.decision.model import Member, SharedCase
from sharing_files import PAIR, TRIO


def qc(*gates, **metrics):
    return {"metrics": metrics, "gates": [{"metric": metric, "verdict": verdict} for metric, verdict in gates]}


def samples(**sexes):
    return {sample: qc(sex_inferred=sex) for sample, sex in sexes.items()}


CONCORDANT = qc(("tumor_normal_concordance", "pass"))
FAMILY = (("parent_child_mother_concordance", "pass"), ("parent_child_father_concordance", "pass"))


def test_samples_of_whom_the_sheet_says():
    assert identity_problems(PAIR, CONCORDANT, samples(t="female", n="female")) == Identity((), ())
    assert identity_problems(TRIO, qc(*FAMILY), samples(child="male", mum="female", dad="male")) == Identity((), ())


@pytest.mark.parametrize("sample, role", [("t", "tumor"), ("n", "normal")])
def test_another_sex_blocks(sample, role):
    found = identity_problems(PAIR, CONCORDANT, samples(**{"t": "female", "n": "female", sample: "male"}))
    assert found == Identity((f"the sex of the {role} is recorded as female, by its reads it is male",), ())


def test_a_sex_that_is_not_known_is_noted():
    found = identity_problems(PAIR, CONCORDANT, {**samples(t="unknown"), "n": qc(sex_inferred=None)})
    assert found.reasons == () and len(found.notes) == 2
    assert found.notes[0].startswith("the sex of the tumor is recorded, but could not be inferred")
    control = SharedCase("C", "panel_solid", "somatic", (Member("c", "control", "unknown", "unknown", "p1"),))
    assert identity_problems(control, qc(), samples(c="male")).notes == (
        "the sex of the control is not recorded: not compared",
    )


@pytest.mark.parametrize(
    "gates, reason",
    [
        ([("tumor_normal_concordance", "pass")], None),
        ([("tumor_normal_concordance", "warn")], None),
        ([("tumor_normal_concordance", "fail")], "tumour and normal are not of one person"),
        ([("tumor_normal_concordance", "not_evaluated")], "it was not shown that tumour and normal are of one person"),
        ([], "it was not shown that tumour and normal are of one person"),
        (
            [("tumor_normal_concordance", "fail"), ("tumor_normal_concordance", "pass")],
            "tumour and normal are not of one person",
        ),
    ],
)
def test_tumour_and_normal(gates, reason):
    found = identity_problems(PAIR, qc(*gates), samples(t="female", n="female"))
    assert found == Identity((reason,) if reason else (), ())


def test_parents():
    sexes = samples(child="male", mum="female", dad="male")
    wrong = qc(("parent_child_mother_concordance", "fail"), FAMILY[1])
    assert identity_problems(TRIO, wrong, sexes) == Identity(("the mother is not a parent of the proband",), ())
    unchecked = qc(FAMILY[0], ("parent_child_father_concordance", "not_evaluated"))
    note = "it was not checked whether the father is a parent of the proband"
    assert identity_problems(TRIO, unchecked, sexes) == Identity((), (note,))
    related = qc(*FAMILY, ("kinship_mother_father", "fail"))
    assert identity_problems(TRIO, related, sexes).reasons == (
        "the relation kinship_mother_father is not the one in the sample sheet",
    )


def test_siblings_are_numbered():
    siblings = tuple(Member(name, "sibling", "male", "no", name) for name in ("a", "b"))
    case = SharedCase("F2", "wgs_rare", "germline", (TRIO.members[0], *siblings))
    found = identity_problems(case, qc(), samples(child="male", a="male", b="female"))
    assert found.reasons == ("the sex of the sibling 2 is recorded as male, by its reads it is female",)


def test_lanes_of_two_persons_block():
    mixed = {**samples(n="female"), "t": qc(("lane_concordance", "fail"), sex_inferred="female")}
    assert identity_problems(PAIR, CONCORDANT, mixed).reasons == ("the lanes of the tumor are not of one person",)


def test_a_sample_without_quality_control_blocks():
    found = identity_problems(PAIR, CONCORDANT, samples(t="female"))
    assert found.reasons == ("the normal has no quality control, so that its identity is unknown",)
