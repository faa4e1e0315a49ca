"""The pseudoautosomal regions of X and Y: masked on Y, as in analysis sets, or there twice."""

from collections.abc import Mapping
from pathlib import Path

from gms.genome.intervals import read_contigs
from gms.genome.ploidy import X, Y
from gms.preflight.reference_bases import ReferenceBases

_ENDS = 2_800_000, 400_000  # bases at either end of X and Y that hold PAR1 and PAR2 in GRCh37 and GRCh38
_PLACES, _WINDOW = 40, 100  # of Y, at each end
_SHARED = 0.5  # of the places that are not masked; outside of the regions X and Y share none


def has_regions_twice(fai: Path | str) -> bool:
    """Whether the FASTA of an index has them on X and on Y; False without an index, as where there is no genome."""
    if not fai:
        return False
    return pseudoautosomal_note(read_contigs(fai), ReferenceBases(Path(str(fai).removesuffix(".fai")))) is not None


def pseudoautosomal_note(contigs: Mapping[str, int], bases: ReferenceBases) -> str | None:
    """What a user should know where reads fit X and Y alike; None where the regions are masked, or X or Y missing."""
    x, y = (next((name for name in names if name in contigs), None) for names in (X, Y))
    if x is None or y is None or not any(_is_shared(x, y, contigs, bases, at_end) for at_end in (False, True)):
        return None
    text = f"has the same pseudoautosomal regions on {x} and {y}: reads there fit both places, so no variants of genes"
    return f"{text} such as SHOX and CSF2RA are found; use a FASTA in which they are masked (N) on {y}"


def _is_shared(x: str, y: str, contigs: Mapping[str, int], bases: ReferenceBases, at_end: bool) -> bool:
    """Whether stretches of Y that are spread evenly over its beginning or end are found in X."""
    size = _ENDS[at_end]
    of_x, of_y = (
        bases.fetch(name, contigs[name] - min(size, contigs[name]) if at_end else 0, contigs[name] if at_end else size)
        for name in (x, y)
    )
    if not of_x or not of_y:
        return False
    step = max(_WINDOW, len(of_y) // _PLACES)
    known = [window for at in range(0, len(of_y), step) if len(window := of_y[at : at + _WINDOW].strip("N")) == _WINDOW]
    return bool(known) and sum(window in of_x for window in known) >= _SHARED * len(known)
