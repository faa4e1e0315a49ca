"""Molecules by UMIs: families of real reads as another program groups them; errors of a simulated consensus."""

import csv
import gzip
import subprocess
from collections import defaultdict
from pathlib import Path

import pytest

import runs
from gms.alignment.align_reads import LaneReads, lane_command
from gms.alignment.consensus import MinReads
from gms.alignment.umi_extraction import extract
from gms.alignment.umi_families import Fold, families
from gms.validation.class_benchmarks.molecules import join, measure, on_one_strand, simulate
from lanes import stream

REAL = runs.PROJECT.parent / "shared" / "data" / "umi-panel-chr22"


@pytest.mark.skipif(not REAL.is_dir(), reason=f"reads of a panel with UMIs are not here ({REAL})")
def test_families_of_real_reads_are_those_of_another_program(tmp_path):
    """Its families are of single strands."""
    fasta = tmp_path / "genome.fa"
    fasta.write_bytes((REAL / "reference.fa").read_bytes())
    subprocess.run(["bwa", "index", fasta], check=True, stderr=subprocess.DEVNULL)
    lane = extract(LaneReads("L1", *(str(REAL / f"reads_R{n}.fastq.gz") for n in (1, 2))), "7M+T,7M+T", tmp_path)
    command = lane_command(stream([lane], index=str(fasta), tmpdir=str(tmp_path)), 0)
    aligned = subprocess.run(["bash", "-c", command], check=True, capture_output=True).stdout
    fold = Fold(join_strands=False)
    lines = sorted(fold.lines(aligned.splitlines(keepends=True)))
    found = {frozenset(pair.name.decode() for pair in pairs) for _, pairs in families(lines)}
    expected = defaultdict(set)
    with gzip.open(REAL / "expected.umi_groups.tsv.gz", "rt") as rows:
        for row in csv.DictReader(rows, delimiter="\t"):
            expected[row["MI"]].add(row["read"])
    assert len(expected) == 2_822
    assert len(found & {frozenset(names) for names in expected.values()}) >= 2_820


def test_duplex_molecules_have_no_errors_and_show_half_a_percent(tmp_path):
    """About 1,700 duplex molecules over a base of one target, half a million bases."""
    library = simulate(tmp_path, 1, 1)
    got = measure(library, join(tmp_path, library, MinReads(3, 1, 1)))
    assert got.bases > 500_000
    assert (got.errors, got.false_calls) == (0, 0)
    assert all(got.found[fraction] for fraction in (0.005, 0.01, 0.05))


def test_damage_of_one_strand_is_flagged_and_no_variant_of_both(tmp_path):
    """Both mates show the place: the strands are those of the molecules, not of their reads."""
    library = simulate(tmp_path, 1, 1)
    damaged, planted = on_one_strand(library, join(tmp_path, library, MinReads(1, 0, 0)), tmp_path)
    assert damaged == [True]
    assert len(planted) >= 2 and not any(planted)


def test_the_consensus_has_the_same_bytes_in_every_run(tmp_path):
    library = simulate(tmp_path, 2, 1, depth=100)
    first = Path(join(tmp_path, library, MinReads(1, 0, 0))).read_bytes()
    assert Path(join(tmp_path, library, MinReads(1, 0, 0))).read_bytes() == first
