import numpy as np
import pytest
import yaml

from gms.base.project import PROJECT
from gms.qc import gates, relations
from gms.qc.contamination import contamination
from gms.qc.fingerprint import Fingerprint, genotypes

RANDOM = np.random.default_rng(1)
SITES = 1500
AF = RANDOM.uniform(0.1, 0.9, SITES)
BEGIN = RANDOM.bit_generator.state


@pytest.fixture(autouse=True)
def same_numbers_in_any_order():
    """Each test draws the same numbers, whichever tests ran before."""
    RANDOM.bit_generator.state = BEGIN


def person(rng=RANDOM):
    return rng.binomial(1, AF), rng.binomial(1, AF)


def child_of(mother, father):
    pick = RANDOM.integers(0, 2, (2, SITES))
    return np.choose(pick[0], mother), np.choose(pick[1], father)


def fingerprint(dose, depth=60, error=0.0005, lanes=1):
    """Reads over the alt fraction `dose` (0-1) of each site."""
    fraction = dose * (1 - error) + (1 - dose) * error
    alt = RANDOM.binomial(depth, fraction[:, None], (SITES, lanes)).astype(float)
    sites = tuple(("1", number, "A", "C") for number in range(SITES))
    return Fingerprint(sites, AF, tuple(f"L{n}" for n in range(lanes)), depth - alt, alt, np.zeros_like(alt))


def dose(haplotypes):
    return sum(haplotypes) / 2


@pytest.mark.parametrize("share", [0.0, 0.01, 0.03, 0.1, 0.3, 0.5])
@pytest.mark.parametrize("depth", [30, 500])
def test_contamination_is_found(share, depth):
    mixed = (1 - share) * dose(person()) + share * dose(person())
    assert contamination(fingerprint(mixed, depth)) == pytest.approx(share, rel=0.12, abs=0.005)


def test_copy_number_changes_are_not_contamination():
    host = dose(person())
    skewed = np.where(host == 0.5, RANDOM.choice([0.2, 0.33, 0.5, 0.67, 0.8], SITES), host)
    assert contamination(fingerprint(skewed, 500)) <= 0.002


def test_too_few_sites_give_no_estimate():
    assert contamination(fingerprint(dose(person()), depth=9)) is None


def test_genotypes_of_counts():
    counts = np.array([[20, 0], [18, 2], [16, 4], [10, 10], [2, 19], [2, 18], [9, 0]]).T
    assert genotypes(*counts).tolist() == [0, 0, -1, 1, 2, 2, -1]


def family():
    mother, father = person(), person()
    return [
        genotypes(reads.ref[:, 0], reads.alt[:, 0])
        for reads in map(
            fingerprint, map(dose, (mother, father, child_of(mother, father), child_of(mother, father), person()))
        )
    ]


def test_family_relations():
    mother, father, child, sibling, stranger = family()
    assert relations.kinship(mother, mother) == pytest.approx(0.5)
    assert relations.kinship(child, mother) == pytest.approx(0.25, abs=0.04)
    assert relations.kinship(child, sibling) == pytest.approx(0.25, abs=0.05)
    assert abs(relations.kinship(mother, father)) < 0.06
    assert relations.parent_child_concordance(child, father) > 0.995
    assert relations.parent_child_concordance(child, stranger) < 0.8
    assert relations.ibs0(child, mother) < 0.002 < relations.ibs0(child, sibling)


@pytest.mark.parametrize("tubes, expected", [
    ("child mother father", "pass"),
    ("child child father", "fail"),  # the mother's tube has the child's DNA again
    ("child mother child", "fail"),
    ("child mother mother", "fail"),
    ("child sibling father", "fail"),
    ("mother child father", "fail"),  # swapped
    ("child stranger father", "fail"),
    ("of_siblings mother brother", "warn"),  # parents who are related
])  # fmt: skip
def test_tubes_of_a_family_meet_the_limits_of_the_assay(tubes, expected):
    parents = person(), person()
    mother, brother = child_of(*parents), child_of(*parents)
    father, people = person(), {"mother": mother, "brother": brother, "stranger": person()}
    people |= {"father": father, "child": child_of(mother, father), "sibling": child_of(mother, father)}
    people["of_siblings"] = child_of(mother, brother)
    prints = {tube: fingerprint(dose(people[name])) for tube, name in zip("PMF", tubes.split(), strict=True)}
    roles = {"P": "proband", "M": "mother", "F": "father"}
    assert verdict(roles, prints) == expected
    assert verdict(dict(sorted(roles.items())), prints) == expected  # another order of the sheet: father first


@pytest.mark.parametrize("tube, expected", [
    ("sibling", "pass"), ("child", "fail"), ("mother", "warn"), ("father", "warn"),
    ("half", "warn"), ("stranger", "warn"),
])  # fmt: skip
def test_the_tube_of_a_sibling_holds_one(tube, expected):
    mother, father = person(), person()
    people = {"mother": mother, "father": father, "child": child_of(mother, father), "stranger": person()}
    people |= {"sibling": child_of(mother, father), "half": child_of(mother, person())}
    prints = {name: fingerprint(dose(people[who])) for name, who in (("P", "child"), ("S", tube), ("M", "mother"))}
    assert verdict({"P": "proband", "S": "sibling"}, prints) == expected
    with_mother = {"P": "proband", "S": "sibling", "M": "mother"}
    assert verdict(with_mother, prints) == ("fail" if tube == "mother" else expected)


