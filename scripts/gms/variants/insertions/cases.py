"""Insertions of a case, counted in every sample, in one VCF with its other structural variants.

Where something is inserted, other callers see deletions and duplications whose second end is another copy of what is
inserted; and where an inversion or a translocation has its ends, reads are clipped on both sides as at an insertion.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

import pysam

from gms.genome.intervals import read_contigs
from gms.genome.ploidy import Ploidy, is_haploid
from gms.genome.vcf import info, info_text, info_value
from gms.variants.insertions.calls import CALLER, read_proposals
from gms.variants.insertions.evidence import look_at
from gms.variants.insertions.proposals import Proposal
from gms.variants.insertions.records import Counted, record
from gms.variants.structural.cases import Sample
from gms.variants.structural.fragments import Library
from gms.variants.structural.genotypes import genotype

AT_END = 50  # bases between an insertion and the end of another event, which is the same place
SURE = 20  # QUAL of an event of two junctions, whose ends are no insertion of an element either
LIKELY = 0.5  # PAIRS_P of such an event
MIN_FRAGMENTS = 2  # of a sample, for an insertion that counts as seen

Record = tuple[str, int, str]  # contig, position (1-based), line


class Places:
    """Names of places (contig, position), which are looked up by what is within AT_END bases."""

    def __init__(self, places: Iterable[tuple[tuple[str, int], str]]):
        self.found: dict[tuple[str, int], list[tuple[int, str]]] = defaultdict(list)
        for (contig, pos), name in places:
            self.found[contig, pos // AT_END].append((pos, name))

    def near(self, place: tuple[str, int]) -> list[str]:
        contig, pos = place
        around = (self.found.get((contig, pos // AT_END + step), ()) for step in (-1, 0, 1))
        return [name for one in around for at, name in one if abs(at - pos) <= AT_END]


class Case(NamedTuple):
    """The alignments of a case and its samples, index first."""

    fasta: Path
    alignments: Sequence[Path]
    samples: Sequence[Sample]


def with_insertions(
    lines: Iterable[str], facts: dict[str, Any], calls: Path, case: Case
) -> tuple[list[str], dict[str, Any]]:
    """The VCF and facts of a case (structural.cases.call_events), which hold what is known of the libraries, with the
    insertions of the callers' VCF `calls`."""
    contigs = read_contigs(Path(f"{case.fasta}.fai"))
    header, others = _parted(lines)
    found: list[Record] = []
    if facts["assessed"]:
        broken = Places((end, line) for *_, line in others if _junctions(line) == "2" for end in _ends(line))
        proposed = [one for one in read_proposals(calls) if not _is_end(one, broken)]
        libraries = [Library(*(one[name] for name in Library._fields)) for one in facts["samples"]]
        found = list(_counted(proposed, case, libraries, Ploidy(contigs)))
    order = {name: number for number, name in enumerate(contigs)}
    records = sorted([*_shadows(others, found), *found], key=lambda one: (order[one[0]], *one[1:]))
    events = facts["events"] | Counter("ME" if ";MEINFO=" in line else "INS" for *_, line in found)
    facts = facts | {"events": events, "callers": sorted({*facts["callers"], CALLER})}
    return [*header, *(line for *_, line in records)], facts


def _parted(lines: Iterable[str]) -> tuple[list[str], list[Record]]:
    """The header, and the records with their places."""
    header: list[str] = []
    records: list[Record] = []
    for line in lines:
        if line.startswith("#"):
            header.append(line)
        else:
            contig, pos, _ = line.split("\t", 2)
            records.append((contig, int(pos), line))
    return header, records


def _ends(line: str) -> list[tuple[str, int]]:
    """Ends of an event on the contig of its record; the mate of a breakend has a record of its own."""
    contig, pos, *_, text = line.split("\t", 8)[:8]
    end = info_value(text, "END")
    return [(contig, int(pos)), *([(contig, int(end))] if end else [])]


def _is_end(found: Proposal, broken: Places) -> bool:
    """Whether a proposal is at an end of an event of two junctions; of an element, of one that is surely there."""
    return any(not found.element or _is_sure(line) for line in broken.near((found.contig, found.before)))


def _is_sure(line: str) -> bool:
    """Whether fragments lie over the junctions of an event: over those that the copy of an element feigns none do."""
    *_, quality, _, text = line.split("\t", 8)[:8]
    return float(quality) >= SURE and float(info_value(text, "PAIRS_P") or 0) >= LIKELY


def _junctions(line: str) -> str | None:
    return info_value(line.split("\t", 8)[7], "JUNCTIONS")


def _counted(
    proposed: Iterable[Proposal], case: Case, libraries: Sequence[Library], ploidy: Ploidy
) -> Iterator[Record]:
    """Records of the insertions that reads show on both sides."""
    with pysam.FastaFile(str(case.fasta)) as reference, ExitStack() as stack:
        opened = [
            stack.enter_context(pysam.AlignmentFile(str(path), reference_filename=str(case.fasta)))
            for path in case.alignments
        ]
        for found in proposed:
            kind = ploidy.kind(found.contig, found.start + 1)
            if kind == "mitochondrion":
                continue
            counted = []
            for alignment, library, sample in zip(opened, libraries, case.samples, strict=True):
                seen = look_at(found, alignment, library)
                counted.append(Counted(seen, genotype("INS", seen.ref, seen.alt, None, is_haploid(kind, sample.sex))))
            if max(one.seen.alt for one in counted) >= MIN_FRAGMENTS:
                base = reference.fetch(found.contig, max(0, found.start - 1), max(1, found.start)).upper()
                doubled = reference.fetch(found.contig, found.behind, max(found.behind, found.before)).upper()
                yield record(found, counted, base, doubled)


def _shadows(others: Iterable[Record], found: Iterable[Record]) -> Iterator[Record]:
    """The other events; those of one junction with an end at an insertion are its shadows."""
    inserted = Places(((contig, pos), line.split("\t", 3)[2]) for contig, pos, line in found)
    for contig, pos, line in others:
        names = [name for end in _ends(line) for name in inserted.near(end)]
        if not names or _junctions(line) == "2":
            yield contig, pos, line
            continue
        fields = line.split("\t")
        fields[7] = info_text(info(fields[7]) | {"INSERTED": names[0], "SHADOW": ""})
        yield contig, pos, "\t".join(fields)
