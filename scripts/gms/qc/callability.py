"""Where an assay could have reported a variant: depth, mapping quality and difficult regions, from mosdepth's tables.

A base is analysable (ok) from the assay's callable depth, low from the depth at which its policy reports anything, and
not analysable below that or in a difficult region that the policy filters. Reads of mapping quality >= 20 count.
Outside the targets nothing is measured.
"""

import gzip
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from gms.base.json_tables import read_table
from gms.base.project import PROJECT
from gms.genome.ploidy import AUTOSOME, MITOCHONDRION, X, Y
from gms.qc.regions import ALWAYS_REPORT, CODING, HOTSPOT, MASKED, ON_TARGET

HOMOLOGOUS = PROJECT / "resources" / "genes" / "homologous.tsv"
HOTSPOT_FLOOR = 30  # reads; GMS560: a hotspot position is ok from 200, low from 30, else not analysable
OUTSIDE, PARTLY_OUTSIDE = "outside_targets", "partly_outside"
MOSTLY = 0.5  # a gene or exon of which less can be reported is not analysable as a whole


class Depths(NamedTuple):
    """Reads from which a base is callable, and from which the policy reports anything there."""

    callable: int
    floor: int

    def status(self, depth: float, masked: bool = False) -> str:
        """'ok', 'low' or 'not_analysable' of a base or of a short region."""
        if masked or depth < self.floor:
            return "not_analysable"
        return "ok" if depth >= self.callable else "low"

    def of_hotspot(self) -> "Depths":
        """The depths that hold for a listed position: GMS560's where the assay asks for more."""
        return Depths(self.callable, min(self.floor, HOTSPOT_FLOOR) if self.callable > HOTSPOT_FLOOR else self.floor)


class Piece(NamedTuple):
    """A segment with its depth: mean, bases at the floor and bases at the callable depth."""

    chrom: str
    start: int
    end: int
    names: tuple[str, ...]
    mean: float
    reportable: int
    callable: int

    @property
    def bases(self) -> int:
        return self.end - self.start

    @property
    def masked(self) -> bool:
        return MASKED in self.names


class Gene(NamedTuple):
    """Callability of one gene (inside the targets, where an assay has them); fractions 0-1 of `bases`.

    `weak_exons`: exons that are not ok, '3,7'; `lost_exons`: those of which less than half can be reported; `weakest`:
    mean depth of the least covered exon; `copy`: near-identical copies that short reads cannot tell from the gene.
    """

    gene: str
    bases: int
    mean_depth: float
    callable_fraction: float
    reportable_fraction: float
    masked_fraction: float
    status: str
    weakest: float
    weak_exons: str
    copy: str
    lost_exons: str


class Position(NamedTuple):
    """Depth of a hotspot or of an entry of the always-report list: the lowest of its segments. 0-based, half-open;
    `allele`: 1-based POS:REF:ALT of an entry of one allele, as called; '-' where any change counts.

    `status`: ok, low, partly_outside (analysable in its bases within the targets, low or ok), not_analysable or
    outside_targets, of which `depth` is '-'."""

    name: str
    list: str
    chrom: str
    start: int
    end: int
    depth: float | str
    status: str
    allele: str = "-"


def read_pieces(regions: Path | str, thresholds: Path | str) -> Iterator[Piece]:
    """Segments with their depth from mosdepth's regions.bed.gz and thresholds.bed.gz (floor first, callable last)."""
    with gzip.open(regions, "rt") as region_lines, gzip.open(thresholds, "rt") as threshold_lines:
        yield from pieces(region_lines, threshold_lines)


def pieces(regions: Iterable[str], thresholds: Iterable[str]) -> Iterator[Piece]:
    """`read_pieces` of lines."""
    counts = (line for line in thresholds if not line.startswith("#"))
    for region, count in zip(regions, counts, strict=True):
        chrom, start, end, names, mean = region.rstrip("\n").split("\t")
        deep = [int(number) for number in count.rstrip("\n").split("\t")[4:]]
        yield Piece(chrom, int(start), int(end), tuple(names.split(",")), float(mean), deep[0], deep[-1])


def read_copies(has_false_duplications: bool, path: Path = HOMOLOGOUS) -> dict[str, str]:
    """Gene -> the near-identical copies of it or of parts of it; with those of GRCh38's false duplications."""
    kept = {"-", "false_duplications"} if has_false_duplications else {"-"}
    return {row["gene"]: row["copies"] for row in read_table(path) if row["where"] in kept}


def coding_bases(found: Iterable[Piece]) -> int | None:
    """Callable bases of coding sequence within the targets; None where nothing is known of it: without targets, without
    gene models."""
    coding = [piece for piece in found if CODING in piece.names]
    return sum(piece.callable for piece in coding if not piece.masked) if coding else None


