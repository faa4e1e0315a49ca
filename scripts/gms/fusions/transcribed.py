"""Fusions that RNA shows: the genes, exons and reading frame of a junction between transcripts.

A splice site at an end is the border of an exon of some transcript of the gene; of those transcripts the one that
gene models rank first names the exon. Between the exons a few bases may be added, which STAR aligns to the introns.
"""

from collections.abc import Sequence
from itertools import product
from typing import NamedTuple

from gms.annotation.transcripts import Model, Transcripts
from gms.fusions.expected import Limits, needed
from gms.fusions.loci import locus_of
from gms.fusions.parts import End, Part, part

MOST_ADDED = 3  # bases at each end; STAR leaves no more out between the parts of a read (gms.alignment.star)


class Partner(NamedTuple):
    """What an end keeps of a gene. `spliced`: it is at the border of an exon, or `added` bases beyond it; `frame`:
    coding bases before the cut, the added ones among them, modulo 3; None outside of the coding sequence and of exons.
    """

    model: Model
    part: Part
    spliced: bool
    frame: int | None
    added: int = 0


class Fused(NamedTuple):
    """A transcript of two genes; `fragments`: those that the list of expected fusions asks for, None off the list;
    `listed`: the list names both genes."""

    ends: tuple[End, End]
    five: Partner
    three: Partner
    fragments: int | None
    listed: bool

    @property
    def genes(self) -> str:
        """Of a segment of an antigen receptor the locus: IGH::DUX4."""
        return "::".join(named(one) for one in (self.five, self.three))

    @property
    def name(self) -> str:
        return "::".join(f"{one.part.gene}(exon_{one.part.exon})" for one in (self.five, self.three))

    @property
    def frame(self) -> str:
        """kept, lost, promoter (only the untranslated start of the 5' gene, all coding bases of the 3' gene) or
        unknown."""
        five, three = self.five, self.three
        if five.frame is not None and three.frame is not None:
            return "kept" if five.frame == three.frame else "lost"
        return "promoter" if three.part.whole and five.frame is None and not five.part.whole else "unknown"

    @property
    def splice_sites(self) -> int:
        return self.five.spliced + self.three.spliced

    @property
    def distance(self) -> int | None:
        """Bases of the genome that are left out between neighbours on one strand, as where transcription reads through
        from a gene into the next; None of others."""
        one, other = self.ends
        forward = self.five.model.transcript.forward
        if one.contig != other.contig or forward != self.three.model.transcript.forward:
            return None
        apart = other.cut - one.cut if forward else one.cut - other.cut
        return apart if apart >= 0 else None


def named(one: Partner) -> str:
    """The gene, or the antigen receptor locus of a segment, as the list of expected fusions has it."""
    tx = one.model.transcript
    return locus_of(tx.gene, tx.biotype) or tx.gene


def _of_one_receptor(one: Partner, other: Partner) -> bool:
    """Whether segments of one locus are joined, as in each B or T cell; segments of TRD lie within TRA."""
    loci = [locus_of(partner.model.transcript.gene, partner.model.transcript.biotype) for partner in (one, other)]
    return all(loci) and len({"TRA" if locus == "TRD" else locus for locus in loci}) == 1


def fused(first: End, second: End, transcripts: Transcripts, limits: Limits) -> Fused | None:
    """The fusion of two genes that a junction is, the likeliest one where genes overlap; None of a junction within a
    gene or an antigen receptor, outside of genes, or of two promoters or none."""
    found = []
    partners = [partners_at(first, second, transcripts), partners_at(second, first, transcripts)]
    if {one.part.gene for one in partners[0]} & {other.part.gene for other in partners[1]}:
        return None
    for one, other in product(*partners):
        if one.part.five != other.part.five and not _of_one_receptor(one, other):
            ends, five, three = ((first, second), one, other) if one.part.five else ((second, first), other, one)
            pair = named(five), named(three)
            found.append(Fused(ends, five, three, needed(*pair, limits), pair in limits))
    best = min(found, key=_order, default=None)
    if best is None:
        return None
    return None if any(_explains(model, best) for model in _over_both(first, second, transcripts)) else best


