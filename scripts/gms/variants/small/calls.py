"""Turns the output of a caller into the contract that all callers share: one left-aligned primitive allele per record.

Records carry GT, AD (reference, allele) and DP of each sample as the caller counted them. Positions in the code are
0-based.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import pysam

from gms.base.errors import GmsError
from gms.genome.alleles import Allele, left_align, primitives, span
from gms.genome.intervals import read_contigs
from gms.genome.scatter_intervals import PAD, Shard, run_shards, shards
from gms.genome.vcf import header_lines, info_value, sample_values, samples_of
from gms.variants.small.commands import OTHER_FRACTION, OTHER_READS

MIN_QUAL = 1.0  # also drops freebayes' vanishing qualities, whose last digits differ between runs
MIN_READS = 2
CONTEXT = 2_000  # reference bases kept around a shard so that indels can move left
HEADER = """\
##INFO=<ID=HAPLOTYPE,Number=1,Type=String,Description="Caller's record that the allele was split from, POS:REF:ALT">
##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype of the caller: copies of this allele">
##FORMAT=<ID=AD,Number=R,Type=Integer,Description="Reads of the reference and of this allele, counted by the caller">
##FORMAT=<ID=DP,Number=1,Type=Integer,Description="Reads that the caller used at this place">
"""

# What becomes of a caller's entries of ALT that are no record of the contract; READ of them there are, and SPLIT more
# after those that change several places are taken apart.
READ, SPLIT = "entries of ALT", "more by splitting"
NO_ALLELE, UNKNOWN_BASE, UNCHANGED = "no allele", "an unknown base", "no change"
OUTSIDE, SAME, WEAK = "outside of the shard or target", "the same as another", "not believed by the caller"
REASONS = (NO_ALLELE, UNKNOWN_BASE, UNCHANGED, OUTSIDE, SAME, WEAK)

IGNORED = {"*", ".", "<*>", "<NON_REF>"}  # deleted upstream, none, any other: no alternate alleles (VCF 4.3, 1.6.1)


class UnsupportedAllele(GmsError):
    """A caller of small variants handed over an allele that is not written in bases."""

    def __init__(self, caller: str, contig: str, pos: str, alt: str):
        text = "Structural variants belong under callers: structural:, not small:."
        super().__init__(f"{caller}: {contig}:{pos} has ALT {alt}. {text}")


class CallsUnaccounted(GmsError):
    """Alleles of a caller that are neither written nor left out for a reason."""

    def __init__(self, caller: str, due: int, written: int, counts: str):
        super().__init__(f"{caller}: {due} alleles are due, {written} were written ({counts}). Run again")


class Call(NamedTuple):
    """One allele as one caller saw it: its quality, and copies, reads and depth in each sample."""

    allele: Allele
    qual: float
    copies: tuple[int, ...]
    reads: tuple[tuple[int, int, int], ...]
    haplotype: str


def call_variants(
    command: str,
    fasta: Path,
    targets: Path | None,
    samples: list[str],
    min_fraction: float | None,
    jobs: int,
    shard_size: int,
    caller: str,
    tally: Counter,
) -> Iterator[str]:
    """Lines of the caller's contract VCF. `command` prints VCF for the intervals in `{bed}`; `tally`: for require_all.
    Raises ToolFailed, UnsupportedAllele.

    Diploid (`min_fraction` None) alleles must be in a genotype that the caller believes; others, whose quality as a
    diploid genotype means nothing, need MIN_READS and half of `min_fraction` in the first sample: their true fraction
    may be higher than seen. Single bases may instead be clear in another one (OTHER_READS, OTHER_FRACTION).
    """
    contigs = read_contigs(Path(f"{fasta}.fai"))
    yield from header_lines(contigs, HEADER, samples)
    reference = pysam.FastaFile(str(fasta))
    for shard, lines in run_shards(command, shards(contigs, targets, shard_size), jobs):
        calls = normalise(counted(lines, tally), shard, reference, samples, caller, tally)
        for call in believed(combine(calls, tally), min_fraction, tally):
            yield record(shard.contig, call)


def believed(calls: Iterable[Call], min_fraction: float | None, tally: Counter) -> Iterator[Call]:
    """The calls that their caller stands behind; the others are counted."""
    for call in calls:
        if carried(call, min_fraction):
            yield call
        else:
            tally[WEAK] += 1


def counted(lines: Iterable[str], tally: Counter) -> Iterator[str]:
    """The lines of a VCF, their entries of ALT counted as they are read."""
    for line in lines:
        if line[0] != "#":
            tally[READ] += 1 + line.split("\t", 5)[4].count(",")
        yield line


def require_all(tally: Counter, written: int, caller: str) -> str:
    """What became of the caller's entries, as a sentence; `written`: records of its contract VCF, read back. Raises
    CallsUnaccounted unless every allele is one of them or left out for a reason."""
    left_out = ", ".join(f"{tally[reason]} {reason}" for reason in REASONS if tally[reason])
    counts = f"{tally[READ]} {READ}, {tally[SPLIT]} {SPLIT}; left out: {left_out or 'none'}"
    due = tally[READ] + tally[SPLIT] - sum(tally[reason] for reason in REASONS)
    if due != written:
        raise CallsUnaccounted(caller, due, written, counts)
    return f"{caller}: {written} alleles written of {counts}"


def normalise(
    lines: Iterable[str],
    shard: Shard,
    reference: pysam.FastaFile,
    samples: list[str],
    caller: str,
    tally: Counter,
) -> Iterator[Call]:
    """Primitive, left-aligned calls of a caller's VCF lines that the shard owns; `tally` as in call_variants."""
    offset = max(0, shard.owned[0].start - PAD - CONTEXT)
    sequence = reference.fetch(shard.contig, offset, shard.owned[-1].end + PAD + CONTEXT).upper()
    order: list[int] = []
    for line in lines:
        if line.startswith("#CHROM"):
            names = samples_of([line])
            order = [names.index(sample) for sample in samples]
        if line.startswith("#"):
            continue
        fields = line.rstrip("\n").split("\t")
        for call in calls_of(fields, order, sequence, offset, caller, tally):
            if call.allele.pos >= offset and shard.owns(*span(call.allele, sequence, offset)):
                yield call
            else:
                tally[OUTSIDE] += 1


