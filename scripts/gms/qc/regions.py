"""Where depth is measured: targets and coding exons, cut into pieces that carry their genes. Coordinates 0-based."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from gms.genome.gene_list import read_gene_list
from gms.genome.intervals import Region, open_text, read_bed, read_contigs

ON_TARGET = "."
CANONICAL = ("MANE_Select", "Ensembl_canonical")


class Segment(NamedTuple):
    """A piece of genome that belongs to the same genes from its first to its last base."""

    chrom: str
    start: int
    end: int
    genes: tuple[str, ...]


def read_coding(path: Path | str) -> list[Region]:
    """Coding intervals named by gene from an Ensembl-style GFF3.

    A gene with a MANE Select or Ensembl canonical transcript is measured over that one, so that a rare transcript's
    extra exon does not make it look incomplete; other genes over all their transcripts.
    """
    genes, transcripts, coding = {}, {}, defaultdict(list)
    with open_text(path) as lines:
        for line in lines:
            fields = line.rstrip("\n").split("\t")
            if len(fields) != 9:
                continue
            attributes = dict(item.split("=", 1) for item in fields[8].split(";") if "=" in item)
            parent = attributes.get("Parent")
            if fields[2] == "CDS" and parent:
                coding[parent].append((fields[0], int(fields[3]) - 1, int(fields[4])))
            elif parent and "ID" in attributes:
                canonical = any(tag in attributes.get("tag", "") for tag in CANONICAL)
                transcripts[attributes["ID"]] = (parent, canonical)
            elif "ID" in attributes:
                genes[attributes["ID"]] = attributes.get("Name") or attributes["ID"].removeprefix("gene:")
    return list(_named_coding(genes, transcripts, coding))


def _named_coding(genes: dict, transcripts: dict, coding: dict) -> Iterator[Region]:
    with_canonical = {gene for name, (gene, canonical) in transcripts.items() if canonical and name in coding}
    for transcript, exons in coding.items():
        gene, canonical = transcripts.get(transcript, (transcript, False))
        if canonical or gene not in with_canonical:
            for chrom, start, end in exons:
                yield Region(chrom, start, end, genes.get(gene, gene))


def segments(targets: Iterable[Region] | None, coding: Iterable[Region], contigs: dict[str, int]) -> list[Segment]:
    """Non-overlapping segments, in contig order: the targets, or without targets the coding sequence, or the contigs.

    Every segment carries the genes whose coding sequence holds it; intervals outside the contigs are left out.
    """
    coding = list(coding)
    wanted = [interval._replace(name=ON_TARGET) for interval in targets] if targets is not None else coding
    if not wanted:
        wanted = [Region(chrom, 0, length, ON_TARGET) for chrom, length in contigs.items()]
    inside = {interval.name for interval in wanted} if targets is None else {ON_TARGET}
    edges = defaultdict(list)
    for interval in {*wanted, *coding}:
        edges[interval.chrom] += [(interval.start, 1, interval.name), (interval.end, -1, interval.name)]
    return [piece for chrom in contigs for piece in _sweep(chrom, sorted(edges[chrom]), inside)]


def _sweep(chrom: str, edges: list[tuple[int, int, str]], inside: set[str]) -> Iterator[Segment]:
    open_names, position = Counter(), 0
    for edge, step, name in edges:
        names = {name for name, depth in open_names.items() if depth}
        if edge > position and names & inside:
            yield Segment(chrom, position, edge, tuple(sorted(names - {ON_TARGET})))
        open_names[name] += step
        position = edge
        if not open_names[name]:
            del open_names[name]


def bed_lines(pieces: Iterable[Segment]) -> Iterator[str]:
    """BED lines; the name holds the genes, comma-separated, or '.'."""
    for piece in pieces:
        yield f"{piece.chrom}\t{piece.start}\t{piece.end}\t{','.join(piece.genes) or ON_TARGET}\n"


def assay_segments(fai: Path | str, targets: Path | None, genes: Path | None, listed: Path | None) -> list[Segment]:
    """The segments of an assay: its targets (or the whole coding sequence), with the genes of its list.

    Without a gene annotation, the names in the targets' fourth column stand for genes.
    """
    contigs = read_contigs(fai)
    regions = list(read_bed(targets)) if targets else None
    coding = read_coding(genes) if genes else [region for region in regions or () if region.name]
    wanted = read_gene_list(listed or None)
    return segments(regions, (region for region in coding if wanted is None or region.name in wanted), contigs)
