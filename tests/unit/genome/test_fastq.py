import gzip
import os

import pytest

from gms.genome.fastq import BrokenFastq, MatesDiffer, UnequalReads, are_mates, check_mates, first_reads, head_digest


def write(path, reads):
    path.write_bytes(gzip.compress("".join(f"@r{i}\nACGT\n+\nFFFF\n" for i in range(reads)).encode()))
    return path


def test_counts(tmp_path):
    assert check_mates(write(tmp_path / "a_1.gz", 3), write(tmp_path / "a_2.gz", 2)) == (3, 2)


def test_counts_over_several_gzip_members(tmp_path):
    one = write(tmp_path / "a_1.gz", 3)
    (tmp_path / "a_2.gz").write_bytes(one.read_bytes() * 2)
    assert check_mates(one, tmp_path / "a_2.gz") == (3, 6)


def test_count_without_a_last_line_end(tmp_path):
    path = tmp_path / "a.gz"
    path.write_bytes(gzip.compress(b"@r\nACGT\n+\nFFFF"))
    assert check_mates(path, path) == (1, 1)


def test_ends_within_a_read(tmp_path):
    path = tmp_path / "a.gz"
    path.write_bytes(gzip.compress(b"@r\nACGT\n+\nFFFF\n@r\n"))
    with pytest.raises(BrokenFastq, match=r"'a.gz' ends within a read \(5 lines, four per read\). Copy it again"):
        check_mates(path, path)


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
    with pytest.raises(BrokenFastq, match="is truncated"):
        first_reads(path, whole=True)


def test_unequal_reads_names_the_files_only(tmp_path):
    error = UnequalReads("S1", "L001", tmp_path / "a_1.gz", tmp_path / "a_2.gz", (3, 2))
    assert "sample 'S1', lane 'L001': a_1.gz has 3 reads but a_2.gz has 2" in str(error)
    assert str(tmp_path) not in str(error)


def fastq(path, names, quality="F"):
    path.write_bytes(gzip.compress("".join(f"@{name}\nACGT\n+\n{quality * 4}\n" for name in names).encode()))
    return path


@pytest.mark.parametrize(
    "one, two, same",
    [
        ("@r1", "@r1", True),
        ("@r1/1", "@r1/2", True),
        ("@SRR1.7.1", "@SRR1.7.2", True),
        ("@r1/1", "@r2/2", False),
        ("@r1/1", "@r1/1x", False),
        ("@r11", "@r12", False),
    ],
)
def test_names_of_mates(one, two, same):
    assert are_mates(one.encode(), two.encode()) is same


def test_comments_after_names_do_not_count(tmp_path):
    one = fastq(tmp_path / "1.gz", ["a 1:N:0:ACGT", "b 1:N:0:ACGT"])
    assert check_mates(one, fastq(tmp_path / "2.gz", ["a 2:N:0:ACGT", "b 2:N:0:ACGT"])) == (2, 2)


@pytest.mark.parametrize("chunk", [7, 64, 1 << 20])
def test_mates_in_another_order_are_named(tmp_path, monkeypatch, chunk):
    monkeypatch.setattr("gms.genome.fastq._CHUNK", chunk)
    names = [f"r{n}" for n in range(100)]
    one, two = (
        fastq(tmp_path / "1.gz", names),
        fastq(tmp_path / "2.gz", [*names[:70], names[71], names[70], *names[72:]]),
    )
    with pytest.raises(MatesDiffer, match="not pairs: read 71 is 'r70' in one and 'r71' in the other"):
        check_mates(one, two)


@pytest.mark.parametrize("end", [b"\n", b"\n\n", b"\r\n", b"\n" * 5])
@pytest.mark.parametrize("chunk", [5, 1 << 20])
def test_blank_lines_at_the_end_are_no_reads(tmp_path, monkeypatch, end, chunk):
    monkeypatch.setattr("gms.genome.fastq._CHUNK", chunk)
    path = tmp_path / "a.gz"
    path.write_bytes(gzip.compress(b"@r\nACGT\n+\nFFFF\n" * 3 + end))
    assert check_mates(path, path) == (3, 3)


def test_a_read_without_bases(tmp_path):
    path = tmp_path / "a.gz"
    path.write_bytes(gzip.compress(b"@r\nACGT\n+\nFFFF\n@r\n\n+\n\n"))
    assert check_mates(path, path) == (2, 2)


def test_a_blank_line_between_reads_is_named(tmp_path):
    path = tmp_path / "a.gz"
    path.write_bytes(gzip.compress(b"@r\nACGT\n+\nFFFF\n" * 3 + b"\n" + b"@r\nACGT\n+\nFFFF\n" * 3))
    with pytest.raises(BrokenFastq, match="its read 4 has no line that begins with @"):
        check_mates(path, path)


def test_qualities_of_another_encoding(tmp_path):
    with pytest.raises(BrokenFastq, match=r"Phred\+64"):
        first_reads(fastq(tmp_path / "1.gz", ["a", "b", "c"], quality="h"), whole=False)
    assert first_reads(fastq(tmp_path / "2.gz", ["a", "b", "c"], quality="I"), whole=False)


def test_a_pipe_is_no_file(tmp_path):
    os.mkfifo(tmp_path / "pipe.gz")
    with pytest.raises(BrokenFastq, match="is not a regular file"):
        first_reads(tmp_path / "pipe.gz", whole=False)


def test_the_same_reads_have_the_same_digest_and_others_have_not(tmp_path):
    one, other = write(tmp_path / "a.gz", 25), write(tmp_path / "b.gz", 19)
    (tmp_path / "copy.gz").write_bytes(gzip.compress(gzip.decompress(one.read_bytes()), compresslevel=1))
    (tmp_path / "none.gz").write_bytes(gzip.compress(b""))
    assert head_digest(one) == head_digest(tmp_path / "copy.gz") != head_digest(other)
    assert head_digest(tmp_path / "none.gz") is None and head_digest(tmp_path / "absent.gz") is None