def calls_of(
    fields: list[str], order: list[int], sequence: str, offset: int, caller: str, tally: Counter
) -> Iterator[Call]:
    """Calls of one record of a caller. Raises UnsupportedAllele."""
    pos, ref, alts = int(fields[1]) - 1, fields[3].upper(), fields[4].upper().split(",")
    given = info_value(fields[7], "CIGAR")
    cigars = given.split(",") if given else [None] * len(alts)
    qual = 0.0 if fields[5] == "." else float(fields[5])
    samples = [sample_values(fields[8], fields[9 + i]) for i in order]
    for number, (alt, cigar) in enumerate(zip(alts, cigars, strict=True), start=1):
        if reason := why_not(ref, alt):
            tally[reason] += 1
            continue
        if not alt.isalpha():
            raise UnsupportedAllele(caller, fields[0], fields[1], alt)
        copies = tuple(sample.get("GT", ".").replace("|", "/").split("/").count(str(number)) for sample in samples)
        reads = tuple(reads_of(sample, number) for sample in samples)
        parts = list(primitives(pos, ref, alt, cigar))
        tally[SPLIT if parts else UNCHANGED] += abs(len(parts) - 1)
        for allele in parts:
            aligned = left_align(allele, sequence, offset) if allele.pos >= offset else allele
            yield Call(aligned, qual, copies, reads, f"{fields[1]}:{ref}:{alt}")


def why_not(ref: str, alt: str) -> str:
    """Why an entry of ALT is no allele to count; '' if it may be one."""
    if alt in IGNORED:
        return NO_ALLELE
    # Of a base that is not known, nothing can be counted.
    return UNKNOWN_BASE if alt.isalpha() and not (set(alt) <= set("ACGT") and set(ref) <= set("ACGTN")) else ""


def reads_of(sample: dict[str, str], number: int) -> tuple[int, int, int]:
    """Reference reads, reads of allele `number` and depth; 0 where the caller gives none."""
    depths = [int(n) if n.isdigit() else 0 for n in sample.get("AD", "0").split(",")]
    depth = sample.get("DP", "0")
    return depths[0], depths[number] if number < len(depths) else 0, int(depth) if depth.isdigit() else sum(depths)


def carried(call: Call, min_fraction: float | None) -> bool:
    """Whether the caller stands behind the allele; thresholds as in call_variants."""
    if min_fraction is None:
        return any(call.copies) and call.qual >= MIN_QUAL
    (_, alt, depth), *others = call.reads
    if alt >= MIN_READS and alt >= depth * min_fraction / 2:
        return True
    single = len(call.allele.ref) == len(call.allele.alt) == 1
    return single and any(alt >= OTHER_READS and alt >= depth * OTHER_FRACTION for _, alt, depth in others)


def combine(calls: Iterable[Call], tally: Counter) -> Iterator[Call]:
    """One call per allele, in order: an allele that several records spell is carried as often as they say together."""
    same: dict[Allele, Call] = {}
    for call in calls:
        if other := same.get(call.allele):
            tally[SAME] += 1
            copies = tuple(min(2, a + b) for a, b in zip(call.copies, other.copies, strict=True))
            reads = tuple(
                (min(x[0], y[0]), x[1] + y[1], max(x[2], y[2])) for x, y in zip(call.reads, other.reads, strict=True)
            )
            call = Call(call.allele, max(call.qual, other.qual), copies, reads, other.haplotype)
        same[call.allele] = call
    return iter([same[allele] for allele in sorted(same)])


def record(contig: str, call: Call) -> str:
    genotypes = ("0/0", "0/1", "1/1")
    pos, ref, alt = call.allele
    whole = "." if call.haplotype == f"{pos + 1}:{ref}:{alt}" else f"HAPLOTYPE={call.haplotype}"
    samples = [
        f"{genotypes[copies]}:{reads[0]},{reads[1]}:{reads[2]}"
        for copies, reads in zip(call.copies, call.reads, strict=True)
    ]
    fields = [contig, str(pos + 1), ".", ref, alt, f"{call.qual:.1f}", ".", whole, "GT:AD:DP", *samples]
    return "\t".join(fields) + "\n"
