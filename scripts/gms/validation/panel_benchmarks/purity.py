"""gms benchmark purity: purity, ploidy and genomic scars of simulated tumours on the depth of real normals of a panel.

Tumours: arms and parts of arms that are lost, gained, or of one parent; every fourth doubled its genome; some changes
are in half of the tumour's cells. SNPs at the density of a panel's targets, acquired and rare inherited variants; half
of the acquired ones are older than a gain or the doubling.
"""

import argparse
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import numpy as np

from gms.tumor_genome.fit import DOUBLED as FITTED_DOUBLED
from gms.tumor_genome.purity import tumor_genome
from gms.tumor_genome.sites import Site, Sites
from gms.validation.panel_benchmarks.panel_copies import DATA, NoData, read_depths, read_windows
from gms.variants.panel_copies import cnvkit
from gms.variants.panel_copies.arms import centromeres
from gms.variants.panel_copies.events import profile
from gms.variants.panel_copies.reference import OFF_TARGET, Window

PURITIES = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)
PLAIN = ((1, 0), (1, 0), (2, 1), (2, 1), (2, 0), (3, 1))  # copies of each allele of a change
DOUBLED = ((2, 1), (2, 1), (2, 0), (3, 2), (3, 1), (4, 2))
CHANGED, IN_PART, IN_SOME = 0.35, 0.4, 0.15  # share of arms with a change; of these of a part of the arm, of some cells
SNP = 0.09  # heterozygous SNPs in a window of 267 bases
DEPTH = 400  # reads
BIAS = 300.0  # precision of the beta distribution of fractions
NEAR = 0.1  # purity
OTHER_NEAR = 0.03  # the other genome that is named has no interval
EARLY = 0.5  # share of variants of all tumour cells that are older than a gain or a doubled genome (assumed)


class State(NamedTuple):
    """Copies in a stretch; `share`: of the tumour's cells, the others having the usual ones of the tumour."""

    start: int
    end: int
    major: int
    minor: int
    share: float


class Tumor(NamedTuple):
    """States by contig that differ from `base`, copies of each allele elsewhere."""

    purity: float
    base: tuple[int, int]
    states: Mapping[str, list[State]]

    def at(self, contig: str, position: int) -> State | None:
        """The change at a place."""
        return next((one for one in self.states.get(contig, ()) if one.start <= position < one.end), None)

    def copies(self, contig: str, position: int) -> tuple[float, float]:
        """Of each allele per cell of the sample."""
        one = self.at(contig, position)
        own = self.base
        if one:
            own = tuple(one.share * n + (1 - one.share) * usual for n, usual in zip(one[2:4], self.base, strict=True))
        return tuple(1 - self.purity + self.purity * n for n in own)


