"""What a biomarker rests on, from the QC of a case."""

import pytest
import yaml

from gms.base.json_tables import write_json
from gms.base.project import PROJECT
from gms.biomarkers.basis import Basis, basis_of, read_basis
from gms.inputs.assay_files import find_assay_files
from gms.qc.records import case_record


def pair_of(metrics, assay="panel_solid", normal="pass"):
    gates = yaml.safe_load(find_assay_files(PROJECT).assays[assay].read_text())["gates"]
    samples = [
        {"sample": "T", "role": "tumor", "verdict": "warn"},
        {"sample": "N", "role": "normal", "verdict": normal},
    ]
    found = basis_of(case_record("C", assay, metrics, gates, samples), samples, 0.5, None)
    assert (found.quality, found.purity) == ("warn", 0.5)
    return found


@pytest.mark.parametrize(
    "metrics, failed, doubt",
    [
        ({"tumor_normal_concordance": 1.0, "tumor_in_normal": 0.0, "swapped_alleles": 0.0}, None, None),
        ({"tumor_normal_concordance": 1.0, "tumor_in_normal": None, "swapped_alleles": None}, None, None),
        ({"tumor_normal_concordance": 0.7, "tumor_in_normal": 0.0}, "failed_pair", None),
        ({"tumor_in_normal": 0.2}, None, "doubtful_pair"),
        ({"tumor_in_normal": 0.4}, "failed_pair", None),
        ({"swapped_alleles": 1.0}, "failed_pair", None),
        ({"control_missed": 2}, None, None),
    ],
)
def test_gates_of_the_pair(metrics, failed, doubt):
    found = pair_of(metrics)
    assert (found.failed, found.doubt) == (failed, doubt)


def test_tumour_in_a_normal_of_saliva_and_a_normal_that_failed():
    assert pair_of({"tumor_in_normal": 0.9}, "panel_myeloid").doubt == "doubtful_pair"
    assert pair_of({"tumor_in_normal": 0.0}, normal="fail").failed == "failed_pair"


@pytest.mark.parametrize(
    "registered, measured, purity, doubt",
    [
        (0.3, None, 0.3, None),
        (0.03, {"reason": "few_snps", "results": [{"value": None}]}, 0.03, None),
        (0.03, {"reason": None, "results": [{"value": 0.6}]}, 0.03, None),
        (0.5, {"reason": "low_purity", "results": [{"value": None}]}, 0.5, None),
        (None, {"reason": None, "results": [{"value": 0.12}]}, 0.12, None),
        (None, {"reason": "low_purity", "results": [{"value": None}]}, None, "low_purity"),
        (None, {"reason": "few_snps", "results": [{"value": None}]}, None, None),
        (None, None, None, None),
    ],
)
def test_purity_is_the_sheets_else_the_measured_one(registered, measured, purity, doubt):
    found = basis_of({"gates": []}, [{"verdict": "pass"}], registered, measured)
    assert (found.purity, found.doubt) == (purity, doubt)
    assert ("is not known" in found.remark) == (purity is None)


@pytest.mark.parametrize("measured, purity", [("purity.json", 0.12), ("", None)])
def test_a_basis_is_read_from_the_files_of_a_case(tmp_path, measured, purity):
    samples = [{"sample": "T", "verdict": "warn"}, {"sample": "N", "role": "normal", "verdict": "fail"}]
    written = {"case.json": {"gates": []}, "purity.json": {"reason": None, "results": [{"value": 0.12}]}}
    written |= {f"{one['sample']}.qc.json": one for one in samples}
    for name, content in written.items():
        write_json(tmp_path / name, content)
    quality = [tmp_path / f"{one['sample']}.qc.json" for one in samples]
    found = read_basis(tmp_path / "case.json", quality, None, measured and tmp_path / measured)
    assert found == (samples[0], Basis("warn", "fail", purity))
