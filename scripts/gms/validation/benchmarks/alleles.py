"""Alleles of a VCF in one spelling: split, left-aligned, atomic, each once."""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from gms.base.errors import GmsError
from gms.validation.benchmarks.counts import Key


class Allele(NamedTuple):
    """One normalised record: its allele, its FILTER flags (none for PASS), and the copies in each sample."""

    key: Key
    flags: frozenset[str]
    copies: dict[str, int | None]


class Unreadable(GmsError):
    """bcftools could not bring a VCF to one spelling."""

    def __init__(self, vcf: Path, reason: str):
        super().__init__(f"{vcf} cannot be normalised against its reference: {reason}")


def read_alleles(vcf: Path, reference: Path) -> Iterator[Allele]:
    """Normalised alleles in order; one that several records spell comes once for each."""
    steps = 'set -o pipefail; bcftools norm -m- -f "$1" -c w "$2" 2>"$3" | bcftools norm -a -f "$1" 2>/dev/null'
    command = ["bash", "-c", steps, "-", str(reference), str(vcf), "/dev/stderr"]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise Unreadable(vcf, " / ".join(done.stderr.strip().splitlines()[-2:]))
    names: list[str] = []
    for line in done.stdout.splitlines():
        fields = line.split("\t")
        if line.startswith("#CHROM"):
            names = fields[9:]
        elif not line.startswith("#") and fields[4] not in ("*", ".", "<*>"):
            yield parse(fields, names)


def parse(fields: list[str], names: list[str]) -> Allele:
    """The allele of one biallelic record."""
    flags = frozenset() if fields[6] in ("PASS", ".") else frozenset(fields[6].split(";"))
    column = fields[8].split(":").index("GT") if len(fields) > 9 and "GT" in fields[8].split(":") else None
    genotypes = (None if column is None else text.split(":")[column] for text in fields[9:])
    copies = {name: copies_of(genotype) for name, genotype in zip(names, genotypes, strict=True)}
    return Allele((fields[0], int(fields[1]), fields[3], fields[4]), flags, copies)


def copies_of(genotype: str | None) -> int | None:
    """Copies of ALT in a genotype such as 0/1 or 1|1; None where it was not called.

    A haploid genotype (a mitochondrion, a man's X) counts as both copies, since the workflow calls everything diploid.
    """
    if genotype is None or set(genotype) <= set("./|"):
        return None
    alleles = genotype.replace("|", "/").split("/")
    return alleles.count("1") * (2 if len(alleles) == 1 else 1)


def passing(vcf: Path, reference: Path, sample: str | None = None) -> dict[Key, int]:
    """Copies of every allele that passes the filters and that `sample` (else the first, if any) carries.

    Without `sample` the genotype does not matter. Records that spell the same allele are added up.
    """
    found: dict[Key, int] = {}
    for allele in read_alleles(vcf, reference):
        if allele.flags:
            continue
        name = sample if sample in allele.copies else next(iter(allele.copies), None)
        copies = allele.copies.get(name)
        if sample in allele.copies and copies == 0:
            continue
        found[allele.key] = min(2, found.get(allele.key, 0) + (copies or 0))
    return found
