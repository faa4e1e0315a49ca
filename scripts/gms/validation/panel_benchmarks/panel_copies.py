"""gms benchmark panel_copies: copy number of a gene panel, on a real tumour with an array as truth and on real normals
with events put into them."""

import argparse
import csv
import gzip
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np

from gms.base.errors import GmsError
from gms.base.project import PROJECT
from gms.variants.panel_copies import cnvkit
from gms.variants.panel_copies.copies import expected_log2
from gms.variants.panel_copies.events import events, profile
from gms.variants.panel_copies.genes import Gene
from gms.variants.panel_copies.reference import OFF_TARGET, Window
from gms.variants.panel_copies.windows import Ratio

DATA = PROJECT.parent / "shared" / "data" / "cnv-panel-melanoma-TR55"
ARRAY = 0.12  # log2 of the array from which a gene counts as changed: it shows less than the panel does
DEEP = 0.3
FEWEST = 5  # windows of a gene that is counted
NUMBERS, PURITIES, EVENTS = (0, 1, 3, 6), (0.3, 0.5, 0.8), 24
BESIDE, FAR = 1_000_000, 6_000_000  # bases beside a gene that change with it; from an event, of genes without one
HG19 = {"chr1": 249_250_621, "chrX": 155_270_560, "chrY": 59_373_566}
Depths = Mapping[tuple[str, int, int], float]


class NoData(GmsError):
    """The data set is not there."""

    def __init__(self, folder: Path):
        super().__init__(f"{folder} does not have the data set cnv-panel-melanoma-TR55; name its folder with --data")


class Panel(NamedTuple):
    """The data set and its windows, and how its samples are called; `amplicon`: as samples of an amplicon kit."""

    folder: Path
    windows: list[Window]
    method: str
    amplicon: bool


class Changed(NamedTuple):
    """A gene with an event put in."""

    gene: Gene
    copies: int


