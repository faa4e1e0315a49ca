"""Gene models in GFF3: coding bases (0-based half-open), and what the ninth column says of genes and transcripts, which
Ensembl, GENCODE and RefSeq write differently."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

from gms.genome.intervals import Interval, merge, open_text, read_bed

SYMBOLS = ("Name", "gene_name", "gene", "gene_id")  # notes of a gene that may hold its symbol
# Preference of a transcript by its tags: https://www.ensembl.org/info/genome/genebuild/mane.html
RANKS = {"MANE_Select": 0, "MANE_Plus_Clinical": 1, "Ensembl_canonical": 2}
UNRANKED = 3
_PARENT = re.compile(r"(?:^|;) ?Parent=([^;\n]*)")


def notes_of(text: str) -> dict[str, str]:
    """The ninth column of a GFF3 line by key."""
    notes = dict(part.split("=", 1) for part in text.replace("; ", ";").split(";") if "=" in part)
    return {key: unquote(value) for key, value in notes.items()} if "%" in text else notes


def first_note(notes: Mapping[str, str], keys: Iterable[str]) -> str:
    """The first of the notes that is given; '' where none is."""
    return next((notes[key] for key in keys if notes.get(key)), "")


def tags_of(notes: Mapping[str, str]) -> set[str]:
    """Tags of a transcript; RefSeq writes 'MANE Select', the others MANE_Select."""
    return {tag.replace(" ", "_") for tag in notes.get("tag", "").split(",")}


def rank_of(notes: Mapping[str, str]) -> int:
    """How far a transcript is preferred: one of RANKS, else UNRANKED."""
    return min((RANKS[tag] for tag in tags_of(notes) if tag in RANKS), default=UNRANKED)


def parents_of(text: str) -> list[str]:
    """IDs of the features that one belongs to by its ninth column: an exon may be of several transcripts."""
    named = _PARENT.search(text)
    return [unquote(one) for one in named[1].split(",") if one] if named else []


class SplitCodon(NamedTuple):
    """A codon of which bases are on either side of an intron: its first to its last base, and the intron."""

    start: int
    end: int
    intron_start: int
    intron_end: int

    def holds(self, one: tuple[int, int], other: tuple[int, int]) -> bool:
        """Whether two intervals, in order, are bases of the codon before and after the intron."""
        before, after = (self.start, self.intron_start), (self.intron_end, self.end)
        return all(low <= i[0] and i[1] <= high for i, (low, high) in ((one, before), (other, after)))


class Coding(NamedTuple):
    """Coding bases of a contig that any transcript has, sorted and merged, and its split codons, sorted."""

    intervals: Sequence[Interval]
    split: Sequence[SplitCodon] = ()


def read_models(gff: Path | str, longest: int) -> dict[str, Coding]:
    """Coding sequence of gene models by contig; codons that an intron of at most `longest` bases splits. The CDS of a
    transcript are in the order of the genome or of the transcript."""
    found: dict[str, set[Interval]] = {}
    split: dict[str, set[SplitCodon]] = {}
    last: dict[str, _Piece] = {}
    with open_text(gff) as lines:
        for line in lines:
            if "\tCDS\t" in line and not line.startswith("#"):
                contig, _, _, start, end, _, strand, phase, notes = line.split("\t", 8)
                piece = _Piece(int(start) - 1, int(end), int(phase) if phase.isdigit() else 0, strand != "-")
                found.setdefault(contig, set()).add(Interval(piece.start, piece.end))
                for parent in parents_of(notes):
                    if codon := parent in last and _split_codon(*sorted((last[parent], piece)), longest):
                        split.setdefault(contig, set()).add(codon)
                    last[parent] = piece
    return {contig: Coding(merge(known), sorted(split.get(contig, ()))) for contig, known in found.items()}


class _Piece(NamedTuple):
    """CDS of a transcript; `phase`: bases at its beginning that end the codon of the piece before (GFF3)."""

    start: int
    end: int
    phase: int
    forward: bool


def _split_codon(left: _Piece, right: _Piece, longest: int) -> SplitCodon | None:
    ending = right.phase if left.forward else left.phase
    if not ending or not 0 < right.start - left.end <= longest:
        return None
    before, after = (3 - ending, ending) if left.forward else (ending, 3 - ending)
    return SplitCodon(left.end - before, right.start + after, left.end, right.start)


def coding_lines(known: Mapping[str, Coding]) -> Iterator[str]:
    """BED of coding sequence; lines of split codons name the intron, START-END."""
    for contig, coding in known.items():
        yield from (f"{contig}\t{start}\t{end}\n" for start, end in coding.intervals)
        yield from (f"{contig}\t{s}\t{e}\t{low}-{high}\n" for s, e, low, high in coding.split)


def read_coding(bed: Path | str) -> dict[str, Coding]:
    """What `coding_lines` wrote."""
    found: dict[str, Coding] = {}
    for chrom, start, end, intron in read_bed(bed):
        coding = found.setdefault(chrom, Coding([], []))
        if intron:
            coding.split.append(SplitCodon(start, end, *map(int, intron.split("-"))))
        else:
            coding.intervals.append(Interval(start, end))
    return found
