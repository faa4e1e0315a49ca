"""From alignments to the VCF of repeats, and what reads show of each locus. Positions are 0-based half-open."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pysam

from gms.genome.intervals import read_contigs
from gms.genome.ploidy import Ploidy, is_haploid
from gms.genome.vcf import header_lines
from gms.variants.repeats.alleles import Alleles, Length, alleles_of
from gms.variants.repeats.catalogue import Locus, read_catalogue
from gms.variants.repeats.fragments import FragmentLengths
from gms.variants.repeats.header import HEADER
from gms.variants.repeats.motifs import compositions
from gms.variants.repeats.normals import Known, Normals
from gms.variants.repeats.reads import ANCHOR, Seen, look_at
from gms.variants.repeats.records import Called, locus_facts, record
from gms.variants.repeats.status import MIN_PATHOGENIC_SHARE, copies_of, status

MIN_DEPTH = 5.0  # around a repeat; below, no allele is asked for
MIN_OF_BOTH = 0.8  # of the reads that end in two long alleles, if both have a pathogenic motif; the rest are errors
ONE_OF_TWO = 0.001  # probability of so many if one of them had it


class Lost(NamedTuple):
    """Bases that one chromosome of a person lacks, 0-based half-open; `allele`: the deletion as CHROM:POS:REF:ALT."""

    contig: str
    start: int
    end: int
    allele: str

    def holds(self, locus: Locus) -> bool:
        """Whether the repeat and the flanks by which reads show its length are lost."""
        is_within = self.start <= locus.start - ANCHOR and locus.end + ANCHOR <= self.end
        return self.contig == locus.contig and is_within


class Sample(NamedTuple):
    """A sample of a case; `sex`: see gms.qc.coverage.measured_chromosomes; whether it is one of `normals`; its
    certain deletions of one copy."""

    name: str
    sex: str
    is_normal: bool = False
    lost: tuple[Lost, ...] = ()


class Sources(NamedTuple):
    """Files of a case: reads of each sample, index first, and the alleles of normals, None without."""

    fasta: Path
    catalogue: Path
    alignments: Sequence[Path]
    normals: Normals | None = None


def call_repeats(sources: Sources, samples: Sequence[Sample]) -> tuple[list[str], dict[str, Any]]:
    """Lines of the VCF, its header alone where the reference has none of the loci, and the facts for the report;
    samples index first. Raises UnusableCatalogue."""
    contigs = read_contigs(Path(f"{sources.fasta}.fai"))
    header = list(header_lines(contigs, HEADER, [sample.name for sample in samples]))
    with pysam.FastaFile(str(sources.fasta)) as reference:
        found = read_catalogue(sources.catalogue, reference)
        loci = sorted(found, key=lambda locus: (list(contigs).index(locus.contig), locus))
        opened = [pysam.AlignmentFile(str(path), reference_filename=str(sources.fasta)) for path in sources.alignments]
        bases = [reference.fetch(locus.contig, locus.start - 1, locus.start).upper() for locus in loci]
        known = [sources.normals.of(locus) if sources.normals else None for locus in loci]
        by_sample = [
            call_sample(loci, reference, alignment, sample, Ploidy(contigs), known)
            for alignment, sample in zip(opened, samples, strict=True)
        ]
    by_locus = zip(loci, zip(*by_sample, strict=True), known, strict=True)
    called = [(locus, calls, compared(one, locus, calls, samples)) for locus, calls, one in by_locus]
    facts = {
        "assessed": bool(loci),
        "reason": None if loci else "no_loci",
        "samples": [sample.name for sample in samples],
        "loci": [locus_facts(*one) for one in called],
    }
    return [*header, *(record(base, *one) for base, one in zip(bases, called, strict=True))], facts


def call_sample(
    loci: Sequence[Locus],
    reference: pysam.FastaFile,
    alignment: pysam.AlignmentFile,
    sample: Sample,
    ploidy: Ploidy,
    known: Sequence[Known | None],
) -> list[Called]:
    """Every locus in a sample, whose fragments next to all of them give the distribution of their lengths."""
    seen = [look_at(alignment, reference, locus) for locus in loci]
    fragments = FragmentLengths(length for one in seen for length in one.fragments)
    copies = (1 if is_haploid(ploidy.kind(one.contig, one.start + 1), sample.sex) else 2 for one in loci)
    called = (called_from(*one, fragments) for one in zip(seen, loci, copies, known, strict=True))
    return [with_lost(*one, sample.lost, fragments) for one in zip(called, loci, known, strict=True)]


def with_lost(
    called: Called, locus: Locus, known: Known | None, lost: Sequence[Lost], fragments: FragmentLengths
) -> Called:
    """A repeat of which a deletion took the other copy has one allele; unless reads show two."""
    deletion = next((one for one in lost if one.holds(locus)), None)
    if deletion is None or len(called.alleles.lengths) != 2 or called.alleles.note:
        return called
    first, second = called.alleles.lengths
    if first != second and (first.is_exact or second.is_exact):
        return called
    return called_from(called.seen, locus, 1, known, fragments)._replace(opposite=deletion.allele)


def called_from(seen: Seen, locus: Locus, copies: int, known: Known | None, fragments: FragmentLengths) -> Called:
    """Alleles and states from what reads show."""
    stutter = known.stutter or 0.0 if known else 0.0
    alleles = alleles_of(seen, copies, locus.unit, fragments, stutter) if seen.depth >= MIN_DEPTH else Alleles((), "")
    motifs = motifs_of(seen, alleles.lengths, locus)
    states = [status(length, locus, found) for length, found in zip(alleles.lengths, motifs, strict=True)]
    if alleles.note:  # reads of an allele that is not among these, and longer
        states = ["undetermined" if state == "normal" else state for state in states]
    return Called(seen, alleles, tuple(states), motifs)


def motifs_of(seen: Seen, lengths: Sequence[Length], locus: Locus) -> tuple[dict[str, int], ...]:
    """Reads of each allele by motif. Two alleles that no read spans have the same reads; where the motif decides and
    these do not show that both have changed, the longer one gets those of pathogenic motifs, the other one the rest."""
    found = tuple(
        compositions(bases_of(seen, length, locus.unit), locus.motifs, locus.is_by_motif) for length in lengths
    )
    if not locus.is_by_motif or len(lengths) < 2 or any(length.is_exact for length in lengths):
        return found
    (both, *_), tails = found, compositions(_tails(seen), locus.motifs, True)
    changed, others = (
        {motif: reads for motif, reads in both.items() if (motif in locus.pathogenic_motifs) == wanted}
        for wanted in (True, False)
    )
    is_one = sum(changed.values()) >= MIN_PATHOGENIC_SHARE / 2 * sum(both.values()) > 0
    return (others, changed) if is_one and not are_both_changed(tails, locus) else found


def are_both_changed(tails: Mapping[str, int], locus: Locus) -> bool:
    """Whether the reads that end in the repeat show a pathogenic motif far more often than if one of two alleles had
    it: however long they are, alleles that no read spans have as many."""
    number = sum(tails.values())
    changed = sum(reads for motif, reads in tails.items() if motif in locus.pathogenic_motifs)
    by_chance = sum(math.comb(number, more) for more in range(changed, number + 1)) / 2**number
    return changed >= MIN_OF_BOTH * number and by_chance < ONE_OF_TWO


def compared(
    known: Known | None, locus: Locus, calls: Sequence[Called], samples: Sequence[Sample]
) -> tuple[int, int] | None:
    """How many alleles of normals are or may be as long as the longest of the index, and how many there are; those of
    the case itself are not counted. None where nothing is known."""
    lengths = calls[0].alleles.lengths
    if known is None or not lengths:
        return None
    members = (call for call, sample in zip(calls, samples, strict=True) if sample.is_normal)
    own = [
        None if one.high is None else copies_of(one.high, locus.unit)
        for call in members
        for one in call.alleles.lengths
    ]
    return known.as_long(max(copies_of(one.low, locus.unit) for one in lengths), own)


def bases_of(seen: Seen, length: Length, unit: int) -> list[str]:
    """Repeat bases of the reads that show an allele: those that span it, of a long one those that no other has."""
    if length.is_exact:
        return [bases for at, reads in seen.spanning.items() if abs(at - length.low) < unit for bases in reads]
    return [*seen.inside, *_tails(seen)]


def _tails(seen: Seen) -> list[str]:
    """Reads that end in the repeat and are longer than any that spans it."""
    longest = max(seen.spanning, default=0)
    return [tail for side in (seen.left, seen.right) for tail in side if len(tail) > longest]
