"""A fusion of two genes in the myeloid tumour, as a panel shows it: by what targets of the second gene caught."""

from collections.abc import Iterator, Sequence

import numpy as np

from gms.validation.demo_genome.genome import Genome
from gms.validation.demo_genome.stream import Stream
from gms.validation.demo_reads.fragments import Fragments, Library, Region, Template, captured

CASE, SAMPLE = "myeloid-deep", "myeloid-tumor"
FIRST, EXON = "ETV6", 4  # up to the intron after this exon
SECOND, NEXT, BEFORE = "JAK2", 12, 44  # from so many bases before this exon, within reach of its fragments
FRACTION = 0.15  # of the fragments


def junction(genome: Genome) -> tuple[str, int, str, int]:
    """Chromosome and 0-based end of what is kept of the first gene, chromosome and start of the second; both genes are
    on the forward strand."""
    one, other = genome.transcripts[FIRST], genome.transcripts[SECOND]
    at = (one.coding_exons[EXON - 1][1] + one.coding_exons[EXON][0]) // 2
    return one.chrom, at, other.chrom, other.coding_exons[NEXT - 1][0] - BEFORE


def with_fusion(
    genome: Genome,
    fragments: Fragments,
    templates: Sequence[Template],
    regions: Sequence[Region],
    library: Library,
    depth: int,
) -> tuple[Fragments, list[Template]]:
    """The fragments of the tumour and those of the fusion, and the templates with the fused chromosome at their end."""
    first, end, second, start = junction(genome)
    kept = next(template for template in templates if template.chrom == first)
    joined = next(template for template in templates if template.chrom == second)
    bases = kept.bases[: kept.position[end]] + joined.bases[joined.position[start] :]
    fused = Template(f"{first} and {second}, fused", bases, np.arange(len(bases) + 1))
    shift = int(kept.position[end] - joined.position[start])
    own = [(fused.chrom, begin + shift, stop + shift, gene) for chrom, begin, stop, gene in regions if chrom == second]
    [target] = [
        region for region in own if region[3] == SECOND and region[1] - int(kept.position[end]) in range(BEFORE)
    ]
    stream = Stream("fusion", SAMPLE)
    more = captured([fused], [target], library._replace(off_target=0), round(depth * FRACTION), stream)
    new = more.template + len(templates), more.start, more.end
    parts = zip((fragments.template, fragments.start, fragments.end), new, strict=True)
    return Fragments(*map(np.concatenate, parts), dict(fragments.edited)), [*templates, fused]


def truth(genome: Genome) -> Iterator[tuple[str, ...]]:
    """A row of the table of what must be found: section of the report, and the fraction."""
    first, end, second, start = junction(genome)
    base = genome.sequences[second][start]
    yield CASE, "structural", f"{second}:{start + 1}:{base}:]{first}:{end}]{base}", "expected", f"{SAMPLE}={FRACTION}"
