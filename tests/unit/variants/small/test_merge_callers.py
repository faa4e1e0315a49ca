import random

import pysam
import pytest

from alignments import CONTIG, aligned, read, write_cram, write_fasta
from gms.genome.alleles import Allele, left_align
from gms.genome.gff3 import Coding, SplitCodon
from gms.genome.intervals import Interval
from gms.genome.vcf import header_lines, write_vcf
from gms.variants.evidence.counts import Counts
from gms.variants.evidence.reads import FORWARD, REVERSE, Observation, Strands
from gms.variants.small.merge_callers import Job, merge_calls
from gms.variants.small.merged_vcf import Candidate, Merged, record, sample_fields

SEQUENCE = (
    "".join(random.Random(21).choices("ACGT", k=200))
    + "C"
    + "A" * 8
    + "G"
    + "".join(random.Random(22).choices("ACGT", k=190))
)
SNV = Allele(120, SEQUENCE[120], "G" if SEQUENCE[120] != "G" else "T")
DELETION = Allele(200, "CA", "C")


def carrying(*alleles: Allele) -> str:
    sequence = SEQUENCE
    for allele in sorted(alleles, reverse=True):
        sequence = sequence[: allele.pos] + allele.alt + sequence[allele.pos + len(allele.ref) :]
    return sequence


def snv_reads(name: str, count: int, sequence: str) -> list[pysam.AlignedSegment]:
    """Reads over the SNV, on both strands in turn."""
    return [read(f"{name}{n}", 60 + n, "100M", sequence[60 + n : 160 + n], flag=16 * (n % 2)) for n in range(count)]


def deletion_reads(name: str, count: int, deleted: bool) -> list[pysam.AlignedSegment]:
    sequence = carrying(DELETION) if deleted else SEQUENCE
    starts = range(150, 150 + count)
    cigars = [f"{206 - start}M1D{start - 106}M" if deleted else "100M" for start in starts]
    return [read(f"{name}{s}", s, c, sequence[s : s + 100]) for s, c in zip(starts, cigars, strict=True)]


@pytest.fixture
def merged(tmp_path):
    """Merges the calls of two callers over samples' reads; gives the records' fields."""
    fasta = write_fasta(tmp_path / "genome.fa", SEQUENCE)

    def run(roles, reads, somatic=False, calls=None, shard_size=1_000, coding=(), split=()) -> list[dict[str, str]]:
        calls = calls or {
            "bcftools": [(SNV, 40, ".")],
            "freebayes": [(SNV, 90, "."), (DELETION, 7.5, "HAPLOTYPE=198:X:Y")],
        }
        paths = {}
        for caller, found in calls.items():
            paths[caller] = str(tmp_path / f"{caller}.vcf.gz")
            lines = [
                f"{CONTIG}\t{a.pos + 1}\t.\t{a.ref}\t{a.alt}\t{q}\t.\t{info}\tGT\t0/1\n" for a, q, info in sorted(found)
            ]
            write_vcf([*header_lines({CONTIG: len(SEQUENCE)}, "", ["S"]), *lines], tmp_path / f"{caller}.vcf.gz")
        crams = [str(write_cram(tmp_path / f"{n}.cram", fasta, sample)) for n, sample in enumerate(reads)]
        job = Job(paths, crams, str(fasta), roles, somatic, {CONTIG: Coding(list(coding), split)})
        records = [line for line in merge_calls(job, roles, None, shard_size, threads=1) if not line.startswith("#")]
        return [fields_of(line, roles) for line in records]

    return run


def fields_of(line: str, roles: list[str]) -> dict[str, str]:
    fields = line.rstrip("\n").split("\t")
    info = dict(part.partition("=")[::2] for part in fields[7].split(";"))
    keys = fields[8].split(":")
    samples = {f"{role}_{key}": value for role, text in zip(roles, fields[9:], strict=True)
               for key, value in zip(keys, text.split(":"), strict=True)}  # fmt: skip
    return {"POS": fields[1], "REF": fields[3], "ALT": fields[4], "QUAL": fields[5], **info, **samples}


