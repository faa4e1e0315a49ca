"""Merges the callers' alleles and gives every one of them the same evidence: one record per allele.

What is asked of an allele afterwards (depth, fraction, genotype, quality) is counted here from the alignments, so that a
filter means the same whichever caller proposed it. Positions in the code are 0-based, in records 1-based.
"""

import math
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import NamedTuple

import pysam

from gms.alleles import Allele, repeat_length
from gms.callers import CONTEXT, header
from gms.codons import joined_snvs
from gms.evidence import Locus, genotype, observe
from gms.likelihood import fisher_strand, normal_lod, tumor_lod
from gms.loci import Observation, loci
from gms.scatter import PAD, Piece, pieces, read_contigs

HEADER = """\
##INFO=<ID=CALLERS,Number=.,Type=String,Description="Callers that proposed the allele">
##INFO=<ID=QUAL_{caller},Number=1,Type=Float,Description="Phred quality that {caller} gave the allele">
##INFO=<ID=SUPPORT,Number=1,Type=Integer,Description="Phred-scaled support of the index sample's fragments for any diploid genotype with the allele against any without">
##INFO=<ID=MQ_ALT,Number=1,Type=Float,Description="Mean mapping quality of the index sample's fragments with the allele">
##INFO=<ID=BQ_ALT,Number=1,Type=Float,Description="Mean base quality of the allele in the index sample">
##INFO=<ID=END_ALT,Number=1,Type=Float,Description="Mean distance of the allele to the nearer end of the read, bases">
##INFO=<ID=SBP,Number=1,Type=Float,Description="Strand bias in the index sample: Fisher's exact test, -log10 p">
##INFO=<ID=RPT,Number=1,Type=Integer,Description="Reference bases over which the inserted or deleted unit repeats">
##INFO=<ID=MNV,Number=1,Type=String,Description="Allele that this SNV and its neighbours within a codon form on the same fragments, POS:REF:ALT">
##INFO=<ID=TLOD,Number=1,Type=Float,Description="log10 likelihood ratio of the allele in the tumor at its observed fraction against sequencing errors">
##INFO=<ID=NLOD,Number=1,Type=Float,Description="log10 likelihood ratio of the normal without the allele against heterozygous">
##INFO=<ID=HAPLOTYPE,Number=1,Type=String,Description="Caller's record that the allele was split from, POS:REF:ALT">
##FORMAT=<ID=GT,Number=1,Type=String,Description="Copies of this allele in the most likely diploid genotype">
##FORMAT=<ID=AD,Number=R,Type=Integer,Description="Fragments of the reference and of this allele">
##FORMAT=<ID=DP,Number=1,Type=Integer,Description="Fragments that tell the alleles apart">
##FORMAT=<ID=AF,Number=A,Type=Float,Description="Fraction of the informative fragments that carry the allele">
##FORMAT=<ID=GQ,Number=1,Type=Integer,Description="Phred quality of the genotype">
##FORMAT=<ID=ADF,Number=R,Type=Integer,Description="Fragments on the forward strand: reference, allele">
##FORMAT=<ID=ADR,Number=R,Type=Integer,Description="Fragments on the reverse strand: reference, allele">
"""


class Job(NamedTuple):
    """What a process needs to merge one piece; samples in case order, the index sample first."""

    calls: dict[str, str]
    alignments: list[str]
    fasta: str
    roles: list[str]
    somatic: bool


class Proposal(NamedTuple):
    """An allele's quality by caller, and the haplotype record it was split from."""

    quals: dict[str, float]
    haplotype: str


class Counts(NamedTuple):
    """Fragments of one allele in one sample."""

    ref: list[Observation]
    alt: list[Observation]
    depth: int
    copies: int
    quality: int
    support: int


def merge_calls(job: Job, samples: list[str], targets: Path | None, piece_size: int, threads: int) -> Iterator[str]:
    """Lines of the merged VCF, the same for any number of threads."""
    contigs = read_contigs(Path(f"{job.fasta}.fai"))
    yield from header(contigs, definitions(job), samples)
    with ProcessPoolExecutor(threads) as pool:
        todo = list(pieces(contigs, targets, piece_size))
        for lines in pool.map(merge_piece, [job] * len(todo), todo):
            yield from lines


def definitions(job: Job) -> str:
    lines = HEADER.splitlines(keepends=True)
    return "".join(
        "".join(line.format(caller=caller) for caller in job.calls) if "{caller}" in line else line for line in lines
    )


