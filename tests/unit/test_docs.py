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
