"""Pairs of reads of a small genome, as FASTQ files."""

import gzip
import random
from pathlib import Path

from gms.alignment.align_reads import LaneReads, Stream

GENOME = "".join(random.Random(12).choices("ACGT", k=3_000))
COMPLEMENT = str.maketrans("ACGT", "TGCA")


def stream(lanes, **changes) -> Stream:
    facts = {"sample": "S1", "index": "ref/genome.fa", "aligner": "bwa", "trim": False, "threads": 2, "tmpdir": "/tmp"}
    return Stream(lanes=lanes, **{**facts, **changes})


def write_lane(folder: Path, lane: str, reads: int, mates: int | None = None, seed: int = 1) -> LaneReads:
    """Pairs of 100 bases from fragments of 300, in a path with a space."""
    generator = random.Random(seed)
    fragments = [GENOME[start : start + 300] for start in (generator.randrange(2_700) for _ in range(reads))]
    files = []
    for mate, sequences in (
        (1, [fragment[:100] for fragment in fragments]),
        (2, [fragment[::-1].translate(COMPLEMENT)[:100] for fragment in fragments[:mates]]),
    ):
        path = folder / f"run 1 {lane}_R{mate}.fastq.gz"
        records = (f"@{lane}:{n}/{mate}\n{sequence}\n+\n{'I' * 100}\n" for n, sequence in enumerate(sequences))
        path.write_bytes(gzip.compress("".join(records).encode()))
        files.append(str(path))
    return LaneReads(lane, *files)
