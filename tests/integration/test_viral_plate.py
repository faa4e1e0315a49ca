"""The demo's plate of a made-up virus from FASTQ files to the hand-over: everything is found as planned."""

import gzip
import json
from random import Random

import pytest
import yaml

import runs
from gms.base.project import PROJECT
from gms.commands.demo import plate_summary
from gms.inputs.load_run import read_run
from gms.validation.demo_virus.plate import PLATE, write_plate
from gms.viral.explain.position import explain_position


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo")
    write_plate(folder)
    human = "".join(Random(3).choices("ACGT", k=20_000))
    (folder / "human.fa").write_text(f">chr1\n{human}\n")
    config = yaml.safe_load((folder / "plate.yaml").read_text())
    (folder / "plate.yaml").write_text(yaml.safe_dump(config | {"reference": {"name": "made up", "fasta": "human.fa"}}))
    run = runs.gms("run", "--profile", "local", "--configfile", folder / "plate.yaml")
    assert run.returncode == 0, run.stdout
    assert "line 6: sample 'DV-second' has no SmiNet id; it is held back from the hand-over" in run.stdout
    return folder


def test_everything_is_found_as_planned(demo):
    lines, as_planned = plate_summary(demo)
    assert as_planned, "\n".join(lines)


def test_what_passed_is_handed_over(demo):
    results = demo / "results_plate"
    record = json.loads((results / "handover" / f"{PLATE}.json").read_text())
    assert [one["sample"] for one in record["handed_over"]] == ["DV-clean", "DV-dropout"]
    held = {one["sample"]: one["reason"] for one in record["held_back"]}
    assert held["DV-second"] == "line 6: has no SmiNet id" and held["DV-control"] == "a control"
    reads = sorted((results / "handover" / PLATE / "rawdata").iterdir())
    ids = ("26DV000001_01_SE100", "26DV000002_12_SE600")
    assert [path.name for path in reads] == [f"{name}_{mate}.fastq.gz" for name in ids for mate in (1, 2)]
    with gzip.open(reads[0], "rt") as lines:
        assert lines.readline() == "@1\n"


def test_samples_are_typed_by_the_list_of_mutations(demo):
    plate = json.loads((demo / "results_plate" / "qc" / "plates" / f"{PLATE}.json").read_text())
    marks = {one["sample"]: [mark["lineage"] for mark in one["marks"]] for one in plate["samples"]}
    assert marks["DV-clean"] == ["Demo.1"] and marks["DV-dropout"] == marks["DV-second"] == ["Demo.2"]
    assert all(one["lineage"]["lineage"] is None for one in plate["samples"])  # no pangolin: not assigned


@pytest.mark.parametrize("place, said", [
    ("3500", "consensus N: fewer reads than the minimum depth (LOW_DEPTH, 3367-3608)"),
    ("3500", "amplicon demo_v1_12 is lost: median depth 0"),
    ("synthetic-1:6001", "consensus deleted: a deletion passes here"),
    ("701", "under primer demo_v1_2_RIGHT: only reads of neighbouring amplicons count here"),
])  # fmt: skip
def test_why_names_the_rule_behind_a_base(demo, place, said):
    answer = explain_position(read_run(demo / "plate.yaml"), "DV-dropout", place)
    assert any(said in line for line in answer)


def test_another_virus_is_another_assay_file():
    """Nothing in the code knows the made-up virus, or SARS-CoV-2."""
    for path in (PROJECT / "scripts" / "gms" / "viral").rglob("*.py"):
        assert "NC_045512" not in path.read_text() and "sarscov2" not in path.read_text(), path
