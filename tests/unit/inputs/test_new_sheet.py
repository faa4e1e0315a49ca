"""gms sheet: sheets from FASTQ files by their names, Illumina's SampleSheet.csv and PED files."""

import gzip
from pathlib import Path
from zlib import crc32

import pysam
import pytest
import yaml

from gms.base.errors import GmsError, Problems
from gms.base.project import PROJECT
from gms.commands.sheets import sheet
from gms.inputs.importers.names import proper
from gms.inputs.load_run import load_run
from gms.inputs.new_sheet.fastq_names import flowcell_and_lane, parse


def write_pair(
    folder: Path, *names: str, read: str = "A00:1:HFLOW:1:1101:{}:1", ends=(" 1:N:0:AC", " 2:N:0:AC")
) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, end, base in zip(names, ends, "ACG", strict=False):
        with gzip.open(folder / name, "wt") as file:
            file.writelines(
                f"@{read.format(number)}{end}\n{'ACGT' * 5}{base}\n+\n{'#' + 'F' * 20}\n" for number in (1, 2)
            )


def illumina(folder: Path, sample: str, lane: int = 1, flowcell: str = "HFLOW", unique: str = "1") -> None:
    names = [f"{sample}_L{lane:03}_R{mate}_001.fastq.gz" for mate in (1, 2)]
    write_pair(folder, *names, read=f"A00:1:{flowcell}:{lane}:1101:{{}}:{unique}{crc32(sample.encode())}")


def made(tmp_path, capsys, *words) -> tuple[int, list[dict[str, str]], str]:
    """Exit code, rows of the sheet, and what was said."""
    output = tmp_path / "samples.tsv"
    code = sheet.main([*map(str, words), "--output", str(output)])
    header, *rows = (line.split("\t") for line in output.read_text().splitlines())
    return code, [dict(zip(header, row, strict=True)) for row in rows], capsys.readouterr().err


def loads(tmp_path, **changes):
    config = {"samples": "samples.tsv", "gmc": "local", "reference": {"name": "tiny", "fasta": "tiny.fa"}} | changes
    (tmp_path / "run.yaml").write_text(yaml.safe_dump(config))
    return load_run(config, tmp_path / "run.yaml", PROJECT)


@pytest.mark.parametrize("name, sample, mate, lane", [
    ("NA_1_S12_L002_R2_001.fastq.gz", "NA_1", "R2", "L002"),  # bcl2fastq, BCL Convert
    ("NA1_S1_R1_001.fastq.gz", "NA1", "R1", ""),  # --no-lane-splitting
    ("NA1_ACGTAC-GGTTAA_L001_R1_003.fastq.gz", "NA1", "R1", "L001"),  # CASAVA
    ("NA1_S1_L001_I2_001.fastq.gz", "NA1", "I2", "L001"),
    ("SRR1234567_2.fastq.gz", "SRR1234567", "R2", ""),
    ("V350012345_L01_33_1.fq.gz", "V350012345-33", "R1", "L01"),  # MGI
    ("E100024251_L02_UDB-104_2.fq.gz", "E100024251-UDB-104", "R2", "L02"),
    ("HG002_R1.fastq.gz", "HG002", "R1", ""),  # Element
    ("HG002_L2_R2.fastq.gz", "HG002", "R2", "L2"),
    ("A1_FKDL21-1a_HFKJYDSX2_L4_1.fq.gz", "A1_FKDL21-1a_HFKJYDSX2", "R1", "L4"),
    ("tumor.R1.fq.gz", "tumor", "R1", ""),
    ("a-b_R2_001.fastq.gz", "a-b", "R2", ""),
    ("P1_1_2.fastq.gz", "P1_1", "R2", ""),
])  # fmt: skip
def test_names(name, sample, mate, lane):
    found = parse(name)
    assert (found.sample, found.mate, found.lane) == (sample, mate, lane)


@pytest.mark.parametrize(
    "name", ["SRR1234567.fastq.gz", "NA1_interleaved.fq.gz", "NA1_R1_trimmed.fq.gz", "NA1_3.fastq.gz"]
)
def test_names_that_say_no_mate(name):
    assert parse(name) is None


@pytest.mark.parametrize("read, where", [
    (b"@A00123:45:HXXXX:3:1101:1:1", ("HXXXX", "L003")), (b"@AV224503:run7:2301:1:10102:1:1", ("2301", "L001")),
    (b"@V350012345L2C001R0010000001/1", ("V350012345", "L002")), (b"@SRR1.1", ("", "")),
])  # fmt: skip
def test_flowcell_and_lane_of_a_read(read, where):
    assert flowcell_and_lane(read) == where


