"""Residual disease on real reads with inline UMIs (umi-panel-chr22): 500 loci of which none is a tumour's."""

import gzip
import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pysam
import pytest

from gms.base.project import PROJECT
from gms.trials.residual_disease.controls import Row, background_of, controls_of
from gms.trials.residual_disease.errors import pooled
from gms.trials.residual_disease.loci import Locus, context
from gms.trials.residual_disease.molecules import Counts, count_locus
from gms.trials.residual_disease.one_locus import Observed
from gms.trials.residual_disease.sum_test import evaluate, is_called

DATA = PROJECT.parent / "shared" / "data" / "umi-panel-chr22"
UMI, SPACER = 7, 1  # bases in front of both reads
NEXT = {"A": "C", "C": "T", "G": "A", "T": "G"}
RUNS = 5
VARIANT = 0.1  # from which a change is the person's own

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="../shared/data/umi-panel-chr22 is not there")


def records(path: Path) -> Iterator[list[str]]:
    with gzip.open(path, "rt") as lines:
        while record := [line.rstrip("\n") for _, line in zip(range(4), lines, strict=False)]:
            yield record


@pytest.fixture(scope="module")
def reads(tmp_path_factory):
    """Aligned reads with the UMIs of both mates in their names."""
    folder = tmp_path_factory.mktemp("umi")
    first, second = (DATA / f"reads_R{mate}.fastq.gz" for mate in (1, 2))
    fastq = folder / "reads.fastq"
    with fastq.open("w") as out:
        for one, other in zip(records(first), records(second), strict=True):
            umi = f"{one[1][:UMI]}-{other[1][:UMI]}"
            for name, bases, plus, qualities in (one, other):
                cut = UMI + SPACER
                out.write(f"{name.split()[0]}:{umi}\n{bases[cut:]}\n{plus}\n{qualities[cut:]}\n")
    genome = folder / "genome.fa"
    genome.write_bytes((DATA / "reference.fa").read_bytes())
    command = (
        f"bwa index {genome} 2> /dev/null && bwa mem -p {genome} {fastq} 2> /dev/null | samtools sort -o reads.bam -"
    )
    subprocess.run(command, shell=True, cwd=folder, check=True)
    pysam.index(str(folder / "reads.bam"))
    pysam.faidx(str(genome))
    return folder


@pytest.fixture(scope="module")
def background(reads):
    """(context, counts) of one change at each of the well covered positions of the target."""
    with pysam.AlignmentFile(reads / "reads.bam") as bam, pysam.FastaFile(reads / "genome.fa") as genome:
        contig = bam.references[0]
        depths = zip(*bam.count_coverage(contig, quality_threshold=20), strict=True)
        bases = genome.fetch(contig).upper()
        positions = [position for position, depth in enumerate(depths) if sum(depth) >= 300][:650]
        loci = [Locus(contig, position, bases[position], NEXT[bases[position]]) for position in positions]
        return [(context(locus, genome.fetch), count_locus(bam, locus, "name")) for locus in loci]


def test_families_of_real_reads_are_molecules(reads, background):
    """Families are fewer than fragments and agree with the 2.79 pairs in each that another tool found."""
    with pysam.AlignmentFile(reads / "reads.bam") as bam:
        names = {read.query_name for read in bam if not read.is_unmapped and read.mapping_quality >= 20}
    molecules = max(found.depth for _, found in background)
    assert 100 < molecules < len(names) / 2


def test_real_background_is_not_called(background):
    """500 loci, errors known from the other positions: no call at 1 %."""
    kept = [(kind, found) for kind, found in background if found.alt <= VARIANT * max(1, found.depth)]
    followed, controls = kept[:500], kept[500:]
    assert len(controls) >= 100
    known = pooled((kind, found.alt, found.depth) for kind, found in controls)
    observed = [Observed(str(n), kind, 0.5, found.alt, found.depth) for n, (kind, found) in enumerate(followed)]
    result = evaluate(observed, known, 0.01)
    assert len(observed) == 500 and result.informative > 50_000
    assert not result.detected, result
    spiked = [one._replace(mutant=one.mutant + (place % 5 == 0)) for place, one in enumerate(observed)]
    assert evaluate(spiked, known, 0.01).detected  # a hundred molecules more, each at a locus of its own


def test_500_loci_of_3000_molecules(background):
    """Molecules drawn with the errors that each position of the real reads has, in plasma and in three controls."""
    random = np.random.default_rng(1)
    kept = [(kind, found) for kind, found in background if found.alt <= VARIANT * max(1, found.depth)][:500]
    known = pooled((kind, found.alt, found.depth) for kind, found in kept)
    loci = [Locus("chr22", place, "C", "T") for place in range(500)]
    own = [(f.alt + 0.5) / (f.depth + 0.5 / known.rate(kind)) for kind, f in kept]  # of a position, towards its context
    rates, kinds = np.array(own), [kind for kind, _ in kept]

    def rows(times, fraction=0.0):
        wrong = random.binomial(3000 * times, rates + fraction / 2).tolist()
        return [Row(*one, 3000 * times) for one in zip(loci, kinds, wrong, strict=True)]

    def is_detected(fraction):
        controls = background_of({Path(name): rows(1) for name in "abc"}, 0.01)
        found = controls.by_locus()
        observed = [
            Observed(str(one.locus), one.context, 0.5, one.wrong, one.all, found[one.locus].wrong, found[one.locus].all)
            for one in rows(1, fraction)
            if one.locus in found
        ]
        return is_called(observed, controls_of(controls.rows()), 0.01)

    assert sum(is_detected(0.0) for _ in range(RUNS)) <= 1
    assert sum(is_detected(2e-4) for _ in range(RUNS)) >= RUNS - 1


def test_counts_add_up(background):
    assert all(isinstance(found, Counts) and found.duplex_ref <= found.ref for _, found in background)
