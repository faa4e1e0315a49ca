"""What of a reported VCF leaves, of families and of tumours."""

import gzip

import pysam
import pytest

from gms.base.errors import GmsError
from gms.sharing.deidentify.variants import deidentify_variants
from reported_vcf import FAMILY, MEMBERS, PAIR, family_line, header, tumor_line, write

NAMES = {sample: f"S{sample.upper()}X" for sample in ("child", "mother", "father", "tumor", "normal")}


def deidentified(tmp_path, samples, lines, shared, categories, kind):
    """Header, records (fields) and counts of the deidentified VCF."""
    source, out = tmp_path / "case.vcf.gz", tmp_path / "C1.vcf.gz"
    write(source, samples, lines)
    counts = deidentify_variants(source, out, [MEMBERS[name] for name in shared], NAMES, categories, kind)
    text = gzip.decompress(out.read_bytes()).decode().splitlines()
    head = [line for line in text if line.startswith("#")]
    return head, [line.split("\t") for line in text[len(head) :]], counts


def keys(record):
    return {part.partition("=")[0] for part in record[7].split(";")}


def test_a_family_that_shares_keeps_what_its_genotypes_say(tmp_path):
    lines = [family_line(100, ["0/1", "0/1", "0/0"])]
    head, [record], counts = deidentified(tmp_path, FAMILY, lines, FAMILY, {"germline_variants"}, "germline")
    assert head[-1].split("\t")[9:] == ["SCHILDX", "SMOTHERX", "SFATHERX"]
    assert keys(record) >= {
        "INHERITANCE",
        "SECTION",
        "HAPLOTYPE",
        "RESCUED",
        "RESCUED_FROM",
        "PARTS",
        "HGVSP",
        "POP_AF",
    }
    assert record[9:] == ["0/1:10,9:19", "0/1:10,9:19", "0/0:10,9:19"]
    assert counts.kept == 1 and counts.removed == {}


def test_nothing_of_a_left_out_father_is_left(tmp_path):
    lines = [family_line(100, ["0/1", "0/0", "0/1"]), family_line(200, ["0/0", "0/0", "1/1"])]
    head, records, counts = deidentified(
        tmp_path, FAMILY, lines, ["child", "mother"], {"germline_variants"}, "germline"
    )
    assert [record[1] for record in records] == ["100"] and counts.removed == {"only_others_carry_it": 1}
    assert records[0][9:] == ["0/1:10,9:19", "0/0:10,9:19"]
    told = {"INHERITANCE", "SECTION", "RESCUED", "RESCUED_FROM", "HAPLOTYPE", "NLOD"}
    assert keys(records[0]) & told == set()
    assert [line for line in head for word in told if f"ID={word}," in line] == []
    assert "##gms_parts=genes,population" in head
    assert keys(records[0]) >= {"PARTS", "HGVSP"}  # of the child's own molecules


def test_the_header_and_the_records_have_known_fields_only(tmp_path):
    head, [record], _ = deidentified(
        tmp_path, FAMILY, [family_line(100, ["0/1"] * 3)], FAMILY, {"germline_variants"}, "germline"
    )
    text = "\n".join([*head, "\t".join(record)])
    telling = ["child", "mother", "father", "anna", "/home", "bcftools_viewCommand", "SAMPLE", "PEDIGREE", "rs123"]
    assert [word for word in telling if word in text] == []
    assert keys(record) & {"PON_COUNT", "PON_AF", "LOCAL_NOTE"} == set() and record[2] == "."
    assert record[8] == "GT:AD:DP"  # not the local FORMAT field
    assert "##contig=<ID=chr1,length=5000>" in head
    assert '##FILTER=<ID=PASS,Description="All filters passed">' in head
    assert '##INFO=<ID=POP_AF,Number=A,Type=Float,Description="Allele frequency, \\"all\\""' + ">" in head


def test_the_file_is_a_vcf_with_an_index(tmp_path):
    deidentified(
        tmp_path,
        FAMILY,
        [family_line(100, ["0/1"] * 3), family_line(900, ["0/1"] * 3)],
        FAMILY,
        {"germline_variants"},
        "germline",
    )
    with pysam.VariantFile(str(tmp_path / "C1.vcf.gz")) as records:
        assert [record.pos for record in records.fetch("chr1", 800, 1000)] == [900]
    assert (tmp_path / "C1.vcf.gz").read_bytes()[3] == 4  # BGZF's own extra field alone: no file name
    assert (tmp_path / "C1.vcf.gz").read_bytes()[4:8] == b"\0" * 4  # no time


def test_the_same_input_gives_the_same_bytes(tmp_path):
    first, second = [], []
    for run in (first, second):
        folder = tmp_path / str(len(first))
        folder.mkdir()
        deidentified(folder, PAIR, [tumor_line(100)], PAIR, {"somatic_variants"}, "somatic")
        run += [(folder / f"C1.vcf.gz{suffix}").read_bytes() for suffix in ("", ".tbi")]
    assert first == second


