"""The demo has a planted variant of each kind that a report must get right."""

import pytest

from demo_world import world
from gms.validation.demo_data.cases import CASES, PLANTED
from gms.validation.demo_data.measures import write_measures

KINDS = {kind for row in PLANTED for kind in row.kind.split("; ")}


@pytest.mark.parametrize(
    "kind",
    [
        *("de novo", "recessive, homozygous", "X-linked, one copy", "pair in trans by the parents"),
        *("pseudodominance", "dominant, of an affected parent"),
        *("pair in trans by fragments", "homozygous from one parent", "parent not informative"),
        *("possible parental mosaicism", "pathogenic, from an unaffected parent", "reduced penetrance"),
        *("joined haplotype of SNVs", "joined haplotype of SNV and indel", "indels that restore the reading frame"),
        *(
            "long duplication",
            "gene of an RNA",
            "allele in two genes",
            "splice site",
            "population record without evidence",
        ),
        *("hotspot allele", "hotspot position", "hotspot allele written to the right", "hotspot at low depth"),
        *("hotspot allele in the panel of normals", "panel of normals at a hotspot position", "rescued by ClinVar"),
        *("tumour pair in cis", "tumour pair in trans", "acquired on an inherited allele"),
        *("also in the normal, enriched in the tumour",),
        *("also in the normal, pathogenic", "rare, may be inherited", "gene that is not analysable"),
        "hotspot allele in molecules",
    ],
)
def test_kind_is_planted(kind):
    assert kind in KINDS


def test_the_list_of_the_control_has_what_is_planted_in_it(tmp_path):
    for name in ("truth", "reference"):
        (tmp_path / name).mkdir()
    write_measures(world().genome, tmp_path)
    rows = [line.split("\t") for line in (tmp_path / "reference" / "expected_panel_ctdna.tsv").read_text().splitlines()]
    planted = {row.gene: row.carriers["ctdna-control"].fraction for row in PLANTED if row.case == "ctdna-control"}
    listed = {row[4].split()[0]: (float(row[5]), float(row[6])) for row in rows[1:]}
    below = {gene for gene, (fraction, tolerance) in listed.items() if planted[gene] < fraction - tolerance}
    assert planted.keys() == listed.keys() and below == {"KRAS"}  # so that a case ends with a warning


def test_each_verdict_is_planned():
    assert {case.verdict for case in CASES} == {"pass", "not_assessed", "warn", "fail"}
