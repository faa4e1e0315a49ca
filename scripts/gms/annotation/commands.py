"""The command line that brings population, ClinVar, mask, panel-of-normals and white-list facts to a case's alleles."""

import subprocess
from collections.abc import Mapping, Sequence
from shlex import quote
from typing import IO

import pysam

from gms.annotation.annotate import Member
from gms.base.errors import GmsError
from gms.inputs.run_model import Case
from gms.variants.small.phased_snvs import codon_vcf

# Reference part → what bcftools annotate takes over from it. Alleles must be the same; a mask needs to overlap only.
TAKEN = {
    "population": "--columns INFO/POP_AF:=INFO/AF",
    "clinvar": "--columns INFO/CLNSIG,INFO/CLNREVSTAT,INFO/CLNDN",
    "normals": "--columns INFO/PON_COUNT,INFO/PON_TOTAL,INFO/PON_AF,INFO/PON_SD",
    "whitelist": "--mark-sites +WHITELIST",
    "mask": "--columns CHROM,FROM,TO --mark-sites +MASK",
}


def annotation_params(case: Case) -> list[tuple[str, bool, bool]]:
    """(role, male, affected) of each sample, in the order of the columns."""
    affected = {sample.name for sample in case.affected}
    return [(sample.role, sample.sex == "male", sample.name in affected) for sample in case.samples]


def knowledge_commands(files: Mapping[str, str], memory: int) -> str:
    """Shell commands that print the merged VCF with INFO of every part in `files`; `memory` in MB is the whole job's.

    bcftools annotate reads indexed files only, so its steps write to `$work`, a folder that the caller sets.
    """
    steps, here = [], files["vcf"]
    for part, taken in TAKEN.items():
        if files.get(part):
            annotate = f"bcftools annotate --no-version --annotations {quote(files[part])} {taken}"
            steps.append(
                f"{annotate} --output-type b --output $work/{part}.bcf {here} && bcftools index $work/{part}.bcf"
            )
            here = f"$work/{part}.bcf"
    stream = f"bcftools view --no-version {here}"
    if files.get("genes"):
        stream += f" | {consequence_command(files['database'], memory)}"
    return " && ".join([*steps, stream])


def consequence_command(database: str, memory: int) -> str:
    """VCF in, VCF with INFO/ANN out; `memory` in MB is the whole job's."""
    heap = memory * 4 // 5  # what Java needs beside its heap, and bcftools, take the rest
    options = f"-c {database}/snpEff.config -noStats -noLog -noDownload"
    # Debian's snpEff prints its own arguments before the VCF.
    return f"snpEff -Xmx{heap}m ann {options} genome | sed '1{{/^##/!d}}'"


def codon_consequences(files: Mapping[str, str], memory: int, log: IO[str]) -> list[str]:
    """Annotated VCF lines of the alleles that neighbouring SNVs form together. Raises GmsError where snpEff fails."""
    with pysam.BGZFile(files["vcf"]) as records:
        text = codon_vcf(line.decode() + "\n" for line in records) if files.get("genes") else ""
    if not text:
        return []
    command = ["bash", "-c", f"set -o pipefail; {consequence_command(files['database'], memory)}"]
    done = subprocess.run(command, input=text, stdout=subprocess.PIPE, stderr=log, text=True)
    if done.returncode:
        raise GmsError(f"snpEff ended with exit code {done.returncode}; its messages are above")
    return done.stdout.splitlines(keepends=True)


def present_parts(files: Mapping[str, str], members: Sequence[Member]) -> list[str]:
    """Reference parts that this case's annotation draws on; `parents` when both were sequenced."""
    known = ["genes", *TAKEN, "hotspots", "targets"]
    parts = [part for part in known if files.get(part)]
    roles = {member.role for member in members}
    return [*parts, "parents"] if {"mother", "father"} <= roles else parts
