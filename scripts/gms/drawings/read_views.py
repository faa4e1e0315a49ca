"""Reads around each reported small variant, those of the mitochondrion included, and at the ends of each reported
structural variant, for report/{case}.json."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pysam

from gms.drawings.depth_views import MOST as MOST_STRUCTURAL
from gms.drawings.depth_views import SPELLING, structural
from gms.drawings.read_rows import End, Window, end_of, opened, sample_reads, window_of
from gms.genome.alleles import Allele
from gms.genome.vcf import MATE, kept_sides

MOST = 40  # findings of a case, and alleles of its mitochondrion: of the gene list first, in the order of the sections
LONGEST = 200  # bases of an allele, of longer ones no window is legible
SIDES = {"deletion": ("3", "5"), "duplication": ("5", "3"), "inversion": ("35", "35"), "insertion": ("35", "")}


def read_views(document: Mapping[str, Any], alignments: Sequence[str], fasta: str) -> dict[str, Any]:
    """CHROM:POS:REF:ALT -> its window and the reads of each sample; `alignments` are named after their samples.
    Empty where the case has none."""
    if not alignments:
        return {}
    views = {}
    with opened(alignments, fasta) as files, pysam.FastaFile(fasta) as reference:
        for spelling in [*_reported(document), *_mitochondrial(document)]:
            contig, pos, ref, alt = spelling.rsplit(":", 3)
            if max(len(ref), len(alt)) <= LONGEST:
                views[spelling] = _view(window_of(contig, Allele(int(pos) - 1, ref, alt), reference), files)
    return views


def end_views(document: Mapping[str, Any], alignments: Sequence[str], fasta: str) -> dict[str, Any]:
    """CHROM:POS:REF:ALT of a structural variant -> for each of its ends the window and the reads of each sample, and
    `end`: the cut, 0-based between base end-1 and base end."""
    wanted = list(structural(document, ("structural",)))[:MOST_STRUCTURAL]
    if not (alignments and wanted):
        return {}
    with opened(alignments, fasta) as files, pysam.FastaFile(fasta) as reference:
        return {
            found["variants"][0]: [{**_view(end, files), "end": end.cut} for end in ends_of(found, reference)]
            for found in wanted
        }


def ends_of(found: Mapping[str, Any], reference: pysam.FastaFile) -> Iterator[End]:
    """The cuts of a structural variant, with the sides that are joined there."""
    contig, pos, alt = SPELLING.fullmatch(found["variants"][0]).groups()
    if mate := MATE.search(alt):
        both = found["own"].get("JUNCTIONS") == "2"
        for (name, place), side in zip(((contig, pos), mate.groups()), kept_sides(alt), strict=True):
            yield end_of(name, int(place) - (side == "5"), "35" if both else side, reference)
        return
    cuts = (int(pos), int(found["own"].get("END", pos)))
    for cut, sides in zip(cuts, SIDES[found["type"]], strict=True):
        if sides:
            yield end_of(contig, cut, sides, reference)


def _reported(document: Mapping[str, Any]) -> list[str]:
    reported = [found for found in document["findings"] if found["reported"] and found["section"] != "secondary"]
    order = [section["key"] for section in document["sections"]]
    reported.sort(key=lambda found: (not found["in_gene_list"], order.index(found["section"])))
    return [found["variants"][0] for found in reported[:MOST]]


def _mitochondrial(document: Mapping[str, Any]) -> list[str]:
    """Alleles in bases that are not those of nearly all molecules."""
    sections = (one for one in document.get("classes", ()) if one["variants"] == "mitochondrial")
    mixed = (found for one in sections for found in one["findings"] if found["section"] != "homoplasmic")
    spelled = [found["variants"][0] for found in mixed]
    return [spelling for spelling in spelled if not spelling.endswith(">")][:MOST]


def _view(window: Window | End, files: Mapping[str, pysam.AlignmentFile]) -> dict[str, Any]:
    samples = [{"sample": name, **sample_reads(window, file)} for name, file in files.items()]
    return {"contig": window.contig, "start": window.start, "reference": window.bases, "samples": samples}
