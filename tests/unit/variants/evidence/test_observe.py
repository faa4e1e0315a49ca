import random

import pysam
import pytest

from alignments import CONTIG, read, write_cram, write_fasta
from gms.genome.alleles import Allele
from gms.variants.evidence.loci import SnvLocus, loci
from gms.variants.evidence.observe import add, observe, stretches
from gms.variants.evidence.reads import FORWARD, Observation
from gms.variants.evidence.strand_bias import by_strand

SEQUENCE = "".join(random.Random(8).choices("ACGT", k=300))
SITE = 150
REF = SEQUENCE[SITE]
ALT = next(base for base in "ACGT" if base != REF)
OTHER = next(base for base in "ACGT" if base not in (REF, ALT))
SNV = Allele(SITE, REF, ALT)
MATES = ((0, 99), (20, 147))  # offset and flag


def fragment(name: str, base: str, start: int = 100, **kind):
    """A read of 100 bases with `base` at the site."""
    sequence = SEQUENCE[start:SITE] + base + SEQUENCE[SITE + 1 : start + 100]
    return read(name, start, "100M", sequence, **kind)


@pytest.fixture
def seen_at_site(tmp_path):
    fasta = write_fasta(tmp_path / "genome.fa", SEQUENCE)

    def observed(*reads) -> SnvLocus:
        path = write_cram(tmp_path / "sample.cram", fasta, list(reads))
        locus = SnvLocus([SNV])
        with pysam.AlignmentFile(str(path), reference_filename=str(fasta)) as alignment:
            observe(alignment, CONTIG, [locus])
        return locus

    return observed


def bests(locus: SnvLocus) -> dict[str, int | None]:
    return {name: seen and seen.best for name, seen in locus.fragments.items()}


def test_mates_over_the_same_base_count_once(seen_at_site):
    locus = seen_at_site(fragment("f", ALT, 100), fragment("f", ALT, 120), fragment("g", REF, 130))
    assert bests(locus) == {"f": 1, "g": 0}


@pytest.mark.parametrize("starts", [(55, 110), (110, 55)])
def test_of_mates_that_agree_the_end_that_is_farther_counts(seen_at_site, starts):
    """Of an amplicon all first mates end at the same base, here five after the site."""
    reads = [fragment("f", ALT, start, flag=flag) for start, flag in sorted(zip(starts, (99, 147), strict=True))]
    (seen,) = seen_at_site(*reads).fragments.values()
    assert (seen.best, seen.end_distance) == (1, 40)


def test_mates_that_contradict_each_other_count_not_at_all(seen_at_site):
    locus = seen_at_site(fragment("f", ALT, 100), fragment("f", REF, 120), fragment("g", ALT, 90))
    assert bests(locus) == {"f": None, "g": 1}
    assert locus.fragments["f"] is None


def molecule(name: str, base: str, forward: int, reverse: int, start: int = 100, flag: int = 0):
    """A consensus read of a molecule with reads of either strand."""
    made = fragment(name, base, start, flag=flag)
    made.set_tag("aD", forward)
    made.set_tag("bD", reverse)
    return made


def test_a_molecule_shows_the_strands_that_were_read_of_it(seen_at_site):
    """Both mates are over the site: the strand of the read says nothing."""
    molecules = {"top": (3, 0), "bottom": (0, 2), "duplex": (2, 1)}
    reads = [molecule(name, ALT, *reads, 100 + at, flag) for name, reads in molecules.items() for at, flag in MATES]
    seen = seen_at_site(*reads, *(fragment("no molecule", ALT, 100 + at, flag=flag) for at, flag in MATES)).fragments
    assert seen["top"].strands == seen["no molecule"].strands == FORWARD
    assert seen["bottom"].strands == (False, True)
    assert by_strand(seen.values()) == (3, 2)


def test_a_mate_elsewhere_changes_nothing(seen_at_site):
    assert bests(seen_at_site(fragment("f", ALT), read("f", 180, "100M", SEQUENCE[180:280]))) == {"f": 1}


@pytest.mark.parametrize("kind", [
    {"flag": 0x100}, {"flag": 0x200}, {"flag": 0x400}, {"flag": 0x800}, {"mapq": 19}, {"quality": 14},
], ids=["secondary", "failed", "duplicate", "supplementary", "placed badly", "read badly"])  # fmt: skip
def test_reads_that_are_not_evidence(seen_at_site, kind):
    assert bests(seen_at_site(fragment("f", ALT, **kind), fragment("g", REF))) == {"g": 0}


def test_an_unmapped_read_that_lies_beside_its_mate(tmp_path):
    fasta = write_fasta(tmp_path / "genome.fa", SEQUENCE)
    reads = [read("r", 80, "60M", SEQUENCE[80:140], flag=0x9), read("r", 80, "*", SEQUENCE[:60], mapq=0, flag=0x5)]
    found = list(loci([Allele(80, SEQUENCE[80], "N")], SEQUENCE, 0))
    with pysam.AlignmentFile(str(write_cram(tmp_path / "s.cram", fasta, reads)), reference_filename=str(fasta)) as file:
        observe(file, CONTIG, found)
    assert bests(found[0]) == {"r": 0}


def test_all_loci_are_filled_in_one_pass(tmp_path):
    fasta = write_fasta(tmp_path / "genome.fa", SEQUENCE)
    path = write_cram(tmp_path / "s.cram", fasta, [read(f"r{n}", n, "60M", SEQUENCE[n : n + 60]) for n in range(240)])
    sites = [Allele(n, SEQUENCE[n], "N") for n in range(60, 240, 7)]
    found = list(loci(sites, SEQUENCE, 0))
    with pysam.AlignmentFile(str(path), reference_filename=str(fasta)) as alignment:
        observe(alignment, CONTIG, found)
    assert [len(locus.fragments) for locus in found] == [60] * len(sites)


def test_loci_far_apart_are_fetched_apart():
    near, far = [SnvLocus([Allele(pos, "A", "C")]) for pos in (100, 20_000)], SnvLocus([Allele(50_000, "A", "C")])
    assert [len(group) for _, group in stretches([*near, far], [])] == [2, 1]


class Told:
    """A locus whose reads say what the test wants."""

    def __init__(self, counts_other: bool, *said: tuple[int, ...]):
        self.counts_other, self.fragments = counts_other, {}
        self.said = [Observation(distances, 30, 60, FORWARD, 20) for distances in said]

    def observe(self, _):
        return self.said.pop(0)

    def fragment(self):
        for _ in list(self.said):
            add(self, read("f", 100, "100M", SEQUENCE[100:200]))
        return self.fragments["f"]


@pytest.mark.parametrize("order", [1, -1])
def test_at_an_indel_a_mate_that_cannot_tell_leaves_it_to_the_other(order):
    assert Told(False, *[(4, 0), (1, 1)][::order]).fragment().best == 1
    assert Told(False, *[(4, 0), (0, 4)][::order]).fragment() is None


def test_at_a_base_a_mate_with_another_base_contradicts():
    assert Told(True, (1, 0), (99, 99)).fragment() is None
