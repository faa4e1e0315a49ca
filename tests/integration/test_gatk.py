"""HaplotypeCaller and Mutect2 themselves, where ./gms setup --with gatk installed them, on finished cases."""

import shutil
import subprocess
from collections import Counter

import pytest

from gms.base import software
from gms.genome.vcf import open_vcf
from gms.variants.small.calls import call_variants, require_all
from gms.variants.small.commands import haplotypecaller, mutect2

pytestmark = pytest.mark.skipif(
    shutil.which("gatk", path=software.ENVIRONMENT / "bin") is None, reason="GATK is not here: ./gms setup --with gatk"
)


CONTIG = "chr2"  # the others would start Java anew


def found(finished, tmp_path, command, samples, fraction):
    """Alleles of CONTIG that a caller proposes for the samples of a finished case; `command` makes its command."""
    fasta = tmp_path / "genome.fa"
    for name in ("genome.fa", "genome.fa.fai"):
        (tmp_path / name).symlink_to(finished.results / "reference" / name)
    subprocess.run(["samtools", "dict", "--output", tmp_path / "genome.dict", fasta], check=True)
    crams = [str(finished.results / "alignment" / f"{sample}.cram") for sample in samples]
    tally, targets = Counter(), tmp_path / "targets.bed"
    targets.write_text(f"{CONTIG}\t0\t40000\n")
    lines = call_variants(command(str(fasta), crams), fasta, targets, samples, fraction, 1, 5_000_000, "gatk", tally)
    records = [tuple(line.split("\t")[i] for i in (0, 1, 3, 4)) for line in lines if line[0] != "#"]
    require_all(tally, len(records), "gatk")
    return set(records)


def reported(finished, case):
    with open_vcf(finished.results / "reported" / f"{case}.vcf.gz") as lines:
        fields = [line.split("\t") for line in lines if line[0] != "#"]
    snvs = [f for f in fields if f[0] == CONTIG and len(f[3]) == len(f[4]) == 1]
    return {(f[0], f[1], f[3], f[4]) for f in snvs}


def test_haplotypecaller_finds_the_snvs_of_a_trio(finished, tmp_path):
    samples = ["rare-proband", "rare-mother", "rare-father"]
    alleles = found(finished, tmp_path, haplotypecaller, samples, None)
    assert reported(finished, "rare-trio") and reported(finished, "rare-trio") <= alleles


def test_mutect2_finds_the_snvs_of_a_tumour_and_inherited_ones(finished, tmp_path):
    samples = ["pair-tumor", "pair-normal"]
    alleles = found(finished, tmp_path, lambda *a: mutect2(*a, samples[1:], all_reads=True), samples, 0.05)
    assert reported(finished, "pair-somatic") and reported(finished, "pair-somatic") <= alleles
