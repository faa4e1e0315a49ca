"""Typing: by the list of a centre with its mandatory sites, and from files of pangolin; never a guess."""

import json
from zipfile import ZipFile

import pytest

from gms.viral.typing.lineages import (
    NO_TOOL,
    NotDataSet,
    NotPangolin,
    clade,
    lineage,
    nextclade_versions,
    read_nextclade,
    read_pangolin,
)
from gms.viral.typing.marks import marks_problems, projected, read_marks, typed
from gms.viral.typing.plate import Knowledge, plate_record
from made_up_virus import GENOME, RULES

GENES = {"S": [(9, 99)]}
CHANGED = {base: "C" if base != "C" else "T" for base in "ACGT"}


def base(pos):
    return f"{GENOME[pos - 1]}{pos}{CHANGED[GENOME[pos - 1]]}"


def record(name="S1", passed=(), second=(), masked=(), role="isolate", excess=False, **metrics):
    return {
        "sample": name,
        "case": name,
        "role": role,
        "assay": "virus",
        "variants": [{"variant": text, "filter": "PASS", "fraction": 1.0, "depth": 90} for text in passed],
        "second_bases": list(second),
        "second_bases_excess": excess,
        "not_called": list(masked),
        "metrics": {"virus_covered_10x": 0.99, "virus_covered_fraction": 0.99} | metrics,
    }


def snv(pos):
    return f"{pos}:{GENOME[pos - 1]}:{CHANGED[GENOME[pos - 1]]}"


def marks(tmp_path, *rows):
    path = tmp_path / "marks.tsv"
    path.write_text("\n".join(["lineage\tmutation\tmandatory\tmin_alt\tmax_ref", *rows]) + "\n")
    return path


def test_a_lineage_needs_its_mandatory_site(tmp_path):
    rows = [f"A\t{base(200)}\tno\t2\t1", f"A\t{base(300)}\t\t\t", f"B\t{base(200)}\t\t2\t1", f"B\t{base(300)}\t\t\t"]
    path = marks(tmp_path, *rows, f"B\t{base(400)}\tyes\t\t")
    assert list(marks_problems(path, GENOME, GENES)) == []
    sequence = projected(record(passed=[snv(200), snv(300)]), GENOME)
    assert [one["lineage"] for one in typed(sequence, read_marks(path), GENOME, GENES)] == ["A"]
    sequence = projected(record(passed=[snv(200), snv(300), snv(400)]), GENOME)
    assert [one["lineage"] for one in typed(sequence, read_marks(path), GENOME, GENES)] == ["B", "A"]


def test_a_site_that_was_not_read_decides_nothing(tmp_path):
    path = marks(tmp_path, f"A\t{base(200)}\t\t1\t0", f"A\t{base(300)}\t\t\t")
    unread = projected(record(passed=[snv(200)], masked=[[290, 310, "LOW_DEPTH"]]), GENOME)
    assert typed(unread, read_marks(path), GENOME, GENES)[0]["unknown"] == 1
    assert typed(projected(record(passed=[snv(200)]), GENOME), read_marks(path), GENOME, GENES) == []


@pytest.mark.parametrize("sites, alt, masked, is_typed", [
    (1, 1, 0, True), (2, 1, 0, False), (2, 1, 1, True), (3, 1, 0, False), (3, 1, 1, False), (3, 2, 0, True),
    (4, 2, 0, False), (4, 2, 1, True), (6, 4, 0, True), (6, 3, 3, False), (9, 7, 0, True), (9, 6, 0, False),
])  # fmt: skip
def test_a_short_list_without_limits_needs_more_than_one_shared_mutation(tmp_path, sites, alt, masked, is_typed):
    places = range(100, 100 + 50 * sites, 50)
    path = marks(tmp_path, *(f"A\t{base(place)}\t\t\t" for place in places))
    seen = record(
        passed=map(snv, places[:alt]), masked=[[place, place, "LOW_DEPTH"] for place in places[alt : alt + masked]]
    )
    assert bool(typed(projected(seen, GENOME), read_marks(path), GENOME, GENES)) == is_typed


@pytest.mark.parametrize("limits", ["1\t", "\t2"])
def test_limits_of_a_short_list_are_those_of_its_author(tmp_path, limits):
    """One number of three mutations is given; the other one is the general one, not that of a list without numbers."""
    path = marks(tmp_path, f"A\t{base(100)}\t\t{limits}", f"A\t{base(200)}\t\t\t", f"A\t{base(300)}\t\t\t")
    assert typed(projected(record(passed=[snv(100)]), GENOME), read_marks(path), GENOME, GENES)


def test_deletions_and_amino_acids(tmp_path):
    codon = GENOME[9 + 30 : 9 + 33]
    from gms.viral.typing.marks import _CODONS

    other = next(name for name in _CODONS if _CODONS[name] not in (_CODONS[codon], "*") and name[1:] == codon[1:])
    residue = f"S:{_CODONS[codon]}11{_CODONS[other]}"
    path = marks(tmp_path, f"A\t{residue}\t\t2\t0", "A\tdel:501:3\t\t\t")
    assert list(marks_problems(path, GENOME, GENES)) == []
    passed = [f"40:{codon[0]}:{other[0]}", f"500:{GENOME[499:503]}:{GENOME[499]}"]
    assert typed(projected(record(passed=passed), GENOME), read_marks(path), GENOME, GENES)[0]["alt"] == 2


