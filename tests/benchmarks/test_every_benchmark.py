"""Every benchmark starts, and what it calls exists: most of them are run by hand only, and would break unseen."""

import importlib
from types import ModuleType

import pytest

from called_functions import misfits
from gms.base.project import PROJECT
from gms.commands import benchmark

PACKAGES = {f"gms.validation.{name}": PROJECT / "scripts" / "gms" / "validation" / name for name in benchmark.PACKAGES}
PACKAGES["benchmarks"] = PROJECT / "tests" / "benchmarks"
MODULES = [
    f"{package}.{path.stem}"
    for package, folder in PACKAGES.items()
    for path in sorted(folder.glob("*.py"))
    if not path.name.startswith(("test_", "__"))
]


@pytest.mark.parametrize("name", benchmark.EVERY_MEASURE)
def test_a_benchmark_explains_itself(name, capsys):
    with pytest.raises(SystemExit) as end:
        benchmark.main([name, "--help"])
    assert end.value.code == 0
    assert capsys.readouterr().out.startswith(f"usage: gms benchmark {name} ")


@pytest.mark.parametrize("name", MODULES)
def test_a_benchmark_calls_what_exists(name):
    assert misfits(importlib.import_module(name)) == []


BROKEN = """
from gms.base import project
from gms.base.tables import table

PROGRAM = '''
from gms.base.tables import gone
'''


def main(argv):
    from gms.base.digests import absent

    print(table(("a",), []), project.nowhere, table(("a",)), table(("a",), [], narrow=True), absent, gone(argv))


def gone(argv, more):
    return project.version_number(*argv)
"""


def test_what_does_not_exist_and_what_is_not_taken_is_found(monkeypatch):
    module = ModuleType("benchmarks.broken")
    monkeypatch.setattr("inspect.getsource", lambda asked: BROKEN)
    exec(compile(BROKEN, "broken.py", "exec"), vars(module))
    assert sorted(misfits(module)) == [
        "line 11: gms.base.digests.absent does not exist",
        "line 13: gone(): missing a required argument: 'more'",
        "line 13: project.nowhere does not exist",
        "line 13: table(): got an unexpected keyword argument 'narrow'",
        "line 13: table(): missing a required argument: 'rows'",
        "text at 5, line 2: gms.base.tables.gone does not exist",
    ]
