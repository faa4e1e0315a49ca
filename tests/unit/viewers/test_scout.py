"""The files for Scout, read as Scout reads them: load config (its CaseLoader), CSQ, rank scores, models, compounds."""

import json

import pysam
import pytest
import yaml

from gms.annotation.transcripts import Transcript, to_line
from gms.genome.vcf import COLUMNS
from gms.viewers.consequences import Genes
from gms.viewers.scout import _large_once, _smn, write_scout
from gms.viewers.scout_records import Known, Shown, added, split_alleles

# Keys and values of scout/models/case/case_loading_models.py (CaseLoader, SampleLoader, VcfFiles).
CASE_KEYS = {"owner", "family", "family_name", "human_genome_build", "track", "analysis_date", "samples", "multiqc",
             "delivery_report", "phenotype_terms", "rank_model_version", "sv_rank_model_version", "vcf_snv", "vcf_sv",
             "vcf_str"}  # fmt: skip
SAMPLE_KEYS = {"sample_id", "sample_name", "analysis_type", "sex", "phenotype", "father", "mother", "alignment_path",
               "smn1_cn", "smn2_cn", "smn_27134_cn", "is_sma", "is_sma_carrier", "rhocall_bed",
               "upd_regions_bed"}  # fmt: skip
# scout/constants/so_terms.py: another term ends the loading of a case.
SO_TERMS = {"transcript_ablation", "splice_donor_variant", "splice_acceptor_variant", "stop_gained", "stop_lost",
            "frameshift_variant", "start_lost", "inframe_insertion", "inframe_deletion", "missense_variant",
            "protein_altering_variant", "transcript_amplification", "splice_region_variant", "synonymous_variant",
            "start_retained_variant", "stop_retained_variant", "coding_sequence_variant", "5_prime_UTR_variant",
            "3_prime_UTR_variant", "non_coding_transcript_exon_variant", "intron_variant", "upstream_gene_variant",
            "downstream_gene_variant", "feature_elongation", "feature_truncation"}  # fmt: skip
HEAD = """##fileformat=VCFv4.2
##contig=<ID=chr1,length=9000>
##contig=<ID=chrM,length=900>
{more}##FORMAT=<ID=GT,Number=1,Type=String,Description="g">
#CHROM	POS	ID	REF	ALT	QUAL	FILTER	INFO	FORMAT	child	mother
"""
FIELDS = {"GENE": "String", "CONSEQUENCE": "String", "IMPACT": "String", "TRANSCRIPT": "String", "REFSEQ": "String",
          "HGVSC": "String", "MODES": "String", "PARTNERS": "String", "POP_AF": "Float", "CLINVAR_ID": "String",
          "CLNSIG": "String", "CALLERS": "String", "OTHER_GENES": "String", "SVTYPE": "String", "END": "Integer",
          "SV_AF": "Float", "REPID": "String", "STR_STATUS": "String", "SAME_EVENT": "String"}  # fmt: skip
INFO = "".join(f'##INFO=<ID={name},Number=.,Type={kind},Description="x">\n' for name, kind in FIELDS.items())
SNVS = [
    "chr1 101 . A G 50 PASS GENE=AAA;CONSEQUENCE=disruptive_inframe_deletion&splice_region_variant;IMPACT=MODERATE;"
    "HGVSC=c.5A>G;TRANSCRIPT=T1.1;REFSEQ=NM_1.1;MODES=compound,de_novo;PARTNERS=chr1:201:C:T;POP_AF=0.001;"
    "CLINVAR_ID=77;CLNSIG=Pathogenic;OTHER_GENES=BBB|intron_variant|MODIFIER|||T2.1|||| GT 0/1 0/0",
    "chr1 201 . C T 50 PASS GENE=AAA;CONSEQUENCE=missense_variant;TRANSCRIPT=T1.1 GT 0/1 0/1",
    "chrM 30 . C T 50 PASS CALLERS=bcftools GT 0/1 0/1",
]
DELETION = "chr1 500 . N <DEL> 9 PASS SVTYPE=DEL;END=900;GENE=AAA;CONSEQUENCE=exon_loss_variant;SV_AF=0.01 GT 0/1 0/0"
MODELS = "chr1 x gene 91 300 . - . ID=gene:G1;Name=AAA;Dbxref=HGNC:5"
FINDINGS = [
    {
        "variants": ["chr1:101:A:G"],
        "score": 17,
        "score_terms": [
            {"category": "consequence", "score": 5, "terms": []},
            {"category": "inheritance_model", "score": 12, "terms": []},
        ],
    },
    {
        "variants": ["chr1:201:C:T"],
        "score": -2,
        "score_terms": [{"category": "compound_pair", "score": -2, "terms": []}],
    },
    {"variants": ["chr1:700:C:<STR40>"], "score": 25},
]