def test_lanes_and_runs_of_a_sample_are_put_together(tmp_path, capsys):
    for flowcell in ("HONE", "HTWO"):
        for lane in (1, 2):
            illumina(tmp_path / flowcell, "NA_1_S1", lane, flowcell)
    illumina(tmp_path / "HONE", "Undetermined_S0")
    code, rows, said = made(tmp_path, capsys, tmp_path, "--assay", "wgs_rare")
    assert code == 0 and [row["lane"] for row in rows] == ["HONE-L001", "HONE-L002", "HTWO-L001", "HTWO-L002"]
    assert {row["sample"] for row in rows} == {"NA-1"} and rows[0]["fastq_1"] == "HONE/NA_1_S1_L001_R1_001.fastq.gz"
    assert "Undetermined_S0_L001_R1_001.fastq.gz: holds reads of no sample" in said and "NA_1  ->  NA-1" in said
    assert "sex is unknown" in said and "can be loaded as it is" in said
    assert [lane.line for lane in loads(tmp_path).samples["NA-1"].lanes] == [2, 3, 4, 5]


def test_odd_files_are_listed_and_their_samples_left_out(tmp_path, capsys):
    reads = tmp_path / "reads"
    illumina(reads, "good_S1")
    illumina(reads, "half_S2", 1)
    illumina(reads, "half_S2", 2)
    (reads / "half_S2_L002_R2_001.fastq.gz").unlink()
    write_pair(reads, "plain_R1.fastq", "plain_R2.fastq")
    write_pair(reads, "empty_R1.fq.gz", "empty_R2.fq.gz")
    (reads / "empty_R2.fq.gz").write_bytes(b"")
    write_pair(reads, "mixed_1.fq.gz", "mixed_2.fq.gz", ends=("/1", "x/2"))
    write_pair(reads, "umi_S3_R1_001.fastq.gz", "umi_S3_R2_001.fastq.gz", "umi_S3_R3_001.fastq.gz", ends=("", "", ""))
    (reads / "packed_R1.fastq.ora").write_text("x")
    code, rows, said = made(tmp_path, capsys, reads, "--assay", "wgs_rare")
    assert code == sheet.DOUBTFUL and {row["sample"] for row in rows} == {"good"}
    for text in [
        "half_S2_L002_R1_001.fastq.gz: has no R2",
        "plain_R1.fastq: is not gzipped",
        "empty_R2.fq.gz: is empty",
        "mixed_1.fq.gz: its first read is not of the same molecule",
        "packed_R1.fastq.ora: is not a gzipped FASTQ",
        "umi_S3_R1_001.fastq.gz: there is R3 as well",
    ]:
        assert text in said


def test_the_same_reads_twice_are_taken_once(tmp_path, capsys):
    illumina(tmp_path / "a", "NA1_S1")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    (tmp_path / "c").mkdir()
    for mate in (1, 2):
        name = f"NA1_S1_L001_R{mate}_001.fastq.gz"
        (tmp_path / "c" / name).write_bytes((tmp_path / "a" / name).read_bytes())
    code, rows, said = made(tmp_path, capsys, tmp_path / "a", tmp_path / "c", "--assay", "wgs_rare")
    assert code == 0 and len(rows) == 1 and "has its size: a copy, or a link" in said


def test_roles_that_only_a_person_knows(tmp_path, capsys):
    for sample in ("T1_S1", "N1_S2"):
        illumina(tmp_path, sample)
    words = [tmp_path, "--assay", "wgs_cancer"]
    _, rows, said = made(tmp_path, capsys, *words)
    assert {row["role"] for row in rows} == {""} and "To fill in" in said and "role (tumor, normal) of N1, T1" in said
    (tmp_path / "samples.tsv").unlink()
    roles = ["--role", "T1=tumor", "--role", "N1=normal", "--case", "P1=T1,N1"]
    _, rows, said = made(tmp_path, capsys, *words, *roles)
    assert "can be loaded as it is" in said and [s.name for s in loads(tmp_path).cases["P1"].samples] == ["T1", "N1"]


