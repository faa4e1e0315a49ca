"""Reads around each reported small variant, those of the mitochondrion included, and at the ends of each reported
structural variant, large change of the mitochondrion and repeat, for report/{case}.json."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import pysam

from gms.drawings.depth_views import MOST as MOST_LARGE
from gms.drawings.depth_views import SPELLING
from gms.drawings.read_rows import End, Window, end_of, opened, sample_reads, window_of
from gms.genome.alleles import Allele
from gms.genome.vcf import MATE, kept_sides

MOST = 40  # findings of a case, and alleles of its mitochondrion: of the gene list first, in the order of the sections
LONGEST = 200  # bases of an allele, of longer ones no window is legible
SIDES = {"deletion": ("3", "5"), "duplication": ("5", "3"), "inversion": ("35", "35"), "insertion": ("35", "")}
SIDES["repeat"] = ("53", "53")  # a longer allele is clipped where the repeat of the reference ends or begins


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
    """CHROM:POS:REF:ALT of a finding that has ends -> for each of them the window and the reads of each sample, and
    `end`: the cut, 0-based between base end-1 and base end."""
    wanted = list(_with_ends(document))
    if not (alignments and wanted):
        return {}
    with opened(alignments, fasta) as files, pysam.FastaFile(fasta) as reference:
        return {
            found["variants"][0]: [
                {**_view(end, {name: files[name] for name in files if name not in hidden}), "end": end.cut}
                for end in ends_of(found, reference)
            ]
            for found, hidden in wanted
        }


def _with_ends(document: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], Sequence[str]]]:
    """Findings of each class whose ends reads show, and the samples whose reads are not shown there."""
    for section in document.get("classes", ()):
        if section["variants"] in ("structural", "mitochondrial", "repeats"):
            is_repeat = section["variants"] == "repeats"
            large = (one for one in section["findings"] if is_repeat or _is_large(one["variants"][0]))
            yield from ((one, _hidden(section, one)) for one in islice(large, MOST_LARGE))


def _is_large(spelling: str) -> bool:
    """Whether an allele is not written in bases."""
    return spelling.endswith(">") or bool(MATE.search(spelling))


def _hidden(section: Mapping[str, Any], found: Mapping[str, Any]) -> list[str]:
    """Samples whose alleles of a repeat the report does not show."""
    if section["variants"] != "repeats":
        return []
    facts = section["facts"]
    (locus,) = (one for one in facts["loci"] if one["locus"] == found["own"]["REPID"])
    return [name for name, sample in zip(facts["samples"], locus["samples"], strict=True) if not sample]


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
