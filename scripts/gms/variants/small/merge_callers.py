"""Merges the callers' alleles and gives every one of them the same evidence: one record per allele.

What is asked of an allele afterwards (depth, fraction, genotype, quality) is counted here from the alignments, so that
a filter means the same whichever caller proposed it. Positions are 0-based.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, repeat
from pathlib import Path
from typing import NamedTuple

import pysam

from gms.genome.alleles import Allele, repeat_length, span
from gms.genome.gff3 import Coding
from gms.genome.intervals import Interval, merge, read_contigs
from gms.genome.ploidy import MITOCHONDRION
from gms.genome.scatter_intervals import PAD, Shard, parallel_map, shards
from gms.genome.vcf import header_lines
from gms.variants.evidence.counts import Counts, count
from gms.variants.evidence.indel_loci import IndelLocus
from gms.variants.evidence.loci import Locus, loci
from gms.variants.evidence.observe import observe, withdraw_explained
from gms.variants.evidence.repeat_reads import Sample, estimate
from gms.variants.evidence.stutter import Stutter
from gms.variants.small.calls import CONTEXT, UnsupportedAllele
from gms.variants.small.clipped_reads import ClippedReads
from gms.variants.small.haplotypes import (
    MAX_REACH,
    Haplotype,
    joined_haplotypes,
    mixed_haplotypes,
    sites_of,
)
from gms.variants.small.header import HEADER
from gms.variants.small.joined_loci import JoinedIndelLocus, joined_loci
from gms.variants.small.long_indels import (
    CLIPPED_READS,
    MAX_LENGTH,
    MIN_SHOWN,
    long_deletions,
    long_insertions,
    shown_insertions,
)
from gms.variants.small.merged_vcf import Candidate, Merged, record
from gms.variants.small.phase import phased

# What is asked of a read: all but where its mate lies; no more is decoded.
FIELDS = [b"required_fields=0xf3f", b"decode_md=0"]
PLACES = [b"required_fields=0x3e", b"decode_md=0"]  # neither name nor bases: a third of the time

REACH = PAD + 2 * MAX_LENGTH  # bases around a shard in which reads that spell an allele of it are clipped


class Job(NamedTuple):
    """What a process needs to merge one shard; samples in case order, the index sample first. `coding`:
    coding sequence of each contig, none without gene models. `stutter` of each sample is filled in by merge_calls, and
    for a genome, not for targets or tumours, the `usual_depth` of the index sample (reads).
    `amplicon`: whether fragments are those of amplicons (gms.variants.evidence.counts)."""

    calls: dict[str, str]
    alignments: list[str]
    fasta: str
    roles: list[str]
    somatic: bool
    coding: dict[str, Coding]
    stutter: tuple[Stutter, ...] = ()
    usual_depth: float | None = None
    amplicon: bool = False


class Stretch(NamedTuple):
    """Reference sequence of a contig from 0-based `offset`."""

    contig: str
    sequence: str
    offset: int


def merge_calls(job: Job, samples: list[str], targets: Path | None, shard_size: int, threads: int) -> Iterator[str]:
    """Lines of the merged VCF, the same for any number of threads."""
    contigs = read_contigs(Path(f"{job.fasta}.fai"))
    yield from header_lines(contigs, HEADER, samples)
    with parallel_map(threads) as each:
        todo = list(shards(contigs, targets, shard_size))
        found = list(each(estimates, repeat(job), job.alignments, repeat(asked(todo))))
        depth = None if targets or job.somatic else found[0].depth
        job = job._replace(stutter=tuple(sample.stutter for sample in found), usual_depth=depth)
        jobs = [job._replace(coding={shard.contig: coding_near(job, shard)}) for shard in todo]
        for lines in each(merge_shard, jobs, todo):
            yield from lines


def asked(todo: Iterable[Shard]) -> list[tuple[str, Interval]]:
    """The intervals that shards own, however they were split."""
    owned: dict[str, list[Interval]] = {}
    for shard in todo:
        owned.setdefault(shard.contig, []).extend(shard.owned)
    return [(contig, interval) for contig, intervals in owned.items() for interval in merge(intervals)]


def estimates(job: Job, path: str, intervals: Sequence[tuple[str, Interval]]) -> Sample:
    with open_alignment(job, path, PLACES) as alignment, pysam.FastaFile(job.fasta) as reference:
        return estimate(alignment, reference, intervals)


def coding_near(job: Job, shard: Shard) -> Coding:
    """Coding sequence within the reach of a shard."""
    low, high = shard.owned[0].start - CONTEXT, shard.owned[-1].end + CONTEXT
    known = job.coding.get(shard.contig, Coding([]))
    return Coding(*([one for one in found if one.end > low and one.start < high] for found in known))


def merge_shard(job: Job, shard: Shard) -> list[str]:
    """Lines of the alleles that the shard owns."""
    stretch = surroundings(job, shard)
    candidates = read_candidates(job, shard)
    samples = observed(job, shard, stretch, candidates)
    if not candidates:
        return []
    for sample in samples:
        settle(sample)
        withdraw_explained(sample)
    merged = merge_alleles(job, stretch, candidates, samples)
    owned = [found for found in merged if shard.owns(*span(found.allele, stretch.sequence, stretch.offset))]
    owned = [found._replace(asked=tuple(job.calls)) for found in sorted(owned, key=lambda found: found.allele)]
    usual = None if shard.contig in MITOCHONDRION else job.usual_depth
    return [record(shard.contig, found, job.roles, job.somatic, usual) for found in owned]


def merge_alleles(
    job: Job, stretch: Stretch, candidates: dict[Allele, Candidate], samples: Sequence[Sequence[Locus]]
) -> Iterator[Merged]:
    """The candidates and the alleles that they are joined to, with their evidence in samples whose loci are filled."""
    place, coding = (stretch.sequence, stretch.offset), job.coding[stretch.contig]
    sites = sites_of(samples[0], *place)
    part_of = joined_haplotypes(sites, *place, coding)
    phases = phased(sites, part_of, diploid=not job.somatic)
    found = set(part_of.values())
    found |= mixed_haplotypes(sites, found, *place, coding) if job.somatic else set()
    joined = sorted({haplotype for haplotype in found if haplotype.allele not in candidates})
    evidence = [dict(chain.from_iterable(count(locus, job.amplicon) for locus in sample)) for sample in samples]
    for counts, found in zip(evidence, count_joined(job, stretch, samples, joined), strict=True):
        counts.update(found)
    for a in candidates:
        counts, repeat = [found[a] for found in evidence], stretch_repeat(a, stretch)
        yield Merged(a, candidates[a], counts, repeat, {}, part_of.get(a), phases.get(a))
    for haplotype in joined:
        yield whole(haplotype, candidates, evidence, stretch)._replace(phase=phases.get(haplotype.allele))


def surroundings(job: Job, shard: Shard) -> Stretch:
    offset = max(0, shard.owned[0].start - REACH - CONTEXT)
    with pysam.FastaFile(job.fasta) as reference:
        sequence = reference.fetch(shard.contig, offset, shard.owned[-1].end + REACH + CONTEXT)
    return Stretch(shard.contig, sequence.upper(), offset)


def observed(job: Job, shard: Shard, stretch: Stretch, candidates: dict[Allele, Candidate]) -> list[list[Locus]]:
    """Loci of each sample, filled. Alleles that clipped reads of the index sample spell become candidates; its reads
    are asked again only where those change a locus."""
    clipped = ClippedReads(shard.seen(REACH), MIN_SHOWN if job.somatic else None)
    first = list(loci(candidates, stretch.sequence, stretch.offset, job.stutter[0]))
    fill(job, stretch, [first], clipped)
    shown = shown_insertions(clipped.inserted, stretch.sequence, stretch.offset)
    ends = clipped.ends()
    spelled = long_insertions(ends, stretch.sequence, stretch.offset, shown)
    spelled |= long_deletions(ends, stretch.sequence, stretch.offset) if job.somatic else set()
    for allele in sorted(spelled):
        candidates.setdefault(allele, Candidate(set(), ".")).callers.add(CLIPPED_READS)
    samples = [list(loci(candidates, stretch.sequence, stretch.offset, stutter)) for stutter in job.stutter]
    filled = {(*by_start(locus), *locus.alleles): locus for locus in first}
    changed = [locus for locus in samples[0] if (*by_start(locus), *locus.alleles) not in filled]
    samples[0] = [filled.get((*by_start(locus), *locus.alleles), locus) for locus in samples[0]]
    fill(job, stretch, [changed, *samples[1:]])
    return samples


def open_alignment(job: Job, path: str, fields: list[bytes] = FIELDS) -> pysam.AlignmentFile:
    return pysam.AlignmentFile(path, reference_filename=job.fasta, format_options=fields)


def fill(job: Job, stretch: Stretch, samples: Iterable[Sequence[Locus]], clipped: ClippedReads | None = None) -> None:
    """Observe the loci (sorted by start) of each sample in its alignments."""
    for path, sample in zip(job.alignments, samples, strict=False):  # the index sample alone, or all
        if sample or clipped:
            with open_alignment(job, path) as alignment:
                observe(alignment, stretch.contig, sample, clipped)


def count_joined(
    job: Job, stretch: Stretch, samples: Sequence[Sequence[Locus]], joined: Sequence[Haplotype]
) -> list[dict[Allele, Counts]]:
    """Counts of the joined alleles in each sample; reads are asked again only where an indel is part of one."""
    place = stretch.sequence, stretch.offset
    made = [joined_loci(joined, sample, *place, stutter) for sample, stutter in zip(samples, job.stutter, strict=True)]
    unfilled = [
        sorted((locus for locus in found if isinstance(locus, JoinedIndelLocus)), key=by_start) for found in made
    ]
    if unfilled[0]:
        fill(job, stretch, unfilled)
    return [dict(next(count(locus, job.amplicon)) for locus in found) for found in made]


def settle(loci: Iterable[Locus]) -> None:
    for locus in loci:
        if isinstance(locus, IndelLocus) and len(locus.alleles) > 1:
            locus.settle()


def by_start(locus: Locus) -> tuple[int, int]:
    return locus.start, locus.end


def stretch_repeat(allele: Allele, stretch: Stretch) -> int:
    return repeat_length(allele, stretch.sequence, stretch.offset)


def whole(
    haplotype: Haplotype, candidates: dict[Allele, Candidate], evidence: list[dict[Allele, Counts]], stretch: Stretch
) -> Merged:
    """A joined allele: its callers are those of all parts, else of any; its repeat is the longest of a part."""
    callers = [candidates[part].callers for part in haplotype.parts]
    candidate = Candidate(set.intersection(*callers) or set.union(*callers), ".")
    repeat = max(stretch_repeat(part, stretch) for part in haplotype.parts)
    counts = [found[haplotype.allele] for found in evidence]
    parts = {part: [found[part] for found in evidence] for part in haplotype.parts}
    return Merged(haplotype.allele, candidate, counts, repeat, parts)


def read_candidates(job: Job, shard: Shard) -> dict[Allele, Candidate]:
    """Every caller's alleles in and around the shard. Raises UnsupportedAllele."""
    found: dict[Allele, Candidate] = {}
    for caller, path in job.calls.items():
        with pysam.TabixFile(path) as table:
            if shard.contig not in table.contigs:
                continue
            for start, end in shard.seen(2 * MAX_REACH):  # what is joined to a neighbour, too
                for line in table.fetch(shard.contig, start, end):
                    _, pos, _, ref, alt, _, _, info, *_ = line.split("\t")
                    if not alt.isalpha():  # a caller whose rule does not go by call_variants
                        raise UnsupportedAllele(caller, shard.contig, pos, alt)
                    candidate = found.setdefault(Allele(int(pos) - 1, ref, alt), Candidate(set(), info))
                    candidate.callers.add(caller)
    return found
