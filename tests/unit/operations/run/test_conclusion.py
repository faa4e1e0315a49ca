"""The last lines of a run: each case with its QC status and report, and the exit code."""

import json

import pytest

import event_lines as lines
from gms.inputs.run_model import Case, Sample
from gms.operations.run import conclusion


def sample(name: str) -> Sample:
    known = {"name": name, "role": "tumor", "case": name, "assay": "panel_solid"}
    fields = {field: known.get(field) for field in Sample.__dataclass_fields__}
    return Sample(**fields)


@pytest.fixture
def run(tmp_path):
    """Finish a run of cases with these QC statuses (None: without report); exit code and lines."""

    def run(capsys, code=0, events=(), **statuses):
        for name, status in statuses.items():
            for path, text in ((f"qc/{name}.case.json", json.dumps({"verdict": status})), (f"report/{name}.html", "")):
                if status:
                    (tmp_path / path).parent.mkdir(exist_ok=True)
                    (tmp_path / path).write_text(text)
        cases = [Case(name, "panel_solid", (sample(f"{name}-t"),)) for name in statuses]
        progress, _ = lines.read(lines.planned(all=1, x=2), *events)
        code = conclusion.conclude(progress, code, 65.0, tmp_path, cases)
        return code, capsys.readouterr().out.replace(str(tmp_path), "R").splitlines()

    return run


def test_each_case_has_its_status_and_report(run, capsys):
    code, said = run(capsys, A="pass", Long="warn", C="not_assessed")
    assert code == 0
    assert said[:3] == [
        "A     pass          R/report/A.html",
        "Long  warn          R/report/Long.html",
        "C     not_assessed  R/report/C.html",
    ]
    assert said[3].startswith("0 of 3 jobs done in 0:01:05; results are in R")


def test_a_case_that_failed_quality_control_has_an_exit_code_of_its_own(run, capsys):
    code, said = run(capsys, A="pass", B="fail")
    assert (code, said[-1].partition("; ")[2]) == (3, "results are in R; 1 of 2 cases failed quality control")


def test_a_case_with_a_failed_job_has_no_report(run, capsys):
    events = [lines.job(4, "align_reads", sample="B-t"), lines.failed(4, "align_reads", "x.log")]
    code, said = run(capsys, 1, events, A="fail", B="pass", C=None)
    assert code == 1
    assert said[-4:-1] == ["A  fail          R/report/A.html", "B  job failed", "C  unfinished"]


def test_first_steps_alone_list_no_cases(run, capsys):
    assert len(run(capsys, A=None, B=None)[1]) == 1


def test_of_many_cases_those_that_passed_are_left_out_first(run, capsys):
    code, said = run(capsys, **{f"C{number}": "pass" for number in range(60)}, Z="fail")
    assert code == 3 and len(said) == conclusion.CASES_SHOWN + 2
    assert said[0].startswith("Z ") and said[-2] == "and 11 more cases: ./gms status shows all"


def test_files_that_are_not_seen_in_time_have_a_remedy(capsys):
    text = "MissingOutputException in rule a\nMissing files after 60 seconds"
    progress, _ = lines.read(lines.event("error", level="error", text=text, exception="MissingOutputException"))
    assert conclusion.explain_stop(progress, 1) == 1
    assert "twice these seconds as --latency-wait" in capsys.readouterr().out
