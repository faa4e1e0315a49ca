"""Digests of files, and the checksums by which a job knows that its inputs are as they were written."""

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

from gms.base.errors import GmsError

CHECKSUMS = "checksums"  # folder in the results; sha256sum -c reads its files there
MUST_HAVE = (".cram", ".vcf.gz")  # what tools read without noticing that half of it is gone


class FileChanged(GmsError):
    """A file of the results is not as the job that made it left it."""

    def __init__(self, path: str, reason: str):
        super().__init__(f"{path} {reason}. Delete it and run again: it will be rebuilt")


def sha256(path: Path | str) -> str:
    """SHA-256 of a file, hexadecimal. Raises OSError."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


_END = 1 << 16  # bytes at either end of a large file that are read
_SMALL = 1 << 22  # bytes: smaller files are read whole
_INDICES = (".tbi", ".csi", ".fai", ".gzi")


def content_key(path: Path) -> str:
    """Twelve hexadecimal digits that change with the content of a file, and not with its date; "" where it is missing.

    Of a file of more than 4 MiB, the size, both ends and the index beside it are read: an index holds the offset of
    every compressed block. Of a folder, such as a data set of Nextclade, the names and keys of all its files.
    """
    if path.is_dir():
        files = sorted(file for file in path.rglob("*") if file.is_file())
        keys = [f"{file.relative_to(path)} {content_key(file)}" for file in files]
        return hashlib.sha256("\n".join(keys).encode()).hexdigest()[:12]
    if not path.is_file():
        return ""
    size = path.stat().st_size
    if size <= _SMALL:
        return sha256(path)[:12]
    with open(path, "rb") as file:
        parts = [str(size).encode(), file.read(_END)]
        file.seek(size - _END)
        parts.append(file.read(_END))
    indices = (path.with_name(path.name + suffix) for suffix in _INDICES)
    parts += [index.read_bytes() for index in indices if index.is_file()]
    return hashlib.sha256(b"".join(parts)).hexdigest()[:12]


def checksum_file(path: str) -> Path:
    """Where the checksum of a file of the results is; both relative to the results folder."""
    return Path(CHECKSUMS, f"{path}.sha256")


def recorded_checksum(path: str) -> str:
    """SHA-256 of a file of the results when it was made. Raises OSError."""
    return checksum_file(path).read_text().split()[0]


def record_checksums(paths: Iterable[str]) -> None:
    """Write the checksum of each file, as sha256sum does; paths are relative to the results folder, the current one."""
    for path in filter(os.path.isfile, paths):
        target = checksum_file(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(f"{sha256(path)}  {path}\n")


_CHANGED = "is damaged or was changed after it was made (its SHA-256 differs)"
_INDEX_OF_RESULTS = (".tbi", ".crai")


def verify_checksums(paths: Iterable[str]) -> None:
    """Raise FileChanged for a file that differs from its checksum, or lacks one that it must have.

    An index is verified with its file. Files outside the results folder, whose paths are absolute, and those made by
    tools alone have no checksum.
    """
    within = [path for path in paths if not os.path.isabs(path)]
    indices = [path + suffix for path in within for suffix in _INDEX_OF_RESULTS if os.path.exists(path + suffix)]
    for path in within + indices:
        if not checksum_file(path).is_file():
            if path.endswith(MUST_HAVE):
                raise FileChanged(path, f"has no checksum in {CHECKSUMS}/")
        elif recorded_checksum(path) != sha256(path):
            raise FileChanged(path, _CHANGED)


def require_unchanged(paths: Iterable[Path], results: Path) -> None:
    """Raise FileChanged for a file of a results folder, or the index of one, that is gone or not as its job left it."""
    for path in (str(path.relative_to(results)) for path in paths):
        for name in (path, *(path + suffix for suffix in _INDEX_OF_RESULTS)):
            recorded, file = results / checksum_file(name), results / name
            if recorded.is_file() and not (file.is_file() and recorded.read_text().split()[0] == sha256(file)):
                raise FileChanged(name, _CHANGED if file.exists() else "is missing")
