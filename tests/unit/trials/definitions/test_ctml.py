"""CTML: the eight nestings of and/or by truth table, and a round trip of what both formats have."""

import datetime
import functools
import itertools
import json
from random import Random

import pytest

from gms.base.problems import Findings
from gms.base.project import PROJECT
from gms.base.schemas import Document
from gms.trials.definitions.ctml import tree_of
from gms.trials.definitions.ctml_trials import NotCtml, from_ctml, to_ctml
from gms.trials.definitions.read import known_genes, read_trials

NESTINGS = sorted((PROJECT / "tests" / "cases" / "trials" / "ctml").glob("*.json"))
TODAY = datetime.date(2026, 11, 28)


def names(clause):
    """What a CTML leaf, or one of ours, asks about."""
    if "genomic" in clause or "variant" in clause:
        inside = clause.get("genomic") or clause["variant"]
        return inside.get("hugo_symbol") or inside["gene"]
    inside = clause["clinical"]
    return inside["item"] if "item" in inside else next(iter(inside))


def ctml_holds(clause, true):
    """CTML as its manual describes it: keys of one entry hold together, lists by their word."""
    results = []
    for key, value in clause.items():
        if key in ("and", "or"):
            results.append((all if key == "and" else any)(ctml_holds(part, true) for part in value))
        else:
            results.append(names({key: value}) in true)
    return all(results)


def our_holds(tree, true):
    ((kind, inside),) = tree.items()
    if kind in ("all", "any"):
        return (all if kind == "all" else any)(our_holds(part, true) for part in inside)
    return names(tree) in true


def leaves(clause):
    for key, value in clause.items():
        yield from (name for part in value for name in leaves(part)) if key in ("and", "or") else [names({key: value})]


@pytest.mark.parametrize("path", NESTINGS, ids=lambda path: path.stem)
def test_nestings_mean_the_same(path):
    clause, notes = json.loads(path.read_text()), []
    tree = tree_of(clause, "arm", notes)
    asked = sorted(set(leaves(clause)))
    assert len(asked) >= 6 and notes == []
    for chosen in itertools.product((False, True), repeat=len(asked)):
        true = {name for name, is_true in zip(asked, chosen, strict=True) if is_true}
        assert our_holds(tree, true) == ctml_holds(clause, true), true


def ctml_trial(match, **more):
    arm = {"arm_code": "A", "arm_suspended": "N", "match": match, "dose_level": []}
    step = {"step_code": "1", "arm": [arm]}
    return {"protocol_no": "10-001", "status": "Open to Accrual", "treatment_list": {"step": [step]}, **more}


SHARED = [
    {"clinical": {"age_numerical": ">=18"}},
    {"clinical": {"oncotree_primary_diagnosis": "LUAD"}},
    {"clinical": {"oncotree_primary_diagnosis": "!PAAD"}},
    {"clinical": {"tmb_numerical": ">=10"}},
    {"clinical": {"gender": "Female"}},
    {"genomic": {"hugo_symbol": "BRAF", "variant_category": "Mutation", "wildcard_protein_change": "p.V600"}},
    {"genomic": {"hugo_symbol": "EGFR", "variant_category": "Mutation", "protein_change": "p.L858R"}},
    {"genomic": {"hugo_symbol": "!KRAS", "variant_category": "Mutation", "exon": 2}},
    {"genomic": {"hugo_symbol": "MET", "variant_category": "CNV", "cnv_call": "High Amplification"}},
    {
        "genomic": {
            "hugo_symbol": "ALK",
            "variant_category": "Structural Variation",
            "fusion_partner_hugo_symbol": "EML4",
        }
    },
    {"genomic": {"hugo_symbol": "NRAS", "wildtype": True}},
    {"genomic": {"mmr_status": "MMR-Deficient (MMR-D / MSI-H)".lower()}},
    {"prior_treatment": "!osimertinib"},
]


def test_a_round_trip_keeps_what_both_formats_have(tmp_path):
    once, _ = from_ctml(ctml_trial([{"and": SHARED}]), TODAY)
    path = tmp_path / "imported.yaml"
    path.write_text(json.dumps(once))  # JSON is YAML
    assert [trial.id for trial in read_trials([path], known_genes())] == ["10-001"]
    out, _ = to_ctml(once)
    assert out["treatment_list"]["step"][0]["arm"][0]["match"] == [{"and": [{"and": SHARED}]}]
    again, _ = from_ctml(out, TODAY)
    assert to_ctml(again)[0]["treatment_list"]["step"][0]["arm"][0]["match"][0]["and"][0] == {"and": [{"and": SHARED}]}


def random_tree(random, depth):
    """Groups, exclusions and leaves that both formats have."""
    gene, kind = random.choice(["BRAF", "KRAS", "NRAS"]), random.random()
    if depth and kind < 0.15:
        return {"not": random_tree(random, depth - 1)}
    if depth and kind < 0.7:
        return {random.choice(["all", "any"]): [random_tree(random, depth - 1) for _ in range(random.randint(1, 3))]}
    codes = random.sample(["CHOL", "IHCH", "PAAD"], random.randint(1, 2))
    return random.choice([{"variant": {"gene": gene}}, {"fusion": {"gene": gene}}, {"diagnosis": {"codes": codes}}])


