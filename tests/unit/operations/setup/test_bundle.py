import io
import json
import subprocess
import tarfile
from pathlib import Path

import pytest

from gms.base.digests import sha256
from gms.base.errors import GmsError, Problems
from gms.commands.installation import bundle as command
from gms.operations.setup import bundle, bundle_file, install, offline
from gms.operations.setup.bundle_file import SUMS, Entry

FACTS = {"format": 1, "workflow": "v1", "software": offline.TAG, "python": "3.11.0"}
ENTRIES = {
    "gms": Entry(b"#!/bin/sh\nexit 0\n", True),
    "README.md": Entry(b"read me\n"),
    "å/b": Entry(b""),
    bundle.MANIFEST: Entry(json.dumps(FACTS).encode()),
}


@pytest.fixture
def packed(tmp_path):
    """A small bundle."""
    bundle_file.write(tmp_path / "b.tar", ENTRIES, 1_700_000_000)
    return tmp_path / "b.tar"


def rewrite(path: Path, change) -> None:
    """Write a tar anew with what `change` makes of its list of (member, content)."""
    with tarfile.open(path) as tar:
        members = [(member, tar.extractfile(member).read()) for member in tar]
    with tarfile.open(path, "w") as tar:
        for member, content in change(members):
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))


def add(path: Path, name: str, **fields) -> None:
    """Append a member, and its name to the list of checksums as whoever attacks would."""
    member = tarfile.TarInfo(name)
    for field, value in fields.items():
        setattr(member, field, value)
    digest = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"  # of nothing
    line = f"{digest}  {name.removeprefix('gms/')}\n".encode()
    rewrite(path, lambda all_: [(m, c + line if m.name.endswith(SUMS) else c) for m, c in all_] + [(member, b"")])


def problems(path: Path) -> list[str]:
    """What verify finds."""
    with pytest.raises(Problems) as error, bundle_file.opened(path) as tar:
        bundle_file.verify(path, tar)
    assert {problem.source for problem in error.value.problems} == {str(path)}
    return [problem.text for problem in error.value.problems]


def test_the_same_content_gives_the_same_bytes_in_any_order(packed, tmp_path):
    bundle_file.write(tmp_path / "other.tar", dict(reversed(ENTRIES.items())), 1_700_000_000)
    assert packed.read_bytes() == (tmp_path / "other.tar").read_bytes()


def test_tar_and_sha256sum_are_enough(packed, tmp_path):
    subprocess.run(["tar", "-xf", packed, "-C", tmp_path], check=True)
    subprocess.run(["sha256sum", "--strict", "--quiet", "-c", SUMS], cwd=tmp_path / "gms", check=True)
    lines = (tmp_path / "gms" / SUMS).read_text().splitlines()
    assert [line.split("  ")[1] for line in lines] == sorted(ENTRIES)


def test_a_whole_bundle_is_verified_and_writes_nothing(packed, capsys, tmp_path):
    assert command.main(["verify", str(packed)]) == 0
    assert f"complete, {len(ENTRIES)} files, version v1" in (text := capsys.readouterr().out)
    assert sha256(packed) in text
    assert list(tmp_path.iterdir()) == [packed]


def test_a_flipped_byte_of_content_is_named(packed):
    content = packed.read_bytes()
    place = content.index(b"read me")
    packed.write_bytes(content[:place] + b"R" + content[place + 1 :])
    (problem,) = problems(packed)
    assert problem.startswith("'gms/README.md' was changed, copy the bundle again: SHA-256 ")


def test_any_flipped_byte_is_found(packed):
    """In each block that is not padding: headers, contents, the list itself."""
    content = packed.read_bytes()
    for start in range(0, len(content), 512):
        place = next((start + i for i, byte in enumerate(content[start : start + 512]) if byte), None)
        if place is not None:
            packed.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
            with pytest.raises(GmsError), bundle_file.opened(packed) as tar:
                bundle_file.verify(packed, tar)


def test_a_missing_file_is_named(packed):
    rewrite(packed, lambda members: [pair for pair in members if pair[0].name != "gms/README.md"])
    assert problems(packed) == ["'gms/README.md' is missing"]


def test_an_extra_file_is_named(packed):
    extra = tarfile.TarInfo("gms/extra")
    rewrite(packed, lambda members: [*members, (extra, b"x")])
    assert problems(packed) == ["'gms/extra' is not in the list of checksums"]


def test_a_missing_list_is_named(packed):
    rewrite(packed, lambda members: [pair for pair in members if not pair[0].name.endswith(SUMS)])
    assert problems(packed) == [f"'gms/{SUMS}', the list of checksums, is missing or damaged; copy the bundle again"]


