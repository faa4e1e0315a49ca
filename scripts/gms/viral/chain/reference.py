"""The genome of a virus, its genes and primer schemes, under one name of the contig and as the tools need them."""

import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path

from gms.base.errors import GmsError
from gms.viral.chain.primer_scheme import renamed


class NotOneContig(GmsError):
    """A genome of several contigs, or none."""

    def __init__(self, path: Path, number: int):
        super().__init__(f"{path} has {number} sequences; the genome of a viral assay is one contig")


class IndexFailed(GmsError):
    """The genome could not be indexed."""

    def __init__(self, tool: str, message: str):
        super().__init__(f"{tool} could not index the genome of the virus: {message.strip()}")


def read_genome(fasta: Path) -> tuple[str, str]:
    """Name and sequence, in capitals, of the one contig. Raises NotOneContig."""
    records = f"\n{fasta.read_text()}".split("\n>")[1:]
    if len(records) != 1:
        raise NotOneContig(fasta, len(records))
    head, _, body = records[0].partition("\n")
    return head.split()[0] if head.split() else "", "".join(body.split()).upper()


def write_reference(
    genome: Path, genes: Path | None, schemes: Mapping[str, Path], aliases: Iterable[str], folder: Path
) -> None:
    """genome.fa with its indices, genes.gff3 and {scheme}.bed in `folder`. Raises NotOneContig, IndexFailed."""
    contig, sequence = read_genome(genome)
    lines = [sequence[at : at + 60] for at in range(0, len(sequence), 60)]
    fasta = folder / "genome.fa"
    fasta.write_text("\n".join([f">{contig}", *lines]) + "\n")
    for command in (["samtools", "faidx", str(fasta)], ["bwa", "index", str(fasta)]):
        run = subprocess.run(command, capture_output=True, text=True)
        if run.returncode:
            raise IndexFailed(command[0], run.stderr)
    for name, bed in schemes.items():
        (folder / f"{name}.bed").write_text("".join(renamed(bed, contig)))
    if genes:
        (folder / "genes.gff3").write_text("".join(_genes(genes, contig, {contig, *aliases})))


def _genes(gff: Path, contig: str, names: set[str]) -> Iterable[str]:
    for line in gff.read_text().splitlines():
        fields = line.split("\t")
        if len(fields) == 9 and fields[0] in names:
            yield "\t".join([contig, *fields[1:]]) + "\n"
        elif line.startswith("##gff-version"):
            yield line + "\n"
