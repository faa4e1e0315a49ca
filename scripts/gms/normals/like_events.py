"""Structural events of two sources that are taken for one: of the same type and nearly the same ends."""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import pysam

from gms.genome.vcf import info

MIN_OVERLAP = 0.8  # reciprocal, of structural events that are taken for one
NEAR_ENDS = 100  # bases between the ends of breakends and short events that are taken for one
_MATE = re.compile(r"[\[\]](.+):(\d+)[\[\]]")


class Place(NamedTuple):
    """What an event lies on, 0-based half-open; of a breakend `end` is that of the mate on contig `mate`. An
    insertion lies between base `start` - 1 and `start`, of `size` bases where that is known."""

    kind: str
    contig: str
    start: int
    end: int
    mate: str
    size: int | None = None

    @property
    def reach(self) -> int:
        """Most bases between the starts of like events."""
        length = self.end - self.start if self.kind != "BND" else 0
        return max(NEAR_ENDS, round(length * (1 / MIN_OVERLAP - 1)))

    def name(self, accessions: Mapping[str, str]) -> str:
        """HGVS genomic name; the ends are as exact as the record's."""
        if self.kind == "INS":
            place, size = f"{self.start}_{self.start + 1}", self.size or "?"
            return f"{accessions.get(self.contig, '') or self.contig}:g.{place}insN[{size}]"
        ending = {"DEL": "del", "DUP": "dup", "INV": "inv"}[self.kind]
        return f"{accessions.get(self.contig, '') or self.contig}:g.{self.start + 1}_{self.end}{ending}"

    def is_like(self, other: "Place") -> bool:
        """Whether both overlap by 80 % either way, or of breakends and short events have both ends within 100 bases, or
        of insertions are within 100 bases and at most twice as long or half."""
        if (self.kind, self.contig, self.mate) != (other.kind, other.contig, other.mate):
            return False
        apart = abs(self.start - other.start), abs(self.end - other.end)
        if self.kind == "BND":
            return max(apart) <= NEAR_ENDS
        if self.kind == "INS":
            sizes = sorted(abs(size) for size in (self.size, other.size) if size)
            return apart[0] <= NEAR_ENDS and (len(sizes) < 2 or 2 * sizes[0] >= sizes[1])
        shared = min(self.end, other.end) - max(self.start, other.start)
        longest = max(self.end - self.start, other.end - other.start)
        return max(apart) <= min(NEAR_ENDS, longest // 2) or shared >= MIN_OVERLAP * longest


def structural_place(fields: list[str]) -> Place:
    """That of a record of our own VCFs, by its columns."""
    values = info(fields[7])
    if mate := _MATE.search(fields[4]):
        return Place("BND", fields[0], int(fields[1]), int(mate[2]), mate[1])
    size = int(values["SVLEN"]) if values["SVTYPE"] == "INS" and "SVLEN" in values else None
    return Place(values["SVTYPE"], fields[0], int(fields[1]), int(values["END"]), fields[0], size)


def like_events(place: Place, known: pysam.VariantFile) -> Iterator[pysam.VariantRecord]:
    """Records of an indexed file that are taken for the event; none where the file lacks its contig."""
    if place.contig in known.header.contigs:
        first, last = max(0, place.start - place.reach), place.start + place.reach + 1
        found = known.fetch(place.contig, first, last)
        yield from (record for record in found if (other := _place_of(record)) and place.is_like(other))


def _place_of(record: pysam.VariantRecord) -> Place | None:
    """That of a record of any file with INFO/SVTYPE; None of a breakend without a mate."""
    kind = str(record.info.get("SVTYPE", "")).partition(":")[0]
    if kind != "BND":
        size = record.info.get("SVLEN") if kind == "INS" else None  # a number or a list of one
        size = size[0] if isinstance(size, tuple) else size
        return Place(kind, record.contig, record.pos, record.stop, record.contig, size)
    mate = _MATE.search((record.alts or (".",))[0])
    return Place(kind, record.contig, record.pos, int(mate[2]), mate[1]) if mate else None