def test_one_record_per_allele_whoever_called_it(merged):
    reads = [*snv_reads("a", 10, carrying(SNV)), *snv_reads("r", 10, SEQUENCE), *deletion_reads("d", 12, True)]
    snv, deletion = merged(["proband"], [reads])
    assert (snv["POS"], snv["CALLERS"]) == (str(SNV.pos + 1), "bcftools,freebayes")
    assert (deletion["POS"], deletion["REF"], deletion["ALT"]) == ("201", "CA", "C")
    assert (deletion["CALLERS"], deletion["HAPLOTYPE"]) == ("freebayes", "198:X:Y")
    assert (snv["RPT"], deletion["RPT"]) == ("0", "8")
    assert "NOT_FOUND_BY" not in snv and deletion["NOT_FOUND_BY"] == "bcftools"


def test_evidence_is_counted_from_the_reads(merged):
    reads = [*snv_reads("a", 9, carrying(SNV)), *snv_reads("r", 11, SEQUENCE), *deletion_reads("d", 12, True)]
    snv, deletion = merged(["proband"], [reads])
    assert [snv[f"proband_{key}"] for key in ("GT", "AD", "DP", "AF")] == ["0/1", "11,9", "20", "0.4500"]
    assert (snv["proband_ADF"], snv["proband_ADR"]) == ("6,5", "5,4")
    assert (snv["MQ_ALT"], snv["BQ_ALT"], snv["SBP"]) == ("60.0", "35.0", "0.0")
    assert float(snv["END_ALT"]) == pytest.approx(sum(min(60 - n, 99 - 60 + n) for n in range(9)) / 9, abs=0.05)
    assert int(snv["QUAL"]) > 100
    assert [deletion[f"proband_{key}"] for key in ("GT", "AD", "DP", "AF")] == ["1/1", "0,12", "12", "1.0000"]


def test_family_members_are_judged_each(merged):
    child = [*snv_reads("a", 10, carrying(SNV)), *snv_reads("r", 10, SEQUENCE)]
    snv = merged(["proband", "mother", "father"], [child, snv_reads("r", 20, SEQUENCE), []])[0]
    assert [snv[f"{role}_GT"] for role in ("proband", "mother", "father")] == ["0/1", "0/0", "./."]
    assert [snv[f"{role}_AD"] for role in ("proband", "mother", "father")] == ["10,10", "20,0", "0,0"]
    assert "TLOD" not in snv


def test_tumor_and_normal_have_likelihood_ratios(merged):
    tumor = [*snv_reads("a", 4, carrying(SNV)), *snv_reads("r", 36, SEQUENCE)]
    snv = merged(["tumor", "normal"], [tumor, snv_reads("n", 30, SEQUENCE)], somatic=True)[0]
    assert snv["tumor_GT"] == "0/1"  # a tenth of the reads: no diploid genotype would have it
    assert float(snv["TLOD"]) > 6.3
    assert float(snv["NLOD"]) == pytest.approx(30 * 0.30103, abs=0.01)
    alone = merged(["tumor"], [tumor], somatic=True)[0]
    assert "TLOD" in alone
    assert "NLOD" not in alone


NEIGHBOUR = Allele(121, SEQUENCE[121], "G" if SEQUENCE[121] != "G" else "T")
BOTH = Allele(120, SEQUENCE[120:122], SNV.alt + NEIGHBOUR.alt)


def test_snvs_on_the_same_fragments_have_a_joined_record_with_its_own_counts(merged):
    calls = {"bcftools": [(SNV, 40, "."), (NEIGHBOUR, 40, ".")], "freebayes": [(SNV, 40, ".")]}
    inherited = [*snv_reads("i", 8, carrying(SNV)), *snv_reads("r", 9, SEQUENCE)]
    tumor = [*snv_reads("a", 6, carrying(SNV, NEIGHBOUR)), *inherited]
    snv, both, neighbour = merged(["tumor", "normal"], [tumor, inherited], calls=calls, somatic=True)
    assert [(found["REF"], found["ALT"]) for found in (snv, both)] == [SNV[1:], BOTH[1:]]
    assert both["PARTS"] == f"{CONTIG}:121:{SNV.ref}:{SNV.alt},{CONTIG}:122:{NEIGHBOUR.ref}:{NEIGHBOUR.alt}"
    assert (both["CALLERS"], float(both["NLOD_PARTS"]) < 0, both["NORMAL_PARTS"]) == ("bcftools", True, "0.4706")
    assert (neighbour["PART_OF"], "PART_OF" in snv) == (f"{CONTIG}:121:{BOTH.ref}:{BOTH.alt}", False)
    assert [found["tumor_AD"] for found in (snv, both, neighbour)] == ["9,14", "9,6", "17,6"]
    assert [both[f"{role}_{key}"] for role in ("tumor", "normal") for key in ("DP", "GT")] == ["23", "0/1", "17", "0/0"]


