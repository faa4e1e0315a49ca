import random
from collections import Counter

import pysam
import pytest

from alignments import CONTIG, write_fasta
from gms.genome.alleles import Allele
from gms.genome.intervals import Interval
from gms.genome.scatter_intervals import Shard
from gms.genome.vcf import record_count, write_vcf
from gms.variants.small.calls import (
    Call,
    CallsUnaccounted,
    UnsupportedAllele,
    call_variants,
    carried,
    combine,
    normalise,
    record,
    require_all,
)
from gms.variants.small.commands import bcftools, deepvariant, freebayes, haplotypecaller, mutect2

SEQUENCE = (
    "".join(random.Random(2).choices("ACGT", k=100)) + "GCAAAAAATG" + "".join(random.Random(3).choices("ACGT", k=90))
)
HEADER = "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tmother\tchild\n"


@pytest.fixture
def fasta(tmp_path):
    return write_fasta(tmp_path / "genome.fa", SEQUENCE)


def line(
    pos: int, ref: str, alt: str, info: str = ".", qual: str = "50", samples=("0/0:20,0:20", "0/1:10,9:20")
) -> str:
    return "\t".join([CONTIG, str(pos), ".", ref, alt, qual, ".", info, "GT:AD:DP", *samples]) + "\n"


def calls(fasta, *lines: str) -> list[Call]:
    shard = Shard(CONTIG, 200, (Interval(0, 200),))
    with pysam.FastaFile(str(fasta)) as reference:
        return list(
            normalise(
                [*HEADER.splitlines(True), *lines], shard, reference, ["child", "mother"], "the caller", Counter()
            )
        )


def test_bcftools_indel_becomes_left_aligned_alleles_of_the_samples_in_order(fasta):
    samples = ("0/2:15,0,5:20", "1/2:1,8,9:18")
    found = calls(fasta, line(102, "CAAAAAA", "CAAAAA,CAAAAAAAA", samples=samples))
    assert [call.allele for call in found] == [(101, "CA", "C"), (101, "C", "CAA")]
    assert [call.copies for call in found] == [(1, 0), (1, 1)]  # child first
    assert [call.reads for call in found] == [((1, 8, 18), (15, 0, 20)), ((1, 9, 18), (15, 5, 20))]


def test_freebayes_haplotype_is_split_along_its_cigar(fasta):
    found = calls(fasta, line(106, "AAATG", "AATC", "AB=0.5;CIGAR=1M1D2M1X;TYPE=complex"))
    assert [call.allele for call in found] == [(101, "CA", "C"), (109, "G", "C")]
    assert {call.haplotype for call in found} == {"106:AAATG:AATC"}


@pytest.mark.parametrize("alt", ["<*>", "*", "<NON_REF>", ".", "N"])
def test_what_is_no_alternate_allele_is_left_out(fasta, alt):
    assert calls(fasta, line(104, "A", alt)) == []
    assert [call.allele for call in calls(fasta, line(104, "A", f"C,{alt}"))] == [(103, "A", "C")]


@pytest.mark.parametrize("alt", ["<DEL>", "<DUP:TANDEM>", "<INS:ME:ALU>", "A]chr2:321]", "[chr2:321[A", "A."])
def test_alleles_of_another_class_are_refused(fasta, alt):
    with pytest.raises(UnsupportedAllele) as error:
        calls(fasta, line(104, "A", f"C,{alt}"))
    assert str(error.value) == (
        f"the caller: {CONTIG}:104 has ALT {alt.upper()}. "
        "Structural variants belong under callers: structural:, not small:."
    )


def test_samples_without_counts_have_none(fasta):
    (call,) = calls(fasta, line(101, "G", "T", samples=("./.:.:.", "0/1")))
    assert call.copies == (1, 0)
    assert call.reads == ((0, 0, 0), (0, 0, 0))


def call(copies=(1, 0), reads=((10, 9, 20), (20, 0, 20)), qual=50.0, allele=(9, "A", "C"), haplotype="10:A:C") -> Call:
    return Call(Allele(*allele), qual, copies, reads, haplotype)


@pytest.mark.parametrize("changes, expected", [
    ({}, True),
    ({"copies": (0, 1)}, True),  # the mother's: the family is called together
    ({"copies": (0, 0)}, False),
    ({"qual": 0.9}, False),
])  # fmt: skip
def test_diploid_calls_are_in_a_genotype_that_the_caller_believes(changes, expected):
    assert carried(call(**changes), None) is expected


