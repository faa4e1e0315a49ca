import datetime
import json
from pathlib import Path

import jsonschema
import pytest

from gms.exports import consent_files, export, export_facts, refusals
from gms.manifest import problems
from gms.model import Case, Sample
from gms.sharing import Consent, Sharing, Study

PROJECT = Path(__file__).parents[3]
SCHEMA = json.loads((PROJECT / "workflow" / "schemas" / "manifest.schema.json").read_text())
RUN = {
    "workflow": {"name": "gms", "version": "v1.0"},
    "gmc": "local",
    "reference": {"name": "GMSmini", "fasta_index_sha256": "b" * 64},
    "assays": {
        "wgs_rare": {
            "version": "1.0",
            "sha256": "c" * 64,
            "policy": {"name": "wgs_rare", "version": "1.0", "sha256": "d" * 64},
            "targets": None,
        }
    },
}
CASE = {"case": "F1", "assay": "wgs_rare", "samples": ["P1", "M1"], "subjects": {"P1": "one", "M1": "two"}}


def sharing(**status):
    day = datetime.date(2026, 1, 15)
    consents = tuple(Consent(subject, "study", said, day) for subject, said in status.items())
    return Sharing(Study("study", "A study", "none"), consents, ())


GRANTED = sharing(one="granted", two="granted")


def test_facts_of_a_case():
    samples = tuple(
        Sample(name, "F1", "proband", "wgs_rare", "male", "yes", None, "", s, ()) for name, s in [("P1", "one")]
    )
    facts = export_facts(Case("F1", "wgs_rare", samples))
    assert facts == {"case": "F1", "assay": "wgs_rare", "samples": ["P1"], "subjects": {"P1": "one"}}


@pytest.mark.parametrize(
    "subjects,verdict,shared,reason",
    [
        ({"P1": "one"}, "pass", None, "no study"),
        ({"P1": None}, "pass", GRANTED, "sample P1 has no subject"),
        ({"P1": "one", "M1": "three"}, "pass", GRANTED, "sample M1 for study study is not recorded"),
        ({"P1": "one"}, "pass", sharing(one="withdrawn"), "sample P1 for study study is withdrawn"),
        ({"P1": "one"}, "pass", sharing(one="expired"), "is expired"),
        ({"P1": "one"}, "fail", GRANTED, "quality control of the case failed"),
    ],
)
def test_refused_with_a_reason_that_names_no_subject(subjects, verdict, shared, reason):
    [said] = refusals({"case": "F1", "subjects": subjects}, verdict, shared)
    assert reason in said
    assert "one" not in said.split() and "three" not in said.split()


def test_all_reasons_at_once():
    assert len(refusals({"case": "F1", "subjects": {"P1": None, "M1": "four"}}, "fail", GRANTED)) == 3


def run_export(folder, verdict="pass", shared=GRANTED):
    (folder / "F1.vcf.gz").write_bytes(b"variants")
    decision = folder / "export" / "folder" / "F1.json"
    decision.parent.mkdir(parents=True, exist_ok=True)
    results = {"verdict": verdict, "sharing": shared, "run": RUN}
    export("folder", CASE, {"F1.vcf.gz": folder / "F1.vcf.gz"}, results, decision)
    return json.loads(decision.read_text()), decision.with_suffix("")


@pytest.mark.parametrize("verdict", ["pass", "warn"])
def test_package_agrees_with_its_manifest(tmp_path, verdict):
    decision, package = run_export(tmp_path, verdict)
    assert (decision["decision"], decision["reasons"], decision["study"]) == ("exported", [], "study")
    content = json.loads((package / "manifest.json").read_text())
    jsonschema.validate(content, SCHEMA)
    assert list(problems(package, content)) == []
    assert content["files"][0]["bytes"] == 8


def test_changes_to_a_package_are_found(tmp_path):
    _, package = run_export(tmp_path)
    content = json.loads((package / "manifest.json").read_text())
    (package / "F1.vcf.gz").write_bytes(b"Variants")
    (package / "more").write_text("")
    assert list(problems(package, content)) == ["F1.vcf.gz has changed", "more is not in the manifest"]
    (package / "F1.vcf.gz").unlink()
    assert "F1.vcf.gz is missing" in problems(package, content)


def test_nothing_is_left_of_a_package_after_consent_is_withdrawn(tmp_path):
    run_export(tmp_path)
    decision, package = run_export(tmp_path, shared=sharing(one="withdrawn", two="granted"))
    assert decision["decision"] == "refused"
    assert not package.exists()


def test_the_same_package_each_time(tmp_path):
    first, _ = run_export(tmp_path)
    assert run_export(tmp_path)[0] == first


def test_files_a_decision_rests_on(tmp_path):
    path = tmp_path / "sharing.yaml"
    assert consent_files(path) == consent_files(None) == []
    path.write_text("consents: consents.tsv\n")
    assert consent_files(path) == [path]
    (tmp_path / "consents.tsv").write_text("")
    assert consent_files(path) == [path, tmp_path / "consents.tsv"]
