import pytest

from gms.base.errors import Problems
from gms.base.problems import Findings
from gms.inputs.user_tables import table_rows


def rows(path, text):
    path.write_text(text)
    findings = Findings()
    found = table_rows(path, ("name", "value", "note"), ("name", "value"), findings)
    findings.raise_if_any()
    return found


def test_cells_that_an_editor_cut_off_or_added_are_empty(tmp_path):
    found = rows(tmp_path / "table.csv", "value,name,note\n 1 ,a\n\n2,b,c,,\n")
    assert found == [(2, {"value": "1", "name": "a", "note": ""}), (4, {"value": "2", "name": "b", "note": "c"})]


@pytest.mark.parametrize("text, problem", [
    ("name,value\na,1\nb,0,5\n", "line 3: has 3 cells, but the header has 2 columns"),  # 0.5 with a decimal comma
    ("name,value,name\na,1,b\n", "line 1: column 'name' occurs 2 times; keep one"),
    ("name,valu\na,1\n", "line 1: unknown column 'valu', and column 'value' is missing; rename it if that is meant"),
])  # fmt: skip
def test_tables_that_would_be_misread(tmp_path, text, problem):
    with pytest.raises(Problems, match=problem):
        rows(tmp_path / "table.csv", text)
