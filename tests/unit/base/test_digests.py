import os

import pytest

from gms.base import digests
from gms.base.digests import content_key


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


def test_a_missing_file_has_no_key(tmp_path):
    assert content_key(tmp_path / "absent") == ""