def test_a_somatic_study_gets_no_normal_and_nothing_inherited(tmp_path):
    lines = [
        tumor_line(100, nlod=8.0),
        tumor_line(200, normal="0/1:15,15:30", nlod=-40.0, info="HOTSPOT=TP53_R248"),
        tumor_line(300, normal="0/0:24,6:30", nlod=3.0),
        tumor_line(400, nlod=2.1),
        tumor_line(500, nlod=5.0, info="POP_AF=0.0004"),
        tumor_line(600, nlod=6.0, info="POP_AF=0.0004"),
        tumor_line(700, contig="chrM", nlod=9.0),
        tumor_line(800, nlod=9.0, flag="LowVaf"),
        tumor_line(900, nlod=None),
    ]
    head, records, counts = deidentified(tmp_path, PAIR, lines, PAIR, {"somatic_variants"}, "somatic")
    assert [record[1] for record in records] == ["100", "600"]
    assert head[-1].split("\t")[9:] == ["STUMORX"]
    assert {len(record) for record in records} == {10}
    assert not keys(records[0]) & {"NLOD", "HAPLOTYPE", "SECTION", "RESCUED", "RESCUED_FROM", "PON_COUNT"}
    removed = {"in_normal": 2, "mitochondrial": 1, "normal_does_not_exclude": 3, "not_reported": 1}
    assert counts.kept == 2 and counts.removed == removed


def test_a_study_of_both_categories_keeps_the_normal(tmp_path):
    lines = [tumor_line(200, normal="0/1:15,15:30", nlod=-40.0)]
    both = {"somatic_variants", "germline_variants"}
    head, [record], _ = deidentified(tmp_path, PAIR, lines, PAIR, both, "somatic")
    assert head[-1].split("\t")[9:] == ["STUMORX", "SNORMALX"] and keys(record) >= {"NLOD", "SECTION"}


def test_a_left_out_normal_is_evidence_and_nothing_else(tmp_path):
    lines = [tumor_line(100, nlod=8.0), tumor_line(200, normal="0/1:15,15:30", nlod=-40.0)]
    head, records, _ = deidentified(tmp_path, PAIR, lines, ["tumor"], {"somatic_variants"}, "somatic")
    assert [record[1] for record in records] == ["100"] and head[-1].split("\t")[9:] == ["STUMORX"]


def joined_line(nlod, fraction, **more):
    parts = f"PARTS=chr1:100:C:T,chr1:101:G:A;NLOD_PARTS={nlod};NORMAL_PARTS={fraction};HGVSP=p.Arg5Tyr"
    return tumor_line(100, "CG", "TA", info=parts, **more)


def test_a_joined_allele_part_of_which_is_inherited_does_not_leave(tmp_path):
    lines = [joined_line(-40.0, 0.5), joined_line(5.0, 0.0), joined_line(8.0, 0.2)]
    _, records, counts = deidentified(tmp_path, PAIR, lines, PAIR, {"somatic_variants"}, "somatic")
    assert records == [] and counts.removed == {"part_may_be_inherited": 3}


def test_a_joined_allele_all_parts_of_which_are_acquired_leaves(tmp_path):
    _, [record], _ = deidentified(tmp_path, PAIR, [joined_line(8.0, 0.0)], PAIR, {"somatic_variants"}, "somatic")
    assert keys(record) == {"TLOD", "PARTS", "HGVSP"}


def test_without_a_normal_no_joined_allele_leaves(tmp_path):
    line = joined_line(8.0, 0.0, tumor="0/1:90,10:100", normal=None)
    _, records, counts = deidentified(tmp_path, ["tumor"], [line], ["tumor"], {"somatic_variants"}, "somatic")
    assert records == [] and counts.removed == {"part_may_be_inherited": 1}


def test_a_tumor_alone(tmp_path):
    lines = [
        tumor_line(100, tumor="0/1:90,10:100", normal=None),
        tumor_line(200, tumor="0/1:52,48:100", normal=None, info="HOTSPOT=TP53_R248"),
        tumor_line(300, tumor="0/1:90,10:100", normal=None, info="POP_AF=0.0001"),
        tumor_line(400, tumor="0/1:9,1:10", normal=None),
    ]
    _, records, counts = deidentified(tmp_path, ["tumor"], lines, ["tumor"], {"somatic_variants"}, "somatic")
    assert [record[1] for record in records] == ["100"]
    assert counts.removed == {"fraction_of_inherited": 2, "in_population": 1}


@pytest.mark.parametrize(
    "categories, kind, shared, said",
    [
        ({"somatic_variants", "reads"}, "germline", PAIR, "lack germline_variants"),
        ({"germline_variants"}, "somatic", PAIR, "lack somatic_variants"),
        ({"somatic_variants"}, "somatic", ["normal"], "is to be shared"),
        ({"somatic_variants"}, "somatic", ["mother"], "lacks a sample"),
    ],
)
def test_what_is_refused(tmp_path, categories, kind, shared, said):
    with pytest.raises(GmsError, match=said):
        deidentified(tmp_path, PAIR, [tumor_line(100)], shared, categories, kind)
    assert not (tmp_path / "C1.vcf.gz").exists()


def test_header_of_the_helper_has_what_must_not_leave():
    assert [word for word in ("anna", "/home", "SAMPLE", "PEDIGREE", "assembly") if word not in header(FAMILY)] == []
