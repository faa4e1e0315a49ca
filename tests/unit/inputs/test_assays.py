"""Callers and policy of an assay by class of variants."""

from pathlib import Path

import pytest

from gms.base.errors import Problems
from gms.base.problems import Findings
from gms.base.project import PROJECT
from gms.base.schemas import Document
from gms.inputs.assays import load_assay


def loaded(tmp_path: Path, assay: str = "wgs_rare", **changes):
    """An assay with changes in the configuration of a run."""
    config = tmp_path / "run.yaml"
    config.write_text("".join(f"{key}: {value}\n" for key, value in changes.items()))
    findings = Findings()
    found = load_assay(assay, changes, Document(config), PROJECT, findings)
    findings.raise_if_any()
    return found


@pytest.mark.parametrize("changes", [
    {"callers": ["freebayes"], "policy": "wgs_rare"},
    {"callers": {"small": ["freebayes"]}, "policy": {"small": "wgs_rare"}},
    {"callers": {"small": ["freebayes"]}},
])  # fmt: skip
def test_a_plain_list_or_name_is_of_small_variants(tmp_path, changes):
    assay = loaded(tmp_path, **changes)
    assert assay.callers["small"] == ("freebayes",) and assay.policy["small"] == "wgs_rare"
    assert assay.other_classes == ("copy_number", "mitochondrial", "repeats", "structural")
    assert set(assay.callers) == set(assay.policy_files)


@pytest.mark.parametrize("changes, text", [
    ({"callers": {"smal": ["freebayes"]}}, "callers must be a list of callers, or such a list for each class"),
    ({"callers": {"small": ["bcftools"], "smal": ["bcftools"]}}, "class of variants 'smal' .*did you mean 'small'"),
    ({"callers": {"small": ["freebaye"]}}, "unknown caller 'freebaye' .*did you mean 'freebayes'"),
    ({"policy": {"small": "wgs_rar"}}, "unknown policy 'wgs_rar' .*did you mean 'wgs_rare'"),
    ({"callers": {"small": ["bcftools", "delly"]}}, "caller 'delly' is for class 'structural', not 'small'"),
    ({"callers": {"structural": ["tiddit", "freebayes"]}}, "'freebayes' is for class 'small', not 'structural'"),
    ({"callers": ["bcftools", "mutect2"]}, "caller 'mutect2' is for somatic assays, and this one is germline"),
    ({"callers": ["deepvariant"]}, "'deepvariant' takes calls made elsewhere: write where they are,"),
    ({"deepvariant": "calls/{sample}.vcf.gz"}, "deepvariant: has no effect unless callers: lists deepvariant"),
    ({"callers": ["deepvariant"], "deepvariant": "calls.vcf.gz"}, "must be a path with {sample} or {case}, such as"),
    ({"callers": {"small": []}}, "goes with aligner: star, and with no other"),
    ({"aligner": "star"}, "rna: .starjunctions.} goes with aligner: star, and with no other"),
    ({"policy": ["wgs_rare"]}, "policy must be the name of a policy, or one for each class"),
])  # fmt: skip
def test_what_cannot_be_is_refused(tmp_path, changes, text):
    with pytest.raises(Problems, match=text):
        loaded(tmp_path, **changes)


@pytest.mark.parametrize("changes, text", [
    ({"callers": {"small": ["bcftools"], "made_up": ["bcftools"]}}, "'made_up' is under callers: but not under policy"),
    ({"policy": {"small": "wgs_rare", "made_up": "wgs_rare"}}, "'made_up' is under policy: but not under callers:"),
])  # fmt: skip
def test_callers_of_a_class_need_its_policy_and_the_other_way_round(tmp_path, monkeypatch, changes, text):
    monkeypatch.setattr("gms.inputs.assays.known_classes", lambda: ["made_up", "small"])
    with pytest.raises(Problems, match=text):
        loaded(tmp_path, **changes)


@pytest.mark.parametrize("assay, changes, metric, text", [
    ("wgs_rare", {}, "gc_dropout", "metric 'gc_dropout' needs targets; this gate would never apply"),
    ("wgs_rare", {}, "on_target_fraction", "needs targets"),
    ("wgs_rare", {"targets": "exome.bed"}, "copies_x", "is measured without targets only"),
    ("panel_solid", {}, "sex_chromosomes", "is measured without targets only"),
    ("panel_solid", {"amplicon": True}, "duplicate_fraction", "is not measured with amplicon: true"),
    ("panel_ctdna", {}, "duplicate_fraction", "is not measured of molecules .min_reads."),
    ("panel_solid", {}, "pairs_per_molecule", "needs min_reads"),
    ("panel_solid", {}, "housekeeping_depth", "is measured in RNA only"),
    ("panel_rna", {}, "at_dropout", "is not measured in RNA"),
    ("wgs_rare", {}, "kinship_proband_sister", "is of 'sister', which is no role .known: proband, mother"),
    ("residual_disease", {}, "molecules", "needs min_reads"),
])  # fmt: skip
def test_a_gate_on_what_no_sample_of_the_assay_has_is_refused(tmp_path, assay, changes, metric, text):
    gates = [{"metric": metric, "fail": "> 0.5", "why": "x"}]
    with pytest.raises(Problems, match=text):
        loaded(tmp_path, assay, gates=gates, **changes)
    gates = [{"metric": "reads", "fail": "< 5", "why": "x", "unless": {"metric": metric, "holds": "> 1"}}]
    with pytest.raises(Problems, match=text):
        loaded(tmp_path, assay, gates=gates, **changes)


@pytest.mark.parametrize("assay, changes, metric", [
    ("wgs_rare", {"targets": "exome.bed"}, "gc_dropout"),
    ("wgs_rare", {}, "copies_x"),
    ("panel_solid", {}, "at_dropout"),  # its targets come with the run
    ("panel_solid", {}, "duplicate_fraction"),
    ("panel_ctdna", {}, "duplex_fraction"),
    ("panel_rna", {}, "on_target_fraction"),
    ("wgs_rare", {}, "kinship_proband_half-sibling"),
])  # fmt: skip
def test_a_gate_on_what_some_sample_may_have_is_taken(tmp_path, assay, changes, metric):
    assert loaded(tmp_path, assay, gates=[{"metric": metric, "fail": "> 0.5", "why": "x"}], **changes)
