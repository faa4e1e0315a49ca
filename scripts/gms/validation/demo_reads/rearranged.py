"""Structural variants of the child of the rare disease trio, all de novo, and an expanded repeat.

Each is on one haplotype of its chromosome, whose fragments are drawn from what it is with the variant. The bases next
to a junction differ, so that there is one place for it.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from gms.base.project import PROJECT
from gms.validation.demo_genome.catalogue import REPEAT
from gms.validation.demo_genome.genome import Genome, random_dna
from gms.validation.demo_genome.sequence import reverse_complement
from gms.validation.demo_genome.stream import Stream
from gms.validation.demo_reads.fragments import Template

CASE, SAMPLE, PARENTS = "rare-trio", "rare-proband", ("rare-mother", "rare-father")
NOVEL = 260  # bases of the insertion that is known from nowhere, more than a read shows
TAIL, TARGET_SITE = 26, 14  # A at the end of a mobile element, and bases of the place on both sides of it
COPIES = 60  # of the repeat; 37 are pathogenic, reads of 150 bases end within 50


class Piece(NamedTuple):
    """Bases of a chromosome, 0-based half-open, or others where `bases` is given."""

    chrom: str
    start: int = 0
    end: int = 0
    is_reverse: bool = False
    bases: str = ""


class Event(NamedTuple):
    """A variant: haplotype, what its chromosomes become, and its row of the truth (class, CHROM, 1-based POS, ALT,
    section)."""

    haplotype: int
    made: tuple[tuple[Piece, ...], ...]
    truth: tuple[str, str, int, str, str]


def events(genome: Genome) -> Iterator[Event]:
    """A duplication, an inversion, an insertion, a mobile element, a translocation, and a repeat."""
    chrom, (a, b) = "chr17", (_intron(genome, "TP53", 9), _intron(genome, "TP53", 3))
    yield Event(1, ((_upto(chrom, b), _from(genome, chrom, a)),), _structural(chrom, a, "<DUP>"))
    chrom, (a, b) = "chr7", (_intron(genome, "BRAF", 9), _intron(genome, "BRAF", 4))
    turned = (_upto(chrom, a), Piece(chrom, a, b, True), _from(genome, chrom, b))
    yield Event(1, (turned,), _structural(chrom, a, "<INV>"))
    yield _inserted(genome, "NPM1", 100, 0, random_dna(Stream("novel insertion"), NOVEL), "<INS>")
    yield _inserted(genome, "NRAS", 109, 1, _alu() + TAIL * "A", "<INS:ME:ALU>", TARGET_SITE)
    (one, a), (other, b) = ("chr5", _intron(genome, "TERT", 1)), ("chr19", _intron(genome, "CALR", 3))
    derived = tuple(
        (_upto(*near), _from(genome, *far)) for near, far in (((one, a), (other, b)), ((other, b), (one, a)))
    )
    yield Event(1, derived, _structural(one, a, f"{genome.sequences[one][a - 1]}[{other}:{b + 1}["))
    chrom, at, unit, copies = REPEAT
    more = Piece(chrom, bases=unit * (COPIES - copies))
    told = ("repeats", chrom, at, "<STR>", "full_mutation")
    yield Event(1, ((_upto(chrom, at), more, _from(genome, chrom, at)),), told)


def _structural(chrom: str, at: int, alt: str) -> tuple[str, str, int, str, str]:
    return "structural", chrom, at, alt, "de_novo"


def _upto(chrom: str, at: int) -> Piece:
    return Piece(chrom, 0, at)


def _from(genome: Genome, chrom: str, at: int) -> Piece:
    return Piece(chrom, at, len(genome.sequences[chrom]))


def _intron(genome: Genome, symbol: str, number: int) -> int:
    """The middle of an intron, numbered from 1 in the direction of the transcript."""
    transcript = genome.transcripts[symbol]
    left = number - 1 if transcript.strand == "+" else -number - 1
    return (transcript.exons[left][1] + transcript.exons[left + 1][0]) // 2


def _inserted(
    genome: Genome, symbol: str, residue: int, haplotype: int, bases: str, alt: str, repeated: int = 0
) -> Event:
    """Bases in a codon, before them `repeated` bases once more that follow them."""
    transcript = genome.transcripts[symbol]
    chrom, at = transcript.chrom, transcript.genomic(3 * residue)
    whole = (_upto(chrom, at + repeated), Piece(chrom, bases=bases), _from(genome, chrom, at))
    return Event(haplotype, (whole,), _structural(chrom, at, alt))


def _alu() -> str:
    """The first of the mobile elements that insertions are compared with, without its tail."""
    text = (PROJECT / "resources" / "mobile_elements" / "human.fa").read_text()
    return "".join(text.split(">")[1].splitlines()[1:]).upper().rstrip("A")


def rearranged(genome: Genome, templates: list[Template]) -> list[Template]:
    """The haplotypes of the child with these variants, each in the place of what it was."""
    places = {}
    for number, template in enumerate(templates):
        places.setdefault(template.chrom, []).append(number)
    found = list(templates)
    for event in events(genome):
        for pieces in event.made:
            number = places[pieces[0].chrom][event.haplotype]
            own = {piece.chrom: templates[places[piece.chrom][event.haplotype]] for piece in pieces}
            found[number] = _joined(pieces, own)
    return found


def _joined(pieces: Sequence[Piece], own: dict[str, Template]) -> Template:
    """A chromosome with coordinates of its own, under a name of its own: no other variant is planted by place there."""
    bases = b"".join(_bases(piece, own[piece.chrom]) for piece in pieces)
    return Template(f"{pieces[0].chrom}, rearranged", bases, np.arange(len(bases) + 1))


def _bases(piece: Piece, template: Template) -> bytes:
    if piece.bases:
        return piece.bases.encode()
    bases = template.bases[template.position[piece.start] : template.position[piece.end]]
    return reverse_complement(bases.decode()).encode() if piece.is_reverse else bases


def truth(genome: Genome) -> Iterator[tuple[str, ...]]:
    """Rows of the table of what must be found: section of the report, genotype of each sample."""
    samples = ",".join([f"{SAMPLE}=0/1", *(f"{parent}=0/0" for parent in PARENTS)])
    for event in events(genome):
        variants, chrom, pos, alt, section = event.truth
        for one in (variants, "copy_number") if alt == "<DUP>" else (variants,):
            yield CASE, one, f"{chrom}:{pos}:{genome.sequences[chrom][pos - 1]}:{alt}", section, samples
