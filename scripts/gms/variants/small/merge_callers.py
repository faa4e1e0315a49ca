"""Merges the callers' alleles and gives every one of them the same evidence: one record per allele.

What is asked of an allele afterwards (depth, fraction, genotype, quality) is counted here from the alignments, so that
a filter means the same whichever caller proposed it. Positions are 0-based.
"""

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import pysam

from gms.genome.alleles import Allele, repeat_length, span
from gms.genome.intervals import read_contigs
from gms.genome.scatter_intervals import PAD, Piece, pieces
from gms.genome.vcf import header_lines
from gms.variants.small.calls import CONTEXT, UnsupportedAllele
from gms.variants.small.evidence import Locus, genotype, observe
from gms.variants.small.loci import loci
from gms.variants.small.merged_vcf import HEADER, Counts, Merged, Proposal, record
from gms.variants.small.phased_snvs import joined_snvs

# What is asked of a read: name, flag, place, mapping quality, CIGAR, bases, their qualities. More need not be decoded.
FIELDS = [b"required_fields=0x63f", b"decode_md=0"]


class Job(NamedTuple):
    """What a process needs to merge one piece; samples in case order, the index sample first."""

    calls: dict[str, str]
    alignments: list[str]
    fasta: str
    roles: list[str]
    somatic: bool


def merge_calls(job: Job, samples: list[str], targets: Path | None, piece_size: int, threads: int) -> Iterator[str]:
    """Lines of the merged VCF, the same for any number of threads."""
    contigs = read_contigs(Path(f"{job.fasta}.fai"))
    yield from header_lines(contigs, HEADER, samples)
    with ProcessPoolExecutor(threads) as pool:
        todo = list(pieces(contigs, targets, piece_size))
        for lines in pool.map(merge_piece, [job] * len(todo), todo):
            yield from lines


def merge_piece(job: Job, piece: Piece) -> list[str]:
    """Lines of the alleles that the piece owns."""
    proposals = read_proposals(job, piece)
    if not proposals:
        return []
    offset = max(0, min(proposals).pos - PAD - CONTEXT)
    end = max(allele.pos + len(allele.ref) for allele in proposals) + PAD + CONTEXT
    with pysam.FastaFile(job.fasta) as reference:
        sequence = reference.fetch(piece.contig, offset, end).upper()
    samples = [list(loci(proposals, sequence, offset)) for _ in job.alignments]
    for path, sample in zip(job.alignments, samples, strict=True):
        with pysam.AlignmentFile(path, reference_filename=job.fasta, format_options=FIELDS) as alignment:
            observe(alignment, piece.contig, sample)
    evidence = [dict(chain.from_iterable(map(count, sample))) for sample in samples]
    joined = joined_snvs(samples[0], sequence, offset)
    merged = (
        Merged(a, proposals[a], [counts[a] for counts in evidence], repeat_length(a, sequence, offset), joined.get(a))
        for a in sorted(proposals)
        if piece.owns(*span(a, sequence, offset))
    )
    return [record(piece.contig, allele, job.roles, job.somatic) for allele in merged]


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
