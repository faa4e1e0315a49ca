"""Format and lint of the code and of the rules; every finding is an error."""

import ast
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

import forked_snakemake
from gms.base.project import PROJECT
from statements import statements

CODE = ["gms", "scripts", "tests"]
RULES = [str(path.relative_to(PROJECT)) for path in sorted(PROJECT.glob("workflow/**/*.smk"))] + ["workflow/Snakefile"]
CHECKS = {
    "ruff": ["ruff", "check", "--no-cache", *CODE],
    "ruff format": ["ruff", "format", "--no-cache", "--check", "--diff", *CODE],
    "snakefmt": ["snakefmt", "--check", "--diff", *RULES],
}


@pytest.mark.parametrize("name", CHECKS)
def test_style(name):
    run = subprocess.run([sys.executable, "-m", *CHECKS[name]], cwd=PROJECT, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr


def test_rooms_import_only_from_rooms_below_them():
    """The layers stand in pyproject.toml."""
    variables = {**os.environ, "PYTHONPATH": "scripts"}
    command = [Path(sys.executable).with_name("lint-imports"), "--no-cache"]
    run = subprocess.run(command, cwd=PROJECT, env=variables, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr


def test_no_module_lies_outside_a_room_and_no_room_is_crowded():
    assert [path.name for path in (PROJECT / "scripts" / "gms").glob("*.py")] == ["__init__.py"]
    rooms = Counter(path.parent for path in PROJECT.glob("scripts/gms/**/*.py") if path.name != "__init__.py")
    crowded = {str(room.relative_to(PROJECT / "scripts" / "gms")) for room, modules in rooms.items() if modules > 12}
    assert crowded == set()


def test_snakemake_lint(configfile):
    command = ["snakemake", "--snakefile", "workflow/Snakefile", "--lint"]
    command += ["--profile", "profiles/base", "--profile", "profiles/ci", "--configfile", str(configfile)]
    run = forked_snakemake.planned(command)
    assert "Lints for" in run.stdout or "Congratulations" in run.stdout, run.stdout
    assert findings(run.stdout) == []


def findings(output: str) -> list[str]:
    """What snakemake --lint found."""
    found, where = [], ""
    for line in output.splitlines():
        if line.startswith("Lints for "):
            where = line.removeprefix("Lints for ")
        elif line.startswith("    * "):
            found.append(f"{where} {line[6:]}")
    return found


def test_length():
    """Modules of 250 lines and functions of 25 at most, as they fit a screen."""
    texts = {path: path.read_text() for path in PROJECT.glob("scripts/**/*.py")}
    assert [str(path) for path, text in texts.items() if text.count("\n") > 250] == []
    nodes = ((path.name, node) for path, text in texts.items() for node in statements(text))
    kinds = ast.FunctionDef | ast.AsyncFunctionDef
    functions = [(name, one.name, one.end_lineno - one.lineno) for name, one in nodes if isinstance(one, kinds)]
    assert [found for found in functions if found[2] >= 25] == []
    assert len(functions) > 3000


def test_data_files_are_cases_or_resources():
    """A file that a run left in the clone is not kept."""
    listed = subprocess.run(["git", "ls-files"], cwd=PROJECT, capture_output=True, text=True, check=True).stdout
    endings = (".gz", ".tbi", ".csi", ".vcf", ".bcf", ".bam", ".cram", ".fa", ".fai", ".bed", ".fastq")
    data = [path for path in listed.splitlines() if path.endswith(endings)]
    assert [path for path in data if not path.startswith(("tests/cases/", "resources/"))] == []
    assert data


@pytest.mark.parametrize("path, limit", [("workflow/Snakefile", 60), ("workflow/rules/common.smk", 120)])
def test_length_of_wiring(path, limit):
    assert (PROJECT / path).read_text().count("\n") <= limit