@pytest.mark.parametrize("alt, depth, expected", [
    (5, 1_000, True),  # half of 1 %
    (4, 1_000, False),
    (2, 50, True),
    (1, 50, False),  # a single read
])  # fmt: skip
def test_pooled_calls_need_reads_in_the_tumor(alt, depth, expected):
    found = call(copies=(0, 0), qual=0.0, reads=((depth - alt, alt, depth), (40, 0, 40)))
    assert carried(found, 0.01) is expected


@pytest.mark.parametrize("alt, depth, allele, expected", [
    (5, 40, (9, "A", "C"), True),
    (4, 40, (9, "A", "C"), False),
    (5, 101, (9, "A", "C"), False),  # below 5 %
    (20, 40, (9, "A", "AC"), False),  # not a single base
])  # fmt: skip
def test_pooled_calls_may_be_the_normal_s_alone(alt, depth, allele, expected):
    found = call(copies=(0, 0), qual=0.0, reads=((80, 0, 80), (depth - alt, alt, depth)), allele=allele)
    assert carried(found, 0.05) is expected


def test_an_allele_of_two_records_is_one_call():
    first = call(copies=(1, 0), reads=((10, 5, 20), (20, 0, 20)), qual=20.0)
    second = call(copies=(1, 0), reads=((8, 4, 22), (19, 1, 20)), qual=30.0, haplotype="8:GTA:GTC")
    other = call(allele=(4, "A", "G"))
    combined = list(combine([first, second, other], Counter()))
    assert [found.allele.pos for found in combined] == [4, 9]
    assert combined[1] == call(copies=(2, 0), reads=((8, 9, 22), (19, 1, 20)), qual=30.0)


def test_copies_of_a_diploid_genome_are_two_at_most():
    (combined,) = combine([call(copies=(2, 1)), call(copies=(2, 0))], Counter())
    assert combined.copies == (2, 1)


def test_record_is_one_based_and_names_the_haplotype_it_came_from():
    fields = record(CONTIG, call(haplotype="8:GTA:GTC")).rstrip().split("\t")
    assert fields == [
        CONTIG,
        "10",
        ".",
        "A",
        "C",
        "50.0",
        ".",
        "HAPLOTYPE=8:GTA:GTC",
        "GT:AD:DP",
        "0/1:10,9:20",
        "0/0:20,0:20",
    ]
    assert "\t.\tGT:AD:DP\t" in record(CONTIG, call())


def test_calls_are_the_same_for_any_piece_size(fasta, tmp_path):
    """A caller that prints the records of what it sees; the one at 108 left-aligns into another shard."""
    records = tmp_path / "all.vcf"
    body = [line(20, SEQUENCE[19], "N"), line(107, "AA", "A"), line(150, SEQUENCE[149:151], SEQUENCE[149])]
    records.write_text(HEADER + "".join(body))
    command = f"cat {records}; test -s {{bed}}"
    whole, *others = (
        list(call_variants(command, fasta, None, ["mother", "child"], None, 2, size, "one", Counter()))
        for size in (1_000, 104, 10)
    )
    assert [text.split("\t")[1:5] for text in whole if not text.startswith("#")][0] == ["102", ".", "CA", "C"]
    assert others == [whole, whole]


def test_every_entry_of_a_caller_is_written_or_left_out_for_a_reason(fasta, tmp_path):
    """Two shards see the records near their border; a file that lost half of its records is noticed."""
    base, other = SEQUENCE[19], next(b for b in "ACGT" if b != SEQUENCE[19])
    body = [
        line(20, base, other), line(20, base, f"{other},*,N"),  # the second time the same
        line(30, SEQUENCE[29:32], "".join("ACGT"["ACGT".index(b) - 1] for b in SEQUENCE[29:32])),  # three changes
        line(40, SEQUENCE[39], SEQUENCE[39]), line(107, "AA", "A"), line(150, SEQUENCE[149], "N", qual="0"),
        line(160, SEQUENCE[159], next(b for b in "ACGT" if b != SEQUENCE[159]), qual="0"),
    ]  # fmt: skip
    (tmp_path / "all.vcf").write_text(HEADER + "".join(body))
    tally, vcf = Counter(), tmp_path / "calls.vcf.gz"
    command = f"cat {tmp_path / 'all.vcf'}; test -s {{bed}}"
    found = list(call_variants(command, fasta, None, ["child", "mother"], None, 1, 104, "one", tally))
    write_vcf(found, vcf)
    assert require_all(tally, record_count(vcf), "one") == (
        "one: 5 alleles written of 18 entries of ALT, 4 more by splitting; left out: 2 no allele, 4 an unknown base, "
        "2 no change, 7 outside of the shard or target, 1 the same as another, 1 not believed by the caller"
    )
    write_vcf(found[:-2], vcf)
    with pytest.raises(CallsUnaccounted, match="one: 5 alleles are due, 3 were written"):
        require_all(tally, record_count(vcf), "one")


