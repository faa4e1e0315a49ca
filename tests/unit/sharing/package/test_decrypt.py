import contextlib
import os
import stat

import pytest

from gms.base.errors import GmsError
from gms.sharing.package.decrypt import decrypt_package
from gms.sharing.package.files import new_folder
from packages import CENTRE, CRAM, INTRUDER, READER, SENDER, STRANGER, Parts


def content(folder):
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("secret", [READER, CENTRE], ids=["reader", "centre"])
def test_a_reader_gets_the_plain_files(made, tmp_path, secret):
    to = tmp_path / "new" / "plain"
    paths = decrypt_package(made, secret, SENDER, to)
    assert content(to) == content(made.parent / "plain")
    assert sorted(paths) == sorted(to / name for name in content(to))
    assert [path.name for path in to.parent.iterdir()] == ["plain"]
    assert stat.S_IMODE(to.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in paths} == {0o600}


@pytest.mark.parametrize(
    ("secret", "sender", "message"),
    [
        (STRANGER, SENDER, "cannot be decrypted with this key"),
        (READER, INTRUDER.public_key(), "is not decrypted:\n  manifest.json is from another sender"),
    ],
    ids=["not granted", "wrong sender"],
)
def test_nothing_is_left_when_it_is_refused(made, tmp_path, secret, sender, message):
    with pytest.raises(GmsError, match=message):
        decrypt_package(made, secret, sender, tmp_path / "plain")
    assert list(tmp_path.iterdir()) == []


def test_a_changed_package_is_not_decrypted(package, tmp_path):
    parts = Parts.of(package / CRAM)
    parts.segments[1], parts.segments[2] = parts.segments[2], parts.segments[1]
    parts.write(package / CRAM)
    with pytest.raises(GmsError, match="is not decrypted:\n  .*swapped: segments 2–3"):
        decrypt_package(package, READER, SENDER, tmp_path / "plain")
    assert not (tmp_path / "plain").exists()


def test_a_change_after_verification_is_found(package, tmp_path, monkeypatch):
    parts = Parts.of(package / CRAM)
    parts.segments.pop()
    parts.write(package / CRAM)
    monkeypatch.setattr("gms.sharing.package.decrypt.verify_package", lambda *_: [])
    with pytest.raises(GmsError, match="does not decrypt to the signed data"):
        decrypt_package(package, READER, SENDER, tmp_path / "plain")
    assert not list(tmp_path.glob("*plain*"))


def test_a_folder_that_decryption_did_not_make_stays(made, tmp_path):
    theirs = tmp_path / ".plain.partial"
    theirs.mkdir()
    (theirs / "thesis.txt").write_text("precious")
    decrypt_package(made, READER, SENDER, tmp_path / "plain")
    assert (theirs / "thesis.txt").read_text() == "precious"
    assert content(tmp_path / "plain") == content(made.parent / "plain")
    assert (tmp_path / "plain").stat().st_mode & 0o077 == 0


def test_what_a_killed_command_left_is_removed(made, tmp_path):
    """Of this folder only, and not while it is being written, or where the mark is not ours."""
    started = os.fork()
    if not started:
        with new_folder(tmp_path / "plain", 0o700) as folder:
            (folder / "reads.cram").write_text("plain")
            os.kill(os.getpid(), 9)
    os.waitpid(started, 0)
    (left,) = tmp_path.glob(".plain.*.partial")
    theirs = tmp_path / ".plain.theirs.partial"
    theirs.mkdir()
    (tmp_path / ".plain.theirs.partial.lock").write_text("mine")
    with new_folder(tmp_path / "other") as _:
        assert left.exists()
    with new_folder(tmp_path / "plain") as writing:
        assert not left.exists() and writing.exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        ".plain.theirs.partial",
        ".plain.theirs.partial.lock",
        "other",
        "plain",
    ]


def test_a_folder_that_is_being_written_is_not_removed(tmp_path):
    with new_folder(tmp_path / "plain") as writing:
        writer = os.fork()
        if not writer:
            with contextlib.suppress(BaseException), new_folder(tmp_path / "plain"):
                pass
            os._exit(0)
        os.waitpid(writer, 0)
        assert writing.exists()
        (tmp_path / "plain").rename(tmp_path / "of the other")


def test_a_full_disk_leaves_nothing(made, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("gms.sharing.package.decrypt._decrypt", full)
    with pytest.raises(GmsError, match="plain cannot be written: No space left on device"):
        decrypt_package(made, READER, SENDER, tmp_path / "plain")
    assert list(tmp_path.iterdir()) == []


def test_no_folder_is_written_over(made, tmp_path):
    (tmp_path / "mine").write_text("x")
    with pytest.raises(GmsError, match="already exists and is not overwritten; name a new folder"):
        decrypt_package(made, READER, SENDER, tmp_path / "mine")
    assert (tmp_path / "mine").read_text() == "x"
