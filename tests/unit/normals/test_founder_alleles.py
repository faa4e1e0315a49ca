"""Small variants of founders of families: persons counted by their genotypes, in the order of the genome."""

from types import SimpleNamespace

import pytest

from gms.base.problems import Findings
from gms.base.project import PROJECT
from gms.filtering.apply import filter_vcf
from gms.filtering.policy import load_policy
from gms.genome.vcf import UnreadableVcf, header_lines, info, open_vcf, write_vcf
from gms.normals import background
from gms.normals.background import founder_alleles, founder_lines
from gms.normals.checks import check_panels
from gms.normals.members import Normal, member, read_members, without_own
from gms.normals.panel import FILES, GENOME_PARTS, Source

CONTIGS = {"chr2": 5_000, "chr10": 5_000}  # not in the order of their names
FORMAT = "GT:AF"
HET, HOM, NONE, OPEN = "0/1:0.5", "1/1:1", "0/0:0", "./.:."


def add_case(folder, case, records):
    """Merged calls of a child, its mother and father; records: contig, POS, REF, ALT and three columns."""
    path = folder / f"variants/merged/{case}.vcf.gz"
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = ["\t".join([*one[:2], ".", *one[2:4], "50", ".", ".", FORMAT, *one[4:]]) + "\n" for one in records]
    names = [f"{case}{letter}" for letter in "cmf"]
    write_vcf([*header_lines(CONTIGS, '##FORMAT=<ID=AF,Number=A,Type=Float,Description="x">\n', names), *lines], path)
    return [Normal(folder, name, case, True) for name in names[1:]]


@pytest.fixture
def founders(tmp_path):
    """Ten parents of five families."""
    shared = ("chr2", "100", "A", "G", NONE, HET, HOM)
    child_only = ("chr2", "200", "A", "G", HET, NONE, OPEN)
    found = []
    for number in range(5):
        one = [("chr2", "300", "A", "T", HET, HET, NONE)] if number == 0 else []
        other = [("chr10", "50", "AC", "A", HET, HET, NONE)] if number > 1 else []
        found += add_case(tmp_path, f"F{number}", [shared, child_only, *one, *other])
    (tmp_path / "genome.fa.fai").write_text("".join(f"{name}\t{size}\t0\t1\t1\n" for name, size in CONTIGS.items()))
    return Source(found, "wgs_rare", tmp_path / "genome.fa", tmp_path / "none.bed")


def test_persons_are_counted_by_their_genotypes(founders):
    cases = {path: names_of(founders, path) for path in {one.path("merged"): None for one in founders.normals}}
    found = list(founder_alleles([("chr2", 0, 5_000), ("chr10", 0, 5_000)], cases, 10))
    assert [(one.contig, one.position, one.alt, one.count, one.total) for one in found] == [
        ("chr2", 99, "G", 10, 10), ("chr10", 49, "A", 3, 10),
    ]  # fmt: skip
    assert found[0].fraction == pytest.approx(0.75) and found[1].sd == 0


def names_of(founders, path):
    return {one.name for one in founders.normals if one.path("merged") == path}


def test_parts_of_the_genome_hold_each_place_once(founders, tmp_path, monkeypatch):
    """Alleles at the border of two parts, and one that reaches into the next part."""
    for number in range(2):
        spread = [("chr2", pos, "AC", "A", NONE, HET, HET) for pos in ("10", "11", "20", "21")]
        founders.normals.extend(add_case(tmp_path, f"B{number}", spread))
    whole = list(founder_lines(founders.normals, CONTIGS, sequential))
    monkeypatch.setattr(background, "_PART", 10)
    parted = list(founder_lines(founders.normals, {"chr2": 305, "chr10": 55, "chr3": 4}, sequential))
    assert parted == whole and len(whole) == 6


def test_damaged_calls_are_named(founders):
    path = founders.normals[0].path("merged")
    path.write_bytes(path.read_bytes()[:60])
    with pytest.raises(UnreadableVcf, match=r"F0.vcf.gz is damaged"):
        list(founder_lines(founders.normals, CONTIGS, sequential))


def sequential(function, jobs):
    return [function(*job) for job in jobs]


def test_the_file_names_its_members_by_digests(founders, tmp_path):
    (tmp_path / "panel").mkdir()
    said = GENOME_PARTS[0](founders, {"assay": "wgs_rare"}, tmp_path / "panel")
    path = tmp_path / "panel" / FILES[0]
    assert said == "background.vcf.gz: 2 alleles that 2 or more of 10 unaffected founders have."
    assert read_members(path)["members"] == sorted(member(one.name) for one in founders.normals)
    with open_vcf(path) as lines:
        assert [info(line.rstrip().split("\t")[7])["PON_COUNT"] for line in lines if line[0] != "#"] == ["10", "3"]


