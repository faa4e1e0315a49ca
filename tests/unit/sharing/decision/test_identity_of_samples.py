import pytest

from gms.sharing.decision import identity
from gms.sharing.decision.identity import Identity
from gms.sharing.decision.model import Member, SharedCase
from sharing_files import PAIR, TRIO


def qc(*gates, **metrics):
    return {"metrics": metrics, "gates": [{"metric": metric, "verdict": verdict} for metric, verdict in gates]}


def samples(**sexes):
    return {sample: qc(sex_inferred=sex) for sample, sex in sexes.items()}


def identity_problems(case, case_qc, sample_qc, read_groups=None, has_links=False):
    """The same, of records and reads that name the case and its samples."""
    of_samples = {name: {"sample": name, "case": case.case} | record for name, record in sample_qc.items()}
    groups = {member.sample: {member.sample} for member in case.members} | (read_groups or {})
    return identity.identity_problems(case, {"case": case.case} | case_qc, of_samples, groups, has_links)


CONCORDANT = qc(("tumor_normal_concordance", "pass"))
FAMILY = (("parent_child_mother_concordance", "pass"), ("parent_child_father_concordance", "pass"))


def test_samples_of_whom_the_sheet_says():
    assert identity_problems(PAIR, CONCORDANT, samples(t="female", n="female")) == Identity((), ())
    assert identity_problems(TRIO, qc(*FAMILY), samples(child="male", mum="female", dad="male")) == Identity((), ())


@pytest.mark.parametrize("sample, role", [("t", "tumor"), ("n", "normal")])
def test_another_sex_blocks(sample, role):
    found = identity_problems(PAIR, CONCORDANT, samples(**{"t": "female", "n": "female", sample: "male"}))
    assert found == Identity((f"the sex of the {role} is recorded as female, but its reads are male",), ())


def test_a_sex_that_is_not_known_is_noted():
    found = identity_problems(PAIR, CONCORDANT, {**samples(t="unknown"), "n": qc(sex_inferred=None)})
    assert found.reasons == () and len(found.notes) == 2
    assert found.notes[0].startswith("the sex of the tumor is recorded, but could not be inferred")
    control = SharedCase("C", "panel_solid", "somatic", (Member("c", "control", "unknown", "unknown", "p1"),))
    assert identity_problems(control, qc(), samples(c="male")).notes == (
        "the sex of the control is not recorded: not compared",
    )


def test_reads_of_a_file_that_names_another_sample_are_noted():
    records = samples(t="female", n="female")
    records["n"]["named_otherwise"] = True
    notes = ("the file of reads of the normal has another name than the sample sheet in its header",)
    assert identity_problems(PAIR, CONCORDANT, records) == Identity((), notes)


@pytest.mark.parametrize(
    "gates, reason",
    [
        ([("tumor_normal_concordance", "pass")], None),
        ([("tumor_normal_concordance", "warn")], None),
        ([("tumor_normal_concordance", "fail")], "tumour and normal are not from one person"),
        ([("tumor_normal_concordance", "not_evaluated")], "tumour and normal were not shown to be from one person"),
        ([], "tumour and normal were not shown to be from one person"),
        (
            [("tumor_normal_concordance", "fail"), ("tumor_normal_concordance", "pass")],
            "tumour and normal are not from one person",
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
    assert found.reasons == ("the sex of the sibling 2 is recorded as male, but its reads are female",)


def test_lanes_of_two_persons_block():
    mixed = {**samples(n="female"), "t": qc(("lane_concordance", "fail"), sex_inferred="female")}
    assert identity_problems(PAIR, CONCORDANT, mixed).reasons == ("the lanes of the tumor are not from one person",)


def test_a_sample_without_quality_control_blocks():
    found = identity_problems(PAIR, CONCORDANT, samples(t="female"))
    assert found.reasons == ("the normal has no quality control, so its identity is unknown",)


@pytest.mark.parametrize(
    "groups", [{"n"}, {"t", "n"}, set(), {None}], ids=["another", "two", "no read group", "no sample"]
)
def test_reads_of_another_sample_block(groups):
    found = identity_problems(PAIR, CONCORDANT, samples(t="female", n="female"), {"t": groups})
    assert found.reasons == ("the read groups (SM) of the tumor name another sample",)


def test_records_of_another_sample_or_case_block():
    sexes = samples(t="female", n="female")
    other = {**sexes, "t": sexes["t"] | {"sample": "n"}}
    assert identity_problems(PAIR, CONCORDANT, other).reasons == (
        "the quality control of the tumor belongs to another sample or case",
    )
    assert identity_problems(PAIR, CONCORDANT | {"case": "other"}, sexes).reasons == (
        "the quality control of the case belongs to another sample or case",
    )


def test_a_link_among_the_results_blocks():
    found = identity_problems(PAIR, CONCORDANT, samples(t="female", n="female"), has_links=True)
    assert len(found.reasons) == 1 and "is a symbolic link" in found.reasons[0]


@pytest.mark.parametrize(
    "kinship, reason",
    [
        (0.49, "the proband and the sibling have the reads of the same person, or of identical twins"),
        (0.25, None),
        (0.02, "the proband and the sibling are not related"),
        (None, None),
    ],
)
def test_siblings_by_their_kinship(kinship, reason):
    """KING-robust: one person above 0.354, second degree above 0.0884."""
    sibling = Member("sib", "sibling", "male", "no", "another")
    case = SharedCase("F2", "wgs_rare", "germline", (TRIO.members[0], sibling))
    measured = qc(kinship_proband_sibling=kinship)
    found = identity_problems(case, measured, samples(child="male", sib="male"))
    assert found.reasons == ((reason,) if reason else ())


@pytest.mark.parametrize("role, kinship", [("twin", 0.49), ("half-sibling", 0.1), ("half-sibling", 0.03)])
def test_twins_and_half_siblings_may_be_shared(role, kinship):
    other = Member("sib", role, "male", "no", "another")
    case = SharedCase("F2", "wgs_rare", "germline", (TRIO.members[0], other))
    measured = qc(**{f"kinship_proband_{role}": kinship})
    assert identity_problems(case, measured, samples(child="male", sib="male")).reasons == ()


def test_parents_with_the_reads_of_one_person_block():
    sexes = samples(child="male", mum="female", dad="male")
    found = identity_problems(TRIO, qc(*FAMILY, kinship_mother_father=0.5), sexes)
    assert found.reasons == ("the mother and the father have the reads of the same person, or of identical twins",)
