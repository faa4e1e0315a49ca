import random
from collections import Counter

import pysam
import pytest

from gms.annotation.annotate import (
    Knowledge,
    annotate,
    hotspot_fields,
    in_target,
    load_knowledge,
    read_hotspots,
)
from gms.annotation.changes import Sequence, duplication_fields
from gms.annotation.commands import counting, knowledge_commands, near_alleles, present_parts
from gms.annotation.facts import Facts
from gms.annotation.transcripts import Transcripts
from gms.families.relatives import Member
from gms.genome import known_parts
from gms.genome.alleles import Allele, left_align
from gms.genome.known_parts import with_known_parts
from gms.genome.vcf import write_vcf
from gms.qc.regions import read_positions

TRIO = [Member("proband", "male", "yes"), Member("mother", "female", "no"), Member("father", "male", "no")]
COLUMNS = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tchild\tmother\tfather\n"
HOTSPOTS = """\
##fileformat=VCFv4.2
##contig=<ID=chr7,length=1000>
##INFO=<ID=HOTSPOT,Number=1,Type=String,Description="Name">
#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO
chr7\t100\t.\tGCA\t.\t.\t.\tHOTSPOT=BRAF_V600
chr7\t101\t.\tC\tT\t.\t.\tHOTSPOT=BRAF_V600E
chr7\t200\t.\tTAAA\tTA\t.\t.\tHOTSPOT=EGFR_ex19del
"""


@pytest.fixture
def hotspots(tmp_path):
    write_vcf(HOTSPOTS.splitlines(True), tmp_path / "hotspots.vcf.gz")
    return read_hotspots(str(tmp_path / "hotspots.vcf.gz"), None)


@pytest.mark.parametrize("allele, exact, position", [
    ((100, "C", "T"), "BRAF_V600E", "BRAF_V600"),
    ((100, "C", "G"), None, "BRAF_V600"),
    ((99, "G", "A"), None, "BRAF_V600"),
    ((101, "A", "G"), None, "BRAF_V600"),
    ((98, "A", "G"), None, None),
    ((102, "T", "G"), None, None),
    ((98, "AG", "A"), None, "BRAF_V600"),  # the G at 100 is lost
    ((101, "AT", "A"), None, None),  # the base before is kept
    ((95, "ACCCCCC", "A"), None, "BRAF_V600"),
    ((99, "G", "GTT"), None, "BRAF_V600"),  # between two of its bases
    ((101, "AT", "GC"), None, "BRAF_V600"),  # its first base alone is of the hotspot
    ((98, "AG", "TC"), None, "BRAF_V600"),
    ((102, "TT", "GC"), None, None),
    ((199, "TAA", "T"), "EGFR_ex19del", None),  # spelled longer in the file
    ((199, "TA", "T"), None, None),  # there another allele
])  # fmt: skip
def test_hotspots_by_allele_and_by_position(hotspots, allele, exact, position):
    found = hotspot_fields("chr7", Allele(*allele), hotspots)
    assert (found.get("HOTSPOT"), found.get("HOTSPOT_POSITION")) == (exact, position)
    assert hotspot_fields("chr8", Allele(*allele), hotspots) == {}


@pytest.mark.parametrize("allele, repeat, position", [
    ((95, "A", "ACT"), 2, None),
    ((95, "A", "ACT"), 4, "BRAF_V600"),  # HGVS has it behind the repeat, at 100
    ((95, "AC", "A"), 4, "BRAF_V600"),
    ((95, "A", "T"), 0, None),
])  # fmt: skip
def test_an_indel_changes_a_hotspot_position_in_any_of_its_placements(hotspots, allele, repeat, position):
    assert hotspot_fields("chr7", Allele(*allele), hotspots, repeat).get("HOTSPOT_POSITION") == position


def test_hotspots_to_the_right_are_left_aligned(tmp_path):
    (tmp_path / "genome.fa").write_text(">chr7\nGATCTCTCTCAGGT\n")
    bases = Sequence(pysam.FastaFile(str(tmp_path / "genome.fa")))
    right = HOTSPOTS.partition("chr7\t100")[0] + "chr7\t10\t.\tC\tCTC\t.\t.\tHOTSPOT=NPM1\n"
    write_vcf(right.splitlines(True), tmp_path / "hotspots.vcf.gz")
    found = read_hotspots(str(tmp_path / "hotspots.vcf.gz"), bases)
    assert found == {("chr7", 1): [(Allele(1, "A", "ATC"), "NPM1")]}


