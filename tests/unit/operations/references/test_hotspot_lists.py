"""Hotspot lists of Twist_Solid, turned into a VCF of hotspots, gene lists and regions."""

import gzip

import pytest

from gms.base.errors import Problems
from gms.commands.references import main
from gms.operations.references.hotspot_lists import contig, import_lists
from gms.qc.regions import Sources, assay_segments, listed_positions, outside

HEADER = "#Chr\tStart\tEnd\tGene\tCDS_mutation_syntax\tAA_mutation_syntax\tReport\tcomment\tExon\tAccession_number\n"
ROWS = (
    "NC_000001.10\t2\t2\tFWD\tc.34C>T\tp.Gly12\thotspot\t-\texon2\tNM_1",  # plus strand
    "NC_000001.10\t4\t4\tFWD\tc.36T\tp.Gly12\tregion_all\t-\texon2\tNM_1",
    "NC_000001.10\t5\t5\tFWD\tc.A37\tp.Lys13\tregion\t-\texon2\tNM_1",  # the older spelling
    "NC_000023.11\t3\t3\tREV\tc.7A>G\tp.Val600\thotspot\t-\texon1\tNM_2",  # minus strand
    "NC_000023.11\t5\t8\tREV\t-\t-\tindel\t-\texon1\tNM_2",
    "NC_000023.11\t2\t2\tREV\tc.8-1T\t-\tregion_all\t-\tintronic\tNM_2",
)


@pytest.fixture
def made(tmp_path):
    def make(*rows, header=HEADER):
        (tmp_path / "ref.fa").write_text(">chr1\nACGTACGT\n>chrX\nGATCCATG\n")
        (tmp_path / "ENC.csv").write_text(header + "".join(f"{row}\n" for row in rows))
        said = import_lists([tmp_path / "ENC.csv"], tmp_path / "ref.fa", tmp_path / "out")
        return tmp_path / "out", said

    return make


def test_hotspots_genes_and_regions(made):
    folder, said = made(*ROWS)
    lines = gzip.decompress((folder / "hotspots.vcf.gz").read_bytes()).decode().splitlines()
    records = [(*fields[:2], *fields[3:5], fields[7]) for fields in (x.split("\t") for x in lines if x[0] != "#")]
    assert records == [
        ("chr1", "2", "C", ".", "HOTSPOT=FWD_Gly12"),
        ("chr1", "2", "C", "T", "HOTSPOT=FWD_Gly12"),
        ("chrX", "3", "T", ".", "HOTSPOT=REV_Val600"),
        ("chrX", "3", "T", "C", "HOTSPOT=REV_Val600"),
        ("chrX", "5", "CATG", ".", "HOTSPOT=REV"),
    ]
    assert (folder / "hotspots.vcf.gz.tbi").exists()
    assert (folder / "ENC.genes.txt").read_text() == "FWD\nREV\n"
    assert (folder / "ENC.bed").read_text() == "chr1\t1\t2\tFWD\nchr1\t3\t5\tFWD\nchrX\t1\t3\tREV\nchrX\t4\t8\tREV\n"
    assert said[0].endswith("5 hotspots") and "2 genes" in said[1]


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        (("c.34C>T\tp.G12C", "c.34C>A\tp.G12D"), {".": "G12", "T": "G12C", "A": "G12D"}),
        (("c.34C>T\tp.G12C", "c.34C>A\t-"), {".": "G12/FWD_34", "T": "G12C", "A": "34C>A"}),
        (("c.34C>T\tp.G12C", "c.34C\tp.G12"), {".": "G12", "T": "G12C"}),
        (("c.-124C>T\t-",), {".": "-124", "T": "-124C>T"}),
        (("c.100-2C>T\t-",), {".": "100-2", "T": "100-2C>T"}),
    ],
)
def test_any_change_of_a_position_is_not_named_by_one_allele_of_it(made, changes, names):
    """KRAS G12R was shown as the G12D of the list."""
    folder, _ = made(*(f"NC_000001.10\t2\t2\tFWD\t{change}\thotspot" for change in changes))
    lines = gzip.decompress((folder / "hotspots.vcf.gz").read_bytes()).decode().splitlines()
    fields = [line.split("\t") for line in lines if line[0] != "#"]
    assert {one[4]: one[7] for one in fields} == {alt: f"HOTSPOT=FWD_{name}" for alt, name in names.items()}


def test_hotspots_of_a_list_outside_the_targets_of_a_panel_are_named(made, tmp_path):
    """A list by tumour type names hotspots of genes that another panel does not hold."""
    folder, _ = made(*ROWS)
    (tmp_path / "fai").write_text("chr1\t8\t6\t8\t9\nchrX\t8\t21\t8\t9\n")
    (tmp_path / "panel.bed").write_text("chr1\t0\t3\nchrX\t5\t8\n")
    for genes in (None, folder / "ENC.genes.txt"):
        files = Sources(targets=tmp_path / "panel.bed", gene_list=genes, hotspots=folder / "hotspots.vcf.gz")
        pieces = assay_segments(tmp_path / "fai", files)
        off = outside(listed_positions(files), pieces)
        assert off == [("chrX", "@REV_Val600:2-3"), ("chrX", "@REV_Val600:2-3:3:T:C")]
    own = files._replace(targets=folder / "ENC.bed")
    assert outside(listed_positions(own), assay_segments(tmp_path / "fai", own)) == []


def test_contigs_go_by_the_number_of_the_accession_not_its_version():
    assert contig("NC_000001.11", {"chr1": 1}) == contig("NC_000001.10", {"chr1": 1}) == "chr1"
    assert contig("NC_000024.10", {"Y": 1}) == "Y"
    assert contig("NC_012920.1", {"chrM": 1}) == "chrM"
    assert contig("NC_000025.1", {"chr1": 1}) is None


@pytest.mark.parametrize(
    "rows, says",
    [
        (("NC_000001.10\t0\t2\tG\t-\t-\tindel",), "line 2: start '0' and end '2' are no positions"),
        (("NC_000001.10\t2\t9\tG\t-\t-\tindel",), "line 2: chr1:9 is beyond the end of the chromosome"),
        (("NC_000007.13\t2\t2\tG\t-\t-\tindel",), "line 2: NC_000007.13 is not a chromosome of the reference"),
        (("NC_000001.10\t2\t2\tG\t-\t-\thotspots",), "line 2: unknown report 'hotspots'"),
        (("NC_000001.10\t2\t2\tG\t-",), "line 2: has no aa_mutation_syntax, report"),
        (
            ("NC_000001.10\t1\t1\tG\tc.1C\t-\tregion", "NC_000001.10\t2\t2\tG\tc.2T\t-\tregion"),
            "0 of the 2 bases that it names are those of the reference; is it of another assembly?",
        ),
    ],
)
def test_rows_and_lists_that_cannot_be_meant(made, rows, says):
    with pytest.raises(Problems) as raised:
        made(*rows)
    assert says in str(raised.value)


def test_another_table_is_no_hotspot_list(made, tmp_path):
    with pytest.raises(Problems, match="it is not a hotspot list of Twist_Solid"):
        made(header="chrom\tstart\n")
    with pytest.raises(Problems, match="does not exist"):
        main(["hotspots", str(tmp_path / "ENC.csv"), "--fasta", str(tmp_path / "no.fa"), "--output", str(tmp_path)])
