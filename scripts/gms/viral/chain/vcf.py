"""The VCF of a viral sample: every allele down to the stated limit, and what became of it."""

import subprocess
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from gms.base.errors import GmsError
from gms.genome.vcf import header_lines, info_value, write_vcf
from gms.viral.chain.decide import Called, Decision

_FILTERS = {
    "AMBIGUOUS": "Between the fractions of an IUPAC code and of the consensus",
    "MINOR": "Below the fraction of an IUPAC code",
    "LOW_DEPTH": "Below the minimum depth: N in the consensus",
    "LOW_QUALITY": "Below the lowest quality: N in the consensus",
    "OVERLAP": "Excluded by a more frequent indel",
    "REFERENCE_N": "The reference is N",
    "CLIPPED": "Next to an insertion of which reads show the ends only: N in the consensus",
}


class ConsequencesFailed(GmsError):
    """bcftools csq could not name the consequences."""

    def __init__(self, message: str):
        super().__init__(f"bcftools csq failed: {message.strip()}. Check the genes (GFF3) of the assay")


def definitions(rules: Mapping[str, float]) -> str:
    """The header lines of filters and fields; `rules` are the assay's."""
    limits = ",".join(f"{key}={value}" for key, value in rules.items())
    lines = [f"##gms_rules=<{limits}>"]
    lines += [f'##FILTER=<ID={key},Description="{text}">' for key, text in _FILTERS.items()]
    lines += [
        '##INFO=<ID=AF,Number=1,Type=Float,Description="Fraction of the fragments with the allele">',
        '##INFO=<ID=SB,Number=1,Type=Float,Description="Share of these on the forward strand">',
        '##FORMAT=<ID=GT,Number=1,Type=String,Description="1: in the consensus">',
        '##FORMAT=<ID=DP,Number=1,Type=Integer,Description="Fewest reads over the bases of the allele">',
        '##FORMAT=<ID=AD,Number=2,Type=Integer,Description="Fragments with another allele, with this one">',
    ]
    return "\n".join(lines) + "\n"


def records(decision: Decision, contig: str) -> Iterator[str]:
    """A line for each reported allele, in order."""
    yield from (_record(one, contig) for one in decision.called)


def _record(one: Called, contig: str) -> str:
    seen = one.observed
    share = seen.forward / seen.count if seen.count else 0.0
    fields = [contig, one.pos + 1, ".", seen.allele.ref, seen.allele.alt, f"{seen.quality:.0f}", one.filter]
    sample = f"{int(one.filter == 'PASS')}:{one.depth}:{seen.total - seen.count},{seen.count}"
    return "\t".join(map(str, [*fields, f"AF={seen.fraction:.4f};SB={share:.2f}", "GT:DP:AD", sample])) + "\n"


def write_calls(lines: Iterator[str], fasta: Path, genes: Path | None, vcf: Path) -> dict[str, str]:
    """Write the VCF with its index; with genes, alleles of the consensus carry their consequences (INFO/BCSQ).

    The alleles are taken as one haplotype, so that two of one codon make one amino acid. Returns the consequences in
    words by allele (POS:REF:ALT). Raises ConsequencesFailed.
    """
    text = "".join(lines)
    if genes:
        command = ["bcftools", "csq", "-f", str(fasta), "-g", str(genes), "-p", "a", "-O", "v", "-"]
        run = subprocess.run(command, input=text, capture_output=True, text=True)
        if run.returncode:
            raise ConsequencesFailed(run.stderr)
        text = "".join(line for line in run.stdout.splitlines(keepends=True) if not line.startswith("##bcftools"))
    write_vcf(text.splitlines(keepends=True), vcf)
    return dict(_consequences(text.splitlines()))


def _consequences(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    """(POS:REF:ALT, words) of records with a consequence: 'S 501N>501Y (missense)'; '@POS': told at that record."""
    for line in lines:
        if not line.startswith("#") and (found := info_value(line.split("\t", 8)[7], "BCSQ")):
            pos, ref, alt = (line.split("\t", 5)[place] for place in (1, 3, 4))
            kinds = [entry.split("|") for entry in found.split(",")]
            words = (
                f"with the record at {kind[0][1:]}"
                if kind[0].startswith("@")
                else f"{kind[1]} {_change(kind)}({kind[0].strip('*')})"
                for kind in kinds
            )
            yield f"{pos}:{ref}:{alt}", ", ".join(words)


def _change(kind: list[str]) -> str:
    return f"{kind[5]} " if len(kind) > 5 and len(kind[5]) <= 40 else ""


def header(contig: str, length: int, sample: str, rules: Mapping[str, float]) -> Iterator[str]:
    """The header's lines."""
    return header_lines({contig: length}, definitions(rules), [sample])
