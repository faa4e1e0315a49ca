import os
import subprocess

import pytest

from gms.base import digests
from gms.base.digests import FileChanged, content_key, record_checksums, require_unchanged, verify_checksums


@pytest.fixture(params=[False, True], ids=["read whole", "read at both ends"])
def small(request, monkeypatch):
    if request.param:
        monkeypatch.setattr(digests, "_SMALL", 0)
        monkeypatch.setattr(digests, "_END", 8)


def test_the_key_follows_content_and_not_the_date(small, tmp_path):
    path = tmp_path / "clinvar.vcf.gz"
    path.write_bytes(b"a" * 100)
    before = content_key(path)
    os.utime(path, (0, 0))
    assert content_key(path) == before
    path.write_bytes(b"a" * 99 + b"b")
    os.utime(path, (0, 0))
    assert content_key(path) != before


def test_an_index_stands_for_the_middle_of_a_large_file(monkeypatch, tmp_path):
    monkeypatch.setattr(digests, "_SMALL", 0)
    monkeypatch.setattr(digests, "_END", 8)
    path, index = tmp_path / "a.vcf.gz", tmp_path / "a.vcf.gz.tbi"
    path.write_bytes(b"a" * 100)
    index.write_bytes(b"1")
    before = content_key(path)
    index.write_bytes(b"2")
    assert content_key(path) != before


def test_the_key_of_a_folder_follows_its_files_and_their_names(tmp_path):
    folder = tmp_path / "dataset"
    (folder / "below").mkdir(parents=True)
    (folder / "below" / "tree.json").write_text("{}")
    before = content_key(folder)
    os.utime(folder / "below" / "tree.json", (0, 0))
    assert content_key(folder) == before
    (folder / "below" / "tree.json").write_text("[]")
    changed = content_key(folder)
    (folder / "below" / "tree.json").rename(folder / "below" / "other.json")
    assert len({before, changed, content_key(folder)}) == 3


def test_a_missing_file_has_no_key(tmp_path):
    assert content_key(tmp_path / "absent") == ""


@pytest.fixture
def results(tmp_path, monkeypatch):
    """A results folder, the current one, with a CRAM and its index."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "alignment").mkdir()
    for name in ("S1.cram", "S1.cram.crai"):
        (tmp_path / "alignment" / name).write_bytes(bytes(range(256)) * 10)
    record_checksums(["alignment/S1.cram", "alignment/S1.cram.crai"])
    return tmp_path


def test_what_is_as_it_was_written_passes(results):
    verify_checksums(["alignment/S1.cram", "qc/regions/contigs.tsv", "/elsewhere/genome.fa"])
    checked = subprocess.run(["sha256sum", "--check", "checksums/alignment/S1.cram.sha256"], cwd=results)
    assert checked.returncode == 0


DAMAGE = {
    "a byte flipped": lambda content: content[:1000] + bytes([content[1000] ^ 1]) + content[1001:],
    "zeros": lambda content: content[:1000] + bytes(64) + content[1064:],
    "truncated": lambda content: content[:2000],
    "a part missing": lambda content: content[:1000] + content[1500:],
    "empty": lambda content: b"",
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
@pytest.mark.parametrize("name", ["S1.cram", "S1.cram.crai"])
def test_damage_of_a_file_or_its_index(results, damage, name):
    path = results / "alignment" / name
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(FileChanged, match=f"alignment/{name} is damaged or was changed"):
        verify_checksums(["alignment/S1.cram"])


def test_an_alignment_without_a_checksum_is_refused(results):
    (results / "checksums" / "alignment" / "S1.cram.sha256").unlink()
    with pytest.raises(FileChanged, match="has no checksum"):
        verify_checksums(["alignment/S1.cram"])


@pytest.mark.parametrize("name", ["S1.cram", "S1.cram.crai"])
def test_results_that_leave_are_as_their_jobs_left_them(results, monkeypatch, name):
    """Asked from any folder: of a file that changed, and of one that is gone."""
    monkeypatch.chdir("/")
    cram = results / "alignment" / "S1.cram"
    require_unchanged([cram, results / "qc" / "not_made_by_us.json"], results)
    (results / "alignment" / name).write_bytes(b"")
    with pytest.raises(FileChanged, match=f"^alignment/{name} is damaged or was changed"):
        require_unchanged([cram], results)
    (results / "alignment" / name).unlink()
    with pytest.raises(FileChanged, match=f"^alignment/{name} is missing"):
        require_unchanged([cram], results)
