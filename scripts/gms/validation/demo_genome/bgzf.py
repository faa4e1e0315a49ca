"""Compressed files with the same bytes on every machine that has zlib: no names and no times in them.

htslib compresses with libdeflate, whose output changes between releases: bgzip is not used, tabix's index is repacked.
"""

import gzip
import struct
import subprocess
import zlib
from pathlib import Path

LEVEL, QUICK = 6, 3  # QUICK: a sixth larger in a quarter of the time, for reads, which are most of the data
BLOCK = 65_280
"""Uncompressed bytes in a block of BGZF, as in htslib (SAM specification, section 4.1)."""
HEADER = struct.pack("<BBBBIBBHBBH", 31, 139, 8, 4, 0, 0, 255, 6, ord("B"), ord("C"), 2)


def gzip_bytes(data: bytes) -> bytes:
    """A plain gzip file, as FASTQ comes from a sequencer; time 0, no file name."""
    packer = zlib.compressobj(QUICK, zlib.DEFLATED, -zlib.MAX_WBITS)
    body = packer.compress(data) + packer.flush()
    return (
        struct.pack("<BBBBIBB", 31, 139, 8, 0, 0, 0, 255)
        + body
        + struct.pack("<II", zlib.crc32(data), len(data) & 0xFFFFFFFF)
    )


def bgzf_bytes(data: bytes) -> bytes:
    """A BGZF file with the empty block at its end."""
    pieces = [data[at : at + BLOCK] for at in range(0, len(data), BLOCK)]
    return b"".join(map(_block, [*pieces, b""]))


def _block(data: bytes) -> bytes:
    packer = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    body = packer.compress(data) + packer.flush()
    size = len(HEADER) + 2 + len(body) + 8
    return HEADER + struct.pack("<H", size - 1) + body + struct.pack("<II", zlib.crc32(data), len(data))


def write_indexed(path: Path, lines: list[str], preset: str) -> None:
    """Write sorted lines compressed, with an index; `preset` is tabix's: vcf, bed or gff."""
    path.write_bytes(bgzf_bytes(("\n".join(lines) + "\n").encode()))
    subprocess.run(["tabix", "-f", "-p", preset, str(path)], check=True)
    index = Path(f"{path}.tbi")
    index.write_bytes(bgzf_bytes(gzip.decompress(index.read_bytes())))
