"""Snakemake as ./gms starts it: what it does not use is loaded later or not at all, and nothing else is different."""

import importlib.util
import sys

import pytest

from gms.base import project


@pytest.fixture(scope="module")
def quick():
    spec = importlib.util.spec_from_file_location("quick_snakemake", project.QUICK_SNAKEMAKE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def library(tmp_path, monkeypatch):
    """A package `heavy` with a module in it, and `reader`, which can do without `heavy`."""
    (tmp_path / "heavy").mkdir()
    (tmp_path / "heavy" / "__init__.py").write_text("import sys\nsys.heavy_was_loaded = True\nfive = 5\n")
    (tmp_path / "heavy" / "inner.py").write_text("six = 6\n")
    (tmp_path / "reader.py").write_text("try:\n    import heavy\nexcept ImportError:\n    heavy = None\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "heavy_was_loaded", False, raising=False)
    yield
    for name in ("heavy", "heavy.inner", "reader"):
        sys.modules.pop(name, None)


def test_a_library_is_loaded_when_it_is_used(quick, library):
    quick.load_later("heavy")
    import heavy

    assert not sys.heavy_was_loaded and importlib.util.find_spec("heavy")
    assert heavy.five == 5 and sys.heavy_was_loaded
    with pytest.raises(AttributeError):
        heavy.seven  # noqa: B018


def test_a_module_of_a_library_can_be_imported_first(quick, library):
    quick.load_later("heavy")
    from heavy.inner import six

    assert six == 6


def test_what_is_not_installed_stays_absent(quick):
    quick.load_later("not_there")
    with pytest.raises(ModuleNotFoundError):
        import not_there  # noqa: F401


def test_a_library_is_withheld_from_one_other_only(quick, library):
    quick.load_without("reader", "heavy")
    import heavy
    import reader

    assert reader.heavy is None and heavy.five == 5


def test_snakemake_of_another_environment_is_started_as_it_is(monkeypatch, tmp_path):
    command = ["snakemake", "--cores", "1"]
    assert project.quick_start(command) == [sys.executable, str(project.QUICK_SNAKEMAKE), "--cores", "1"]
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    assert project.quick_start(command) == command
