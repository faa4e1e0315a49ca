"""Agreement with junctions of the class of structural variants: the same event, or an end at one of its ends."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from gms.genome.vcf import MATE, info
from gms.variants.copy_number.depth import BIN
from gms.variants.copy_number.events import Event, Shown, Track, shown_in
from gms.variants.copy_number.segments import SWITCH

OVERLAP = 0.7  # reciprocal, of two records of one event
NEAR = 3 * BIN  # bases between the ends of two records of one event, and between an end and a junction


class Junction(NamedTuple):
    """A record of a structural variant: its kind, both ends as (contig, bases before it), columns of the samples that
    have it, its allele as CHROM:POS:REF:ALT, and whether reads show the very bases."""

    kind: str
    ends: tuple[tuple[str, int], tuple[str, int]]
    carriers: frozenset[int]
    allele: str
    precise: bool

    @property
    def event(self) -> Event:
        (contig, start), (_, end) = self.ends
        return Event(contig, start, end, self.kind)


def read_junctions(lines: Iterable[str]) -> list[Junction]:
    """Junctions of records of merged structural variants, of two mates the first; insertions have none."""
    found = []
    for line in lines:
        fields = line.rstrip("\n").split("\t")
        values = info(fields[7])
        if "SECOND" in values or values["SVTYPE"] == "INS":
            continue
        contig, pos, mate = fields[0], int(fields[1]), MATE.search(fields[4])
        second = (mate[1], int(mate[2])) if mate else (contig, int(values["END"]))
        carriers = frozenset(n for n, column in enumerate(fields[9:]) if "1" in column.partition(":")[0])
        allele = ":".join([contig, str(pos), *fields[3:5]])
        found.append(Junction(values["SVTYPE"], ((contig, pos), second), carriers, allele, "IMPRECISE" not in values))
    return found


def same_event(event: Event, carriers: frozenset[int], junctions: Sequence[Junction]) -> Junction | None:
    """The junction of an event that some sample has by both: nearly all of either lies in the other, or their ends are
    near each other; the best of several."""
    like = [one for one in junctions if one.carriers & carriers and is_same(event, one)]
    return max(like, key=lambda one: (event.shares(one.event), one.precise, one.allele), default=None)


def is_same(event: Event, one: Junction) -> bool:
    if event.kind != one.kind or event.contig != one.event.contig or event.whole:
        return False
    near = max(abs(event.start - one.event.start), abs(event.end - one.event.end)) <= NEAR
    return event.shares(one.event) >= (OVERLAP if not near else 0.2)


def beyond(event: Event, one: Junction | None, own: Track) -> tuple[bool, bool]:
    """Whether the start and the end of an event lie beyond those of its junction, and the bins of a sample in between
    show the change as surely as a change of state asks for (SWITCH)."""
    if one is None:
        return False, False
    parts = event._replace(end=one.event.start), event._replace(start=one.event.end)
    return tuple(part.length > NEAR and is_change(part.kind, shown_in(part, own)) for part in parts)


def is_change(kind: str, shown: Shown) -> bool:
    if shown.copies is None or shown.support < -10 * SWITCH / math.log(10):
        return False
    return shown.copies < shown.usual if kind == "DEL" else shown.copies > shown.usual


def joined_ends(
    event: Event, carriers: frozenset[int], of_contig: Mapping[str, Sequence[tuple[int, frozenset[int]]]]
) -> int:
    """Ends of an event, 0 to 2, with some junction near them in a sample that has both."""
    places = [at for at, who in of_contig.get(event.contig, ()) if who & carriers]
    return sum(any(abs(at - end) <= NEAR for at in places) for end in (event.start, event.end))


def ends_of_contigs(junctions: Iterable[Junction]) -> dict[str, list[tuple[int, frozenset[int]]]]:
    """Contig -> (place, carriers) of all ends."""
    found: dict[str, list[tuple[int, frozenset[int]]]] = {}
    for one in junctions:
        for contig, at in one.ends:
            found.setdefault(contig, []).append((at, one.carriers))
    return found
