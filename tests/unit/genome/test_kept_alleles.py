"""Every proposed allele is merged, or named; a caller that lacks a part of its calls is named too."""

import pytest

from gms.genome.kept_alleles import Agreement, AllelesLost, CallsMissing, require_all_alleles
from gms.genome.vcf import header_lines

CONTIGS = {"chr2": 500, "chr1": 500}


@pytest.fixture
def vcf(tmp_path):
    def write(name, *alleles):
        rows = ("{}\t{}\t.\t{}\t{}\t.\t.\t.\n".format(*allele.split(":")) for allele in alleles)
        (tmp_path / name).write_text("".join([*header_lines(CONTIGS, "", []), *rows]))
        return tmp_path / name

    return write


def test_all_alleles_are_found_in_the_order_of_the_contigs(vcf):
    one = vcf("one.vcf", "chr2:5:A:C", "chr2:5:A:G", "chr1:3:A:C")
    two = vcf("two.vcf", "chr2:5:A:G", "chr1:9:AT:A")
    merged = vcf("merged.vcf", "chr2:5:A:G", "chr2:5:A:C", "chr2:7:A:T", "chr1:3:A:C", "chr1:9:AT:A")
    assert require_all_alleles([one, two], merged) == 4


def test_a_lost_allele_is_named(vcf):
    calls = vcf("calls.vcf", "chr2:5:A:C", "chr1:3:A:C", "chr1:3:A:T")
    with pytest.raises(AllelesLost, match=r"merged.vcf lacks alleles that callers proposed: chr1:3:A:T\. "):
        require_all_alleles([calls], vcf("merged.vcf", "chr2:5:A:C", "chr1:3:A:C"))


def test_many_are_counted(vcf):
    calls = vcf("calls.vcf", *(f"chr1:{n}:A:C" for n in range(1, 9)))
    with pytest.raises(AllelesLost, match="chr1:1:A:C, .* and 3 more"):
        require_all_alleles([calls], vcf("merged.vcf"))


def merged_lines(number, callers, depth=30, fraction="0.5000", quality="60.0", apart=1_000):
    """Lines of a merged VCF with SNVs at equal distances; `callers`: of the SNV of each number."""
    for n in range(number):
        facts = f"CALLERS={callers(n)};MQ_ALT={quality}"
        yield f"chr1\t{n * apart + 1}\t.\tA\tC\t50\t.\t{facts}\tGT:DP:AF\t0/1:{depth}:{fraction}\n"


def gap(lines):
    """What is missing, by the message; None if nothing is."""
    agreement = Agreement({"bcftools": "b.vcf.gz", "freebayes": "f.vcf.gz"})
    lines = ["##fileformat=VCFv4.2\n", *lines]
    assert list(agreement.counting(lines)) == lines
    try:
        agreement.require()
    except CallsMissing as error:
        return str(error).split(" that callers")[0]
    return None


def both_until(end):
    return lambda n: "bcftools,freebayes" if n < end else "freebayes"


def test_a_caller_that_printed_half_of_its_calls_is_noticed():
    assert gap(merged_lines(40, both_until(20))) == "b.vcf.gz has 20 of the 40 clear SNVs of chr1:1-5000000"


def test_callers_may_miss_some_calls():
    assert gap(merged_lines(40, both_until(28))) is None


def test_a_gap_in_a_part_of_a_chromosome_is_noticed():
    lines = merged_lines(400, lambda n: "freebayes" if 200 <= n < 280 else "bcftools,freebayes", apart=25_000)
    assert gap(lines) == "b.vcf.gz has 120 of the 200 clear SNVs of chr1:5000001-10000000"


@pytest.mark.parametrize(
    "unclear", [{"depth": 19}, {"fraction": "0.2900"}, {"quality": "49.0"}, {"quality": "."}, {"apart": 499}]
)
def test_what_callers_may_differ_in_is_no_gap(unclear):
    assert gap(merged_lines(39, lambda n: "freebayes", **unclear)) is None
