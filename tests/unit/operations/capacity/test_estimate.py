"""Estimates on paper: what was measured, times how much of it a case has."""

import gzip
import json

import pytest

from gms.operations.capacity import estimate
from gms.operations.capacity.estimate import KINDS, OF_CASE, Kind, NoRates, Rates, case_hours, hours, read_rates


@pytest.fixture
def results(tmp_path):
    """A run that took 100 processor seconds in each rule, over 2 x 10^9 bases and 1,000 alleles."""
    for rule in OF_CASE:
        path = tmp_path / "benchmarks" / rule / "a.jsonl"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps({"s": 60.0, "cpu_time": 100.0, "max_rss": 50.0}) + "\n")
    for folder in ("qc/alignment", "filtered", "alignment"):
        (tmp_path / folder).mkdir(parents=True)
    for sample in "ab":
        (tmp_path / "qc" / "alignment" / f"{sample}.stats.txt").write_text("SN\ttotal length:\t1000000000\t# all\n")
    (tmp_path / "filtered" / "c.vcf.gz").write_bytes(gzip.compress(b"##header\n" + b"1\t2\n" * 1_000))
    (tmp_path / "alignment" / "a.cram").write_bytes(bytes(2_000))
    return tmp_path


def small_run(folder, rule, bases):
    """A folder with one job of one rule, over so many bases, and no allele."""
    path = folder / "benchmarks" / rule / "a.jsonl"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({"s": 9.0, "cpu_time": 9.0}) + "\n")
    (folder / "qc" / "alignment").mkdir(parents=True)
    (folder / "qc" / "alignment" / "s.stats.txt").write_text(f"SN\ttotal length:\t{bases}\n")
    return folder


def test_rates_are_seconds_by_what_each_rule_grows_with(results):
    rates = read_rates([results])
    assert rates.seconds["call_bcftools"] == pytest.approx(100 / 2e9)
    assert rates.seconds["filter_variants"] == pytest.approx(0.1)
    assert rates.seconds["case_report"] == 100
    assert rates.cram == pytest.approx(1e-6)


def test_rates_come_from_the_results_with_most_of_it(results, tmp_path_factory):
    other = small_run(tmp_path_factory.mktemp("small"), "call_bcftools", bases=1_000)
    assert read_rates([other, results]).seconds == read_rates([results]).seconds


def test_results_that_lack_a_rule_are_refused(results):
    (results / "benchmarks" / "case_qc" / "a.jsonl").unlink()
    with pytest.raises(NoRates, match="no jobs of case_qc"):
        read_rates([results])


def test_hours_of_a_case():
    rates = Rates(dict.fromkeys(OF_CASE, 0.0) | {"call_bcftools": 36e-9, "case_qc": 3597.5}, 0, 0, 1)
    trio = Kind("trio", "wgs_rare", ("proband", "mother", "father"), 100, 0)
    assert hours(trio, rates, "call_bcftools") == pytest.approx(3.0, rel=1e-3)
    assert hours(trio, rates, "case_qc") == pytest.approx(1.0)
    assert hours(trio, rates, "sample_qc") == pytest.approx(3 * 2.5 / 3600)  # the start of a job for each sample
    assert case_hours(trio, rates) == pytest.approx(4.0, rel=0.01)


def test_the_estimate_says_how_far_it_goes(results):
    assert estimate.extrapolation(read_rates([results])) == (
        "Measured on 2 x 10^9 bases; a 30x genome has 46 times as many."
    )
    for path in results.glob("qc/alignment/*"):
        path.write_text("SN\ttotal length:\t1000\n")
    assert "has 46,500,000 times as many. Too few to rely on" in estimate.extrapolation(read_rates([results]))


def test_results_with_many_bases_and_no_allele_beside_others_with_alleles(results, tmp_path_factory):
    other = small_run(tmp_path_factory.mktemp("none"), "case_qc", bases=9_000_000_000)
    assert read_rates([other, results]).vcf == read_rates([results]).vcf


def test_the_tables(results, monkeypatch):
    asked = dict.fromkeys(OF_CASE, (500, 10)) | {"call_freebayes": (14_500, 152)}
    monkeypatch.setattr(estimate, "requests", lambda *_: asked)
    text = "\n".join(estimate.show([results]))
    assert all(f"| {kind.name} |" in text for kind in KINDS)
    assert "14.5 GB, call_freebayes" in text
    assert sum(line.startswith(("| 1 |", "| 4 |", "| 16 |")) for line in text.splitlines()) == 3
    assert "Assumed, not measured" in text