def holds(tree, is_true):
    ((kind, inside),) = tree.items()
    if kind in ("all", "any"):
        return (all if kind == "all" else any)(holds(part, is_true) for part in inside)
    if kind == "not":
        return not holds(inside, is_true)
    return any(map(is_true, inside["codes"] if kind == "diagnosis" else [(kind, inside["gene"])]))


def test_random_trees_mean_the_same_after_a_round_trip():
    """Nested all, any and not, with diagnoses of several codes, under eight assignments of truth each."""
    content, _ = from_ctml(ctml_trial([{"and": SHARED}]), TODAY)
    for seed in range(150):
        tree = random_tree(Random(seed), 4)
        content["cohorts"][0]["rule"] = tree
        (again,) = from_ctml(to_ctml(content)[0], TODAY)[0]["cohorts"]
        for number in range(8):
            source = Random(number)
            chosen = functools.cache(lambda _, source=source: source.random() < 0.5)
            assert holds(tree, chosen) == holds(again["rule"], chosen), tree


EXONS = {"genomic": {"hugo_symbol": "MET", "variant_category": "Mutation", "exon": "14-15"}}


@pytest.mark.parametrize("match", ["EGFR", [{"genomic": "EGFR"}], [{"clinical": ["age"]}], [{"and": 1}], [3], [EXONS]])
def test_a_clause_of_another_form_is_no_ctml(match):
    with pytest.raises(NotCtml, match="matchengine"):
        from_ctml(ctml_trial(match), TODAY)


@pytest.mark.parametrize(
    "more, item",
    [
        ({"variant_classification": "RNA"}, "ctml_variant_classification"),
        ({"allele_fraction": ">0.1"}, "ctml_allele_fraction"),
    ],
)
def test_what_is_asked_of_a_variant_and_has_no_counterpart_is_never_met(more, item):
    """Without it any variant of the gene would be enough."""
    clause, notes = {"genomic": {"hugo_symbol": "BRAF", "variant_category": "Mutation", **more}}, []
    tree = tree_of(clause, "arm", notes)
    ((_, value),) = more.items()
    assert tree == {"all": [{"variant": {"gene": "BRAF"}}, {"clinical": {"item": item, "is": value}}]}
    assert len(notes) == 1 and "it became an item of the clinical table" in notes[0]


@pytest.mark.parametrize(
    "clause, tree",
    [
        ({"wildtype": True}, {"wild_type": {"gene": "BRAF"}}),
        ({"variant_category": "Structural Variation"}, {"fusion": {"gene": "BRAF"}}),
        (
            {"variant_category": "CNV", "cnv_call": "High Amplification"},
            {"copy_number": {"gene": "BRAF", "value": ">= 6", "unit": "copies"}},
        ),
    ],
)
def test_nor_is_what_is_asked_of_other_alterations(clause, tree):
    item, notes = {"clinical": {"item": "ctml_molecular_function", "is": "Activating"}}, []
    asked = {"genomic": {"hugo_symbol": "BRAF", "molecular_function": "Activating", **clause}}
    assert tree_of(asked, "arm", notes) == {"all": [tree, item]} and len(notes) == 1


def test_what_ctml_cannot_express_is_listed():
    path = PROJECT / "resources" / "trials" / "drup-like.yaml"
    _, notes = to_ctml(Document(path).load(Findings()))
    text = "\n".join(notes)
    for what in ("consent has no place", "ecog value <= 2", "fraction of variant gene BRAF", "design has no place"):
        assert what in text
    assert "prior_lines" in text and "ICD-O:C23" in text


def test_an_exclusion_moves_to_the_leaves():
    content = {"title": "t", "id": "t", "status": "open", "cohorts": [{"id": "c", "drug": {"name": "d"}}]}
    both = {"all": [{"variant": {"gene": "KRAS"}}, {"variant": {"gene": "NRAS"}}]}
    content["cohorts"][0] |= {"rule": {"variant": {"gene": "BRAF"}}, "exclusions": [both]}
    match = to_ctml(content)[0]["treatment_list"]["step"][0]["arm"][0]["match"][0]["and"]
    assert [clause["genomic"]["hugo_symbol"] for clause in match[1]["or"]] == ["!KRAS", "!NRAS"]


def test_what_we_cannot_express_is_listed_and_never_met():
    notes = []
    tree = tree_of({"genomic": {"hugo_symbol": "EGFR", "variant_category": "CNV", "cnv_call": "Gain"}}, "arm", notes)
    assert tree == {"clinical": {"item": "ctml_cnv_call", "is": "Gain"}} and len(notes) == 1


def test_closed_arms_and_dose_levels():
    trial = ctml_trial(SHARED[:1])
    arm = trial["treatment_list"]["step"][0]["arm"][0]
    arm["dose_level"] = [{"level_code": "1", "level_suspended": "Y", "match": SHARED[5:6]}]
    content, _ = from_ctml(trial, TODAY)
    assert [(cohort["id"], cohort["status"]) for cohort in content["cohorts"]] == [
        ("a", "open"),
        ("a-level-1", "suspended"),
    ]
    arm["arm_suspended"] = "Y"
    assert {cohort["status"] for cohort in from_ctml(trial, TODAY)[0]["cohorts"]} == {"suspended"}
    assert from_ctml({**trial, "status": "Closed"}, TODAY)[0]["status"] == "closed"


def test_a_file_that_is_no_ctml():
    with pytest.raises(NotCtml, match="treatment_list"):
        from_ctml({"protocol_no": "1"}, TODAY)
