"""Pages of a plate: what was found is said, nothing is fetched, and no page of an earlier sheet is left."""

import pytest

from gms.viral.report.content import findings, plate_content
from gms.viral.report.drawings import plate_drawing
from gms.viral.report.pages import write_pages
from made_up_virus import RULES


def sample(name, well="", role="isolate", verdict="pass", **more):
    return {
        "sample": name,
        "case": name,
        "role": role,
        "well": well,
        "scheme": "v",
        "verdict": verdict,
        "metrics": {"virus_reads": 100, "scheme_fits": True},
        "gates": [
            {"metric": "mixed", "value": False, "verdict": verdict, "warn": None, "fail": "== true", "why": "Mix."}
        ],
        "depth": [100] * 300,
        "amplicons": [{"amplicon": "v_1<b>", "start": 1, "end": 300, "depth": 3, "dropped": True}],
        "variants": [{"variant": "5:A:G", "filter": "LOW_DEPTH", "fraction": 1.0, "depth": 9}],
        "lineage": {"lineage": None, "reason": "not assigned: no tool", "versions": {}},
        "clade": None,
        "marks": None,
        "second_marks": [],
        "second_bases_excess": False,
        "sources": [],
        "shared": [],
        "frameshifts": [],
        "scheme_best": "v",
        **more,
    }


def plate(*samples, verdict="pass"):
    facts = {"plate": "P1", "virus": "Virus", "title": "Assay", "version": "1.0", "schemes": ["v"], "rules": RULES}
    return {**facts, "verdict": verdict, "why": "Negative controls are empty.", "samples": list(samples)}


@pytest.mark.parametrize("more, said", [
    ({"metrics": {"scheme_fits": False}, "scheme_best": "w"}, "do not begin in the primers of v; they fit w."),
    ({"metrics": {"scheme_fits": False}, "scheme_best": ""}, "no scheme of the assay fits"),
    ({"sources": [{"sample": "S2", "sites": 4, "seen": 4, "fraction": 0.1}]}, "Mixed with S2? At 4 of 4 sites"),
    ({"second_bases_excess": True}, "the source is not known"),
    ({"second_marks": [{"lineage": "B.1"}]}, "Marks of a second lineage, B.1"),
    ({"shared": [{"sample": "S3", "shared": 6, "sites": 8}]}, "6 second bases are those of S3 too"),
    ({"frameshifts": [{"gene": "S", "indels": ["5:AC:A"], "restored": False}]}, "of S shifted by 5:AC:A."),
    ({}, "5:A:G has 9 reads, fewer than the minimum: N in the consensus."),
])  # fmt: skip
def test_findings_are_sentences(more, said):
    assert any(said in text for text in findings(sample("S1", **more)))


def test_a_failed_control_colours_the_page():
    content = plate_content(plate(sample("S1"), verdict="fail"), 1000, [])
    assert content["verdict"] == "fail"
    assert plate_content(plate(sample("S1", verdict="fail")), 1000, [])["verdict"] == "warn"
    assert plate_content(plate(sample("S1"), verdict="not_assessed"), 1000, [])["verdict"] == "not_assessed"


def test_lineages_over_time():
    def assigned(name):
        return sample(name, lineage={"lineage": "B.1", "reason": "", "versions": {}})

    earlier = plate(assigned("S0"), assigned("S9"), sample("S8", verdict="fail")) | {"plate": "P0"}
    table = plate_content(plate(assigned("S1"), sample("S2")), 1000, [earlier])["lineages"]
    assert table == {"plates": ["P0", "P1"], "rows": [("B.1", [2, 1]), ("not assigned", [0, 1])]}


def test_wells_and_samples_without_one():
    drawing = plate_drawing([sample("S1", "H12"), sample("S2"), sample("NC", "A1", role="control")])
    assert drawing.count("<circle") == 2 and drawing.count("<rect") == 1
    assert plate_drawing([sample("S1", "P24")]).count(">24<") == 1  # 384 wells


def test_pages(tmp_path):
    folder = tmp_path / "P1"
    folder.mkdir()
    (folder / "OLD.html").write_text("")
    write_pages(folder, plate(sample("S1"), sample("NC", role="control")), 1000, [], {"made": "today", "version": "1"})
    names = ["NC.html", "NC.json", "S1.html", "S1.json", "index.html", "plate.json"]
    assert sorted(path.name for path in folder.iterdir()) == names
    for name in ("index.html", "S1.html"):
        text = (folder / name).read_text()
        assert "<b>" not in text and "http" not in text.replace("http-equiv", "") and "default-src 'none'" in text
        assert "not assigned" in text and "v_1&lt;b&gt;" in text
