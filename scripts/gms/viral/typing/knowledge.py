"""The files that a plate is typed with."""

from pathlib import Path

from gms.viral.chain.reference import read_genome
from gms.viral.checks.frames import coding
from gms.viral.typing.lineages import read_nextclade, read_pangolin
from gms.viral.typing.marks import read_marks
from gms.viral.typing.plate import Knowledge


def read_knowledge(folder: Path, marks: str | None, pangolin: str | None, nextclade: str | None) -> Knowledge:
    """What a plate is typed with; `folder` is that of the reference. Raises NotPangolin."""
    return Knowledge(
        read_genome(folder / "genome.fa")[1],
        gene_parts(folder / "genes.gff3"),
        read_marks(Path(marks)) if marks else None,
        read_pangolin(Path(pangolin)) if pangolin else None,
        read_nextclade(Path(nextclade)) if nextclade else None,
    )


def gene_parts(gff: Path) -> dict[str, list[tuple[int, int]]]:
    """Coding parts of each gene, 0-based half-open; none without a file."""
    found: dict[str, list[tuple[int, int]]] = {}
    for name, start, end in sorted(coding(gff), key=lambda part: part[1]) if gff.exists() else ():
        found.setdefault(name, []).append((start, end))
    return found
