"""gms benchmark molecules: errors and variants in the consensus of a simulated duplex library with UMIs.

Fragments of 180 +- 25 bases; each strand is read with a chance of 0.85, in 1 + Poisson(1.5) copies. Damage of one
strand (C>T, G>T) 1e-4 per base, errors of PCR in half of a strand's copies 5e-5, of sequencing 2e-3. Both reads begin
with a UMI of 7 bases. A call is an allele of three molecules and 0.1 %, without any further filter. One C of a target
is damaged in a tenth of its forward strands: *one strand* are those that panel_ctdna flags as being on one strand, of
the damaged ones and of the planted ones that the workflow counts in 6 molecules or more.
"""

import argparse
import gzip
import re
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import NamedTuple

import numpy as np
import pysam

from gms.alignment.align_reads import LaneReads, Stream
from gms.alignment.consensus import MinReads
from gms.alignment.molecules import align_molecules
from gms.base.project import PROJECT
from gms.base.tables import table
from gms.filtering.compile import Layout, compile_judge
from gms.filtering.policy import load_policy
from gms.filtering.variables import HEADER_PARTS
from gms.validation.class_benchmarks.simulated import random_bases, write_reference
from gms.variants.small.merge_callers import Job, merge_calls

FRACTIONS = (0.001, 0.0025, 0.005, 0.01, 0.05)
WINDOW, EDGE, DEPTH = 360, 300, 2_500  # bases of a target, of its flanks; molecules over a base
DAMAGE, PCR, SEQUENCING = 1e-4, 5e-5, 2e-3
DAMAGED = 0.1  # of the forward strands, at one place of a target
COUNTED = 6  # molecules
BY_STRAND = {"StrandBias", "OneStrand"}  # flags of the policy
POLICY = PROJECT / "config" / "filters" / "panel_ctdna.yaml"
READ, UMI, SHARD = 150, 7, 100_000  # bases
LEVELS = (MinReads(3, 1, 1), MinReads(2, 1, 1), MinReads(3, 0, 0), MinReads(1, 0, 0))
COLUMNS = (
    "min reads",
    "depth",
    "errors",
    "bases",
    "false calls",
    "found at 0.1, 0.25, 0.5, 1, 5 %",
    "one strand: damaged",
    "planted",
    "pairs",
    "seconds",
)
_A, _C, _G, _T = range(4)
_LETTERS = np.frombuffer(b"ACGT", np.uint8)
_MARKS = re.compile(r"\^.|\$|[+-]([0-9]+)")


class Library(NamedTuple):
    """A simulated library: its FASTA and FASTQ files, targets (BED), pairs of reads, and the planted variants:
    (contig, 0-based position) -> (base, fraction); `damaged`, those with damage of one strand."""

    fasta: Path
    mates: tuple[Path, Path]
    targets: Path
    pairs: int
    planted: dict[tuple[str, int], tuple[str, float]]
    damaged: frozenset[tuple[str, int]]


class Measured(NamedTuple):
    """Bases of molecules on target, those that are neither reference nor planted, calls of such; calls of planted ones
    by fraction."""

    bases: int
    errors: int
    false_calls: int
    found: Counter[float]


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="gms benchmark molecules", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--windows", type=int, default=4, help="targets of 360 bases; default: 4")
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as folder:
        library = simulate(Path(folder), options.seed, options.windows)
        rows = [_row(Path(folder), library, level, options.windows) for level in LEVELS]
    print(table(COLUMNS, rows))
    return 0


def _row(folder: Path, library: Library, level: MinReads, windows: int) -> tuple:
    begun = time.perf_counter()
    cram = join(folder, library, level)
    seconds = time.perf_counter() - begun
    got = measure(library, cram)
    found = " ".join(f"{got.found[fraction]}/{windows}" for fraction in FRACTIONS)
    depth = got.bases // (WINDOW * windows)
    shown = ",".join(map(str, level))
    flags = [f"{sum(of_kind)} of {len(of_kind)}" for of_kind in on_one_strand(library, cram, folder)]
    return shown, depth, got.errors, got.bases, got.false_calls, found, *flags, library.pairs, f"{seconds:.0f}"


