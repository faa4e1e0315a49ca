from gms.genome.intervals import Region
from gms.qc import regions
from gms.qc.regions import Segment

CONTIGS = {"1": 1000, "2": 500}
GFF = """\
##gff-version 3
1\tsynthetic\tgene\t1\t500\t.\t+\t.\tID=gene:G1;Name=KRAS;biotype=protein_coding
1\tsynthetic\tmRNA\t1\t500\t.\t+\t.\tID=transcript:T1;Parent=gene:G1{tag}
1\tsynthetic\texon\t1\t500\t.\t+\t.\tParent=transcript:T1
1\tsynthetic\tCDS\t11\t20\t.\t+\t0\tID=CDS:P1;Parent=transcript:T1
1\tsynthetic\tmRNA\t1\t500\t.\t+\t.\tID=transcript:T2;Parent=gene:G1
1\tsynthetic\tCDS\t101\t120\t.\t+\t0\tID=CDS:P2;Parent=transcript:T2
"""


def test_coding_of_all_transcripts_or_of_the_canonical_one(tmp_path):
    path = tmp_path / "genes.gff3"
    path.write_text(GFF.format(tag=""))
    assert regions.read_exons(path) == [Region("1", 2, 28, "KRAS#1"), Region("1", 92, 128, "KRAS#1")]
    path.write_text(GFF.format(tag=";tag=basic,Ensembl_canonical,MANE_Select"))
    assert regions.read_exons(path) == [Region("1", 2, 28, "KRAS#1")]


GENCODE = """\
1\tHAVANA\tgene\t1\t500\t.\t-\t.\tID=ENSG1.5;gene_id=ENSG1.5;gene_name=KRAS
1\tHAVANA\ttranscript\t1\t500\t.\t-\t.\tID=ENST1.2;Parent=ENSG1.5;tag=basic,MANE_Select
1\tHAVANA\texon\t101\t150\t.\t-\t.\tID=exon:1;Parent=ENST1.2
1\tHAVANA\texon\t11\t20\t.\t-\t.\tID=exon:2;Parent=ENST1.2
1\tHAVANA\tCDS\t101\t120\t.\t-\t0\tID=CDS:1;Parent=ENST1.2
1\tHAVANA\tCDS\t11\t20\t.\t-\t0\tID=CDS:1;Parent=ENST1.2
1\tHAVANA\ttranscript\t1\t500\t.\t-\t.\tID=ENST2.1;Parent=ENSG1.5;tag=MANE_Plus_Clinical
1\tHAVANA\texon\t101\t150\t.\t-\t.\tID=exon:3;Parent=ENST2.1
1\tHAVANA\texon\t51\t60\t.\t-\t.\tID=exon:4;Parent=ENST2.1
1\tHAVANA\tCDS\t101\t120\t.\t-\t0\tID=CDS:2;Parent=ENST2.1
1\tHAVANA\tCDS\t51\t60\t.\t-\t0\tID=CDS:2;Parent=ENST2.1
1\tHAVANA\ttranscript\t1\t500\t.\t-\t.\tID=ENST3.1;Parent=ENSG1.5
1\tHAVANA\texon\t201\t260\t.\t-\t.\tID=exon:5;Parent=ENST3.1
1\tHAVANA\tCDS\t201\t260\t.\t-\t0\tID=CDS:3;Parent=ENST3.1
"""
REFSEQ = """\
1\tBestRefSeq\tgene\t1\t500\t.\t-\t.\tID=gene-KRAS;Name=KRAS
1\tBestRefSeq\tmRNA\t1\t500\t.\t-\t.\tID=rna-NM_1.1;Parent=gene-KRAS;tag=MANE Select
1\tBestRefSeq\texon\t101\t150\t.\t-\t.\tID=exon-1;Parent=rna-NM_1.1,rna-NM_2.1
1\tBestRefSeq\tCDS\t101\t120\t.\t-\t0\tID=cds-1;Parent=rna-NM_1.1
1\tBestRefSeq\tmRNA\t1\t500\t.\t-\t.\tID=rna-NM_2.1;Parent=gene-KRAS
1\tBestRefSeq\tCDS\t201\t260\t.\t-\t0\tID=cds-2;Parent=rna-NM_2.1
"""


