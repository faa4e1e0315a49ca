"""Plasma reads that are made and counted: what each sample of gms benchmark residual shows.

Of the molecules that show the reference only, nearly all, one set of reads is made and counted for all samples; every
other molecule has reads of its own in each sample.
"""

import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pysam

from gms.trials.residual_disease.loci import Locus
from gms.trials.residual_disease.molecules import Counts, count_locus

LOCI = 16
READ, SHORTEST, LONGEST = 120, 140, 170  # bases
SPACE = 1 << 14  # bases of the contig for each locus: a window of the index, so that its reads are found at once
COPIES = 6  # of a molecule at most, with UMIs
BATCH = 1000  # samples of one BAM
SEQUENCING = 1e-4  # errors to the tumour's base, per base of a read


class Setting(NamedTuple):
    """`errors` per molecule, before sequencing, times `unequal` for the locus of the same number; `molecules` of a
    locus."""

    name: str
    umi: str
    errors: float
    molecules: int = 3000
    unequal: tuple[float, ...] = (1.0,) * LOCI


class Sample(NamedTuple):
    """By locus: molecules with the tumour's base, those that tell, and reads with the base."""

    mutant: np.ndarray
    depth: np.ndarray
    reads: np.ndarray


def depths_of_reference(setting: Setting, random: np.random.Generator) -> np.ndarray:
    """Molecules of each locus, counted from the reads of a sample without any error."""
    with tempfile.TemporaryDirectory() as name:
        Molecules.of_reference(setting, random).write(Path(name) / "reads.bam", 1)
        return np.array([count.depth for count, _ in _counted(Path(name) / "reads.bam", 1, setting.umi)])


def samples(setting: Setting, fractions: Sequence[float], depths: np.ndarray, random) -> list[Sample]:
    """One sample of each tumour fraction, counted from its reads; `depths` of a sample without any error."""
    found: list[Sample] = []
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "reads.bam"
        while len(found) < len(fractions):
            batch = np.array(fractions[len(found) : len(found) + BATCH])
            Molecules.with_errors(setting, batch, random).write(path, len(batch))
            counts = list(_counted(path, len(batch), setting.umi))
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
    def with_errors(cls, setting: Setting, fractions: np.ndarray, random) -> "Molecules":
        """Of a sample of each tumour fraction the molecules that have the tumour's base, or may have an error of
        sequencing."""
        most = 2 * (COPIES if setting.umi else 1)
        rates = setting.errors * np.array(setting.unequal) + fractions[:, None] / 2
        changed = random.poisson(setting.molecules * rates.ravel())
        misread = random.poisson(setting.molecules * most * SEQUENCING, rates.size)
        places = [np.repeat(np.arange(rates.size), number) for number in (changed, misread)]
        kinds = [np.full(len(place), kind) for place, kind in zip(places, (True, False), strict=True)]
        found = cls.drawn(setting, np.concatenate(places), np.concatenate(kinds), random)
        is_real = found.changed | (found.wrong < 2 * found.copies)
        return cls(*(values[is_real] for values in found))

    def write(self, path: Path, size: int) -> None:
        """An indexed BAM of `size` samples."""
        header = f"@HD\tVN:1.6\n@SQ\tSN:chr1\tLN:{size * LOCI * SPACE}\n"
        command = ["samtools", "sort", "-l", "0", "-o", str(path), "--write-index", "-O", "bam", "-"]
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
