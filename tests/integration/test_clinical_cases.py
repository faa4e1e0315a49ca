"""Small families and tumours from reads to report (tests/cases/clinical): exactly what is expected is reported."""

import functools
import json
import shutil

import pytest

import runs
from gms.base.json_tables import read_table
from gms.base.project import PROJECT

FOLDER = PROJECT / "tests" / "cases" / "clinical"
# Of the trio: the mask lies over PMS2, and the mother has few reads in the others.
SHALLOW = ("SCN1A", "USH2A", "MYO7A", "CEP290", "TYR", "RMRP")
WEAK_EXONS = {"trio": {"PMS2": ["2"], **dict.fromkeys(SHALLOW, [])}, "somatic": {}}
CASES = sorted(path.parent.name for path in FOLDER.glob("*/expected.tsv"))


@pytest.fixture(scope="module")
def run_once(tmp_path_factory):
    """Name of a folder of cases -> (the folder with its results, report/{case}.json of the first case in its sheet)."""

    @functools.cache
    def run(name):
        folder = tmp_path_factory.mktemp("clinical") / name
        shutil.copytree(FOLDER / name, folder)
        done = runs.run(folder)
        assert done.returncode == 0, done.stdout
        return folder, report(folder, read_table(folder / "samples.tsv")[0]["case"])

    return run


@pytest.fixture(params=CASES)
def case(request, run_once):
    return run_once(request.param)


def report(folder, name: str) -> dict:
    return json.loads((folder / "results" / "report" / f"{name}.json").read_text())


def row(finding: dict) -> dict[str, str]:
    """A finding as a row of expected.tsv."""
    known = finding["known"]
    return {
        "variant": finding["variants"][0],
        "gene": ",".join(finding["genes"]),
        "protein": finding["hgvs"].get("p") or "",
        "section": finding["section"],
        "clinvar": known["clinvar"]["class"] if known["clinvar"] else "",
        "hotspot": known["hotspot"] or "",
        **{key: ",".join(finding[key]) for key in ("modes", "labels", "partners")},
    }


def test_exactly_what_is_expected_is_reported(case):
    folder, document = case
    assert [row(found) for found in document["findings"]] == read_table(folder / "expected.tsv")


def test_findings_on_the_same_molecules_name_each_other(case):
    folder, document = case
    named = {found["variants"][0]: found["in_cis"] for found in document["findings"] if found["in_cis"]}
    pair = ("chr9:457:TCCA:T", "chr9:464:A:G") if folder.name == "trio" else ("chr17:2212:G:T", "chr17:2212:GC:TA")
    assert named == {pair[0]: [pair[1]], pair[1]: [pair[0]]}


@pytest.mark.parametrize("case", ["somatic"], indirect=True)
def test_an_acquired_change_is_in_cis_with_the_inherited_one_that_it_is_on(case):
    inherited, acquired = (
        [one for one in found["phase"] if one["state"] != "unknown"]
        for found in case[1]["findings"]
        if found["variants"][0] in ("chr17:2212:G:T", "chr17:2212:GC:TA")
    )
    assert [one["state"] for one in (*inherited, *acquired)] == ["in_cis", "in_cis"]
    assert inherited[0]["this_only"] >= 10 and acquired[0]["this_only"] <= 2


def test_nothing_is_green_that_was_not_measured(case):
    assert case[1]["verdict"] == "not_assessed"


def test_genes_are_named_where_a_variant_may_be_missed(case):
    """Index sample: exons that are masked, shallow or near-identical to another gene."""
    folder, document = case
    weak = {entry["gene"]: entry["samples"][0]["weak_exons"] for entry in document["genes"]["rows"]}
    assert weak == WEAK_EXONS[folder.name]


@pytest.mark.parametrize("case", ["trio"], indirect=True)
def test_calls_of_another_workflow_give_the_same_findings_and_nothing_green(case):
    """calls.vcf: contigs in another order, padded and gVCF alleles; what only reads show is missing."""
    document = report(case[0], "fam-called")
    assert [row(found) for found in document["findings"]] == read_table(case[0] / "expected_from_vcf.tsv")
    left_out = {"no_allele": 2, "structural": 1, "filtered": 1, "not_carried": 1}
    assert [source["left_out"] for source in document["external"]] == [left_out] * 3
    verdicts = [document, *document["samples"], *document["verdicts"]]
    assert {one["verdict"] for one in verdicts} == {"not_assessed"}
    assert (
        "Quality not assessed. The case starts from calls" in (case[0] / "results/report/fam-called.html").read_text()
    )
    answer = runs.gms(
        "why", "--configfile", case[0] / "run.yaml", "--case", "fam-called", "--variant", "chr6:416"
    ).stdout
    assert "external" in answer and "no reads (the case starts from a VCF)" in answer


@pytest.mark.parametrize("case", ["somatic"], indirect=True)
def test_a_control_is_compared_with_the_variants_that_it_has(case):
    record = json.loads((case[0] / "results" / "qc" / "som-control.case.json").read_text())
    states = {one["name"]: one["state"] for one in record["control"]["variants"]}
    assert states == {
        "NPM1 W288fs": "found",
        "KRAS first base": "found",
        "KRAS second base": "found",
        "EGFR exon 20": "high",
        "TP53": "missed",
        "GATA2": "filtered",
        "NPM1 intron": "off_target",
    }
    assert {one["gene"] for one in record["control"]["unexpected"]} == {"TP53", "MET", "RUNX1", "EGFR", "PTEN"}
    verdicts = {gate["metric"]: gate["verdict"] for gate in record["gates"]}
    assert verdicts == {"control_missed": "fail", "control_outside": "warn", "control_unexpected": "warn"}
    page = (case[0] / "results" / "report" / "som-control.html").read_text()
    assert record["verdict"] == "fail" and "4 of 6 expected variants are reported" in page
