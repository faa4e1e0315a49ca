"""A plate of six samples of the made-up virus: what each is, and what the workflow must find of it."""

from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import NamedTuple

from gms.validation.demo_genome.bgzf import gzip_bytes
from gms.validation.demo_virus.amplicon_reads import Edit, Library, Tile, amplicon_reads, fastq
from gms.validation.demo_virus.virus import ASSAY, LENGTH, NAME, bed, gff, make_virus, scheme

PLATE, ASSAY_NAME = "DEMO1", "demo_virus"
_LIBRARY = Library(length=230, error=0.0005, pairs=80)
_LINEAGES = {"Demo.1": range(450, 8_800, 900), "Demo.2": range(700, 8_800, 700)}  # places of their substitutions


class Planned(NamedTuple):
    """A sample: its lineage, scheme in the sheet and in the tube, verdict, and a word of what must be found.

    `second`: lineage and share of a mixture; `lost`: amplicon without reads; `only`: the one amplicon with reads.
    """

    sample: str
    well: str
    lineage: str
    stated: str
    used: str
    verdict: str
    finding: str = ""
    second: tuple[str, float] = ("", 0.0)
    lost: str = ""
    only: str = ""
    role: str = "isolate"
    sminet: str = ""


_V1, _V2 = "demo_v1", "demo_v2"
_MIXED = "Mixed with DV-dropout"
# fmt: off
SAMPLES = (
    Planned("DV-clean", "A1", "Demo.1", _V1, _V1, "pass", sminet="26DV000001"),
    Planned("DV-dropout", "B1", "Demo.2", _V1, _V1, "warn", "demo_v1_12", lost="demo_v1_12", sminet="26DV000002"),
    Planned("DV-mixed", "C1", "Demo.1", _V1, _V1, "fail", _MIXED, ("Demo.2", 0.1), sminet="26DV000003"),
    Planned("DV-scheme", "D1", "Demo.1", _V1, _V2, "fail", "they fit demo_v2", sminet="26DV000004"),
    Planned("DV-second", "E1", "Demo.2", _V2, _V2, "pass"),
    Planned("DV-control", "H12", "Demo.1", _V1, _V1, "warn", only="demo_v1_5", role="control"),
)
# fmt: on


def edits_of(genome: str, lineage: str) -> list[Edit]:
    """The substitutions of a lineage, and of the second one a deletion of a codon."""
    made = [Edit(at, genome[at], "ACGT".replace(genome[at], "")[at % 3]) for at in _LINEAGES[lineage]]
    return [*made, Edit(6_000, genome[6_000:6_003], "")] if lineage == "Demo.2" else made


def write_plate(folder: Path) -> None:
    """assays/demo_virus.yaml with its files, and the FASTQ files of the plate."""
    genome, assays = make_virus(), folder / "assays"
    assays.mkdir(parents=True, exist_ok=True)
    (folder / "fastq").mkdir(exist_ok=True)
    (assays / f"{ASSAY_NAME}.yaml").write_text(ASSAY)
    (assays / "genome.fa").write_text(f">{NAME} made up, {LENGTH} bases\n{genome}\n")
    (assays / "genes.gff3").write_text(gff())
    for name in ("demo_v1", "demo_v2"):
        (assays / f"{name}.bed").write_text(bed(scheme(name)))
    (assays / "marks.tsv").write_text("".join(_marks(genome)))
    (assays / "laboratory.tsv").write_text("".join(_laboratory()))
    (folder / "plate.yaml").write_text(RUN)
    (folder / "plate.tsv").write_text(_table(_sheet()))
    (folder / "truth").mkdir(exist_ok=True)
    (folder / "truth" / "plate.tsv").write_text(_table(_truth()))
    for planned in SAMPLES:
        for mate, text in enumerate(fastq(_pairs(genome, planned), planned.sample), start=1):
            path = folder / fastq_name(planned.sample, mate)
            path.write_bytes(gzip_bytes(text.encode()))


RUN = """\
# A plate of a made-up virus: synthetic, made by python -m gms.validation.demo_data. Paths are relative to this file.
samples: plate.tsv
results: results_plate
assay_folders: [assays]
reference: {name: GMSmini, fasta: reference/GMSmini.fa}   # human reads are found and kept back
"""


def fastq_name(sample: str, mate: int) -> str:
    """Path of a FASTQ file below the data set's folder."""
    return f"fastq/{sample}_R{mate}.fastq.gz"


def _pairs(genome: str, planned: Planned) -> Iterator[tuple[str, str]]:
    tiles, other, share = scheme(planned.used), *planned.second
    shares = [(planned.lineage, 1 - share), *([(other, share)] if other else [])]
    for lineage, part in shares:
        numbers = {tile.name: _number(tile, planned, part) for tile in tiles}
        random = Random(f"{planned.sample} {lineage}")
        yield from amplicon_reads(genome, edits_of(genome, lineage), tiles, _LIBRARY, random, numbers)


def _number(tile: Tile, planned: Planned, share: float) -> int:
    if tile.name == planned.lost or (planned.only and tile.name != planned.only):
        return 0
    return round(share * _LIBRARY.pairs)


def _marks(genome: str) -> Iterator[str]:
    yield "lineage\tmutation\tmandatory\n"
    for lineage in _LINEAGES:
        for number, edit in enumerate(edits_of(genome, lineage)):
            name = f"{edit.ref}{edit.start + 1}{edit.alt}" if edit.alt else f"del:{edit.start + 1}:{len(edit.ref)}"
            yield f"{lineage}\t{name}\t{'yes' if number == 0 else 'no'}\n"


def _laboratory() -> Iterator[str]:
    """The table of the laboratory; one sample has no SmiNet id, and is held back."""
    yield "sample\tsminet_id\tregion\tlaboratory\tcriterion\tcollected\n"
    for number, planned in enumerate(one for one in SAMPLES if one.role == "isolate"):
        place = ("01\tSE100", "12\tSE600")[number % 2]
        yield f"{planned.sample}\t{planned.sminet}\t{place}\tStickprov\t2026-11-0{number + 1}\n"


def _sheet() -> Iterator[list[str]]:
    yield ["case", "sample", "role", "assay", "fastq_1", "fastq_2", "scheme", "plate", "well"]
    for one in SAMPLES:
        fastqs = [fastq_name(one.sample, mate) for mate in (1, 2)]
        yield [one.sample, one.sample, one.role, ASSAY_NAME, *fastqs, one.stated, PLATE, one.well]


def _truth() -> Iterator[list[str]]:
    yield ["sample", "verdict", "finding"]
    yield from ([one.sample, one.verdict, one.finding] for one in SAMPLES)


def _table(rows: Iterator[list[str]]) -> str:
    return "".join("\t".join(row) + "\n" for row in rows)
