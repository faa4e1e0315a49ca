"""Reads around each reported small variant, those of the mitochondrion included, for report/{case}.json."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pysam

from gms.drawings.read_rows import sample_reads, window_of
from gms.genome.alleles import Allele

MOST = 40  # findings of a case, and alleles of its mitochondrion: of the gene list first, in the order of the sections
LONGEST = 200  # bases of an allele, of longer ones no window is legible


def read_views(document: Mapping[str, Any], alignments: Sequence[str], fasta: str) -> dict[str, Any]:
    """CHROM:POS:REF:ALT -> its window and the reads of each sample; `alignments` are named after their samples.
    Empty where the case has none."""
    if not alignments:
        return {}
    files = {Path(path).stem: pysam.AlignmentFile(path, reference_filename=fasta) for path in alignments}
    views = {}
    try:
        with pysam.FastaFile(fasta) as reference:
            for spelling in [*_reported(document), *_mitochondrial(document)]:
                if view := _view(spelling, files, reference):
                    views[spelling] = view
    finally:
        for file in files.values():
            file.close()
    return views


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


def _view(spelling: str, files: Mapping[str, pysam.AlignmentFile], reference: pysam.FastaFile) -> dict[str, Any] | None:
    contig, pos, ref, alt = spelling.rsplit(":", 3)
    if max(len(ref), len(alt)) > LONGEST:
        return None
    window = window_of(contig, Allele(int(pos) - 1, ref, alt), reference)
    samples = [{"sample": name, **sample_reads(window, file)} for name, file in files.items()]
    return {"contig": contig, "start": window.start, "reference": window.bases, "samples": samples}
