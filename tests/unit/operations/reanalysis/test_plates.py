"""Plates in a reanalysis: remade where rules, gates or typing changed, refused where the reads would be needed."""

import json

import pytest

from gms.base.json_tables import write_json
from gms.base.project import PROJECT
from gms.inputs.load_run import load_run
from gms.operations.reanalysis.folder import place_of
from gms.operations.reanalysis.knowledge import Difference
from gms.operations.reanalysis.pages import write_pages
from gms.operations.reanalysis.plate_changes import PlateChanges, compare_plates
from gms.operations.reanalysis.plates import OtherReads, asked_plates, require_same_reads, virus_differences
from gms.report.run_record import virus_facts


def load(folder, change=None, scheme="artic_v3", names=("V1",)):
    rows = [f"{name}\t{name}\tisolate\tsarscov2\t{name}_1.gz\t{name}_2.gz\t{scheme}\tW1\n" for name in names]
    head = "case\tsample\trole\tassay\tfastq_1\tfastq_2\tscheme\tplate\n"
    (folder / "samples.tsv").write_text(head + "".join(rows))
    config = {"samples": "samples.tsv", "gmc": "local", "assays": {"sarscov2": change or {}}}
    return load_run(config, folder / "run.yaml", PROJECT)


@pytest.fixture
def finished(tmp_path):
    """The first run, its record and its results folder."""
    run, results = load(tmp_path), tmp_path / "results"
    for name in ("qc/plates", "qc/viral", "report/viral/W1"):
        (results / name).mkdir(parents=True)
    (results / "report/viral/W1/index.html").touch()
    write_json(results / "qc/plates/W1.json", {})
    write_json(results / "qc/viral/V1.json", {"scheme": "artic_v3"})
    record = {"workflow": {"version": "v1"}, "viruses": {"sarscov2": virus_facts(run.viruses["sarscov2"], {})}}
    record = json.loads(json.dumps(record))
    write_json(results / "run.json", record)
    return run, record, results


def differing(run, record):
    return [tuple(one) for one in virus_differences(run, record)["sarscov2"] if one.what != "workflow"]


def test_the_same_assay_is_no_reason(finished):
    run, record, results = finished
    assert differing(run, record) == [] and [plate.name for plate in asked_plates(run, results)] == ["W1"]
    assert [one.what for one in virus_differences(run, record, True)["sarscov2"]] == ["workflow"]


def test_what_a_plate_rests_on(finished, tmp_path):
    _, record, _ = finished
    assert differing(load(tmp_path, {"rules": {"min_depth": 20}}), record) == [("rule min_depth", "10", "20")]
    assert [what for what, *_ in differing(load(tmp_path, {"gates": "viral_gms_artic"}), record)] == ["gates"]
    assert differing(load(tmp_path, {"pangolin": "run"}), record) == [("pangolin", "none", "run")]
    (tmp_path / "lineages.csv").write_text("taxon,lineage\nV1,B.1\n")
    found = load(tmp_path, {"pangolin": "lineages.csv"})
    [(what, before, after)] = differing(found, record)
    assert (what, before) == ("pangolin", "none") and after.startswith("lineages.csv (")
    record["viruses"]["sarscov2"] = virus_facts(found.viruses["sarscov2"], {})
    assert differing(found, record) == []
    (tmp_path / "lineages.csv").write_text("taxon,lineage\nV1,B.2\n")
    assert [what for what, *_ in differing(found, record)] == ["pangolin"]


def test_pangolin_is_asked_again_since_its_data_are_not_in_the_config(finished, tmp_path):
    run = load(tmp_path, {"pangolin": "run"})
    record = {"workflow": {"version": "v1"}, "viruses": {"sarscov2": virus_facts(run.viruses["sarscov2"], {})}}
    assert differing(run, record) == [("pangolin", "run", "run again")]


def test_what_needs_the_reads_is_refused(finished, tmp_path):
    run, record, results = finished
    folders = place_of(results, "again")
    require_same_reads(run, folders, record)
    with pytest.raises(OtherReads, match="plate W1: trim of assay sarscov2 is false now. A reanalysis starts from"):
        require_same_reads(load(tmp_path, {"trim": False}), folders, record)
    bed = next(iter(run.viruses["sarscov2"].schemes.values())).read_text()
    (tmp_path / "other.bed").write_text(bed.replace("\t+\n", "\t+\n", 1) + "\n")
    other = load(tmp_path, {"schemes": {"artic_v3": "other.bed", "v9": "other.bed"}})
    with pytest.raises(OtherReads, match="primer scheme artic_v3 has other primers"):
        require_same_reads(other, folders, record)
    other = load(tmp_path, {"schemes": {"v9": "other.bed"}}, scheme="v9")
    with pytest.raises(OtherReads, match="sample V1 has primer scheme v9 in the sheet, and had artic_v3"):
        require_same_reads(other, folders, record)


def test_a_plate_with_a_new_sample_is_not_asked(finished, tmp_path):
    assert asked_plates(load(tmp_path, names=("V1", "V2")), finished[2]) == []


def sample(name="V1", verdict="pass", lineage=None, variants=(), marks=()):
    gates = [{"metric": "mixed", "verdict": verdict, "why": "Two genomes."}]
    variants = [{"variant": key, "filter": state, "effect": effect} for key, state, effect in variants]
    return {
        **{"sample": name, "verdict": verdict, "gates": gates, "variants": variants, "clade": None},
        "lineage": {"lineage": lineage, "reason": "" if lineage else "not assigned: no tool"},
        "marks": [{"lineage": one} for one in marks],
        "metrics": {"consensus_n_fraction": 0.01},
    }


def test_new_changed_and_gone(tmp_path, finished):
    before = [sample("V1", lineage="B.1", variants=[("7:A:G", "PASS", "S 1A>1T")]), sample("V2", marks=["A"])]
    after = [
        sample("V1", "fail", "B.2", [("7:A:G", "LOW_DEPTH", ""), ("9:C:T", "PASS", "")]),
        sample("V2", lineage="B.1"),
        sample("V3"),
    ]
    found = compare_plates({"samples": before}, {"samples": after})
    assert [(one.sample, one.kind, one.what, one.before, one.after) for one in found] == [
        ("V3", "new", "sample", "–", "in the sheet"),
        ("V1", "changed", "verdict", "Passed", "Failed: Two genomes."),
        ("V1", "changed", "lineage", "B.1", "B.2"),
        ("V2", "new", "lineage", "not assigned: no tool", "B.1"),
        ("V2", "gone", "list of mutations", "A", "–"),
        ("V1", "gone", "variant 7:A:G", "in the consensus, S 1A>1T", "too few reads: N"),
        ("V1", "new", "variant 9:C:T", "not seen", "in the consensus"),
    ]
    assert compare_plates({"samples": before}, {"samples": before}) == []
    folders = place_of(finished[2], "again")
    folders.after.mkdir(parents=True)
    changed = PlateChanges("W1", "sarscov2", "remade", (Difference("gates", "a", "b"),), tuple(found), ("x", "y"))
    page = write_pages(folders, [], [changed, PlateChanges("W2", "sarscov2", "same")])
    assert 'href="plates/W1.html"' in page.read_text() and "2 plates: 1 remade, 1 with nothing new" in page.read_text()
    assert "Failed: Two genomes." in page.with_name("plates").joinpath("W1.html").read_text()
    assert page.with_name("changes.tsv").read_text().count("\n") == 1 + len(found)
