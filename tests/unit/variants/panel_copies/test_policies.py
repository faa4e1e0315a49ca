"""The policies of copy number of the panels: what they report, and why not the rest."""

import pytest

from gms.base.project import PROJECT
from gms.filtering.apply import filter_vcf
from gms.filtering.policy import load_policy
from gms.genome.vcf import header_lines, info, open_vcf, write_vcf
from gms.variants.copy_number.header import HEADER
from gms.variants.panel_copies.inherited import in_normals
from gms.variants.panel_copies.records import Copies, Event, record

# Copies with their interval, usual copies, genes -> flags or section, by panel; marks after them.
CASES = [
    ((8.0, 7.0, 9.0), 2, ("ERBB2",), ("amplification", "gain")),
    ((5.9, 5.0, 6.9), 2, ("ERBB2",), ("LowGain", "gain")),
    ((2.2, 2.1, 2.3), 2, ("KMT2A",), ("LowGain", "SlightGain")),
    ((3.5, 3.0, 4.0), 1, ("AR",), ("amplification", "gain")),
    ((0.1, 0.0, 0.3), 2, ("CDKN2A",), ("homozygous_deletion", "homozygous_deletion")),
    ((1.3, 1.0, 1.6), 2, ("TP53",), ("loss", "loss")),
    ((1.6, 1.2, 1.9), 2, ("TP53",), ("SlightLoss", "loss")),
    ((1.3, 0.5, 2.1), 2, ("TP53",), ("Unsure", "Unsure")),
    ((8.0, 7.0, 9.0), 2, (), ("NoTargetedGene", "NoTargetedGene")),
    ((0.0, 0.0, 0.2), 2, ("HLA-A",), ("InNormals", "InNormals"), "IN_NORMALS=0.151"),
    ((8.0, 7.0, 9.0), 2, ("HLA-A",), ("InNormals", "InNormals"), "IN_NORMALS=0.160"),
    ((8.0, 7.0, 9.0), 2, ("HLA-A",), ("amplification", "gain"), "IN_NORMALS=0.150"),
    ((0.0, 0.0, 0.2), 2, ("BRCA1",), ("homozygous_deletion", "homozygous_deletion"), "LESS_IN_NORMAL"),
    ((0.0, 0.0, 0.2), 2, ("BRCA1",), ("InNormal", "InNormal"), "IN_NORMAL"),
    ((0.0, 0.0, 0.2), 2, ("BRCA1",), ("homozygous_deletion", "homozygous_deletion"), "MAY_BE_INHERITED"),
]


# The same with consent, of what the normal shows.
INHERITED = [
    ((1.0, 0.9, 1.1), 2, ("BRCA1", "RUNX1"), ("germline", "germline"), "IN_NORMAL"),
    ((3.0, 2.8, 3.2), 2, ("BRCA2", "TP53"), ("germline", "germline"), "IN_NORMAL"),
    ((1.0, 0.9, 1.1), 2, ("CHEK2",), ("InNormal", "InNormal"), "IN_NORMAL"),
    ((1.3, 1.0, 1.6), 2, ("BRCA1", "TP53"), ("loss", "loss")),
]


@pytest.mark.parametrize("consented, cases", [(False, CASES), (True, CASES[:-2] + INHERITED)])
@pytest.mark.parametrize("at, policy", [(0, "panel_solid_copy_number"), (1, "panel_myeloid_copy_number")])
def test_what_is_reported_of_copy_number(tmp_path, at, policy, consented, cases):
    lines = []
    for number, (shown, usual, genes, _, *marks) in enumerate(cases, 1):
        place = 1_000 * number
        event = Event("chr1", place, place + 500, usual, 9, genes=genes, marks=tuple(marks), purity=0.5)
        lines.append(record(event, "DEL" if shown[0] < usual else "DUP", "A", "cnvkit", Copies(0.0, *shown)))
    path, filtered = tmp_path / "annotated.vcf.gz", tmp_path / "filtered.vcf.gz"
    definitions = f"{HEADER}##gms_parts=none\n"
    write_vcf([*header_lines({"chr1": 248_956_422}, definitions, ["T1"]), *lines], path)
    loaded = load_policy(PROJECT / "config" / "filters" / f"{policy}.yaml", "copy_number")
    filter_vcf(path, loaded, filtered, tmp_path / "reported.vcf.gz", {"tumor": "T1"}, consented=consented)
    with open_vcf(filtered) as records:
        rows = [line.split("\t") for line in records if not line.startswith("#")]
    found = [info(row[7])["SECTION"] if row[6] == "PASS" else row[6] for row in rows]
    assert found == [case[3][at] for case in cases]


@pytest.mark.parametrize(
    "kind, genes, found",
    [
        ("DEL", ("A",), ("IN_NORMALS=0.200",)),
        ("DUP", ("A",), ()),
        ("DEL", ("A", "B"), ("IN_NORMALS=0.100",)),
        ("DEL", ("A", "C"), ()),
        ("DEL", (), ()),
    ],
)
def test_normals_that_show_an_event_show_it_in_each_of_its_genes(kind, genes, found):
    facts = {"normals": 20, "changed": {"A": [4, 1], "B": [2, 0]}}
    assert in_normals(kind, genes, facts) == found
    assert in_normals(kind, genes, {"normals": 20}) == ()
