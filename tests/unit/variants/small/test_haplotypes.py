"""Alleles on the same molecules become one joined allele."""

import random
from itertools import permutations

import pytest

from gms.genome.alleles import Allele, compatible, spell
from gms.genome.gff3 import Coding, SplitCodon
from gms.genome.intervals import Interval
from gms.variants.evidence.indel_loci import IndelLocus
from gms.variants.evidence.loci import SnvLocus
from gms.variants.evidence.reads import FORWARD, Observation
from gms.variants.small.haplotypes import Frames, Haplotype, Site, joined_haplotypes, mixed_haplotypes, sites_of
from gms.variants.small.phase import Phased, phased

#           100       110       120       130
SEQUENCE = "ACGTGAACGTTCATGCAGCTTGACCTGATCGA"
OFFSET = 100
CODING = [Interval(90, 150)]


def observation(carries: bool) -> Observation:
    return Observation((1, 0) if carries else (0, 1), 37, 60, FORWARD, 30)


def locus(allele: Allele, carriers: range, others: range) -> SnvLocus | IndelLocus:
    """An allele seen in fragments numbered `carriers`, its reference in `others`."""
    made = SnvLocus([allele]) if allele.is_snv else IndelLocus([allele], allele.pos, allele.pos + 2, SEQUENCE, OFFSET)
    made.fragments = {f"read{n}": observation(n in carriers) for n in sorted({*carriers, *others})}
    return made


def joined(*loci: SnvLocus | IndelLocus, coding=CODING, split=()) -> dict[Allele, Haplotype]:
    return joined_haplotypes(sites_of(loci, SEQUENCE, OFFSET), SEQUENCE, OFFSET, Coding(coding, split))


G_A, T_A, G_C = Allele(102, "G", "A"), Allele(103, "T", "A"), Allele(104, "G", "C")
HALF, ALL = range(10), range(40)


def test_snvs_of_one_codon_on_the_same_fragments():
    whole = Haplotype(Allele(102, "GT", "AA"), (G_A, T_A))
    assert joined(locus(G_A, HALF, ALL), locus(T_A, HALF, ALL)) == {G_A: whole, T_A: whole}


def test_the_base_between_is_kept():
    assert joined(locus(G_A, HALF, ALL), locus(G_C, HALF, ALL))[G_C].allele == Allele(102, "GTG", "ATC")


def test_a_codon_is_read_with_changes_of_the_next():
    alleles = Allele(102, "G", "A"), Allele(103, "T", "A"), Allele(104, "G", "C"), Allele(106, "A", "T")
    found = joined(*(locus(allele, HALF, ALL) for allele in alleles))
    assert {haplotype.allele for haplotype in found.values()} == {Allele(102, "GTGAA", "AACAT")}


def test_snvs_of_a_codon_that_an_intron_splits():
    """Its first base is 102, its others are 120 and 121."""
    exons, split = [Interval(90, 103), Interval(120, 150)], [SplitCodon(102, 122, 103, 120)]
    last, inner, outer = Allele(121, "G", "A"), Allele(110, "T", "A"), Allele(122, "A", "C")
    found = joined(locus(G_A, HALF, ALL), locus(last, HALF, ALL), coding=exons, split=split)
    whole = Allele(102, SEQUENCE[2:22], "A" + SEQUENCE[3:21] + "A")
    assert found == dict.fromkeys((G_A, last), Haplotype(whole, (G_A, last)))
    for other in (inner, outer):  # in the intron, in the next codon
        assert joined(locus(G_A, HALF, ALL), locus(other, HALF, ALL), coding=exons, split=split) == {}
    assert joined(locus(G_A, range(10), ALL), locus(last, range(10, 20), ALL), coding=exons, split=split) == {}


@pytest.mark.parametrize("seed", range(3))
def test_split_codons_are_found_as_by_a_scan_of_all(seed):
    draw = random.Random(seed)
    split = set()
    for _ in range(60):
        before, length, start = draw.randint(1, 2), draw.randint(1, 8), draw.randint(100, 140)
        split.add(SplitCodon(start, start + length + 3, start + before, start + before + length))
    frames = Frames(Coding([], sorted(split)))
    snvs = [Site(Allele(pos, "A", "C"), locus(G_A, HALF, ALL), 0, SEQUENCE, OFFSET) for pos in range(98, 155)]
    pairs = list(permutations(snvs, 2))
    scanned = [any(codon.holds(*sorted(((a.start, a.end), (b.start, b.end)))) for codon in split) for a, b in pairs]
    assert [frames.in_split_codon(a, b) for a, b in pairs] == scanned and 100 < sum(scanned) < len(scanned) / 2


