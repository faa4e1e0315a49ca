"""Reads of tiled amplicons of an edited genome, as a library whose reads begin with the primers.

Of a random generator only `random()` is used, whose numbers are the same in every version of Python.

Simulated: quality is constant and errors are substitutions at one rate. Positions are 0-based half-open.
"""

from collections.abc import Iterable, Iterator, Mapping
from random import Random
from typing import NamedTuple

_COMPLEMENT = str.maketrans("ACGT", "TGCA")
QUALITY = "F"  # Phred 37


class Edit(NamedTuple):
    """A change of a genome: `ref` at `start` (0-based) becomes `alt`; either may be empty."""

    start: int
    ref: str
    alt: str


class Tile(NamedTuple):
    """An amplicon: where its outer primers start and end, and where its insert lies between them."""

    name: str
    start: int
    insert_start: int
    insert_end: int
    end: int


class Library(NamedTuple):
    """How amplicons are sequenced: read length in bases, substitutions per base, pairs per amplicon by default."""

    length: int = 230
    error: float = 0.001
    pairs: int = 150


def edited(genome: str, edits: Iterable[Edit]) -> str:
    """The genome with the edits, which may not overlap. Raises ValueError where `ref` is not what the genome has."""
    parts, at = [], 0
    for edit in sorted(edits):
        if edit.start < at or genome[edit.start : edit.start + len(edit.ref)] != edit.ref:
            raise ValueError(f"edit {edit} does not fit")
        parts += [genome[at : edit.start], edit.alt]
        at = edit.start + len(edit.ref)
    return "".join([*parts, genome[at:]])


def molecule(genome: str, edits: Iterable[Edit], tile: Tile) -> str:
    """The amplified molecule: primers have the bases of the genome, what is between them those of the edits in it."""
    inside = [e for e in edits if tile.insert_start <= e.start and e.start + len(e.ref) <= tile.insert_end]
    moved = [edit._replace(start=edit.start - tile.insert_start) for edit in inside]
    insert = edited(genome[tile.insert_start : tile.insert_end], moved)
    return genome[tile.start : tile.insert_start] + insert + genome[tile.insert_end : tile.end]


def reverse_complement(sequence: str) -> str:
    """The other strand."""
    return sequence.translate(_COMPLEMENT)[::-1]


def amplicon_reads(
    genome: str,
    edits: Iterable[Edit],
    tiles: Iterable[Tile],
    library: Library,
    random: Random,
    pairs: Mapping[str, int] | None = None,
) -> Iterator[tuple[str, str]]:
    """Sequences of read pairs; `pairs` gives the number of an amplicon that has another than the library's."""
    edits = list(edits)
    for tile in tiles:
        sequence = molecule(genome, edits, tile)
        for _ in range((pairs or {}).get(tile.name, library.pairs)):
            ends = (sequence, reverse_complement(sequence))
            one, two = (_with_errors(end[: library.length], library.error, random) for end in ends)
            yield (one, two) if random.random() < 0.5 else (two, one)


def _with_errors(read: str, rate: float, random: Random) -> str:
    wrong = [place for place in range(len(read)) if random.random() < rate]
    for place in wrong:
        base = "ACGT".replace(read[place], "")[int(3 * random.random())]
        read = read[:place] + base + read[place + 1 :]
    return read


def fastq(pairs: Iterable[tuple[str, str]], name: str) -> tuple[str, str]:
    """The text of two FASTQ files."""
    texts: tuple[list[str], list[str]] = ([], [])
    for number, mates in enumerate(pairs, start=1):
        for text, read in zip(texts, mates, strict=True):
            text.append(f"@{name}:{number}\n{read}\n+\n{QUALITY * len(read)}\n")
    return "".join(texts[0]), "".join(texts[1])
