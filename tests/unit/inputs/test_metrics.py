import pytest

from gms.base.problems import unknown
from gms.inputs.metrics import (
    METRICS,
    SAMPLE_METRICS,
    UNITS,
    UnknownMetric,
    find,
    gate_problems,
    is_fraction,
    known,
    metric_words,
)


@pytest.mark.parametrize("name, words", [
    ("fraction_20x", "Bases covered at least 20 ×"),
    ("parent_child_father_concordance", "Sites consistent with the father"),
    ("kinship_tumor_F1-s2", "Kinship, tumour and F1-s2"),
    ("ibs0_proband_mother", "Sites without a shared allele, proband and mother"),
    ("not_measured", "not measured"),
])  # fmt: skip
def test_names_for_a_reader(name, words):
    assert metric_words(name) == words


@pytest.mark.parametrize("name", ["fraction_21x", "kinship", "parent_child_concordance", "kinship_{one}_{other}s", ""])
def test_what_nothing_measures_is_unknown(name):
    assert find(name) is None and not is_fraction(name)
    with pytest.raises(UnknownMetric, match=r"known: reads, .*kinship_<one>_<other>"):
        known(name)


@pytest.mark.parametrize("gate, problems", [
    ({"metric": "contamination", "warn": "> 2", "fail": "> 5"}, ["warn '> 2': contamination is a fraction, 0-1",
                                                                 "fail '> 5': contamination is a fraction, 0-1"]),
    ({"metric": "sex_matches", "fail": "< 1"},
     ["fail '< 1': sex_matches is true or false; write '== true' or '== false'"]),
    ({"metric": "sex_chromosomes", "fail": "== true"},
     ["fail '== true': sex_chromosomes is text, which has no limits"]),
    ({"metric": "reads", "fail": "< 9", "unless": {"metric": "molecules", "holds": "== true"}},
     ["holds '== true': molecules is a number; write a comparison such as '< 0.95'"]),
    ({"metric": "kinship_proband_mother", "fail": "> 0.354"}, []),
    ({"metric": "sex_matches", "fail": "== false"}, []),
    ({"metric": 3, "unless": "breaks the schema"}, [unknown("metric", "3", SAMPLE_METRICS)]),
    ({"metric": "mixed", "fail": "== true"}, [unknown("metric", "mixed", SAMPLE_METRICS)]),
])  # fmt: skip
def test_gates_without_effect(gate, problems):
    assert list(gate_problems(gate, is_viral=False)) == problems


def test_every_metric_is_complete():
    for metric in METRICS:
        assert metric.kind in ("sample", "case", "viral") and metric.unit in UNITS and metric.words and metric.source, (
            metric
        )
    assert len({metric.name for metric in METRICS}) == len(METRICS)