@pytest.mark.parametrize(
    ("name", "fields", "why"),
    [
        ("gms/../../evil", {}, "leads elsewhere"),
        ("/etc/evil", {}, "not in the folder gms/"),
        ("../evil", {}, "not in the folder gms/"),
        ("gms//evil", {}, "leads elsewhere"),
        ("gms/a\\b", {}, "backslash"),
        ("gms/a\nb", {}, "control characters"),
        ("gms/link", {"type": tarfile.SYMTYPE, "linkname": "/etc/passwd"}, "it is a link"),
        ("gms/link", {"type": tarfile.LNKTYPE, "linkname": "gms/gms"}, "it is a link"),
        ("gms/fifo", {"type": tarfile.FIFOTYPE}, "not a file"),
        ("gms/folder", {"type": tarfile.DIRTYPE}, "not a file"),
        ("gms/README.md", {}, "twice"),
        (f"gms/{SUMS}", {}, "twice"),
    ],
)
def test_what_could_be_unpacked_elsewhere_is_refused(packed, tmp_path, name, fields, why):
    add(packed, name, **fields)
    found = [problem for problem in problems(packed) if why in problem]
    assert found and found[0].startswith(repr(name))
    with pytest.raises(Problems):
        command.main(["unpack", str(packed), str(tmp_path / "new")])
    assert list(tmp_path.iterdir()) == [packed]


@pytest.mark.parametrize("kept", [0, 100, 512, 700, 1600])
def test_a_cut_bundle_is_a_sentence(packed, kept):
    packed.write_bytes(packed.read_bytes()[:kept])
    with pytest.raises(GmsError, match="copy (it|the bundle) again"), bundle_file.opened(packed) as tar:
        bundle_file.verify(packed, tar)


def test_something_after_the_end_is_found(packed):
    with packed.open("ab") as file:
        file.write(b"more")
    assert problems(packed)[0].startswith("is damaged, or something was added, at byte ")


def test_a_damaged_header_is_found_by_its_place(packed):
    content = bytearray(packed.read_bytes())
    place = content.index(b"gms/README.md")
    content[place] ^= 1
    packed.write_bytes(content)
    assert f"at byte {place};" in problems(packed)[0]


def test_no_bundle_and_no_file_are_sentences(tmp_path):
    with pytest.raises(GmsError, match="cannot be read: No such file"):
        command.main(["verify", str(tmp_path / "absent.tar")])
    with tarfile.open(tmp_path / "packed.tar.gz", "w:gz"):
        pass
    with pytest.raises(GmsError, match="is not a bundle"):
        command.main(["verify", str(tmp_path / "packed.tar.gz")])


def test_a_bundle_of_another_format_is_a_sentence(tmp_path):
    bundle_file.write(tmp_path / "b.tar", {bundle.MANIFEST: Entry(b'{"format": 2}')}, 0)
    with pytest.raises(GmsError, match="use the gms inside it"):
        command.main(["verify", str(tmp_path / "b.tar")])


def test_unpack_writes_all_files_and_starts_set_up(packed, tmp_path, monkeypatch):
    calls = []
    monkeypatch.setattr(install, "base_python", lambda: "python3")
    monkeypatch.setattr(bundle.subprocess, "call", lambda command, env: calls.append(command) or 0)
    folder = tmp_path / "new" / "gms"
    folder.parent.mkdir()
    assert command.main(["unpack", str(packed), str(folder)]) == 0
    files = {str(path.relative_to(folder)): path for path in folder.rglob("*") if path.is_file()}
    assert files.keys() - {SUMS} == ENTRIES.keys()
    assert files["gms"].stat().st_mode & 0o777 == 0o755 and files["README.md"].stat().st_mode & 0o777 == 0o644
    assert files["README.md"].stat().st_mtime == 1_700_000_000
    assert calls == [["python3", str(folder / "gms"), "setup"]]
    with pytest.raises(GmsError, match="not empty"):
        command.main(["unpack", str(packed), str(folder)])


@pytest.mark.parametrize("other", [{"software": "cp39-linux-x86_64"}, {"python": "3.99.1"}])
def test_software_for_another_python_is_refused_before_anything_is_written(tmp_path, other):
    bundle_file.write(tmp_path / "b.tar", {bundle.MANIFEST: Entry(json.dumps(FACTS | other).encode())}, 0)
    with pytest.raises(offline.OtherPython, match="but this is cp3"):
        command.main(["unpack", str(tmp_path / "b.tar"), str(tmp_path / "new")])
    assert not (tmp_path / "new").exists()


def test_a_file_that_cannot_be_packed_leaves_no_bundle(tmp_path):
    with pytest.raises(GmsError, match="could not be written"):
        bundle_file.write(tmp_path / "b.tar", {"a": Entry(b""), "b": Entry(tmp_path / "absent")}, 0)
    with pytest.raises(GmsError, match="rename it"):
        bundle_file.write(tmp_path / "b.tar", {"a\nb": Entry(b"")}, 0)
    assert list(tmp_path.iterdir()) == []
