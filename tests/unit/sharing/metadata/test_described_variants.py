"""Variants, zygosity, origin and ontology terms as the standards are told them."""

import re
from dataclasses import replace

import pytest

from described import PAIR, PSEUDONYMS, TRIO, facts, package, record
from gms.sharing.metadata import terms
from gms.sharing.metadata.model import MetadataUnusable, people
from gms.sharing.metadata.variants import Variant, carried, origin, read_variants, zygosity


def zygosity_of(member, place, genotype, case, assembly="GRCh38"):
    """What is said of an allele of a member of a case."""
    given = facts(members=case)
    given = replace(given, run=given.run | {"reference": {"name": assembly}})
    (person,) = (person for person in people(given) if person.member == member)
    found = zygosity(Variant(*place, "A", "G", {}, {person.sample: genotype}), person, given)
    return found.label if found else None


@pytest.mark.parametrize(
    "place, genotype, expected",
    [
        (("chr1", 5), "0/1", "heterozygous"),
        (("chr1", 5), "1|0", "heterozygous"),
        (("chr1", 5), "1/1", "homozygous"),
        (("chr1", 5), "1", "hemizygous"),  # opposite of a deletion
        (("chrX", 50_000_000), "0/1", "heterozygous"),
        (("chrX", 50_000_000), "1/1", "homozygous"),  # of a man: 47,XXY
        (("chrX", 50_000_000), "1", "hemizygous"),  # of a girl: 45,X
        (("chrX", 10_001), "1/1", "homozygous"),
        (("chrM", 5), "0/1", "heteroplasmic"),
        (("chrM", 5), "1/1", "homoplasmic"),
        (("chr1", 5), "./1", None),
        (("chr1", 5), "0/0", None),
    ],
)
def test_zygosity_in_a_family_is_that_of_the_genotype(place, genotype, expected):
    for member in TRIO[:2]:
        assert zygosity_of(member, place, genotype, TRIO) == expected


@pytest.mark.parametrize(
    "place, sex, expected",
    [
        (("chr1", 5), "male", "homozygous"),
        (("chrX", 50_000_000), "female", "homozygous"),
        (("chrX", 50_000_000), "male", "hemizygous"),
        (("chrX", 10_000), "male", "hemizygous"),  # the base before the first pseudo-autosomal region
        (("chrX", 10_001), "male", "homozygous"),
        (("chrX", 2_781_479), "male", "homozygous"),
        (("chrX", 2_781_480), "male", "hemizygous"),
        (("chrY", 57_217_415), "male", "homozygous"),
    ],
)
def test_the_normal_of_a_tumour_has_diploid_genotypes_on_x_and_y(place, sex, expected):
    pair = tuple(replace(member, sex=sex) for member in PAIR)
    assert zygosity_of(pair[1], place, "1/1", pair) == expected


def test_unknown_assemblies_have_no_pseudo_autosomal_regions():
    pair = tuple(replace(member, sex="male") for member in PAIR)
    assert zygosity_of(pair[1], ("chrX", 10_001), "1/1", pair, "GMSmini") == "hemizygous"


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
    found = Variant("chr1", 100, ref, alt, {}, {})
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
