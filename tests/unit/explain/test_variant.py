import subprocess
from pathlib import Path

import pysam
import pytest
import yaml

from gms.annotation.transcripts import Transcript, to_line
from gms.base.errors import GmsError
from gms.base.results import named
from gms.commands import why as command
from gms.explain.reads import reference_fasta
from gms.explain.search import NotInGeneModels, places_of_rs
from gms.inputs.load_run import read_run

SEQUENCE = ("ACGTTGCATC" * 6 + "GAAAAAAAAT" + "CCATGGTACG" * 6) * 4  # a run of eight A from 0-based 61
GERMLINE = "GT:AD:DP:AF\t0/1:500,500:1000:0.5000"
PAIR = SEQUENCE[69:71]
JOINED, PARTS = f"chr1:70:{PAIR}:GG", [f"chr1:70:{PAIR[0]}:G", f"chr1:71:{PAIR[1]}:G"]
CHANGE = "GENE=PTEN;TRANSCRIPT=ENST1.2;IMPACT=HIGH;HGVSC=ENST1.2:c.730_731delGCinsTA;HGVSP=p.Ala244Tyr"
RECORDS = [
    f"chr1\t20\t.\tC\tG\t60\t.\tCALLERS=bcftools;TARGET;POP_AF=0.3;GENE=BRAF;CONSEQUENCE=missense_variant;IMPACT=MODERATE"
    f";HGVSP=ENSP1:p.Val600Glu;MQ_ALT=60.0;HOTSPOT=BRAF_V600\t{GERMLINE}",
    f"chr1\t30\t.\tC\tG\t60\t.\tCALLERS=bcftools;POP_AF=0.3;GENE=BRAF;CONSEQUENCE=intron_variant;IMPACT=MODIFIER\t{GERMLINE}",
    f"chr1\t61\t.\tGA\tG\t60\t.\tCALLERS=bcftools;TARGET;GENE=KIT;CONSEQUENCE=frameshift_variant;IMPACT=HIGH\t{GERMLINE}",
    f"chr1\t70\t.\t{PAIR[0]}\tG\t60\t.\tCALLERS=bcftools;TARGET;PART_OF={JOINED};GENE=PTEN\t{GERMLINE}",
    f"chr1\t70\t.\t{PAIR}\tGG\t60\t.\tCALLERS=bcftools;TARGET;PARTS={','.join(PARTS)};{CHANGE}\t{GERMLINE}",
]
HEADER = """\
##fileformat=VCFv4.2
##contig=<ID=chr1,length=520>
##gms_parts=fasta,genes,population,hotspots,targets
#CHROM	POS	ID	REF	ALT	QUAL	FILTER	INFO	FORMAT	T1
"""


def write_vcf(path: Path, records: list[str]) -> None:
    path.parent.mkdir(parents=True)
    path.with_suffix("").write_text(HEADER + "\n".join(records) + "\n")
    subprocess.run(["bgzip", "-f", str(path.with_suffix(""))], check=True)
    subprocess.run(["tabix", "-p", "vcf", str(path)], check=True)


def write_reads(path: Path, fasta: Path) -> None:
    header = {"HD": {"VN": "1.6", "SO": "coordinate"}, "SQ": [{"SN": "chr1", "LN": len(SEQUENCE)}]}
    path.parent.mkdir()
    with pysam.AlignmentFile(str(path), "wc", header=header, reference_filename=str(fasta)) as file:
        for number in range(10):
            read = pysam.AlignedSegment(file.header)
            read.query_name, read.reference_id, read.reference_start = f"r{number}", 0, 90
            read.cigarstring, read.mapping_quality = "50M", 60 if number else 5
            base = "T" if number < 3 else SEQUENCE[100]
            read.query_sequence = SEQUENCE[90:100] + base + SEQUENCE[101:140]
            read.query_qualities = pysam.qualitystring_to_array("I" * 50)
            file.write(read)
    pysam.index(str(path))


