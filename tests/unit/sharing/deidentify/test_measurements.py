"""Quality metrics leave under pseudonyms; what is not a measure stays."""

import json

from gms.sharing.deidentify.measurements import deidentify_quality

QC = {
    "sample": "lab-42",
    "case": "fam-7",
    "role": "tumor",
    "assay": "wgs_cancer",
    "operator": "Anna",
    "metrics": {
        "reads": 10,
        "contamination": None,
        "sex_matches": True,
        "sex_inferred": "male",
        "run_folder": "/seq/run1",
    },
    "gates": [
        {"metric": "reads", "value": 10, "verdict": "fail", "warn": None, "fail": "< 20", "why": "few", "by": "Anna"},
        {"metric": "run_folder", "value": "/seq/run1", "verdict": "pass", "warn": None, "fail": None, "why": "-"},
    ],
    "verdict": "fail",
}


def test_known_keys_leave_under_pseudonyms():
    clean = deidentify_quality(QC, {"lab-42": "S1", "fam-7": "C1"})
    assert (clean["sample"], clean["case"], clean["verdict"]) == ("S1", "C1", "fail")
    assert clean["metrics"] == {"reads": 10, "contamination": None, "sex_matches": True, "sex_inferred": "male"}
    assert clean["gates"][0] == {key: value for key, value in QC["gates"][0].items() if key != "by"}
    assert clean["gates"][1]["value"] is None


def test_no_local_text_is_left():
    text = json.dumps(deidentify_quality(QC, {"lab-42": "S1", "fam-7": "C1"}))
    assert not [word for word in ("lab-42", "fam-7", "Anna", "/seq") if word in text]
