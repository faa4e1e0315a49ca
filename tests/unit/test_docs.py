"""What the pages tell an operator to type exists."""

import re

import pytest

from gms.base.project import PROJECT
from gms.commands.table import COMMANDS
from gms.operations.run.launch import profiles

PAGES = [PROJECT / "README.md", *sorted((PROJECT / "docs").glob("*.md"))]
NEW_CENTRE = (PROJECT / "docs" / "new-centre.md").read_text()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_is_one(page):
    assert set(re.findall(r"\./gms ([a-z][a-z-]*)", page.read_text())) <= set(COMMANDS)


def test_a_new_centre_comes_to_its_first_run_in_six_commands():
    block = NEW_CENTRE.split("```bash\n")[1].split("```")[0].splitlines()
    assert len(block) <= 6 and block[0].startswith("git clone") and "./gms demo --profile" in block[-1]


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


def test_contributing_lists_every_room():
    layers = re.search(r"^layers = \[(.*?)\]", (PROJECT / "pyproject.toml").read_text(), re.DOTALL | re.MULTILINE)[1]
    rooms = re.findall(r"[a-z_]+", layers)
    text = (PROJECT / "CONTRIBUTING.md").read_text()
    assert [room for room in rooms if f"`{room}/`" not in text] == []


def test_every_fault_found_by_attack_has_a_test_that_exists():
    named = re.findall(r"`(tests/[^`]+)` \|$", (PROJECT / "docs" / "cases.md").read_text(), re.MULTILINE)
    assert len(named) > 20
    for path, _, function in (name.partition("::") for name in named):
        assert (PROJECT / path).exists(), path
        assert not function or f"\ndef {function}(" in (PROJECT / path).read_text(), function