VERSION_1 = """[Header],,
IEMFileVersion,4
[Reads]
151
[Settings]
[Data],,,
Lane,Sample_ID,Sample_Name,index,Sample_Project
1,LP1,NA_1,ACGT,P
2,LP1,NA_1,ACGT,P
1,LP2,NA_2,TTTT,P
1,LP3,NA_3,GGGG,P
"""
VERSION_2 = """[Header]
FileFormatVersion,2
[BCLConvert_Settings]
SoftwareVersion,4.2.7
[BCLConvert_Data]
Lane,Sample_ID,Index,Index2
1,NA_1,ACGT,ACGT
1,NA_2,TTTT,ACGT
[Cloud_Data]
Sample_ID,ProjectName
NA_1,P
NA_9,P
"""


@pytest.mark.parametrize("text, samples", [(VERSION_1, ["LP1", "LP1", "LP2"]), (VERSION_2, ["NA-1", "NA-1", "NA-2"])])
def test_an_illumina_sample_sheet_says_which_samples(tmp_path, capsys, text, samples):
    (tmp_path / "SampleSheet.csv").write_text("\ufeff" + text.replace("\n", "\r\n"))
    reads = tmp_path / "Data" / "BaseCalls"
    for sample, lane in (("NA_1_S1", 1), ("NA_1_S1", 2), ("NA_2_S2", 1), ("other_S9", 1)):
        illumina(reads, sample, lane)
    code, rows, said = made(tmp_path, capsys, tmp_path / "SampleSheet.csv", "--assay", "wgs_rare")
    assert [row["sample"] for row in rows] == samples and code == sheet.DOUBTFUL
    assert "other_S9_L001_R1_001.fastq.gz: is of no sample of SampleSheet.csv" in said
    assert ("no files of sample 'LP3' were found" in said) == (text is VERSION_1)
    assert loads(tmp_path)


def test_a_ped_file_gives_families(tmp_path, capsys):
    for sample in ("kid_S1", "mum_S2", "dad_S3", "solo_S4", "aunt_S5"):
        illumina(tmp_path / "reads", sample)
    (tmp_path / "family.ped").write_text(
        "#fam ind father mother sex phenotype\nF1 kid dad mum 1 2\nF1 mum gran grandpa 2 1\nF1 dad 0 0 1 1\n"
        "F1 gran 0 0 1 0\nF1 sib dad mum 2 1\nF2 solo x y 2 2\nF1 aunt grandpa gran 2 1\n"
    )
    _, rows, said = made(tmp_path, capsys, tmp_path / "family.ped", tmp_path / "reads", "--assay", "wgs_rare")
    found = {row["sample"]: (row["case"], row["role"], row["sex"], row["affected"]) for row in rows}
    assert found["kid"] == ("F1", "proband", "male", "yes") and found["mum"] == ("F1", "mother", "female", "no")
    assert found["dad"] == ("F1", "father", "male", "no") and found["solo"] == ("F2", "proband", "female", "yes")
    assert found["aunt"][1] == "" and "'aunt' is not a parent or sibling of proband 'kid'" in said
    assert "persons of family.ped without FASTQ files, who get no row: gran, sib" in said


def write_bam(path: Path, *samples: str) -> None:
    groups = [{"ID": f"g{number}", "SM": sample} for number, sample in enumerate(samples)]
    with pysam.AlignmentFile(str(path), "wb", header={"HD": {"VN": "1.6"}, "RG": groups}):
        pass


def test_bam_files_are_of_the_sample_of_their_read_groups(tmp_path, capsys):
    illumina(tmp_path, "both_S1")
    for name, samples in {
        "x.bam": ["NA_1", "NA_1"], "u1.unaligned.bam": [], "both.bam": ["both"], "pool.bam": ["A", "B"],
        "t.sorted.bam": ["T"], "t.dedup.bam": ["T"],
    }.items():  # fmt: skip
        write_bam(tmp_path / name, *samples)
    (tmp_path / "cut.cram").write_bytes(b"CRAM")
    code, rows, said = made(tmp_path, capsys, tmp_path, "--assay", "wgs_rare")
    assert code == sheet.DOUBTFUL
    assert {row["sample"]: row["bam"] for row in rows} == {"both": "", "u1": "u1.unaligned.bam", "NA-1": "x.bam"}
    for text in ("both.bam: sample both has FASTQ files, which are taken", "pool.bam: holds reads of several samples",
                 "t.dedup.bam: is one of 2 files of sample T", "cut.cram: its header cannot be read"):  # fmt: skip
        assert text in said
    assert "can be loaded as it is" in said
    assert loads(tmp_path).samples["u1"].lanes[0].files == (tmp_path / "u1.unaligned.bam",)


