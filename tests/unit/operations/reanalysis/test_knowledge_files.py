"""Whether a file of knowledge is another one than that of the first analysis."""

import pytest

from gms.operations.reanalysis.knowledge import file_difference
from gms.report.run_record import file_facts

EARLIER = {"file": "repeats.tsv", "bytes": 4, "index_sha256": None}  # before digests of files without an index


@pytest.mark.parametrize("before, text, differs", [
    ("HTT\n", "HTT\n", False),
    ("HTT\n", "ATN\n", True),  # of the same size
    (None, "HTT\n", True),
])  # fmt: skip
def test_a_table_without_an_index_is_known_by_its_content(tmp_path, before, text, differs):
    records = []
    for name, content in (("first", before), ("then", text)):
        (tmp_path / name).write_text(content or "")
        records.append(file_facts(tmp_path / name, small=False) if content else None)
    assert bool(list(file_difference("catalogue of repeats", *records))) is differs


@pytest.mark.parametrize("text, differs", [("HTT\n", False), ("HTT1\n", True)])
def test_what_an_earlier_version_recorded_is_compared(tmp_path, text, differs):
    (tmp_path / "repeats.tsv").write_text(text)
    found = list(file_difference("catalogue of repeats", EARLIER, file_facts(tmp_path / "repeats.tsv", small=False)))
    assert bool(found) is differs
