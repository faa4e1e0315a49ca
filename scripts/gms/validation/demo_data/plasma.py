"""Plasma of one patient at three time points and of a healthy person, and who is followed: monitoring.yaml.

The tumour is that of the case pair-somatic; the loci are its single-base changes that are reported. The planted
fractions are those of molecules, half the tumour fraction.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from gms.validation.demo_data.cases import CASES
from gms.validation.demo_data.settings import fastq_name
from gms.validation.demo_genome.bgzf import gzip_bytes
from gms.validation.demo_genome.genome import Genome
from gms.validation.demo_genome.population import Frequent, founder
from gms.validation.demo_genome.stream import Stream
from gms.validation.demo_genome.variants import Variant, resolve
from gms.validation.demo_reads.fragments import Acquired, Library, Rule, captured, make_templates, plant
from gms.validation.demo_reads.reads import make_reads

ASSAY, PATIENT, TUMOR = "residual_disease", "pair-plasma", "pair-somatic"
LIBRARY = Library(100, 166, 10, 100, 20)  # cell-free DNA: fragments of one nucleosome
MARGIN = 60  # bases on both sides of a locus that are captured


class Plasma(NamedTuple):
    """A sample; `depth` without duplicates, `fraction` of molecules with the tumour's changes, `state` as planned."""

    case: str
    sample: str
    role: str
    subject: str
    sex: str
    drawn: str
    depth: int
    fraction: float
    state: str


SAMPLES = (
    Plasma(PATIENT, "plasma-1", "plasma", "subject-04", "female", "2026-01-10", 900, 0.04, "detected"),
    Plasma(PATIENT, "plasma-2", "plasma", "subject-04", "female", "2026-03-02", 900, 0.0, "not_detected"),
    Plasma(PATIENT, "plasma-3", "plasma", "subject-04", "female", "2026-05-04", 60, 0.0, "not_evaluable"),
    Plasma("healthy", "healthy", "control", "subject-06", "male", "", 900, 0.0, ""),
)
MONITORING = f"""\
# Whose tumour is followed in which plasma; the samples are rows of samples.tsv.
patients:
  - id: {PATIENT}
    variants: results/reported/{TUMOR}.vcf.gz
    normal: results/alignment/pair-normal.cram
    treatments: [{{name: drug A, from: 2026-01-20, until: 2026-04-20}}]
    time_points:
"""


def loci(genome: Genome) -> list[Variant]:
    """The tumour's single-base changes that are reported."""
    planted = next(case for case in CASES if case.name == TUMOR).planted
    found = [resolve(genome, one.gene, one.change) for one in planted if one.expected == "reported"]
    return sorted(one for one in found if len(one.ref) == len(one.alt) == 1)


def rows() -> Iterator[list[str]]:
    """Rows of the sheet: case, sample, role, assay, both FASTQ files, lane, sex, affected, purity, umi,
    subject."""
    for one in SAMPLES:
        files = [fastq_name(one.sample, 1, mate) for mate in (1, 2)]
        yield [one.case, one.sample, one.role, ASSAY, *files, "L001", one.sex, "", "", "", one.subject]


def write_plasma(genome: Genome, population: list[Frequent], folder: Path, share: int = 1) -> None:
    """FASTQ files of every sample, targets, monitoring.yaml and what must be found (truth/plasma.tsv)."""
    changes = loci(genome)
    regions = [(one.chrom, one.pos - MARGIN, one.pos + MARGIN, "locus") for one in changes]
    bed = "".join(f"{chrom}\t{start}\t{end}\n" for chrom, start, end, _ in regions)
    (folder / "reference" / "targets_plasma.bed").write_text(bed)
    points = [f"      - {{sample: {one.sample}, drawn: {one.drawn}}}\n" for one in SAMPLES if one.drawn]
    (folder / "monitoring.yaml").write_text(MONITORING + "".join(points))
    states = [f"{one.sample}\t{one.state}\n" for one in SAMPLES if one.state]
    (folder / "truth" / "plasma.tsv").write_text("".join(["name\tstate\n", *states]))
    for one in SAMPLES:
        stream = Stream("plasma", one.sample)
        templates = make_templates(genome, founder(population, list(genome.sequences), one.subject, one.sex))
        fragments = captured(templates, regions, LIBRARY, max(one.depth // share, 1), stream)
        for change in changes:
            plant(fragments, templates, change, Rule(Acquired(one.fraction)), LIBRARY.length)
        [lane] = make_reads(fragments, templates, LIBRARY, stream, 1)
        for mate, text in enumerate(lane, start=1):
            (folder / fastq_name(one.sample, 1, mate)).write_bytes(gzip_bytes(text))
