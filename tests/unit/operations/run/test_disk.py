import shutil

from gms.operations.run import disk


def test_a_disk_that_is_nearly_full_is_noted(tmp_path, monkeypatch):
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(disk.shutil, "disk_usage", lambda folder: usage._replace(free=12_000_000))
    assert disk.disk_notes(tmp_path) == [f"note: only 12 MB are left on the disk of {tmp_path}"]
    monkeypatch.setattr(disk.shutil, "disk_usage", lambda folder: usage._replace(free=12_000_000_000))
    assert disk.disk_notes(tmp_path) == []
    assert disk.disk_notes(tmp_path / "absent") == []
