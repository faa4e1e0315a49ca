"""Copy number of the solid tumour: an amplified and a lost gene, and the depth of its panel in normals."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np

from gms.validation.demo_data.cases import CASES
from gms.validation.demo_data.cases import PANEL as LIBRARY
from gms.validation.demo_genome.genome import Genome
from gms.validation.demo_genome.population import Frequent, founder
from gms.validation.demo_genome.stream import Stream
from gms.validation.demo_reads import microsatellites
from gms.validation.demo_reads.fragments import Fragments, Region, Template, captured, make_templates
from gms.variants.panel_copies.reference import Reference, Window, write_reference

CASE, SAMPLE, PANEL = "solid-ffpe", "solid-tumor", "panel_solid"
COPIES = {"CCNE1": 8, "CDKN2A": 0}  # in the tumour's cells
SECTIONS = {"CCNE1": ("<DUP>", "amplification"), "CDKN2A": ("<DEL>", "homozygous_deletion")}
NORMALS, DEPTH = 8, 400
WINDOW = 267  # bases, to which CNVkit splits targets


def depths(sample: str) -> dict[str, float]:
    """Gene -> depth over that of two copies."""
    if sample != SAMPLE:
        return {}
    [member] = next(case for case in CASES if case.name == CASE).members
    purity = float(member.purity)
    return {gene: (purity * copies + (1 - purity) * 2) / 2 for gene, copies in COPIES.items()}


def truth(genome: Genome, regions: Sequence[Region]) -> Iterator[tuple[str, ...]]:
    """Rows of the table of what must be found: section of the report, and the copies."""
    for gene, copies in COPIES.items():
        chrom, start = next(region[:2] for region in regions if region[3] == gene)
        alt, section = SECTIONS[gene]
        place = f"{chrom}:{start}:{genome.sequences[chrom][start - 1]}:{alt}"
        yield CASE, "copy_number", place, section, f"{SAMPLE}={copies} copies"


def write_normals(genome: Genome, population: list[Frequent], regions: Sequence[Region], path: Path) -> None:
    """The reference of copy number, from fragments of normals that are not read; the genome is next to it."""
    from gms.variants.panel_copies import cnvkit  # seconds to load

    windows = list(_windows([*regions, microsatellites.region()]))
    normals = [_depths(genome, population, regions, windows, number) for number in range(NORMALS)]
    rows = cnvkit.pooled(windows, normals, path.with_name("GMSmini.fa"))
    facts = {"assay": PANEL, "version": "demo", "made": "2026-01-01", "members": [], "reads_sha256": []}
    facts |= {"targets_sha256": "", "normals": NORMALS, "sexes": [], "quality": []}
    write_reference(path, Reference(facts, tuple(rows)))


def _windows(regions: Sequence[Region]) -> Iterator[Window]:
    for chrom, start, end, name in regions:
        gene = "-" if name in ("ID-SNP", "MSI") else name
        parts = max(1, round((end - start) / WINDOW))
        edges = [start + (end - start) * part // parts for part in range(parts + 1)]
        yield from (Window(chrom, *pair, gene, *[0.0] * 5) for pair in pairwise(edges))


def _depths(
    genome: Genome, population: list[Frequent], regions: Sequence[Region], windows: Sequence[Window], number: int
) -> list[float]:
    """Reads over each window of a normal."""
    person = founder(population, list(genome.sequences), f"normal-{number}", ("female", "male")[number % 2])
    stream, templates = Stream("copy number", number), make_templates(genome, person)
    curves = dict(_curves(templates, captured(templates, regions, LIBRARY, DEPTH, stream)))
    apart, others = microsatellites.caught(LIBRARY, DEPTH, stream)
    curves |= _curves([apart], others)
    return [float(curves[one.contig][one.start : one.end].mean()) for one in windows]


def _curves(templates: Sequence[Template], fragments: Fragments) -> Mapping[str, np.ndarray]:
    """Depth of each base of each chromosome."""
    chroms = np.array([template.chrom for template in templates])[fragments.template]
    found = {}
    for template in templates:
        mine = chroms == template.chrom
        start, end = fragments.start[mine], fragments.end[mine]
        steps = np.zeros(template.length + 1, dtype=np.int64)
        left, right = np.minimum(start + LIBRARY.length, end), np.maximum(end - LIBRARY.length, start)
        for first, last in ((start, left), (right, end)):
            np.add.at(steps, first, 1)
            np.add.at(steps, last, -1)
        found[template.chrom] = np.cumsum(steps)
    return found
