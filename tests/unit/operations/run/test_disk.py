import shutil

import pytest

from gms.base.errors import GmsError
from gms.operations.run import disk


def test_results_are_made_with_their_parents(tmp_path):
    disk.make_results(tmp_path / "a" / "b")
    disk.make_results(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b").is_dir()


def test_a_file_in_the_way_is_a_sentence(tmp_path):
    (tmp_path / "a").touch()
    with pytest.raises(GmsError, match="results folder '.*/a/b' cannot be used: not a directory; write another"):
        disk.make_results(tmp_path / "a" / "b")


def test_somebody_elses_folder_is_a_sentence(tmp_path, monkeypatch):
    (tmp_path / ".snakemake").mkdir()
    monkeypatch.setattr(disk.os, "access", lambda path, mode: path.name != ".snakemake")
    with pytest.raises(GmsError, match="this user may not write there"):
        disk.make_results(tmp_path)


def test_a_disk_that_is_nearly_full_is_noted(tmp_path, monkeypatch):
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(disk.shutil, "disk_usage", lambda folder: usage._replace(free=12_000_000))
    assert disk.disk_notes(tmp_path) == [f"note: only 12 MB are left on the disk of {tmp_path}"]
    monkeypatch.setattr(disk.shutil, "disk_usage", lambda folder: usage._replace(free=12_000_000_000))
    assert disk.disk_notes(tmp_path) == []
    assert disk.disk_notes(tmp_path / "absent") == []