def _explains(model: Model, one: Fused) -> bool:
    """Whether a transcript that holds both ends is the likelier reason of a junction than a fusion: the junction is its
    intron, or at more borders of its exons; where at as many, a transcript with a protein on the strand of a partner
    that is not read through two such genes."""
    own = _in_order([partner(model, end) for end in one.ends])
    sites = sum(end.spliced for end in own) if own[0].part.five != own[1].part.five else 0
    if sites != one.splice_sites:
        return sites > one.splice_sites
    partners = [one.five.model, one.three.model]
    strands = {other.transcript.forward for other in partners}
    reads_through = all(other.coding for other in partners) and strands == {model.transcript.forward}
    return _is_intron(*own) or model.coding and model.transcript.forward in strands and not reads_through


def _in_order(own: Sequence[Partner]) -> list[Partner]:
    """What two ends keep of a transcript, the part with its promoter first."""
    return sorted(own, key=lambda one: not one.part.five)


def _is_intron(five: Partner, three: Partner) -> bool:
    """Whether exons of one transcript are joined as they always are."""
    return five.spliced and three.spliced and five.part.five and three.part.exon == five.part.exon + 1


def _holds(model: Model, end: End) -> bool:
    """Whether the base that is kept next to a cut is of a transcript or of its introns."""
    kept = end.cut - 1 if end.side == "3" else end.cut
    return model.transcript.chrom == end.contig and model.transcript.start <= kept < model.transcript.end


def _at(end: End, transcripts: Transcripts) -> list[Model]:
    return [model for model in transcripts.near(end.contig, end.cut, end.cut + 1) if _holds(model, end)]


def _over_both(first: End, second: End, transcripts: Transcripts) -> list[Model]:
    return [model for model in _at(first, transcripts) if _holds(model, second)]


def _order(one: Fused) -> tuple:
    coding = one.five.part.coding and one.three.part.coding
    return -one.splice_sites, one.fragments is None, not coding, one.frame != "kept", one.genes


def partners_at(end: End, other: End, transcripts: Transcripts) -> list[Partner]:
    """The transcript of each gene that an end is within and the `other` is not: one with a splice site there before
    others, then by rank."""
    best: dict[str, tuple[tuple, Partner]] = {}
    for model in _at(end, transcripts):
        if not _holds(model, other):
            tx, found = model.transcript, partner(model, end)
            key = not found.spliced, found.added, not model.coding, tx.rank, tx.start - tx.end, tx.id
            best[tx.gene] = min(best.get(tx.gene, (key, found)), (key, found), key=lambda one: one[0])
    return [found for _, found in sorted(best.values(), key=lambda one: one[0])]


def partner(model: Model, end: End) -> Partner:
    """What an end keeps of a transcript."""
    kept = part(model, end)
    cut = end.cut if model.transcript.forward else -end.cut
    index, inside = model.exon_at(cut - 1 if kept.five else cut)
    index += not inside and not kept.five
    edge = model.exons[index][kept.five]
    added = 0 if inside else abs(cut - edge)
    if added > MOST_ADDED:
        return Partner(model, kept, False, None)
    at = model.lengths[index] + (cut if inside else edge) - model.exons[index][0]
    is_coding = model.coding and model.code_start < at < model.code_end
    frame = (at + (added if kept.five else -added) - model.code_start - model.transcript.phase) % 3
    return Partner(model, kept, added > 0 or cut == edge, frame if is_coding else None, added)


def border(end: End, one: Partner) -> End:
    """The end without the bases that are added beyond the border of its exon."""
    return end._replace(cut=end.cut + (-one.added if end.side == "3" else one.added))


def is_between_genes(first: End, second: End, transcripts: Transcripts) -> bool:
    """Whether an intron begins in one gene and ends in another, and is none of a transcript that is over both."""
    one, other = _at(first, transcripts), _at(second, transcripts)
    genes = [
        {model.transcript.gene for model in own if not _holds(model, away)}
        for own, away in ((one, second), (other, first))
    ]
    if not all(genes) or not genes[0].isdisjoint(genes[1]):
        return False
    both = ([partner(model, end) for end in (first, second)] for model in one if _holds(model, second))
    return not any(_is_intron(*_in_order(own)) for own in both)


def partners_of(found: Sequence[Fused]) -> dict[str, int]:
    """Gene -> number of other genes that it is joined to."""
    joined: dict[str, set[str]] = {}
    for one in found:
        for gene, other in ((one.five.part.gene, one.three.part.gene), (one.three.part.gene, one.five.part.gene)):
            joined.setdefault(gene, set()).add(other)
    return {gene: len(others) for gene, others in joined.items()}
