"""Whether a file is whole, and a folder usable: what tools that ended early, or a full disk, leave behind is not.

Formats: CRAM 3 (samtools/hts-specs, CRAMv3, sections 6 to 9), BGZF (SAM specification, section 4.1).
"""

import errno
import gzip
import itertools
import os
import stat
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from gms.base.errors import GmsError

_CRAM_3 = b"CRAM\x03"
_FILE_DEFINITION = 26  # bytes: magic, version (major, minor), file id
_HEAD = 4096  # bytes, more than the header of a container of one slice
# The containers and blocks with which whole files end.
_CRAM_END = bytes.fromhex("0f000000ffffffff0fe0454f4600000000010005bdd94f0001000606010001000100ee63014b")
BGZF_END = bytes.fromhex("1f8b08040000000000ff0600424302001b0003000000000000000000")
_BLOCK_HEAD = 18  # bytes: a gzip header with the one extra field BC


class FileNotWhole(GmsError):
    """An output that ends early."""

    def __init__(self, path: Path, reason: str):
        super().__init__(f"{path} {reason}. A tool ended early or the disk was full. Run again")


def open_now(path: Path) -> BinaryIO:
    """Open a file to read it, without waiting for whoever would write to a pipe. Raises OSError."""
    return open(path, "rb", opener=lambda name, flags: os.open(name, flags | os.O_NONBLOCK))


def read_file(path: Path) -> bytes:
    """The content of a file that a user named. Raises OSError, also for a pipe or a device, which might never end."""
    with open_now(path) as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError(errno.EINVAL, "it is a pipe or a device, not a file")
        return file.read()


def why_no_text(data: bytes) -> str:
    """What a file is that is not UTF-8 text, and what to do."""
    if data.startswith(b"\x1f\x8b"):
        return "is gzipped; unpack it"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "is UTF-16 text, as Excel's 'Unicode Text'; save it as 'CSV UTF-8'"
    return "is not UTF-8 text; save it as UTF-8"


def require_whole(path: Path) -> None:
    """Check a file by its name's ending, all of it but its compressed content. Raises FileNotWhole, OSError."""
    check = next((check for ending, check in _CHECKS.items() if path.name.endswith(ending)), None)
    if check is None or not path.is_file():
        return
    with open(path, "rb") as file:
        try:
            problem = check(file, path.stat().st_size)
        except (IndexError, EOFError, gzip.BadGzipFile, zlib.error):
            problem = "is damaged"
    if problem:
        raise FileNotWhole(path, problem)


def _cram(file: BinaryIO, size: int) -> str | None:
    """Every container follows the one before it, with a sound header, up to the one that marks the end."""
    if file.read(_FILE_DEFINITION)[: len(_CRAM_3)] != _CRAM_3:
        return "is not a CRAM 3 file"
    at, last = _FILE_DEFINITION, size
    while at < size:
        file.seek(at)
        last, at = at, at + _container_size(file.read(_HEAD))
    file.seek(last)
    return None if at == size and file.read() == _CRAM_END else "has no end container"


def _container_size(head: bytes) -> int:
    """Bytes of a container, with its header. Raises IndexError for a header that is cut or damaged."""
    at = 4
    for size in (5, 5, 5, 5, 9, 9, 5):  # reference, start, span, records; record counter, bases; blocks
        at = _after_number(head, at, size)
    landmarks, at = _small_number(head, at)
    for _ in range(landmarks):
        at = _after_number(head, at, 5)
    if zlib.crc32(head[:at]) != int.from_bytes(head[at : at + 4], "little"):
        raise IndexError
    return int.from_bytes(head[:4], "little") + at + 4


def _after_number(data: bytes, at: int, most: int) -> int:
    """Where an ITF8 (at most 5 bytes) or LTF8 (9) ends: the leading ones of its first byte count the bytes after it."""
    return at + min(9 - (data[at] ^ 0xFF).bit_length(), most)


def _small_number(data: bytes, at: int) -> tuple[int, int]:
    """An ITF8 below 2^14, such as a number of slices; and where it ends."""
    first = data[at]
    if first < 0x80:
        return first, at + 1
    if first < 0xC0:
        return (first & 0x3F) << 8 | data[at + 1], at + 2
    raise IndexError


def _vcf(file: BinaryIO, size: int) -> str | None:
    """As a BGZF file; and there are column names, and the last line ends."""
    last, problem = _last_block(file, size)
    if problem:
        return problem
    file.seek(last)
    content = zlib.decompress(file.read(_block_size(file.read(_BLOCK_HEAD)) - _BLOCK_HEAD)[:-8], wbits=-15)
    if not content.endswith(b"\n"):
        return "ends within a line"
    return None if _has_columns(file) else "has no line of column names"


def _bgzf(file: BinaryIO, size: int) -> str | None:
    """Block follows block up to the one that marks the end."""
    return _last_block(file, size)[1]


def _last_block(file: BinaryIO, size: int) -> tuple[int, str | None]:
    """Where the last block with any content begins (0-based byte), and what is wrong with the chain of blocks."""
    at = last = 0
    while at < size:
        file.seek(at)
        head = file.read(_BLOCK_HEAD)
        if head[:4] != BGZF_END[:4] or head[12:14] != b"BC":
            return last, "is damaged"
        length = _block_size(head)
        last, at = (last if length == len(BGZF_END) else at), at + length
    file.seek(max(0, size - len(BGZF_END)))
    return last, None if at == size and file.read() == BGZF_END else "has no end block"


def _block_size(head: bytes) -> int:
    return int.from_bytes(head[16:18], "little") + 1


def _has_columns(file: BinaryIO) -> bool:
    file.seek(0)
    with gzip.open(file) as lines:
        header = itertools.takewhile(lambda line: line[:1] == b"#", lines)
        return any(line.startswith(b"#CHROM") for line in header)


def _gzip(file: BinaryIO, size: int) -> str | None:
    with gzip.open(file) as content:
        while content.read(1 << 20):
            pass
    return None if size else "is empty"


def _text(file: BinaryIO, size: int) -> str | None:
    file.seek(max(0, size - 1))
    return None if not size or file.read() == b"\n" else "ends within a line"


_CHECKS: dict[str, Callable[[BinaryIO, int], str | None]] = {
    ".cram": _cram,
    ".vcf.gz": _vcf,
    ".bcf": _bgzf,
    **dict.fromkeys((".crai", ".tbi"), _gzip),
    **dict.fromkeys((".tsv", ".bed", ".json", ".txt", ".fai"), _text),
}


class UnusableResultsFolder(GmsError):
    """A results folder that cannot be made or written to."""

    def __init__(self, folder: Path, reason: str):
        text = f"the results folder '{folder}' cannot be used: {reason}"
        super().__init__(f"{text}; write another  results:  in the config")


def make_results(folder: Path) -> None:
    """Make the results folder where it is missing. Raises UnusableResultsFolder."""
    reason = "this user may not write there"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        parts = [path for path in (folder, folder / ".snakemake") if path.exists()]
        writable = all(os.access(path, os.W_OK | os.X_OK) for path in parts)
    except OSError as error:
        writable, reason = False, (error.strerror or "it cannot be made").lower()
    if not writable:
        raise UnusableResultsFolder(folder, reason)
