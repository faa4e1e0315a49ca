import pysam
import pytest

from gms.base.json_tables import write_table
from gms.qc import fingerprint, sites
from gms.qc.fingerprint import HEADER, count_sites, read_fingerprint

VCF = """\
##fileformat=VCFv4.2
##contig=<ID=1,length=1000>
##contig=<ID=X,length=1000>
##FILTER=<ID=AC0,Description="x">
##INFO=<ID=AF,Number=A,Type=Float,Description="Allele frequency">
#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO
1\t5\t.\tA\tC\t.\t.\tAF=0.01
1\t7\t.\tA\tC\t.\tAC0\tAF=0.5
1\t10\t.\tA\tC\t.\t.\tAF=0.5
1\t12\t.\tA\tG\t.\tPASS\tAF=0.5
1\t600\t.\tA\tG\t.\t.\tAF=0.3
1\t700\t.\tAT\tA\t.\t.\tAF=0.3
X\t10\t.\tA\tC\t.\t.\tAF=0.5
"""


@pytest.fixture
def population(tmp_path):
    path = tmp_path / "population.vcf"
    path.write_text(VCF)
    return pysam.tabix_index(str(path), preset="vcf")


def test_windows_are_equal_and_may_span_regions():
    assert list(sites.windows([("1", 0, 10), ("2", 0, 5)], 2)) == [[("1", 0, 8)], [("1", 8, 10), ("2", 0, 5)]]
    assert list(sites.windows([], 2)) == []


def test_first_common_autosomal_snv_of_each_window(population, tmp_path):
    found = sites.assay_sites(population, {"1": 1000, "X": 1000}, None)
    assert [(site.chrom, site.pos) for site in found] == [("1", 10), ("1", 12), ("1", 600)]
    assert [site.pos for site in sites.common_sites(population, [("1", 0, 1000)], 2)] == [10, 600]
    (tmp_path / "targets.bed").write_text("1\t500\t900\n2\t0\t9\n1\t11\t20\n")
    assert [site.pos for site in sites.assay_sites(population, {"1": 1000}, tmp_path / "targets.bed")] == [12, 600]
    assert sites.assay_sites(None, {"1": 1000}, None) == []


def test_table_round_trip(tmp_path):
    table = tmp_path / "sites.tsv"
    made = [sites.Site("1", 10, "A", "C", 0.5)]
    table.write_text("".join(sites.site_lines(made)))
    assert sites.read_sites(table) == made


def write_reads(tmp_path, bases):
    """Reads of one base 'A'-contig at position 10 (1-based 11): (base, lane, mapping quality, flag)."""
    (tmp_path / "ref.fa").write_text(">1\n" + "A" * 60 + "\n")
    header = {
        "SQ": [{"SN": "1", "LN": 60}],
        "RG": [{"ID": "L1", "SM": "S"}, {"ID": "L2", "SM": "S"}],
    }
    path = str(tmp_path / "reads.bam")
    with pysam.AlignmentFile(path, "wb", header=header) as out:
        for number, (base, lane, quality, flag) in enumerate(bases):
            read = pysam.AlignedSegment(out.header)
            read.query_name, read.flag, read.reference_id, read.reference_start = f"r{number}", flag, 0, 5
            read.query_sequence = "AAAAA" + base + "AAAA"
            read.query_qualities = pysam.qualitystring_to_array("I" * 10)
            read.mapping_quality, read.cigarstring = quality, "10M"
            read.set_tag("RG", lane)
            out.write(read)
    pysam.index(path)
    return path, tmp_path / "ref.fa"


def test_counts_per_lane(tmp_path):
    reads = [("A", "L1", 60, 0)] * 3 + [("C", "L1", 60, 0), ("T", "L1", 60, 0), ("C", "L2", 60, 0)]
    ignored = [("C", "L1", 5, 0), ("C", "L1", 60, 1024)]
    path, fasta = write_reads(tmp_path, reads + ignored)
    rows = list(count_sites(path, fasta, [sites.Site("1", 11, "A", "C", 0.4)]))
    assert rows == [("1", 11, "A", "C", "0.4", "L1", 3, 1, 1), ("1", 11, "A", "C", "0.4", "L2", 0, 1, 0)]
    write_table(tmp_path / "fingerprint.tsv", HEADER, rows)
    found = read_fingerprint(tmp_path / "fingerprint.tsv")
    assert found.lanes == ("L1", "L2")
    assert found.alt.tolist() == [[1, 1]]


def test_neighbours_are_counted_as_each_alone(tmp_path, monkeypatch):
    reads = [("A", "L1", 60, 0)] * 3 + [("C", "L2", 60, 0), ("G", "L1", 60, 0)]
    path, fasta = write_reads(tmp_path, reads)
    asked = [sites.Site("1", pos, "A", alt, 0.4) for pos, alt in ((7, "C"), (11, "C"), (11, "G"), (30, "T"), (8, "G"))]
    together = list(count_sites(path, fasta, asked))
    monkeypatch.setattr(fingerprint, "NEAR", -1)
    assert list(count_sites(path, fasta, asked)) == together
    assert [(row[1], row[5], *row[6:]) for row in together[2:6]] == [
        *((11, "L1", 3, 0, 1), (11, "L2", 0, 1, 0)),
        *((11, "L1", 3, 1, 0), (11, "L2", 0, 0, 1)),
    ]
    assert [row[6:] for row in together[6:8]] == [(0, 0, 0)] * 2  # no read


def test_empty_table(tmp_path):
    write_table(tmp_path / "empty.tsv", HEADER, [])
    assert read_fingerprint(tmp_path / "empty.tsv").sites == ()
