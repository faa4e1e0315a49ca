"""Every folder in tests/cases/import_sheet: sheets of other pipelines, and what becomes of them.

command.txt has the options, expected.txt what a user reads, expected.tsv the new sheet (absent: refused). FASTQ files
that stand in files.txt, one path per line, exist for the test. Add a case by adding a folder.
"""

import csv
import shlex
import shutil
from pathlib import Path

import pytest

from gms.base.problems import Findings
from gms.commands import table
from gms.commands.sheets import import_sheet
from gms.inputs.cases import check_cases, make_cases
from gms.inputs.sample_sheet import read_sheet

CASES = Path(__file__).parents[3] / "cases" / "import_sheet"
NAMES = [path.name for path in sorted(CASES.iterdir()) if path.is_dir()]
OWN = {"command.txt", "expected.txt", "expected.tsv", "files.txt"}
ASSAYS = ["panel_myeloid", "panel_solid", "wgs_cancer", "wgs_rare"]  # a new one changes no expected text
NUMBERS = ("121212-1212", "1212121212", "191212121212")


def lay_out(case: Path, folder: Path) -> list[str]:
    """Put the sheets of a case, and its FASTQ files, into a folder; returns the arguments."""
    for path in case.iterdir():
        if path.name not in OWN:
            shutil.copy(path, folder)
    files = case / "files.txt"
    for name in files.read_text().split() if files.exists() else []:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    return shlex.split((case / "command.txt").read_text())


def imported(arguments: list[str], capsys, monkeypatch) -> str:
    """What a user reads who runs the command."""
    monkeypatch.setattr(import_sheet, "known_assays", lambda project: ASSAYS)
    monkeypatch.setattr(table, "dispatch", lambda name, rest: import_sheet.main(rest))
    table.main(["import-sheet", *arguments])
    said = capsys.readouterr()
    return said.err + said.out


@pytest.mark.parametrize("case", NAMES)
def test_import(case, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    arguments = lay_out(CASES / case, tmp_path)
    output = Path(arguments[arguments.index("--output") + 1])
    output.parent.mkdir(parents=True, exist_ok=True)
    said = imported(arguments, capsys, monkeypatch).replace(str(tmp_path), "<here>")
    assert said == (CASES / case / "expected.txt").read_text()
    assert not any(number in said for number in NUMBERS)
    expected = CASES / case / "expected.tsv"
    assert output.exists() == expected.exists()
    if expected.exists():
        assert output.read_text().replace(str(tmp_path), "<here>") == expected.read_text()
        assert_usable(output, files_exist=(CASES / case / "files.txt").exists())


def assert_usable(sheet: Path, files_exist: bool) -> None:
    """The sheet passes the workflow's own checks, and its paths lead to the files."""
    findings, assays = Findings(), import_sheet.load_assays(Findings())
    table = read_sheet(sheet, sorted(assays), findings)
    check_cases(table.rows, table.sound, assays, sheet, findings)
    findings.raise_if_any()
    samples = [sample for case in make_cases(table.rows, sheet.absolute()).values() for sample in case.samples]
    if files_exist:
        assert all(path.is_file() for s in samples for lane in s.lanes for path in (lane.fastq_1, lane.fastq_2))


@pytest.mark.parametrize("case", [name for name in NAMES if (CASES / name / "expected.tsv").exists()])
def test_every_pair_of_files_is_imported_once(case):
    """Nothing is lost or doubled: as many rows as the source has, less those left out."""
    rows = list(csv.DictReader((CASES / case / "expected.tsv").open(), delimiter="\t"))
    pairs = [tuple(row[column] for column in ("fastq_1", "fastq_2", "bam") if row.get(column)) for row in rows]
    sources = [path.read_text() for path in (CASES / case).iterdir() if path.name not in OWN]
    assert len(set(pairs)) == len(pairs)
    assert all(any(Path(name).name in text for text in sources) for pair in pairs for name in pair)


def test_a_sheet_is_never_written_over(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    arguments = lay_out(CASES / "sarek_pairs", tmp_path)
    (tmp_path / "new.tsv").write_text("mine\n")
    said = imported(arguments, capsys, monkeypatch)
    assert said.startswith("error: new.tsv already exists") and (tmp_path / "new.tsv").read_text() == "mine\n"


@pytest.mark.parametrize("word", ["S1", "S1=parent", "=proband"])
def test_a_role_that_is_none_is_refused(word, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    arguments = lay_out(CASES / "sarek_pairs", tmp_path)
    assert f"--role {word}: write SAMPLE=ROLE" in imported([*arguments, "--role", word], capsys, monkeypatch)