def test_a_haplotype_of_the_normal_alone_is_not_joined(merged):
    calls = {"bcftools": [(SNV, 40, "."), (NEIGHBOUR, 40, ".")]}
    together, apart = snv_reads("a", 9, carrying(SNV, NEIGHBOUR)), snv_reads("r", 9, SEQUENCE)
    found = merged(["tumor", "normal"], [apart, together], calls=calls)
    assert len(found) == 2 and not any("PARTS" in record or "PART_OF" in record for record in found)


def test_a_heterozygous_snv_on_a_homozygous_one(merged):
    reads = [*snv_reads("a", 9, carrying(SNV, NEIGHBOUR)), *snv_reads("b", 8, carrying(SNV))]
    snv, both, _ = merged(["proband"], [reads], calls={"bcftools": [(SNV, 40, "."), (NEIGHBOUR, 40, ".")]})
    assert (snv["proband_GT"], both["proband_GT"], both["proband_AD"]) == ("1/1", "0/1", "0,9")


def test_a_deletion_and_an_snv_are_counted_again_together(merged):
    beside = Allele(209, "G", "T")
    sequence = carrying(DELETION, beside)
    starts = range(150, 162)
    carrier = [read(f"c{s}", s, f"{201 - s}M1D{s - 101}M", sequence[s : s + 100]) for s in starts]
    calls = {"bcftools": [(DELETION, 40, "."), (beside, 40, ".")]}
    found = merged(["proband"], [[*carrier, *deletion_reads("r", 8, False)]], calls=calls, coding=[Interval(190, 230)])
    both = next(record for record in found if "PARTS" in record)
    assert (both["REF"], both["ALT"], both["proband_AD"]) == ("AG", "T", "8,12")
    assert (both["proband_GT"], both["RPT"]) == ("0/1", "8")
    assert sum("PART_OF" in record for record in found) == 2


def molecules(name: str, count: int, *alleles: Allele) -> list[pysam.AlignedSegment]:
    """Pairs of 100 bases from both ends of 240, that begin one base after the other."""
    return [
        aligned(f"{name}{n}", SEQUENCE, alleles, start, 100, flag)
        for n in range(count)
        for start, flag in ((n, 99), (n + 140, 147))
    ]


FIRST = Allele(30, SEQUENCE[30:32], SEQUENCE[30])


def second(distance: int) -> Allele:
    """An insertion of a base that can be placed here only."""
    at = FIRST.pos + distance
    return Allele(at, SEQUENCE[at], SEQUENCE[at] + next(base for base in "ACGT" if base not in SEQUENCE[at : at + 2]))


@pytest.mark.parametrize("distance", [20, 48, 60, 80, 125, 150])
def test_indels_far_apart_that_restore_the_frame_are_one_allele(merged, distance):
    """All molecules count, whether a read shows both indels, its mate the other, or the fragment ends before it."""
    parts = (FIRST, second(distance))
    reads = [*molecules("a", 25, *parts), *molecules("r", 25)]
    calls = {"bcftools": [(part, 40, ".") for part in parts]}
    found = merged(["proband"], [reads], calls=calls, coding=[Interval(0, 400)])
    (both,) = (record for record in found if "PARTS" in record)
    ref, alt = map(int, both["proband_AD"].split(","))
    assert (both["proband_GT"], sum("PART_OF" in record for record in found)) == ("0/1", 2)
    assert min(ref, alt) >= 12 and both["proband_AF"] == f"{alt / (ref + alt):.4f}"
    apart = [*molecules("a", 25, parts[0]), *molecules("b", 25, parts[1])]
    halves = merged(["proband"], [apart], calls=calls, coding=[Interval(0, 400)])
    assert [record.get("IN_TRANS") for record in halves] == [
        f"{CONTIG}:{part.pos + 1}:{part.ref}:{part.alt}" for part in reversed(parts)
    ]


