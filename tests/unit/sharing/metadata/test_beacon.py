"""Beacon v2 entries; tests/integration/test_standards.py validates them with bff-tools."""

import json

from described import NAMES, PAIR, facts, package, record
from gms.sharing.metadata.beacon import write_beacon
from gms.sharing.metadata.classifications import Alleles
from gms.sharing.metadata.variants import read_variants

INFO = "CALLERS=bcftools,other;GENE=ABCA4;CONSEQUENCE=missense_variant;HGVSC=c.1A>G;HGVSP=p.M1V;TRANSCRIPT=ENST1"


def entries(tmp_path, given, records):
    plain = package(tmp_path, given, records)
    variants = read_variants(plain / "data" / f"{given.case}.vcf.gz")
    ids = {v.key: f"ga4gh:VA.{number}" for number, v in enumerate(variants) if v.literal}
    write_beacon(plain, given, Alleles(variants, ids, {"chr1": "SQ.1"}, {}))
    folder = plain / "metadata" / "beacon"
    return {path.stem: json.loads(path.read_text()) for path in folder.iterdir()}


def test_a_family(tmp_path):
    given = facts(individuals={"person-1": {"birth_date": "2015-01-01", "sampled": "2025-01-02"}})
    found = entries(
        tmp_path, given, [record("chr1", 5, "AC", "A", "0/1", "1/1", "0/0", info=INFO.replace("M1V", "(M1%3D)"))]
    )
    assert [row["sex"]["id"] for row in found["individuals"]] == ["NCIT:C20197", "NCIT:C16576", "NCIT:C20197"]
    assert [row.get("collectionMoment") for row in found["biosamples"]] == ["P10Y", None, None]
    (variation,) = found["genomicVariations"]
    assert variation["variantInternalId"] == "ga4gh:VA.0"
    assert variation["variation"]["location"]["sequence_id"] == "ga4gh:SQ.1"
    assert variation["_position"] == {"assemblyId": "GRCh38", "refseqId": "chr1", "start": [4], "end": [6]}
    assert variation["molecularAttributes"]["molecularEffects"] == [{"id": "SO:0001583", "label": "missense_variant"}]
    assert variation["molecularAttributes"]["aminoacidChanges"] == ["p.(M1=)"]
    assert [case["zygosity"]["label"] for case in variation["caseLevelData"]] == ["heterozygous", "homozygous"]
    assert {case["alleleOrigin"]["label"] for case in variation["caseLevelData"]} == {"germline variant"}
    assert found["analyses"][0]["variantCaller"] == "bcftools-1.16" and found["analyses"][0]["aligner"] == "bwa-0.7.17"


def test_terms_of_use(tmp_path):
    given = facts(data_use=("DS MONDO:0005105", "IRB", "TS 2028-12-31"))
    uses = entries(tmp_path, given, [])["datasets"][0]["dataUseConditions"]["duoDataUse"]
    assert [(use["id"], use.get("modifiers"), use.get("value")) for use in uses] == [
        ("DUO:0000007", [{"id": "MONDO:0005105"}], None),
        ("DUO:0000021", None, None),
        ("DUO:0000025", None, "2028-12-31"),
    ]


def test_without_germline_variants_no_zygosity_no_normal_and_no_germline_word(tmp_path):
    given = facts(members=PAIR, categories=["somatic_variants"])
    found = entries(tmp_path, given, [record("chr1", 5, "A", "G", "0/1", "0/1", info=INFO)])
    (case,) = found["genomicVariations"][0]["caseLevelData"]
    assert case["biosampleId"] == given.pseudonyms.sample("lump-1")
    assert case["alleleOrigin"]["label"] == "somatic variant"
    text = json.dumps(found)
    assert "zygosity" not in text and "germline" not in text and "GENO:" not in text
    assert found["runs"][0]["libraryStrategy"] == "Targeted-Capture"


def test_what_nobody_carries_and_symbolic_alleles_are_left_out(tmp_path):
    records = [record("chr1", 5, "A", "G", "0/0", "./.", "0/0"), record("chr1", 9, "A", "<DEL>", "0/1", "0/1", "0/1")]
    found = entries(tmp_path, facts(), records)
    assert found["genomicVariations"] == []
    assert "variantCaller" in found["analyses"][0]


def test_no_local_name_and_no_date_but_the_study_s(tmp_path):
    known = {"birth_date": "2015-01-01", "sampled": "2025-01-02"}
    text = json.dumps(entries(tmp_path, facts(individuals={"person-1": known}), []))
    assert not [word for word in (*NAMES, "2015", "2025", "2026-06-01", str(tmp_path)) if word in text]
    assert "2026-02-01" in text
