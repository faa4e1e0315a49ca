"""The file of a bundle: an uncompressed tar of one folder, `gms/`, laid out as it will be on the other machine, so
that plain `tar` and `sha256sum` open and check it too. Standard library only."""

import contextlib
import hashlib
import io
import os
import shutil
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from gms.base.errors import GmsError, Problem, Problems

TOP = "gms/"
SUMS = ".offline/SHA256SUMS"  # of everything else, sorted by name, as sha256sum writes it
_LARGEST_LIST = 64 << 20  # bytes; a longer list of checksums is not one of ours


class Entry(NamedTuple):
    """One file to pack: its content, or where it is."""

    content: bytes | Path
    is_executable: bool = False

    def open(self) -> BinaryIO:
        """The content, to be read once."""
        return io.BytesIO(self.content) if isinstance(self.content, bytes) else self.content.open("rb")

    def size(self) -> int:
        """Its bytes."""
        return len(self.content) if isinstance(self.content, bytes) else self.content.stat().st_size


class _Hashing:
    """A file that is hashed while it is read."""

    def __init__(self, file: BinaryIO):
        self.file, self.digest = file, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        content = self.file.read(size)
        self.digest.update(content)
        return content


def write(out: Path, entries: dict[str, Entry], mtime: int) -> None:
    """Write a bundle of `entries` (name -> content), every file with `mtime` (seconds since 1970).

    The same entries give the same bytes. `out` appears when it is whole. Raises GmsError.
    """
    for name in entries:
        if problem := unsafe_name(TOP + name):
            raise GmsError(f"{name!r} cannot be packed: {problem}; rename it")
    partial = out.with_name(f"{out.name}.partial")
    sums = []
    try:
        with tarfile.open(partial, "w", format=tarfile.PAX_FORMAT) as tar:
            for name, entry in sorted(entries.items()):
                sums.append(f"{_add(tar, name, entry, mtime)}  {name}\n")
            _add(tar, SUMS, Entry("".join(sums).encode()), mtime)
        os.replace(partial, out)
    except OSError as error:
        raise GmsError(f"the bundle could not be written: {error}") from None
    finally:
        partial.unlink(missing_ok=True)


def _add(tar: tarfile.TarFile, name: str, entry: Entry, mtime: int) -> str:
    """Append one file that belongs to nobody; returns its SHA-256, hexadecimal."""
    member = tarfile.TarInfo(TOP + name)
    member.size, member.mtime, member.mode = entry.size(), mtime, 0o755 if entry.is_executable else 0o644
    with entry.open() as file:
        hashing = _Hashing(file)
        tar.addfile(member, hashing)
    return hashing.digest.hexdigest()


def unsafe_name(name: str) -> str | None:
    """Why a member may not have this name; None where it is the path of a file below the bundle's folder."""
    if not name.startswith(TOP):
        return f"it is not in the folder {TOP}"
    if any(part in ("", ".", "..") for part in name.split("/")):
        return "its path leads elsewhere"
    return None if name.isprintable() and "\\" not in name else "its name has control characters or a backslash"


@contextlib.contextmanager
def opened(path: Path) -> Iterator[tarfile.TarFile]:
    """Open a bundle. Raises GmsError where it is not a tar archive or is truncated."""
    try:
        with tarfile.open(path, "r:") as tar:
            yield tar
    except (tarfile.TarError, EOFError) as error:
        raise GmsError(f"{path} is not a bundle or is truncated ({error}); copy it again") from None
    except (OSError, OverflowError) as error:
        raise GmsError(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}") from None


def verify(path: Path, tar: tarfile.TarFile) -> int:
    """Check all of a bundle, opened from `path`; returns the number of its files. Writes nothing.

    Raises Problems that names every file that was changed, is missing, was added, or may not be in a bundle.
    """
    problems, found, sums = [], {}, None
    for member in tar:
        if problem := _unsafe(member, found):
            problems.append(f"{member.name!r} {problem}")
            continue
        file = tar.extractfile(member)
        if member.name == TOP + SUMS and member.size <= _LARGEST_LIST:
            sums, file = file.read(), io.BytesIO(b"")
        found[member.name] = hashlib.file_digest(file, "sha256").hexdigest()
    found.pop(TOP + SUMS, None)
    problems += _after_the_end(tar) or _differences(found, sums)
    if problems:
        raise Problems(Problem(str(path), None, problem) for problem in problems)
    return len(found)


def _after_the_end(tar: tarfile.TarFile) -> list[str]:
    """What follows the last member that tarfile could read: only zeros may."""
    tar.fileobj.seek(tar.offset)
    while content := tar.fileobj.read(1 << 20):
        if content.strip(b"\0"):
            return [f"is damaged, or something was added, at byte {tar.offset}; copy it again"]
    return []


def _unsafe(member: tarfile.TarInfo, found: dict[str, str]) -> str | None:
    """Why a member may not be unpacked, given those before it."""
    if problem := unsafe_name(member.name):
        return f"may not be in a bundle: {problem}"
    if not member.isreg():
        kind = "link" if member.issym() or member.islnk() else "folder or device"
        return f"may not be in a bundle: it is a {kind}, not a file"
    return "is in the bundle twice" if member.name in found else None


def _differences(found: dict[str, str], sums: bytes | None) -> list[str]:
    """How the files of a bundle differ from its list, which is as sha256sum writes it."""
    try:
        pairs = [line.split("  ", 1) for line in sums.decode().splitlines()]
        listed = {TOP + name: digest for digest, name in pairs}
    except (AttributeError, ValueError):
        return [f"'{TOP}{SUMS}', the list of checksums, is missing or damaged; copy the bundle again"]
    both = sorted(found.keys() & listed.keys())
    changed = [name for name in both if found[name] != listed[name]]
    return [
        *(
            f"{name!r} was changed, copy the bundle again: SHA-256 {found[name]}, not {listed[name]}"
            for name in changed
        ),
        *(f"{name!r} is missing" for name in sorted(listed.keys() - found.keys())),
        *(f"{name!r} is not in the list of checksums" for name in sorted(found.keys() - listed.keys())),
    ]


def extract(tar: tarfile.TarFile, folder: Path) -> None:
    """Write the files of a verified bundle into `folder`, which appears when they are all there. Raises GmsError."""
    partial = folder.with_name(f".{folder.name}.partial")
    try:
        shutil.rmtree(partial, ignore_errors=True)
        for member in tar:
            path = partial / member.name.removeprefix(TOP)
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("xb") as file:
                shutil.copyfileobj(tar.extractfile(member), file)
            path.chmod(0o755 if member.mode & 0o100 else 0o644)
            os.utime(path, (member.mtime, member.mtime))
        os.replace(partial, folder)
    except OSError as error:
        shutil.rmtree(partial, ignore_errors=True)
        raise GmsError(f"{folder} could not be written: {error.strerror or error}") from None
