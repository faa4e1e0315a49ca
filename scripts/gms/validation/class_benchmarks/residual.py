"""gms benchmark residual: false and missed calls of residual disease, from simulated plasma reads.

Fragments of cell-free DNA with overlapping mates and copies by PCR, errors of molecules (damage, first cycles of PCR)
and of sequencing, and molecules of the tumour. Of the molecules that show the reference only, nearly all, one set of
reads is made and counted for all samples; every other molecule has reads of its own in each sample.
"""

import argparse
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pysam

from gms.base.tables import table, write_json
from gms.trials.residual_disease.errors import at_least, poisson, pooled
from gms.trials.residual_disease.loci import Locus
from gms.trials.residual_disease.molecules import Counts, count_locus
from gms.trials.residual_disease.one_locus import Observed
from gms.trials.residual_disease.sensitivity import limit_of_sum, power, threshold_of
from gms.trials.residual_disease.sum_test import is_called

ALPHA, LOCI, CONTEXTS, CONTROLS = 0.01, 16, 6, 10
READ, SHORTEST, LONGEST = 120, 140, 170  # bases
SPACE = 400  # bases of the contig for each locus
COPIES = 6  # of a molecule at most, with UMIs
BATCH = 1000  # samples of one BAM
SEQUENCING = 1e-4  # errors to the tumour's base, per base of a read
COLUMNS = ("reads", "errors by molecule", "samples", "tumour fraction", "called", "exact", "called if each read counts")


class Setting(NamedTuple):
    """`errors` per molecule, before sequencing; `molecules` of a locus."""

    name: str
    umi: str
    errors: float
    molecules: int = 3000


SETTINGS = (Setting("UMIs, two copies each", "name", 1e-5), Setting("no UMIs", "", 3e-4))


class Sample(NamedTuple):
    """By locus: molecules with the tumour's base, those that tell, and reads with the base."""

    mutant: np.ndarray
    depth: np.ndarray
    reads: np.ndarray


def main(argv: list[str]) -> int:
    """Samples without tumour, and with 1e-3, 1e-4 and the limit of detection, at 16 loci of 3,000 molecules; each has
    ten others as controls. `exact`: by calculation with the errors known."""
    parser = argparse.ArgumentParser(prog="gms benchmark residual", description=main.__doc__)
    parser.add_argument("--negatives", type=int, default=10_000, metavar="N", help="default: 10000")
    parser.add_argument("--positives", type=int, default=2_000, metavar="N", help="of each fraction; default: 2000")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    options = parser.parse_args(argv)
    rows = [row for one in SETTINGS for row in measure(one, options.negatives, options.positives)]
    print(table(COLUMNS, rows))
    write_json(options.json, rows)
    return 0


def measure(setting: Setting, negatives: int, positives: int) -> Iterator[tuple]:
    """Rows of the table."""
    random = np.random.default_rng(1)
    depths = depths_of_reference(setting, random)
    clean = samples(setting, negatives, 0.0, depths, random)
    background = poisson(float(np.mean([one.mutant.sum() for one in clean])))
    threshold, carriers = threshold_of(background, ALPHA), LOCI * setting.molecules / 2
    limit = limit_of_sum(background, threshold, carriers)
    for fraction in (0.0, 1e-3, 1e-4, limit):
        found = samples(setting, positives, fraction, depths, random) if fraction else clean
        exact = power(background, threshold, fraction * carriers) if fraction else at_least(background, threshold)
        called = np.mean([_is_called(one, clean, place) for place, one in enumerate(found)])
        naive = np.mean([one.reads.sum() >= threshold for one in found])
        shown = tuple(f"{value:.4f}" for value in (called, exact, naive))
        yield setting.name, f"{setting.errors:g}", len(found), f"{fraction:.1e}" if fraction else "0", *shown


def _is_called(sample: Sample, clean: list[Sample], place: int) -> bool:
    """The test, with the next samples without tumour as controls."""
    if sample.mutant.sum() < 2:
        return False
    others = [clean[(place + number) % len(clean)] for number in range(1, CONTROLS + 1)]
    wrong, depth = sum(one.mutant for one in others), sum(one.depth for one in others)
    rows = list(zip(sample.mutant.tolist(), sample.depth.tolist(), wrong.tolist(), depth.tolist(), strict=True))
    controls = pooled((f"c{n % CONTEXTS}", bad, number) for n, (_, _, bad, number) in enumerate(rows))
    loci = [Observed(str(n), f"c{n % CONTEXTS}", 0.5, k, d, bad, number) for n, (k, d, bad, number) in enumerate(rows)]
    return is_called(loci, controls, ALPHA)


def depths_of_reference(setting: Setting, random: np.random.Generator) -> np.ndarray:
    """Molecules of each locus, counted from the reads of a sample without any error."""
    with tempfile.TemporaryDirectory() as name:
        Molecules.of_reference(setting, random).write(Path(name) / "reads.bam", 1)
        return np.array([count.depth for count, _ in _counted(Path(name) / "reads.bam", 1, setting.umi)])


def samples(setting: Setting, number: int, fraction: float, depths: np.ndarray, random) -> list[Sample]:
    """Samples with a tumour fraction, counted from their reads; `depths` of a sample without any error."""
    found: list[Sample] = []
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "reads.bam"
        while len(found) < number:
            size = min(BATCH, number - len(found))
            Molecules.with_errors(setting, size, fraction, random).write(path, size)
            counts = list(_counted(path, size, setting.umi))
            found += [_sample(counts[start : start + LOCI], depths) for start in range(0, len(counts), LOCI)]
    return found


