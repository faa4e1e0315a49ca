import pytest

from gms.base import results
from gms.base.errors import GmsError


def test_results_are_made_with_their_parents(tmp_path):
    results.make_results(tmp_path / "a" / "b")
    results.make_results(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b").is_dir()


def test_a_file_in_the_way_is_a_sentence(tmp_path):
    (tmp_path / "a").touch()
    with pytest.raises(GmsError, match="results folder '.*/a/b' cannot be used: not a directory; write another"):
        results.make_results(tmp_path / "a" / "b")


def test_somebody_elses_folder_is_a_sentence(tmp_path, monkeypatch):
    (tmp_path / ".snakemake").mkdir()
    monkeypatch.setattr(results.os, "access", lambda path, mode: path.name != ".snakemake")
    with pytest.raises(GmsError, match="this user may not write there"):
        results.make_results(tmp_path)
