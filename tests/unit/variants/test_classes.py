"""A class of variants that is only a room with four doors: its records pass through header, policy and report."""

import pytest

import vcf_format
from gms import variants
from gms.base import results
from gms.base.errors import Problems
from gms.filtering.apply import filter_vcf
from gms.filtering.policy import load_policy
from gms.filtering.variables import variables_of
from gms.genome.vcf import header_lines, open_vcf, read_header, write_vcf
from gms.report.findings import finding
from gms.report.variants import read_filtered
from gms.variants.classes import DOORS, UnknownClass, classes, door

# Tandem repeats, as a made-up caller might print them: contig, position (1-based), units.
ROOM = {
    "__init__": "",
    "calls": """
def call_variants(lines):
    for line in lines:
        contig, pos, units = line.split()
        yield f"{contig}\\t{pos}\\t.\\tA\\t<STR{units}>\\t50\\t.\\tUNITS={units};GENE=FMR1\\tGT\\t0/1\\n"
""",
    "header": """
LINES = (
    '##ALT=<ID=STR,Description="Tandem repeat">',
    '##INFO=<ID=UNITS,Number=1,Type=Integer,Description="Length, repeat units">',
)
""",
    "variables": """
from gms.genome.record_variables import info_field
VARIABLES = (info_field("units", "number", "UNITS", "length, repeat units"),)
""",
    "report_section": """
def finding_type(ref, alt):
    return "expansion"
""",
}
ANNOTATED = [
    "##gms_parts=genes",
    '##INFO=<ID=GENE,Number=1,Type=String,Description="Gene">',
    '##INFO=<ID=POP_AF,Number=1,Type=Float,Description="Allele frequency">',
    '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">',
]
POLICY = """\
title: Repeats
version: "1"
filters:
  - flag: NotExpanded
    when: units < 55
    missing: fail
    why: Premutations begin at 55 repeats.
sections:
  - key: repeats
    title: Repeat expansions
"""
CASE = {"samples": [{"sample": "S1", "role": "proband", "sex": "male"}], "kind": "germline", "callable_depth": 10}


@pytest.fixture
def repeats(tmp_path, monkeypatch):
    """The room, where Python finds it among those of gms.variants."""
    room = tmp_path / "rooms" / "repeats_made_up"
    room.mkdir(parents=True)
    for name, text in ROOM.items():
        (room / f"{name}.py").write_text(text)
    monkeypatch.setattr(variants, "__path__", [*variants.__path__, str(room.parent)])
    yield room.name
    variables_of.cache_clear()


def test_rooms_with_all_doors_are_classes(repeats):
    assert {"small", repeats} <= set(classes())
    assert door(repeats, "header").LINES[0].startswith("##ALT")


def test_a_room_without_a_door_is_none(repeats, tmp_path):
    (tmp_path / "rooms" / repeats / "header.py").unlink()
    with pytest.raises(UnknownClass, match=f"unknown class of variants '{repeats}' .known: .*small"):
        door(repeats, "variables")


def test_every_class_has_what_its_doors_promise():
    for name in classes():
        assert all(door(name, which) for which in DOORS)
        assert all(line.startswith("##") for line in door(name, "header").LINES)
        assert variables_of(name).keys() >= {"chrom", "gene"}


@pytest.mark.parametrize("name", classes())
def test_fields_of_a_class_are_those_of_vcf_4_3(name):
    """Keys that the specification reserves have its number and type."""
    definitions = "\n".join(line.rstrip("\n") for line in door(name, "header").LINES) + "\n"
    lines = "".join(header_lines({"chr1": 90}, definitions, ["S1"])).splitlines()
    assert len(lines) > 10 and list(vcf_format.problems(lines)) == []


def test_records_of_a_class_pass_through_header_policy_and_report(repeats, tmp_path):
    (tmp_path / "repeats.yaml").write_text(POLICY)
    policy = load_policy(tmp_path / "repeats.yaml", repeats)
    annotated, filtered = tmp_path / "annotated.vcf.gz", tmp_path / "filtered.vcf.gz"
    definitions = "\n".join([*door(repeats, "header").LINES, *ANNOTATED]) + "\n"
    calls = door(repeats, "calls").call_variants(["chrX 147912050 30", "chrX 147912051 200"])
    write_vcf([*header_lines({"chrX": 156_040_895}, definitions, ["S1"]), *calls], annotated)
    counts = filter_vcf(annotated, policy, filtered, tmp_path / "reported.vcf.gz", {"proband": "S1"})
    assert counts == {"records": 2, "reported": 1}
    with open_vcf(filtered) as lines:
        assert door(repeats, "header").LINES[1] in read_header(lines)
        assert [line.split("\t")[6] for line in lines] == ["NotExpanded", "PASS"]
    (variant,) = read_filtered(filtered).variants
    found = finding(variant, CASE, "repeats", repeats)
    assert (found["type"], found["genes"], found["section"]) == ("expansion", ["FMR1"], "repeats")


def test_a_policy_may_not_ask_for_what_another_class_has(repeats, tmp_path):
    (tmp_path / "repeats.yaml").write_text(POLICY)
    with pytest.raises(Problems, match="unknown variable 'units'"):
        load_policy(tmp_path / "repeats.yaml")
    (tmp_path / "repeats.yaml").write_text(POLICY.replace("units < 55", "strand_bias > 3"))
    with pytest.raises(Problems, match="unknown variable 'strand_bias'"):
        load_policy(tmp_path / "repeats.yaml", repeats)


def test_the_results_table_holds_paths_of_a_class():
    file = results.ResultFile("annotated_repeats", "annotated/repeats/{case}.vcf.gz", "annotate_repeats")
    assert file.per == "case" and file.at(case="F1") == "annotated/repeats/F1.vcf.gz"