def columns(line):
    return "\t".join(line.split()) + "\n"


def put(path, lines, more=INFO):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(HEAD.format(more=more) + "".join(map(columns, lines)))
    pysam.tabix_index(str(path), preset="vcf", force=True)


@pytest.fixture
def results(tmp_path):
    """Results of a case: two SNVs in trans, a mitochondrial allele that both classes have, a deletion, a repeat."""
    put(tmp_path / "reported/F1.vcf", SNVS)
    put(tmp_path / "reported/mitochondrial/F1.vcf", ["chrM 30 . C T 50 PASS CALLERS=mitocounts GT 0/1 0/1"])
    put(tmp_path / "reported/structural/F1.vcf", [DELETION])
    same = DELETION.replace("SVTYPE=DEL", "SVTYPE=DEL;SAME_EVENT=chr1:500:N:<DEL>").replace("500", "400", 1)
    put(tmp_path / "reported/copy_number/F1.vcf", [same])
    state = "REPID=AAA_1;STR_STATUS=expanded;MODES=autosomal_dominant GT:STATUS 2/1:normal/expanded 0/2:normal/normal"
    put(tmp_path / "filtered/repeats/F1.vcf", [f"chr1 700 . C <STR40>,<STR9> . PASS {state}"])
    samples = [{"sample": "child", "role": "proband", "sex": "female", "affected": "yes"},
               {"sample": "mother", "role": "mother", "sex": "female", "affected": "unknown"}]  # fmt: skip
    document = {"case": {"case": "F1", "analysed": "2026-11-29"}, "samples": samples, "findings": FINDINGS}
    document |= {"ranking": {"model": {"version": "v0.4"}}, "phenotype": {"terms": [{"term": "HP:0001250"}]}}
    document["smn"] = [{"sample": "child", "results": [
        {"metric": "smn1_copies", "value": 1}, {"metric": "smn2_copies", "value": 2}]}]  # fmt: skip
    files = {"report/F1.json": document, "biomarkers/mother.smn.json": {"results": []}}  # not shown, as she is healthy
    run = {"contig": "chr1", "start": 11, "end": 2_000, "one_copy": False}
    files["regions/F1.json"] = {"runs": [run], "uniparental": []}
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(json.dumps(content))
    (tmp_path / "reference").mkdir()
    one = Transcript(
        "T1.1", "AAA", "G1", "chr1", False, "protein_coding", 0, False, "NM_1.1", ((90, 300),), (90, 300), 0
    )
    (tmp_path / "reference/transcripts.tsv").write_text(to_line(one) + "\n")
    (tmp_path / "genes.gff3").write_text(columns(MODELS))
    return tmp_path


@pytest.fixture
def config(results):
    path, *_ = write_scout(results, "F1", results / "genes.gff3", "cust002", "38")
    return yaml.safe_load(path.read_text())


def records(path):
    with pysam.VariantFile(path) as file:
        keys = [key.upper() for key in file.header.info["CSQ"].description.split("Format:")[1].strip().split("|")]
        for record in file:
            entries = [dict(zip(keys, entry.split("|"), strict=True)) for entry in record.info.get("CSQ", ())]
            yield record, entries


def test_the_load_config_has_what_scouts_loader_takes(config):
    assert set(config) <= CASE_KEYS and {"owner", "family", "human_genome_build"} <= set(config)
    child, mother = config["samples"]
    assert set(child) | set(mother) <= SAMPLE_KEYS
    assert (child["phenotype"], mother["phenotype"], child["mother"], child["father"]) == (
        "affected", "unknown", "mother", "0")  # fmt: skip
    assert (child["smn1_cn"], child["smn2_cn"], child["is_sma_carrier"]) == (1, 2, "True")
    assert config["phenotype_terms"] == ["HP:0001250"] and config["rank_model_version"] == "v0.4"
    assert "sv_rank_model_version" not in config and "smn1_cn" not in mother
    with open(child["rhocall_bed"]) as bed:
        assert bed.read().split("\t")[:4] == ["1", "10", "2000", "homozygous"]


