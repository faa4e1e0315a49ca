"""Depth of the introns that can show expected fusions, by samtools: fragments, as overlapping mates count once."""

import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from gms.base.errors import GmsError
from gms.fusions.expected import ANY, read_expected
from gms.fusions.reach import bed_lines, expected_rows, intron_depths, targeted_introns
from gms.genome.intervals import merge, read_targets

_COUNT = """set -euo pipefail
samtools view --use-index --targets-file "$1" --uncompressed --reference "$2" "$3" |
  samtools depth -a -s -Q 20 -b "$1" -"""


class DepthFailed(GmsError):
    """samtools could not read a file."""

    def __init__(self, cram: Path, message: str):
        super().__init__(f"samtools ended with an error on {cram}: {message.strip()}")


def base_depths(cram: Path, fasta: Path, bed: Iterable[str]) -> list[str]:
    """Contig, position (1-based) and depth of every base of BED lines, at mapping quality 20 and without duplicates,
    by tabs. Raises DepthFailed."""
    with TemporaryDirectory() as work:
        path = Path(work, "introns.bed")
        path.write_text("".join(bed))
        if not path.stat().st_size:
            return []
        command = ["bash", "-c", _COUNT, "depth", str(path), str(fasta), str(cram)]
        run = subprocess.run(command, capture_output=True, text=True)
    if run.returncode:
        raise DepthFailed(cram, run.stderr)
    return run.stdout.splitlines()


def expected_fusions(transcripts: Path, targets: Path, cram: Path, fasta: Path) -> list[Mapping[str, Any]]:
    """Rows of all expected fusions (gms.fusions.reach) for a panel with the depth of a sample. Raises DepthFailed."""
    limits = read_expected()
    genes = {gene for pair in limits for gene in pair} - {ANY}
    merged = {contig: merge(several) for contig, several in read_targets(targets).items()}
    with open(transcripts) as lines:
        introns = targeted_introns(lines, genes, merged)
    depths = intron_depths(introns, base_depths(cram, fasta, bed_lines(introns)))
    return list(expected_rows(limits, introns, depths))
