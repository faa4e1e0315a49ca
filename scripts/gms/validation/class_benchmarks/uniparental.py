"""gms benchmark uniparental: uniparental disomy and runs of homozygosity in simulated genotypes of trios."""

import argparse
from collections.abc import Iterator
from itertools import product
from typing import Any, NamedTuple

import numpy as np

from gms.homozygosity.document import regions_document
from gms.homozygosity.sites import UNCERTAIN, Sites

CONTIG, OTHER, OTHER_SIZE = "chr20", "chr1", 1.5  # with the event, and without any, which is longer
# A population of FOUNDERS haplotypes with the neutral spectrum of frequencies, and persons who are mosaics of them (Li
# & Stephens 2003, Genetics 165:2213): haplotypes share stretches by descent, as in man. With one site in SPACING bases
# one of 1,200 bases is heterozygous.
FOUNDERS, SPACING, STRETCH = 20, 340, 50_000
LENGTHS = (3_000_000, 4_000_000, 10_000_000, None)  # bases of a segment; None: the whole chromosome
ERRORS = (0.003, 0.01)  # share of wrong genotypes
UNCERTAIN_SHARE, DEPTH = 0.03, 30
NORMALS = 4  # trios without any event, for each share of errors
MEMBERS = {"proband": "child", "mother": "mother", "father": "father"}
NEAR = 100_000  # bases by which an end may be wrong; a run that is the event's may be off by twice as much


class Planted(NamedTuple):
    """A segment, 1-based and closed: both copies of `parent`, as isodisomy or heterodisomy."""

    start: int
    end: int
    parent: str
    kind: str


class Figures(NamedTuple):
    """Of trios with one event: how many were found with parent and kind, of how many, and with both ends within NEAR;
    largest errors of an end, of segments and of the run of homozygosity of an isodisomy."""

    found: int
    events: int
    near: int
    segment: int
    run: int


