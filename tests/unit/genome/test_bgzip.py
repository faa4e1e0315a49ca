import gzip

import pysam

from gms.genome.bgzip import write_vcf

LINES = ["##fileformat=VCFv4.2\n", "##contig=<ID=chr1,length=90>\n", "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"]


def test_written_vcf_is_blocked_and_indexed(tmp_path):
    path = tmp_path / "calls.vcf.gz"
    write_vcf([*LINES, "chr1\t7\t.\tA\tC\t.\t.\t.\n", "chr1\t50\t.\tG\tGÅ\t.\t.\t.\n"], path)
    assert gzip.decompress(path.read_bytes()).decode().endswith("GÅ\t.\t.\t.\n")
    with pysam.TabixFile(str(path)) as table:
        assert [line.split("\t")[1] for line in table.fetch("chr1", 6, 7)] == ["7"]


def test_vcf_without_records_has_an_index_too(tmp_path):
    write_vcf(LINES, tmp_path / "none.vcf.gz")
    with pysam.TabixFile(str(tmp_path / "none.vcf.gz")) as table:
        assert list(table.contigs) == []
