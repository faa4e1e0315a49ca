"""The command line that brings what population, ClinVar and other files know to the alleles of a case."""

from collections.abc import Mapping, Sequence
from shlex import quote

from gms.annotation.annotate import Member
from gms.inputs.run_model import Case

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


def knowledge_commands(files: Mapping[str, str]) -> str:
    """Shell commands that print the merged VCF with INFO of every part in `files`.

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
    return " && ".join([*steps, f"bcftools view --no-version {here}"])


def present_parts(files: Mapping[str, str], members: Sequence[Member]) -> list[str]:
    """Reference parts that this case's annotation draws on; `parents` when both were sequenced."""
    known = ["genes", *TAKEN, "hotspots", "targets"]
    parts = [part for part in known if files.get("transcripts" if part == "genes" else part)]
    roles = {member.role for member in members}
    return [*parts, "parents"] if {"mother", "father"} <= roles else parts