@pytest.mark.parametrize(("definition", "text", "name"), [
    ("Number=1,Type=String", ".", None), ("Number=1,Type=String", "HOTSPOT=.", None),
    ("Number=.,Type=String", "HOTSPOT=.", None), ("Number=0,Type=Flag", "HOTSPOT", None),
    ("Number=1,Type=Integer", "HOTSPOT=.", None), ("Number=1,Type=Integer", "HOTSPOT=1", "1"),
    ("Number=.,Type=Integer", "HOTSPOT=7,12", "7_12"), ("Number=.,Type=String", "HOTSPOT=A,.,B", "A_B"),
    (None, ".", None),
])  # fmt: skip
def test_entries_of_a_list_have_names_of_any_type_or_of_their_place(tmp_path, definition, text, name):
    head = HOTSPOTS.partition("chr7\t100")[0]
    name_of = "HOTSPOT" if definition else "OTHER"
    defined = head.replace("HOTSPOT,Number=1,Type=String", f"{name_of},{definition or 'Number=1,Type=String'}")
    write_vcf([*defined.splitlines(True), f"chr7\t101\t.\tc\tt\t.\t.\t{text}\n"], tmp_path / "hotspots.vcf.gz")
    found = read_hotspots(str(tmp_path / "hotspots.vcf.gz"), None)
    assert hotspot_fields("chr7", Allele(100, "C", "T"), found) == {"HOTSPOT": name or "chr7_101"}
    [region] = read_positions(tmp_path / "hotspots.vcf.gz", "@")
    assert region.name == f"@{name or 'c>t'}:100-101:101:C:T"


@pytest.mark.parametrize("allele, expected", [
    ((10, "A", "C"), True),
    ((9, "A", "C"), False),
    ((19, "A", "C"), True),
    ((20, "A", "C"), False),
    ((9, "A", "AC"), True),  # inserted before its first base
    ((19, "A", "AC"), True),
    ((20, "A", "AC"), False),
    ((7, "ACC", "A"), False),
    ((7, "ACCC", "A"), True),
    ((5, "A" + "C" * 30, "A"), True),  # the whole target is lost
])  # fmt: skip
def test_targets(tmp_path, allele, expected):
    (tmp_path / "targets.bed").write_text("chr1\t10\t20\nchr1\t50\t60\n")
    targets = load_knowledge({"targets": str(tmp_path / "targets.bed")}, [], []).targets
    assert in_target("chr1", Allele(*allele), targets) is expected
    assert in_target("chr2", Allele(*allele), targets) is False


def test_an_indel_in_a_repeat_that_reaches_a_target_is_in_it(tmp_path):
    (tmp_path / "targets.bed").write_text("chr1\t10\t20\n")
    targets = load_knowledge({"targets": str(tmp_path / "targets.bed")}, [], []).targets
    assert not in_target("chr1", Allele(3, "AC", "A"), targets, repeat=6)
    assert in_target("chr1", Allele(3, "AC", "A"), targets, repeat=7)


def annotated(lines: list[str], **known) -> list[str]:
    knowledge = {
        "transcripts": None,
        "bases": None,
        "facts": Facts(),
        "hotspots": None,
        "targets": None,
        "members": TRIO,
        "parts": [],
    }
    return list(annotate(lines, Knowledge(**{**knowledge, **known})))


def record(info: str = "RPT=0", *genotypes: str) -> str:
    samples = "\t".join(f"{genotype}:30:99" for genotype in genotypes or ("0/1", "0/0", "0/0"))
    return f"chr7\t101\t.\tC\tT\t50\t.\t{info}\tGT:DP:GQ\t{samples}\n"


def test_fields_of_all_parts_are_defined_once_whatever_was_given():
    ours = '##INFO=<ID=POP_AF,Number=1,Type=Float,Description="from bcftools">\n'
    text = "".join(annotated(["##fileformat=VCFv4.2\n", ours, COLUMNS], parts=["population", "targets"]))
    defined = [line.split(",")[0] for line in text.splitlines() if line.startswith("##INFO")]
    assert len(defined) == len(set(defined))
    assert {"##INFO=<ID=CLNSIG", "##INFO=<ID=HOTSPOT", "##INFO=<ID=PON_SD"} <= set(defined)
    assert ours in text
    assert text.endswith(f"##gms_parts=population,targets\n{COLUMNS}")


