"""Real reads of a tumour mixed from two persons: a somatic study gets what one has and the other lacks, and no more.

The data are outside this repository. The run has no population, so the normal must show more.
"""

import gzip
import subprocess
from functools import partial
from pathlib import Path

import pytest

import judge
import runs
from gms.sharing.decision.model import Member
from gms.sharing.deidentify.germline import germline_findings
from gms.sharing.deidentify.variants import deidentify_variants

DATA = judge.DATA / judge.MIX
NAMES = {"C1-tumor": "STUM", "C1-normal": "SNORM"}
MEMBERS = [Member(sample, sample[3:], "unknown", "unknown", None) for sample in NAMES]
pytestmark = pytest.mark.skipif(not judge.is_here(), reason=judge.ABSENT)


@pytest.fixture
def results(mixed):
    return mixed.results


def alleles(vcf: Path) -> set[str]:
    """CHROM:POS:REF:ALT of a truth set, in the spelling of the workflow."""
    command = ["bcftools", "norm", "-m-", "-f", str(DATA / "reference.fa"), str(vcf)]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    return {":".join(line.split("\t")[i] for i in (0, 1, 3, 4)) for line in lines if not line.startswith("#")}


def deidentified(results, out, looked_up):
    """Alleles of the deidentified VCF, whose proof is in order."""
    source = out.with_name("reported.vcf.gz")
    text = gzip.decompress((results / "reported" / "C1.vcf.gz").read_bytes()).decode()
    source.write_bytes(gzip.compress(text.replace("##gms_parts=none", looked_up).encode()))
    deidentify_variants(source, out, MEMBERS, NAMES, {"somatic_variants"}, "somatic")
    files = {path.name: partial(open, path, "rb") for path in (out, out.with_name(f"{out.name}.tbi"))}
    assert germline_findings(files, {"STUM"}, results / "filtered" / "C1.vcf.gz", "C1-normal") == []
    return {allele for record in runs.records(out) for allele in single_changes(record)}


def single_changes(record):
    """CHROM:POS:REF:ALT of a record, and of each SNV where it joins several on the same molecules."""
    chrom, pos, _, ref, alt = record[:5]
    yield runs.variant(record)
    if len(ref) == len(alt):
        yield from (
            f"{chrom}:{int(pos) + at}:{a}:{b}" for at, (a, b) in enumerate(zip(ref, alt, strict=True)) if a != b
        )


def test_the_acquired_survive_and_the_inherited_do_not(results, tmp_path):
    acquired, inherited = (alleles(DATA / f"truth.{name}.vcf.gz") for name in ("somatic", "germline_normal_HG001"))
    seen = {runs.variant(record) for record in runs.records(results / "filtered" / "C1.vcf.gz")}
    assert len(acquired) == 41 and len(seen & inherited) > 100
    left = deidentified(results, tmp_path / "C1.vcf.gz", "##gms_parts=population")
    assert left & inherited == set() and acquired <= left
    fewer = deidentified(results, tmp_path / "C1.vcf.gz", "##gms_parts=none")
    assert fewer & inherited == set() and len(acquired & fewer) >= 36


def test_what_was_not_deidentified_is_found(results):
    for stage, kinds in (
        ("reported", {"column", "field"}),
        ("filtered", {"column", "field", "in_normal", "not_excluded"}),
    ):
        files = {"data/C1.vcf.gz": partial(open, results / stage / "C1.vcf.gz", "rb")}
        found = germline_findings(files, {"C1-tumor"}, results / "filtered" / "C1.vcf.gz", "C1-normal")
        assert {finding.kind for finding in found} == kinds
