"""Transcripts near a position, and their coordinates.

All arithmetic is done in oriented coordinates, in which a transcript always runs from left to right: base p (0-based)
of the contig is p on the forward strand and -1-p on the reverse strand, so the interval [s, e) becomes [-e, -s).
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache
from pathlib import Path
from typing import NamedTuple

NEAR = 5_000  # bases: upstream and downstream as in Ensembl's VEP and snpEff
_BIN = 15  # transcripts are kept by 2**15 bases


class Transcript(NamedTuple):
    """`exons` and `cds` (from its first to its last base) are 0-based half-open on the contig, `exons` in its order.

    `rank`: 0 MANE Select, 1 MANE Plus Clinical, 2 Ensembl canonical, 3 others. `partial`: a model without its start
    or end. `phase`: bases before the first whole codon of the CDS. `refseq`: the identical RefSeq transcript or ''.
    """

    id: str
    gene: str
    gene_id: str
    chrom: str
    forward: bool
    biotype: str
    rank: int
    partial: bool
    refseq: str
    exons: tuple[tuple[int, int], ...]
    cds: tuple[int, int] | None
    phase: int

    @property
    def start(self) -> int:
        return self.exons[0][0]

    @property
    def end(self) -> int:
        return self.exons[-1][1]


def to_line(transcript: Transcript) -> str:
    """One line of columns separated by tabs."""
    exons = ",".join(f"{start}-{end}" for start, end in transcript.exons)
    cds = "-".join(map(str, transcript.cds)) if transcript.cds else ""
    flags = f"{int(transcript.forward)}\t{transcript.biotype}\t{transcript.rank}\t{int(transcript.partial)}"
    names = f"{transcript.chrom}\t{transcript.start}\t{transcript.end}\t{transcript.id}\t{transcript.gene}"
    return f"{names}\t{transcript.gene_id}\t{flags}\t{transcript.refseq}\t{exons}\t{cds}\t{transcript.phase}"


def from_line(line: str) -> Transcript:
    chrom, _, _, name, gene, gene_id, forward, biotype, rank, partial, refseq, exons, cds, phase = line.split("\t")
    pieces = tuple(tuple(map(int, exon.split("-"))) for exon in exons.split(","))
    hull = tuple(map(int, cds.split("-"))) if cds else None
    ranked = int(rank), partial == "1"
    return Transcript(name, gene, gene_id, chrom, forward == "1", biotype, *ranked, refseq, pieces, hull, int(phase))


class Model:
    """A transcript in oriented coordinates. mRNA coordinates count its spliced bases from 0."""

    __slots__ = ("__dict__", "code_end", "code_start", "end", "exons", "lengths", "start", "starts", "transcript")

    def __init__(self, transcript: Transcript):
        self.transcript = transcript
        exons = transcript.exons
        self.exons = exons if transcript.forward else tuple((-end, -start) for start, end in reversed(exons))
        self.start, self.end = self.exons[0][0], self.exons[-1][1]
        self.starts = [start for start, _ in self.exons]
        self.lengths = [0]  # mRNA bases before each exon, and in all
        for start, end in self.exons:
            self.lengths.append(self.lengths[-1] + end - start)
        self.code_start = self.code_end = -1
        if transcript.cds:
            first, last = self.oriented(*transcript.cds)
            self.code_start, self.code_end = self.spliced(first), self.spliced(last - 1) + 1

    @property
    def missing(self) -> int:
        """Bases of the first codon that a model without its start lacks. Positions and residues are counted with them,
        as Ensembl does, so that residue n is c.3n-2 to c.3n."""
        return (3 - self.transcript.phase) % 3

    @property
    def coding(self) -> bool:
        return self.code_start >= 0

    @cached_property
    def introns(self) -> list[tuple[int, int]]:
        return [(left[1], right[0]) for left, right in zip(self.exons, self.exons[1:], strict=False)]

    def oriented(self, start: int, end: int) -> tuple[int, int]:
        """An interval of the contig in oriented coordinates, and the other way round."""
        return (start, end) if self.transcript.forward else (-end, -start)

    def exon_at(self, position: int) -> tuple[int, bool]:
        """Index of the exon that holds a position, or of the last one before it (-1: none); whether it holds it."""
        index = bisect_right(self.starts, position) - 1
        return index, index >= 0 and position < self.exons[index][1]

    def introns_at(self, start: int, end: int) -> list[tuple[int, int]]:
        """Introns that lie between `start` and `end` or next to the exons there."""
        first, last = self.exon_at(start)[0], self.exon_at(end)[0]
        return self.introns[max(0, first - 1) : last + 1]

    def coding_parts(self) -> Iterator[tuple[int, int]]:
        """The coding parts of exons, oriented."""
        for number, (start, end) in enumerate(self.exons):
            offset = start - self.lengths[number]
            low, high = max(start, self.code_start + offset), min(end, self.code_end + offset)
            if low < high:
                yield low, high

    def exon_of(self, start: int, end: int) -> int | None:
        """Index of the exon that holds all of an interval, which may be empty and at its border; else None."""
        index, inside = self.exon_at(start)
        if inside and end <= self.exons[index][1]:
            return index
        return index if start == end and index >= 0 and start == self.exons[index][1] else None

    def spliced(self, position: int) -> int:
        """mRNA coordinate of an exonic position."""
        index, _ = self.exon_at(position)
        return self.lengths[index] + position - self.exons[index][0]

    def place(self, position: int) -> str:
        """HGVS position, such as 76, -14, *6, 88+1 or 89-2 (https://hgvs-nomenclature.org, numbering)."""
        index, inside = self.exon_at(position)
        if inside or not 0 <= index < len(self.exons) - 1:
            base = 0 if index < 0 else index
            return self._number(self.lengths[base] + position - self.exons[base][0])
        after, before = position - self.exons[index][1] + 1, self.exons[index + 1][0] - position
        if after <= before:
            return f"{self._number(self.lengths[index + 1] - 1)}+{after}"
        return f"{self._number(self.lengths[index + 1])}-{before}"

    def _number(self, spliced: int) -> str:
        if not self.coding:
            return str(spliced + 1)
        if spliced < self.code_start:
            return str(spliced - self.code_start)
        if spliced >= self.code_end:
            return f"*{spliced - self.code_end + 1}"
        return str(spliced - self.code_start + self.missing + 1)


class Transcripts:
    """All transcripts of a genome, as `gene_models.write_gene_models` writes them; parsed where asked for."""

    def __init__(self, lines: Iterable[str]):
        self._lines: list[str] = []
        self._bins: dict[tuple[str, int], list[int]] = {}
        for number, line in enumerate(lines):
            chrom, start, end, _ = line.split("\t", 3)
            self._lines.append(line.rstrip("\n"))
            for place in range((int(start) - NEAR) >> _BIN, ((int(end) + NEAR) >> _BIN) + 1):
                self._bins.setdefault((chrom, place), []).append(number)
        self._model = lru_cache(maxsize=4_096)(lambda number: Model(from_line(self._lines[number])))
        self._models = lru_cache(maxsize=4)(
            lambda chrom, place: [self._model(number) for number in self._bins.get((chrom, place), ())]
        )

    @classmethod
    def read(cls, path: Path | str) -> "Transcripts":
        with open(path) as lines:
            return cls(lines)

    def named(self, name: str) -> list[Model]:
        """Transcripts with this id, RefSeq id, symbol or id of the gene; version and letter case do not count."""
        wanted = _bare(name)
        numbers = [number for number, line in enumerate(self._lines) if wanted in line.upper()]
        found = [self._model(number) for number in numbers]
        ids = [(m, m.transcript) for m in found]
        return [m for m, one in ids if wanted in map(_bare, (one.id, one.refseq, one.gene, one.gene_id))]

    def places(self) -> Iterator[tuple[str, int, int, str, str, bool]]:
        """Contig, start and end (0-based half-open), gene, biotype, and whether it codes, of every transcript."""
        for line in self._lines:
            chrom, start, end, _, gene, _, _, biotype, *_, cds, _ = line.split("\t")
            yield chrom, int(start), int(end), gene, biotype, bool(cds)

    def near(self, chrom: str, start: int, end: int) -> list[Model]:
        """Transcripts within `NEAR` bases of a 0-based half-open interval, in the order of the file."""
        first, last = start >> _BIN, end >> _BIN
        if first == last:
            found = self._models(chrom, first)
        else:
            numbers = {n for place in range(first, last + 1) for n in self._bins.get((chrom, place), ())}
            found = [self._model(number) for number in sorted(numbers)]
        low, high = start - NEAR, end + NEAR
        return [m for m in found if m.transcript.exons[0][0] < high and m.transcript.exons[-1][1] > low]


def _bare(name: str) -> str:
    """A name without its version, in capitals."""
    return name.partition(".")[0].upper()
