"""The files of a package: how they may be called, what they hold, and the manifest's entry of each."""

import contextlib
import fcntl
import glob
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from gms.base.errors import GmsError
from gms.base.personal_numbers import mask_personal_numbers
from gms.sharing.package.encryption import CipherFacts, encrypt_file

SUFFIX = ".c4gh"
# No part begins with a dot, so that no path leaves the package or hides in it.
PATH = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(?:/[A-Za-z0-9][A-Za-z0-9._-]*)*\.c4gh", re.ASCII)
DEEPEST, MOST_FILES = 8, 20_000  # folders within each other; hundreds of times what a package has
LONGEST = 200  # characters of a path; object stores and archives take these anywhere
# The longest ending that fits counts; what is not listed does not leave the centre.
FORMATS = {
    ".vcf.gz": "VCF",
    ".vcf.gz.tbi": "TBI",
    ".vcf.gz.csi": "CSI",
    ".cram": "CRAM",
    ".cram.crai": "CRAI",
    ".phenopacket.json": "Phenopacket",
    ".json": "JSON",
    ".tsv": "TSV",
    ".csv": "CSV",
    ".xlsx": "XLSX",
    "Snakefile": "Snakefile",
}


class NotShareable(GmsError):
    """A file that a package does not take: its name, kind or format."""

    def __init__(self, path: str, why: str):
        super().__init__(f"{printable(path)} {why}")


class FolderNotMade(GmsError):
    """A new folder that exists already or cannot be written."""


def is_safe(path: str) -> bool:
    """Whether a path of a package's file is relative, stays inside, and has no part that hides or surprises."""
    return len(path) <= LONGEST and PATH.fullmatch(path) is not None


def format_of(path: str) -> str:
    """What the file holds, by the ending of its plain name. Raises NotShareable for an unknown one."""
    name = path.removesuffix(SUFFIX)
    known = [ending for ending in FORMATS if name.endswith(ending)]
    if not known:
        raise NotShareable(path, f"has an unknown format and is not shared (known: {', '.join(FORMATS)})")
    return FORMATS[max(known, key=len)]


def printable(path: str) -> str:
    """A path for a message: without characters that act on a terminal, and without personal numbers."""
    return mask_personal_numbers("".join(letter if letter.isprintable() else "?" for letter in path))


def entry(path: str, facts: CipherFacts) -> dict[str, Any]:
    """The manifest's entry of an encrypted file at this path of the package."""
    return {
        "path": path,
        "format": format_of(path),
        "plain": asdict(facts.plain),
        "cipher": asdict(facts.cipher),
        "header_sha256": facts.header_sha256,
        "body_sha256": facts.body_sha256,
        "segments": facts.segments,
        "packets": facts.packets,
        "blocks": {"segments": facts.block_segments, "sha256": list(facts.blocks)},
    }


def encrypt_tree(plain: Path, package: Path, readers: Sequence[bytes], writer_secret: bytes) -> list[dict[str, Any]]:
    """Encrypt every file below `plain` to PACKAGE/<path>.c4gh; the manifest's entries, by path.

    Raises NotShareable, before anything is written, for a name or format that a package does not take, and for a link.
    """
    names = sorted(name for name, kind in walk(plain) if _is_plain_file(name, kind))
    entries = []
    for name in names:
        path = name + SUFFIX
        (package / path).parent.mkdir(parents=True, exist_ok=True)
        entries.append(entry(path, encrypt_file(plain / name, package / path, readers, writer_secret)))
    return entries


def _is_plain_file(name: str, kind: str) -> bool:
    if kind == "folder":
        return False
    if kind != "file":
        raise NotShareable(name, f"is a {kind}; only files are shared")
    if not is_safe(name + SUFFIX):
        rule = f"letters, digits, '.', '_' and '-', at most {LONGEST} characters"
        raise NotShareable(name, f"cannot be the path of a shared file: {rule}")
    return bool(format_of(name))


class TooManyFiles(GmsError):
    """A folder that no package can be: deeper, or of more files."""

    def __init__(self, folder: Path):
        super().__init__(
            f"{folder} is not a package: its folders are nested {DEEPEST} deep, or it has over {MOST_FILES:,} files"
        )


def walk(folder: Path) -> Iterator[tuple[str, str]]:
    """Relative path (with '/') and kind of everything below a folder: file, folder, link or special file.

    Links are not followed. Raises TooManyFiles: the folder may be somebody else's.
    """
    left = [("", 0)]
    number = 0
    while left:
        below, depth = left.pop()
        with os.scandir(folder / below) as found:
            items = sorted(found, key=lambda item: item.name)
        number += len(items)
        if depth >= DEEPEST or number > MOST_FILES:
            raise TooManyFiles(folder)
        for item in items:
            yield below + item.name, _kind(item)
        folders = [item.name for item in items if _kind(item) == "folder"]
        left += [(f"{below}{name}/", depth + 1) for name in reversed(folders)]


def _kind(item: os.DirEntry) -> str:
    if item.is_symlink():
        return "link"
    if item.is_dir(follow_symlinks=False):
        return "folder"
    return "file" if item.is_file(follow_symlinks=False) else "special file"


@contextlib.contextmanager
def new_folder(folder: Path, mode: int = 0o777) -> Iterator[Path]:
    """A folder to write into, which becomes `folder` when all went well: that is whole, or not there.

    Until then it is next to it, with a random name, and is removed on failure; so is what a killed command left of the
    same folder, and nothing else. Raises FolderNotMade.
    """
    if os.path.lexists(folder):
        raise FolderNotMade(f"{folder} already exists and is not overwritten; name a new folder")
    partial = None
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        _remove_leftovers(folder)
        partial = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", suffix=_PARTIAL, dir=folder.parent))
        partial.chmod(mode & ~_umask())
        with _marked(partial):
            yield partial
            partial.rename(folder)
    except OSError as error:
        raise FolderNotMade(f"{folder} cannot be written: {error.strerror}") from None
    finally:
        if partial:
            shutil.rmtree(partial, ignore_errors=True)


_PARTIAL, _LOCK = ".partial", ".lock"
_OURS = b"The folder of this name is being written by gms.\n"


@contextlib.contextmanager
def _marked(partial: Path) -> Iterator[None]:
    """Lock a file next to a folder while this process writes it; whoever finds the file unlocked may remove both."""
    mark = partial.with_name(partial.name + _LOCK)
    with open(mark, "xb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            file.write(_OURS)
            file.flush()
            yield
        finally:
            mark.unlink(missing_ok=True)


def _remove_leftovers(folder: Path) -> None:
    """Remove the unfinished folders that killed commands left of this one, plain files among them."""
    for mark in folder.parent.glob(f".{glob.escape(folder.name)}.*{_PARTIAL}{_LOCK}"):
        with contextlib.suppress(OSError), open(os.open(mark, os.O_RDWR | os.O_NOFOLLOW), "rb+") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)  # fails while it is being written
            if file.read() == _OURS:
                shutil.rmtree(mark.with_name(mark.name.removesuffix(_LOCK)), ignore_errors=True)
                mark.unlink()
                print(f"removed the leftovers of a killed command: {mark.with_suffix('')}", file=sys.stderr)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
