"""Reads that two copies of each bin give in a sample, by GC content and mappability.

GC bias: the median of bins of like GC content (Yoon 2009, doi:10.1101/gr.092981.109; as in CNVnator, Abyzov 2011,
doi:10.1101/gr.114876.110). Mappability: the share of a bin's reads that fit nowhere else, counted in all samples of
the case together; bins in which most reads fit elsewhere are left out. Controls (./gms normals build) say which bins
have more or fewer reads in everybody, and which vary.
"""

import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from gms.base.errors import GmsError
from gms.genome.ploidy import AUTOSOME
from gms.variants.copy_number.depth import Reads

MIN_SHARE = 0.5  # of the reads of a bin that fit nowhere else
CERTAIN_SHARE = 0.9  # of bins from which the GC bias is learned
SMOOTH = 0.05  # of the usual reads of a bin, that are taken for unique: a bin without reads may be lost
LIKE, FEWEST = 200, 25  # bins of like GC content that its median is wanted from, and needs
WIDEST = 0.06  # difference of GC content of bins that are still alike
POOR = 0.3  # of the usual reads; bins of a GC content that gives fewer are left out
MIN_BINS = 50  # from which the reads of a sample can be told
MIN_READS = 5  # in a bin of two copies
LEAST_EXTRA = 0.002  # a spread of 4.5 % that no two neighbours show: waves along the genome
MOST = 3.0  # times the usual reads; bins that have more in everybody are left out
MAD = 1.4826  # standard deviations of a normal distribution in one median absolute deviation


class Expected(NamedTuple):
    """Of a sample: reads that two copies of each bin give, NaN where it is left out; `extra`: variance beyond that of
    counts, as a fraction of the squared mean; `usual`: reads of a bin; `more`: extra variance of bins that vary in the
    controls."""

    reads: dict[str, np.ndarray]
    extra: float
    usual: float
    more: Mapping[str, np.ndarray] = {}

    @property
    def is_enough(self) -> bool:
        return self.usual >= MIN_READS and bool(self.reads)


class UnreadableControls(GmsError):
    """A file that is not a reference of depth."""

    def __init__(self, path: Path):
        super().__init__(f"{path} is not a reference of depth; make one with ./gms normals build")


class Controls(NamedTuple):
    """Bins of control samples: `levels`, their reads over the expected ones (median), NaN where nothing is known;
    `extra`, variance beyond that of a sample, as a fraction of the squared mean. `facts`: members, version, contigs."""

    facts: Mapping[str, Any]
    levels: dict[str, np.ndarray]
    extra: dict[str, np.ndarray]

    def applied(self, expected: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        """Expected reads of the bins as they are in everybody."""
        found = {}
        for contig, reads in expected.items():
            level = np.nan_to_num(self.levels[contig].astype(np.float32), nan=1.0)
            found[contig] = np.where((level >= POOR) & (level <= MOST), reads * level, np.nan)
        return found


def write_controls(path: Path, controls: Controls) -> None:
    arrays = {f"{contig}.level": values for contig, values in controls.levels.items()}
    arrays |= {f"{contig}.extra": values for contig, values in controls.extra.items()}
    np.savez_compressed(path, facts=np.array(json.dumps(controls.facts, sort_keys=True)), **arrays)


def read_controls(path: Path) -> Controls:
    """Raises UnreadableControls."""
    try:
        with np.load(path, allow_pickle=False) as file:
            facts = json.loads(str(file["facts"]))
            contigs = facts["contigs"]
            return Controls(facts, *({c: file[f"{c}.{key}"] for c in contigs} for key in ("level", "extra")))
    except (OSError, EOFError, ValueError, KeyError, TypeError, zipfile.BadZipFile):
        raise UnreadableControls(path) from None


def unique_share(samples: Sequence[Mapping[str, Reads]], contigs: Iterable[str]) -> dict[str, np.ndarray]:
    """Share of the reads of each bin that fit nowhere else, over all samples."""
    found = {}
    sums = {c: Reads(*(sum(one[c][n] for one in samples) for n in (0, 1))) for c in contigs}
    usual = np.median(np.concatenate([one.every for one in sums.values()])) if sums else 0
    for contig, (unique, every) in sums.items():
        more = max(1.0, SMOOTH * usual)
        found[contig] = (unique + more) / (every + more)
    return found


def expected_reads(
    sample: Mapping[str, Reads],
    gc: Mapping[str, np.ndarray],
    share: Mapping[str, np.ndarray],
    controls: Controls | None = None,
) -> Expected:
    """What two copies give in a sample; without any bin where too few are alike."""
    learned = [c for c in gc if AUTOSOME.fullmatch(c)] or list(gc)
    sure = {c: (share[c] >= CERTAIN_SHARE) & ~np.isnan(gc[c]) for c in learned}
    if sum(mask.sum() for mask in sure.values()) < MIN_BINS:
        return Expected({}, 0.0, 0.0)
    counts = np.concatenate([sample[c].unique[sure[c]] / share[c][sure[c]] for c in learned])
    classes = np.concatenate([gc[c][sure[c]] for c in learned])
    curve = gc_curve(counts, classes)
    reads = {}
    for contig, values in gc.items():
        usable = (share[contig] >= MIN_SHARE) & ~np.isnan(values)
        level = curve[np.round(np.nan_to_num(values) * 100).astype(int)]
        reads[contig] = np.where(usable, level * share[contig], np.nan)
    reads = controls.applied(reads) if controls else reads
    more = controls.extra if controls else {}
    return Expected(reads, extra_variance(sample, reads, learned), float(np.median(counts)), more)


def gc_curve(counts: np.ndarray, gc: np.ndarray) -> np.ndarray:
    """Median reads of bins of 0, 1 … 100 % of G and C; NaN where too few bins or too few reads tell."""
    order = np.argsort(gc, kind="stable")
    counts, gc = counts[order], gc[order]
    usual, curve = np.median(counts), np.full(101, np.nan)
    for percent in range(101):
        for width in (0.005, 0.01, 0.02, 0.03, WIDEST):
            first, last = np.searchsorted(gc, (percent / 100 - width, percent / 100 + width))
            if last - first >= LIKE:
                break
        if last - first >= FEWEST:
            level = np.median(counts[first:last])
            curve[percent] = level if level >= POOR * usual else np.nan
    return curve


def extra_variance(sample: Mapping[str, Reads], expected: Mapping[str, np.ndarray], contigs: Iterable[str]) -> float:
    """Variance of reads over the expected ones beyond that of counts (Poisson). From differences of neighbouring bins,
    which have the same copies but at the ends of events, and by medians, which outliers do not move."""
    apart, poisson = [], []
    for contig in contigs:
        known = ~np.isnan(expected[contig])
        ratios = sample[contig].unique[known] / expected[contig][known]
        apart.append(np.diff(ratios))
        poisson.append(1 / expected[contig][known])
    differences = np.abs(np.concatenate(apart))
    spread = MAD * float(np.median(differences)) / 2**0.5 if len(differences) else 0.0
    return max(LEAST_EXTRA, spread**2 - float(np.median(np.concatenate(poisson))))
