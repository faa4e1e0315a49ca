"""Accuracy on public data with known truth, as the judges count it. The data lie outside of this repository."""

import re

import pytest

import runs
from judge import ABSENT, DATA, is_here, judged

pytestmark = pytest.mark.skipif(not is_here(), reason=ABSENT)


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


def test_a_tumor_and_its_normal(mixed):
    counts, said = mixed.judged
    assert counts["SNV"] == (40, 0, 0), said
    assert re.search(r"germline reported as somatic\t0$", said, re.MULTILINE), said