def test_genes_have_their_symbols_and_exons_in_files_of_gencode_and_refseq(tmp_path):
    path = tmp_path / "genes.gff3"
    path.write_text(GENCODE)
    select = [Region("1", 92, 128, "KRAS#1"), Region("1", 2, 28, "KRAS#2")]
    clinical = [Region("1", 92, 128, "KRAS#1"), Region("1", 42, 68, "KRAS#ENST2.1:2")]  # what it adds, by its own name
    assert regions.read_exons(path) == [*select, *clinical]
    path.write_text(REFSEQ)
    assert regions.read_exons(path) == [Region("1", 92, 128, "KRAS#1")]
    clinical = REFSEQ.replace("rna-NM_2.1;Parent=gene-KRAS", "rna-NM_2.1;Parent=gene-KRAS;tag=MANE Plus Clinical")
    path.write_text(clinical + "1\tBestRefSeq\texon\t201\t260\t.\t-\t.\tID=exon-2;Parent=rna-NM_2.1\n")
    assert regions.read_exons(path)[1:] == [Region("1", 192, 268, "KRAS#NM_2.1:1")]


RNA = """\
1\tsynthetic\tncRNA_gene\t301\t340\t.\t-\t.\tID=gene:G2;Name=RMRP
1\tsynthetic\tncRNA\t301\t340\t.\t-\t.\tID=transcript:T9;Parent=gene:G2;tag=Ensembl_canonical
1\tsynthetic\texon\t301\t320\t.\t-\t.\tParent=transcript:T9
1\tsynthetic\texon\t331\t340\t.\t-\t.\tParent=transcript:T9
"""


def test_genes_kept_outside_their_coding_sequence_have_all_exons_and_a_promoter(tmp_path):
    path = tmp_path / "genes.gff3"
    path.write_text(RNA)
    assert regions.read_exons(path) == []
    assert regions.read_exons(path, {"RMRP"}) == [
        Region("1", 322, 348, "RMRP#1"),
        Region("1", 292, 328, "RMRP#2"),
        Region("1", 340, 540, "RMRP#promoter"),
    ]


POSITIONS = """\
##fileformat=VCFv4.2
##contig=<ID=1,length=1000>
##INFO=<ID=HOTSPOT,Number=1,Type=String,Description="x">
#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO
1\t5\t.\tACG\t.\t.\t.\tHOTSPOT=KRAS_G12
"""


def test_listed_positions_cut_the_segments(tmp_path):
    (tmp_path / "hotspots.vcf").write_text(POSITIONS)
    [found] = regions.read_positions(tmp_path / "hotspots.vcf", regions.HOTSPOT)
    assert found == Region("1", 4, 7, "@KRAS_G12:4-7")
    assert regions.segments([Region("1", 0, 10, "x")], [found], CONTIGS) == [
        Segment("1", 0, 4, ()),
        Segment("1", 4, 7, ("@KRAS_G12:4-7",)),
        Segment("1", 7, 10, ()),
    ]


def test_a_listed_allele_is_carried_as_it_is_called(tmp_path):
    """Lists have indels to the right, as HGVS has them; calls are left-aligned."""
    (tmp_path / "bases.fa").write_text(">1\nGGGACTCTCTGGG\n")
    rows = "1\t8\t.\tT\tTCT,A\t.\t.\tHOTSPOT=A\n1\t4\t.\tAC\tGT\t.\t.\tHOTSPOT=B\n1\t9\t.\tC\t<DEL>\t.\t.\tHOTSPOT=C\n"
    (tmp_path / "hotspots.vcf").write_text(POSITIONS + rows)
    found = regions.read_positions(tmp_path / "hotspots.vcf", regions.HOTSPOT, tmp_path / "bases.fa")
    names = ["@KRAS_G12:4-7", "@A:7-8:4:A:ACT", "@A:7-8:8:T:A", "@B:3-5:4:AC:GT", "@C:8-9"]
    assert [region.name for region in found] == names


