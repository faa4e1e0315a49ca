"""gms benchmark mitochondrial: heteroplasmy at 1 to 50 % and the common deletion, from simulated reads of a circle."""

import argparse
import random
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import pysam

from gms.genome.alleles import Allele, left_align
from gms.genome.vcf import info_value, sample_values
from gms.validation.class_benchmarks.simulated import (
    TRANSITION,
    Molecule,
    align,
    random_bases,
    simulate,
    write_reference,
)
from gms.variants.mitochondrial.calls import call_mitochondrion
from gms.variants.mitochondrial.facts import RCRS_LENGTH, mitochondrial_contig
from gms.variants.mitochondrial.sensitivity import Sample

FRACTIONS, EACH = (
    (0.01, 0.03, 0.05, 0.10, 0.50),
    12,
)  # of the molecules; alleles of each, one deletion and one insertion
DELETION, DELETED, REPEAT = 0.05, (8_482, 13_459), 13  # m.8483_13459del4977, between repeats of 13 bases
APART = 40  # bases between alleles at least
CUTS = (0, 8_000)  # where the circle is opened for the simulator of linear molecules


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="gms benchmark mitochondrial", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--depth", type=float, default=2_000)
    parser.add_argument("--reference", type=Path, help="FASTA with rCRS; without one, random sequence of its length")
    options = parser.parse_args(argv)
    print("Simulated mixture of molecules; no NUMTs, no damage: an upper bound.")
    with tempfile.TemporaryDirectory() as folder:
        found, truth, deletions = measured(Path(folder), options)
    for fraction in FRACTIONS:
        alleles = [allele for allele, planted in truth.items() if planted == fraction]
        right = [found[allele] for allele in alleles if allele in found]
        mean = sum(right) / len(right) if right else 0
        print(f"  {fraction:4.0%}  {len(right)} of {len(alleles)} found, mean {mean:.2%}")
    print(f"  false: {len(found.keys() - truth.keys())}")
    for start, end, share in deletions:
        print(
            f"  deletion {start + 1}-{end} ({end - start} bases) at {share:.2%}; planted {DELETED[0] + 1}-{DELETED[1]}"
        )
    return 0


def measured(
    folder: Path, options: argparse.Namespace
) -> tuple[dict[Allele, float], dict[Allele, float], list[tuple[int, int, float]]]:
    """Found alleles and planted ones with their fractions, and deletions (0-based half-open) with theirs."""
    generator = random.Random(options.seed)
    sequence = circle(generator, options.reference)
    truth = planted(generator, sequence)
    reference = write_reference(folder / "genome.fa", {"chrM": sequence})
    mates = simulate(folder, "S", molecules(sequence, truth, options.depth), options.seed)
    lines, _ = call_mitochondrion(reference, [align(folder, "S", reference, mates)], [Sample("S", "proband", None)])
    found, deletions = {}, []
    for line in lines:
        if not line.startswith("#"):
            fields = line.rstrip("\n").split("\t")
            share = float(sample_values(fields[8], fields[9])["AF"])
            if fields[4] == "<DEL>":
                deletions.append((int(fields[1]), int(info_value(fields[7], "END")), share))
            else:
                found[Allele(int(fields[1]) - 1, fields[3], fields[4])] = share
    return found, truth, deletions


def circle(generator: random.Random, reference: Path | None) -> str:
    """rCRS, or random bases of its length with the repeats at the ends of the deletion."""
    if reference:
        with pysam.FastaFile(str(reference)) as file:
            return file.fetch(mitochondrial_contig(file.references)).upper()
    text, (first, last) = random_bases(generator, RCRS_LENGTH), DELETED
    return text[: last - REPEAT] + text[first - REPEAT : first] + text[last:]


def planted(generator: random.Random, sequence: str) -> dict[Allele, float]:
    """Alleles with their fractions, left-aligned, away from each other and from the ends of the deletion."""
    taken, truth = [*DELETED, 3_107], {}
    for fraction in FRACTIONS:
        for number in range(EACH):
            pos = _free(generator, taken)
            taken.append(pos)
            ref, alt = sequence[pos], TRANSITION.get(sequence[pos], "A")
            if number == EACH - 2:
                ref, alt = sequence[pos : pos + 2], sequence[pos]
            elif number == EACH - 1:
                alt = ref + generator.choice("ACGT")
            truth[left_align(Allele(pos, ref, alt), sequence)] = fraction
    return truth


def _free(generator: random.Random, taken: list[int]) -> int:
    while True:
        pos = generator.randrange(60, RCRS_LENGTH - 60)
        if all(abs(pos - other) >= APART for other in taken) and not 300 <= pos + 1 <= 320:
            return pos


def molecules(sequence: str, truth: Mapping[Allele, float], depth: float) -> Iterator[Molecule]:
    """A haplotype with the alleles of each fraction, one with the deletion, and the reference for the rest."""
    haplotypes = [(changed(sequence, [a for a, share in truth.items() if share == f]), f) for f in FRACTIONS]
    haplotypes.append((sequence[: DELETED[0]] + sequence[DELETED[1] :], DELETION))
    haplotypes.append((sequence, 1 - sum(share for _, share in haplotypes)))
    for text, share in haplotypes:
        for cut in CUTS:
            yield Molecule(text[cut:] + text[:cut], depth * share / len(CUTS))


def changed(sequence: str, alleles: list[Allele]) -> str:
    for pos, ref, alt in sorted(alleles, reverse=True):
        sequence = sequence[:pos] + alt + sequence[pos + len(ref) :]
    return sequence
