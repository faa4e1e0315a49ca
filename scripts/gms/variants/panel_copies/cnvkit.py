"""What CNVkit does (Talevich et al. 2016, doi:10.1371/journal.pcbi.1004873): windows, the pool of normals, depth ratios
without the bias of GC, repeats and density of targets, and their segments."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
from cnvlib.access import do_access
from cnvlib.antitarget import do_antitarget
from cnvlib.cnary import CopyNumArray
from cnvlib.fix import do_fix
from cnvlib.params import NULL_LOG2_COVERAGE
from cnvlib.reference import do_reference
from cnvlib.segmentation import do_segmentation
from cnvlib.smoothing import rolling_median
from cnvlib.target import do_target
from skgenome import GenomicArray, tabio

from gms.variants.panel_copies.reference import ANY_SEX, OFF_TARGET, Window, relative_spreads
from gms.variants.panel_copies.windows import UNNAMED, Ratio, Segment

METHODS = ("cbs", "hmm")  # haar loses a third of homozygous deletions (measured, docs/benchmarks.md)
OFF_TARGET_BASES = 150_000  # of a window between targets, CNVkit's own
TREND, TREND_WINDOWS = 0.1, 200  # of a running median: share of the targets' windows, their least number
OF_A_GENE = 0.1  # the most of these that one gene has
BROADEST = 0.75  # the most of all that a running median has: more would follow no trend
FEW_GENES = 6  # of fewer with their most windows, one would be the trend
_NAMES = ["chromosome", "start", "end", "gene"]

logging.getLogger().setLevel(logging.WARNING)


def make_windows(targets: Iterable[tuple[str, int, int, str]], fasta: Path) -> list[Window]:
    """Windows of targets (contig, start, end, gene), split to 267 bases, and of the genome between, without values."""
    baits = GenomicArray(pd.DataFrame(list(targets), columns=_NAMES))
    baits.sort()
    between = do_antitarget(baits, do_access(str(fasta)), OFF_TARGET_BASES)
    between["gene"] = OFF_TARGET
    arrays = do_target(baits, do_split=True), between
    rows = (row for array in arrays for row in array.data[_NAMES].itertuples(index=False))
    return [Window(row[0], int(row[1]), int(row[2]), row[3], *[0.0] * 5) for row in rows]


def pooled(
    windows: Sequence[Window],
    depths: Sequence[Sequence[float]],
    fasta: Path | None,
    sex: str = ANY_SEX,
    edges: bool = True,
) -> list[Window]:
    """Windows with what normals show. `depths`: of each normal, all of one sex where `sex` is given: their depth is
    what is usual, on X and Y too. `edges`: whether depth is corrected for the edges of targets, as of captured ones."""
    with TemporaryDirectory() as work:
        targets, between = (_written(windows, depths, Path(work), on_target) for on_target in (True, False))
        reference = do_reference(
            targets,
            between,
            str(fasta) if fasta else None,
            is_haploid_x_reference=sex == "male",
            female_samples=sex != "male",
            do_edge=edges,
        )
    known = {(row.chromosome, row.start, row.end): row for row in reference.data.itertuples(index=False)}
    return [_filled(window, known[window[:3]], sex) for window in windows if window[:3] in known]


def _written(windows: Sequence[Window], depths: Sequence[Sequence[float]], work: Path, on_target: bool) -> list[str]:
    """Files of coverage in a folder, one for each normal: of targets or of the windows between them."""
    paths = [str(work / f"normal{n}.{'target' if on_target else 'antitarget'}coverage.cnn") for n in range(len(depths))]
    for path, normal in zip(paths, depths, strict=True):
        tabio.write(_part(_raw(windows, normal, Path(path).name.split(".")[0]), on_target), path, "tab")
    return paths


def _filled(window: Window, row, sex: str) -> Window:
    unknown = {"gc": 0.5, "rmask": 0.0}  # without bases: the same for all
    values = [float(getattr(row, name, unknown.get(name))) for name in ("log2", "depth", "gc", "rmask", "spread")]
    return Window(*window[:4], *values, sex)


def _raw(windows: Sequence[Window], depths: Sequence[float], name: str) -> CopyNumArray:
    """Depths as CNVkit's coverage has them."""
    frame = pd.DataFrame([window[:4] for window in windows], columns=_NAMES)
    frame["depth"] = np.asarray(depths, dtype=float)
    with np.errstate(divide="ignore"):
        frame["log2"] = np.where(frame.depth > 0, np.log2(frame.depth), NULL_LOG2_COVERAGE)
    array = CopyNumArray(frame, {"sample_id": name})
    array.sort()
    return array