def test_listed_positions_outside_the_targets_are_named_once(tmp_path):
    """Also of a contig on which there is no target; those that targets hold in part have a depth."""
    rows = "1\t9\t.\tACG\tA\t.\t.\tHOTSPOT=part\n1\t11\t.\tA\t.\t.\t.\tHOTSPOT=off\n1\t11\t.\tA\tC\t.\t.\tHOTSPOT=off\n"
    (tmp_path / "hotspots.vcf").write_text(POSITIONS + rows)
    (tmp_path / "list.vcf").write_text(POSITIONS.replace("ID=1,", "ID=2,").replace("\n1\t", "\n2\t"))
    (tmp_path / "fai").write_text("1\t1000\t0\t60\t61\n2\t500\t0\t60\t61\n")
    (tmp_path / "targets.bed").write_text("1\t0\t10\n")
    lists = {"hotspots": tmp_path / "hotspots.vcf", "always_report": tmp_path / "list.vcf"}
    files = regions.Sources(targets=tmp_path / "targets.bed", **lists)
    pieces = regions.assay_segments(tmp_path / "fai", files)
    off = regions.outside(regions.listed_positions(files), pieces)
    assert off == [("1", "@off:10-11"), ("1", "@off:10-11:11:A:C"), ("2", "=KRAS_G12:4-7")]
    whole = regions.assay_segments(tmp_path / "fai", files._replace(targets=None))
    assert regions.outside(regions.listed_positions(files), whole) == []  # without targets all are measured


def test_difficult_regions_cut_segments_but_add_none():
    mask = [Region("1", 15, 500, regions.MASKED)]
    assert regions.segments(None, [Region("1", 10, 20, "A#1"), *mask], CONTIGS) == [
        Segment("1", 10, 15, ("A#1",)),
        Segment("1", 15, 20, ("!", "A#1")),
    ]


def test_targets_are_cut_where_genes_begin_and_end():
    targets = [Region("1", 100, 200, "x"), Region("1", 150, 250, "y")]
    coding = [Region("1", 120, 300, "A"), Region("1", 180, 190, "B"), Region("2", 0, 10, "C")]
    assert regions.segments(targets, coding, CONTIGS) == [
        Segment("1", 100, 120, ()),
        Segment("1", 120, 150, ("A",)),
        Segment("1", 150, 180, ("A",)),
        Segment("1", 180, 190, ("A", "B")),
        Segment("1", 190, 200, ("A",)),
        Segment("1", 200, 250, ("A",)),
    ]


def test_without_targets_the_coding_sequence_is_measured():
    assert regions.segments(None, [Region("2", 5, 9, "C"), Region("2", 5, 9, "C")], CONTIGS) == [
        Segment("2", 5, 9, ("C",))
    ]


def test_without_targets_and_genes_the_contigs_are_measured():
    assert regions.segments(None, [], CONTIGS) == [Segment("1", 0, 1000, ()), Segment("2", 0, 500, ())]


def test_bed_names_stand_for_genes_without_annotation(tmp_path):
    (tmp_path / "fai").write_text("1\t1000\t0\t60\t61\n")
    (tmp_path / "bed").write_text("track name=x\n1\t10\t20\tKRAS\n1\t30\t40\tNRAS\n")
    (tmp_path / "list").write_text("# solid\nKRAS\n")
    files = regions.Sources(targets=tmp_path / "bed", gene_list=tmp_path / "list")
    pieces = regions.assay_segments(tmp_path / "fai", files)
    assert list(regions.bed_lines(pieces)) == ["1\t10\t20\tKRAS\n", "1\t30\t40\t.\n"]
