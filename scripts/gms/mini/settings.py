"""What a user would write for the miniature data set: sample sheet, run configuration, study and consents."""

from collections.abc import Iterator
from pathlib import Path

from gms.mini.cases import CASES, Member
from gms.mini.knowledge import PANELS

COLUMNS = ["case", "sample", "role", "assay", "fastq_1", "fastq_2", "lane", "sex", "affected", "purity", "subject"]
STUDY = "mini-study"
WITHDRAWN = "subject-06"
RUN = """\
# The miniature data set: synthetic, made by python -m gms.mini. All paths are relative to this file.
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
assays:
{assays}sharing: sharing.yaml
export:
  folder: {{}}
"""
SHARING = f"""\
# An invented study for the miniature data set.
study:
  id: {STUDY}
  title: Miniature data set, invented
  ethics_approval: none (synthetic data)
consents: consents.tsv
recipients: [mini-recipient]
"""


def write_settings(folder: Path) -> None:
    """samples.tsv, run.yaml, sharing.yaml and consents.tsv."""
    overrides = "".join(
        f"  {panel}: {{targets: reference/targets_{panel}.bed, normals: reference/normals_{panel}.vcf.gz}}\n"
        for panel in PANELS
    )
    (folder / "run.yaml").write_text(RUN.format(assays=overrides))
    (folder / "samples.tsv").write_text("".join("\t".join(row) + "\n" for row in _sheet()))
    (folder / "sharing.yaml").write_text(SHARING)
    (folder / "consents.tsv").write_text("".join("\t".join(row) + "\n" for row in _consents()))


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
    return [*files, f"L{lane:03d}", member.sex, member.affected, member.purity, member.subject]


def _consents() -> Iterator[list[str]]:
    """Everyone agreed; one withdrew later."""
    yield ["subject", "study", "status", "date"]
    for subject in sorted({member.subject for case in CASES for member in case.members}):
        yield [subject, STUDY, "granted", "2026-01-15"]
        if subject == WITHDRAWN:
            yield [subject, STUDY, "withdrawn", "2026-06-01"]
