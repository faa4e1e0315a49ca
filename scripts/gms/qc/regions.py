"""Where depth is measured: targets, exons and listed positions, cut into segments that carry their names.

Names of a segment: 'GENE#3' for exon 3 of a gene ('GENE' where exons are not known, 'GENE#promoter' upstream of it),
'@NAME:start-end' for a hotspot and '=NAME:start-end' for an entry of the always-report list (with ':POS:REF:ALT',
1-based, where it is of one allele), '!' for a difficult region that the policy filters, '+' for coding sequence (of
assays with targets). Coordinates 0-based, half-open.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import NamedTuple

import pysam

from gms.genome.alleles import Allele, left_align
from gms.genome.gene_list import read_gene_list
from gms.genome.gff3 import SYMBOLS, UNRANKED, first_note, notes_of, parents_of, rank_of
from gms.genome.intervals import Region, open_text, read_bed, read_contigs
from gms.genome.vcf import hotspot_name

ON_TARGET = "."
MASKED = "!"
CODING = "+"
HOTSPOT, ALWAYS_REPORT = "@", "="
BASES = frozenset("ACGT")
_WINDOW = 1000  # bases over which a listed indel is moved to the left
FLANK = 8  # bases of intron in which a change is a splice region variant (Sequence Ontology)
PROMOTER = 200  # bases before the first exon: holds the TERT hotspots, 124 and 146 bases before the start codon


class Segment(NamedTuple):
    """A piece of genome that has the same names from its first to its last base."""

    chrom: str
    start: int
    end: int
    names: tuple[str, ...]


class Transcript(NamedTuple):
    """A transcript of the gene models: gene id, preference (gms.genome.gff3), strand, and its own id."""

    gene: str
    rank: int
    strand: str
    name: str


class Models(NamedTuple):
    """Symbols of genes, transcripts, and the intervals of CDS and exon by transcript, each by id."""

    genes: dict[str, str]
    transcripts: dict[str, Transcript]
    coding: dict[str, list[tuple[str, int, int]]]
    exons: dict[str, list[tuple[str, int, int]]]


def read_exons(path: Path | str, non_coding: Collection[str] = (), coding: bool = False) -> list[Region]:
    """Coding sequence with splice flanks by gene and exon from a GFF3 of Ensembl, GENCODE or RefSeq; with `coding` also
    the sequence without flanks, named '+'. Of the genes in `non_coding`, which a policy keeps outside their coding
    sequence, all exons and the promoter.

    A gene with a MANE Select or Ensembl canonical transcript is measured over that one, so that a rare transcript's
    extra exon does not make it look incomplete, and over what MANE Plus Clinical adds; other genes over all their
    transcripts.
    """
    found = _measured(_read_models(path), frozenset(non_coding))
    return [region for region in found if coding or region.name != CODING]


def _read_models(path: Path | str) -> Models:
    models = Models({}, {}, defaultdict(list), defaultdict(list))
    with open_text(path) as lines:
        for line in lines:
            fields = line.rstrip("\n").split("\t")
            if len(fields) == 9 and not line.startswith("#"):
                _add(models, fields, notes_of(fields[8]))
    return models


def _add(models: Models, fields: list[str], notes: dict[str, str]) -> None:
    """One line of a GFF3. RefSeq has pieces directly below a gene, which then is its own transcript."""
    kind, name = fields[2], notes.get("ID", "")
    parents = parents_of(fields[8])
    if kind in ("CDS", "exon"):
        found = models.coding if kind == "CDS" else models.exons
        for parent in parents:
            found[parent].append((fields[0], int(fields[3]) - 1, int(fields[4])))
            models.transcripts.setdefault(parent, Transcript(parent, UNRANKED, fields[6], parent))
    elif parents and name:
        own = name.rpartition(":")[2].removeprefix("rna-")  # transcript:ENST00000311936, rna-NM_004985.5
        models.transcripts[name] = Transcript(parents[0], rank_of(notes), fields[6], own)
    elif name:
        models.genes[name] = first_note(notes, SYMBOLS) or name.removeprefix("gene:")


def _measured(models: Models, non_coding: frozenset[str]) -> Iterator[Region]:
    """Named regions of the transcripts that are measured, by gene."""
    asked: dict[str, list[tuple[Transcript, str]]] = defaultdict(list)
    for name, entry in models.transcripts.items():
        gene = models.genes.get(entry.gene, entry.gene)
        if name in models.coding or name in models.exons and gene in non_coding:
            asked[entry.gene].append((entry, name))
    for of_gene in asked.values():
        known = sorted(of_gene)
        preferred = [one for one in known if one[0].rank < UNRANKED]
        best = preferred[0] if preferred else None
        for entry, name in preferred or known:
            yield from _regions(models, entry, name, best[1] if best else name, non_coding)


def _regions(models: Models, entry: Transcript, name: str, best: str, non_coding: frozenset[str]) -> Iterator[Region]:
    """Regions of a transcript, named by exons of the `best` one of its gene; what that one lacks by its own."""
    gene, coding = models.genes.get(entry.gene, entry.gene), models.coding.get(name, ())
    numbered = _numbered(models, best, entry.strand)
    numbers = {exon: str(number) for number, exon in enumerate(numbered, 1)}
    own = _numbered(models, name, entry.strand)
    if name != best:
        added = ((number, exon) for number, exon in enumerate(own, 1) if not any(_within(exon, n) for n in numbered))
        numbers |= {exon: f"{entry.name}:{number}" for number, exon in added}
    yield from _flanked(gene, coding, numbers)
    yield from (Region(*interval, CODING) for interval in coding)
    if gene in non_coding:
        yield from _flanked(gene, own, numbers)
        yield _promoter(gene, own[0], entry.strand)


def _numbered(models: Models, name: str, strand: str) -> list[tuple[str, int, int]]:
    """Exons of a transcript in its direction."""
    return sorted(models.exons.get(name) or models.coding[name], reverse=strand == "-")


def _within(inner: tuple[str, int, int], outer: tuple[str, int, int]) -> bool:
    return inner[0] == outer[0] and outer[1] <= inner[1] and inner[2] <= outer[2]


def _flanked(gene: str, intervals: Iterable[tuple], numbers: dict[tuple, str]) -> Iterator[Region]:
    """The intervals, 8 bases longer on either side, named by the exon of `numbers` that holds them."""
    for chrom, start, end in intervals:
        number = next((n for exon, n in numbers.items() if _within((chrom, start, end), exon)), "")
        yield Region(chrom, max(0, start - FLANK), end + FLANK, f"{gene}#{number}" if number else gene)


def _promoter(gene: str, first: tuple[str, int, int], strand: str) -> Region:
    chrom, start, end = first
    low, high = (end, end + PROMOTER) if strand == "-" else (start - PROMOTER, start)
    return Region(chrom, max(0, low), high, f"{gene}#promoter")


def read_positions(path: Path | str | None, mark: str, fasta: Path | str | None = None) -> Iterator[Region]:
    """Positions of a list of variants (VCF), named by INFO/HOTSPOT or their own spelling; `mark` says which list. An
    entry of a certain allele carries it (1-based POS:REF:ALT), left-aligned on `fasta` as those of a case are."""
    if not path:
        return
    with pysam.VariantFile(str(path)) as records, pysam.FastaFile(str(fasta)) if fasta else nullcontext() as bases:
        for record in records:
            name = hotspot_name(record) or f"{record.ref}>{','.join(record.alts or '.')}"
            name = "".join("_" if character in ",:\t " else character for character in name)
            place = f"{mark}{name}:{record.start}-{record.stop}"
            for alt in record.alts or (".",):
                known = set(alt.upper()) <= BASES and _as_called(record.chrom, record.start, record.ref, alt, bases)
                yield Region(record.chrom, record.start, record.stop, f"{place}:{known}" if known else place)


def _as_called(chrom: str, start: int, ref: str, alt: str, bases: pysam.FastaFile | None) -> str:
    """POS:REF:ALT (1-based) of a listed allele, trimmed and as far left as the sequence of its chromosome allows."""
    offset = max(0, start - _WINDOW) if bases and chrom in bases.references else start
    sequence = bases.fetch(chrom, offset, start + len(ref)).upper() if offset < start else ref.upper()
    allele = left_align(Allele(start, ref.upper(), alt.upper()), sequence, offset)
    return f"{allele.pos + 1}:{allele.ref}:{allele.alt}"


def segments(targets: Iterable[Region] | None, named: Iterable[Region], contigs: dict[str, int]) -> list[Segment]:
    """Non-overlapping segments, in contig order: the targets; or without targets exons and listed positions; or, where
    there are none, the contigs. Every segment carries its names; what lies outside the contigs is left out.
    """
    named = list(named)
    wanted = [interval._replace(name=ON_TARGET) for interval in targets] if targets is not None else None
    if wanted is None:
        wanted = [region for region in named if region.name != MASKED]
    if not wanted:
        wanted = [Region(chrom, 0, length, ON_TARGET) for chrom, length in contigs.items()]
    inside = {interval.name for interval in wanted}
    edges = defaultdict(list)
    for interval in {*wanted, *named}:
        end = min(interval.end, contigs.get(interval.chrom, 0))
        if interval.start < end:
            edges[interval.chrom] += [(interval.start, 1, interval.name), (end, -1, interval.name)]
    return [piece for chrom in contigs for piece in _sweep(chrom, sorted(edges[chrom]), inside)]


def _sweep(chrom: str, edges: list[tuple[int, int, str]], inside: set[str]) -> Iterator[Segment]:
    open_names, position = Counter(), 0
    for edge, step, name in edges:
        if edge > position and not inside.isdisjoint(open_names):
            yield Segment(chrom, position, edge, tuple(sorted(open_names.keys() - {ON_TARGET})))
        open_names[name] += step
        position = edge
        if not open_names[name]:
            del open_names[name]


def bed_lines(pieces: Iterable[Segment]) -> Iterator[str]:
    """BED lines; the fourth column holds the names, comma-separated, or '.'."""
    for piece in pieces:
        yield f"{piece.chrom}\t{piece.start}\t{piece.end}\t{','.join(piece.names) or ON_TARGET}\n"


class Sources(NamedTuple):
    """Files that say what an assay measures, each None where not given; `mask` only where the policy filters by it."""

    targets: Path | None = None
    genes: Path | None = None
    gene_list: Path | None = None
    mask: Path | None = None
    hotspots: Path | None = None
    always_report: Path | None = None
    fasta: Path | None = None


def listed_positions(files: Sources) -> list[Region]:
    """Hotspots, and positions of the always-report list."""
    hotspots = read_positions(files.hotspots, HOTSPOT, files.fasta)
    return [*hotspots, *read_positions(files.always_report, ALWAYS_REPORT, files.fasta)]


def outside(listed: Iterable[Region], pieces: Iterable[Segment]) -> list[tuple[str, str]]:
    """Contig and name of listed positions of which no base is in the segments, each once."""
    measured = {(piece.chrom, name) for piece in pieces for name in piece.names}
    return [one for one in dict.fromkeys((region.chrom, region.name) for region in listed) if one not in measured]


def assay_segments(fai: Path | str, files: Sources, non_coding: Collection[str] = ()) -> list[Segment]:
    """The segments of an assay: its targets (or all exons), with the genes of its list and the listed positions.

    Without gene models, the names in the targets' fourth column stand for genes.
    """
    contigs = read_contigs(fai)
    regions = list(read_bed(files.targets)) if files.targets else None
    exons = [region for region in regions or () if region.name]
    if files.genes:
        exons = read_exons(files.genes, non_coding, coding=regions is not None)
    wanted = read_gene_list(files.gene_list or None)
    named = [r for r in exons if wanted is None or r.name == CODING or r.name.partition("#")[0] in wanted]
    named += listed_positions(files)
    named += (region._replace(name=MASKED) for region in read_bed(files.mask)) if files.mask else ()
    return segments(regions, named, contigs)
