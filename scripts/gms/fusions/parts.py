"""The part of a transcript that a junction keeps: which exons, whether its promoter is in it, its reading frame."""

from typing import NamedTuple

from gms.annotation.transcripts import Model, Transcripts


class End(NamedTuple):
    """One end of a junction: `cut` bases of the contig are before it, `side` '3' keeps what ends there, '5' what
    begins there (gms.variants.structural.events)."""

    contig: str
    cut: int
    side: str


class Part(NamedTuple):
    """What an end keeps of a transcript. `five`: the part with its promoter. `exon`: number of the kept exon next to
    the cut, 0 where none is kept; `intron` that is cut, 0 where the cut is within `exon`. `frame`: coding bases from
    the start of the coding sequence to that exon's border, modulo 3; None where that border is not coding."""

    gene: str
    transcript: str
    five: bool
    exon: int
    intron: int
    frame: int | None
    coding: bool
    whole: bool

    @property
    def place(self) -> str:
        """intron13, or exon14 where that is cut."""
        return f"intron{self.intron}" if self.intron else f"exon{self.exon}"


def parts_at(end: End, transcripts: Transcripts) -> list[Part]:
    """The part that an end keeps of each gene there, of MANE Select before other transcripts, and of genes with a
    protein before others."""
    best: dict[str, tuple[tuple, Model]] = {}
    for model in transcripts.near(end.contig, end.cut, end.cut + 1):
        tx = model.transcript
        if tx.start < end.cut < tx.end:
            key = not model.coding, tx.rank, tx.start - tx.end, tx.id
            best[tx.gene] = min(best.get(tx.gene, (key, model)), (key, model), key=lambda one: one[0])
    return [part(model, end) for _, model in sorted(best.values(), key=lambda one: one[0])]


def part(model: Model, end: End) -> Part:
    """What an end within a transcript keeps of it."""
    tx = model.transcript
    five = tx.forward == (end.side == "3")
    cut = end.cut if tx.forward else -end.cut  # oriented: bases before it are upstream
    index, inside = model.exon_at(cut)
    inside = inside and cut > model.exons[index][0]
    if five:
        index -= not inside and cut <= model.exons[index][0]
        exon, border = index + 1, model.lengths[index + 1]
    else:
        index += not inside and cut >= model.exons[index][1]
        exon, border = index + 1, model.lengths[index]
    intron = 0 if inside else exon if five else exon - 1
    frame = None if inside else _frame(model, border)
    return Part(tx.gene, tx.id, five, exon, intron, frame, model.coding, _whole(model, border, five))


def _frame(model: Model, border: int) -> int | None:
    """Coding bases before the border of an exon modulo 3, by a complete model; None outside of the coding sequence."""
    if not model.coding or not model.code_start < border < model.code_end:
        return None
    return (border - model.code_start - model.transcript.phase) % 3


def _whole(model: Model, border: int, five: bool) -> bool:
    """Whether a part holds all of the coding sequence."""
    return model.coding and (border >= model.code_end if five else border <= model.code_start)
