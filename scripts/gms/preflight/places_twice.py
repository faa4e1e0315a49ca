"""Places that a reference has twice, so that reads fit both and no variant is found there.

Pseudoautosomal regions on X and Y: analysis sets mask them on Y. False duplications of GRCh38: sequence on 21p that
repeats genes of 21q (U2AF1: Miller 2022, doi:10.1016/j.jmoldx.2021.10.013; CBS, CRYAA and KCNE1: Wagner 2022,
doi:10.1038/s41587-021-01158-1), masked in Genome in a Bottle's reference. GRCh37 has no sequence there.
"""

from collections.abc import Mapping
from pathlib import Path

from gms.genome.intervals import read_contigs
from gms.genome.ploidy import X, Y
from gms.preflight.reference_bases import ReferenceBases

CHROMOSOME_21 = ("chr21", "21", "NC_000021.9")
U2AF1, COPY = (43_092_355, 43_108_170), (6_484_022, 6_499_848)  # 0-based half-open, GRCh38
_ENDS = 2_800_000, 400_000  # bases at either end of X and Y that hold PAR1 and PAR2 in GRCh37 and GRCh38
_PLACES, _WINDOW = 40, 100  # of Y at each end, and of the copy on 21p
_SHARED = 0.5  # of the places that are not masked; outside of the regions X and Y share none


def has_regions_twice(fai: Path | str) -> bool:
    """Whether the FASTA of an index has the pseudoautosomal regions twice; False without an index (no genome)."""
    return bool(fai) and pseudoautosomal_note(*_genome(fai)) is not None


def has_false_duplications(fai: Path | str) -> bool:
    """Whether the FASTA of an index has the false duplications of GRCh38; False without an index (no genome)."""
    return bool(fai) and false_duplications_note(*_genome(fai)) is not None


def _genome(fai: Path | str) -> tuple[dict[str, int], ReferenceBases]:
    return read_contigs(fai), ReferenceBases(Path(str(fai).removesuffix(".fai")))


def pseudoautosomal_note(contigs: Mapping[str, int], bases: ReferenceBases) -> str | None:
    """What a user should know where reads fit X and Y alike; None where the regions are masked, or X or Y missing."""
    x, y = (next((name for name in names if name in contigs), None) for names in (X, Y))
    if x is None or y is None or not any(_is_shared(x, y, contigs, bases, at_end) for at_end in (False, True)):
        return None
    text = f"has the same pseudoautosomal regions on {x} and {y}: reads there fit both places, so no variants of genes"
    return f"{text} such as SHOX and CSF2RA are found; use a FASTA in which they are masked (N) on {y}"


def false_duplications_note(contigs: Mapping[str, int], bases: ReferenceBases) -> str | None:
    """What a user should know where reads of U2AF1 fit its false copy too; None where that is masked or absent."""
    contig = next((name for name in CHROMOSOME_21 if name in contigs), None)
    if contig is None or not _repeats(bases.fetch(contig, *COPY), bases.fetch(contig, *U2AF1)):
        return None
    text = (
        f"has the false duplications of GRCh38 on the short arm of {contig}: reads there fit both places, so variants"
    )
    return f"{text} of U2AF1 (S34, Q157), CBS, CRYAA and KCNE1 are not found; use a FASTA in which they are masked (N)"


def _is_shared(x: str, y: str, contigs: Mapping[str, int], bases: ReferenceBases, at_end: bool) -> bool:
    """Whether stretches of Y that are spread evenly over its beginning or end are found in X."""
    size = _ENDS[at_end]
    of_x, of_y = (
        bases.fetch(name, contigs[name] - min(size, contigs[name]) if at_end else 0, contigs[name] if at_end else size)
        for name in (x, y)
    )
    return _repeats(of_y, of_x)


def _repeats(copy: str | None, original: str | None) -> bool:
    """Whether stretches that are spread evenly over one sequence, masked ones apart, are found in the other."""
    if not copy or not original:
        return False
    step = max(_WINDOW, len(copy) // _PLACES)
    known = [window for at in range(0, len(copy), step) if len(window := copy[at : at + _WINDOW].strip("N")) == _WINDOW]
    return bool(known) and sum(window in original for window in known) >= _SHARED * len(known)