@pytest.mark.parametrize(
    ("copies", "proven"),
    [
        ((None, None), {}),
        ((0, 3), {"is_sma": "True", "is_sma_carrier": "False"}),
        ((1, 2), {"is_sma_carrier": "True"}),  # ill, if this copy has a small variant
        ((2, 1), {"is_sma": "False"}),  # both may lie on one chromosome
    ],
)
def test_copies_of_smn1_say_no_more_than_they_prove(copies, proven):
    expected = {} if copies[0] is None else {"smn1_cn": copies[0], "smn2_cn": copies[1]}
    counted = {"results": [{"value": value} for value in copies], "evidence": None}
    assert _smn(counted) == expected | proven
    hint = {"smn_27134_cn": 1} if expected else {}
    assert _smn({**counted, "evidence": {"g27134": {"copies": 1}}}) == expected | proven | hint


def test_every_gene_of_a_record_is_an_entry_of_csq(config):
    (record, (shown, other)), *_ = records(config["vcf_snv"])
    assert shown["HGNC_ID"] == "HGNC:5" and shown["MANE_SELECT"] == "NM_1.1" and shown["STRAND"] == "-1"
    assert (
        shown["HGVSC"].split(":")[-1] == "c.5A>G" and shown["CONSEQUENCE"] == "inframe_deletion&splice_region_variant"
    )
    assert (other["SYMBOL"], other["HGNC_ID"]) == ("BBB", "")
    assert round(record.info["GNOMADAF"], 6) == 0.001 and record.info["CLNVID"] == "77"


def test_scores_models_and_pairs_are_of_the_family(config):
    (first, _), (second, _), *_ = records(config["vcf_snv"])
    assert first.info["RankScore"] == ("F1:17",) and second.info["RankScore"] == ("F1:-2",)
    assert first.info["GeneticModels"] == ("F1:AR_comp|AD_dn",)
    assert first.info["Compounds"] == ("F1:1_201_C_T>15",)


def test_points_are_in_the_order_of_the_categories_in_the_header(config):
    """As scout/parse/variant/headers.py and variant.py read them."""
    with pysam.VariantFile(config["vcf_snv"]) as file:
        categories = file.header.info["RankResult"].description.split("|")
        found = [one.info.get("RankResult") for one in file]
    points = [one and dict(zip(categories, map(int, one.split("|")), strict=True)) for one in found]
    assert points[:2] == [
        {"consequence": 5, "inheritance_model": 12, "compound_pair": 0},
        {"consequence": 0, "inheritance_model": 0, "compound_pair": -2},
    ]
    assert points[2] is None  # the allele of the mitochondrion has no rank
    with pysam.VariantFile(config["vcf_str"]) as file:
        assert "RankResult" not in file.header.info


def test_terms_are_those_that_scout_knows(config):
    entries = [entry for key in ("vcf_snv", "vcf_sv") for _, found in records(config[key]) for entry in found]
    assert {term for entry in entries for term in entry["CONSEQUENCE"].split("&")} <= SO_TERMS


def test_mitochondrial_alleles_are_those_of_their_own_class(config):
    found = [record for record, _ in records(config["vcf_snv"]) if record.chrom == "chrM"]
    assert [record.info["CALLERS"] for record in found] == [("mitocounts",)]


def test_records_have_one_allele_and_events_one_record(config):
    with pysam.VariantFile(config["vcf_str"]) as file:
        found = [(one.alts, [one.samples[n]["GT"] for n in (0, 1)], dict(one.info)) for one in file]
    assert [one[:2] for one in found] == [(("<STR40>",), [(0, 1), (0, 0)]), (("<STR9>",), [(1, 0), (0, 1)])]
    assert [info["STR_STATUS"] for *_, info in found] == [("expanded",), ("normal",)]
    assert [info.get("RankScore") for *_, info in found] == [("F1:25",), None]
    assert [info.get("GeneticModels") for *_, info in found] == [("F1:AD",), None]
    ((deletion, _),) = records(config["vcf_sv"])
    assert deletion.stop == 900 and round(deletion.info["gnomad_svAF"], 6) == 0.01


def test_an_event_that_extends_beyond_the_one_of_another_class_is_a_record_too(tmp_path):
    put(tmp_path / "structural.vcf", [DELETION])
    once = _large_once([tmp_path / "structural.vcf.gz"])
    more = "SVTYPE=DEL;SAME_EVENT=chr1:500:N:<DEL>"
    assert [once(["chr1", "400", ".", "N", "<DEL>", "9", "PASS", info]) for info in (more, f"{more};EXTENDS")] == [
        False,
        True,
    ]


