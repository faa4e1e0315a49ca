"""The one stream from a sample's FASTQ files to its sorted alignment without primers."""

import subprocess
from pathlib import Path
from shlex import quote

from gms.alignment.align_reads import Stream, lane_command, run_stream


def clipping_command(stream: Stream, primers: Path, statistics: Path, bam: Path) -> str:
    """Align, clip the primers (`samtools ampliconclip`, by the strand of each primer) and sort.

    Mates learn each other's new places (fixmate) since overlapping mates are counted once.
    """
    lanes = "; ".join(lane_command(stream, number) for number in range(len(stream.lanes)))
    bed, report, output = (quote(str(path)) for path in (primers, statistics, f"{bam}##idx##{bam}.bai"))
    return (
        f"work={quote(stream.tmpdir)}; {{ {lanes}; }}"
        f" | samtools ampliconclip --no-PG -u --both-ends --strand -b {bed} -f {report} -"
        " | samtools fixmate --no-PG -u -m - -"
        f' | samtools sort --no-PG -m 500M -T "$work"/sort --write-index -o {output} -'
    )


def align_virus(stream: Stream, primers: Path, statistics: Path, bam: Path, log: Path) -> None:
    """Write the alignment with its index and the statistics of clipping. Raises the errors of `run_stream`."""
    run_stream(stream, lambda ready: clipping_command(ready, primers, statistics, bam), str(bam), log)


def clipped_fraction(statistics: Path) -> float | None:
    """Fraction of the reads whose primers were clipped, by the statistics of ampliconclip; None without reads."""
    counts = dict(line.split(": ") for line in statistics.read_text().splitlines() if ": " in line)
    total = int(counts["TOTAL READS"])
    return int(counts["TOTAL CLIPPED"]) / total if total else None


def depths(bam: Path, base_quality: int, mapping_quality: int, length: int) -> list[int]:
    """Reads over each base of the genome by 0-based position, deleted bases counted (`-J`): a deletion is no hole."""
    command = ["samtools", "depth", "-a", "-J", "-q", str(base_quality), "-Q", str(mapping_quality), str(bam)]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    found = [int(line.rsplit("\t", 1)[1]) for line in run.stdout.splitlines()]
    return found or [0] * length  # without any read samtools prints nothing
