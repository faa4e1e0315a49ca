"""Events of a sample as records of the VCF of copy number (gms.variants.copy_number)."""

from collections.abc import Iterable
from typing import NamedTuple

from gms.variants.panel_copies.inherited import NORMAL_LOG2


class Copies(NamedTuple):
    """An event in a sample: logarithm (base 2) of depth over usual depth, copies and their 95 % interval; `other`:
    copies that explain the depth as well."""

    log2: float
    copies: float
    low: float
    high: float
    other: float | None = None


class Event(NamedTuple):
    """Fewer or more copies than `usual`, 0-based half-open; `before` and `after`: bases to the next windows. `genes`:
    targeted genes that agree; `marks`: flags of INFO; `normal_log2`: of an inherited loss of
    which the tumour lost more."""

    contig: str
    start: int
    end: int
    usual: int
    bins: int
    before: int = 0
    after: int = 0
    genes: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    purity: float | None = None
    normal_log2: float | None = None


def record(event: Event, kind: str, base: str, caller: str, shown: Copies) -> str:
    """A line of the VCF. `kind`: DEL or DUP; `base`: the reference's before the event. CN is to whole copies."""
    size = event.end - event.start
    info = [f"CALLERS={caller}", f"SVTYPE={kind}", f"SVLEN={-size if kind == 'DEL' else size}", f"END={event.end}"]
    info += [f"CIPOS={-event.before},0", f"CIEND=0,{event.after}", "IMPRECISE", f"BINS={event.bins}"]
    info += [f"COPIES={shown.copies:.2f}", f"COPIES_CI={shown.low:.2f},{shown.high:.2f}", f"LOG2={shown.log2:.3f}"]
    info += [f"USUAL={event.usual}", *([f"PURITY={event.purity:g}"] if event.purity is not None else [])]
    info += [f"COPIES_OTHER={shown.other:.2f}"] if shown.other is not None else []
    info += [f"{NORMAL_LOG2}={event.normal_log2:.3f}"] if event.normal_log2 is not None else []
    info += [*([f"MEASURED={','.join(event.genes)}"] if event.genes else []), *event.marks]
    name = f"{kind}.{event.contig}.{event.start}.{event.end}"
    fields = [event.contig, str(max(1, event.start)), name, base, f"<{kind}>", ".", ".", ";".join(info), "GT:CN"]
    return "\t".join([*fields, f"./.:{round(shown.copies)}"]) + "\n"


def sorted_records(records: Iterable[str], contigs: Iterable[str]) -> list[str]:
    """Lines in the order of the genome."""
    order = {name: number for number, name in enumerate(contigs)}
    rows = sorted((line.split("\t") for line in records), key=lambda row: (order[row[0]], int(row[1]), row[2]))
    return list(map("\t".join, rows))
