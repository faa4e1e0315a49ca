"""Reference of depth: what the bins of genomes show in control samples, beyond GC content and mappability."""

import warnings
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from gms.genome.intervals import read_contigs
from gms.genome.ploidy import Ploidy, X, Y
from gms.normals.work import in_parallel
from gms.variants.copy_number.chromosomes import usual_copies
from gms.variants.copy_number.correction import MAD, POOR, Controls, Expected, expected_reads, unique_share
from gms.variants.copy_number.depth import BIN, Reads, count_reads, gc_content, looked_at, within_reads
from gms.variants.copy_number.segments import MIN_USED

FEWEST = 10  # controls of a bin of which anything is said: the median of ten has a standard error of 0.4 of one's
BIASED = 0.25  # of the usual reads: half of a copy
MEDIAN_ERROR = 1.2533  # standard error of a median, in that of a mean
MAD_ERROR = 2.32  # standard error of a variance by the median deviation of n values, times the root of n


def depth_controls(
    crams: Sequence[Path], sexes: Sequence[str], fasta: Path, facts: Mapping[str, Any], work: Callable = in_parallel
) -> Controls:
    """From the aligned reads of controls and their sexes, `unknown` where X and Y are not counted. `work` runs the jobs
    of the controls. `quality` in the facts is in their order: reads of a bin, and spread beyond chance."""
    contigs = read_contigs(Path(f"{fasta}.fai"))
    lengths, ploidy = looked_at(contigs), Ploidy(contigs)
    with TemporaryDirectory() as folder:
        files = [Path(folder, f"{number}.npz") for number in range(len(crams))]
        work(count_control, [(cram, fasta, lengths, file) for cram, file in zip(crams, files, strict=True)])
        totals = {contig: Reads(*sum(_counts(file, contig) for file in files)) for contig in lengths}
        gc, share = within_reads([totals], gc_content(fasta, lengths)), unique_share([totals], lengths)
        reads = ({contig: Reads(*_counts(file, contig)) for contig in lengths} for file in files)
        expected = [_small(expected_reads(one, gc, share)) for one in reads]
        levels, extra = {}, {}
        for contig, length in lengths.items():
            ratios = [
                _ratios(_counts(file, contig)[0], one, contig, _copies(ploidy, contig, length // BIN, sex))
                for file, one, sex in zip(files, expected, sexes, strict=True)
            ]
            chance = [_chance(one, contig, length // BIN) for one in expected]
            levels[contig], extra[contig] = levels_of(np.stack(ratios), np.stack(chance))
    quality = [{"depth": round(one.usual, 1), "noise": round(one.extra**0.5, 3)} for one in expected]
    more = {"contigs": lengths, "normals": len(crams), "quality": quality, "biased": biased(levels)}
    return Controls({**facts, **more}, levels, extra)


def _small(expected: Expected) -> Expected:
    """The same in half of the memory: those of all controls are kept."""
    return expected._replace(reads={contig: values.astype(np.float32) for contig, values in expected.reads.items()})


def count_control(cram: Path, fasta: Path, lengths: Mapping[str, int], out: Path) -> None:
    """Write the reads of a control in each bin to `out`: of each contig an array of two rows, as `Reads` has them."""
    found = count_reads(cram, fasta, lengths)
    np.savez(out, **{contig: np.stack(reads).astype(np.int32) for contig, reads in found.items()})


def _counts(file: Path, contig: str) -> np.ndarray:
    with np.load(file) as counts:
        return counts[contig]


def _copies(ploidy: Ploidy, contig: str, bins: int, sex: str) -> np.ndarray:
    """Copies of each bin in a person; 0 where they are not known."""
    if sex not in ("female", "male") and contig in (*X, *Y):
        return np.zeros(bins, np.int8)
    return usual_copies(ploidy, contig, bins, sex)


def _ratios(reads: np.ndarray, expected: Expected, contig: str, copies: np.ndarray) -> np.ndarray:
    """Reads of the bins of a control over what its copies give; NaN where nothing is expected."""
    if not expected.is_enough:
        return np.full(len(reads), np.nan, np.float32)
    mean = expected.reads[contig] * copies / 2
    return np.where(mean > 0, reads / np.where(mean > 0, mean, 1), np.nan).astype(np.float32)


def _chance(expected: Expected, contig: str, bins: int) -> np.ndarray:
    """Variance of these ratios by chance and by the sample's own spread, of two copies."""
    if not expected.is_enough:
        return np.full(bins, np.nan, np.float32)
    return 1 / expected.reads[contig].astype(np.float32) + expected.extra


def levels_of(ratios: np.ndarray, chance: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Level and extra variance (as `Controls` has them) of bins; arrays of controls x bins.

    A level is the median, drawn towards 1 by as much as chance moves it (James-Stein), so that bins of usual depth are
    not made noisier by the controls. A bin varies where its spread is three standard errors above that of chance.
    """
    known = (~np.isnan(ratios)).sum(axis=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # of bins that no control has
        level, usual = np.nanmedian(ratios, axis=0), np.nanmedian(chance, axis=0)
        spread = MAD * np.nanmedian(np.abs(ratios - level), axis=0)
    off = level - 1
    error = MEDIAN_ERROR**2 * usual / np.maximum(known, 1)
    level = 1 + off * np.maximum(0, 1 - error / np.maximum(off**2, 1e-9))
    varies = spread**2 > usual * (1 + 3 * MAD_ERROR / np.sqrt(np.maximum(known, 1)))
    extra = np.where(varies, (spread**2 - usual) / np.maximum(level, POOR) ** 2, 0)
    enough = known >= FEWEST
    return np.where(enough, level, np.nan).astype(np.float16), np.where(enough, extra, 0).astype(np.float16)


def biased(levels: Mapping[str, np.ndarray]) -> list[tuple[str, int, int, float]]:
    """Stretches in which everybody seems to have half of a copy more or less, or a greater part of one: contig, start
    and end (bases, 0-based half-open) and mean level, the longest first."""
    found = []
    for contig, values in levels.items():
        for sign in (-1, 1):
            inside = np.concatenate([[False], sign * (values.astype(np.float32) - 1) >= BIASED, [False]])
            edges = np.flatnonzero(np.diff(inside)).reshape(-1, 2).tolist()
            found += [
                (contig, first * BIN, last * BIN, round(float(values[first:last].mean(dtype=np.float32)), 2))
                for first, last in edges
                if last - first >= MIN_USED
            ]
    return sorted(found, key=lambda one: one[1] - one[2])
