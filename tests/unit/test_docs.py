"""What the pages tell an operator to type exists."""

import re

import pytest

from gms.base.project import PROJECT
from gms.commands.table import COMMANDS
from gms.operations.run.launch import profiles
from gms.validation.demo_data.cases import CASES

TOP = [PROJECT / "README.md", PROJECT / "CONTRIBUTING.md", PROJECT / "config" / "README.md"]
PAGES = [*TOP, *sorted((PROJECT / "docs").glob("*.md"))]
NEW_CENTRE = (PROJECT / "docs" / "new-centre.md").read_text()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(PROJECT)))
def test_every_command_is_one(page):
    assert set(re.findall(r"\./gms ([a-z][a-z-]*)", page.read_text())) <= set(COMMANDS)


def test_a_new_centre_comes_to_its_first_run_in_six_commands():
    block = NEW_CENTRE.split("```bash\n")[1].split("```")[0].splitlines()
    assert len(block) <= 6 and block[0].startswith("git clone") and "./gms demo --profile" in block[-1]


def test_a_new_centre_sees_as_many_cases_as_the_demo_has():
    assert f"`Demo of {len(CASES)} synthetic cases: all as planned`" in NEW_CENTRE


def test_profiles_to_copy_exist():
    table = NEW_CENTRE.split("| your scheduler |")[1].split("\n\n")[0]
    named = {name for row in table.splitlines()[2:] for name in re.findall(r"`([a-z]+)`", row.split("|")[2])}
    assert len(named) >= 6 and named <= set(profiles())


def test_contributing_names_only_files_that_exist():
    """Files are named by their path from the root or from scripts/gms, or by their name alone."""
    named = re.findall(r"`([a-z_./-]+\.(?:py|md|yaml|yml|json|smk|html))`", (PROJECT / "CONTRIBUTING.md").read_text())
    doors = {"header.py", "variables.py", "report_section.py", "calls.py"}  # of a class of variants
    made = {"run.json"}
    absent = [name for name in named if not [*PROJECT.glob(name), *PROJECT.glob(f"scripts/gms/**/{name}")]]
    assert len(named) > 20 and set(absent) <= doors | made


def test_contributing_lists_every_room_in_the_order_of_imports():
    layers = re.search(r"^layers = \[(.*?)\]", (PROJECT / "pyproject.toml").read_text(), re.DOTALL | re.MULTILINE)[1]
    order = [sorted(re.findall(r"[a-z_]+", layer)) for layer in layers.splitlines() if '"' in layer][::-1]
    table = (PROJECT / "CONTRIBUTING.md").read_text().split("| room | holds |")[1].split("\n\n")[0]
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    assert [sorted(re.findall(r"`([a-z_]+)/`", row)) for row in rows] == order


def test_every_fault_found_by_attack_has_a_test_that_exists():
    named = re.findall(r"`(tests/[^`]+)` \|$", (PROJECT / "docs" / "cases.md").read_text(), re.MULTILINE)
    assert len(named) > 20
    for path, _, function in (name.partition("::") for name in named):
        assert (PROJECT / path).exists(), path
        assert not function or f"\ndef {function}(" in (PROJECT / path).read_text(), function
