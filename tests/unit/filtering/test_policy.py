from pathlib import Path

import pytest

from gms.base.errors import Problems
from gms.filtering.policy import load_policy
from gms.variants.classes import classes

FILTERS = Path(__file__).parents[3] / "config" / "filters"
GOOD = """\
title: t
version: "1"
conditions:
  known: hotspot or whitelist
filters:
  - {flag: A, when: vaf < 0.1, missing: fail, why: w, unless: [known, target]}
rescues:
  - {name: R, when: known, why: w, never: [A]}
sections:
  - {key: s, title: S, when: hotspot}
  - {key: rest, title: Rest}
"""


@pytest.mark.parametrize("path", sorted(FILTERS.glob("*.yaml")), ids=lambda path: path.stem)
def test_committed_policies_load(path):
    policy = load_policy(path, next((name for name in classes() if path.stem.endswith(f"_{name}")), "small"))
    assert policy.name == path.stem
    assert policy.burden or policy.sections[-1].when is None  # every reported record has a place in the report
    assert len(path.read_text().splitlines()) <= 90


def test_reads_all_parts(tmp_path):
    path = tmp_path / "p.yaml"
    path.write_text(GOOD)
    policy = load_policy(path)
    assert (policy.name, policy.version, len(policy.digest)) == ("p", "1", 12)
    assert [entry.flag for entry in policy.filters][:2] == ["PartOfHaplotype", "Inherited"]
    assert list(policy.filters[2].unless) == ["known", "target"]
    assert policy.rescues[0].never == ("PartOfHaplotype", "Inherited", "A")
    assert [section.key for section in policy.sections] == ["s", "rest"]


@pytest.mark.parametrize(
    ("old", "new", "line", "text"),
    [
        ("missing: fail, ", "", 6, "missing is missing"),
        ("missing: fail", "missing: maybe", 6, "'maybe' (known: fail, pass)"),
        ("flag: A", "flag: A B", 6, "must be a VCF FILTER id"),
        ("flag: A", "flag: PASS", 6, "must be a VCF FILTER id"),
        ("vaf < 0.1", "vaff < 0.1", 6, "did you mean 'vaf'?"),
        ("[known, target]", "[knwon]", 6, "did you mean 'known'?"),
        ("[known, target]", "[vaf]", 6, "unknown condition 'vaf'"),
        ("never: [A]", "never: [B]", 8, "unknown flag 'B'"),
        ("  known:", "  vaf: gq > 1\n  known:", 4, "already the name of a variable"),
        ("when: hotspot}", "}", 10, "the sections below it would stay empty"),
        ("rescues:", "resc:", 7, "unknown key"),
        ('version: "1"', "version: 1", 2, "must be text"),
        ("rescues:", "  - {flag: A, when: gq < 1, missing: pass, why: w}\nrescues:", 7, "'A' is given twice"),
        ("title: t", "title: [", 3, "not YAML"),
    ],
)
def test_problems_have_lines(tmp_path, old, new, line, text):
    path = tmp_path / "p.yaml"
    path.write_text(GOOD.replace(old, new, 1))
    with pytest.raises(Problems) as error:
        load_policy(path)
    assert any(problem.line == line and text in problem.text for problem in error.value.problems), str(error.value)


def test_all_problems_at_once(tmp_path):
    path = tmp_path / "p.yaml"
    path.write_text(GOOD.replace("vaf < 0.1", "vaff <").replace("when: known", "when: gene > 1").replace('"1"', "1"))
    with pytest.raises(Problems) as error:
        load_policy(path)
    assert [problem.line for problem in error.value.problems] == [2, 6, 8]


def test_genes_of_inherited_variants_make_a_condition_and_the_first_section(tmp_path):
    path = tmp_path / "p.yaml"
    path.write_text(GOOD + "inherited_genes: [DDX41]\n")
    policy = load_policy(path)
    assert list(policy.filters[1].unless) == ["told"]
    assert policy.sections[0].key == "germline" and policy.inherited_genes == ("DDX41",)


@pytest.mark.parametrize(
    "old, new, text",
    [
        ("flag: A", "flag: Inherited", "'Inherited' is set by the workflow"),
        ("key: s", "key: germline", "section 'germline' is made of inherited_genes"),
        ("known:", "told:", "'told' is already the name of a variable or condition"),
    ],
)
def test_what_the_workflow_sets_is_refused_in_a_policy(tmp_path, old, new, text):
    path = tmp_path / "p.yaml"
    assert old in GOOD
    path.write_text(GOOD.replace(old, new, 1) + "inherited_genes: [DDX41]\n")
    with pytest.raises(Problems) as error:
        load_policy(path)
    assert any(text in problem.text for problem in error.value.problems), str(error.value)


def test_genes_of_inherited_variants_are_not_of_all_classes(tmp_path):
    path = tmp_path / "p.yaml"
    path.write_text(
        "title: t\nversion: '1'\ninherited_genes: [DDX41]\nfilters: [{flag: A, when: pos < 1, missing: pass, why: x}]\n"
    )
    with pytest.raises(Problems, match="inherited_genes are of small and structural variants and copy number"):
        load_policy(path, "repeats")
