"""UMIs taken out of reads or of their names, and written as a comment that the aligner turns into the tag RX.

Read structures are those of fgbio: a length, or + for the rest, and what the bases are: T template, M molecular
barcode (UMI), S skipped, B and C barcodes of samples and cells, which are dropped too.
"""

import gzip
import re
from collections.abc import Callable, Iterator
from itertools import zip_longest
from pathlib import Path

from gms.alignment.align_reads import LaneReads
from gms.base.errors import GmsError
from gms.base.personal_numbers import mask_personal_numbers
from gms.genome.fastq import opened

IN_NAME = "name"  # the sheet's umi where names of reads end with the UMIs
_SEGMENT = re.compile(r"([1-9][0-9]*|\+)([TMBSC])")
_NAME_END = re.compile(rb"[:_](r?[ACGTN]+)(?:[-+_](r?[ACGTN]+))?$")  # r: reverse complemented (DRAGEN, bcl-convert)
_COMPLEMENT = bytes.maketrans(b"ACGT", b"TGCA")
_COMPRESSION = 1  # the files are read once

# Bases and qualities of a read -> UMI, template bases and qualities.
Cutter = Callable[[bytes, bytes], tuple[bytes, bytes, bytes]]


class NoUmi(GmsError):
    """A read whose name has no UMI."""

    def __init__(self, lane: str, name: bytes):
        shown = mask_personal_numbers(name[1:].decode(errors="replace"))
        super().__init__(
            f"lane '{lane}': the name of read '{shown}' does not end with a UMI, such as :ACGTT+GATCC. Where the UMIs"
            " are in the bases, write the read structures in column umi of the sheet, such as 3M2S+T,3M2S+T"
        )


def structures(umi: str) -> list[str]:
    """The read structures of R1 and R2, separated by a comma or a blank in the sheet."""
    return re.split(r"[ ,]", umi)


def cutter(structure: str) -> Cutter:
    """A function that cuts a read; the template of a read that is too short for its structure is empty."""
    kinds, start = {"M": [], "T": []}, 0
    for length, kind in _SEGMENT.findall(structure):
        end = None if length == "+" else start + int(length)
        kinds.setdefault(kind, []).append(slice(start, end))
        start = end or start
    whole = start
    if [len(kinds["M"]), len(kinds["T"])] == [1, 1]:
        (umi,), (template,) = kinds["M"], kinds["T"]
        return lambda bases, qualities: (bases[umi], bases[template], qualities[template])

    def cut(bases: bytes, qualities: bytes) -> tuple[bytes, bytes, bytes]:
        if len(bases) < whole:
            return b"", b"", b""
        umi, template = (b"".join(bases[part] for part in kinds[kind]) for kind in "MT")
        return umi, template, b"".join(qualities[part] for part in kinds["T"])

    return cut


def extract(lane: LaneReads, umi: str, folder: Path) -> LaneReads:
    """The lane with its UMIs as comments, RX:Z:<UMI> or RX:Z:<UMI of R1>-<UMI of R2>, in new files in `folder`.

    `umi` is the sheet's. The reads must be whole pairs (see `check_lanes`); marks of reads that failed the sequencer's
    control are kept. Raises NoUmi.
    """
    made = [folder / f"{lane.name}.umi.{mate}.fastq.gz" for mate in (1, 2)]
    pairs = _named_pairs(lane) if umi == IN_NAME else _cut_pairs(lane, umi)
    with gzip.open(made[0], "wb", _COMPRESSION) as one, gzip.open(made[1], "wb", _COMPRESSION) as two:
        for name, barcode, mark, first, second in pairs:
            head = b"%s RX:Z:%s%s\n" % (name, barcode, mark)
            one.write(b"%s%s\n+\n%s\n" % (head, *first))
            two.write(b"%s%s\n+\n%s\n" % (head, *second))
    return lane._replace(fastq_1=str(made[0]), fastq_2=str(made[1]), numbered=False, marked=True)


def _cut_pairs(lane: LaneReads, umi: str) -> Iterator[tuple]:
    cut_1, cut_2 = (cutter(structure) for structure in structures(umi))
    for name, mark, first, second in _pairs(lane):
        (umi_1, *read_1), (umi_2, *read_2) = cut_1(*first), cut_2(*second)
        yield name, b"-".join(filter(None, (umi_1, umi_2))) or b"N", mark, read_1, read_2


def _named_pairs(lane: LaneReads) -> Iterator[tuple]:
    for name, mark, first, second in _pairs(lane):
        if not (found := _NAME_END.search(name)):
            raise NoUmi(lane.name, name)
        yield name, b"-".join(_as_read(umi) for umi in found.groups() if umi), mark, first, second


def _as_read(umi: bytes) -> bytes:
    """A UMI of a read's name; r in front of it says that it is reverse complemented, which is undone as fgbio does."""
    return umi[:0:-1].translate(_COMPLEMENT) if umi.startswith(b"r") else umi


def _pairs(lane: LaneReads) -> Iterator[tuple]:
    """Name of each pair with @, its mark of a failed read, and bases and qualities of its reads."""
    with opened(Path(lane.fastq_1)) as one, opened(Path(lane.fastq_2)) as two:
        reads = (zip_longest(*[map(bytes.rstrip, file)] * 4, fillvalue=b"") for file in (one, two))
        for (head, bases_1, _, qualities_1), (other, bases_2, _, qualities_2) in zip(*reads, strict=False):
            if not head:  # blank lines at the end
                return
            name = head.split(None, 1)[0]
            if name != other.split(None, 1)[0]:  # .1 and .2, /1 and /2
                name = name[:-2]
            mark = b"\tYF:i:1" if lane.marked and b"YF:i:1" in head else b""
            yield name, mark, (bases_1, qualities_1), (bases_2, qualities_2)
