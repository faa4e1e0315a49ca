"""Functions that the rules use for their inputs, parameters and resources."""

import math
from collections.abc import Callable, Iterable
from functools import cache, cached_property
from pathlib import Path

from gms.base.digests import content_key
from gms.inputs.run_model import Sample

# Nothing asks for less. On a cluster a job holds a Snakemake of its own (210 MB) beside an interpreter with its
# libraries (up to 170 MB); and a job that ends at a limit is run again, which costs more than these limits do.
FLOOR_MB = 500
FLOOR_MINUTES = 10
SNAKEMAKE_MB = 250
PACKED = 4  # bases per byte of a compressed reference, about
LONGEST = 0.08  # share of a genome in its longest chromosome: 248 of 3,100 Mb in GRCh38
MOST_THREADS = 16


_content_key = cache(content_key)


def optional_input(path: Path | None) -> str | list[str]:
    """A file of the user's as a rule's input; none where it is not given, or, in a plan, not there yet."""
    return str(path) if path is not None and path.exists() else []


def content_of(*paths: Path | None) -> str:
    """Rule parameter that changes with the content of files outside the results folder.

    Snakemake compares inputs with outputs by date alone: a knowledge file replaced by one with an older date, as
    `wget -N`, `rsync -a` or a link give it, would change nothing.
    """
    return " ".join(map(_content_key, filter(None, paths)))


def per_attempt(amount: int) -> Callable[..., int]:
    """Resource function: `amount` (MB or minutes), and as much again on each retry."""
    return lambda wildcards, attempt: amount * attempt


def megabytes(path: Path) -> float:
    """Size of a file in 10^6 bytes; 0 where it is not there yet."""
    return path.stat().st_size / 1e6 if path.exists() else 0.0


class Needs:
    """Requests of jobs by the size of the reference and of the reads that they work on, as much again on each retry.

    Sizes in MB of 10^6 bytes; the reads are FASTQ files as they lie there, compressed. What does not exist yet, as in
    a plan, counts nothing.
    """

    def __init__(self, fasta: Path | None, samples_of: Callable[[object], Iterable[Sample]]):
        self.fasta, self.samples_of = fasta, samples_of
        self.known: dict[str, float] = {}

    @cached_property
    def genome(self) -> float:
        """Size of the reference, in 10^6 bases; 0 without one."""
        if self.fasta is None:
            return 0.0
        return megabytes(self.fasta) * (PACKED if self.fasta.suffix in (".gz", ".bgz") else 1)

    def reads(self, wildcards: object) -> float:
        """Size of the FASTQ files of the samples of a job; each file is looked at once."""
        return sum(map(self.sample, self.samples_of(wildcards)))

    def sample(self, sample: Sample) -> float:
        """Size of the FASTQ files of a sample."""
        if sample.name not in self.known:
            files = (path for lane in sample.lanes for path in lane.files)
            # A CRAM has about twice the reads of a FASTQ or BAM file of its size.
            self.known[sample.name] = sum(megabytes(path) * (2 if path.suffix == ".cram" else 1) for path in files)
        return self.known[sample.name]

    def memory(
        self,
        base: float | Callable[[object], float] = 0,
        genome: float = 0,
        contig: float = 0,
        thread: float = 0,
        reads: float = 0,
        most: float = 0,
    ) -> Callable[..., int]:
        """Resource function, in MB: the sum of `base` (or what it says of the wildcards), of `genome` bytes per base of
        the reference, and for each thread of `thread` and of `contig` bytes per base of the longest chromosome. Where
        `reads` is given, `thread` and `most` limit what fills with reads, `reads` times their size. What a cluster
        job's own Snakemake takes is added."""

        def memory(wildcards: object, threads: int, attempt: int) -> int:
            amount = SNAKEMAKE_MB + (base(wildcards) if callable(base) else base) + genome * self.genome
            limit = most + threads * thread
            amount += threads * contig * LONGEST * self.genome
            amount += min(limit, reads * self.reads(wildcards)) if reads else limit
            return max(FLOOR_MB, round(amount)) * attempt

        return memory

    def minutes(self, genome: float = 0, reads: float | Callable[[object], float] = 0) -> Callable[..., int]:
        """Resource function: thread-minutes for each 10^9 bases of the reference and each 1,000 MB of reads (or what
        `reads` says of the wildcards)."""

        def minutes(wildcards: object, threads: int, attempt: int) -> int:
            each = reads(wildcards) if callable(reads) else reads
            work = genome * self.genome + (each * self.reads(wildcards) if each else 0)
            return max(FLOOR_MINUTES, math.ceil(work / 1000 / threads)) * attempt

        return minutes

    def threads(
        self, reads: float = 0, genome: float = 0, most: int | Callable[[object], int] = MOST_THREADS
    ) -> Callable[..., int]:
        """Threads: one for each `reads` MB of reads, no more than one for each `genome` million bases, each where it is
        given, and no more than `most` (or what that says of the wildcards)."""

        def threads(wildcards: object) -> int:
            wanted = [most(wildcards) if callable(most) else most]
            wanted += [self.reads(wildcards) / reads] if reads else []
            wanted += [self.genome / genome] if genome else []
            return max(1, math.ceil(min(wanted)))

        return threads