def main(argv: list[str]) -> int:
    """Print what is found of each kind by the share of wrong genotypes, and what is found in normal trios."""
    parser = argparse.ArgumentParser(prog="gms benchmark uniparental", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--length", type=int, default=20_000_000, help="bases of the chromosome")
    options = parser.parse_args(argv)
    generator = np.random.default_rng(options.seed)
    print("Simulated genotypes of trios, no reads; an upper bound.")
    for kind, errors in product(("isodisomy", "heterodisomy"), ERRORS):
        found = measured(generator, kind, errors, options.length)
        run = f", of the run {found.run:,}" if kind == "isodisomy" else ""
        print(
            f"  {kind}, {errors:.1%} of genotypes wrong: {found.found} of {found.events} found, {found.near} with both "
            f"ends within {NEAR:,} bases (farthest {found.segment:,}{run})"
        )
    segments, runs = (sum(numbers) for numbers in zip(*normals(generator, options.length), strict=True))
    print(f"  {NORMALS * len(ERRORS)} normal trios: {segments} segments, {runs} runs of 1.5 Mb or more")
    return 0


def measured(generator: np.random.Generator, kind: str, errors: float, contig: int) -> Figures:
    """Events of one kind: each length, from either parent."""
    found, events, of_segments, of_runs = 0, 0, [0], [0]
    for parent, length in product(("mother", "father"), LENGTHS):
        start = int(generator.integers(1, contig - length)) if length else 1
        event = Planted(start, start + (length or contig) - 1, parent, kind)
        content = evaluated(generator, event, errors, contig)
        ours = [one for one in content["uniparental"] if (one["parent"], one["kind"]) == (parent, kind)]
        runs = [run for run in content["runs"] if end_error(run, event) <= 2 * NEAR]
        is_found = len(ours) == len(content["uniparental"]) == 1 and (bool(runs) or kind == "heterodisomy")
        found, events = found + is_found, events + 1
        of_segments += [end_error(one, event) for one in ours if is_found]
        of_runs += [end_error(run, event) for run in runs if kind == "isodisomy"]
    near = sum(error <= NEAR for error in of_segments[1:])
    return Figures(found, events, near, max(of_segments), max(of_runs))


def normals(generator: np.random.Generator, contig: int) -> Iterator[tuple[int, int]]:
    """Segments and long runs of trios without any event."""
    for errors in ERRORS * NORMALS:
        content = evaluated(generator, None, errors, contig)
        yield len(content["uniparental"]), sum(run["length"] >= 1_500_000 for run in content["runs"])


def end_error(found: dict[str, Any], event: Planted) -> int:
    """Bases by which the worse end is wrong."""
    return max(abs(found["start"] - event.start), abs(found["end"] - event.end))


def evaluated(generator: np.random.Generator, event: Planted | None, errors: float, contig: int) -> dict[str, Any]:
    """The document of a trio, with a chromosome of `contig` bases that has the event, and one without."""
    lengths = {CONTIG: contig, OTHER: int(OTHER_SIZE * contig)}
    sites = {name: sites_of(generator, event if name == CONTIG else None, errors, lengths[name]) for name in lengths}
    return regions_document("C1", MEMBERS, sites, lengths)


def sites_of(generator: np.random.Generator, event: Planted | None, errors: float, contig: int) -> Sites:
    """Genotypes of child, mother and father on one chromosome."""
    positions, haplotypes = family(generator, contig)
    own = {"mother": [haplotypes[0], haplotypes[2]], "father": [haplotypes[2], haplotypes[0]]}
    first, second = haplotypes[0], haplotypes[2]
    if event:
        inside = (positions >= event.start) & (positions <= event.end)
        kept, lost = own[event.parent]
        other = haplotypes[1 if event.parent == "mother" else 3] if event.kind == "heterodisomy" else kept
        first, second = kept, np.where(inside, other, lost)
    copies = [first + second, haplotypes[0] + haplotypes[1], haplotypes[2] + haplotypes[3]]
    genotypes = np.stack([with_errors(generator, one, errors) for one in copies], axis=1)
    genotypes[:, 1:][generator.random((len(positions), 2)) < UNCERTAIN_SHARE] = UNCERTAIN
    depths = generator.poisson(DEPTH, len(positions)).astype(float)
    sites = Sites(positions, genotypes, depths, np.full(len(positions), np.nan))
    return sites.chosen((genotypes > 0).any(axis=1))  # a VCF has the alleles that somebody has


def family(generator: np.random.Generator, contig: int) -> tuple[np.ndarray, np.ndarray]:
    """Positions of the sites, and alleles of the mother's two haplotypes and the father's (rows), of which the child of
    two normal copies has the first of each."""
    number = contig // SPACING
    positions = np.unique(generator.integers(1, contig + 1, number))
    counts = np.arange(1, FOUNDERS)
    carriers = generator.choice(counts, len(positions), p=(1 / counts) / (1 / counts).sum())
    ranks = generator.random((FOUNDERS, len(positions))).argsort(axis=0)
    founders = (ranks < carriers).astype(np.int8)
    return positions, np.stack([mosaic(generator, positions, founders) for _ in range(4)])


def mosaic(generator: np.random.Generator, positions: np.ndarray, founders: np.ndarray) -> np.ndarray:
    """A haplotype that follows one founder after the other, STRETCH bases on average."""
    changes = generator.random(len(positions)) < -np.expm1(-np.diff(positions, prepend=0) / STRETCH)
    who = generator.integers(0, len(founders), len(positions))[
        np.maximum.accumulate(np.where(changes, np.arange(len(positions)), 0))
    ]
    return founders[who, np.arange(len(positions))]


def with_errors(generator: np.random.Generator, copies: np.ndarray, errors: float) -> np.ndarray:
    """Genotypes of which a share is any of the three."""
    wrong = generator.random(len(copies)) < errors * 1.5  # a third of these are right
    return np.where(wrong, generator.integers(0, 3, len(copies)), copies).astype(np.int8)
