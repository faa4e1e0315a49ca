import hashlib
import io
import random

import pytest

from gms.sharing.transfer import part_stream
from gms.sharing.transfer.errors import NotForUpload, Stopped, TooSlow, TransferError
from gms.sharing.transfer.part_stream import Part
from gms.sharing.transfer.parts import MIB, MOST_PARTS, PART, multipart_etag, part_bytes
from gms.sharing.transfer.progress import Progress, readable
from gms.sharing.transfer.resume import Notes
from gms.sharing.transfer.settings import key_prefix
from gms.sharing.transfer.upload import LAST, MAGIC, plan

GIB = 1 << 30


@pytest.mark.parametrize("size", [1, PART, 10 * GIB, MOST_PARTS * PART, MOST_PARTS * PART + 1, 1000 * GIB, 4999 * GIB])
def test_a_file_never_has_too_many_parts(size):
    assert part_bytes(size) >= PART and part_bytes(size) % MIB == 0
    assert -(-size // part_bytes(size)) <= MOST_PARTS


def test_parts_do_not_grow_before_they_must():
    assert part_bytes(MOST_PARTS * PART) == PART < part_bytes(MOST_PARTS * PART + 1)


def test_the_etag_of_parts():
    """MD5 of the MD5s, as md5sum of the concatenated digests gives it, and the number of parts."""
    digests = [hashlib.md5(text).hexdigest() for text in (b"a", b"b")]
    assert multipart_etag(digests) == "96e024ba2074fe77e8e965ba43a704be-2"


@pytest.fixture
def part(tmp_path):
    content = random.Random(1).randbytes(3 * MIB)
    (tmp_path / "file").write_bytes(content)
    progress = Progress(io.StringIO())
    body = Part(tmp_path / "file", MIB, MIB + 5, progress)
    return body, content[MIB : 2 * MIB + 5], progress


def test_a_part_reads_its_range_and_counts_what_is_sent_alone(part):
    body, content, progress = part
    assert body.md5().hexdigest() == hashlib.md5(content).hexdigest()
    assert progress.done == 0
    body.sending, body.begin = True, part_stream.time.monotonic()
    assert b"".join(iter(lambda: body.read(70_000), b"")) == content
    assert progress.done == len(content)
    body.seek(0)  # another try
    assert (progress.done, body.seek(0, 2), body.seek(0)) == (0, len(content), 0)
    assert progress.done == 0


def test_a_part_that_takes_too_long_ends_and_is_not_tried_again(part, monkeypatch):
    body, _, _ = part
    body.sending, body.begin = True, part_stream.time.monotonic() - part_stream.SILENCE - 1
    with pytest.raises(TooSlow, match="less than 20 kB per second"):
        body.read(10)
    body.sending = False
    with pytest.raises(TooSlow):
        body.read(10)


def test_a_part_ends_when_another_failed(part):
    body, _, progress = part
    progress.stopped = True
    with pytest.raises(Stopped):
        body.read(10)


class Terminal(io.StringIO):
    """Output that is a terminal of unknown size."""

    def isatty(self):
        return True


def test_a_bar_shows_rate_and_time_left():
    progress = Progress(Terminal())
    progress.total, progress.label = 100 * MIB, "1/3 data/S1.cram.c4gh"
    begin = progress._marks[0][0]
    progress._shown = begin - 1
    progress.moved(25 * MIB)
    text = progress.line(begin + 5, 100)
    assert text.startswith("1/3 data/S1.cram.c4gh  [#######") and text.endswith(" 25 %  5.0 MiB/s  0:00:15 left")
    assert progress.out.getvalue().startswith("\r\033[K1/3 data")
    assert len(progress.line(begin + 5, 40)) <= 40


def test_elsewhere_lines_are_rare_and_plain():
    out = io.StringIO()
    progress = Progress(out)
    progress.total, progress.label = 100, "1/1 x"
    for _ in range(50):
        progress.moved(1)
    assert out.getvalue() == ""
    progress._shown -= 31
    progress.moved(1)
    progress.note("done")
    assert out.getvalue().startswith("1/1 x   51 %  ") and "\r" not in out.getvalue() and "[" not in out.getvalue()
    assert out.getvalue().endswith("left\ndone\n")


def test_nothing_to_move_is_all_done():
    assert " 100 %" in Progress(io.StringIO()).line(0)


@pytest.mark.parametrize("number, text", [(0, "0 B"), (1023, "1023 B"), (1536, "1.5 KiB"), (5 << 50, "5120.0 TiB")])
def test_bytes_have_a_unit(number, text):
    assert readable(number) == text


def test_notes_survive_and_are_private_to_a_package(tmp_path):
    package = tmp_path / "C1"
    package.mkdir()
    with Notes(package) as notes:
        notes.put("https://a/b", sha256="1", upload="u")
        notes.put("https://a/c", sha256="2", etag="e")
        with pytest.raises(NotForUpload), Notes(package):
            pass
    with Notes(package) as notes:
        assert notes.about("https://a/b") == {"sha256": "1", "upload": "u"}
        assert notes.about("https://a/d") == {}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["C1", "C1.upload.json"]


@pytest.mark.parametrize("text", ["", "{", "[1]", '{"https://a/b": 3}', '"x"'])
def test_notes_that_are_none_are_ignored(tmp_path, text):
    (tmp_path / "C1").mkdir()
    (tmp_path / "C1.upload.json").write_text(text)
    with Notes(tmp_path / "C1") as notes:
        assert notes.about("https://a/b") == {}
        notes.put("https://a/b", etag="e")
        assert notes.about("https://a/b") == {"etag": "e"}


def test_notes_that_can_not_be_written_are_an_error(tmp_path):
    (tmp_path / "C1").mkdir()
    (tmp_path / ".C1.upload.json.new").mkdir()
    with Notes(tmp_path / "C1") as notes, pytest.raises(TransferError, match="cannot write"):
        notes.put("https://a/b", etag="e")


@pytest.fixture
def package(tmp_path):
    for name in LAST:
        (tmp_path / name).write_bytes(bytes(64))
    (tmp_path / "a.c4gh").write_bytes(MAGIC + b"1234")
    entry = {"path": "a.c4gh", "cipher": {"bytes": 16, "sha256": "0" * 64}}
    return tmp_path, {"study": {"id": "s"}, "package": "C1", "version": 2, "files": [entry]}


def test_the_manifest_goes_last(package):
    folder, manifest = package
    assert key_prefix(manifest) == "s/C1/v2"
    keys = [item.key for item in plan(folder, manifest, key_prefix(manifest))]
    names = ["a.c4gh", "approval.json", "approval.sig", "manifest.sig", "manifest.json"]
    assert keys == [f"s/C1/v2/{name}" for name in names]


@pytest.mark.parametrize("content", [b"", b"crypt4gh", b"crypt4gh\x02\x00\x00\x00", b"CRAM\x03\x00"])
def test_what_is_not_crypt4gh_is_not_planned(package, content):
    folder, manifest = package
    (folder / "a.c4gh").write_bytes(content)
    with pytest.raises(NotForUpload, match="is not encrypted"):
        plan(folder, manifest, "s")


def test_a_signature_is_one(package):
    folder, manifest = package
    (folder / "manifest.sig").write_text("chr1\t100\tA\tT\n")
    with pytest.raises(NotForUpload, match="is not a signature"):
        plan(folder, manifest, "s")
