import gzip

import pytest

from gms.genome.fastq import BrokenFastq, UnequalReads, first_reads, read_counts


def write(path, reads):
    path.write_bytes(gzip.compress("".join(f"@r{i}\nACGT\n+\nFFFF\n" for i in range(reads)).encode()))
    return path


def test_counts(tmp_path):
    assert read_counts(write(tmp_path / "a_1.gz", 3), write(tmp_path / "a_2.gz", 2)) == (3, 2)


def test_counts_over_several_gzip_members(tmp_path):
    one = write(tmp_path / "a_1.gz", 3)
    (tmp_path / "a_2.gz").write_bytes(one.read_bytes() * 2)
    assert read_counts(one, tmp_path / "a_2.gz") == (3, 6)


def test_count_without_a_last_line_end(tmp_path):
    path = tmp_path / "a.gz"
    path.write_bytes(gzip.compress(b"@r\nACGT\n+\nFFFF"))
    assert read_counts(path, path) == (1, 1)


def test_ends_within_a_read(tmp_path):
    path = tmp_path / "a.gz"
    path.write_bytes(gzip.compress(b"@r\nACGT\n+\nFFFF\n@r\n"))
    with pytest.raises(BrokenFastq, match=r"'a.gz' ends within a read \(5 lines, four per read\); copy it again"):
        read_counts(path, path)


def test_damaged(tmp_path):
    path = write(tmp_path / "a.gz", 1000)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 255
    path.write_bytes(content)
    with pytest.raises(BrokenFastq, match="is damaged"):
        first_reads(path, whole=True)


def test_end_is_only_seen_when_read_whole(tmp_path, monkeypatch):
    monkeypatch.setattr("gms.genome.fastq._CHUNK", 1 << 12)
    path = write(tmp_path / "a.gz", 5000)
    path.write_bytes(path.read_bytes()[:-100])
    assert len(first_reads(path, whole=False)) == 20
    with pytest.raises(BrokenFastq, match="is cut short"):
        first_reads(path, whole=True)


def test_unequal_reads_names_the_files_only(tmp_path):
    error = UnequalReads("S1", "L001", tmp_path / "a_1.gz", tmp_path / "a_2.gz", (3, 2))
    assert "sample 'S1', lane 'L001': a_1.gz has 3 reads but a_2.gz has 2" in str(error)
    assert str(tmp_path) not in str(error)
