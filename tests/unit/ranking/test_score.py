"""Scores are genmod's (tests/cases/ranking/genmod); what is not annotated or not known gives no points."""

from pathlib import Path

import pytest

from gms.base.json_tables import read_table
from gms.base.project import PROJECT
from gms.genome.vcf import info
from gms.ranking.fields import Record, raw_value
from gms.ranking.findings import with_compound_points
from gms.ranking.model import Term, load_model
from gms.ranking.score import ranks, score, scoring

GENMOD = Path(__file__).parents[2] / "cases" / "ranking" / "genmod"
GENETIC_MODELS = Term("models", "inheritance", "INFO", "GeneticModels", "string", True, ",:|", -12)
MODELS = PROJECT / "resources" / "rank_models"


def test_scores_and_points_of_categories_are_those_of_genmod():
    model = load_model(GENMOD / "model.ini")
    lines = [line.rstrip().split("\t") for line in (GENMOD / "variants.vcf").read_text().splitlines() if line[0] != "#"]
    known = scoring(model, {term.key for term in model.terms}, ())
    ours = []
    for fields in lines:
        found, parts = score(known, Record(info(fields[7]), fields[6].split(";"), float(fields[5])))
        low, high = known.bounds
        points = "|".join(str(one["score"]) for one in parts)
        ours.append(
            {"pos": fields[1], "score": f"{found:.1f}", "categories": points, "bounds": f"{low:.1f}:{high:.1f}"}
        )
    assert len(ours) == 200
    assert ours == read_table(GENMOD / "scores.tsv")


ALL_PARTS = {"population", "clinvar", "genes", "family", "phenotypes", "structural_population"}
DE_NOVO_STOP = {"CONSEQUENCE": "stop_gained", "MODES": "de_novo"}


def points(known, phenotypes=0, flags=(), **fields):
    found, parts = score(known, Record(fields, flags, 50.0, phenotypes))
    return found, {one["category"]: one["score"] for one in parts}


def ours(name="small.ini", fields=(), parts=ALL_PARTS):
    return scoring(load_model(MODELS / name), set(fields), parts)


def test_our_model_gives_the_points_of_the_production_model():
    known = ours()
    assert points(known, **DE_NOVO_STOP)[0] == 4 + 1 + 8 + 3
    assert points(known, CONSEQUENCE="missense_variant&splice_region_variant", MODES="none", POP_AF="0.03")[0] == -16
    clinvar = {"CLNSIG": "Pathogenic/Likely_pathogenic", "CLNREVSTAT": "criteria_provided,_multiple_submitters"}
    assert points(known, **DE_NOVO_STOP, **clinvar)[1]["clinical_significance"] == 7
    conflict = {"CLNSIG": "Conflicting_classifications_of_pathogenicity"}
    assert points(known, **DE_NOVO_STOP, **conflict)[1]["clinical_significance"] == 0
    assert points(known, flags=["LowVaf"], **DE_NOVO_STOP)[1]["variant_call_quality_filter"] == 0
    assert [points(known, number, **DE_NOVO_STOP)[1]["phenotype"] for number in (0, 1, 2, 9)] == [0, 2, 4, 6]


def test_our_model_of_structural_variants():
    known = ours("structural.ini", ["SVLEN"])
    lost = {"CONSEQUENCE": "transcript_ablation", "MODES": "de_novo", "SVLEN": "-60000"}
    assert points(known, **lost)[0] == 6 + 3 + 10 + 3 + 3
    assert points(known, **{**lost, "SVLEN": "-50000"})[1]["variant_length"] == 0
    for chromosome in ("-156040895", "145138636"):
        assert points(known, **{**lost, "SVLEN": chromosome})[1]["variant_length"] == 3
    assert points(known, **lost, SV_AF="0.02")[1]["allele_frequency"] == -12


def test_a_frequency_of_32_bits_is_the_one_that_was_written():
    assert points(ours(), **DE_NOVO_STOP, POP_AF="0.019999999552965164")[1]["allele_frequency"] == -12


def test_a_frequency_that_is_not_known_does_not_sink_a_variant_and_is_named():
    found, parts = score(ours(), Record({**DE_NOVO_STOP, "POP_STATE": "weak"}))
    assert found == 4 + 1 + 8 + 3
    assert parts[0]["terms"] == [{"term": "population", "value": "not known", "score": 4}]


@pytest.mark.parametrize(
    ("modes", "models"),
    [
        ("none", None),
        ("de_novo,autosomal_dominant", "AD_dn|AD"),
        ("one_parent", "AR_hom_dn"),
        ("mitochondrial", "AD"),
        ("x_linked_recessive,x_linked_dominant", "XR|XD"),
    ],
)
def test_a_model_of_a_centre_is_asked_in_its_own_names(modes, models):
    assert raw_value(GENETIC_MODELS, Record({"MODES": modes})) == models


def test_terms_without_annotation_are_left_out_and_named():
    known = ours(parts={"genes", "family"})
    assert points(known, **DE_NOVO_STOP) == (
        12,
        {"inheritance_models": 1, "consequence": 8, "variant_call_quality_filter": 3},
    )
    named = {entry.term: entry.part for entry in known.missing}
    assert named.items() >= {"population": "population", "clinvar": "clinvar", "hpo_terms": "phenotypes"}.items()
    assert named["cadd"] is None and "consequence" not in named
    assert known.bounds == (-12 + 0 + 0, 1 + 10 + 3)


def test_a_field_that_a_file_brings_is_asked():
    known = ours(fields=["CADD"])
    assert points(known, **DE_NOVO_STOP, CADD="31")[1]["deleteriousness"] == 4


def test_equal_scores_share_a_rank():
    assert ranks([5, None, 9, 5, -3, 9]) == [3, None, 1, 3, 5, 1]
    assert ranks([]) == []


NAMES = {"AR_comp": "compound", "AD": "autosomal_dominant", "AD_dn": "de_novo", "AR_hom": "recessive_homozygous",
         "XR": "x_linked_recessive"}  # fmt: skip


@pytest.mark.parametrize(("family", "members"), [("alone", 1), ("trio", 3)])
def test_halves_of_pairs_lose_the_points_that_genmod_takes(family, members):
    rows = [row for row in read_table(GENMOD.with_name("genmod_compound") / "scores.tsv") if row["family"] == family]
    given = [
        {"variants": [f"1_{row['pos']}_A_T"], "score": int(row["score"]), "score_terms": [], "partners_unphased": [],
         "partners": row["partners"].split("|"), "modes": [NAMES[model] for model in row["models"].split("|")],
         "evidence": [{}] * members} for row in rows
    ]  # fmt: skip
    found = with_compound_points(given, -15)
    assert [one["score"] for one in found] == [float(row["corrected"]) for row in rows]
    lost = [one["score_terms"] for one in found if one["score_terms"]]
    assert lost and all(parts[0]["category"] == "compound_pair" for parts in lost) and len(lost) < len(found)


def test_a_partner_without_a_score_decides_nothing():
    half = {"variants": ["a"], "score": 5, "score_terms": [], "partners": ["elsewhere"], "partners_unphased": [],
            "modes": ["compound"], "evidence": [{}]}  # fmt: skip
    assert with_compound_points([half], -20) == [half]