def merge_piece(job: Job, piece: Piece) -> list[str]:
    proposals = read_proposals(job, piece)
    if not proposals:
        return []
    offset = max(0, min(proposals).pos - PAD - CONTEXT)
    end = max(allele.pos + len(allele.ref) for allele in proposals) + PAD + CONTEXT
    with pysam.FastaFile(job.fasta) as reference:
        sequence = reference.fetch(piece.contig, offset, end).upper()
    evidence: dict[Allele, list[Counts]] = {allele: [] for allele in proposals}
    joined: dict[Allele, Allele] = {}
    for number, path in enumerate(job.alignments):
        here = list(loci(proposals, sequence, offset))
        with pysam.AlignmentFile(path, reference_filename=job.fasta) as alignment:
            observe(alignment, piece.contig, here)
        for locus in here:
            for allele, counts in zip(locus.alleles, count(locus), strict=True):
                evidence[allele].append(counts)
        if number == 0:
            joined = joined_snvs(here, sequence, offset)
    owned = (allele for allele in sorted(proposals) if piece.owns(allele.pos))
    return [
        record(
            job,
            piece.contig,
            allele,
            proposals[allele],
            evidence[allele],
            [f"RPT={repeat_length(allele, sequence, offset)}", *mnv_field(joined.get(allele))],
        )
        for allele in owned
    ]


def read_proposals(job: Job, piece: Piece) -> dict[Allele, Proposal]:
    """Every caller's alleles in and around the piece."""
    found: dict[Allele, Proposal] = {}
    for caller, path in job.calls.items():
        with pysam.TabixFile(path) as table:
            if piece.contig not in table.contigs:
                continue
            for start, end in piece.seen():
                for line in table.fetch(piece.contig, start, end):
                    _, pos, _, ref, alt, qual, _, info, *_ = line.split("\t")
                    proposal = found.setdefault(Allele(int(pos) - 1, ref, alt), Proposal({}, info))
                    proposal.quals[caller] = float(qual)
    return found


def count(locus: Locus) -> Iterator[Counts]:
    """Each allele's fragments. A fragment that fits two haplotypes alike tells nothing and is not in the depth."""
    seen = [observation for observation in locus.fragments.values() if observation]
    told = [(observation, observation.best) for observation in seen]
    depth = sum(best is not None or locus.counts_other for _, best in told)
    called = genotype(locus)
    ref = [observation for observation, best in told if best == 0]
    for index in range(len(locus.alleles)):
        alt = [observation for observation, best in told if best is not None and index in locus.carried[best]]
        yield Counts(ref, alt, depth, called.copies[index], called.quality, called.support[index])


def mnv_field(whole: Allele | None) -> list[str]:
    return [f"MNV={whole.pos + 1}:{whole.ref}:{whole.alt}"] if whole else []


def record(
    job: Job, contig: str, allele: Allele, proposal: Proposal, evidence: list[Counts], of_place: list[str]
) -> str:
    info = [f"CALLERS={','.join(sorted(proposal.quals))}"]
    info += [f"QUAL_{caller}={qual:g}" for caller, qual in sorted(proposal.quals.items())]
    info += [f"SUPPORT={evidence[0].support}", *index_evidence(evidence[0]), *of_place]
    if job.somatic:
        info.append(f"TLOD={tumor_lod(evidence[0].alt, evidence[0].depth):.2f}")
        if "normal" in job.roles:
            normal = evidence[job.roles.index("normal")]
            info.append(f"NLOD={normal_lod(normal.alt, normal.depth):.2f}")
    if proposal.haplotype != ".":
        info.append(proposal.haplotype)
    samples = [sample_fields(counts, job.somatic and index == 0) for index, counts in enumerate(evidence)]
    qual = f"{max(proposal.quals.values()):g}"
    fields = [contig, str(allele.pos + 1), ".", allele.ref, allele.alt, qual, ".", ";".join(info)]
    return "\t".join([*fields, "GT:AD:DP:AF:GQ:ADF:ADR", *samples]) + "\n"


def index_evidence(counts: Counts) -> list[str]:
    alt = counts.alt
    if not alt:
        return []
    mean = lambda values: f"{math.fsum(values) / len(alt):.1f}"  # noqa: E731
    strands = [sum(o.reverse == strand for o in group) for group in (counts.ref, alt) for strand in (False, True)]
    return [
        f"MQ_ALT={mean(o.mapping_quality for o in alt)}",
        f"BQ_ALT={mean(o.base_quality for o in alt)}",
        f"END_ALT={mean(o.end_distance for o in alt)}",
        f"SBP={fisher_strand(*strands):.1f}",
    ]


def sample_fields(counts: Counts, tumor: bool) -> str:
    ref, alt = len(counts.ref), len(counts.alt)
    ref_reverse, alt_reverse = sum(o.reverse for o in counts.ref), sum(o.reverse for o in counts.alt)
    genotypes = ("0/0", "0/1", "1/1")
    called = genotypes[min(1, alt)] if tumor else genotypes[counts.copies]
    if not counts.depth:
        return f"./.:{ref},{alt}:0:.:.:0,0:0,0"
    strands = f"{ref - ref_reverse},{alt - alt_reverse}:{ref_reverse},{alt_reverse}"
    return f"{called}:{ref},{alt}:{counts.depth}:{alt / counts.depth:.4f}:{counts.quality}:{strands}"
