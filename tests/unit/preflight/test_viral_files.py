"""Files of a viral assay that do not fit each other, and rows of the laboratory's table: one line each."""

import gzip

import pytest

from gms.base.errors import Problems
from gms.base.problems import Findings
from gms.base.project import PROJECT
from gms.inputs.load_run import load_run
from gms.preflight.check_run import check_inputs
from gms.preflight.viral_files import check_viruses
from made_up_virus import GENOME, write_files

HEAD = "sample\tsminet_id\tregion\tlaboratory\n"
SHEET = "case\tsample\trole\tassay\tfastq_1\tfastq_2\tscheme\nS1\tS1\tisolate\tsarscov2\ta_1.gz\ta_2.gz\tv\n"


def load(folder, **change):
    files = write_files(folder)
    (folder / "samples.tsv").write_text(SHEET)
    schemes = {"v": "v.bed", "artic_v3": "v.bed"}
    assay = {"genome": "genome.fa", "aliases": ["virus", "alias1"], "genes": "genes.gff3", "schemes": schemes}
    config = {"samples": "samples.tsv", "gmc": "local", "assays": {"sarscov2": assay | change}}
    return files, lambda: load_run(config, folder / "run.yaml", PROJECT)


def lines(run, **more):
    findings = Findings()
    check_viruses(run, findings, **more)
    return [(problem.source.rsplit("/")[-1], problem.line, problem.text) for problem in findings.problems]


def test_files_of_one_virus_are_no_problem(tmp_path):
    run = load(tmp_path)[1]()
    assert lines(run) == []
    (tmp_path / "genome.fa").write_text(f">virus 5'->3'\n{GENOME}\n")
    assert lines(run) == []


@pytest.mark.parametrize("file, text, said", [
    ("v.bed", "chr1\t5\t9\tv_1_LEFT\t1\t+\n", (1, "contig 'chr1' is not that of the virus (virus or alias1): a BED")),
    ("genome.fa", f">a\n{GENOME}\n>b\nACGT\n", (None, "has 2 sequences; the genome of a viral assay is one contig")),
    ("genes.gff3", "chr1\tx\tCDS\t1\t9\t.\t+\t0\tID=a\n", (1, "contig 'chr1' is not that of the virus")),
    ("genes.gff3", "virus\tx\tCDS\t1\t9999\t.\t+\t0\tID=a\n", (1, "end 9999 is beyond the genome of 1000 bases")),
])  # fmt: skip
def test_files_of_another_virus(tmp_path, file, text, said):
    files, run = load(tmp_path)
    files[file].write_text(text)
    [(source, line, shown)] = lines(run())
    assert (source, line) == (file, said[0]) and said[1] in shown


def test_tables_of_typing(tmp_path):
    for name, text in (("m.tsv", "lineage\tmutation\nA\tN501\n"), ("p.csv", "a,b\n1,2\n")):
        (tmp_path / name).write_text(text)
    found = lines(load(tmp_path, marks="m.tsv", pangolin="p.csv", nextclade="run")[1](), has_other_tools=True)
    assert [(source, line) for source, line, _ in found] == [("run.yaml", None), ("m.tsv", 2), ("p.csv", None)]
    assert "nextclade: run needs nextclade_dataset" in found[0][2] and "is not a result of pangolin" in found[2][2]


def test_records_of_earlier_plates(tmp_path):
    for name, text in (("a.json", '{"plate": "P", "samples": []}'), ("b.json", "[]"), ("c.json", "lineage\n")):
        (tmp_path / name).write_text(text)
    found = lines(load(tmp_path, earlier=["a.json", "b.json", "c.json"])[1]())
    assert [(source, line) for source, line, _ in found] == [("b.json", None), ("c.json", None)]
    assert "is not the record of a plate; give  qc/plates/{plate}.json" in found[0][2]


def test_a_typing_tool_that_is_not_there_is_a_warning(tmp_path, monkeypatch, capsys):
    run = load(tmp_path, pangolin="run")[1]()
    monkeypatch.setenv("PATH", str(tmp_path))
    assert lines(run, has_other_tools=True) == [] and capsys.readouterr().err == ""
    assert lines(run) == []
    assert "warning: assay sarscov2 runs pangolin, which is not on the PATH here" in capsys.readouterr().err


@pytest.mark.parametrize("row, said", [
    ("S1\t\t01\tSE100\n", "line 2: sample 'S1' has no SmiNet id; it is held back from the hand-over"),
    ("S1\t26CS000001\t99\tSE100\n", "line 2: sample 'S1' has region code '99', which is not one of 01, 03"),
])  # fmt: skip
def test_rows_of_the_laboratory_that_hold_a_sample_back(tmp_path, capsys, row, said):
    (tmp_path / "laboratory.tsv").write_text(HEAD + row)
    assert lines(load(tmp_path, laboratory="laboratory.tsv")[1]()) == []
    shown = capsys.readouterr().err
    assert said in shown and shown.count("\n") == 1


def test_no_reads_are_a_result_but_one_mate_without_reads_is_not(tmp_path):
    run = load(tmp_path)[1]
    for mate in (1, 2):
        (tmp_path / f"a_{mate}.gz").write_bytes(gzip.compress(b""))
    check_inputs(run())
    (tmp_path / "a_2.gz").write_bytes(gzip.compress(b"@r\nACGT\n+\nFFFF\n"))
    with pytest.raises(Problems, match="line 2: fastq_1 'a_1.gz' holds no reads"):
        check_inputs(run())
