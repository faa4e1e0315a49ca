"""The made-up virus: 9,000 random bases with two genes, and two primer schemes of thirty amplicons. Positions are
0-based half-open."""

from random import Random

from gms.validation.demo_virus.amplicon_reads import Tile

NAME, LENGTH = "demovirus", 9_000
GENES = {"A": (300, 4_500), "B": (5_100, 8_400)}
_STEP, _LONG, _PRIMER = 297, 400, 24
_STOPS = ("TAA", "TAG", "TGA")
ASSAY = """\
# A made-up virus. Another virus is another file like this one: genome, genes, primer schemes, rules.
title: Made-up virus, synthetic data
description: The project's own virus, which never infected anybody; shows the surveillance of viruses in the demo.
version: "1.0"
kind: viral
virus: Made-up virus (synthetic)
roles: {required: [isolate], alone: [control]}
genome: genome.fa
aliases: [synthetic-1]
genes: genes.gff3
schemes: {demo_v1: demo_v1.bed, demo_v2: demo_v2.bed}
rules:
  min_depth: 10
  consensus_fraction: 0.75
  ambiguous_fraction: 0.25
  minor_fraction: 0.05
  minor_reads: 5
  base_quality: 20
  mapping_quality: 20
  variant_quality: 20
  primer_ends: 0.5
gates: viral_gms_artic
marks: marks.tsv
laboratory: laboratory.tsv
handover:
  id_pattern: "[0-9]{2}DV[0-9]{6}"
  regions: ["01", "12", "14"]
  laboratories: "SE[0-9]{3}"
  unknown_criterion: Information saknas
  classification:
    format: 4
    separator: "\\t"
    columns: [taxon, lineage, version, pangolin_version, qc_status, qc_notes, note]
"""


def make_virus() -> str:
    """The genome."""
    random = Random("made-up virus")
    bases = [_base(random) for _ in range(LENGTH)]
    for start, end in GENES.values():
        bases[start:end] = "ATG" + "".join(_codon(random) for _ in range((end - start) // 3 - 2)) + "TAA"
    return "".join(bases)


def _base(random: Random) -> str:
    return "ACGT"[int(4 * random.random())]


def _codon(random: Random) -> str:
    codon = _base(random) + _base(random) + _base(random)
    return _codon(random) if codon in _STOPS else codon


def scheme(name: str) -> list[Tile]:
    """The amplicons of demo_v1 or demo_v2, which is half a step behind."""
    shift = 20 if name == "demo_v1" else 20 + _STEP // 2
    starts = range(shift, LENGTH - _LONG, _STEP)
    return [
        Tile(f"{name}_{number}", start, start + _PRIMER, start + _LONG - _PRIMER, start + _LONG)
        for number, start in enumerate(starts, start=1)
    ]


def bed(tiles: list[Tile]) -> str:
    """A scheme as BED of six columns."""
    lines = []
    for number, tile in enumerate(tiles):
        pool = f"pool_{1 + number % 2}"
        lines.append(f"{NAME}\t{tile.start}\t{tile.insert_start}\t{tile.name}_LEFT\t{pool}\t+\n")
        lines.append(f"{NAME}\t{tile.insert_end}\t{tile.end}\t{tile.name}_RIGHT\t{pool}\t-\n")
    return "".join(lines)


def gff() -> str:
    """The genes as bcftools csq reads them."""
    lines = ["##gff-version 3\n"]
    for name, (start, end) in GENES.items():
        ids = f"ID=gene:{name};Name={name};biotype=protein_coding"
        parts = {
            "gene": ids,
            "mRNA": f"ID=transcript:{name};Parent=gene:{name};biotype=protein_coding",
            "exon": f"Parent=transcript:{name}",
            "CDS": f"ID=CDS:{name};Parent=transcript:{name}",
        }
        for kind, text in parts.items():
            phase = "0" if kind == "CDS" else "."
            lines.append(f"{NAME}\tdemo\t{kind}\t{start + 1}\t{end}\t.\t+\t{phase}\t{text}\n")
    return "".join(lines)