def test_low_fraction_allele_spread_over_haplotypes_is_kept(fasta, tmp_path):
    """Three reads with and three without a neighbouring error: 6 of 1,000 reads, above half of 1 %."""
    base = SEQUENCE[29]
    alt = next(b for b in "ACGT" if b != base)
    both = line(30, SEQUENCE[29:31], alt + next(b for b in "ACGT" if b != SEQUENCE[30]), qual="0",
                samples=("0/0:40,0:40", "0/1:997,3:1000"))  # fmt: skip
    alone = line(30, base, alt, qual="0", samples=("0/0:40,0:40", "0/1:997,3:1000"))
    records = tmp_path / "all.vcf"
    records.write_text(HEADER + both + alone)
    found = call_variants(f"cat {records}", fasta, None, ["child", "mother"], 0.01, 1, 1_000, "one", Counter())
    assert [text.split("\t")[1] for text in found if not text.startswith("#")] == ["30"]


@pytest.mark.parametrize("caller", [bcftools, freebayes])
def test_command_lines(caller):
    diploid, pooled = (caller("genome.fa", ["a.cram", "b.cram"], fraction) for fraction in (None, 0.01))
    for command in (diploid, pooled):
        assert "genome.fa" in command
        assert "a.cram b.cram" in command
        assert command.count("{bed}") == 1
    assert "0.005" in pooled  # half of the fraction: the true one may be higher than seen
    assert "0.005" not in diploid


def test_command_lines_of_gatk():
    germline = haplotypecaller("genome.fa", ["a.cram", "b.cram"])
    assert "--input a.cram --input b.cram --intervals {bed} --output {bed}.vcf" in germline
    pair = mutect2("genome.fa", ["t.cram", "n.cram"], ["n"], all_reads=False)
    assert "--normal-sample n" in pair and "--max-reads" not in pair
    assert "--max-reads-per-alignment-start 0" in mutect2("genome.fa", ["t.cram"], [], all_reads=True)
    for command in (germline, pair):
        assert command.index("1>&2 && ") < command.rindex("{bed}.vcf")  # what GATK prints is no VCF


def test_calls_made_elsewhere_are_proposed_whichever_sample_has_them(fasta, tmp_path):
    """A file for each sample, in DeepVariant's form: what it looked at and did not call has records too."""
    header = (
        f"##fileformat=VCFv4.2\n##contig=<ID={CONTIG},length=200>\n"
        '##FILTER=<ID=RefCall,Description="r">\n##FILTER=<ID=PASS,Description="p">\n'
        '##FORMAT=<ID=GT,Number=1,Type=String,Description="g">\n##FORMAT=<ID=DP,Number=1,Type=Integer,Description="d">\n'
        '##FORMAT=<ID=AD,Number=R,Type=Integer,Description="a">\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\t'
    )
    base, other = SEQUENCE[29], next(b for b in "ACGT" if b != SEQUENCE[29])
    rows = {
        "child": [(30, base, other, 50, "PASS", "0/1:18:9,9"), (101, "GCA", "GC", 0.5, "RefCall", "0/0:20:19,1")],
        "mother": [(150, SEQUENCE[149], "A" if SEQUENCE[149] != "A" else "C", 40, "PASS", "1/1:15:0,15")],
    }
    for sample, records in rows.items():
        text = [f"{CONTIG}\t{p}\t.\t{r}\t{a}\t{q}\t{f}\t.\tGT:DP:AD\t{g}\n" for p, r, a, q, f, g in records]
        write_vcf([header + sample + "\n", *text], tmp_path / f"{sample}'s.vcf.gz")
    command, tally = deepvariant([str(tmp_path / f"{sample}'s.vcf.gz") for sample in rows]), Counter()
    found = call_variants(command, fasta, None, ["child", "mother"], None, 1, 1_000, "deepvariant", tally)
    fields = [text.rstrip("\n").split("\t") for text in found if text[0] != "#"]
    assert [(f[1], f[9].split(":")[0], f[10].split(":")[0]) for f in fields] == [
        ("30", "0/1", "0/0"),
        ("150", "0/0", "1/1"),
    ]
    require_all(tally, len(fields), "deepvariant")