@pytest.mark.parametrize("row, text", [
    (f"A\t{base(200).replace(GENOME[199], CHANGED[GENOME[199]], 1)[:-1]}G\t\t\t", "the reference has not"),
    ("A\tX:A1B\t\t\t", "the assay's genes have no X"),
    ("A\tdel:9999:3\t\t\t", "is not in the genome of 1000 bases"),
    ("A\tN501\t\t\t", "is not understood"),
    (f"\t{base(200)}\t\t\t", "lineage is empty"),
    (f"A\t{base(200)}\tja\t\t", "mandatory 'ja' must be yes or no"),
])  # fmt: skip
def test_a_list_for_another_genome_is_refused_with_its_line(tmp_path, row, text):
    found = list(marks_problems(marks(tmp_path, row), GENOME, GENES))
    assert len(found) == 1 and found[0][0] == 2 and text in found[0][1]


def test_results_of_pangolin(tmp_path):
    path = tmp_path / "lineage_report.csv"
    path.write_text(
        "taxon,lineage,conflict,version,pangolin_version,qc_status,qc_notes,note\n"
        "S1,B.1.1.7,0,PUSHER-v1.38,4.3.1,pass,,\nS2,Unassigned,,PUSHER-v1.38,4.3.1,fail,Ambiguous_content:0.9,\n"
    )
    rows = read_pangolin(path)
    assert lineage("S1", rows)["lineage"] == "B.1.1.7"
    assert lineage("S1", rows)["versions"] == {"version": "PUSHER-v1.38", "pangolin_version": "4.3.1"}
    assert lineage("S2", rows)["lineage"] is None and "Ambiguous_content:0.9" in lineage("S2", rows)["reason"]
    assert "no such taxon" in lineage("S3", rows)["reason"] and lineage("S1", None)["reason"] == NO_TOOL
    with pytest.raises(NotPangolin, match="not a result of Nextclade: its header lacks seqName and clade"):
        read_nextclade(path)


def test_clades_have_the_versions_of_tool_and_data(tmp_path):
    (tmp_path / "version").write_text("nextclade 3.8.2\n")
    with pytest.raises(NotDataSet, match="pathogen.json with a version tag is missing"):
        nextclade_versions(tmp_path / "version", tmp_path)
    (tmp_path / "pathogen.json").write_text(json.dumps({"version": {"tag": "2024-07-17--12-57-03Z"}}))
    versions = nextclade_versions(tmp_path / "version", tmp_path)
    assert versions == {"nextclade": "3.8.2", "nextclade_data": "2024-07-17--12-57-03Z"}
    with ZipFile(tmp_path / "data.zip", "w") as packed:
        packed.write(tmp_path / "pathogen.json", "pathogen.json")
    assert nextclade_versions(tmp_path / "version", tmp_path / "data.zip") == versions
    assert clade("S1", {"S1": {"clade": "20I"}}, versions)["versions"] == versions


GATES = [
    {"metric": "virus_covered_10x", "roles": ("isolate",), "fail": "<= 0.95", "why": "Karolinska."},
    {"metric": "virus_covered_fraction", "roles": ("control",), "warn": "> 0", "fail": "> 0.05", "why": "Control."},
    {"metric": "controls_empty", "roles": ("isolate",), "fail": "== false", "why": "Plate."},
    {"metric": "mixed", "roles": ("isolate",), "fail": "== true", "why": "Mixed."},
]


def judged(*records, **known):
    plate = {"plate": "P1", "rules": RULES}
    return plate_record(plate, records, {}, GATES, Knowledge(GENOME, GENES, **known))


def verdicts(plate):
    return {one["sample"]: one["verdict"] for one in plate["samples"]}


def test_a_failed_control_marks_its_whole_plate():
    control = record("NC", role="control", virus_covered_fraction=0.2)
    plate = judged(record("S1"), record("S2"), control)
    assert plate["verdict"] == "fail" and verdicts(plate) == dict.fromkeys(("S1", "S2", "NC"), "fail")
    assert "Negative control NC holds virus" in plate["why"]
    plate = judged(record("S1"), record("NC", role="control", virus_covered_fraction=0.0))
    assert plate["verdict"] == "pass" and verdicts(plate) == {"S1": "pass", "NC": "pass"}


def test_a_plate_without_control_is_not_assessed():
    plate = judged(record("S1"))
    assert plate["verdict"] == "not_assessed" and verdicts(plate) == {"S1": "pass"}


def test_marks_of_a_second_lineage_are_a_mixture(tmp_path):
    path = marks(tmp_path, f"A\t{base(200)}\t\t2\t0", f"A\t{base(300)}\t\t\t")
    second = [
        {"pos": pos, "base": CHANGED[GENOME[pos - 1]], "main": GENOME[pos - 1], "fraction": 0.1} for pos in (200, 300)
    ]
    plate = judged(record("S1", second=second), marks=read_marks(path))
    (one,) = plate["samples"]
    assert one["metrics"]["mixed"] is True and one["second_marks"][0]["lineage"] == "A" and one["verdict"] == "fail"
    assert one["marks"] == []


def test_what_could_not_be_measured_does_not_pass():
    assert verdicts(judged(record("S1", excess=None))) == {"S1": "not_assessed"}