def options_of(argv: list[str]) -> argparse.Namespace:
    """Raises NoData."""
    parser = argparse.ArgumentParser(prog="gms benchmark panel_copies", description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA, help="folder of the data set (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=51)
    parser.add_argument("--normals", type=int, default=3, help="normals to put events into (default: %(default)s)")
    parser.add_argument("--method", choices=cnvkit.METHODS, action="append", help="default: both")
    parser.add_argument("--purity", type=float, action="append", help="of tumour cells; default: 0.3, 0.5 and 0.8")
    parser.add_argument(
        "--amplicon",
        action="store_true",
        help="as an amplicon kit: windows of targets alone, without the correction of their edges",
    )
    options = parser.parse_args(argv)
    if not (options.data / "reference-tr.cnn.gz").is_file():
        raise NoData(options.data)
    return options


def main(argv: list[str]) -> int:
    """Print, by method, how many genes of the tumour and of the normals with events are called."""
    options = options_of(argv)
    windows = [one for one in read_windows(options.data) if not (options.amplicon and one.gene == OFF_TARGET)]
    names = sorted({path.name.split(".")[0] for path in options.data.glob("normal_*")})[: options.normals]
    for method in options.method or cnvkit.METHODS:
        panel = Panel(options.data, windows, method, options.amplicon)
        print(f"{method}  real tumour: {tumour(panel)}", flush=True)
        generator = np.random.default_rng(options.seed)
        for purity in options.purity or PURITIES:
            found = sum((simulated(panel, name, purity, generator) for name in names), Counter())
            print(f"{method}  simulated, {purity:.0%} tumour cells: {summary(found)}", flush=True)
    return 0


def read_rows(path: Path) -> list[dict[str, str]]:
    """Rows of a gzipped table."""
    with gzip.open(path, "rt") as lines:
        return list(csv.DictReader(lines, delimiter="\t"))


def read_windows(folder: Path) -> Iterator[Window]:
    """Windows with the values of the normals that the data set gives."""
    for row in read_rows(folder / "reference-tr.cnn.gz"):
        gene = OFF_TARGET if row["gene"] == "Background" else row["gene"]
        numbers = [float(row[name]) for name in ("log2", "gc", "rmask", "spread")]
        yield Window(row["chromosome"], int(row["start"]), int(row["end"]), gene, numbers[0], 1.0, *numbers[1:])


def read_depths(folder: Path, sample: str) -> dict[tuple[str, int, int], float]:
    """Depth of each window of a sample."""
    rows = [row for part in ("target", "antitarget") for row in read_rows(folder / f"{sample}.{part}coverage.cnn.gz")]
    return {(row["chromosome"], int(row["start"]), int(row["end"])): 2 ** float(row["log2"]) for row in rows}


def called(panel: Panel, depths: Depths, purity: float | None):
    """Profile of a sample, and kind and copies of the event of each called gene."""
    own = [window for window in panel.windows if window[:3] in depths]
    ratios = cnvkit.ratios(own, [depths[window[:3]] for window in own], not panel.amplicon)
    shown = profile(ratios, cnvkit.segments(ratios, panel.method))
    found = {}
    for one in events(shown, HG19, "unknown", purity):
        found |= {(gene, one.event.contig): (one.kind, one.copies.copies) for gene in one.event.genes}
    return shown, found


def counted(shown) -> Iterator[Gene]:
    """Autosomal genes with enough windows."""
    return (gene for gene in shown.genes if gene.contig[3:].isdigit() and len(gene.windows) >= FEWEST)


def tumour(panel: Panel) -> str:
    """Genes that the array shows changed, and of them those called."""
    shown, found = called(panel, read_depths(panel.folder, "tumour_TR_55_T"), None)
    array = read_array(panel.folder / "truth.aCGH.hg19.seg")
    seen: Counter = Counter()
    for gene in counted(shown):
        level = of_array(gene, array.get(gene.contig, []))
        if level is None:
            continue
        kind, wanted = found.get((gene.name, gene.contig), ("", 0))[0], "DUP" if level > 0 else "DEL"
        for limit, name in ((ARRAY, wanted), (DEEP, f"deep {wanted}")):
            seen[name] += abs(level) > limit
            seen[f"{name} called"] += abs(level) > limit and kind == wanted
    names = ("DUP", "DEL", "deep DUP", "deep DEL")
    return ", ".join(f"{name} {seen[f'{name} called']}/{seen[name]}" for name in names)


def read_array(path: Path) -> dict[str, list[tuple[int, int, float]]]:
    """Segments of the array by contig: start, end, mean of log2."""
    found: dict[str, list[tuple[int, int, float]]] = {}
    with open(path) as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            segment = (int(row["loc.start"]), int(row["loc.end"]), float(row["seg.mean"]))
            found.setdefault(f"chr{row['chrom']}", []).append(segment)
    return found


def of_array(gene: Gene, segments: list[tuple[int, int, float]]) -> float | None:
    """Mean log2 of the array over a gene."""
    parts = [(min(end, gene.end) - max(start, gene.start), level) for start, end, level in segments]
    inside = [(size, level) for size, level in parts if size > 0]
    return sum(size * level for size, level in inside) / sum(size for size, _ in inside) if inside else None


def simulated(panel: Panel, name: str, purity: float, generator: np.random.Generator) -> Counter:
    """Of a normal with events in 24 genes: those found by copies, and calls in genes without one."""
    depths = read_depths(panel.folder, name)
    genes = [gene for gene in counted(profile(_flat(panel.windows), [])) if gene.end - gene.start < 2 * BESIDE]
    picked = apart(genes[at] for at in generator.permutation(len(genes)))
    changed = [Changed(gene, NUMBERS[number % len(NUMBERS)]) for number, gene in enumerate(picked)]
    for one in changed:
        factor = 2 ** expected_log2(one.copies, 2, purity)
        for place in depths:
            if place[0] == one.gene.contig and place[2] > one.gene.start - BESIDE and place[1] < one.gene.end + BESIDE:
                depths[place] *= factor
    shown, found = called(panel, depths, purity)
    return compare(changed, list(counted(shown)), found)


def apart(genes: Iterable[Gene]) -> list[Gene]:
    """EVENTS genes, none near another: events would overlap."""
    picked: list[Gene] = []
    for gene in genes:
        if not any(_is_near(gene, one) for one in picked):
            picked.append(gene)
        if len(picked) == EVENTS:
            break
    return picked


def _is_near(one: Gene, other: Gene) -> bool:
    return one.contig == other.contig and abs(one.start - other.start) < FAR


def _flat(windows: list[Window]) -> list[Ratio]:
    return [Ratio(*window[:4], 0.0, 1.0) for window in windows]


def compare(changed: list[Changed], genes: list[Gene], found: Mapping) -> Counter:
    """Counts of what was asked, found and false."""
    seen: Counter = Counter()
    numbers = {one.gene.name: one.copies for one in changed}
    for gene in genes:
        kind, number = found.get((gene.name, gene.contig), ("", 0.0))
        near = any(_is_near(one.gene, gene) for one in changed)
        if gene.name in numbers:
            true = numbers[gene.name]
            seen[f"asked {true}"] += 1
            seen[f"found {true}"] += kind == ("DEL" if true < 2 else "DUP")
        elif not near:
            seen["genes"] += 1
            seen["false"] += bool(kind)
    return seen


def summary(found: Counter) -> str:
    """One line."""
    parts = [f"CN {number} {found[f'found {number}']}/{found[f'asked {number}']}" for number in NUMBERS]
    return f"{', '.join(parts)}; called of genes without an event {found['false']}/{found['genes']}"