class _Sum:
    """Bases of a gene or exon."""

    def __init__(self) -> None:
        self.bases = self.callable = self.reportable = self.masked = 0
        self.depth = 0.0

    def add(self, piece: Piece) -> None:
        self.bases += piece.bases
        self.depth += piece.mean * piece.bases
        if piece.masked:
            self.masked += piece.bases
        else:
            self.callable += piece.callable
            self.reportable += piece.reportable

    @property
    def mean(self) -> float:
        return self.depth / self.bases

    @property
    def status(self) -> str:
        if self.callable == self.bases:
            return "ok"
        return "low" if self.reportable >= MOSTLY * self.bases else "not_analysable"


def gene_table(found: Iterable[Piece], has_y: bool, copies: Mapping[str, str]) -> list[Gene]:
    """Genes by name; those of Y only of who `has_y` (gms.qc.coverage.may_have_y). A gene that the gene models have on
    several contigs is that of one: GENCODE and RefSeq have pseudo-autosomal genes on Y as well, of which the reads are
    on X or fit both, and genes of alternate contigs."""
    exons: dict[str, dict[str, _Sum]] = defaultdict(lambda: defaultdict(_Sum))
    whole: dict[str, _Sum] = defaultdict(_Sum)
    named = [(piece, _exons_of(piece)) for piece in found if has_y or piece.chrom not in Y]
    places: dict[str, set[int]] = defaultdict(set)
    for piece, own in named:
        for gene, _ in own:
            places[gene].add(_order(piece.chrom))
    for piece, own in named:
        kept = [(gene, exon) for gene, exon in own if _order(piece.chrom) == min(places[gene])]
        for gene, exon in kept:
            exons[gene][exon].add(piece)
        for gene in {gene for gene, _ in kept}:
            whole[gene].add(piece)
    return [_gene(gene, whole[gene], exons[gene], copies.get(gene, "")) for gene in sorted(whole)]


@cache
def _order(contig: str) -> int:
    """Of contigs with the same gene the least one counts: chromosomes, then Y, then all others."""
    if contig in Y:
        return 1
    return 0 if AUTOSOME.fullmatch(contig) or contig in (*X, *MITOCHONDRION) else 2


def _exons_of(piece: Piece) -> list[tuple[str, str]]:
    """Gene and exon ('' where it is not known) of each name that is no mark of something else."""
    marks = (HOTSPOT, ALWAYS_REPORT, MASKED, CODING, ON_TARGET)
    return [name.partition("#")[::2] for name in piece.names if name[0] not in marks]


def _gene(gene: str, whole: _Sum, exons: Mapping[str, _Sum], copy: str) -> Gene:
    weak = sorted((exon for exon, part in exons.items() if exon and part.status != "ok"), key=lambda e: (len(e), e))
    lost = [exon for exon in weak if exons[exon].status == "not_analysable"]
    status = "low" if copy and whole.status == "ok" else whole.status
    return Gene(
        gene,
        whole.bases,
        round(whole.mean, 1),
        *(round(part / whole.bases, 4) for part in (whole.callable, whole.reportable, whole.masked)),
        status,
        round(min(part.mean for part in exons.values()), 1),
        ",".join(weak) or "-",
        copy or "-",
        ",".join(lost) or "-",
    )


def position_table(found: Iterable[Piece], depths: Depths, outside: Iterable[Sequence[str]] = ()) -> list[Position]:
    """Listed positions in the order of the genome, then those `outside` the targets (gms.qc.regions.outside)."""
    pieces: dict[tuple[str, str], list[Piece]] = defaultdict(list)
    for piece in found:
        for name in piece.names:
            if name[0] in (HOTSPOT, ALWAYS_REPORT):
                pieces[piece.chrom, name].append(piece)
    limits = depths.of_hotspot()
    measured = [_position(*key, own, limits) for key, own in pieces.items()]
    return measured + [_listed(chrom, name)._replace(depth="-", status=OUTSIDE) for chrom, name in outside]


def _position(chrom: str, name: str, pieces: Sequence[Piece], limits: Depths) -> Position:
    one, depth = _listed(chrom, name), min(piece.mean for piece in pieces)
    status = limits.status(depth, any(piece.masked for piece in pieces))
    if status != "not_analysable" and sum(piece.bases for piece in pieces) < one.end - one.start:
        status = PARTLY_OUTSIDE
    return one._replace(depth=round(depth, 1), status=status)


def _listed(chrom: str, name: str) -> Position:
    """A position by the name of its segments, without depth."""
    title, place, *allele = name[1:].split(":", 2)
    start, _, end = place.partition("-")
    kind = "hotspot" if name[0] == HOTSPOT else "always_report"
    return Position(title, kind, chrom, int(start), int(end), 0.0, "", *allele)
