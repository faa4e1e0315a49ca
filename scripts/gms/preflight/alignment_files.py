"""BAM and CRAM files of the sample sheet, before anything runs: whether they are whole, and of one sample."""

import gzip
import zlib
from pathlib import Path

from gms.alignment.taken_reads import ReadsNotTaken, header, read_groups

# The block and the containers with which whole files end (SAM specification 4.1.2; CRAM 3.0 and 2.1, section 9).
BAM_END = bytes.fromhex("1f8b08040000000000ff0600424302001b0003000000000000000000")
CRAM_END = bytes.fromhex("0f000000ffffffff0fe0454f4600000000010005bdd94f0001000606010001000100ee63014b")
CRAM_2_END = bytes.fromhex("0b000000ffffffff0fe0454f46000000000100000106060100010001 00".replace(" ", ""))


def alignment_problems(path: Path, written: str) -> list[tuple[str, bool]]:
    """What is wrong with a BAM or CRAM file, and whether that is damage; `written`: its path as the sheet has it."""
    head = f"bam '{written}'"
    try:
        if not path.is_file():
            problem = "is not a regular file" if path.exists() else "does not exist"
            return [(f"{head} {problem}{_hint(path, written)}", False)]
        with open(path, "rb") as file:
            magic = file.read(4)
            file.seek(max(0, path.stat().st_size - 64))
            end = file.read()
        if magic[:2] == b"\x1f\x8b":
            with gzip.open(path) as content:
                magic = content.read(4)
    except (OSError, EOFError, zlib.error) as error:
        return [(f"{head} cannot be read: {getattr(error, 'strerror', None) or 'its data are damaged'}", False)]
    if magic not in (b"BAM\x01", b"CRAM"):
        return [(f"{head} is neither a BAM nor a CRAM file", False)]
    if not end.endswith((BAM_END,) if magic != b"CRAM" else (CRAM_END, CRAM_2_END)):
        return [(f"{head} is truncated (it has no end-of-file marker). Copy it again", True)]
    try:
        read_groups(header(path), path)
    except ReadsNotTaken as error:
        return [(f"{head}: {error}", False)]
    return []


def _hint(path: Path, written: str) -> str:
    return "" if path.exists() or written.startswith("/") else "; paths are relative to the sheet"
