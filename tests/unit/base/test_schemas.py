"""YAML documents are read strictly: what a reader could take in two ways is a problem."""

import gzip

import pytest

from gms.base.problems import Findings
from gms.base.schemas import Document


def problems(tmp_path, text):
    path, findings = tmp_path / "run.yaml", Findings()
    path.write_text(text)
    content = Document(path).load(findings)
    assert (content is None) == bool(findings.problems)
    return [(problem.line, problem.text) for problem in findings.problems]


@pytest.mark.parametrize(
    ("text", "line", "first"),
    [
        ("assays: {}\nsamples: s.tsv\nassays: {a: 1}\n", 3, 1),
        ("study:\n  id: S1\n  data_categories: [reads]\n  data_categories: [qc]\n", 4, 3),
        ("filters:\n  - flag: A\n    when: x\n    flag: B\n", 4, 2),
        ("a: 1\n'a': 2\n", 2, 1),
        ("a: {x: 1, x: 2}\n", 1, 1),
        ('{"a": 1, "a": 2}\n', 1, 1),
        ("yes: 1\ntrue: 2\n", 2, 1),
        ("1: a\n0x1: b\n", 2, 1),
        ("a: &a {x: 1}\nb:\n  <<: *a\n  <<: *a\n", 4, 3),
        ("a: &a\n  x: 1\n  x: 2\nb: {<<: *a}\n", 3, 2),
    ],
    ids=["top", "in a mapping", "in a list", "quoted", "on one line", "JSON", "true", "number", "merges", "anchor"],
)
def test_a_key_that_is_given_twice(tmp_path, text, line, first):
    ((found, said),) = problems(tmp_path, text)
    assert found == line and f"is already on line {first}; remove one of them" in said


def test_the_same_key_in_two_mappings(tmp_path):
    assert problems(tmp_path, "a: {x: 1}\nb: {x: 2}\nc: &base {x: 3}\nd: {<<: *base, x: 4}\n") == []


@pytest.mark.parametrize(
    "text",
    [
        "a: &a\n  b: *a\n",
        "a: " + "[" * 5000 + "]" * 5000 + "\n",
        "a: " + "[" * 100_000 + "]" * 100_000 + "\n",
        "- " * 100_000 + "a\n",
        "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 9)),
    ],
    ids=["refers to itself", "nested", "nested more", "nested in a block", "unfolds to a hundred million"],
)
def test_a_document_without_bounds(tmp_path, text):
    ((_, said),) = problems(tmp_path, text)
    assert "nested more than 64 deep, refers to itself or is too large" in said


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (gzip.compress(b"samples: a.tsv", mtime=0), "is gzipped; unpack it"),
        ("samples: a.tsv".encode("utf-16"), "is UTF-16 text, as Excel's 'Unicode Text'; save it as 'CSV UTF-8'"),
        ("# å".encode("latin-1"), "is not UTF-8 text; save it as UTF-8"),
    ],
    ids=["empty", "gzipped", "UTF-16", "Latin-1"],
)
def test_what_is_no_text_is_named(tmp_path, content, said):
    path, findings = tmp_path / "run.yaml", Findings()
    path.write_bytes(content)
    assert Document(path).load(findings) is None
    assert [problem.text for problem in findings.problems] == [said]
