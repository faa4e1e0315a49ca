"""GFF3 of Ensembl, GENCODE and RefSeq as transcripts."""

import pytest

from gms.annotation.gene_models import NoTranscripts, UnplacedFeatures, read_gene_models
from gms.annotation.transcripts import Model, Transcripts, from_line, to_line

ENSEMBL = """\
chromosome	1	9000	.	.	ID=chromosome:1
gene	101	400	-	.	ID=gene:ENSG1;Name=SYM1;biotype=protein_coding
mRNA	101	400	-	.	ID=transcript:ENST1;Parent=gene:ENSG1;biotype=protein_coding;tag=basic,MANE_Select;version=3
three_prime_UTR	101	120	-	.	Parent=transcript:ENST1
exon	101	200	-	.	Parent=transcript:ENST1
exon	301	400	-	.	Parent=transcript:ENST1
CDS	121	200	-	2	ID=CDS:P1;Parent=transcript:ENST1
CDS	301	390	-	0	ID=CDS:P1;Parent=transcript:ENST1
lnc_RNA	101	300	-	.	ID=transcript:ENST2;Parent=gene:ENSG1;biotype=retained_intron
exon	101	300	-	.	Parent=transcript:ENST2
biological_region	1	9	.	.	external_name=x
"""
GENCODE = """\
gene	11	90	+	.	ID=ENSG2.4;gene_id=ENSG2.4;gene_type=Mt_tRNA;gene_name=MT-TF
transcript	11	90	+	.	ID=ENST3.1;Parent=ENSG2.4;transcript_type=Mt_tRNA;tag=basic,Ensembl_canonical
exon	11	90	+	.	ID=exon:1;Parent=ENST3.1
"""
REFSEQ = """\
gene	11	90	+	.	ID=gene-KRAS;Name=KRAS;gene_biotype=protein_coding
mRNA	11	90	+	.	ID=rna-NM_004985.5;Parent=gene-KRAS;tag=MANE Select
exon	11	90	+	.	ID=exon-1;Parent=rna-NM_004985.5
CDS	21	80	+	0	ID=cds-NP_1;Parent=rna-NM_004985.5
gene	111	190	+	.	ID=gene-ND1;Name=ND1;gene_biotype=protein_coding
CDS	111	190	+	0	ID=cds-NP_2;Parent=gene-ND1
"""
ENSEMBL_TYPES = [
    *(
        "lnc_RNA",
        "ncRNA",
        "snRNA",
        "snoRNA",
        "miRNA",
        "rRNA",
        "tRNA",
        "scRNA",
        "Y_RNA",
        "vault_RNA",
        "ribozyme",
        "sRNA",
    ),
    *("scaRNA", "pseudogenic_transcript", "unconfirmed_transcript", "vaultRNA_primary_transcript", "transcript"),
    *("V_gene_segment", "D_gene_segment", "J_gene_segment", "C_gene_segment", "a_type_of_the_future"),
]


def read(tmp_path, text: str):
    lines = []
    for line in text.splitlines():
        kind, start, end, strand, phase, notes = line.split("\t")
        lines.append("\t".join(["1", "x", kind, start, end, ".", strand, phase, notes]) + "\n")
    (tmp_path / "genes.gff3").write_text("##gff-version 3\n" + "".join(lines))
    return {transcript.id: transcript for transcript in read_gene_models(tmp_path / "genes.gff3")}


def test_ensembl(tmp_path):
    found = read(tmp_path, ENSEMBL)
    first, second = found["ENST1.3"], found["ENST2"]
    assert first[1:3] == ("SYM1", "ENSG1") and (first.rank, second.rank) == (0, 3)
    assert first.exons == ((100, 200), (300, 400)) and first.cds == (120, 390) and first.phase == 0
    assert (second.cds, second.biotype) == (None, "retained_intron")


def test_gencode_and_refseq(tmp_path):
    transfer = read(tmp_path, GENCODE)["ENST3.1"]
    assert (transfer.gene, transfer.biotype, transfer.rank) == ("MT-TF", "Mt_tRNA", 2)
    refseq = read(tmp_path, REFSEQ)
    assert (refseq["NM_004985.5"].refseq, refseq["NM_004985.5"].rank) == ("NM_004985.5", 0)
    assert "NM_004985.5" in read(tmp_path, REFSEQ.replace("rna-NM_004985.5", "rna-NM_004985.5-2"))  # on Y as well
    assert refseq["ND1"].cds == (110, 190)  # its CDS is directly below the gene


@pytest.mark.parametrize("kind", ENSEMBL_TYPES)
def test_every_type_of_transcript_is_understood(tmp_path, kind):
    found = read(tmp_path, ENSEMBL.replace("lnc_RNA", kind))
    assert found["ENST2"].gene == "SYM1"


@pytest.mark.parametrize("old, new, words", [
    ("300	-	.	Parent=transcript:ENST2", "300	-	.	Parent=transcript:ENST7", "line 11: exon of"),
    ("Parent=gene:ENSG1;biotype=retained", "Parent=gene:ENSG9;biotype=retained", "line 10: lnc_RNA 'transcript:ENST2'"),
    ("200	-	2	ID=CDS:P1;Parent=transcript:ENST1", "200	-	2	ID=CDS:P1", "line 8: CDS of '?'"),
    ("exon	101	300	-	.	Parent=transcript:ENST2", "biological_region	1	9	.	.	x=y", "has no exons"),
])  # fmt: skip
def test_what_belongs_to_no_gene_is_an_error(tmp_path, old, new, words):
    with pytest.raises(UnplacedFeatures, match="belong to no gene") as error:
        read(tmp_path, ENSEMBL.replace(old, new))
    assert words in str(error.value)


def test_a_file_without_transcripts(tmp_path):
    with pytest.raises(NoTranscripts, match="GFF3"):
        read(tmp_path, "gene	1	9	+	.	ID=gene:ENSG1")


def test_lines_hold_all_of_a_transcript(tmp_path):
    for transcript in [*read(tmp_path, ENSEMBL).values(), *read(tmp_path, GENCODE).values()]:
        assert from_line(to_line(transcript)) == transcript


def test_transcripts_near_a_position(tmp_path):
    lines = [to_line(transcript) for transcript in read(tmp_path, ENSEMBL).values()]
    known = Transcripts(lines)
    assert len(known.near("1", 5_000, 5_001)) == 2 and len(known.near("1", 5_350, 5_351)) == 1
    assert known.near("1", 5_400, 5_401) == known.near("2", 100, 101) == []


def test_places_on_the_reverse_strand(tmp_path):
    model = Model(read(tmp_path, ENSEMBL)["ENST1.3"])
    places = {
        place: model.place(model.oriented(place - 1, place)[0]) for place in (400, 390, 301, 300, 201, 200, 120, 90)
    }
    assert places == {400: "-10", 390: "1", 301: "90", 300: "90+1", 201: "91-1", 200: "91", 120: "*1", 90: "*31"}
