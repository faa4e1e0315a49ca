"""Viral samples in a sheet: plates with their defaults, and one line for each thing that is wrong."""

import pytest

from gms.base.errors import Problems
from gms.base.project import PROJECT
from gms.inputs.load_run import load_run

COLUMNS = ["case", "sample", "role", "assay", "fastq_1", "fastq_2", "scheme", "plate", "well"]


def load(tmp_path, *rows, **config):
    lines = [COLUMNS, *(row.split(",") for row in rows)]
    (tmp_path / "samples.tsv").write_text("".join("\t".join(line) + "\n" for line in lines))
    return load_run({"samples": "samples.tsv", "gmc": "local"} | config, tmp_path / "run.yaml", PROJECT)


def row(name, role="isolate", scheme="", plate="", well="", assay="sarscov2"):
    return f"{name},{name},{role},{assay},{name}_1.gz,{name}_2.gz,{scheme},{plate},{well}"


def test_plates_with_their_defaults_and_no_human_reference(tmp_path):
    run = load(tmp_path, row("V1", well="A01"), row("NC", "control"), row("V2", plate="P2"))
    assert {name: [one.name for one in plate.samples] for name, plate in run.plates.items()} == {
        "plate1": ["V1", "NC"],
        "P2": ["V2"],
    }
    assert (run.viral_samples["V1"].scheme, run.viral_samples["V1"].well) == ("artic_v3", "A1")
    assert not run.cases and not run.samples and run.reference.fasta is None and list(run.viruses) == ["sarscov2"]


def test_changes_add_schemes_and_keep_the_others(tmp_path):
    change = {"schemes": {"v9": "v9.bed"}, "rules": {"min_depth": 20}, "gates": "viral_gms_artic"}
    run = load(tmp_path, row("V1", scheme="v9"), assays={"sarscov2": change})
    assay = run.viruses["sarscov2"]
    assert list(assay.schemes) == ["artic_v3", "v9"] and assay.schemes["v9"] == tmp_path / "v9.bed"
    assert assay.rules["min_depth"] == 20 and assay.rules["consensus_fraction"] == 0.75
    assert assay.gates[0].unless == {"metric": "consensus_longest_run", "holds": ">= 10000"}


@pytest.mark.parametrize("rows, text", [
    ([row("V1", scheme="artic_v9")], "line 2: unknown primer scheme 'artic_v9' .*add its BED under"),
    ([row("V1", well="Z1")], "line 2: well 'Z1' must be a well from A1 to P24"),
    ([row("V1", well="A1"), row("V2", well="A01")], "line 3: well A01 of plate 'plate1' has sample 'V1' on line 2"),
    ([row("V1", plate="p1"), row("V2", plate="P1")], "line 3: plate 'P1' is 'p1' of assay 'sarscov2' on line 2"),
    ([row("plate")], "line 2: sample 'plate' needs another name"),
    ([row("V1", "tumor")], "role 'tumor' is not part of assay sarscov2"),
    ([row("T", "tumor", assay="wgs_cancer", well="A1")], "well of assay wgs_cancer: only viral assays use them"),
    ([row("T", "tumor", assay="wgs_cancer")], "reference is missing"),
])  # fmt: skip
def test_problems(tmp_path, rows, text):
    with pytest.raises(Problems, match=text):
        load(tmp_path, *rows)


@pytest.mark.parametrize("change, text", [
    ({"gates": "viral_karolinka"}, "unknown list of gates 'viral_karolinka' .*did you mean 'viral_karolinska'"),
    ({"gates": [{"metric": "mixt", "fail": "== true", "why": "x"}]}, "unknown metric 'mixt'"),
    ({"gates": [{"metric": "mixed", "fail": "> 0", "why": "x"}]}, "fail '> 0': mixed is true or false"),
    ({"rules": {"min_dept": 5}}, "unknown key in assays.sarscov2.rules: 'min_dept' .*did you mean 'min_depth'"),
    ({"rules": {"ambiguous_fraction": 0.1}}, "ambiguous_fraction is below 1 - consensus_fraction"),
    ({"callers": ["bcftools"]}, "unknown key in assays.sarscov2: 'callers'"),
    ({"schemes": {"a b": "x.bed"}}, "a b"),
])  # fmt: skip
def test_problems_of_the_assay(tmp_path, change, text):
    with pytest.raises(Problems, match=text):
        load(tmp_path, row("V1"), assays={"sarscov2": change})
