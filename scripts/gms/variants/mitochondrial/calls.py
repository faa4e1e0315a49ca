"""From alignments to the VCF of the mitochondrial genome, and what could be seen there. Positions are 0-based.

Own counts at every base: heteroplasmy has no genotype that a diploid caller could ask for. The whole contig is counted
whatever the targets of an assay are.
"""

from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import pysam

from gms.genome.intervals import read_contigs
from gms.genome.vcf import header_lines
from gms.variants.mitochondrial.alleles import find_alleles
from gms.variants.mitochondrial.candidates import pile_up
from gms.variants.mitochondrial.circular import CircularAlignment
from gms.variants.mitochondrial.deletions import Junction, Split, common, count_splits, split_reads
from gms.variants.mitochondrial.facts import RCRS_LENGTH, YORUBA_LENGTH, mitochondrial_contig
from gms.variants.mitochondrial.header import HEADER
from gms.variants.mitochondrial.records import allele_record, junction_record
from gms.variants.mitochondrial.sensitivity import Sample, sample_facts

MIN_DEPTH = 20  # reads on average; a genome of 30 x has some hundreds to thousands, a panel none


def call_mitochondrion(
    fasta: Path, alignments: Sequence[Path], samples: Sequence[Sample]
) -> tuple[list[str], dict[str, Any]]:
    """Lines of the VCF, its header alone where the case cannot be assessed, and the facts for the report; samples index
    first."""
    contigs = read_contigs(Path(f"{fasta}.fai"))
    header = list(header_lines(contigs, HEADER, [sample.name for sample in samples]))
    contig = mitochondrial_contig(contigs)
    if contig is None or contigs[contig] == YORUBA_LENGTH:
        return header, _not_assessed("no_contig" if contig is None else "not_rcrs", contig)
    with pysam.FastaFile(str(fasta)) as reference:
        sequence = reference.fetch(contig).upper()
    opened = [pysam.AlignmentFile(str(path), reference_filename=str(fasta)) for path in alignments]
    circles = [CircularAlignment(alignment, contig, sequence) for alignment in opened]
    pileups = [pile_up(circle.reads(), sequence) for circle in circles]
    seen = [sample_facts(sample, one.depth, one.mean_reads) for sample, one in zip(samples, pileups, strict=True)]
    facts = {"assessed": True, "reason": None, "contig": contig, "length": len(sequence), "samples": seen}
    if seen[0]["depth"]["mean"] < MIN_DEPTH:
        return header, {**facts, "assessed": False, "reason": "low_depth"}
    known, numt = len(sequence) == RCRS_LENGTH, seen[0]["numt_fraction"]
    alleles = find_alleles(circles, pileups, sequence)
    lines = [(found.allele.pos, allele_record(contig, found, numt, known)) for found in alleles]
    for junction, splits in find_junctions(circles, opened):
        lines.append((min(junction[:2]) - 1, junction_record(contig, sequence, junction, splits, known)))
    return [*header, *(line for _, line in sorted(lines))], facts


def _not_assessed(reason: str, contig: str | None) -> dict[str, Any]:
    return {"assessed": False, "reason": reason, "contig": contig, "length": None, "samples": []}


def find_junctions(
    circles: Sequence[CircularAlignment], alignments: Sequence[pysam.AlignmentFile]
) -> Iterator[tuple[Junction, list[Split]]]:
    """Junctions that enough split reads of a sample show, with their counts in every sample."""
    size = len(circles[0].sequence)
    shown = [
        split_reads(alignment.fetch(circle.contig), circle.contig, size)
        for circle, alignment in zip(circles, alignments, strict=True)
    ]
    found = sorted(set(chain.from_iterable(common(junction for junction, _ in one.values()) for one in shown)))
    junctions = [one for at, one in enumerate(found) if not any(one.is_like(before) for before in found[:at])]
    counts = [count_splits(junctions, one, circle.spans()) for one, circle in zip(shown, circles, strict=True)]
    return ((junction, [sample[junction] for sample in counts]) for junction in junctions)
