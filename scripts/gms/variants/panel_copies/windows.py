"""Windows and segments of a sample, 0-based half-open."""

from typing import NamedTuple

from gms.variants.panel_copies.reference import OFF_TARGET


class Ratio(NamedTuple):
    """A window of a sample: logarithm (base 2) of its depth over that of normals, and the weight of the value."""

    contig: str
    start: int
    end: int
    gene: str
    log2: float
    weight: float

    @property
    def on_target(self) -> bool:
        """Whether it is in a target."""
        return self.gene != OFF_TARGET


class Segment(NamedTuple):
    """A stretch of windows of one depth; `bins`: their number."""

    contig: str
    start: int
    end: int
    log2: float
    bins: int
