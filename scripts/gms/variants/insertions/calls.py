"""Proposals as the callers' VCF of the class, a line for each, and back. They have no genotypes."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from pathlib import Path

from gms.genome.vcf import header_lines, info, record_lines
from gms.variants.insertions.elements import Element
from gms.variants.insertions.proposals import Proposal
from gms.variants.structural.calls import contract_line
from gms.variants.structural.events import Event
from gms.variants.structural.header import INSERTED, JOINED

CALLER = "clippedreads"
CALLER_HEADER = f"""\
##ALT=<ID=DEL,Description="Deletion">
##ALT=<ID=DUP,Description="Tandem duplication">
{INSERTED}{JOINED}##INFO=<ID=SVTYPE,Number=1,Type=String,Description="Type of structural variant">
##INFO=<ID=SVLEN,Number=1,Type=Integer,Description="Bases inserted; of a mobile element by the sequence of its\
 family">
##INFO=<ID=CUT,Number=2,Type=Integer,Description="Bases of the contig before the cut that reads are clipped at on their\
 right, and on their left">
##INFO=<ID=READS,Number=1,Type=Integer,Description="Fragments clipped there, all samples">
"""


def contract_lines(found: Iterable[Proposal | Event], contigs: Mapping[str, int]) -> Iterator[str]:
    """The callers' VCF; `found` by contig, in their order."""
    yield from header_lines(contigs, CALLER_HEADER, [])
    for _, group in groupby(found, key=lambda one: one.contig if isinstance(one, Proposal) else one.first.contig):
        lines = [contract_line(one) if isinstance(one, Event) else insertion_line(one) for one in group]
        yield from sorted(lines, key=lambda line: int(line.split("\t", 2)[1]))


def insertion_line(one: Proposal) -> str:
    fields = {"SVTYPE": "INS", "CUT": f"{one.before},{one.behind}", "READS": one.fragments} | described(one)
    text = ";".join(f"{key}={value}" for key, value in fields.items())
    return "\t".join([one.contig, str(max(1, one.start)), ".", "N", allele(one), ".", "PASS", text]) + "\n"


def allele(found: Proposal) -> str:
    return f"<INS:ME:{found.element.family}>" if found.element else "<INS>"


def described(found: Proposal) -> dict[str, object]:
    """INFO fields of what is inserted, alike in the callers' VCF and the merged one."""
    fields: dict[str, object] = {}
    if found.length is not None:
        fields["SVLEN"] = found.length
    if element := found.element:
        start = "." if element.start is None else element.start + 1
        fields["MEINFO"] = f"{element.family},{start},{element.end},{element.strand}"
        fields["TAIL"] = element.tail
    if found.bases:
        return fields | {"SVINSSEQ": found.bases}
    return fields | {"LEFT_SVINSSEQ": found.prefix, "RIGHT_SVINSSEQ": found.suffix}


def read_proposals(path: Path) -> Iterator[Proposal]:
    """The insertions of a callers' VCF."""
    return (read_proposal(line) for line in record_lines(path) if "\t<INS" in line)


def read_proposal(line: str) -> Proposal:
    fields = line.rstrip("\n").split("\t")
    values = info(fields[7])
    before, behind = map(int, values["CUT"].split(","))
    bases = values.get("SVINSSEQ")
    ends = [values.get(f"{side}_SVINSSEQ", bases or "") for side in ("LEFT", "RIGHT")]
    return Proposal(fields[0], before, behind, *ends, int(values["READS"]), bases, _element(values))


def _element(values: Mapping[str, str]) -> Element | None:
    if "MEINFO" not in values:
        return None
    family, start, end, strand = values["MEINFO"].split(",")
    first = None if start == "." else int(start) - 1
    return Element(family, strand, first, int(end), int(values["TAIL"]))
