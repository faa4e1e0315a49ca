"""Trial definitions: the shipped ones, and what is wrong with bad ones, by file and line."""

from pathlib import Path

import pytest
import yaml

from gms.base.errors import Problems
from gms.base.problems import Findings
from gms.base.project import PROJECT
from gms.base.schemas import Document
from gms.trials.definitions.laboratory import ULN, convert
from gms.trials.definitions.oncotree import NoOncoTree, read_oncotree
from gms.trials.definitions.read import SHIPPED, definition_files, known_genes, on_day, read_trials

CASES = PROJECT / "tests" / "cases" / "trials"
BAD = sorted((CASES / "bad_definitions").glob("*.yaml"))


def written(path: Path, changes: dict) -> Path:
    """The sound definition with keys replaced, one key per line so that lines can be told apart."""
    content = Document(CASES / "definition.yaml").load(Findings())
    for key, value in changes.items():
        *place, last = key.split(".")
        at = content
        for part in place:
            at = at[int(part)] if isinstance(at, list) else at[part]
        at[last] = value
    path.write_text(yaml.safe_dump(content, sort_keys=False))
    return path


@pytest.mark.parametrize("bad", BAD, ids=lambda path: path.stem)
def test_bad_definitions_are_refused_with_file_and_line(bad, tmp_path):
    path = written(tmp_path / "trial.yaml", yaml.safe_load(bad.read_text()))
    with pytest.raises(Problems) as caught:
        read_trials([path], known_genes(), read_oncotree(CASES / "oncotree.json"))
    expected = [line.removeprefix("# expect: ") for line in bad.read_text().splitlines() if line.startswith("# expect")]
    lines = path.read_text().splitlines()
    assert len(caught.value.problems) == len(expected), caught.value
    for text in expected:
        key, _, words = text.partition(": ")
        found = next((one for one in caught.value.problems if one.text.startswith(words)), None)
        assert found, caught.value
        near = lines[: found.line]
        assert any(line.strip().lstrip("- ").startswith(f"{key}:") for line in near), (found, key)


def test_rules_that_double_are_refused(tmp_path):
    """18 rules of which each uses the next one twice would be a quarter of a million criteria."""
    rules = {f"r{n}": {"all": [{"use": f"r{n + 1}"}, {"use": f"r{n + 1}"}]} for n in range(18)}
    leaf = {"variant": {"gene": "BRAF"}}
    path = written(tmp_path / "trial.yaml", {"rules": {**rules, "r18": leaf, "activated": leaf}})
    with pytest.raises(Problems, match=r"line \d+: the trees have more than 5000 criteria") as caught:
        read_trials([path], known_genes())
    assert len(caught.value.problems) == 1


def test_two_definitions_with_one_id_and_version(tmp_path):
    paths = [written(tmp_path / f"{name}.yaml", {}) for name in "ab"]
    with pytest.raises(Problems, match="trial basket version 1 is in .*a.yaml already; raise the version"):
        read_trials(paths, known_genes())


def test_shipped_definitions_are_sound_and_say_where_they_are_from():
    trials = read_trials(definition_files([SHIPPED]), known_genes(), read_oncotree(CASES / "oncotree.json"))
    arms = {trial.id: [cohort.id for cohort in trial.cohorts] for trial in trials}
    assert arms["megalit"] == ["cobimetinib", "everolimus", "atezolizumab"]
    assert arms["drup-like"] == ["vemurafenib-biliary-braf-v600"]
    assert all("public registers" in trial.source and "not the protocol" in trial.source for trial in trials)


def test_the_version_that_holds_on_the_day_counts(tmp_path):
    old = written(tmp_path / "old.yaml", {})
    new = written(tmp_path / "new.yaml", {"version": "2", "valid": {"from": "2026-07-01"}})
    trials = read_trials([old, new], known_genes())
    chosen = {day: on_day(trials, day)[0].version for day in ("2026-06-30", "2026-07-01", "2027-03-01")}
    assert chosen == {"2026-06-30": "1", "2026-07-01": "2", "2027-03-01": "2"}


def test_oncotree_of_the_api_and_broken_files(tmp_path):
    listed = tmp_path / "list.json"
    listed.write_text(
        '[{"code": "LUNG", "name": "Lung", "parent": "TISSUE"}, {"code": "X", "name": "x", "parent": "LUNG"}]'
    )
    assert read_oncotree(listed).is_within("X", "LUNG") and not read_oncotree(listed).is_within("LUNG", "X")
    for text in ("{}", "[1]", "not json", '[{"code": "A", "name": "a", "parent": "A"}]'):
        listed.write_text(text)
        with pytest.raises(NoOncoTree):
            read_oncotree(listed)


@pytest.mark.parametrize(
    "test, value, unit, wanted, limit, expected",
    [
        ("haemoglobin", 9.5, "g/dL", "g/L", None, 95.0),
        ("asat", 60, "U/L", ULN, 30, 2.0),
        ("asat", 60, "U/L", "µkat/L", None, pytest.approx(1.0, rel=1e-4)),
        ("asat", 2.0, ULN, "U/L", None, None),
        ("bilirubin", 30, "µmol/L", ULN, None, None),
        ("bilirubin", 1.0, "mg/dL", "µmol/L", None, pytest.approx(17.104)),
    ],
)
def test_units_of_laboratory_values(test, value, unit, wanted, limit, expected):
    assert convert(test, value, unit, wanted, limit) == expected
