"""Reads that may leave: pairs of which both mates are of the virus and neither is of a human.

Only what aligns to the virus is handed over, so what is neither virus nor human stays too. A pair is human where a mate
aligns to the human reference better than to the virus (alignment scores of bwa mem, whose threshold is 30).
"""

import gzip
import re
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pysam

from gms.base.errors import GmsError

_NOT_PRIMARY, _UNMAPPED, _SECOND = 0x900, 0x4, 0x80
_MATE = re.compile(r"[/.][12]$")


class HumanAlignmentFailed(GmsError):
    """Reads could not be aligned to the human reference."""

    def __init__(self, sample: str):
        super().__init__(f"sample {sample}: aligning its reads to the human reference failed; see the messages above")


class Counts(NamedTuple):
    """Pairs in all, of a human, and kept."""

    pairs: int
    human: int
    kept: int

    @property
    def human_fraction(self) -> float:
        return self.human / self.pairs if self.pairs else 0.0


def read_name(name: str) -> str:
    """A name without the number of the mate."""
    return _MATE.sub("", name)


def virus_scores(bam: Path) -> dict[tuple[str, int], int]:
    """Alignment score of each mapped mate (1, 2) on the virus, by name and mate."""
    with pysam.AlignmentFile(str(bam)) as file:
        return dict(_scores(file))


def _scores(reads: Iterable[pysam.AlignedSegment]) -> Iterator[tuple[tuple[str, int], int]]:
    for read in reads:
        if not read.flag & (_NOT_PRIMARY | _UNMAPPED) and read.has_tag("AS"):
            yield (read_name(read.query_name), 2 if read.flag & _SECOND else 1), read.get_tag("AS")


def human_scores(index: str, lanes: Sequence[tuple[str, str]], threads: int, sample: str, log: Path) -> dict:
    """The same on the human reference. Raises HumanAlignmentFailed."""
    found: dict[tuple[str, int], int] = {}
    for fastqs in lanes:
        command = ["bwa", "mem", "-t", str(threads), index, *fastqs]
        with open(log, "a") as messages, subprocess.Popen(command, stdout=subprocess.PIPE, stderr=messages) as process:
            try:
                with pysam.AlignmentFile(process.stdout, "r") as file:
                    found.update(_scores(file))
            except (OSError, ValueError):  # bwa ended before the header, or within a record
                raise HumanAlignmentFailed(sample) from None
        if process.returncode:
            raise HumanAlignmentFailed(sample)
    return found


def write_kept(
    lanes: Sequence[tuple[str, str]],
    virus: dict[tuple[str, int], int],
    human: dict[tuple[str, int], int],
    outputs: tuple[Path, Path],
) -> Counts:
    """Write the pairs that may leave, their names replaced by numbers, which say nothing of instrument and sample."""
    pairs = humans = kept = 0
    with _packed(outputs[0]) as one, _packed(outputs[1]) as two:
        for fastqs in lanes:
            for name, *records in _pairs(fastqs):
                pairs += 1
                scores = [(virus.get((name, mate), 0), human.get((name, mate), 0)) for mate in (1, 2)]
                is_human = any(on_human > on_virus for on_virus, on_human in scores)
                humans += is_human
                if not is_human and all(on_virus for on_virus, _ in scores):
                    kept += 1
                    for out, (bases, qualities) in zip((one, two), records, strict=True):
                        out.write(f"@{kept}\n{bases}\n+\n{qualities}\n".encode())
    return Counts(pairs, humans, kept)


def _pairs(fastqs: tuple[str, str]) -> Iterator[tuple]:
    with pysam.FastxFile(fastqs[0]) as first, pysam.FastxFile(fastqs[1]) as second:
        for one, two in zip(first, second, strict=True):
            yield read_name(one.name), (one.sequence, one.quality), (two.sequence, two.quality)


@contextmanager
def _packed(path: Path) -> Iterator[gzip.GzipFile]:
    """A gzip file without name and time."""
    with open(path, "wb") as file, gzip.GzipFile("", "wb", 5, file, mtime=0) as packed:
        yield packed
