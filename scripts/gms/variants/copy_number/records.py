"""Records of the VCF of copy numbers."""

from collections.abc import Sequence
from typing import NamedTuple

from gms.variants.copy_number.depth import BIN
from gms.variants.copy_number.events import Event, Shown
from gms.variants.copy_number.junctions import Junction
from gms.variants.copy_number.small_variants import Balance
from gms.variants.evidence.shares import Z95

FORMAT = "GT:GQ:CN:CQ:DP:CICN"
CALLER = "depth"


class Found(NamedTuple):
    """An event with what each sample shows of it, index first; the junction of the same event, ends at junctions, and
    what small variants of the index say; bases before and after it in which nothing was counted; whether its start and
    its end lie beyond those of the junction (`beyond`)."""

    event: Event
    shown: Sequence[Shown]
    junction: Junction | None
    joined_ends: int
    balance: Balance
    beside: tuple[int, int] = (0, 0)
    beyond: tuple[bool, bool] = (False, False)

    @property
    def counted(self) -> tuple[bool, bool]:
        """Whether start and end are those of the depth, not of the junction."""
        return self.beyond if self.junction else (True, True)

    @property
    def ends(self) -> tuple[int, int]:
        """Start and end of the record."""
        joined = self.junction.event if self.junction else self.event
        start, end = self.counted
        return self.event.start if start else joined.start, self.event.end if end else joined.end


def genotype(kind: str, shown: Shown) -> str:
    """0/0, 0/1 or 1/1 by the copies lost or gained; 1/1 where none is left, or of a single one (a male's X)."""
    if shown.copies is None or shown.usual is None:
        return "./."
    change = shown.usual - shown.copies if kind == "DEL" else shown.copies - shown.usual
    if change <= 0:
        return "0/0"
    return "1/1" if change >= min(2, shown.usual) else "0/1"


def carriers(kind: str, shown: Sequence[Shown]) -> frozenset[int]:
    """Numbers of the samples that have an event."""
    return frozenset(number for number, one in enumerate(shown) if "1" in genotype(kind, one))


def record(found: Found, base: str) -> str:
    """The line of an event; `base`: the one before it, at a contig's beginning its first."""
    event, (start, end) = found.event, found.ends
    name = f"{event.kind}.{event.contig}.{start}.{end}"
    quality = max(one.support for one in found.shown)
    columns = [_column(event.kind, one) for one in found.shown]
    text = ";".join(_info(found, start, end))
    fields = [
        event.contig,
        str(max(1, start)),
        name,
        base,
        f"<{event.kind}>",
        str(quality),
        ".",
        text,
        FORMAT,
        *columns,
    ]
    return "\t".join(fields) + "\n"


def _info(found: Found, start: int, end: int) -> list[str]:
    event, index, junction, balance = found.event, found.shown[0], found.junction, found.balance
    size = end - start
    exact = junction is not None and junction.precise
    left, right = (BIN if own or not exact else 0 for own in found.counted)
    before, after = (
        bases if own and not event.whole else 0 for bases, own in zip(found.beside, found.counted, strict=True)
    )
    info = [
        f"CALLERS={CALLER}",
        f"SVTYPE={event.kind}",
        f"END={end}",
        f"SVLEN={-size if event.kind == 'DEL' else size}",
    ]
    info += [f"CIPOS={-min(max(start, 1), left + before)},{left}", f"CIEND={-right},{right + after}"]
    info += ["IMPRECISE"] if left or right else []
    info += [f"BINS={index.bins}", f"UNIQUE={min(1, index.bins * BIN / max(BIN, event.length - 2 * BIN)):.2f}"]
    info += [f"COPIES={index.ratio:.2f}", f"USUAL={index.usual}"] if index.ratio is not None else []
    info += ["WHOLE"] if event.whole else []
    info += [f"SAME_EVENT={junction.allele}"] if junction else []
    info += ["EXTENDS"] if any(found.beyond) else []
    info += [f"JOINED_ENDS={found.joined_ends}", f"BAF_SITES={balance.sites}"]
    info += [f"BAF={balance.fraction:.2f}"] if balance.fraction is not None else []
    return info + ([f"BAF_ODDS={balance.odds:.1f}"] if balance.odds is not None else [])


def _column(kind: str, one: Shown) -> str:
    if one.copies is None:
        return "./.:0:.:0:0:."
    interval = ",".join(f"{max(0.0, one.ratio + side * Z95 * one.error):.2f}" for side in (-1, 1))
    return ":".join(map(str, (genotype(kind, one), one.quality, one.copies, one.support, one.reads, interval)))