@pytest.mark.parametrize("gap", [0, 1, 2, 3, 4, 6])
def test_an_insertion_and_a_deletion_next_to_it_are_counted_together(merged, gap):
    """Reads with both show neither alone, and are not fewer for it; 12 of 24 fragments."""
    at = next(n for n in range(90, 130) if len({*SEQUENCE[n : n + 12]}) == 4 and SEQUENCE[n] != SEQUENCE[n + 1])
    base = next(b for b in "ACGT" if b not in SEQUENCE[at : at + 2])
    deleted = at + gap + 1
    both = [Allele(at, SEQUENCE[at], SEQUENCE[at] + base)]
    both.append(left_align(Allele(deleted, SEQUENCE[deleted : deleted + 5], SEQUENCE[deleted]), SEQUENCE, 0))
    reads = [
        aligned(f"{n}", SEQUENCE, both if n % 2 else (), 20 + 3 * n, 100, flag=16 * (n // 2 % 2)) for n in range(24)
    ]
    calls = {"freebayes": [(allele, 40, ".") for allele in both]}
    records = merged(["tumor"], [reads], True, calls, coding=[Interval(0, len(SEQUENCE))])
    (whole,) = (one for one in records if "PARTS" in one)
    assert len(whole["ALT"]) - len(whole["REF"]) == -3
    assert all(int(one["tumor_AD"].split(",")[1]) >= 9 for one in records)


def test_a_long_deletion_and_an_snv_next_to_it_are_compared_as_a_whole(merged):
    parts = (
        Allele(170, SEQUENCE[170:226], SEQUENCE[170]),
        Allele(227, SEQUENCE[227], "ACGT"["ACGT".index(SEQUENCE[227]) ^ 1]),
    )
    reads = [*molecules("a", 25, *parts), *molecules("r", 25)]
    calls = {"bcftools": [(part, 40, ".") for part in parts]}
    found = merged(["proband"], [reads], calls=calls, coding=[Interval(0, 400)])
    (both,) = (record for record in found if "PARTS" in record)
    assert (both["proband_GT"], both["proband_AD"].split(",")[1]) == ("0/1", "25")


def test_fragments_of_a_part_alone_do_not_lower_the_fraction_of_a_long_joined_allele(merged):
    """Two that show the SNV without the deletion weigh as much as two of the reference."""
    parts = (
        Allele(170, SEQUENCE[170:190], SEQUENCE[170]),
        Allele(191, SEQUENCE[191], "ACGT"["ACGT".index(SEQUENCE[191]) ^ 1]),
    )
    reads = [*molecules("a", 25, *parts), *molecules("b", 2, parts[1]), *molecules("r", 25)]
    calls = {"bcftools": [(part, 40, ".") for part in parts]}
    found = merged(["tumor"], [reads], True, calls, coding=[Interval(0, 400)])
    (both,) = (record for record in found if "PARTS" in record)
    assert float(both["tumor_AF"]) == pytest.approx(0.48, abs=0.06)


def base_but(*bases: str) -> str:
    return next(base for base in "ACGT" if base not in bases)


def restored(at: int) -> tuple[Allele, Allele, Allele]:
    """A base less, another base and, nine bases on, a base more."""
    snv = Allele(at + 4, SEQUENCE[at + 4], base_but(SEQUENCE[at + 4]))
    inserted = Allele(at + 9, SEQUENCE[at + 9], SEQUENCE[at + 9] + base_but(SEQUENCE[at + 9], SEQUENCE[at + 10]))
    return Allele(at, SEQUENCE[at : at + 2], SEQUENCE[at]), snv, inserted


def differences(at: int) -> int:
    """Bases in which those that `restored` changes differ from the reference."""
    return sum(map(str.__ne__, carrying(*restored(at))[at : at + 10], SEQUENCE[at : at + 10]))


def test_a_frame_that_is_restored_soon_hides_no_deletion(merged):
    """Behind the insertion the reference fits again, so that reads with all three fit it again over their end."""
    places = [n for n in range(40, 160) if SEQUENCE[n + 1] not in (SEQUENCE[n], SEQUENCE[n + 2])]
    parts = restored(min(places, key=differences))
    reads = [*molecules("a", 25, *parts), *molecules("r", 25)]
    calls = {"bcftools": [(part, 40, ".") for part in parts]}
    found = merged(["tumor"], [reads], True, calls, coding=[Interval(0, 400)])
    assert min(int(record["tumor_AD"].split(",")[1]) for record in found) >= 12


def test_joined_alleles_that_differ_in_one_base_have_their_own_fragments(merged):
    deletion, snv, inserted = restored(140)
    other = Allele(inserted.pos, inserted.ref, base_but(*inserted.ref, *inserted.alt))
    reads = [
        *deletion_and("m", 20, deletion, snv, inserted),
        *deletion_and("o", 3, deletion, Allele(other.pos, other.ref, other.alt + inserted.alt[1:])),
    ]
    calls = {"bcftools": [(allele, 40, ".") for allele in (deletion, snv, inserted, other)]}
    found = merged(["tumor"], [[*reads, *molecules("r", 25)]], True, calls, coding=[Interval(0, 400)])
    counts = [int(record["tumor_AD"].split(",")[1]) for record in found if "PARTS" in record]
    assert sorted(counts)[-1] == 20 and sum(counts) <= 23


def deletion_and(name: str, count: int, *alleles: Allele) -> list[pysam.AlignedSegment]:
    return [aligned(f"{name}{n}", SEQUENCE, alleles, 60 + n, 100, flag=16 * (n % 2)) for n in range(count)]


@pytest.mark.parametrize("gap", [6, 12, 25])
def test_an_snv_beyond_a_long_deletion_stays(merged, gap):
    """The molecules carry both; reads that end soon after the deletion show no less of it."""
    deletion = left_align(Allele(170, SEQUENCE[170:190], SEQUENCE[170]), SEQUENCE, 0)
    at = 190 + gap
    snv = Allele(at, SEQUENCE[at], base_but(SEQUENCE[at]))
    reads = [*molecules("a", 30, deletion, snv), *molecules("r", 30)]
    calls = {"bcftools": [(allele, 40, ".") for allele in (deletion, snv)]}
    found = {record["REF"]: record for record in merged(["proband"], [reads], calls=calls)}
    assert found[snv.ref]["proband_GT"] == "0/1"
    assert float(found[snv.ref]["proband_AF"]) == pytest.approx(0.5, abs=0.1)


@pytest.mark.parametrize("roles", [["proband"], ["tumor"]])
@pytest.mark.parametrize("last", [90, 180])  # in the same read, in its mate
def test_a_codon_that_an_intron_splits_is_one_allele(merged, last, roles):
    first, last = (Allele(at, SEQUENCE[at], base_but(SEQUENCE[at])) for at in (60, last))
    calls = {"bcftools": [(allele, 40, ".") for allele in (first, last)]}
    known = {
        "coding": [Interval(0, 61), Interval(last.pos, 400)],
        "split": [SplitCodon(60, last.pos + 2, 61, last.pos)],
    }
    somatic = roles == ["tumor"]
    whole = f"{first.alt}{SEQUENCE[61 : last.pos]}{last.alt}"
    found = merged(roles, [[*molecules("a", 25, first, last), *molecules("r", 25)]], somatic, calls, **known)
    [joined] = [record for record in found if record["ALT"] == whole]
    assert joined[f"{roles[0]}_AD"] == "25,25"
    assert ["PART_OF" in record for record in found if record is not joined] == [True, True]
    apart = [*molecules("a", 15, first), *molecules("b", 15, last), *molecules("r", 20)]
    assert len(merged(roles, [apart], somatic, calls, **known)) == 2


@pytest.mark.parametrize("coding", [[], [Interval(0, 400)]])
def test_mates_tell_the_phase_of_alleles_far_apart(merged, coding):
    """In any gene, also one that codes for no protein."""
    other = Allele(180, SEQUENCE[180], "A" if SEQUENCE[180] != "A" else "C")
    calls = {"bcftools": [(FIRST, 40, "."), (other, 40, ".")]}
    together = [*molecules("a", 25, FIRST, other), *molecules("r", 25)]
    found = merged(["proband"], [together], calls=calls, coding=coding)
    assert [record.get("IN_CIS", "")[-3:] for record in found] == [
        f"{other.ref}:{other.alt}",
        f"{FIRST.ref}:{FIRST.alt}"[-3:],
    ]
    assert not any("IN_TRANS" in record for record in found)


@pytest.mark.parametrize(
    "groups, known, counts",
    [
        ({"ab": 10, "": 25}, "IN_CIS", "10|0|0"),
        ({"a": 15, "b": 10, "": 25}, "IN_TRANS", "0|15|10"),
        ({"ab": 10, "a": 10, "b": 10, "": 10}, None, "10|10|10"),
        ({"ab": 30}, "IN_CIS", "30|0|0"),
    ],
)
def test_fragments_of_a_tumour_with_both_of_two_alleles_are_counted(merged, groups, known, counts):
    other = Allele(180, SEQUENCE[180], "A" if SEQUENCE[180] != "A" else "C")
    alleles = {"a": FIRST, "b": other}
    reads = [
        one
        for name, number in groups.items()
        for one in molecules(f"m{name}", number, *(alleles[letter] for letter in name))
    ]
    first, second = merged(["tumor"], [reads], True, {"bcftools": [(FIRST, 40, "."), (other, 40, ".")]})
    name = f"chr1:181:{other.ref}:{other.alt}"
    assert first["PHASE"] == f"{name}|{counts}"
    assert [key for key in ("IN_CIS", "IN_TRANS") if key in first] == ([known] if known else [])
    assert "PHASE" in second


@pytest.mark.parametrize("somatic, times, ratio", [(False, 3, "3.0"), (False, 2, None), (True, 3, None)])
def test_depth_far_above_that_of_the_genome_is_written_down(merged, somatic, times, ratio):
    """Copies that the reference lacks; in a tumour they may be an amplification. Twice 10 reads may be chance."""
    everywhere = [
        read(f"{place}{n}", place, "100M", SEQUENCE[place : place + 100])
        for place in (0, 100, 200, 300)
        for n in range(10)
    ]
    there = [read(f"a{n}", 100, "100M", carrying(SNV)[100:200]) for n in range(10 * (times - 1))]
    found = merged(["tumor" if somatic else "proband"], [everywhere + there], somatic, {"bcftools": [(SNV, 40, ".")]})
    assert found[0].get("DEPTH_RATIO") == ratio


def test_records_are_the_same_for_any_piece_size(merged):
    reads = [*snv_reads("a", 9, carrying(SNV)), *deletion_reads("d", 12, True), *deletion_reads("r", 5, False)]
    whole = merged(["proband"], [reads])
    assert len(whole) == 2
    assert all(merged(["proband"], [reads], shard_size=size) == whole for size in (10, 121, 201))


def seen(strands: Strands = FORWARD) -> Observation:
    return Observation((0, 1), 30, 60, strands, 20)


def test_sample_without_informative_fragments_has_no_genotype():
    assert sample_fields(Counts([], [], 0, 0.0, 0, 0, 0), tumor=False) == "./.:0,0:0:.:.:0,0:0,0"


def test_allele_that_nobody_carries_has_no_means():
    line = record(
        CONTIG,
        Merged(SNV, Candidate({"bcftools"}, "."), [Counts([seen()], [], 1, 0.0, 0, 3, -2)], 0, None),
        ["tumor"],
        True,
    )
    assert "MQ_ALT" not in line
    assert "\t0\t.\tCALLERS=bcftools;RPT=0;TLOD=0.00\t" in line
    assert line.endswith("0/0:1,0:1:0.0000:3:1,0:0,0\n")


def test_one_sided_allele_has_strand_bias():
    counts = Counts([seen(strand) for strand in 10 * (FORWARD, REVERSE)], [seen()] * 10, 30, 1 / 3, 1, 99, 50)
    line = record(CONTIG, Merged(SNV, Candidate({"bcftools"}, "."), [counts], 0, None), ["proband"], False)
    assert ";SBP=2.0;" in line  # p = 0.011
    assert line.endswith(":10,10:10,0\n")
