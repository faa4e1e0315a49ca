"""Which sex chromosomes the members of a case are taken to have."""

import json
from pathlib import Path

import pytest

from gms.annotation.commands import family_quality, members_of
from gms.families.info_fields import Family
from gms.families.relatives import sex_of
from gms.genome.vcf import info
from gms.inputs.run_model import Case, Lane, Sample

READS = Lane("L001", Path("a_1.fq.gz"), Path("a_2.fq.gz"), 2)
CALLS = Lane("L001", None, None, 2, vcf=Path("a.vcf.gz"))


def case_of(*roles, lane=READS):
    made = (Sample(role, "C", role, "a", "unknown", "unknown", None, "", None, (lane,)) for role in roles)
    return Case("C", "a", tuple(made))


def measured(folder, **metrics):
    """Quality of each sample: (sex_inferred, sex_chromosomes)."""
    for name, (sex, chromosomes) in metrics.items():
        record = {"metrics": {"sex_inferred": sex, "sex_chromosomes": chromosomes}}
        (folder / f"{name}.qc.json").write_text(json.dumps(record))
    return [folder / f"{name}.qc.json" for name in metrics]


@pytest.mark.parametrize(
    ("stated", "measures", "used"),
    [
        ("unknown", ("female", "XX"), "XX"),
        ("unknown", ("male", "XY"), "XY"),
        ("female", ("male", "XY"), "XY"),  # a swap, or a woman with a Y: a gate of its own
        ("female", ("female", "X"), "X"),
        ("male", ("male", "XXY"), "XXY"),
        ("female", ("female", "unclear"), "female"),  # 45,X in half of the cells
        ("unknown", ("female", "unclear"), "female"),
        ("female", ("female", None), "female"),  # an exome
        ("female", (None, None), "female"),  # from a VCF
    ],
)
def test_measured_sex_chromosomes_come_before_the_sex_of_the_sheet(tmp_path, stated, measures, used):
    [member] = members_of([("proband", stated, "yes")], measured(tmp_path, child=measures))
    assert member == ("proband", used, "yes")


def test_without_measures_the_sheet_is_used():
    [member] = members_of([("proband", "male", "yes")], [])
    assert member == ("proband", "male", "yes")


def test_only_families_with_reads_wait_for_their_quality():
    assert family_quality(case_of("proband", "mother")) == ["qc/proband.qc.json", "qc/mother.qc.json"]
    assert family_quality(case_of("proband", lane=CALLS)) == family_quality(case_of("tumor", "normal")) == []


@pytest.mark.parametrize(
    ("child", "genotype", "modes"),
    [
        (("female", "X"), "1", "x_linked_recessive,x_linked_dominant"),
        (("male", "XY"), "1", "x_linked_recessive,x_linked_dominant"),
        (("female", "XX"), "1/1", "one_parent,x_linked_dominant,compound"),
        (("male", "XXY"), "1/1", "x_linked_recessive,x_linked_dominant"),
    ],
)
def test_an_allele_on_x_of_a_child_without_a_sex_in_the_sheet(tmp_path, child, genotype, modes):
    quality = measured(tmp_path, proband=child, mother=("female", "XX"), father=("male", "XY"))
    roles = (("proband", "yes"), ("mother", "no"), ("father", "no"))
    members = members_of([(role, "unknown", affected) for role, affected in roles], quality)
    assert [sex_of(member) for member in members[1:]] == ["XX", "XY"]
    columns = ["1/1:0,30:30:90", "0/1:15,15:30:99", "0/0:30,0:30:99"]
    fields = ["chrX", "5000000", ".", "A", "T", "60", ".", "RPT=1", "GT:AD:DP:GQ", *columns]
    made = Family(members, {"chrX": 156_040_895}, frozenset()).annotated(fields, ["G"])
    assert (made[9].partition(":")[0], info(made[7])["MODES"]) == (genotype, modes)
