"""Accuracy on public data with known truth, as the judges count it. The data lie outside of this repository."""

import re

import pytest

import runs
from gms.alignment.align_reads import LaneReads, Stream, align_reads
from gms.annotation.changes import reverse_complement
from gms.genome.gff3 import Coding
from gms.validation.class_benchmarks.simulated import write_reference
from gms.variants.small.merge_callers import Job, merge_calls
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


@pytest.mark.parametrize(("name", "length"), [("ITD.100.100", 100), ("ITD.100.20", 20)])
def test_an_internal_tandem_duplication_of_flt3_in_an_amplicon(tmp_path, name, length):
    """Half of 2,000 pairs; the one of 100 bases is in no CIGAR. No caller proposes anything."""
    source = DATA / "flt3itd-itdseek-simulated"
    contig, sequence = (line.lstrip(">").split()[0] for line in (source / "reference.fa").read_text().splitlines())
    reference = write_reference(tmp_path / "genome.fa", {contig: sequence})
    lane = LaneReads("L1", *(str(source / f"{name}_R{mate}.fastq.gz") for mate in (1, 2)))
    stream = Stream("T", [lane], str(reference), "bwa", False, 1, str(tmp_path), molecules=True)  # amplicon: true
    align_reads(stream, str(reference), str(tmp_path / "T.cram"), tmp_path / "log")
    job = Job({}, [str(tmp_path / "T.cram")], str(reference), ["tumor"], True, {contig: Coding([])}, amplicon=True)
    lines = [line.split("\t") for line in merge_calls(job, ["T"], None, len(sequence), 1) if line[0] != "#"]

    ((_, pos, _, ref, alt, *_, keys, values),) = lines
    counts = dict(zip(keys.split(":"), values.strip().split(":"), strict=True))
    assert len(alt) - len(ref) == length and float(counts["AF"]) == pytest.approx(0.5, abs=0.02)
    made = sequence[: int(pos) - 1] + alt + sequence[int(pos) - 1 + len(ref) :]
    assert made == expected_of(source / f"truth.{name}.itdseek_hg19.vcf", sequence)


def expected_of(path, sequence):
    """The amplicon with the true allele, which is that of the other strand, in hg19 (README of the data sets)."""
    _, pos, _, ref, alt, *_ = next(line for line in path.read_text().splitlines() if line[0] != "#").split("\t")
    at = 28_608_352 - int(pos)  # of the base before the insertion on that strand, which is the one after it here
    return sequence[:at] + reverse_complement(alt[len(ref) :]) + sequence[at:]
