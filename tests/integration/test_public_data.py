"""Accuracy on public data with known truth, as the judges count it. The data lie outside of this repository."""

import re
import subprocess
import sys

import pytest

import runs

SHARED = runs.PROJECT.parent / "shared"
DATA, JUDGE = SHARED / "data", SHARED / "evaluate.py"
COUNTS = re.compile(r"\t(SNV|indel)\tTP (\d+)\tFN (\d+)\tFP (\d+)\t")
pytestmark = pytest.mark.skipif(
    not (DATA.is_dir() and JUDGE.is_file()), reason=f"public data with truth are not here ({DATA}, {JUDGE})"
)


def judged(name, folder):
    """{"SNV": (TP, FN, FP), "indel": ...} of a data set, and all that the judge said; skips where the set is absent."""
    if not (DATA / name).is_dir():
        pytest.skip(f"{DATA / name} is not here")
    command = [sys.executable, str(JUDGE), str(runs.PROJECT), str(DATA / name), str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr
    counts = {kind: tuple(map(int, numbers)) for kind, *numbers in COUNTS.findall(done.stdout)}
    print(done.stdout)
    return counts, done.stdout


def shares(tp, fn, fp):
    """Recall and precision."""
    return tp / (tp + fn), tp / (tp + fp)


def test_a_genome(tmp_path):
    """One set alone is small (indels: 7 of 7 allows 0.65), hence few errors are allowed rather than a share."""
    counts, said = judged("germline-hg002-30x-chr20-10mb", tmp_path)
    recall, precision = shares(*counts["SNV"])
    assert recall >= 0.990 and precision >= 0.985, said
    _, missed, wrong = counts["indel"]
    assert missed <= 1 and wrong <= 2, said


def in_bed(path):
    """A function that tells whether a 1-based position lies in the intervals of a BED file."""
    fields = (line.split()[:3] for line in path.read_text().splitlines())
    intervals = [(contig, int(start), int(end)) for contig, start, end in fields]
    return lambda contig, position: any(c == contig and start < position <= end for c, start, end in intervals)


def violates(child, mother, father):
    """Whether the child's genotype cannot be inherited: one allele of each parent (numbers of copies, 0 to 2)."""
    gametes = {0: {0}, 1: {0, 1}, 2: {1}}
    return child not in {a + b for a in gametes[mother] for b in gametes[father]}


def test_a_family_has_no_mendelian_violation(tmp_path):
    name = "germline-trio-ceu-chr20-10kb"
    counts, said = judged(name, tmp_path)
    assert shares(*counts["SNV"])[0] >= 0.98, said
    inside, found = in_bed(DATA / name / "confident.bed"), []
    passed = runs.records(tmp_path / "results" / "reported" / "C1.vcf.gz")
    names = runs.samples(tmp_path / "results" / "reported" / "C1.vcf.gz")
    for record in (record for record in passed if inside(record[0], int(record[1]))):
        genotypes = dict(zip(names, (field.split(":")[0] for field in record[9:]), strict=True))
        if "." not in "".join(genotypes.values()):
            copies = [genotypes[f"C1-{role}"].count("1") for role in ("proband", "mother", "father")]
            found += [(runs.variant(record), genotypes)] if violates(*copies) else []
    assert len(passed) > 40
    assert found == []


def test_a_tumor_and_its_normal(tmp_path):
    counts, said = judged("somatic-tn-mix54", tmp_path)
    assert counts["SNV"] == (40, 0, 0), said
    assert re.search(r"germline reported as somatic\t0$", said, re.MULTILINE), said