@pytest.fixture(scope="module")
def configfile(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("why")
    fasta = folder / "g.fa"
    fasta.write_text(f">chr1\n{SEQUENCE}\n")
    pysam.faidx(str(fasta))
    (folder / "targets.bed").write_text("chr1\t0\t200\n")
    (folder / "samples.tsv").write_text(
        "case\tsample\trole\tassay\tfastq_1\tfastq_2\nC1\tT1\ttumor\tpanel_solid\ta_1.fastq.gz\ta_2.fastq.gz\n"
    )
    config = {"samples": "samples.tsv", "results": "results", "reference": {"name": "g", "fasta": "g.fa"}}
    config["assays"] = {"panel_solid": {"targets": "targets.bed"}}
    (folder / "run.yaml").write_text(yaml.safe_dump(config))
    write_vcf(folder / "results" / "annotated" / "C1.vcf.gz", RECORDS)
    write_vcf(folder / "results" / "variants" / "bcftools" / "C1.vcf.gz", RECORDS[:1])
    write_reads(folder / "results" / "alignment" / "T1.cram", fasta)
    (folder / "results" / "qc").mkdir()
    table = "gene\tbases\tmean_depth\tcallable_fraction\nTP53\t40\t61.5\t0.25\n"
    (folder / "results" / "qc" / "T1.genes.tsv").write_text(table)
    return folder / "run.yaml"


def ask(configfile: Path, variant: str, capsys, case: str = "C1") -> str:
    assert command.main(["--configfile", str(configfile), "--case", case, f"--variant={variant}"]) == 0
    return capsys.readouterr().out


def states(text: str) -> dict[str, str]:
    rows = (line.split() for line in text.splitlines() if line.startswith("  ") and "  [" in line)
    return {row[0]: " ".join(row[1:3]) if row[1] == "not" else row[1] for row in rows}


def test_rescued_variant(configfile, capsys):
    text = ask(configfile, "chr1:20:C:G", capsys)
    found = states(text)
    assert found["LowVaf"] == "passed"
    assert found["PopulationFrequency"] == "FLAGGED"
    assert found["PanelOfNormals"] == "not applied"
    assert found["Hotspot"] == "RESCUED"
    assert "population_af > 0.005  [population_af = 0.3]" in text
    assert "Result: reported, in section 'Hotspots', rescued by Hotspot from PopulationFrequency" in text
    assert "bcftools   quality 60, genotype 0/1, reads (reference,allele) 500,500" in text
    assert "freebayes  its calls are not kept" in text


def test_gene_lists_and_details(configfile, capsys):
    text = ask(configfile, "BRAF", capsys)
    assert "2 records in BRAF" in text
    assert "Result: not reported: OffTarget, PopulationFrequency, NotCoding" in text
    assert text.count("Filters, in order:") == 2


def test_gene_without_records_tells_its_coverage(configfile, capsys):
    text = ask(configfile, "TP53", capsys)
    assert "0 records in TP53" in text
    assert "T1         25.0% of its 40 coding bases callable (200 reads), mean depth 61.5" in text


def test_gene_that_nobody_knows(configfile, capsys):
    assert "no coding bases of P53 were measured" in ask(configfile, "P53", capsys)


def test_the_indexed_reference_of_the_run_is_read(configfile):
    run = read_run(configfile)
    assert reference_fasta(run) == run.reference.fasta
    (run.results / "reference").mkdir()
    (run.results / "reference" / "genome.fa").symlink_to(run.reference.fasta)
    assert reference_fasta(run) == run.results / "reference" / "genome.fa"


def test_other_spelling_is_aligned(configfile, capsys):
    text = ask(configfile, "1:68:AA:A", capsys)
    assert "normalised: chr1:61:GA:G" in text
    assert "Result: reported, in section 'Other variants" in text


def test_position(configfile, capsys):
    assert "chr1:30:C:G  BRAF intron_variant" in ask(configfile, "chr1:3,0", capsys)
    assert "chr1:30:C:G  BRAF intron_variant" in ask(configfile, "chr1:30", capsys)


def test_nobody_called_it(configfile, capsys):
    text = ask(configfile, f"chr1:101:{SEQUENCE[100]}:T", capsys)
    assert "Nobody called it." in text
    assert "targets    inside targets.bed" in text
    assert f"depth 10 ({SEQUENCE[100]} 7, T 3), mean mapping quality 54.5; 9 with mapping quality 20 or more" in text
    assert "NOT callable (needs 200)" in text
    assert f"3 show {SEQUENCE[100]}>T" in text


def test_outside_targets_without_reads(configfile, capsys):
    text = ask(configfile, "chr1:300", capsys)
    assert "OUTSIDE targets.bed" in text
    assert "depth 0 (no reads)" in text


@pytest.mark.parametrize(
    "asked", [JOINED, JOINED[3:].replace(":", "-"), "PTEN c.730_731delinsTA", "ENST1:c.730_731delinsTA", "PTEN A244Y"]
)
def test_spellings_of_a_joined_allele(configfile, capsys, asked):
    text = ask(configfile, asked, capsys)
    assert f"{JOINED}  PTEN p.Ala244Tyr" in text
    assert f"bcftools   {PARTS[0]}: did not call it" in text
    assert states(text)["PartOfHaplotype"] == "passed"


def test_a_part_names_its_joined_allele_and_what_became_of_it(configfile, capsys):
    text = ask(configfile, PARTS[0], capsys)
    assert f"they are one joined allele, {JOINED}" in text
    assert "Result: not reported: PartOfHaplotype" in text and "Result: reported" in text


def test_a_change_that_nobody_called(configfile, capsys):
    text = ask(configfile, "TP53:p.Arg175His", capsys)
    assert "0 records with TP53 p.Arg175His" in text and "ask for its position" in text


def test_what_the_gene_models_do_not_have_is_no_negative_result(configfile, capsys):
    table = read_run(configfile).results / named("transcripts").at()
    table.parent.mkdir(exist_ok=True)
    one = Transcript("ENST1.2", "TP53", "ENSG1", "chr1", True, "protein_coding", 0, False, "", ((20, 60),), (20, 50), 0)
    table.write_text(f"{to_line(one)}\n")
    try:
        for asked in ("NM_007294.4:c.68_69delAG", "NM_1:c.1_0del", "SMN3", "SMN3:p.Val600Glu", "rs"):
            with pytest.raises(NotInGeneModels, match="neither a gene nor a transcript of this run's gene models"):
                ask(configfile, asked, capsys)
        assert "0 records in TP53" in ask(configfile, "TP53", capsys)
    finally:
        table.unlink()


def test_a_contig_in_other_letters(configfile, capsys):
    assert "chr1:30:C:G  BRAF intron_variant" in ask(configfile, "CHR1:30", capsys)


def test_an_rs_number(configfile, capsys, tmp_path):
    with pytest.raises(GmsError, match="neither ClinVar nor population"):
        ask(configfile, "rs113488022", capsys)
    with pysam.BGZFile(str(tmp_path / "clinvar.vcf.gz"), "wb") as out:
        out.write(b"#CHROM\nchr1\t20\t13961\tC\tG\t.\t.\tCLNSIG=Pathogenic;RS=113488022\n")
    assert places_of_rs("rs113488022", (tmp_path / "clinvar.vcf.gz",)) == [("chr1", 20, "C", "G")]
    assert places_of_rs("rs11348802", (tmp_path / "clinvar.vcf.gz",)) == []


@pytest.mark.parametrize(
    ("case", "variant", "text"),
    [
        ("C2", "chr1:20", "unknown case 'C2'"),
        ("C1", "chr1:20:T:G", "is C, not T"),
        ("C1", "chr9:20:T:G", "neither a contig"),
        ("C1", "chr1:20:C:X", "'chr1:20:C:X' is not understood. Write an allele as"),
        ("C1", "chr1:30-20", "is not understood"),
        ("C1", "chr1:20-9999", "there is no chr1:9999"),
        ("C1", "V601E", "names no gene or transcript"),
        ("C1", "c.5G>A", "names no gene or transcript"),
        ("C1", "--", "'' is not understood"),
        ("C1", "chr1:0-20", "there is no chr1:0"),
        ("C1", "chr1:0", "chr1 has positions 1 to 520, so there is no chr1:0"),
        ("C1", "chr1:20:C:C", "both alleles are the same"),
        ("C1", "chr1:9999:C:A", "there is no chr1:9999"),
    ],
)
def test_wrong_questions(configfile, case, variant, text, capsys):
    with pytest.raises(GmsError, match=text):
        ask(configfile, variant, capsys, case)
