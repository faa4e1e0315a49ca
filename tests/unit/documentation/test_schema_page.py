import json

import pytest

from gms.base.project import PROJECT
from gms.documentation.markdown import table
from gms.documentation.schema_page import as_yaml, schema_blocks

SCHEMA = {
    "description": "A thing.",
    "required": ["name"],
    "properties": {
        "name": {"description": "Its name.", "type": "string", "errorMessage": "may not be empty"},
        "size": {"enum": ["small", "large"], "default": "small"},
        "file": {"$ref": "#/$defs/path", "description": "Its file."},
        "parts": {"type": "array", "items": {"$ref": "#/$defs/part"}},
    },
    "$defs": {
        "path": {"type": ["string", "null"], "errorMessage": "may not contain spaces"},
        "part": {"properties": {"weight": {"type": "number", "description": "In kg | pounds."}}},
    },
}


def test_keys_choices_defaults_rules_and_inner_objects_are_listed():
    text = "\n".join(schema_blocks(SCHEMA))
    assert "| `name` | text | required | Its name. It may not be empty. |" in text
    assert "| `size` | `small`, `large` | default `small` |  |" in text
    assert "| `file` | path |  | Its file. |" in text
    assert "## `parts[]`" in text and "| `weight` | number |  | In kg \\| pounds. |" in text
    assert "| path | text or nothing | It may not contain spaces. |" in text


@pytest.mark.parametrize("path", sorted(PROJECT.glob("workflow/schemas/*.json")), ids=lambda path: path.stem)
def test_every_key_of_every_schema_has_a_row(path):
    schema = json.loads(path.read_text())
    text = "\n".join(schema_blocks(schema))
    assert all(f"| `{name}` |" in text for name in schema["properties"])


def test_cells_stay_on_one_line():
    assert table(("a",), [["x\ny"], [None]]).splitlines()[2:] == ["| x y |", "|  |"]


@pytest.mark.parametrize("value, text", [(True, "true"), (None, "null"), (0, "0"), (1, "1"), ("L001", "L001")])
def test_values_are_written_as_in_yaml(value, text):
    assert as_yaml(value) == text
