"""Normals of finished results: who is taken, who is left out, who may not use a baseline."""

from types import SimpleNamespace

import pytest

from gms.base.json_tables import write_json
from gms.base.problems import Findings
from gms.biomarkers.msi_baseline import Baseline, make_baseline, write_baseline
from gms.biomarkers.repeat_lengths import Site, Slippage
from gms.normals.checks import check_panels
from gms.normals.members import NormalRefused, NothingFinished, find_normals, member
from gms.variants.panel_copies.reference import Reference, Window, write_reference

SAMPLES = [("T1", "tumor", "pass"), ("N1", "normal", "pass"), ("N2", "normal", "fail"), ("N3", "normal", "warn")]


@pytest.fixture
def results(tmp_path):
    for folder in ("report", "qc", "alignment"):
        (tmp_path / folder).mkdir()
    for number, (name, role, verdict) in enumerate(SAMPLES):
        document = {"case": {"assay": "panel_solid"}, "samples": [{"sample": name, "role": role}]}
        write_json(tmp_path / "report" / f"C{number}.json", document)
        write_json(tmp_path / "qc" / f"{name}.qc.json", {"verdict": verdict})
        (tmp_path / "alignment" / f"{name}.cram").write_bytes(name.encode())
    return tmp_path


def test_normals_that_passed_are_taken(results):
    taken, left_out = find_normals([results, results], "panel_solid", frozenset())
    assert [normal.name for normal in taken] == ["N1", "N3"]
    assert left_out == {"T1": "is a tumor; a panel is made of normals", "N2": "failed its quality control"}


def test_the_same_reads_under_two_names_are_taken_once(results):
    (results / "alignment" / "N3.cram").write_bytes(b"N1")
    assert find_normals([results], "panel_solid", frozenset())[1]["N3"] == "is the same reads as N1"


def test_a_tumour_that_is_asked_for_is_refused(results):
    with pytest.raises(NormalRefused, match=r"T1: is a tumor(.|\n)*X: is in none"):
        find_normals([results], "panel_solid", frozenset({"T1", "N1", "X"}))


def test_another_assay_has_no_normals(results):
    with pytest.raises(NothingFinished, match="panel_myeloid"):
        find_normals([results], "panel_myeloid", frozenset())


@pytest.mark.parametrize(
    "members, text",
    [
        (["N9"], None),
        (["N1"], "cannot be taken off: N1; make one without them (./gms normals build), or go without it (msi: null)"),
        (None, "is no baseline"),
    ],
)
def test_a_run_refuses_a_baseline_with_its_own_samples(tmp_path, members, text):
    path = tmp_path / "baseline.tsv"
    if members is None:
        path.write_text("contig\n")
    else:
        sites = [Site("chr1", 100 * n, 100 * n + 10, "A") for n in range(40)]
        made = make_baseline(
            sites, [[Slippage(30, 0.0, 0.0)] * 40] * 20, {"members": [member(name) for name in members]}
        )
        write_baseline(path, Baseline(made.facts, made.sites))
    case = SimpleNamespace(assay="panel_solid", samples=[SimpleNamespace(name="T1"), SimpleNamespace(name="N1")])
    assay = SimpleNamespace(name="panel_solid", msi=path, copy_number=None, normals=None, callers={})
    run = SimpleNamespace(assays={"panel_solid": assay}, cases={"C1": case}, configfile=tmp_path / "run.yaml")
    findings = Findings()
    check_panels(run, findings, dict)
    assert [text in problem.text for problem in findings.problems] == ([True] if text else [])


@pytest.mark.parametrize("end, text", [(1_000, None), (2_000, "was made for other targets: it has 50%")])
def test_a_run_refuses_a_reference_of_copy_number_for_other_targets(tmp_path, end, text):
    path, targets = tmp_path / "copy_number.tsv", tmp_path / "targets.bed"
    facts = {"assay": "panel_solid", "version": "1", "members": [], "normals": 6, "sexes": []}
    windows = tuple(Window("chr1", at, at + 250, "TP53", *[0.0] * 5) for at in range(0, 1_000, 250))
    write_reference(path, Reference(facts, windows))
    targets.write_text(f"chr1\t0\t{end}\n")
    assay = SimpleNamespace(name="panel_solid", msi=None, copy_number=path, normals=None, targets=targets, callers={})
    findings = Findings()
    check_panels(SimpleNamespace(assays={"a": assay}, cases={}, configfile=tmp_path / "run.yaml"), findings, dict)
    assert [text in problem.text for problem in findings.problems] == ([True] if text else [])
