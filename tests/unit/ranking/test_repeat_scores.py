"""Ranks of repeats: state of the longest allele, inheritance of the locus, normals of the centre, HPO terms."""

import pytest

from gms.annotation.annotate import PART_HEADER
from gms.base.project import PROJECT
from gms.families.info_fields import HEADER as FAMILY_HEADER
from gms.families.relatives import Member
from gms.families.repeat_modes import with_repeat_modes
from gms.filtering.apply import filter_vcf
from gms.filtering.policy import load_policy
from gms.genome.vcf import header_lines, write_vcf
from gms.ranking.model import load_model
from gms.ranking.phenotypes import Phenotype
from gms.report.classes import ClassResults, class_contents, class_document
from gms.report.variants import read_filtered
from gms.variants.repeats.header import HEADER
from report_templates import template

CASE = {"samples": [{"sample": "C", "role": "proband", "sex": "female"}], "kind": "germline", "callable_depth": 10}
MEMBERS = [Member("proband", "female", "yes")]
# Locus -> inheritance, states of the alleles, share of normals' alleles that are as long.
LOCI = {
    "HTT": ("AD", "normal/full_mutation", "0"),
    "DMPK": ("AD", "normal/expanded", "0"),
    "FXN": ("AR", "full_mutation/expanded", "0"),
    "RFC1": ("AR", "normal/full_mutation", "0.05"),
    "CSTB": ("AR", "normal/full_mutation", "0"),
    "ATXN1": ("AD", "normal/intermediate", "0"),
    "TBP": ("AD", "normal/normal", "0.9"),
}


@pytest.fixture
def document(tmp_path):
    """A function: the class in the report of a person with these loci, with or without normals of the centre."""

    def make(with_normals=True, phenotype=None):
        lines = []
        for number, (locus, (acts, states, share)) in enumerate(LOCI.items(), start=1):
            worst = max(states.split("/"), key=["normal", "intermediate", "expanded", "full_mutation"].index)
            info = f"REPID={locus};GENE={locus};InheritanceMode={acts};STR_STATUS={worst}"
            info += f";STR_AS_LONG=1;STR_NORMALS=60;STR_AF={share}" if with_normals else ""
            lines.append(f"chr1\t{number}\t.\tC\t<STR>\t.\t.\t{info}\tGT:STATUS\t0/1:{states}\n")
        header = header_lines(
            {"chr1": 1_000}, HEADER + PART_HEADER + FAMILY_HEADER + "##gms_parts=genes,family\n", ["C"]
        )
        write_vcf(with_repeat_modes([*header, *lines], MEMBERS), tmp_path / "a.vcf.gz")
        policy = load_policy(PROJECT / "config" / "filters" / "wgs_rare_repeats.yaml", "repeats")
        paths = tmp_path / "a.vcf.gz", policy, tmp_path / "f.vcf.gz", tmp_path / "r.vcf.gz"
        filter_vcf(*paths, {"proband": "C"})
        facts = {"assessed": True, "samples": ["C"], "loci": [fact_of(locus, with_normals) for locus in LOCI]}
        model = load_model(PROJECT / "resources" / "rank_models" / "repeats.ini")
        return class_document(ClassResults(read_filtered(paths[2]), policy, facts, model), CASE, phenotype)

    return make


def fact_of(locus, with_normals):
    status = LOCI[locus][1].split("/")[-1]
    sample = {"status": status, "alleles": [], "spanning": {}, "at_least": [], "inside": 0, "depth": 30.0}
    sample |= {"note": None, "opposite": False}
    place = {"contig": "chr1", "start": 1, "end": 9}
    normals = {"as_long": 1, "alleles": 60} if with_normals else None
    facts = {
        "locus": locus,
        "motif": "CAG",
        "normal_max": 9,
        "limits": {},
        "normals": normals,
        "samples": [sample],
    }
    return facts | {
        "premutation_min": None,
        "place": place,
        "disease": "x",
        "inheritance": LOCI[locus][0],
        "pathogenic_motifs": [],
    }


def scores(found):
    return {one["genes"][0]: one["score"] for one in found["findings"]}