def _sample(counts: list[tuple[Counts, int]], depths: np.ndarray) -> Sample:
    """One sample: the molecules that have reads of their own stand for as many of the others."""
    own = np.array([one.depth + one.other + one.discordant for one, _ in counts])
    mutant, tell = np.array([one.alt for one, _ in counts]), np.array([one.depth for one, _ in counts])
    return Sample(mutant, depths - own + tell, np.array([reads for _, reads in counts]))


def _counted(path: Path, size: int, umi: str) -> Iterator[tuple[Counts, int]]:
    """Counts of molecules, and reads with the tumour's base, of each locus of each sample."""
    with pysam.AlignmentFile(str(path)) as reads:
        for place in range(size * LOCI):
            locus = Locus("chr1", place * SPACE + SPACE // 2, "C", "T")
            shown = sum(_shows(read, locus) for read in reads.fetch("chr1", locus.start, locus.start + 1))
            yield count_locus(reads, locus, umi), shown


def _shows(read: pysam.AlignedSegment, locus: Locus) -> bool:
    return read.query_sequence[locus.start - read.reference_start] == locus.alt


class Molecules(NamedTuple):
    """Molecules of a batch, by molecule: index of the locus in the batch, offset of its position in the fragment,
    length, copies, and the read that is wrong (copy, mate), -1 for none; `changed`: every read has the other base."""

    place: np.ndarray
    offset: np.ndarray
    length: np.ndarray
    copies: np.ndarray
    wrong: np.ndarray
    changed: np.ndarray

    @classmethod
    def drawn(cls, setting: Setting, place: np.ndarray, changed: np.ndarray, random) -> "Molecules":
        """Fragments over loci; where one is not changed, one of the reads that it may have is wrong."""
        size = len(place)
        length = random.integers(SHORTEST, LONGEST + 1, size)
        offset = (10 + random.random(size) * (length - 20)).astype(int)
        most = COPIES if setting.umi else 1
        copies = np.minimum(most, 1 + random.poisson(1.0, size)) if setting.umi else np.ones(size, int)
        wrong = np.where(changed, -1, random.integers(0, 2 * most, size))
        return cls(place, offset, length, copies, wrong, changed)

    @classmethod
    def of_reference(cls, setting: Setting, random) -> "Molecules":
        """The molecules of one sample, without any error."""
        place = np.repeat(np.arange(LOCI), setting.molecules)
        return cls.drawn(setting, place, np.ones(len(place), bool), random)._replace(changed=np.zeros(len(place), bool))

    @classmethod
    def with_errors(cls, setting: Setting, size: int, fraction: float, random) -> "Molecules":
        """Of `size` samples the molecules that have the tumour's base, or that may have an error of sequencing."""
        most = 2 * (COPIES if setting.umi else 1)
        changed = random.poisson(setting.molecules * (setting.errors + fraction / 2), size * LOCI)
        misread = random.poisson(setting.molecules * most * SEQUENCING, size * LOCI)
        places = [np.repeat(np.arange(size * LOCI), number) for number in (changed, misread)]
        kinds = [np.full(len(place), kind) for place, kind in zip(places, (True, False), strict=True)]
        found = cls.drawn(setting, np.concatenate(places), np.concatenate(kinds), random)
        is_real = found.changed | (found.wrong < 2 * found.copies)
        return cls(*(values[is_real] for values in found))

    def write(self, path: Path, size: int) -> None:
        """An indexed BAM of `size` samples."""
        header = f"@HD\tVN:1.6\n@SQ\tSN:chr1\tLN:{size * LOCI * SPACE}\n"
        command = ["samtools", "sort", "-o", str(path), "--write-index", "-O", "bam", "-"]
        text = "".join([header, *self._lines()])
        subprocess.run(command, input=text, text=True, check=True, stderr=subprocess.DEVNULL)

    def _lines(self) -> Iterator[str]:
        """SAM lines."""
        rows = zip(*(values.tolist() for values in self), strict=True)
        for number, (place, offset, length, copies, wrong, changed) in enumerate(rows):
            start = place * SPACE + SPACE // 2 - offset
            umi = "".join("ACGT"[number * 2654435761 >> 2 * digit & 3] for digit in range(14))
            for copy in range(copies):
                name = f"{number}c{copy}:{umi[:7]}-{umi[7:]}"
                for mate in range(2):
                    base = "T" if changed or wrong == 2 * copy + mate else "C"
                    yield _line(name, (start, length, offset), mate, base, number % 2)


def _line(name: str, fragment: tuple[int, int, int], mate: int, base: str, swapped: int) -> str:
    """One read of a fragment (start, length, offset of the locus)."""
    start, length, offset = fragment
    last = start + length - READ
    begin, other = (last, start) if mate else (start, last)
    inside = start + offset - begin
    sequence = "A" * READ if not 0 <= inside < READ else "A" * inside + base + "A" * (READ - inside - 1)
    flag = ((99, 147), (163, 83))[swapped][mate]
    size = -length if mate else length
    return f"{name}\t{flag}\tchr1\t{begin + 1}\t60\t{READ}M\t=\t{other + 1}\t{size}\t{sequence}\t{'F' * READ}\n"