def on_one_strand(library: Library, cram: Path, folder: Path) -> tuple[list[bool], list[bool]]:
    """Whether the policy flags the damaged places and the planted variants, of those that the workflow counts."""
    calls = folder / "calls.vcf"
    places = dict.fromkeys(library.damaged, "T") | {place: base for place, (base, _) in library.planted.items()}
    with pysam.FastaFile(str(library.fasta)) as genome:
        rows = ((name, at, genome.fetch(name, at, at + 1), places[name, at]) for name, at in sorted(places))
        calls.write_text("".join(f"{name}\t{at + 1}\t.\t{ref}\t{alt}\t.\t.\t.\n" for name, at, ref, alt in rows))
    pysam.tabix_index(str(calls), preset="vcf", force=True)
    job = Job({"planted": f"{calls}.gz"}, [str(cram)], str(library.fasta), ["tumor"], True, {})
    judge = compile_judge(load_policy(POLICY), Layout({"index": 0}, frozenset({*HEADER_PARTS, "normal"})))
    kinds: tuple[list[bool], list[bool]] = [], []
    for line in merge_calls(job, ["S1"], library.targets, SHARD, 1):
        if line[0] != "#" and int(line.split("\t")[9].split(":")[1].split(",")[1]) >= COUNTED:
            fields = judge(line.rstrip("\n"))[0].split("\t")
            is_planted = (fields[0], int(fields[1]) - 1) in library.planted
            kinds[is_planted].append(bool(BY_STRAND.intersection(fields[6].split(";"))))
    return kinds


def join(folder: Path, library: Library, level: MinReads) -> Path:
    """The CRAM of the consensus reads of a library."""
    cram, log = folder / "molecules.cram", folder / "log"
    log.write_text("")
    lane = LaneReads("L001", *map(str, library.mates))
    stream = Stream("S1", [lane], str(library.fasta), "bwa", True, 1, str(folder))
    align_molecules(stream, f"{UMI}M+T,{UMI}M+T", level, str(library.fasta), str(cram), log)
    return cram


def measure(library: Library, cram: Path) -> Measured:
    """Compare every base of quality 20 with the reference and with what was planted; mates that overlap count once."""
    options = ["-Q", "20", "-q", "20", "-d", "0", "-l", library.targets, "-f", library.fasta]
    done = subprocess.run(["samtools", "mpileup", *options, cram], check=True, capture_output=True, text=True)
    bases = errors = false_calls = 0
    found: Counter[float] = Counter()
    for line in done.stdout.splitlines():
        contig, pos, _, _, shown = line.split("\t")[:5]
        counts = Counter(_without_marks(shown).upper())
        depth = sum(counts[base] for base in ".,ACGT")
        if (contig, int(pos) - 1) in library.damaged:
            continue
        planted, fraction = library.planted.get((contig, int(pos) - 1), ("", 0.0))
        called = {base for base in "ACGT" if counts[base] >= max(3, FRACTIONS[0] * depth)}
        bases += depth
        errors += sum(counts[base] for base in "ACGT" if base != planted)
        false_calls += len(called - {planted})
        found[fraction] += planted in called
    return Measured(bases, errors, false_calls, found)


def _without_marks(shown: str) -> str:
    """The bases of a line of mpileup, without marks of read ends and without the text of gaps."""
    kept, at = [], 0
    for mark in _MARKS.finditer(shown):
        if mark.start() >= at:
            kept.append(shown[at : mark.start()])
            at = mark.end() + int(mark[1] or 0)
    return "".join([*kept, shown[at:]])