def test_long_alleles_of_dominant_loci_come_first_and_carriers_of_recessive_ones_last(document):
    found = document()
    assert scores(found) == {"HTT": 38, "DMPK": 33, "FXN": 38, "RFC1": 9, "CSTB": 25, "ATXN1": 28}
    ranks = {one["genes"][0]: one["rank"] for one in found["findings"]}
    assert ranks == {"HTT": 1, "FXN": 1, "DMPK": 3, "ATXN1": 4, "CSTB": 5, "RFC1": 6}
    assert found["ranking"]["model"]["name"] == "gms_repeats" and found["ranking"]["ranked"] == 6
    (content,) = class_contents([found])
    assert [one["locus"] for one in content["own"]["findings"]] == ["HTT", "FXN", "DMPK", "ATXN1", "CSTB", "RFC1"]


def page_of(section, affected="yes", ends=None):
    """The section on the page; `ends`: drawings by variant."""
    (content,) = class_contents([section])
    samples = [{"sample": name, "affected": affected} for name in section["facts"]["samples"]]
    imports = '{% import "sentences.html" as say %}{% import "ranking.html" as rank %}'
    return template(imports + '{% include "class_repeats.html" %}').render(
        {"class": content, "phenotype": None, "case": {"samples": samples}, "drawings": {"ends": ends or {}}}
    )


def test_the_page_names_the_deletion_of_the_other_copy_only_where_the_finding_does(document):
    found = document()
    (locus,) = (one for one in found["facts"]["loci"] if one["locus"] == "FXN")
    locus["samples"][0]["opposite"] = True
    assert page_of(found).count("the other allele is deleted;") == 1
    (repeat,) = (one for one in found["findings"] if one["own"]["REPID"] == "FXN")
    repeat["own"]["IN_TRANS"] = "chr1:500:N:<DEL>"
    assert page_of(found).count("the other allele is deleted (chr1:500:N:&lt;DEL&gt;);") == 1
    found["findings"].remove(repeat)
    assert page_of(found).count("the other allele is deleted;") == 1


def test_the_page_has_rank_modes_and_normal_loci(document):
    text = page_of(document())
    assert "rank 1 of 6, score 38" in text and "autosomal recessive, homozygous" in text
    assert text.count("a carrier, unless the other allele has a variant that was not found") == 2
    assert "Normal loci of C (1)" in text and "TBP  (9)" in text


def test_a_repeat_has_the_reads_at_its_ends(document):
    found = document()
    ends = {found["findings"][0]["variants"][0]: ["<svg>left</svg>", "<svg>right</svg>"]}
    text = page_of(found, ends=ends)
    assert "<svg>left</svg><svg>right</svg>" in text and text.count("Reads at both ends") == 1


def test_the_page_says_that_lengths_were_compared_where_the_motif_decides(document):
    found = document()
    assert "not motifs" not in page_of(found)
    next(one for one in found["facts"]["loci"] if one["locus"] == "RFC1")["pathogenic_motifs"] = ["AAGGG"]
    assert page_of(found).count("lengths were compared, not motifs") == 1


def test_the_page_names_ill_relatives_with_a_long_allele_where_the_person_s_is_not_determined(document):
    section = document()
    section["facts"]["samples"] = ["C", "M"]
    for locus in section["facts"]["loci"]:
        (child,) = locus["samples"]
        own = "undetermined" if locus["locus"] == "HTT" else child["status"]
        locus["samples"] = [{**child, "status": own}, {**child, "status": "full_mutation"}]
    assert "HTT (M: pathogenic length)" in page_of(section)
    for affected in ("no", "unknown"):
        assert "HTT" in page_of(section, affected) and "(M: " not in page_of(section, affected)


def test_what_was_not_given_is_named_and_gives_no_points(document):
    found = document(with_normals=False)
    left_out = {(one["term"], one["part"]) for one in found["ranking"]["left_out"]}
    assert left_out == {("normals", "repeat_normals"), ("hpo_terms", "phenotypes")}
    assert scores(found) == {"HTT": 34, "DMPK": 29, "FXN": 34, "RFC1": 21, "CSTB": 21, "ATXN1": 24}


def test_hpo_terms_raise_loci_of_their_genes(document):
    terms = {"HP:0001251": frozenset(("DMPK",)), "HP:0001324": frozenset(("DMPK", "FXN"))}
    found = document(phenotype=Phenotype({term: term for term in terms}, terms, False))
    assert scores(found)["DMPK"] == 33 + 4 and scores(found)["FXN"] == 38 + 2
    assert not found["ranking"]["left_out"]
