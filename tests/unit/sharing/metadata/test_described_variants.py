"""Variants, zygosity, origin and ontology terms as the standards are told them."""

import re

import pytest

from described import PAIR, PSEUDONYMS, facts, package, record
from gms.sharing.metadata import terms
from gms.sharing.metadata.model import MetadataUnusable, people
from gms.sharing.metadata.variants import Variant, carried, origin, read_variants, zygosity


def variant(chrom="chr1", pos=100, ref="A", alt="G", genotype="0/1"):
    return Variant(chrom, pos, ref, alt, {}, {"s": genotype})


@pytest.mark.parametrize(
    "place, genotype, sex, expected",
    [
        (("chr1", 5), "0/1", "male", "heterozygous"),
        (("chr1", 5), "1|0", "female", "heterozygous"),
        (("chr1", 5), "1/1", "male", "homozygous"),
        (("chrX", 50_000_000), "1/1", "female", "homozygous"),
        (("chrX", 50_000_000), "1/1", "male", "hemizygous"),
        (("X", 50_000_000), "1", "unknown", "hemizygous"),
        (("chrX", 10_000), "1/1", "male", "hemizygous"),  # the base before the first pseudo-autosomal region
        (("chrX", 10_001), "1/1", "male", "homozygous"),
        (("chrX", 2_781_479), "1/1", "male", "homozygous"),
        (("chrX", 2_781_480), "1/1", "male", "hemizygous"),
        (("chrY", 57_217_415), "1/1", "male", "homozygous"),
        (("chrM", 5), "0/1", "male", "heteroplasmic"),
        (("chrM", 5), "1/1", "male", "homoplasmic"),
        (("chr1", 5), "./1", "male", None),
        (("chr1", 5), "0/0", "male", None),
    ],
)
def test_zygosity(place, genotype, sex, expected):
    found = zygosity(variant(*place, genotype=genotype), "s", sex, "GRCh38")
    assert (found.label if found else None) == expected


def test_unknown_assemblies_have_no_pseudo_autosomal_regions():
    assert zygosity(variant("chrX", 10_001, genotype="1/1"), "s", "male", "GMSmini").label == "hemizygous"


@pytest.mark.parametrize(
    "ref, alt, kind, literal",
    [
        ("A", "G", "SNP", True),
        ("AC", "GT", "MNP", True),
        ("A", "ACC", "INS", True),
        ("ACC", "A", "DEL", True),
        ("ACC", "TG", "INDEL", True),
        ("N", "A", "SNP", True),
        ("A", "<DEL>", "INDEL", False),
        ("A", "*", "SNP", False),
        ("A", "A[chr2:5[", "INS", False),
    ],
)
def test_kinds(ref, alt, kind, literal):
    found = variant(ref=ref, alt=alt)
    assert (found.kind, found.literal) == (kind, literal)


def test_records_are_read_with_their_genotypes(tmp_path):
    given = facts()
    info = "GENE=ABCA4;TRANSCRIPT=ENST1;HGVSC=c.1A>G;MASK"
    plain = package(tmp_path, given, [record("chr1", 5, "a", "g", "0/1:3", "0/0", "./.", info=info)])
    (found,) = read_variants(plain / "data" / f"{given.case}.vcf.gz")
    assert found[:4] == ("chr1", 5, "A", "G")
    assert list(found.genotypes.values()) == ["0/1", "0/0", "./."]
    assert found.info["MASK"] == "" and found.hgvs == ["ENST1:c.1A>G"]
    assert [p.member.role for p in people(given) if carried([found], p, given)] == ["proband"]


@pytest.mark.parametrize(
    "members, categories, role, expected",
    [
        (None, ["germline_variants"], "proband", terms.GERMLINE),
        (PAIR, ["somatic_variants"], "tumor", terms.SOMATIC),
        (PAIR, ["somatic_variants", "germline_variants"], "tumor", terms.SOMATIC),
        (PAIR, ["somatic_variants", "germline_variants"], "normal", terms.GERMLINE),
        (PAIR[:1], ["somatic_variants"], "tumor", terms.SOMATIC),
        (PAIR[:1], ["somatic_variants", "germline_variants"], "tumor", None),  # may be either
    ],
)
def test_origin(members, categories, role, expected):
    given = facts(categories=categories, **({"members": members} if members else {}))
    (person,) = (person for person in people(given) if person.member.role == role)
    assert origin(person, given) == expected


def test_a_normal_carries_nothing_that_a_study_without_germline_variants_is_told():
    found = Variant("chr1", 5, "A", "G", {}, {PSEUDONYMS.sample(m.sample): "0/1" for m in PAIR})
    told = {
        categories: [p.member.role for p in people(given) if carried([found], p, given)]
        for categories in ("somatic_variants", "germline_variants")
        for given in [facts(members=PAIR, categories=[categories])]
    }
    assert told == {"somatic_variants": ["tumor"], "germline_variants": ["tumor", "normal"]}


def test_people_are_known_by_pseudonym_and_age():
    known = {"person-1": {"birth_date": "2015-03-02", "sampled": "2025-03-01", "disease": "", "disease_label": ""}}
    first, second, _ = people(facts(individuals=known))
    assert (first.subject[0], first.sample[0], first.age, first.disease) == ("P", "S", "P9Y", None)
    assert second.age is None


def test_a_sample_without_subject_cannot_be_described():
    orphan = PAIR[0].__class__("lump-2", "tumor", "female", "unknown", None)
    with pytest.raises(MetadataUnusable, match="add the subject to the sample sheet"):
        people(facts(members=(orphan,)))


def test_sequence_ontology_and_resources_are_well_formed():
    table = terms.sequence_ontology()
    assert all(re.fullmatch(r"SO:\d{7}", identifier) for identifier in table.values())
    assert len(set(table.values())) == len(table)
    assert terms.consequences("missense_variant&nonsense&splice_region_variant") == [
        ("SO:0001583", "missense_variant"),
        ("SO:0001630", "splice_region_variant"),
    ]
    assert all(all(resource) for resource in terms.resources().values())


def test_curies_are_found_in_ids_only():
    content = {"id": "P1", "a": [{"id": "NCIT:C1", "label": "HP:1"}], "b": {"uri": "GENO:1", "id": "https://x.se/a"}}
    assert list(terms.curies(content)) == ["NCIT:C1"]