def write_vcf(path: Path, *samples: str) -> None:
    header = pysam.VariantHeader()
    header.add_line("##contig=<ID=1,length=9>")
    for sample in samples:
        header.add_sample(sample)
    pysam.VariantFile(str(path), "w", header=header).close()


def test_calls_are_taken_of_samples_without_reads(tmp_path, capsys):
    """Every sample of a file has a row, with the name that the file gives it."""
    illumina(tmp_path, "both")
    write_bam(tmp_path / "aligned.bam", "aligned")
    for name, samples in {
        "family.vcf.gz": ["P_1", "M1"], "one.g.vcf": ["both"], "x.bcf": ["aligned"], "clinvar.vcf": [],
        "t.deepvariant.vcf": ["T"], "t.strelka.vcf": ["T"],
    }.items():  # fmt: skip
        write_vcf(tmp_path / name, *samples)
    (tmp_path / "cut.vcf").write_text("")
    code, rows, said = made(tmp_path, capsys, tmp_path, "--assay", "wgs_rare")
    found = {row["sample"]: (row["bam"], row["vcf"], row["vcf_sample"]) for row in rows}
    family = {"P-1": ("", "family.vcf.gz", "P_1"), "M1": ("", "family.vcf.gz", "M1")}
    assert found == {"both": ("",) * 3, "aligned": ("aligned.bam", "", ""), **family}
    for text in (
        "clinvar.vcf: has no samples, only sites",
        "x.bcf: sample aligned has reads",
        "one.g.vcf: sample both has reads",
        "cut.vcf: is neither a VCF",
        "t.strelka.vcf: is one of 2 files with calls of sample T",
    ):
        assert text in said
    assert code == sheet.DOUBTFUL
    assert loads(tmp_path).samples["P-1"].lanes[0].vcf_sample == "P_1"


def test_a_sample_sheet_may_list_samples_of_other_files(tmp_path, capsys):
    """A sample with a BAM file or a VCF, and no FASTQ files, is not missing; what the sheet does not list is left."""
    write_bam(tmp_path / "LP1.bam", "LP1")
    write_vcf(tmp_path / "calls.vcf", "LP2", "LP9")
    (tmp_path / "SampleSheet.csv").write_text("[Data]\nSample_ID,index\nLP1,A\nLP2,C\n")
    code, rows, _ = made(tmp_path, capsys, tmp_path / "SampleSheet.csv", "--assay", "wgs_rare")
    assert (code, [row["sample"] for row in rows]) == (0, ["LP1", "LP2"])


def test_what_forbids_a_sheet(tmp_path, capsys):
    with pytest.raises(GmsError, match="no pair of FASTQ files, and no BAM, CRAM or VCF file, can be taken"):
        sheet.main([str(tmp_path), "--assay", "wgs_rare"])
    illumina(tmp_path / "a", "19121212-1212_S1")
    with pytest.raises(GmsError, match="contain a personal number"):
        sheet.main([str(tmp_path), "--assay", "wgs_rare"])
    said = capsys.readouterr()
    assert "1212-1212" not in said.out + said.err
    with pytest.raises(Problems, match="unknown assay 'wgs_rar'"):
        sheet.main([str(tmp_path), "--assay", "wgs_rar"])
    with pytest.raises(Problems, match="assay 'sarscov2' is viral; write its sheet by docs/viral.md"):
        sheet.main([str(tmp_path), "--assay", "sarscov2"])
    (tmp_path / "x.csv").write_text("[Header]\n[Data]\nLane,Index\n1,A\n")
    with pytest.raises(Problems, match="has no column Sample_ID"):
        sheet.main([str(tmp_path / "x.csv"), "--assay", "wgs_rare"])


def test_the_sheet_goes_to_standard_output_with_absolute_paths(tmp_path, capsys):
    illumina(tmp_path, "NA1_S1")
    assert sheet.main([str(tmp_path), "--assay", "panel_solid"]) == 0
    out, err = capsys.readouterr()
    assert out.splitlines()[1].split("\t")[2:5] == ["tumor", "panel_solid", f"{tmp_path}/NA1_S1_L001_R1_001.fastq.gz"]
    assert "1 case, 1 sample, 1 lane" in err and proper("NA1") == "NA1"