def _part(array: CopyNumArray, on_target: bool) -> CopyNumArray:
    return array[(array["gene"] != OFF_TARGET) == on_target]


def ratios(windows: Sequence[Window], depths: Sequence[float], edges: bool = True) -> list[Ratio]:
    """Windows of a sample against those of normals, in the order of the genome, without windows that normals do not
    cover evenly. `edges`: as of the normals."""
    raw = _raw(windows, depths, "sample")
    frame = pd.DataFrame(list(windows), columns=[*_NAMES, "log2", "depth", "gc", "rmask", "spread", "sex"])
    reference = CopyNumArray(frame.drop(columns="sex"), {"sample_id": "reference"})
    reference.sort()
    fixed = do_fix(_part(raw, True), _part(raw, False), reference, do_edge=edges)
    fixed = _without_trend(fixed, {one[:3]: one.log2 + (one.sex == "male") for one in windows})  # X has one copy
    spreads = relative_spreads(windows)
    rows = fixed.data[[*_NAMES, "log2", "weight"]].itertuples(index=False)
    places = ((str(row[0]), int(row[1]), int(row[2]), *row[3:]) for row in rows)
    return [Ratio(*row[:4], float(row[4]), float(row[5]), spreads[row[:3]]) for row in places]


def _without_trend(fixed: CopyNumArray, usual: Mapping[tuple[str, int, int], float]) -> CopyNumArray:
    """Ratios, sorted, with those of targets freed of their trend over the depth of normals, `usual` (log2 by window):
    poorly captured windows gain or lose reads from library to library, and whole genes are of such windows. A running
    median, as of CNVkit's other corrections; panels of up to TREND_WINDOWS, or of hardly any genes, keep theirs."""
    targets, between = _part(fixed, True), _part(fixed, False)
    depths = np.array([usual[str(row.chromosome), int(row.start), int(row.end)] for row in targets.data.itertuples()])
    some = _some_of_each_gene(targets, most := int(OF_A_GENE * max(TREND * len(targets), TREND_WINDOWS)))
    if len(targets) > TREND_WINDOWS and len(some) >= FEW_GENES * most:
        share = max(TREND, min(BROADEST, TREND_WINDOWS / len(some)))
        order = some[np.argsort(depths[some], kind="stable")]
        logs = targets["log2"].to_numpy()
        even = logs - np.interp(depths, depths[order], rolling_median(logs[order], share))
        targets["log2"] = even + np.median(logs) - np.median(even)
        targets.add(between)
        fixed = targets
    fixed.sort()
    return fixed


def _some_of_each_gene(targets: CopyNumArray, most: int) -> np.ndarray:
    """Indices of targets' windows, of each gene `most`, evenly: a gene whose probes are more than those of others is
    the better part of the windows of its depth, and would lose its own change with the trend."""
    by_gene: dict[tuple[str, str | int], list[int]] = {}
    for index, (contig, gene) in enumerate(zip(targets["chromosome"], targets["gene"], strict=True)):
        by_gene.setdefault((contig, index if gene in UNNAMED else gene), []).append(index)
    kept = (found[:: -(-len(found) // most)] for found in by_gene.values())
    return np.sort(np.concatenate([np.array(one) for one in kept])) if by_gene else np.array([], dtype=int)


def segments(found: Sequence[Ratio], method: str) -> list[Segment]:
    """Stretches of one depth: `cbs` circular binary segmentation by DNAcopy (Olshen 2004), `hmm` a hidden Markov
    model."""
    rows = pd.DataFrame([window[:6] for window in found], columns=[*_NAMES, "log2", "weight"])
    array = CopyNumArray(rows, {"sample_id": "sample"})
    made = do_segmentation(array, method)
    rows = made.data[["chromosome", "start", "end", "log2", "probes"]].itertuples(index=False)
    return [Segment(row[0], int(row[1]), int(row[2]), float(row[3]), int(row[4])) for row in rows]
