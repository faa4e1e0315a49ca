"""Drafts through the workflow's own checks of a sheet, as if they stood on the lines of their source."""

import csv
import io
import re
import tempfile
from pathlib import Path

from gms.base.problems import Findings
from gms.inputs.cases import check_cases
from gms.inputs.importers.draft import COLUMNS, Draft
from gms.inputs.run_model import Assay
from gms.inputs.sample_sheet import read_sheet

# Left empty only after a problem of the source's own was noted.
SAID = {"role is empty", "assay is empty", "fastq_1 is empty", "fastq_2 is empty"}
SAID |= {"fastq_1 and fastq_2 must both be given", "case is empty", "sample is empty", "lane is empty"}

NAME = re.compile(r"(case|sample|lane) '.*' may only contain")  # said with the name that it would be given
TWICE = ("holds a personal number", "a case has one")


def check(drafts: list[Draft], assays: dict[str, Assay], findings: Findings) -> None:
    """Note all that `gms run` would find wrong with the sheet itself, with the lines of the source."""
    if not drafts:
        return
    source = drafts[0].path
    with tempfile.TemporaryDirectory() as folder:
        sheet, own = Path(folder) / "samples.tsv", Findings()
        sheet.write_text(_on_their_lines(drafts))
        table = read_sheet(sheet, sorted(assays), own)
        check_cases(table.rows, table.sound, assays, sheet, own)
    told: dict[int | None, list[str]] = {}
    for known in findings.problems:
        told.setdefault(known.line, []).append(known.text)
    for problem in own.problems:
        here = told.get(problem.line, [])
        if problem.text not in SAID and not NAME.match(problem.text) and not _is_told(problem.text, here):
            findings.add(source, problem.line, problem.text)


def _is_told(text: str, here: list[str]) -> bool:
    """Whether a problem of the same kind was noted on this line, in the words of the source."""
    return any(kind in text and any(kind in known for known in here) for kind in TWICE)


def text(drafts: list[Draft]) -> str:
    """The sheet as it is written: tab-separated, without optional columns in which nothing stands."""
    optional = [column for column in COLUMNS[6:] if any(getattr(draft, column) for draft in drafts)]
    return _rows([*COLUMNS[:6], *optional], drafts)


def _rows(columns: list[str], drafts: list[Draft]) -> str:
    file = io.StringIO()
    writer = csv.writer(file, delimiter="\t", lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([getattr(draft, column) for column in columns] for draft in drafts)
    return file.getvalue()


def _on_their_lines(drafts: list[Draft]) -> str:
    """The same, with empty lines before each row up to its line in the source: problems then name that line."""
    lines = ["\t".join(COLUMNS)]
    for draft in drafts:
        row = " ".join(_rows(list(COLUMNS), [draft]).splitlines()[1:])  # a cell may hold line breaks
        lines += [""] * (draft.line - 1 - len(lines)) + [row]
    return "\n".join(lines) + "\n"
