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
    assert regions.read_coding(path) == [Region("1", 10, 20, "KRAS"), Region("1", 100, 120, "KRAS")]
    path.write_text(GFF.format(tag=";tag=basic,Ensembl_canonical,MANE_Select"))
    assert regions.read_coding(path) == [Region("1", 10, 20, "KRAS")]


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
    pieces = regions.assay_segments(tmp_path / "fai", tmp_path / "bed", None, tmp_path / "list")
    assert list(regions.bed_lines(pieces)) == ["1\t10\t20\tKRAS\n", "1\t30\t40\t.\n"]
