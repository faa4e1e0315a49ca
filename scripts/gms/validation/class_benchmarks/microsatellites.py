"""gms benchmark microsatellites: instability from 5 % tumour cells, alone and in pairs, on simulated lengths."""

import argparse
from collections.abc import Iterator
from statistics import median
from typing import NamedTuple

import numpy as np

from gms.biomarkers.basis import Basis
from gms.biomarkers.microsatellites import instability
from gms.biomarkers.msi_baseline import Baseline, make_baseline
from gms.biomarkers.repeat_lengths import Site, Slippage, slippage

SITES, NORMALS, STABLE, UNSTABLE = 200, 30, 24, 12
SHIFTED = 0.35  # of the sites of an unstable tumour, by 2-6 units; 0.5 % of a stable one
DEPTHS, PURITIES = (100, 300, 800), (0.05, 0.2, 0.6)
LIBRARY = 0.08  # spread (SD of the logarithm) of the stutter of libraries


class Simulated(NamedTuple):
    """Sites, and how often a unit of each is lost in a read."""

    sites: list[Site]
    rates: list[float]


def main(argv: list[str]) -> int:
    """Print, by depth and purity, the share of unstable sites of stable and unstable samples."""
    parser = argparse.ArgumentParser(prog="gms benchmark microsatellites", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    generator = np.random.default_rng(parser.parse_args(argv).seed)
    simulated = simulate_sites(generator)
    print("Simulated lengths, 200 homopolymers, 30 normals, stutter of libraries +- 8 %; an upper bound.")
    for depth in DEPTHS:
        normals = [[*sample(generator, simulated, depth, 0, 0.0).values()] for _ in range(NORMALS)]
        baseline = make_baseline(simulated.sites, normals, {"members": []})
        for line in measured(generator, simulated, baseline, depth):
            print(line)
    return 0


def simulate_sites(generator: np.random.Generator) -> Simulated:
    """Mononucleotide runs of 10-24 units; longer ones stutter more."""
    lengths = generator.integers(10, 25, SITES)
    sites = [Site("chr1", 1_000 * number, 1_000 * number + int(units), "A") for number, units in enumerate(lengths)]
    return Simulated(sites, list(0.004 * np.exp(0.13 * (lengths - 10)) * generator.lognormal(0, 0.25, SITES)))


def sample(
    generator: np.random.Generator, simulated: Simulated, depth: int, shifted: float, purity: float
) -> dict[Site, Slippage]:
    """One library: `shifted` of its sites by 2-6 units in the reads of its tumour cells, 30-90 % of them."""
    batch, found = generator.lognormal(0, LIBRARY), {}
    for site, rate in zip(simulated.sites, simulated.rates, strict=True):
        units, reads = site.end - site.start, max(10, generator.poisson(depth))
        share = purity * generator.uniform(0.3, 0.9) if generator.random() < shifted else 0.0
        length = units - (generator.random(reads) < share) * generator.integers(2, 7)
        length = length - generator.binomial(length, min(0.2, rate * batch))
        length = length + (generator.random(reads) < 0.15 * rate * units * batch)
        found[site] = slippage(length.tolist(), site)
    return found


def measured(generator: np.random.Generator, simulated: Simulated, baseline: Baseline, depth: int) -> Iterator[str]:
    """A line for each way of comparing and each purity."""
    for mode in ("tumor_only", "pair"):
        stable = [_share(generator, simulated, baseline, mode, depth, 0.005, 0.5) for _ in range(STABLE)]
        yield f"{depth:>4} x  {mode:<10}  stable: at most {max(stable):.1f} % of sites (median {median(stable):.1f})"
        for purity in PURITIES:
            found = [_share(generator, simulated, baseline, mode, depth, SHIFTED, purity) for _ in range(UNSTABLE)]
            above, high = (
                sum(one > max(stable) for one in found),
                sum(one >= baseline.facts["high_from"] for one in found),
            )
            text = f"median {median(found):.1f} %, above every stable sample {above}, high {high} of {UNSTABLE}"
            yield f"{depth:>4} x  {mode:<10}  {purity:.0%} tumour cells: {text}"


def _share(  # noqa: PLR0913
    generator: np.random.Generator,
    simulated: Simulated,
    baseline: Baseline,
    mode: str,
    depth: int,
    shifted: float,
    purity: float,
) -> float:
    libraries = [sample(generator, simulated, depth, shifted, purity)]
    if mode == "pair":
        libraries.append(sample(generator, simulated, depth, 0, 0.0))
    shown = [[library[one.site] for one in baseline.sites] for library in libraries]
    return instability(baseline, shown, Basis())["results"][0]["value"]