def simulate(folder: Path, seed: int, windows: int, depth: int = DEPTH) -> Library:
    """Write a library of `windows` targets, `depth` molecules deep, each with one substitution of every fraction."""
    generator, rng = Random(seed), np.random.default_rng(seed)
    contigs = {f"chr{n + 1}": random_bases(generator, WINDOW + 2 * EDGE) for n in range(windows)}
    fasta = write_reference(folder / "genome.fa", contigs)
    targets = folder / "targets.bed"
    targets.write_text("".join(f"{name}\t{EDGE}\t{EDGE + WINDOW}\n" for name in contigs))
    planted: dict[tuple[str, int], tuple[str, float]] = {}
    damaged: set[tuple[str, int]] = set()
    mates, number = (folder / "R1.fastq.gz", folder / "R2.fastq.gz"), 0
    with gzip.open(mates[0], "wb", 1) as one, gzip.open(mates[1], "wb", 1) as two:
        for name, sequence in contigs.items():
            codes = np.array(["ACGT".index(base) for base in sequence], np.uint8)
            sites = {EDGE + 40 + 65 * n: ((codes[EDGE + 40 + 65 * n] + 1) % 4, f) for n, f in enumerate(FRACTIONS)}
            planted |= {(name, place): ("ACGT"[base], fraction) for place, (base, fraction) in sites.items()}
            damaged.add((name, hot_spot(codes)))
            for pair in fragments(codes, sites, depth, rng):
                number += 1
                for file, read in zip((one, two), pair, strict=True):
                    file.write(b"@r%d\n%s\n+\n%s\n" % (number, *_sequenced(read, rng)))
    return Library(fasta, mates, targets, number, planted, frozenset(damaged))


def hot_spot(codes: np.ndarray) -> int:
    """The first C behind the planted variants."""
    return EDGE + 320 + int(np.argmax(codes[EDGE + 320 :] == _C))


def fragments(
    codes: np.ndarray, sites: dict[int, tuple[int, float]], depth: int, rng: np.random.Generator
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """The two reads of every pair as base codes, with their UMIs."""
    for _ in range(rng.poisson(depth / 180 * (WINDOW + 180))):
        size, start = int(np.clip(rng.normal(180, 25), 150, 260)), int(rng.integers(EDGE - 180, EDGE + WINDOW))
        molecule = codes[start : start + size].copy()
        for place, (base, fraction) in sites.items():
            if start <= place < start + size and rng.random() < fraction:
                molecule[place - start] = base
        umis, forward = rng.integers(0, 4, (2, UMI), np.uint8), molecule.copy()
        if start <= (place := hot_spot(codes)) < start + size and rng.random() < DAMAGED:
            forward[place - start] = _T
        for strand, one in enumerate((forward, _turned(molecule))):
            if rng.random() < 0.85:
                yield from _copies(one, umis[[strand, 1 - strand]], rng)


def _copies(strand: np.ndarray, umis: np.ndarray, rng) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    damaged = np.where((rng.random(len(strand)) < DAMAGE) & np.isin(strand, (_C, _G)), _T, strand).astype(np.uint8)
    amplified = _with_errors(damaged, PCR, rng)
    for _ in range(1 + rng.poisson(1.5)):
        copy = amplified if rng.random() < 0.5 else damaged
        reads = copy, _turned(copy)
        yield tuple(np.concatenate([umi, read])[:READ] for umi, read in zip(umis, reads, strict=True))


def _turned(codes: np.ndarray) -> np.ndarray:
    return 3 - codes[::-1]


def _with_errors(codes: np.ndarray, rate: float, rng) -> np.ndarray:
    """Codes of which a share is another base."""
    return (codes + (rng.random(len(codes)) < rate) * rng.integers(1, 4, len(codes), np.uint8)).astype(np.uint8) % 4


def _sequenced(read: np.ndarray, rng) -> tuple[bytes, bytes]:
    """Bases and qualities as sequenced: qualities of 37, some of 25; of errors 11, 25 or 37."""
    shown = _with_errors(read, SEQUENCING, rng)
    quality = np.where(rng.random(len(read)) < 0.03, 25, 37)
    quality = np.where(shown != read, rng.choice([11, 25, 37], len(read)), quality)
    return _LETTERS[shown].tobytes(), (quality + 33).astype(np.uint8).tobytes()