def main(argv: list[str]) -> int:
    """Print, by purity, how many estimates are near, and how many intervals hold the truth."""
    parser = argparse.ArgumentParser(prog="gms benchmark purity", description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA, help="folder of the data set (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=71)
    parser.add_argument("--tumors", type=int, default=6, help="of each purity (default: %(default)s)")
    parser.add_argument("--method", choices=cnvkit.METHODS, default="cbs")
    parser.add_argument("--doubled", type=float, default=0.25, help="share of doubled genomes (default: %(default)s)")
    parser.add_argument("--registered", action="store_true", help="with a pathologist's purity, 15 points off (SD)")
    parser.add_argument("--paired", action="store_true", help="with a normal of the patient")
    options = parser.parse_args(argv)
    if not (options.data / "reference-tr.cnn.gz").is_file():
        raise NoData(options.data)
    windows = list(read_windows(options.data))
    names = sorted({path.name.split(".")[0] for path in options.data.glob("normal_*")})
    generator = np.random.default_rng(options.seed)
    for purity in PURITIES:
        found = []
        for number in range(options.tumors):
            tumor = make_tumor(purity, generator, options.doubled)
            depths = read_depths(options.data, names[number % len(names)])
            copies, sites = shown(tumor, windows, depths, options, generator)
            found.append((tumor, tumor_genome(copies, sites, "pass")))
        print(summary(purity, found), flush=True)
    return 0


def make_tumor(purity: float, generator: np.random.Generator, share: float = 0.25) -> Tumor:
    """A tumour with changes of arms and of parts of arms; `share`: of doubled genomes."""
    doubled = generator.random() < share
    states: dict[str, list[State]] = {}
    for name, centromere in centromeres("GRCh37").items():
        for start, end in ((0, centromere.middle), (centromere.middle, 250_000_000)):
            if name.isdigit() and generator.random() < CHANGED:
                if generator.random() < IN_PART:
                    cut = int(generator.uniform(start, min(end, start + 100_000_000)))
                    start, end = (start, cut) if generator.random() < 0.5 else (cut, end)
                kinds = DOUBLED if doubled else PLAIN
                share = 0.5 if generator.random() < IN_SOME else 1.0
                state = State(start, end, *kinds[generator.integers(len(kinds))], share)
                states.setdefault(f"chr{name}", []).append(state)
    return Tumor(purity, (2, 2) if doubled else (1, 1), states)


def shown(  # noqa: PLR0913
    tumor: Tumor, windows: Sequence[Window], depths: Mapping, options: Any, generator: np.random.Generator
) -> tuple[dict[str, Any], Sites]:
    """What copy number and small variants show of a tumour whose reads are at `depths` where two copies are."""
    own = [window for window in windows if window[:3] in depths and window.contig[3:].isdigit()]
    factor = [sum(tumor.copies(one.contig, one.start)) / 2 for one in own]
    ratios = cnvkit.ratios(own, [depths[one[:3]] * times for one, times in zip(own, factor, strict=True)])
    found = profile(ratios, cnvkit.segments(ratios, options.method))
    segments = [[one.contig, one.start, one.end, round(one.log2, 3), one.bins] for one in found.segments]
    registered = float(np.clip(generator.normal(tumor.purity, 0.15), 0.1, 1)) if options.registered else None
    facts = {"assessed": True, "purity": registered, "sample": "T", "noise": found.noise, "segments": segments}
    targets = [one for one in own if one.gene != OFF_TARGET]
    snps = [_snp(tumor, one, generator) for one in targets if generator.random() < SNP]
    acquired = list(_acquired(tumor, targets, options.paired, generator))
    return facts, Sites([one for one in snps if 0.03 < one.fraction < 0.97], acquired, options.paired)


def _site(window: Window, fraction: float, scale: float, generator: np.random.Generator) -> Site:
    total = max(30, int(generator.poisson(DEPTH * scale)))
    real = generator.beta(max(1e-3, fraction * BIAS), max(1e-3, (1 - fraction) * BIAS))
    return Site(window.contig, window.start + 100, int(generator.binomial(total, real)), total)


def _snp(tumor: Tumor, window: Window, generator: np.random.Generator) -> Site:
    one, other = tumor.copies(window.contig, window.start + 100)
    first = one if generator.random() < 0.5 else other
    return _site(window, first / (one + other), (one + other) / 2, generator)


def _acquired(tumor: Tumor, targets: Sequence[Window], paired: bool, generator: np.random.Generator) -> Iterator[Site]:
    """Variants of all tumour cells, of some of them, and of a tumour alone rare inherited ones."""
    for mean, share in ((8, 1.0), (4, 0.4)):
        for _ in range(generator.poisson(mean)):
            window = targets[generator.integers(len(targets))]
            total = sum(tumor.copies(window.contig, window.start))
            number = _with_variant(tumor, window, generator) if share == 1 else share
            site = _site(window, min(0.99, tumor.purity * number / total), total / 2, generator)
            if site.fraction >= 0.05:
                yield site
    for _ in range(0 if paired else generator.poisson(5)):
        yield _snp(tumor, targets[generator.integers(len(targets))], generator)


def _with_variant(tumor: Tumor, window: Window, generator: np.random.Generator) -> int:
    """Copies of a variant of all tumour cells: all of one allele, acquired before these were gained, or one of them."""
    state = tumor.at(window.contig, window.start)
    own = tumor.base if state is None or state.share < 1 else state[2:4]
    alleles = [number for number in own if number] or [0]
    return alleles[generator.integers(len(alleles))] if generator.random() < EARLY else min(1, alleles[0])


def summary(purity: float, found: Sequence[tuple[Tumor, tuple[dict, list]]]) -> str:
    """One line for the tumours of a purity."""
    results = [document["results"][0] for _, (document, _) in found]
    told = [one for one in results if one["value"] is not None]
    assessed = [(tumor, document) for tumor, (document, _) in found if not document["reason"]]
    near = sum(abs(one["value"] - purity) <= NEAR + 1e-9 for one in told)
    inside = sum(one["interval"][0] <= purity <= one["interval"][1] for one in told)
    width = median(one["interval"][1] - one["interval"][0] for one in told) if told else 0
    kind = sum((tumor.base == (2, 2)) == (document["baseline"] >= FITTED_DOUBLED) for tumor, document in assessed)
    others = sum(document["alternative"] is not None for _, document in assessed)
    either = sum(_holds(document, purity) for _, document in assessed)
    reasons = [document["reason"] for _, (document, _) in found if document["reason"]]
    right = sum(_right(tumor, rows) for tumor, (document, rows) in found if rows) / max(1, len(told))
    text = f"{purity:.0%} tumour cells: within 10 points {near}/{len(found)}, assessed {len(told)}, in the interval"
    text = f"{text} {inside}, its width {width:.2f}; genome with the right copies of both alleles {right:.0%}"
    text = f"{text}; doubled or not right {kind}, other genome named {others}, in the interval or the other {either}"
    return f"{text}; values {' '.join(str(one['value']) for one in results)} {' '.join(reasons)}"


def _holds(document: Mapping[str, Any], purity: float) -> bool:
    """Whether the interval, or the other genome that is named, is right."""
    low, high = document["results"][0]["interval"]
    other = document["alternative"]
    return low <= purity <= high or (other is not None and abs(other["purity"] - purity) <= OTHER_NEAR)


def _right(tumor: Tumor, rows: Sequence[Mapping[str, Any]]) -> float:
    """Share of the genome whose copies of both alleles are right, of that which all tumour cells share."""
    right = total = 0
    for row in rows:
        for at in range(row["start"], row["end"], 1_000_000):
            states = [one for one in tumor.states.get(row["contig"], ()) if one.start <= at < one.end]
            if not states or states[0].share == 1:
                true = sorted(states[0][2:4] if states else tumor.base)
                total += 1
                right += row["minor"] is not None and [row["minor"], row["major"]] == true
    return right / max(1, total)
