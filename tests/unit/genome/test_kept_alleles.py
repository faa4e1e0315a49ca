"""Every proposed allele is merged, or named."""

import pytest

from gms.genome.kept_alleles import AllelesLost, require_all_alleles
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