def test_fields_of_the_parts_of_joined_alleles_are_defined():
    """The next step of the stream defines them before the line of columns."""
    joined = record("RPT=0;PARTS=1:100:A:T")
    header = [line for line in with_known_parts(annotated([COLUMNS, joined])) if line.startswith("#")]
    assert header[-2] == known_parts.HEADER and header[-1] == COLUMNS


def test_output_is_vcf(tmp_path):
    header = ["##fileformat=VCFv4.2\n", "##contig=<ID=chr7,length=1000>\n"]
    header += [f'##{kind}=<ID={name},Number=1,Type={type_},Description="x">\n' for kind, name, type_ in
               (("INFO", "RPT", "Integer"), ("FORMAT", "GT", "String"), ("FORMAT", "DP", "Integer"),
                ("FORMAT", "GQ", "Integer"))]  # fmt: skip
    write_vcf(annotated([*header, COLUMNS, record()], parts=["family"]), tmp_path / "out.vcf.gz")
    with pysam.VariantFile(tmp_path / "out.vcf.gz") as records:
        (found,) = records.fetch("chr7", 100, 101)
    assert (found.info["INHERITANCE"], found.samples["child"]["DP"]) == ("de_novo", 30)


def test_nothing_is_added_where_nothing_is_known():
    assert annotated([record()]) == [record()]


def test_knowledge_is_put_into_info(hotspots, tmp_path):
    (tmp_path / "genome.fa").write_text(f">chr7\n{'ACGT' * 25}CTG{'ACGT' * 20}\n")
    gene = "chr7\t90\t110\tENST1.2\tBRAF\tENSG1\t1\tmiRNA\t0\t0\tNR_1.1\t90-110\t\t0\n"
    (line,) = annotated(
        [record()],
        transcripts=Transcripts([gene]),
        bases=Sequence(pysam.FastaFile(str(tmp_path / "genome.fa"))),
        facts=Facts(frozenset(["BRAF"]), frozenset([("BRAF", "n.11C>T")]), {"chr7": "NC_7.1"}),
        hotspots=hotspots,
        parts=["family"],
    )
    assert line.split("\t")[7] == (
        "RPT=0;HGVSG=NC_7.1:g.101C>T;GENE=BRAF;CONSEQUENCE=non_coding_transcript_exon_variant;IMPACT=MODIFIER;"
        "HGVSC=n.11C>T;TRANSCRIPT=ENST1.2;REFSEQ=NR_1.1;EXON=1/1;FUNCTIONAL_RNA=yes;FREQUENCY_EXEMPT;"
        "HOTSPOT=BRAF_V600E;HOTSPOT_POSITION=BRAF_V600;MODES=de_novo,compound;INHERITANCE=de_novo;"
        "ORIGIN=maternal,paternal"
    )


@pytest.mark.parametrize("genotypes, expected", [
    (("0/1", "0/1", "0/0"), "INHERITANCE=compound;ORIGIN=maternal;PARENTS_WITH=mother;UNAFFECTED_WITH=mother"),
    (("1/1", "0/1", "0/1"), "MODES=recessive_homozygous;INHERITANCE=recessive_homozygous"),
    (("0/1", "./.", "0/0"), "MODES=de_novo,autosomal_dominant,compound;INHERITANCE=de_novo;ORIGIN=maternal"),
])  # fmt: skip
def test_inheritance_is_read_from_the_genotypes_in_sample_order(genotypes, expected):
    (line,) = annotated([record("RPT=0", *genotypes)], parts=["family"])
    assert f";{expected}" in line


def test_parts_are_those_given_and_the_family_of_a_proband():
    files = {"vcf": "a.vcf.gz", "transcripts": "t.tsv", "population": "p.vcf.gz", "targets": "t.bed"}
    assert present_parts(files, TRIO) == ["genes", "population", "targets", "family"]
    tumor = Member("tumor", "male", "unknown")
    assert present_parts(files, [tumor]) == ["genes", "population", "targets"]


def test_commands_draw_on_given_parts_only():
    assert knowledge_commands({"vcf": "merged.vcf.gz"}, {}) == "bcftools view --no-version merged.vcf.gz"
    files = {"vcf": "merged.vcf.gz", "fasta": "genome.fa", "population": "my refs/gnomad.vcf.gz", "mask": "m.bed.gz"}
    full = knowledge_commands(files, {"population": {"AF", "AN"}})
    assert "'my refs/gnomad.vcf.gz' | bcftools norm" in full and "--fasta-ref genome.fa" in full
    assert "INFO/POP_CANDIDATE_0:=INFO/AF,INFO/POP_ALLELES_0:=INFO/AN,INFO/POP_FILTER:=FILTER" in full
    assert "--annotations m.bed.gz" in full and "clinvar" not in full


