from gms.base.json_tables import write_json
from gms.explain.rank import explain_rank

TERMS = [{"category": "consequence", "score": 8, "terms": [{"term": "c", "value": "stop_gained", "score": 8}]}]
FINDING = {"variants": ["chr7:100:A:T"], "rank": 2, "score": 8, "score_terms": TERMS}


def test_why_says_the_rank_and_the_points_behind_it(tmp_path):
    report = tmp_path / "report.json"
    assert list(explain_rank(report, "chr7:100:A:T")) == []
    ranking = {"model": {"name": "m", "version": "1.0"}, "ranked": 3}
    small = {"findings": [FINDING], "ranking": None}
    write_json(report, {**small, "classes": [{"findings": [FINDING], "ranking": ranking}]})
    assert list(explain_rank(report, "chr7:100:A:T")) == [
        "  rank 2 of 3, score 8 by m 1.0: consequence 8 (stop_gained)"
    ]
    assert list(explain_rank(report, "chr7:100:A:G")) == []
