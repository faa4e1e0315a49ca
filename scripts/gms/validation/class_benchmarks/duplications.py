"""gms benchmark duplications: internal tandem duplications of a tumour, from simulated reads of a panel.

--scanitd asks ScanITD of the same reads (Wang 2020, doi:10.1093/gigascience/giaa089; pip install scanitd), for
comparison: from 3 reads and 0.5 %.
"""

import argparse
import random
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import pysam

from gms.genome.gff3 import Coding
from gms.genome.intervals import read_contigs
from gms.genome.vcf import info
from gms.validation.class_benchmarks.simulated import Molecule, align, random_bases, simulate, write_reference
from gms.variants.small.merge_callers import Job, merge_calls

LENGTHS = (6, 9, 15, 21, 30, 45, 60, 90, 120, 150, 200, 300)  # bases
FRACTIONS = (0.01, 0.02, 0.05, 0.1, 0.3, 0.5)
WINDOW, EDGE, SHARD = 1_800, 500, 100_000  # bases of a target with its flanks, of a flank, of a shard
FILLER = 3  # new bases between the copies of every third duplication
TOLERANCE = 0.2  # of the fraction of molecules
CONTIG = "chr1"


class Planted(NamedTuple):
    """A duplication: window, length of the copy, share of the molecules, bases of filler; the sequence of the molecules
    with it."""

    window: int
    length: int
    fraction: float
    filler: int
    sequence: str


class Found(NamedTuple):
    """A record of an insertion: the sequence of its window, bases inserted, fraction of the molecules."""

    window: int
    sequence: str
    length: int
    fraction: float


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="gms benchmark duplications", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--depth", type=float, default=1_000)
    parser.add_argument("--scanitd", metavar="PROGRAM", help="also ask ScanITD, the program of this path")
    options = parser.parse_args(argv)
    print(
        "Simulated reads of random sequence, no caller but the workflow's own search: an upper bound in real genomes."
    )
    with tempfile.TemporaryDirectory() as folder:
        planted, found = measure(Path(folder), options.seed, options.depth)
        _print(planted, found)
        if options.scanitd:
            print("ScanITD")
            _print(planted, list(ask_scanitd(options.scanitd, Path(folder))))
    return 0


def _print(planted: Sequence[Planted], found: Sequence[Found]) -> None:
    by_sequence = {(one.window, one.sequence): one for one in found}
    hits = [(one, by_sequence.get((one.window, one.sequence))) for one in planted]
    number = Counter(one.fraction for one, hit in hits if hit)
    for fraction in FRACTIONS:
        print(f"{fraction:4.0%}: {number[fraction]} of {len(LENGTHS)}")
    near = [abs(hit.fraction / one.fraction - 1) <= TOLERANCE for one, hit in hits if hit and one.fraction > 0.05]
    print(f"found: {number.total()} of {len(planted)}; others: {len(found) - number.total()}")
    print(f"of a length within 10 %, whatever the bases: {sum(_is_near(one, found) for one in planted)}")
    print(f"fraction within 20 % of the planted one, above 5 %: {sum(near)} of {len(near)}")
    for one, hit in hits:
        if not hit:
            print(f"  missed: {one.length} bases, {one.filler} of filler, {one.fraction:.0%}")


def _is_near(planted: Planted, found: Iterable[Found]) -> bool:
    """Whether a record of the window has about the length of what was planted."""
    size = planted.length + planted.filler
    return any(one.window == planted.window and abs(one.length - size) <= 0.1 * size for one in found)


def measure(folder: Path, seed: int, depth: float) -> tuple[list[Planted], list[Found]]:
    """What was planted, and every insertion of the merged VCF without a caller."""
    generator = random.Random(seed)
    cells = [(length, fraction) for length in LENGTHS for fraction in FRACTIONS]
    windows = [random_bases(generator, WINDOW) for _ in cells]
    planted = [
        plant(generator, number, windows[number], *cell, FILLER if number % 3 == 2 else 0)
        for number, cell in enumerate(cells)
    ]
    reference = write_reference(folder / "genome.fa", {CONTIG: "".join(windows)})
    molecules = [
        Molecule(sequence, depth * share)
        for one in planted
        for sequence, share in ((windows[one.window], 1 - one.fraction), (one.sequence, one.fraction))
    ]
    bam = align(folder, "T", reference, simulate(folder, "T", molecules, seed))
    targets = folder / "targets.bed"
    targets.write_text(
        "".join(f"{CONTIG}\t{n * WINDOW + EDGE}\t{(n + 1) * WINDOW - EDGE}\n" for n in range(len(cells)))
    )
    coding = dict.fromkeys(read_contigs(Path(f"{reference}.fai")), Coding([]))
    job = Job({}, [str(bam)], str(reference), ["tumor"], True, coding)
    return planted, list(insertions(merge_calls(job, ["T"], targets, SHARD, 1), windows))


def plant(generator: random.Random, number: int, window: str, length: int, fraction: float, filler: int) -> Planted:
    """A duplication in the middle of a window, the filler between its copies."""
    end = (WINDOW + length) // 2
    added = random_bases(generator, filler) + window[end - length : end]
    return Planted(number, length, fraction, filler, window[:end] + added + window[end:])


def ask_scanitd(program: str, folder: Path) -> Iterator[Found]:
    """The records of ScanITD of the reads in the folder of `measure`."""
    options = ["--vaf", "0.005", "--ao", "3", "--length", str(min(LENGTHS)), "--log-level", "ERROR"]
    files = ["-i", folder / "T.bam", "-r", folder / "genome.fa", "-t", folder / "targets.bed", "-o", folder / "scanitd"]
    subprocess.run([program, *files, *options], check=True, stdout=subprocess.DEVNULL)
    with pysam.FastaFile(str(folder / "genome.fa")) as genome:
        bases = genome.fetch(CONTIG)
    windows = [bases[start : start + WINDOW] for start in range(0, len(bases), WINDOW)]
    with open(folder / "scanitd", encoding="utf-8") as lines:
        yield from (of_scanitd(line, windows) for line in lines if not line.startswith("#"))


def of_scanitd(line: str, windows: Sequence[str]) -> Found:
    """A record of ScanITD: the bases after POS up to END, and before the copy of them those of INSSEQ."""
    fields = line.split("\t")
    facts = info(fields[7])
    number, start = divmod(int(fields[1]), WINDOW)
    end, window = int(facts["END"]) - number * WINDOW, windows[number]
    added = facts["INSSEQ"].replace(".", "") + window[start:end]
    return Found(number, window[:end] + added + window[end:], len(added), float(facts["AF"]))


def insertions(lines: Iterable[str], windows: list[str]) -> Iterator[Found]:
    """Records of at least six inserted bases; each makes one sequence of its window, however it is spelled."""
    for line in lines:
        if line.startswith("#"):
            continue
        _, pos, _, ref, alt, *_, keys, sample = line.rstrip("\n").split("\t")
        if len(alt) - len(ref) < min(LENGTHS):
            continue
        number, start = divmod(int(pos) - 1, WINDOW)
        window, values = windows[number], dict(zip(keys.split(":"), sample.split(":"), strict=True))
        whole = window[:start] + alt + window[start + len(ref) :]
        yield Found(number, whole, len(alt) - len(ref), float(values["AF"]))
