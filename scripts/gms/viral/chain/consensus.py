"""The consensus sequence by `bcftools consensus`, from decided alleles and masked positions. Positions are 0-based."""

import re
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from gms.base.errors import GmsError
from gms.genome.vcf import header_lines, write_vcf
from gms.viral.chain.decide import Decision, consensus_bases

_APPLIED = re.compile(r"Applied (\d+) variants")
_GENOTYPE = '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">\n'


class ConsensusDiffers(GmsError):
    """bcftools consensus applied fewer alleles than were decided."""

    def __init__(self, sample: str, applied: int, decided: int):
        super().__init__(
            f"sample {sample}: bcftools consensus applied {applied} of {decided} alleles, so the consensus would not "
            "be what its VCF says. Please report this with the sample's files in variants/viral/"
        )


def consensus(decision: Decision, fasta: Path, contig: str, length: int, sample: str) -> str:
    """The sequence, N at every masked position. Raises ConsensusDiffers."""
    edits = list(_edits(decision))
    with tempfile.TemporaryDirectory() as work:
        vcf, mask = Path(work, "calls.vcf.gz"), Path(work, "mask.bed")
        records = [f"{contig}\t{pos + 1}\t.\t{ref}\t{alt}\t.\tPASS\t.\tGT\t1\n" for pos, ref, alt in edits]
        write_vcf([*header_lines({contig: length}, _GENOTYPE, [sample]), *records], vcf)
        mask.write_text("".join(f"{contig}\t{start}\t{end}\n" for start, end, _ in runs(decision.masked)))
        command = ["bcftools", "consensus", "-f", str(fasta), *(["-m", str(mask)] if decision.masked else [])]
        run = subprocess.run([*command, str(vcf)], capture_output=True, text=True, check=True)
    applied = int(_APPLIED.search(run.stderr)[1])
    if applied != len(edits):
        raise ConsensusDiffers(sample, applied, len(edits))
    return "".join(line for line in run.stdout.splitlines() if not line.startswith(">"))


def _edits(decision: Decision) -> Iterator[tuple[int, str, str]]:
    """(pos, REF, ALT) of every change of the sequence, none of which shares a base with another.

    A substitution at the anchor of an indel becomes part of it, since bcftools applies one record for each base. An
    IUPAC code is written as the allele itself.
    """
    chosen = [one for one in consensus_bases(decision) if not _is_masked(one.pos, one.end, decision)]
    indels = {one.pos: one for one in chosen if one.observed.is_indel}
    bases = {one.pos: one.observed.allele.alt for one in chosen if not one.observed.is_indel}
    for place in sorted({*indels, *bases, *(decision.codes.keys() - decision.masked.keys())}):
        base = bases.get(place) or decision.codes.get(place)
        if place in indels:
            allele = indels[place].observed.allele
            yield place, allele.ref, (base or allele.alt[0]) + allele.alt[1:]
        else:
            yield place, _ref_of(decision, place), base


def _ref_of(decision: Decision, place: int) -> str:
    return next(one.observed.allele.ref for one in decision.called if one.pos == place and not one.observed.is_indel)


def _is_masked(start: int, end: int, decision: Decision) -> bool:
    return any(place in decision.masked for place in range(start, end))


def runs(masked: dict[int, str]) -> Iterator[tuple[int, int, str]]:
    """(start, end, reason) of neighbouring positions with one reason."""
    start, end, reason = 0, 0, ""
    for place in sorted(masked):
        if place == end and masked[place] == reason:
            end += 1
            continue
        if reason:
            yield start, end, reason
        start, end, reason = place, place + 1, masked[place]
    if reason:
        yield start, end, reason


def fasta_text(name: str, sequence: str) -> str:
    """FASTA of one sequence."""
    return "\n".join([f">{name}", *(sequence[at : at + 80] for at in range(0, len(sequence), 80))]) + "\n"


def longest_run(sequence: str) -> int:
    """Bases of the longest stretch without N."""
    return max(map(len, sequence.split("N")))


def letters(sequence: str, of: Iterable[str]) -> int:
    """How many letters of a sequence are among those given."""
    return sum(map(sequence.count, of))