@pytest.mark.parametrize("kind", ["isodisomy", "heterodisomy"])
@pytest.mark.parametrize("number", [50, 150])  # sites, as of chromosome 15, and more than of chromosome 1
def test_uniparental_disomy_does_not_make_the_father_anothers(kind, number):
    mother, father = person(), person()
    child, tube = child_of(mother, father), child_of(mother, father)
    both = (mother[0], mother[int(kind == "heterodisomy")])
    for own, parental in zip(child, both, strict=True):
        own[:number] = parental[:number]
    contigs = [f"chr{site // number}" for site in range(SITES)]
    roles = {"P": "proband", "M": "mother", "F": "father"}
    people = {"P": child, "M": mother, "F": father}
    prints = {name: on(contigs, fingerprint(dose(one))) for name, one in people.items()}
    metrics = relations.case_metrics(roles, prints)
    assert metrics["ibs0_proband_father"] < 0.005 and metrics["parent_child_father_concordance"] > 0.99
    assert verdict(roles, prints) == "pass"
    for wrong in (tube, person()):
        prints["F"] = on(contigs, fingerprint(dose(wrong)))
        assert verdict(roles, prints) == "fail"


def on(contigs, reads):
    """The fingerprint with its sites on these contigs."""
    sites = tuple((contig, *site[1:]) for contig, site in zip(contigs, reads.sites, strict=True))
    return Fingerprint(sites, reads.af, reads.lanes, reads.ref, reads.alt, reads.other)


def verdict(roles, prints):
    """Of the relations of a family, by the limits of wgs_rare; prints: sample -> fingerprint."""
    limits = yaml.safe_load((PROJECT / "config" / "assays" / "wgs_rare.yaml").read_text())["gates"]
    found = gates.evaluate(relations.case_metrics(roles, prints), limits, None, roles)
    return gates.worst(gate["verdict"] for gate in found)


def test_tumor_and_normal_of_one_person_agree_despite_loss():
    host, stranger = dose(person()), dose(person())
    tumor = np.where((host == 0.5) & (RANDOM.random(SITES) < 0.5), 0.95, host)
    normal, other = fingerprint(host).genotypes(), fingerprint(stranger).genotypes()
    assert relations.tumor_normal_concordance(fingerprint(tumor).genotypes(), normal) > 0.99
    assert relations.tumor_normal_concordance(fingerprint(tumor).genotypes(), other) < 0.6


@pytest.mark.parametrize("sites, low, high", [(SITES, 0.0884, 0.177), (219, 0.02, 0.204)])
def test_half_siblings_lie_within_the_limits_of_the_assay(sites, low, high):
    """The limits of config/assays/wgs_rare.yaml hold with few sites too, those of KING with many."""
    values = []
    for _ in range(10):
        mother = person()
        first, second = (fingerprint(dose(child_of(mother, person())), depth=28).genotypes() for _ in range(2))
        values.append(relations.kinship(first[:sites], second[:sites]))
    assert low < np.median(values) < high
    assert sum(low < value < high for value in values) >= 8


def test_a_foreign_lane_is_seen():
    one, other = fingerprint(dose(person()), lanes=2), fingerprint(dose(person()))
    assert relations.lane_concordance(other) is None
    assert relations.lane_concordance(one) > 0.99
    three = Fingerprint(
        one.sites,
        AF,
        ("L1", "L2", "L3"),
        *(np.hstack([getattr(one, name), getattr(other, name)]) for name in ("ref", "alt", "other")),
    )
    assert relations.lane_concordance(three) < 0.6


def test_case_metrics_are_named_by_role_and_by_sample_where_a_role_repeats():
    mother = fingerprint(dose(person()))
    prints = dict.fromkeys(("P", "M", "S1", "S2"), mother)
    roles = {"P": "proband", "M": "mother", "S1": "sibling", "S2": "sibling"}
    metrics = relations.case_metrics(roles, prints)
    assert list(metrics)[:3] == ["parent_child_mother_concordance", "kinship_proband_mother", "ibs0_proband_mother"]
    assert "kinship_S1_S2" in metrics
    pair = relations.case_metrics({"P": "tumor", "M": "normal"}, prints)
    assert pair == {"tumor_normal_concordance": 1.0}


def test_without_sites_nothing_is_claimed():
    empty = Fingerprint((), np.array([]), (), *(np.zeros((0, 0)) for _ in range(3)))
    assert contamination(empty) is None
    assert relations.case_metrics({"A": "tumor", "B": "normal"}, {"A": empty, "B": empty}) == {
        "tumor_normal_concordance": None
    }
