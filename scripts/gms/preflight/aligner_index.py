"""The index of bwa next to a reference: made from this FASTA, with the alternate contigs that it needs to know."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from gms.base.problems import shown
from gms.preflight.reference_bases import ReferenceBases

SUFFIXES = (".amb", ".ann", ".bwt", ".pac", ".sa")
_ALTERNATE = re.compile(r"_alt$|^HLA-")
_SECONDS = 60  # by which the clock of a copied index may be behind


def index_problem(fasta: Path, contigs: Mapping[str, int], bases: ReferenceBases) -> str | None:
    """What is wrong with the index of bwa next to the FASTA; None where it fits or is not whole (it is made then)."""
    if not all(Path(f"{fasta}{suffix}").is_file() for suffix in SUFFIXES):
        return None
    remedy = f"remove it (rm {shown(fasta)}.{{amb,ann,bwt,pac,sa}}), it is rebuilt"
    try:
        if contigs and dict(_indexed(Path(f"{fasta}.ann"))) != dict(contigs):
            return f"has a bwa index with other contigs; {remedy}"
        if bases.whole is not None and _unknown(Path(f"{fasta}.amb")) != sum(map(_unknown_in, bases.whole.values())):
            return f"has a bwa index made from another FASTA (other masked bases); {remedy}"
    except (ValueError, IndexError, UnicodeDecodeError):
        return f"has a damaged bwa index; {remedy}"
    if Path(f"{fasta}.bwt").stat().st_mtime < fasta.stat().st_mtime - _SECONDS:
        return f"is newer than its bwa index; {remedy}, or touch it if both are of one release"
    return None


def alternates_without_alt(fasta: Path, contigs: Mapping[str, int]) -> int:
    """Alternate contigs of a reference that has no .alt file, so that reads of both places lose their mapping quality:
    https://github.com/lh3/bwa/blob/master/README-alt.md."""
    return 0 if Path(f"{fasta}.alt").is_file() else sum(1 for name in contigs if _ALTERNATE.search(name))


def _indexed(ann: Path) -> Iterator[tuple[str, int]]:
    """Contigs of an index with their lengths: two lines each after the first (bwa, bntseq.c)."""
    lines = ann.read_text().splitlines()[1:]
    for head, place in zip(lines[::2], lines[1::2], strict=True):
        yield head.split()[1], int(place.split()[1])


def _unknown(amb: Path) -> int:
    """Bases other than A, C, G and T that the index was made with."""
    return sum(int(line.split()[1]) for line in amb.read_text().splitlines()[1:])


def _unknown_in(sequence: str) -> int:
    return len(sequence) - sum(map(sequence.count, "ACGT"))