def test_partners_of_unknown_phase_are_compounds_too():
    info = "MODES=compound;PARTNERS=chr1:5:A:T;PARTNERS_UNPHASED=chr1:7:C:G"
    fields = ["chr1", "3", ".", "A", "G", "9", "PASS", info, "GT", "0/1"]
    scores = {"chr1:3:A:G": 5, "chr1:7:C:G": 4}
    assert "Compounds=F1:1_5_A_T|1_7_C_G>9" in list(added(fields, Known("F1", Genes({}, {}), scores)))


def compounds(value: str) -> list[tuple[str, float]]:
    """Names and scores as scout/parse/variant/compound.py takes them."""
    entries = [one.split(">") for family in value.split(",") for one in family.split(":")[1].split("|")]
    return [(one[0], float(one[1]) if len(one) > 1 else 0.0) for one in entries]


@pytest.mark.parametrize(
    ("large", "expected"),
    [(large, [("1_5_A_T", 9.0)]) for large in ("chr1:5000:A:<DEL>", "chr1:7:A:A[chr2:9[", "chr1:7:A:<INS:ME:ALU>")],
)
def test_partners_that_scout_cannot_name_are_left_out(large, expected):
    fields = ["chr1", "3", ".", "A", "G", "9", "PASS", f"MODES=compound;PARTNERS={large},chr1:5:A:T", "GT", "0/1"]
    known = Known("F1", Genes({}, {}), {"chr1:3:A:G": 5, "chr1:5:A:T": 4, large: 10})
    (value,) = (one.removeprefix("Compounds=") for one in added(fields, known) if one.startswith("Compounds"))
    assert compounds(value) == expected
    fields[7] = f"MODES=compound;PARTNERS_UNPHASED={large}"
    assert not any(one.startswith("Compounds") for one in added(fields, known))


def test_a_premutation_has_the_name_that_stranger_gives_it():
    info, sample = "STR_STATUS=premutation", "0/1:normal/premutation"
    fields = ["chrX", "3", ".", "A", "<STR>", ".", "PASS", info, "GT:STATUS", sample]
    assert [record[7] for record in split_alleles(fields)] == ["STR_STATUS=pre_mutation"]


def test_what_the_report_withholds_is_not_handed_over(tmp_path):
    rows = [
        "chr1\t1\t.\tA\tT\t9\tPASS\tHGVSG=chr1:g.1A>T;PARTNERS=chr1:2:C:G,chr1:3:A:T;MODES=compound\tGT\t0/1\t1/1",
        "chr1\t2\t.\tC\tG\t9\tPASS\tPARTNERS=chr1:1:A:T\tGT\t0/1\t0/1",
        "chr1\t3\t.\tA\tT\t9\tPASS\tMODES=de_novo;UNAFFECTED_WITH=mother;GENE=AAA;IN_CIS=chr1:2:C:G\tGT\t0/1\t0/0",
        "chr1\t4\t.\tA\t<DEL>\t9\tPASS\tHGVSG=chr1:g.1A>T\tGT\t0/1\t0/0",
        "chr1\t5\t.\tA\t<DUP>\t9\tPASS\tORIGIN=maternal;PARENTS_WITH=mother;GENE=AAA\tGT\t0/1\t0/1",
    ]
    path = tmp_path / "reported.vcf"
    path.write_text("##fileformat=VCFv4.3\n" + "\t".join([*COLUMNS, "C", "M"]) + "\n" + "\n".join(rows) + "\n")
    found = [
        {"variants": ["chr1:1:A:T"], "hgvs": {"g": "chr1:g.1A>T"}, "section": "recessive"},
        {
            "variants": ["chr1:3:A:T"],
            "hgvs": {"g": None},
            "section": "secondary",
            "same_event": {"variants": ["chr1:5:A:<DUP>"]},
        },
    ]
    shown = Shown({"samples": [{"sample": "C"}], "findings": found}, [path])
    assert shown.withheld == {"chr1:2:C:G"}  # chr1:4 is what chr1:1 is
    first, apart, same = (shown.record(rows[number].split("\t"), ["C", "M"]) for number in (0, 2, 4))
    assert first[7] == "HGVSG=chr1:g.1A>T;PARTNERS=chr1:3:A:T;MODES=compound" and first[9:] == ["0/1", "1/1"]
    assert apart[7] == same[7] == "GENE=AAA" and apart[9:] == same[9:] == ["0/1", "./."]
