"""Gene models: GFF3 (not GTF) of Ensembl, GENCODE or RefSeq, on the contigs of the reference."""

import itertools
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from gms.annotation.changes import reverse_complement
from gms.genome.gff3 import parents_of
from gms.genome.intervals import open_text
from gms.genome.ploidy import MITOCHONDRION
from gms.preflight.reference_bases import ReferenceBases

_REGION = re.compile(r"##sequence-region\s+(\S+)\s+1\s+(\d+)\s*$")
_CDS = re.compile(r"[^#\t][^\t]*\t[^\t]*\tCDS\t\d+\t\d+\t[^\t]*\t[-+.?]\t[^\t]*\t")
_NO_CDS = "has no gene with coding sequence (CDS features with Parent); give the GFF3 of Ensembl, GENCODE or RefSeq"
_OTHER = "is of another assembly: {}; give the gene models of this genome"
_LINES = 300_000  # of a file, about a tenth of Ensembl's human one
# Start codons that are looked at. Of Ensembl's transcripts some have no known start; elsewhere one codon in 64 is ATG.
_MOST, _FEWEST, _SHARE = 200, 20, 0.5
_GENOME = 10_000_000  # bases of the longest contig, from which a reference is no made-up one with genes of any bases


def gene_models_problem(path: Path, contigs: Mapping[str, int]) -> str | None:
    """What is wrong with a GFF3 file; None if nothing. `contigs`: lengths of the reference."""
    names: dict[str, None] = {}
    lengths = {name: length for name, length in contigs.items() if name not in MITOCHONDRION}
    coding = children = False
    try:
        with open_text(path) as lines:
            for line in itertools.islice(lines, _LINES):
                fields = line.split("\t", 8)
                if line[0] == "#" and (text := _other_length(line, lengths)):
                    return text
                if line[0] == "#" or len(fields) < 9:
                    continue
                if 'gene_id "' in fields[8]:
                    return "is GTF; give the GFF3 of the same release"
                if fields[2] == "CDS" and (text := _beyond_end(fields[0], fields[4], lengths)):
                    return text
                names[fields[0]] = None
                coding, children = coding or fields[2] == "CDS", children or "Parent=" in fields[8]
    except (UnicodeDecodeError, OSError, EOFError, zlib.error):
        return "cannot be read as text; copy it again"
    if not coding or not children:
        return _NO_CDS
    return _other_names(names, contigs) if contigs and not contigs.keys() & names else None


def _other_names(names: Iterable[str], contigs: Iterable[str]) -> str:
    first, other = next(iter(contigs)), next(iter(names))
    text = f"names its contigs differently from the reference ('{other}', there '{first}')"
    return f"{text}; rename them, for Ensembl's with: sed -E '/^#/!s/^/chr/; s/^chrMT/chrM/'"


def _other_length(line: str, lengths: Mapping[str, int]) -> str | None:
    """What is wrong where a header (##sequence-region NAME 1 LENGTH, where chr may be left out) has another length of a
    contig. The mitochondrion is left out: that of hg19 is another than the one of gene models, and not assessed."""
    if not (region := _REGION.match(line)):
        return None
    own = next((name for name in (region[1], f"chr{region[1]}") if name in lengths), None)
    if own is None or lengths[own] == int(region[2]):
        return None
    text = f"contig {own} has {int(region[2]):,} bases in its header and {lengths[own]:,} in the reference"
    return _OTHER.format(text)


def _beyond_end(name: str, end: str, lengths: Mapping[str, int]) -> str | None:
    """What is wrong with a coding sequence whose `end` (1-based) is beyond its contig."""
    length = lengths.get(name)
    if length is None or not end.isdigit() or int(end) <= length:
        return None
    return _OTHER.format(f"a coding sequence ends at {name}:{int(end):,}, the reference's {name} at {length:,}")


def start_codons_problem(path: Path, contigs: Mapping[str, int], bases: ReferenceBases) -> str | None:
    """What is wrong with gene models whose coding sequence does not begin with ATG in the reference, as of another
    assembly with the same names of contigs; None where it does or nothing can be told."""
    if max(contigs.values(), default=0) < _GENOME:
        return None
    codons = [codon for codon in _start_codons(path, bases) if codon and "N" not in codon]
    starts = codons.count("ATG")
    if len(codons) < _FEWEST or starts >= _SHARE * len(codons):
        return None
    return _OTHER.format(f"of {len(codons)} coding sequences {starts} begin with ATG in the reference")


def _start_codons(path: Path, bases: ReferenceBases) -> Iterator[str | None]:
    """The first three bases of the coding sequence of transcripts; None where they are not known."""
    first: dict[str, tuple[str, str, int]] = {}  # transcript -> contig, strand, and where its coding sequence begins
    with open_text(path) as lines:
        for line in (line for line in itertools.islice(lines, _LINES) if _CDS.match(line)):
            contig, _, _, start, end, _, strand, _, notes = line.split("\t", 8)
            at = -int(end) if strand == "-" else int(start) - 1
            for parent in parents_of(notes):
                first[parent] = contig, strand, min(at, first.get(parent, (contig, strand, at))[2])
            if len(first) > _MOST:
                break
    for contig, strand, at in first.values():
        codon = bases.fetch(contig, -at - 3, -at) if strand == "-" else bases.fetch(contig, at, at + 3)
        yield reverse_complement(codon) if codon and strand == "-" else codon
