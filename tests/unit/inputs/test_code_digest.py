import ast
import re
from pathlib import Path

import pytest

from gms.inputs.code_digest import SCRIPTS, code_digest, content, needed
from gms.variants.classes import classes
from statements import statements

FILES = {
    "align.py": "from gms.job import logged\nfrom gms.reads import (\n    align,\n    Lane,\n)\n",
    "gms/__init__.py": "",
    "gms/job.py": "",
    "gms/reads.py": "def late():\n    from gms.sheet import rows\n",
    "gms/sheet.py": "",
    "gms/other.py": "import gms.report.words\n",
    "gms/report/__init__.py": "",
    "gms/report/words.py": "from gms import job\n",
    "gms/report/case.css": "",
}


@pytest.fixture
def scripts(tmp_path):
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


def digest_after_editing(scripts: Path, script: str, edited: str) -> str:
    with (scripts / edited).open("a") as file:
        file.write("# new\n")
    content.cache_clear()
    needed.cache_clear()
    return code_digest(script, scripts=scripts)


@pytest.mark.parametrize("edited", ["align.py", "gms/job.py", "gms/reads.py", "gms/sheet.py"])
def test_digest_changes_with_all_code_that_the_script_runs(scripts, edited):
    before = code_digest("align.py", scripts=scripts)
    assert digest_after_editing(scripts, "align.py", edited) != before


@pytest.mark.parametrize("edited", ["gms/other.py", "gms/report/words.py", "gms/report/case.css"])
def test_digest_keeps_when_other_code_changes(scripts, edited):
    before = code_digest("align.py", scripts=scripts)
    assert digest_after_editing(scripts, "align.py", edited) == before


@pytest.mark.parametrize("edited", ["gms/report/words.py", "gms/report/case.css", "gms/job.py"])
def test_digest_follows_whole_modules_and_data_beside_them(scripts, edited):
    before = code_digest("gms/other.py", scripts=scripts)
    assert digest_after_editing(scripts, "gms/other.py", edited) != before


def test_digest_follows_the_doors_of_variant_classes(scripts):
    (scripts / "gms/variants/small").mkdir(parents=True)
    (scripts / "gms/variants/small/variables.py").write_text("")
    (scripts / "gms/variants/small/header.py").write_text("")
    (scripts / "filter.py").write_text('known = door(variants, "variables")\n')
    before = code_digest("filter.py", scripts=scripts)
    assert digest_after_editing(scripts, "filter.py", "gms/variants/small/header.py") == before
    assert digest_after_editing(scripts, "filter.py", "gms/variants/small/variables.py") != before


def modules_by_ast(path: Path) -> set[Path]:
    """What Python itself would import of gms, found the slow way."""
    names = set()
    for node in statements(path.read_text()):
        if isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
    doors = re.findall(r'door\(\w+, "(\w+)"\)', path.read_text())
    names |= {f"gms.variants.{name}.{door}" for door in doors for name in classes()}
    places = [SCRIPTS.joinpath(*name.split(".")) for name in names if name.split(".")[0] == "gms"]
    return {file for place in places for file in (place.with_suffix(".py"), place / "__init__.py") if file.is_file()}


def test_imports_are_those_that_python_sees():
    paths = list(SCRIPTS.rglob("*.py"))
    found = {path: {file for file in needed(SCRIPTS, path) if file.suffix == ".py"} for path in paths}
    assert [str(path) for path in paths if found[path] != modules_by_ast(path)] == []
    assert len(paths) > 700


def test_a_file_is_read_once_by_all_digests_of_a_process():
    content.cache_clear()
    needed.cache_clear()
    for script in SCRIPTS.glob("*.py"):
        code_digest(script.name)
    reads, files = content.cache_info().misses, sum(path.is_file() for path in SCRIPTS.rglob("*"))
    assert 100 < reads <= files
