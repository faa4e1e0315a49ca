"""gms benchmark smn: copies of SMN1 and SMN2 on simulated reads, at the coordinates of GRCh38 and GRCh37."""

import argparse
import random
import tempfile
from collections.abc import Iterator
from pathlib import Path

from gms.biomarkers.smn import smn_document
from gms.biomarkers.smn_reads import SHIFTS, Site, known_sites
from gms.validation.class_benchmarks.simulated import Molecule, align, random_bases, simulate, write_reference

COPIES = [(2, 2), (1, 2), (0, 2), (1, 3), (0, 3), (2, 0), (3, 1), (0, 4)]  # of SMN1 and SMN2
BEFORE, AFTER = 9_000, 6_000  # bases of a copy before its first and behind its last site
CONTROL = 300_000  # bases of sequence with two copies
FLANK = 600  # bases of sequence at both ends of a copy


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="gms benchmark smn", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--depth", type=float, default=30, help="of two copies, reads")
    options = parser.parse_args(argv)
    print("Simulated copies of SMN1 and SMN2 (random sequence with the 16 sites that differ); an upper bound.")
    for assembly, shift in SHIFTS.items():
        with tempfile.TemporaryDirectory() as folder:
            rows = list(measured(Path(folder), shift, options.seed, options.depth))
        right = sum(true == called for true, called, _ in rows)
        for true, called, total in rows:
            print(f"  {assembly}  truth {true}  called {called}  sum {total}")
        print(f"{assembly}: {right} of {len(rows)} right (seed {options.seed}, {options.depth:g} x)")
    return 0


def measured(folder: Path, shift: int, seed: int, depth: float) -> Iterator[tuple[tuple, tuple, float | None]]:
    """Truth, call and measured sum of each sample."""
    generator = random.Random(seed)
    sites = [site._replace(smn1=site.smn1 + shift, smn2=site.smn2 + shift) for site in known_sites()]
    one, two = copies_of_genes(generator, sites)
    control = random_bases(generator, CONTROL)
    chromosome = placed([(sites[0].smn2 - 1 - BEFORE, two), (sites[0].smn1 - 1 - BEFORE, one)])
    reference = write_reference(folder / "genome.fa", {"chr5": chromosome, "chr20": control})
    for number, (first, second) in enumerate(COPIES):
        molecules = [Molecule(control, depth)]
        for gene, copies in ((one, first), (two, second)):
            flanks = random_bases(generator, FLANK), random_bases(generator, FLANK)
            molecules += [Molecule(flanks[0] + gene + flanks[1], depth / 2)] * copies
        name = f"s{first}{second}"
        bam = align(folder, name, reference, simulate(folder, name, molecules, seed * 100 + number))
        found = smn_document(name, bam, reference)
        called = tuple(result["value"] for result in found["results"])
        yield (first, second), called, found["evidence"] and found["evidence"]["total"]["value"]


def copies_of_genes(generator: random.Random, sites: list[Site]) -> tuple[str, str]:
    """Both genes: one sequence, each with its own bases at the sites, and with those between two sites that it alone
    has."""
    one = list(random_bases(generator, BEFORE))
    two = list(one)
    for site, following in zip(sites, [*sites[1:], None], strict=True):
        one.append(site.base1)
        two.append(site.base2)
        lengths = (following.smn1 - site.smn1 - 1, following.smn2 - site.smn2 - 1) if following else (AFTER, AFTER)
        between = random_bases(generator, max(lengths))
        one += between[: lengths[0]]
        two += between[: lengths[1]]
    return "".join(one), "".join(two)


def placed(parts: list[tuple[int, str]]) -> str:
    """A contig of unknown bases with sequences at 0-based positions."""
    text = ""
    for start, part in parts:
        text += "N" * (start - len(text)) + part
    return text + "N" * 10_000
