"""What a user would write for the miniature data set: sample sheet and run configuration."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from gms.validation.demo_data.cases import CASES, Member

COLUMNS = [
    "case", "sample", "role", "assay", "fastq_1", "fastq_2", "lane", "sex", "affected", "purity", "umi", "subject",
]  # fmt: skip
FILES = {  # of a panel besides its targets
    "panel_solid": "normals: reference/normals_panel_solid.vcf.gz, msi: reference/microsatellites.tsv, "
    "copy_number: reference/copy_number_panel_solid.tsv",
    "panel_myeloid": "normals: reference/normals_panel_myeloid.vcf.gz",
    "panel_ctdna": "expected: reference/expected_panel_ctdna.tsv",
}
FOLLOWED = """\
residual_disease: monitoring.yaml
trials:
  definitions: [trials]
  clinical: clinical.tsv
"""
RUN = """\
# The miniature data set: synthetic, made by python -m gms.validation.demo_data. All paths are relative to this file.
samples: samples.tsv
results: results
reference:
  name: GMSmini
  fasta: reference/GMSmini.fa
  genes: reference/genes.gff3.gz
  population: reference/population.vcf.gz
  clinvar: reference/clinvar.vcf.gz
  mask: reference/mask.bed.gz
  hotspots: reference/hotspots.vcf.gz
  repeats: reference/repeats.tsv
  smn: reference/smn.tsv
assays:
{assays}  residual_disease: {{targets: reference/targets_plasma.bed, needed_molecules: 3000, needed_controls: 3000}}
{followed}sharing: sharing.yaml
export:
  folder: {{}}
"""


def write_settings(folder: Path, more: Iterable[list[str]]) -> None:
    """samples.tsv, with `more` rows at its end, and run.yaml."""
    overrides = "".join(
        f"  {panel}: {{targets: reference/targets_{panel}.bed, {files}}}\n" for panel, files in FILES.items()
    )
    (folder / "run.yaml").write_text(RUN.format(assays=overrides, followed=FOLLOWED))
    (folder / "samples.tsv").write_text("".join("\t".join(row) + "\n" for row in [*_sheet(), *more]))


def fastq_name(sample: str, lane: int, mate: int) -> str:
    """Path of a FASTQ file below the data set's folder."""
    return f"fastq/{sample}_L{lane:03d}_R{mate}.fastq.gz"


def _sheet() -> Iterator[list[str]]:
    yield COLUMNS
    for case in CASES:
        for member in case.members:
            for lane in range(1, member.lanes + 1):
                yield [case.name, member.sample, member.role, case.assay, *_lane(member, lane)]


def _lane(member: Member, lane: int) -> list[str]:
    files = [fastq_name(member.sample, lane, mate) for mate in (1, 2)]
    return [*files, f"L{lane:03d}", member.sex, member.affected, member.purity, member.umi, member.subject]
