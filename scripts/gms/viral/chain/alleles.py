"""Alleles and their reads, from `bcftools mpileup` and `bcftools call` on haploid positions."""

import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from shlex import quote
from typing import NamedTuple

from gms.base.errors import GmsError
from gms.genome.alleles import Allele, left_align
from gms.genome.vcf import sample_values

_FAR_FEWER = 4
_DEEPEST = 1_000_000  # -L as -d: above its limit mpileup leaves indels out without a word


class Observed(NamedTuple):
    """An allele, 0-based, with the fragments that show it out of `total`; `forward` of them on the forward strand.

    `quality` (Phred) is that of bcftools for the record that it is from.
    """

    allele: Allele
    count: int
    total: int
    forward: int
    quality: float

    @property
    def fraction(self) -> float:
        return self.count / self.total if self.total else 0.0

    @property
    def is_indel(self) -> bool:
        return len(self.allele.ref) != len(self.allele.alt)


def better(one: Observed, other: Observed) -> Observed:
    """Of two counts of an allele the one that rests on far more reads (fragments are half as many), else that with the
    larger fraction; the first where they are alike."""
    if min(one.total, other.total) * _FAR_FEWER < max(one.total, other.total):
        return max(one, other, key=lambda count: count.total)
    return other if other.fraction > one.fraction else one


class CallingFailed(GmsError):
    """bcftools ended with an error."""

    def __init__(self, code: int):
        super().__init__(f"bcftools ended with exit code {code}; its messages are above")


def pileup_command(fasta: Path, bam: Path, base_quality: int, mapping_quality: int) -> str:
    """VCF of every position with reads, on standard output; with reads whose mates are lost (-A), as the depth counts
    them."""
    return (
        f"bcftools mpileup -A -f {quote(str(fasta))} -d {_DEEPEST} -L {_DEEPEST} -q {mapping_quality} -Q {base_quality}"
        f" -a AD,ADF,DP -O u {quote(str(bam))} | bcftools call --ploidy 1 -m -A -O v -"
    )


def observed_alleles(command: str, genome: str) -> list[Observed]:
    """Every allele other than the reference that `command` shows, normalised. Raises CallingFailed."""
    script = ["bash", "-c", f"set -o pipefail; {command}"]
    # Messages go where those of Python go: to the log of a rule.
    process = subprocess.Popen(script, stdout=subprocess.PIPE, stderr=sys.stderr, text=True)
    found = list(parse(process.stdout, genome))
    if process.wait():
        raise CallingFailed(process.returncode)
    return found


def parse(lines: Iterable[str], genome: str) -> Iterator[Observed]:
    """Alleles of VCF lines of one haploid sample with AD and ADF."""
    for line in lines:
        if line[0] == "#":
            continue
        _, pos, _, ref, alts, quality, _, _, keys, column = line.rstrip("\n").split("\t")
        if alts == ".":
            continue
        values = sample_values(keys, column)
        counts, forward = ([int(number) for number in values[key].split(",")] for key in ("AD", "ADF"))
        for place, alt in enumerate(alts.split(","), start=1):
            allele = left_align(Allele(int(pos) - 1, ref.upper(), alt.upper()), genome)
            yield Observed(
                allele, counts[place], sum(counts), forward[place], float(quality) if quality != "." else 0.0
            )
