"""Merges the callers' alleles and gives every one of them the same evidence: one record per allele.

What is asked of an allele afterwards (depth, fraction, genotype, quality) is counted here from the alignments, so that
a filter means the same whichever caller proposed it. Positions are 0-based.
"""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import pysam

from gms.genome.alleles import Allele, repeat_length, span
from gms.genome.intervals import Interval, read_contigs
from gms.genome.scatter_intervals import PAD, Piece, pieces
from gms.genome.vcf import header_lines
from gms.variants.small.calls import CONTEXT, UnsupportedAllele
from gms.variants.small.evidence import genotype, observe
from gms.variants.small.haplotypes import Haplotype, joined_haplotypes
from gms.variants.small.joined_loci import joined_loci
from gms.variants.small.loci import Locus, SnvLocus, loci
from gms.variants.small.merged_vcf import HEADER, Counts, Merged, Proposal, record

# What is asked of a read: name, flag, place, mapping quality, CIGAR, bases, their qualities. More need not be decoded.
FIELDS = [b"required_fields=0x63f", b"decode_md=0"]


class Job(NamedTuple):
    """What a process needs to merge one piece; samples in case order, the index sample first. `coding`: sorted, merged
    coding intervals of each contig, none without gene models."""

    calls: dict[str, str]
    alignments: list[str]
    fasta: str
    roles: list[str]
    somatic: bool
    coding: dict[str, list[Interval]]


class Stretch(NamedTuple):
    """Reference sequence of a contig from 0-based `offset`."""

    contig: str
    sequence: str
    offset: int


def merge_calls(job: Job, samples: list[str], targets: Path | None, piece_size: int, threads: int) -> Iterator[str]:
    """Lines of the merged VCF, the same for any number of threads."""
    contigs = read_contigs(Path(f"{job.fasta}.fai"))
    yield from header_lines(contigs, HEADER, samples)
    with ProcessPoolExecutor(threads) as pool:
        todo = list(pieces(contigs, targets, piece_size))
        jobs = [job._replace(coding={piece.contig: coding_near(job, piece)}) for piece in todo]
        for lines in pool.map(merge_piece, jobs, todo):
            yield from lines


def coding_near(job: Job, piece: Piece) -> list[Interval]:
    """Coding intervals within the reach of a piece."""
    low, high = piece.owned[0].start - CONTEXT, piece.owned[-1].end + CONTEXT
    return [interval for interval in job.coding.get(piece.contig, ()) if interval.end > low and interval.start < high]


def merge_piece(job: Job, piece: Piece) -> list[str]:
    """Lines of the alleles that the piece owns."""
    proposals = read_proposals(job, piece)
    if not proposals:
        return []
    stretch = surroundings(job, piece.contig, proposals)
    samples = [list(loci(proposals, stretch.sequence, stretch.offset)) for _ in job.alignments]
    fill(job, stretch, samples)
    part_of = joined_haplotypes(samples[0], stretch.sequence, stretch.offset, job.coding[piece.contig])
    joined = sorted({haplotype for haplotype in part_of.values() if haplotype.allele not in proposals})
    evidence = [dict(chain.from_iterable(map(count, sample))) for sample in samples]
    for counts, found in zip(evidence, count_joined(job, stretch, samples, joined), strict=True):
        counts.update(found)
    merged = [
        Merged(a, proposals[a], [counts[a] for counts in evidence], stretch_repeat(a, stretch), {}, part_of.get(a))
        for a in proposals
    ]
    merged += [whole(haplotype, proposals, evidence, stretch) for haplotype in joined]
    owned = [found for found in merged if piece.owns(*span(found.allele, stretch.sequence, stretch.offset))]
    owned.sort(key=lambda found: found.allele)
    return [record(piece.contig, found, job.roles, job.somatic) for found in owned]


def surroundings(job: Job, contig: str, proposals: Iterable[Allele]) -> Stretch:
    offset = max(0, min(proposals).pos - PAD - CONTEXT)
    end = max(allele.pos + len(allele.ref) for allele in proposals) + PAD + CONTEXT
    with pysam.FastaFile(job.fasta) as reference:
        return Stretch(contig, reference.fetch(contig, offset, end).upper(), offset)


def fill(job: Job, stretch: Stretch, samples: Sequence[Sequence[Locus]]) -> None:
    """Observe the loci (sorted by start) of each sample in its alignments."""
    for path, sample in zip(job.alignments, samples, strict=True):
        with pysam.AlignmentFile(path, reference_filename=job.fasta, format_options=FIELDS) as alignment:
            observe(alignment, stretch.contig, sample)


def count_joined(
    job: Job, stretch: Stretch, samples: Sequence[Sequence[Locus]], joined: Sequence[Haplotype]
) -> list[dict[Allele, Counts]]:
    """Counts of the joined alleles in each sample; reads are asked again only where an indel is part of one."""
    made = [joined_loci(joined, sample, stretch.sequence, stretch.offset) for sample in samples]
    unfilled = [sorted((locus for locus in found if not isinstance(locus, SnvLocus)), key=by_start) for found in made]
    if unfilled[0]:
        fill(job, stretch, unfilled)
    return [dict(next(count(locus)) for locus in found) for found in made]


def by_start(locus: Locus) -> tuple[int, int]:
    return locus.start, locus.end


def stretch_repeat(allele: Allele, stretch: Stretch) -> int:
    return repeat_length(allele, stretch.sequence, stretch.offset)


def whole(
    haplotype: Haplotype, proposals: dict[Allele, Proposal], evidence: list[dict[Allele, Counts]], stretch: Stretch
) -> Merged:
    """A joined allele: its callers are those of all parts, else of any; its repeat is the longest of a part."""
    callers = [proposals[part].callers for part in haplotype.parts]
    proposal = Proposal(set.intersection(*callers) or set.union(*callers), ".")
    repeat = max(stretch_repeat(part, stretch) for part in haplotype.parts)
    counts = [found[haplotype.allele] for found in evidence]
    parts = {part: [found[part] for found in evidence] for part in haplotype.parts}
    return Merged(haplotype.allele, proposal, counts, repeat, parts)


def read_proposals(job: Job, piece: Piece) -> dict[Allele, Proposal]:
    """Every caller's alleles in and around the piece. Raises UnsupportedAllele."""
    found: dict[Allele, Proposal] = {}
    for caller, path in job.calls.items():
        with pysam.TabixFile(path) as table:
            if piece.contig not in table.contigs:
                continue
            for start, end in piece.seen():
                for line in table.fetch(piece.contig, start, end):
                    _, pos, _, ref, alt, _, _, info, *_ = line.split("\t")
                    if not alt.isalpha():  # a caller whose rule does not go by call_variants
                        raise UnsupportedAllele(caller, piece.contig, pos, alt)
                    proposal = found.setdefault(Allele(int(pos) - 1, ref, alt), Proposal(set(), info))
                    proposal.callers.add(caller)
    return found


def count(locus: Locus) -> Iterator[tuple[Allele, Counts]]:
    """Each allele with its fragments. One that fits two haplotypes alike tells nothing and is not in the depth."""
    seen = [observation for observation in locus.fragments.values() if observation]
    told = [(observation, observation.best) for observation in seen]
    depth = sum(best is not None or locus.counts_other for _, best in told)
    called = genotype(locus)
    ref = [observation for observation, best in told if best == 0]
    for index, allele in enumerate(locus.alleles):
        alt = [observation for observation, best in told if best is not None and index in locus.carried[best]]
        yield allele, Counts(ref, alt, depth, called.copies[index], called.quality, called.support[index])
