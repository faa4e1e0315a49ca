"""Fusions of a junction: the 5' gene, which gives the promoter, and the 3' gene, named as HGNC recommends.

BCR::ABL1 (Bruford et al. 2021, Leukemia 35:3040). Exons are those of the transcript that is shown, MANE Select where
there is one. The reading frame holds where splicing joins the exons next to the junction.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from typing import NamedTuple

from gms.annotation.transcripts import Transcripts
from gms.fusions.expected import Limits, needed
from gms.fusions.loci import Beside, Neighbours, between_genes
from gms.fusions.parts import End, Part, parts_at
from gms.genome.vcf import info

BESIDE = "beside"  # FUSION_FRAME of a gene that is not fused
FRAMES = ("kept", "promoter", "unknown", "lost")  # in the order in which fusions of an event are shown
_ID = re.compile(r"(?:DEL|DUP|INV|BND)\.(.+)\.(\d+)\.(.+)\.(\d+)\.([35])([35])(?:\.[12])?")
_OTHER = {"3": "5", "5": "3"}


class Fusion(NamedTuple):
    """Two parts that are joined; `fragments`: those that the list asks for, None of one that is not expected."""

    five: Part
    three: Part
    fragments: int | None

    @property
    def genes(self) -> str:
        return f"{self.five.gene}::{self.three.gene}"

    @property
    def name(self) -> str:
        return f"{self.five.gene}(exon_{self.five.exon})::{self.three.gene}(exon_{self.three.exon})"

    @property
    def frame(self) -> str:
        """kept, lost, promoter or unknown: see INFO/FUSION_FRAME."""
        five, three = self.five, self.three
        if not (five.intron and three.intron and three.coding):
            return "unknown"
        if five.frame is not None and three.frame is not None:
            return "kept" if five.frame == three.frame else "lost"
        return "promoter" if five.frame is None and not five.whole and three.whole else "unknown"


def junctions(name: str, number: int) -> list[tuple[End, End]]:
    """Ends of the junctions of a record, from its ID; the second one of a balanced event (`number` 2) has the other
    side of nearly the same cuts."""
    found = _ID.fullmatch(name)
    if not found:
        return []
    contig, cut, mate, other, *sides = found.groups()
    pairs = [sides, [_OTHER[side] for side in sides]][:number]
    return [(End(contig, int(cut), one), End(mate, int(other), two)) for one, two in pairs]


def fusions(ends: Iterable[tuple[End, End]], transcripts: Transcripts, limits: Limits) -> list[Fusion]:
    """Fusions of the junctions of an event, each pair of genes once: expected ones first, then those in frame."""
    found: dict[str, Fusion] = {}
    every = [one for pair in ends for one in _joined(pair, transcripts, limits)]
    for one in sorted(every, key=_order):
        found.setdefault(one.genes, one)
    return list(found.values())


def _order(one: Fusion) -> tuple:
    return one.fragments is None, not (one.five.coding and one.three.coding), FRAMES.index(one.frame)


def _joined(ends: tuple[End, End], transcripts: Transcripts, limits: Limits) -> Iterator[Fusion]:
    for first, second in product(*(parts_at(end, transcripts) for end in ends)):
        if first.five == second.five:
            continue  # both promoters, or none: no transcript goes through the junction
        five, three = (first, second) if first.five else (second, first)
        if five.gene != three.gene or not _is_usual(five, three):
            yield Fusion(five, three, needed(five.gene, three.gene, limits))


def _is_usual(five: Part, three: Part) -> bool:
    """Whether parts of one gene follow each other as they always do."""
    return three.exon == five.exon + 1 or three.exon == five.exon and not (five.intron and three.intron)


def fusion_fields(
    fields: Sequence[str], transcripts: Transcripts, limits: Limits, neighbours: Neighbours | None = None
) -> list[str]:
    """INFO of the fusions of a record; none where no two genes are joined. With `neighbours` also the genes near."""
    ends = junctions(fields[2], int(info(fields[7]).get("JUNCTIONS", 1)))
    rows = [_row(one) for one in fusions(ends, transcripts, limits)]
    if neighbours and ends:
        rows = [*(_beside_row(one) for one in neighbours.beside(ends)), *rows]
    if not rows:
        return _nearest(ends, transcripts, neighbours) if neighbours and ends else []
    listed = [row.fragments for row in rows if row.fragments is not None]
    own = [
        f"{key}={','.join(values)}"
        for key, values in zip(_KEYS, zip(*(row[:-1] for row in rows), strict=True), strict=True)
    ]
    return [*own, *([f"FUSION_EXPECTED={min(listed)}"] if listed else [])]


_KEYS = ("FUSION", "FUSION_NAME", "FUSION_PLACE", "FUSION_FRAME", "FUSION_TRANSCRIPTS")


class Row(NamedTuple):
    """Values of _KEYS of a fusion, and the fragments of one that is expected."""

    genes: str
    name: str
    place: str
    frame: str
    transcripts: str
    fragments: int | None


def _row(one: Fusion) -> Row:
    five, three = one.five, one.three
    transcripts = f"{five.transcript}::{three.transcript}"
    return Row(one.genes, one.name, f"{five.place}::{three.place}", one.frame, transcripts, one.fragments)


def _beside_row(one: Beside) -> Row:
    genes = f"{one.five}::{one.three.gene}"
    return Row(genes, genes, f"{one.five}::{one.place}", BESIDE, genes, one.fragments)


def _nearest(ends: Sequence[tuple[End, End]], transcripts: Transcripts, neighbours: Neighbours) -> list[str]:
    found = between_genes(ends, [parts_at(end, transcripts) for end in ends[0]], neighbours)
    return [f"NEAREST={','.join(found)}"] if found else []


def with_fusions(
    lines: Iterable[str], transcripts: Transcripts | None, limits: Limits, tumor: bool = False
) -> Iterator[str]:
    """Lines of annotated structural variants with their fusions; as they are without gene models. `tumor`: also genes
    that come beside a locus or a promoter, and those next to an end between genes."""
    neighbours = Neighbours(transcripts, limits) if tumor and transcripts else None
    for line in lines:
        if line.startswith("#") or not transcripts:
            yield line
            continue
        fields = line.rstrip("\n").split("\t")
        fields[7] = ";".join([fields[7], *fusion_fields(fields, transcripts, limits, neighbours)])
        yield "\t".join(fields) + "\n"
