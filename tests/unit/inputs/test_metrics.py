import pytest

from gms.inputs.metrics import METRICS, UNITS, UnknownMetric, find, is_fraction, known, metric_words


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


def test_every_metric_is_complete():
    for metric in METRICS:
        assert metric.kind in ("sample", "case", "viral") and metric.unit in UNITS and metric.words and metric.source, (
            metric
        )
    assert len({metric.name for metric in METRICS}) == len(METRICS)
