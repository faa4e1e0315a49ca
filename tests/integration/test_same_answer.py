"""The answer depends neither on the number of cores nor on how the genome is cut into shards."""

import os
from collections import Counter

import pytest

import runs
from gms.genome.gff3 import read_coding
from gms.variants.small import commands
from gms.variants.small.calls import call_variants
from gms.variants.small.merge_callers import Job, merge_calls

SAMPLES = {"rare-duo": ["duo-proband", "duo-mother"], "myeloid-deep": ["myeloid-tumor"]}
ROLES = {"rare-duo": ["proband", "mother"], "myeloid-deep": ["tumor"]}
MIN_FRACTION = {"rare-duo": None, "myeloid-deep": 0.01}
SHARD_SIZE = 20_011  # bases: cuts genes and targets at uneven places


@pytest.fixture(scope="module")
def one_core(mini, tmp_path_factory):
    """The results of both cases, without the others, run on one core, with an awkward folder for temporary files."""
    folder = runs.subset(mini, tmp_path_factory.mktemp("same") / "data", list(SAMPLES))
    targets = [f"report/{case}.html" for case in SAMPLES]
    work = folder / "a b'c\"d;e$(touch harm)`touch harm`"
    work.mkdir()
    options = ("--profile", "local", "--configfile", folder / "run.yaml", "--cores", 1)
    done = runs.gms("run", *options, *targets, variables=os.environ | {"TMPDIR": str(work)})
    assert not list(work.iterdir())
    assert done.returncode == 0, done.stdout
    return folder / "results"


@pytest.mark.parametrize("case", SAMPLES)
def test_one_core(finished, one_core, case):
    same = [runs.bodies(results, case, SAMPLES[case]) for results in (finished.results, one_core)]
    assert runs.different(*same) == []


def test_the_ring_trial_finds_one_answer(finished, one_core, tmp_path):
    done = runs.gms("ring-trial", finished.results, one_core, "--cases", *SAMPLES, cwd=tmp_path)
    assert done.returncode == 0, done.stdout
    assert "Identical: both centres give the same answer to 2 cases." in done.stdout


@pytest.fixture
def place(finished, monkeypatch):
    """Case -> its alignments and targets, as paths from the results folder, which is the current one."""
    monkeypatch.chdir(finished.results)
    targets = finished.folder / "reference" / "targets_panel_myeloid.bed"

    def of(case):
        return [f"alignment/{sample}.cram" for sample in SAMPLES[case]], targets if case == "myeloid-deep" else None

    return of


def same_records(lines, vcf, but=()):
    """Whether there are records and they are those of the file; columns `but` (0-based) do not count."""
    made, found = [line.rstrip("\n").split("\t") for line in lines if line[0] != "#"], runs.records(vcf)
    assert made
    return [without(record, but) for record in made] == [without(record, but) for record in found]


def without(record, columns):
    return [field for column, field in enumerate(record) if column not in columns]


@pytest.mark.parametrize("case", SAMPLES)
@pytest.mark.parametrize("caller", ["bcftools", "freebayes"])
def test_calls_of_small_shards(finished, place, caller, case):
    """freebayes' QUAL rests on what its process saw before (gms/genome/scatter_intervals.py):
    shards have one size everywhere."""
    crams, targets = place(case)
    fasta, fraction = finished.results / "reference" / "genome.fa", MIN_FRACTION[case]
    command = getattr(commands, caller)("reference/genome.fa", crams, fraction)
    lines = call_variants(command, fasta, targets, SAMPLES[case], fraction, 2, SHARD_SIZE, "one", Counter())
    but = (5,) if caller == "freebayes" else ()
    assert same_records(lines, finished.results / "variants" / caller / f"{case}.vcf.gz", but)


@pytest.mark.parametrize("case", SAMPLES)
def test_merging_in_small_shards(finished, place, case):
    crams, targets = place(case)
    calls = {caller: f"variants/{caller}/{case}.vcf.gz" for caller in ("bcftools", "freebayes")}
    coding = read_coding(finished.results / "reference" / "coding.bed")
    job = Job(calls, crams, "reference/genome.fa", ROLES[case], somatic=case == "myeloid-deep", coding=coding)
    lines = merge_calls(job, SAMPLES[case], targets, SHARD_SIZE, threads=2)
    assert same_records(lines, finished.results / "variants" / "merged" / f"{case}.vcf.gz")