def test_alleles_that_the_parts_know_are_counted():
    rows = ["POP_CANDIDATE_0=0.1;CLNSIG=x", "DP=3;POP_FILTER=PASS", "DP=3;XPOP_AF=1", "MASK"]
    lines = ["##x;MASK\n", *(f"chr1\t1\t.\tA\tC\t.\t.\t{info}\tGT\t0/1\n" for info in rows)]
    found = Counter()
    assert list(counting(lines, found)) == lines
    assert found == {"": 4, "population": 2, "clinvar": 1, "mask": 1}


def test_records_are_looked_up_near_alleles():
    records = ["#CHROM\n", "1\t500\t.\tA\tC\n", "1\t1800\t.\tACG\tA\n", "1\t9000\t.\tA\tC\n", "2\t5\t.\tA\tC\n"]
    assert list(near_alleles(records, "1")) == ["1\t0\t2803\n", "1\t8000\t10001\n", "2\t0\t1006\n"]
    assert list(near_alleles([], "1")) == ["1\t0\t1\n"]


def test_command_lines_and_paths_of_tools_leave_the_header():
    lines = ["##gms_merge=1\n", "##reference=file:///data/g.fa\n", "##source=/home/me/caller\n"]
    found = "".join(annotated([*lines, "##bcftools_viewCommand=view x\n", COLUMNS]))
    assert "gms_merge" in found and not any(word in found for word in ("Cmd", "Command", "file:", "/home"))


@pytest.mark.parametrize(
    "first, start, inserted, fields",
    [
        (0, 145, "", ";DUPLICATED=45"),
        (0, 145, "GTC", ";DUPLICATED=45;FILLER=GTC"),
        (0, 145, "GGGTCA", ";DUPLICATED=45;FILLER=GGGTCA"),
        (0, 100, "GTC", ";DUPLICATED=45;FILLER=GTC"),  # the copy is in front of what it repeats
        (40, 145, "", ""),  # 5 bases
        (39, 145, "", ";DUPLICATED=6"),
        (39, 145, "GTC" * 9, ";DUPLICATED=6;FILLER=" + "GTC" * 9),
    ],
)
def test_what_of_an_insertion_is_a_tandem_duplication(tmp_path, first, start, inserted, fields):
    generator = random.Random(3)
    sequence = "".join(generator.choice("ACGT") for _ in range(400))
    (tmp_path / "genome.fa").write_text(f">chr13\n{sequence}\n")
    bases = Sequence(pysam.FastaFile(str(tmp_path / "genome.fa")))
    copy = sequence[100 + first : 145]
    alt = inserted + copy if start == 145 else copy + inserted
    allele = Allele(start - 1, sequence[start - 1], sequence[start - 1] + alt)
    assert duplication_fields("chr13", allele, bases) == fields


@pytest.mark.parametrize(
    "copies, filler, fields",
    [
        ("dD", "", ";DUPLICATED=45"),  # the first copy differs from the reference
        ("Dd", "", ";DUPLICATED=45"),
        ("Dd", "GTC", ";DUPLICATED=45;FILLER=GTC"),
        ("dD", "GTC", ";DUPLICATED=45;FILLER=GTC"),
        ("DDD", "", ";DUPLICATED=45"),  # two further copies
        ("DeD", "", ";DUPLICATED=45;FILLER=e"),
    ],
)
def test_copies_that_differ_in_a_base_are_a_tandem_duplication(tmp_path, copies, filler, fields):
    """D is as in the reference, d differs in one base, e lacks ten."""
    generator = random.Random(4)
    sequence = "".join(generator.choice("ACGT") for _ in range(400))
    (tmp_path / "genome.fa").write_text(f">chr13\n{sequence}\n")
    own = sequence[100:145]
    texts = {"D": own, "d": own[:20] + "ACGT"["ACGT".index(own[20]) ^ 1] + own[21:], "e": own[:10] + own[20:]}
    whole = filler.join(texts[letter] for letter in copies)
    allele = left_align(Allele(99, sequence[99:145], sequence[99] + whole), sequence)
    expected = fields.replace("=e", f"={texts['e']}")
    assert duplication_fields("chr13", allele, Sequence(pysam.FastaFile(str(tmp_path / "genome.fa")))) == expected
