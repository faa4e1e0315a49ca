"""Mean depth of windows in aligned reads, by mosdepth in one pass over the file."""

import gzip
import subprocess
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from gms.base.errors import GmsError
from gms.variants.panel_copies.reference import Window


class DepthFailed(GmsError):
    """mosdepth could not read a file."""

    def __init__(self, cram: Path, message: str):
        super().__init__(f"mosdepth ended with an error on {cram}: {message.strip()}")


def window_depths(cram: Path, fasta: Path, windows: Sequence[Window], threads: int = 1) -> list[float]:
    """Reads over each window on average: primary, no duplicates, of any mapping quality, as CNVkit counts. Raises
    DepthFailed."""
    with TemporaryDirectory() as work:
        bed, prefix = Path(work, "windows.bed"), Path(work, "depth")
        bed.write_text("".join(f"{one.contig}\t{one.start}\t{one.end}\n" for one in windows))
        command = ["mosdepth", "--no-per-base", "--fast-mode", "--fasta", str(fasta), "--threads", str(threads)]
        run = subprocess.run([*command, "--by", str(bed), str(prefix), str(cram)], capture_output=True, text=True)
        if run.returncode:
            raise DepthFailed(cram, run.stderr)
        with gzip.open(f"{prefix}.regions.bed.gz", "rt") as lines:
            rows = (line.rstrip("\n").split("\t") for line in lines)
            found = {(row[0], int(row[1]), int(row[2])): float(row[-1]) for row in rows}
    return [found[one.contig, one.start, one.end] for one in windows]