def test_founders_with_nothing_in_common_or_too_few_have_no_file(founders, tmp_path):
    folder = tmp_path / "panel"
    folder.mkdir()
    few = founders._replace(normals=founders.normals[:9])
    assert (
        GENOME_PARTS[0](few, {}, folder) == "no background.vcf.gz: small variants were called in 9 unaffected founders."
    )
    strangers = [one for number in range(5) for one in add_case(tmp_path, f"S{number}", [])]
    said = GENOME_PARTS[0](founders._replace(normals=strangers), {}, folder)
    assert said == "no background.vcf.gz: 2 of 10 unaffected founders have no allele in common." and not list(
        folder.iterdir()
    )


def test_patients_are_not_counted(founders, tmp_path):
    (tmp_path / "panel").mkdir()
    normals = [*founders.normals, *add_case(tmp_path, "P", [("chr10", "50", "AC", "A", HET, HET, NONE)])]
    normals[-2] = normals[-2]._replace(is_affected=True)
    said = GENOME_PARTS[0](founders._replace(normals=normals), {}, tmp_path / "panel")
    assert said == "background.vcf.gz: 2 alleles that 2 or more of 11 unaffected founders have."
    with open_vcf(tmp_path / "panel" / FILES[0]) as lines:
        assert [info(line.rstrip().split("\t")[7])["PON_COUNT"] for line in lines if line[0] != "#"] == ["10", "3"]


@pytest.mark.parametrize(
    ("count", "total", "is_flagged"), [(4, 10, False), (5, 10, True), (6, 75, False), (7, 75, True), (43, 1000, False)]
)
def test_the_policy_flags_what_recurs(tmp_path, count, total, is_flagged):
    fields = '##INFO=<ID=PON_COUNT,Number=1,Type=Integer,Description="x">\n##gms_parts=normals\n'
    line = f"chr2\t9\t.\tA\tG\t90\t.\tPON_COUNT={count};PON_TOTAL={total}\tGT\t0/1\n"
    write_vcf([*header_lines(CONTIGS, fields, ["C"]), line], tmp_path / "a.vcf.gz")
    policy = load_policy(PROJECT / "config" / "filters" / "wgs_rare.yaml", "small")
    filter_vcf(tmp_path / "a.vcf.gz", policy, tmp_path / "f.vcf.gz", tmp_path / "r.vcf.gz", {"proband": "C"})
    with open_vcf(tmp_path / "f.vcf.gz") as lines:
        assert ("InNormals" in list(lines)[-1].split("\t")[6].split(";")) == is_flagged


def test_samples_of_the_case_are_taken_off_the_counts():
    columns = "\t".join(["#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO", "FORMAT", "F1c", "F1m", "F1f"])
    known = "chr2\t100\t.\tA\tG\t9\t.\tPON_COUNT=5;PON_TOTAL=10;PON_AF=0.5;GENE=X\tGT\t0/1\t0/1\t0/0\n"
    other = "chr2\t200\t.\tA\tG\t9\t.\tGENE=X\tGT\t0/1\t0/1\t0/0\n"
    members = {member("F1m"), member("F1f"), member("F2m")}
    found = list(without_own([f"{columns}\n", known, other], members))
    assert found[1] == known.replace("PON_COUNT=5;PON_TOTAL=10", "PON_COUNT=4;PON_TOTAL=8") and found[2] == other
    assert list(without_own([f"{columns}\n", known], {member("F2m")}))[1] == known


def test_a_run_takes_a_file_of_its_own_founders_where_persons_are_counted(founders, tmp_path):
    (tmp_path / "panel").mkdir()
    GENOME_PARTS[0](founders, {"assay": "wgs_rare"}, tmp_path / "panel")
    path = tmp_path / "panel" / FILES[0]
    case = SimpleNamespace(assay="wgs_rare", samples=[SimpleNamespace(name="F0m")])
    assay = SimpleNamespace(name="wgs_rare", normals=path, targets=None, callers={})
    run = SimpleNamespace(assays={"wgs_rare": assay}, cases={"F0": case}, configfile=tmp_path / "run.yaml")
    check_panels(run, findings := Findings(), dict, None)
    assert read_members(path)["by_genotype"] and not findings.problems
