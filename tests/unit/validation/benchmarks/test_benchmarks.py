import json

import pytest

from gms.base.errors import GmsError
from gms.base.tables import table
from gms.commands import benchmark
from gms.genome.intervals import Interval
from gms.validation.benchmarks import alleles, datasets, plan, speed, targets
from gms.validation.benchmarks.clock import Run
from gms.validation.benchmarks.counts import Counts, Regions, compare, is_mendelian, pool, violations

SNV, OTHER, DELETION = ("1", 10, "A", "T"), ("1", 20, "C", "G"), ("1", 30, "CA", "C")


def test_alleles_are_counted_by_class():
    found = compare({SNV: 1, OTHER: 2, DELETION: 1}, {SNV: 2, OTHER: 2, ("1", 40, "G", "GT"): 1})
    assert found["SNV"] == Counts(tp=2, fn=0, fp=0, same_copies=1)
    assert found["indel"] == Counts(tp=0, fn=1, fp=1, same_copies=0)
    assert (found["SNV"].recall, found["SNV"].precision, found["SNV"].concordance) == (1.0, 1.0, 0.5)


def test_pooling_adds_counts_and_nothing_has_no_ratio():
    both = pool([Counts(9, 1, 0, 9), Counts(90, 0, 10, 88)])
    assert both == Counts(99, 1, 10, 97)
    assert both.f1 == pytest.approx(2 * 99 / (2 * 99 + 11))
    assert (Counts().recall, Counts().precision, Counts().f1, Counts().concordance) == (None,) * 4


def test_a_bed_counts_from_0_and_leaves_the_end_out():
    regions = Regions({"1": [Interval(9, 20), Interval(15, 25)], "2": [Interval(0, 5)]})
    inside = [position for position in range(30) if ("1", position, "A", "T") in regions]
    assert inside == list(range(10, 26))
    assert ("3", 1, "A", "T") not in regions
    assert ("3", 1, "A", "T") in Regions({})


@pytest.mark.parametrize(
    "child,mother,father,fits",
    [
        (0, 0, 0, True),
        (1, 0, 0, False),  # de novo
        (2, 1, 0, False),
        (2, 1, 1, True),
        (1, 2, 2, False),
        (0, 2, 0, False),
        (1, 2, 0, True),
        (2, 2, 1, True),
    ],
)
def test_rules_of_mendel(child, mother, father, fits):
    assert is_mendelian(child, mother, father) is fits
    assert is_mendelian(child, father, mother) is fits


def test_an_allele_without_a_genotype_breaks_no_rule():
    assert violations({SNV: (1, 0, 0), OTHER: (1, None, 0), DELETION: (1, 1, 0)}) == [SNV]


def test_copies_of_a_record():
    fields = ["1", "10", ".", "A", "T", "50", "LowDepth;Mask", ".", "GT:DP", "0/1:9", "1|1:8", "./.:0", "1:3"]
    allele = alleles.parse(fields, ["a", "b", "c", "d"])
    assert allele.copies == {"a": 1, "b": 2, "c": None, "d": 2}
    assert (allele.key, allele.flags) == (SNV, {"LowDepth", "Mask"})
    assert alleles.parse([*fields[:6], "PASS", "."], []).flags == frozenset()


def test_targets_are_judged_where_their_set_was_run():
    judged = targets.judge({"pooled": {"SNV recall": 0.99, "SNV precision": 0.9}, targets.MIX30: {"FP": 2}})
    states = {(name, measure): state for name, measure, _, _, state in judged}
    assert states["pooled", "SNV recall"] == "ok"
    assert states["pooled", "SNV precision"] == "miss"
    assert states["pooled", "indel recall"] == "not measured"
    assert states[targets.MIX30, "FP"] == "miss"
    assert not any(name == targets.TRIO for name, _ in states)


def test_what_a_set_is_shows_in_its_files(tmp_path):
    (tmp_path / "reference.fa").touch()
    with pytest.raises(datasets.NoDataSet, match=r"reads_R1.fastq.gz, reads_R2.fastq.gz, truth.vcf.gz"):
        datasets.read_set(tmp_path)
    for stem in ("child_1", "mother_2", "father_3"):
        for mate in "12":
            (tmp_path / f"{stem}_R{mate}.fastq.gz").touch()
    (tmp_path / "truth.vcf.gz").touch()
    found = datasets.read_set(tmp_path)
    assert (found.kind, found.assay, found.origin) == ("trio", "wgs_rare", "real")
    assert found.members == {"proband": "child_1", "mother": "mother_2", "father": "father_3"}
    (tmp_path / datasets.SIMULATED).touch()
    assert datasets.read_set(tmp_path).origin == "simulated"
    with pytest.raises(datasets.NoDataSet, match="--data"):
        datasets.find_sets(tmp_path / "absent")


def test_seconds_of_a_rule_are_summed_over_its_jobs(tmp_path):
    for rule, name, seconds in (("align", "a", 3), ("align", "b", 4), ("export", "folder/c", 1)):
        path = tmp_path / "benchmarks" / rule / f"{name}.jsonl"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"s": seconds, "cpu_time": "NA" if rule == "export" else 2 * seconds}) + "\n")
    assert speed.rule_seconds(tmp_path) == [("align", 2, 7.0, 14.0), ("export", 1, 1.0, 0.0)]
    assert speed.ratios(Run(11, 30, 0), Run(10, 20, 0)) == (1.1, 1.5)


def test_a_planned_sheet_mixes_trios_and_panels():
    rows = [line.split("\t") for line in plan.sheet_lines(4)][1:]
    assert [row[3] for row in rows] == ["wgs_rare"] * 3 + ["panel_myeloid"] + ["wgs_rare"] * 3 + ["panel_solid"]
    assert len({row[1] for row in rows}) == len(rows)


def test_table_aligns_numbers_to_the_right():
    assert table(("set", "TP", "recall"), [("a", 5, 0.5), ("bcd", 100, None)]).splitlines() == [
        "set   TP  recall",
        "a      5  0.5000",
        "bcd  100       -",
    ]


@pytest.mark.parametrize("name", [*benchmark.MEASURES, *benchmark.MEASURES_OF_TESTS])
def test_every_benchmark_has_its_module(name):
    assert callable(benchmark.module(name).main)


def test_a_copy_without_tests_says_what_is_missing(tmp_path, monkeypatch):
    monkeypatch.setattr(benchmark, "PROJECT", tmp_path)
    with pytest.raises(benchmark.TestsMissing, match="benchmark upload needs the folder tests/"):
        benchmark.main(["upload"])


def test_an_unknown_benchmark_is_named(capsys):
    with pytest.raises(
        GmsError,
        match="known: accuracy, audit, copynumber, duplications, encrypt, faults, filter, fusions, identity, ",
    ):
        benchmark.main(["taste"])
    assert benchmark.main([]) == 0
    assert "usage: gms benchmark" in capsys.readouterr().out