def test_snvs_on_different_fragments_stay_apart():
    assert joined(locus(G_A, range(10), ALL), locus(T_A, range(10, 20), ALL)) == {}


def phases(*loci: SnvLocus | IndelLocus) -> dict[Allele, Phased]:
    sites = sites_of(loci, SEQUENCE, OFFSET)
    return phased(sites, joined_haplotypes(sites, SEQUENCE, OFFSET, Coding(CODING)))


@pytest.mark.parametrize(
    "other", [Allele(106, "A", "C"), Allele(110, "T", "G"), Allele(118, "C", "CAAA"), Allele(124, "T", "G")]
)
def test_alleles_that_are_not_joined_have_a_phase(other):
    """An indel of three bases and changes up to a fragment's reach: read together or apart, whatever the distance."""
    first = Allele(102, "GTGA", "G") if other.pos > 106 else Allele(102, "G", "A")
    assert phases(locus(first, HALF, ALL), locus(other, HALF, ALL)) == {
        first: Phased((other,), (), ((other, (10, 0, 0)),)),
        other: Phased((first,), (), ((first, (10, 0, 0)),)),
    }
    apart = phases(locus(first, range(10), ALL), locus(other, range(10, 20), ALL))
    assert apart == {
        first: Phased((), (other,), ((other, (0, 10, 10)),)),
        other: Phased((), (first,), ((first, (0, 10, 10)),)),
    }


def test_a_joined_allele_has_the_phase_of_its_parts():
    far, whole = Allele(124, "T", "G"), Allele(102, "GT", "AA")
    found = phases(locus(G_A, HALF, ALL), locus(T_A, HALF, ALL), locus(far, range(10, 20), ALL))
    assert found[whole] == Phased((), (far,), ((far, (0, 10, 10)),))
    assert found[far] == Phased((), (whole,), ((whole, (0, 10, 10)),))


@pytest.mark.parametrize("carriers, others", [(range(2), range(2, 4)), (range(40), range(40)), (range(0), range(40))])
def test_few_fragments_and_alleles_on_both_chromosomes_tell_no_phase(carriers, others):
    far = Allele(124, "T", "G")
    found = phases(locus(G_A, carriers, {*carriers, *others}), locus(far, range(1), {*carriers, *others}))
    assert not any(phase.cis or phase.trans for phase in found.values())


def test_in_a_tumour_alleles_on_all_molecules_are_on_the_same_ones():
    """A lost second copy: both at nearly 100 %."""
    far = Allele(124, "T", "G")
    sites = sites_of([locus(G_A, range(40), range(40)), locus(far, range(40), range(40))], SEQUENCE, OFFSET)
    assert phased(sites, {}) == {}
    assert phased(sites, {}, diploid=False)[far] == Phased((G_A,), (), ((G_A, (40, 0, 0)),))


def test_snvs_further_apart_than_a_codon_stay_apart():
    assert joined(locus(G_A, HALF, ALL), locus(Allele(105, "A", "C"), HALF, ALL)) == {}


def test_an_acquired_snv_is_read_with_the_inherited_one_it_arose_on():
    inherited, acquired = locus(G_A, range(20), ALL), locus(T_A, range(12), ALL)
    assert joined(inherited, acquired) == {T_A: Haplotype(Allele(102, "GT", "AA"), (G_A, T_A))}


def test_two_mutations_acquired_apart_on_an_inherited_allele():
    found = joined(locus(G_A, range(30), ALL), locus(T_A, range(10), ALL), locus(G_C, range(10, 20), ALL))
    assert {part: haplotype.allele for part, haplotype in found.items()} == {
        T_A: Allele(102, "GT", "AA"),
        G_C: Allele(102, "GTG", "ATC"),
    }


DELETION, INSERTION = Allele(108, "GT", "G"), Allele(118, "C", "CA")


def test_indels_that_restore_the_reading_frame():
    found = joined(locus(DELETION, HALF, ALL), locus(INSERTION, HALF, ALL))
    whole = spell([DELETION, INSERTION], SEQUENCE, OFFSET)
    assert found[DELETION] == found[INSERTION] == Haplotype(whole, (DELETION, INSERTION))
    assert len(whole.ref) == len(whole.alt)


