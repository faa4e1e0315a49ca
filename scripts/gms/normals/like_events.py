"""Structural events of two sources that are taken for one: of the same type and nearly the same ends."""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import pysam

from gms.genome.vcf import MATE, info

MIN_OVERLAP = 0.8  # reciprocal, of structural events that are taken for one
NEAR_ENDS = 100  # bases between the ends of breakends, and between insertions, that are taken for one
SAME_PLACE = 20  # bases between insertions of which sizes do not tell: the place that a mobile element doubles
FAMILIES = {"LINE1": "L1"}  # gnomAD-SV's name -> ours
_ELEMENT = re.compile(r"<INS:ME:([^>:]+)")


class Place(NamedTuple):
    """What an event lies on, 0-based half-open; of a breakend `end` is that of the mate on contig `mate`. An
    insertion lies between base `start` - 1 and `start`; it has `size` bases and, if a mobile element, is of `family`,
    where these are known. `around`: bases by which start and end may lie earlier (negative) or later, None of exact
    ends; 0 earlier or later where nothing is known beyond, as at the outermost window of a panel."""

    kind: str
    contig: str
    start: int
    end: int
    mate: str
    size: int | None = None
    family: str = ""
    around: tuple[int, int, int, int] | None = None

    @property
    def reach(self) -> int:
        """Most bases between the starts of like events."""
        length = self.end - self.start if self.kind != "BND" else 0
        return max(NEAR_ENDS, round(length * (1 / MIN_OVERLAP - 1)))

    def name(self, accessions: Mapping[str, str]) -> str:
        """HGVS genomic name; of uncertain ends the bases between which they lie, the outer one, which the event does
        not hold, first (and ? where it is not known), as in g.(100_200)_(300_400)del."""
        if self.kind == "INS":
            place, size = f"{self.start}_{self.start + 1}", self.size or "?"
            return f"{accessions.get(self.contig, '') or self.contig}:g.{place}insN[{size}]"
        ending = {"DEL": "del", "DUP": "dup", "INV": "inv"}[self.kind]
        return f"{accessions.get(self.contig, '') or self.contig}:g.{self._ends()}{ending}"

    def _ends(self) -> str:
        if self.around is None:
            return f"{self.start + 1}_{self.end}"
        before, inside, within, after = self.around
        first = f"{max(1, self.start + before) if before else '?'}_{self.start + 1 + inside}"
        return f"({first})_({self.end + within}_{self.end + 1 + after if after else '?'})"

    def is_like(self, other: "Place") -> bool:
        """Whether both overlap by 80 % either way, or of breakends have both ends within 100 bases. Insertions are
        not of different families, and within 100 bases and at most twice as long or half; of an unknown size within 100
        bases where they are of one family, else within 20."""
        if (self.kind, self.contig, self.mate) != (other.kind, other.contig, other.mate):
            return False
        apart = abs(self.start - other.start), abs(self.end - other.end)
        if self.kind == "BND":
            return max(apart) <= NEAR_ENDS
        if self.kind == "INS":
            return self._is_like_insertion(other)
        shared = min(self.end, other.end) - max(self.start, other.start)
        longest = max(self.end - self.start, other.end - other.start)
        return shared >= MIN_OVERLAP * longest

    def _is_like_insertion(self, other: "Place") -> bool:
        apart, families = abs(self.start - other.start), {self.family, other.family} - {""}
        if len(families) > 1:
            return False
        if self.size and other.size:
            sizes = sorted((abs(self.size), abs(other.size)))
            return apart <= NEAR_ENDS and 2 * sizes[0] >= sizes[1]
        return apart <= (NEAR_ENDS if self.family == other.family != "" else SAME_PLACE)


def structural_place(fields: list[str]) -> Place:
    """That of a record of our own VCFs, by its columns."""
    values = info(fields[7])
    if mate := MATE.search(fields[4]):
        return Place("BND", fields[0], int(fields[1]), int(mate[2]), mate[1])
    size = int(values["SVLEN"]) if values["SVTYPE"] == "INS" and "SVLEN" in values else None
    start, end, family = int(fields[1]), int(values["END"]), _family(fields[4])
    return Place(values["SVTYPE"], fields[0], start, end, fields[0], size, family, _around(values))


def _around(values: Mapping[str, str]) -> tuple[int, int, int, int] | None:
    """Of a record whose ends are not known to the base: CIPOS and CIEND."""
    if "IMPRECISE" not in values or not {"CIPOS", "CIEND"} <= set(values):
        return None
    return tuple(int(bases) for key in ("CIPOS", "CIEND") for bases in values[key].split(","))


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
        family = _family((record.alts or (".",))[0])
        return Place(kind, record.contig, record.pos, record.stop, record.contig, size, family)
    mate = MATE.search((record.alts or (".",))[0])
    return Place(kind, record.contig, record.pos, int(mate[2]), mate[1]) if mate else None


def _family(alt: str) -> str:
    """That of a mobile element by its ALT, '' of anything else."""
    found = _ELEMENT.match(alt)
    return FAMILIES.get(found[1], found[1]) if found else ""
