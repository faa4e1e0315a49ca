"""Writes block-compressed, indexed VCF."""

from collections.abc import Iterable
from pathlib import Path

import pysam


def write_vcf(lines: Iterable[str], path: Path) -> None:
    """Write VCF lines (sorted, each with its line end) and their tabix index beside them."""
    with pysam.BGZFile(str(path), "wb") as out:
        for line in lines:
            out.write(line.encode())
    pysam.tabix_index(str(path), preset="vcf", force=True)