def test_what_lies_between_them_is_read_in_the_shifted_frame():
    snv = Allele(113, "T", "G")
    found = joined(locus(DELETION, HALF, ALL), locus(snv, HALF, ALL), locus(INSERTION, HALF, ALL))
    assert found[DELETION] == found[INSERTION] == found[snv]
    assert found[snv].parts == (DELETION, snv, INSERTION)


def test_an_inherited_snv_between_acquired_indels_keeps_its_own_record():
    snv = Allele(113, "T", "G")
    found = joined(locus(DELETION, range(10), ALL), locus(snv, range(25), ALL), locus(INSERTION, range(10), ALL))
    assert found[DELETION].parts == (DELETION, snv, INSERTION) and snv not in found


@pytest.mark.parametrize("coding", [[], [Interval(100, 110), Interval(117, 130)]])
def test_no_reading_frame_to_restore(coding):
    assert joined(locus(DELETION, HALF, ALL), locus(INSERTION, HALF, ALL), coding=coding) == {}


def test_two_deletions_that_do_not_restore_it():
    second = Allele(118, "CT", "C")
    assert joined(locus(DELETION, HALF, ALL), locus(second, HALF, ALL)) == {}


def test_a_deletion_and_the_snv_next_to_it_are_one_change():
    snv = Allele(110, "T", "C")
    found = joined(locus(DELETION, HALF, ALL), locus(snv, HALF, ALL))
    assert found[snv].parts == (DELETION, snv)
    assert joined(locus(DELETION, HALF, ALL), locus(snv, HALF, ALL), coding=[]) == {}


def test_an_indel_and_an_snv_of_its_anchor_are_compatible():
    anchor = Allele(108, "G", "C")
    assert compatible([anchor, DELETION])
    assert spell([anchor, DELETION], SEQUENCE, OFFSET) == Allele(108, "GT", "C")
    assert not compatible([Allele(109, "T", "C"), DELETION])


def test_parts_that_cancel_out_are_no_allele():
    assert spell([Allele(100, "A", "AC"), Allele(100, "AC", "A")], SEQUENCE, OFFSET) is None


def mixed(*loci: SnvLocus | IndelLocus) -> set[Haplotype]:
    found = joined(*loci)
    return mixed_haplotypes(sites_of(loci, SEQUENCE, OFFSET), found.values(), SEQUENCE, OFFSET, Coding(CODING))


def test_alleles_that_some_molecules_carry_together_and_others_alone():
    apart = locus(G_A, range(20), ALL), locus(T_A, range(12, 30), ALL)
    assert joined(*apart) == {}
    assert mixed(*apart) == {Haplotype(Allele(102, "GT", "AA"), (G_A, T_A))}


def test_all_that_those_molecules_carry_within_a_codon():
    groups = locus(G_A, range(20), ALL), locus(T_A, range(12, 30), ALL), locus(G_C, range(12, 30), ALL)
    assert mixed(*groups) == {Haplotype(Allele(102, "GTG", "AAC"), (G_A, T_A, G_C))}


@pytest.mark.parametrize("first, second", [
    (range(10), range(10, 20)),  # never together
    (range(14), range(10, 24)),  # four fragments, as errors
    (range(40), range(20)),      # one is always with the other: joined anyway
])  # fmt: skip
def test_alleles_of_one_codon_that_are_no_mixture(first, second):
    assert mixed(locus(G_A, first, ALL), locus(T_A, second, ALL)) == set()


def test_indels_that_restore_the_frame_in_some_molecules():
    apart = locus(DELETION, range(20), ALL), locus(INSERTION, range(12, 30), ALL)
    assert joined(*apart) == {}
    assert {haplotype.parts for haplotype in mixed(*apart)} == {(DELETION, INSERTION)}


def test_a_replaced_sequence_in_several_pieces_is_one_allele():
    """An insertion and an SNV, two bases that stay, an SNV and a deletion."""
    pieces = Allele(108, "G", "GA"), Allele(109, "T", "C"), Allele(112, "A", "G"), Allele(113, "TGCAG", "T")
    found = joined(*(locus(piece, HALF, ALL) for piece in pieces))
    assert set(found) == set(pieces)
    assert len(set(found.values())) == 1


def test_what_lies_between_leaves_its_bases_to_the_others():
    """Few reads show the deleted base as another one."""
    wrong = locus(Allele(109, "T", "C"), range(2), ALL)
    found = joined(locus(DELETION, HALF, ALL), wrong, locus(INSERTION, HALF, ALL))
    assert found[INSERTION].parts == (DELETION, INSERTION)
