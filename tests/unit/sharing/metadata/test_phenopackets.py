"""Phenopackets: read back by the library, complete by our own check, without anything that names a person."""

import json

import phenopackets as pps
import pytest
from google.protobuf.json_format import Parse

from described import NAMES, PAIR, facts, package, record
from gms.sharing.metadata.classifications import Alleles, Classification
from gms.sharing.metadata.model import MetadataUnusable
from gms.sharing.metadata.phenopackets import MAPS, missing, write_phenopackets
from gms.sharing.metadata.variants import read_variants

STARGARDT = {"disease": "MONDO:0009549", "disease_label": "of Anna Andersson"}
TWO = [record("chr1", 5, "A", "G", "0/1", "0/0", "0/1"), record("chrX", 50_000_000, "C", "T", "1", "0/1", "0")]


def packets(tmp_path, given, records, significance=None):
    plain = package(tmp_path, given, records)
    variants = read_variants(plain / "data" / f"{given.case}.vcf.gz")
    found = {v.key: Classification(2, None, v, significance, None) for v in variants if significance}
    ids = {v.key: f"ga4gh:VA.{number}" for number, v in enumerate(variants)}
    write_phenopackets(plain, given, Alleles(variants, ids, {}, found))
    texts = {path.name.split(".")[0]: path.read_text() for path in (plain / "metadata").glob("*.phenopacket.json")}
    return {given_id: (Parse(text, pps.Phenopacket()), text) for given_id, text in texts.items()}


def test_one_for_each_individual_of_a_family(tmp_path):
    given = facts(individuals={"person-1": {"birth_date": "1930-01-01", "sampled": "2025-06-01", **STARGARDT}})
    found = packets(tmp_path, given, TWO)
    assert set(found) == {given.pseudonyms.subject(f"person-{number}") for number in (1, 2, 3)}
    packet, text = found[given.pseudonyms.subject("person-1")]
    assert packet.subject.sex == pps.Sex.MALE
    assert packet.subject.time_at_last_encounter.age.iso8601duration == "P90Y"
    assert [(d.term.id, d.term.label) for d in packet.diseases] == [("MONDO:0009549", "MONDO:0009549")]
    states = [
        g.variant_interpretation.variation_descriptor.allelic_state.label
        for g in packet.interpretations[0].diagnosis.genomic_interpretations
    ]
    assert states == ["heterozygous", "hemizygous"]
    assert packet.meta_data.created.ToJsonString() == "2026-02-01T00:00:00Z"
    assert packet.meta_data.phenopacket_schema_version == "2.0"
    assert "1930" not in text and "2025" not in text


def test_all_required_fields_are_there_and_no_local_name(tmp_path):
    for _, text in packets(tmp_path, facts(), TWO).values():
        assert missing(json.loads(text)) == []
        assert not [name for name in (*NAMES, str(tmp_path)) if name in text]


def test_what_is_not_known_is_left_out(tmp_path):
    given = facts()
    packet, text = packets(tmp_path, given, TWO)[given.pseudonyms.subject("person-2")]
    assert not packet.diseases and not packet.subject.HasField("time_at_last_encounter")
    assert packet.interpretations[0].diagnosis.disease.id == "NCIT:C17998"
    assert json.loads(text)["interpretations"][0]["progressStatus"] == "UNKNOWN_PROGRESS"


def test_without_variants_nothing_is_interpreted(tmp_path):
    assert all(not packet.interpretations for packet, _ in packets(tmp_path, facts(), []).values())


def test_a_tumour_s_variants_are_of_its_biosample(tmp_path):
    given = facts(members=PAIR, categories=["somatic_variants"])
    records = [record("chr1", 5, "A", "G", "0/1", "0/1")]
    ((packet, text),) = packets(tmp_path, given, records).values()
    (found,) = packet.interpretations[0].diagnosis.genomic_interpretations
    assert found.subject_or_biosample_id == given.pseudonyms.sample("lump-1")
    assert [b.material_sample.label for b in packet.biosamples] == ["neoplastic sample", "reference sample"]
    assert "GENO:" not in text and "heterozygous" not in text


def test_classification(tmp_path):
    given = facts()
    packet, _ = packets(tmp_path, given, TWO, "likely pathogenic")[given.pseudonyms.subject("person-1")]
    found = packet.interpretations[0].diagnosis.genomic_interpretations[0].variant_interpretation
    assert found.acmg_pathogenicity_classification == pps.AcmgPathogenicityClassification.LIKELY_PATHOGENIC


def test_a_disease_of_an_unknown_ontology_is_refused(tmp_path):
    given = facts(individuals={"person-1": {"disease": "LOCAL:17", "disease_label": "x"}})
    with pytest.raises(MetadataUnusable, match="terms of LOCAL cannot be shared.*MONDO"):
        packets(tmp_path, given, TWO)


def test_the_check_names_everything_that_an_empty_message_lacks():
    assert missing({}) == [
        "the packet has no id",
        "the packet has no subject",
        "the packet has no metaData",
        "subject has no id",
        "metaData has no created",
        "metaData has no createdBy",
        "metaData has no resources",
        "metaData has no phenopacketSchemaVersion",
    ]


@pytest.mark.parametrize(
    "change, expected",
    [
        (lambda p: p["metaData"]["resources"].pop(), "metaData.resources has no"),
        (lambda p: p["metaData"]["resources"][0].pop("version"), "has no version"),
        (lambda p: p["biosamples"][0].update(individualId="P2"), "is of another individual"),
        (lambda p: p["files"][0].pop("uri"), "a file has no uri"),
        (lambda p: p["interpretations"][0].pop("progressStatus"), "has no progressStatus"),
        (lambda p: p["interpretations"][0]["diagnosis"].pop("disease"), "disease has no id"),
        (
            lambda p: p["interpretations"][0]["diagnosis"]["genomicInterpretations"][0].update(
                subjectOrBiosampleId="X"
            ),
            "neither the subject nor a biosample",
        ),
    ],
)
def test_the_check_finds_each_gap(tmp_path, change, expected):
    given = facts()
    _, text = packets(tmp_path, given, TWO)[given.pseudonyms.subject("person-1")]
    packet = json.loads(text)
    change(packet)
    assert expected in "; ".join(missing(packet))


def test_maps_are_in_one_order(tmp_path):
    """Protocol buffers order them anew in each process."""

    def maps(value):
        if isinstance(value, dict):
            yield from (item for key, item in value.items() if key in MAPS)
        for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            yield from maps(item)

    texts = [text for _, text in packets(tmp_path, facts(), TWO).values()]
    found = [one for text in texts for one in maps(json.loads(text))]
    assert any(len(one) > 1 for one in found) and all(list(one) == sorted(one) for one in found)
