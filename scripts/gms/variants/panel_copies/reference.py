"""The reference of an assay: depth of each window in normals. One tab-separated file with facts in its header.

Windows of autosomes rest on all normals, those of X and, in males, of Y on the normals of one sex: they have a row for
each sex that enough normals have.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import takewhile
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from gms.base.errors import GmsError
from gms.base.json_tables import header_facts, read_table
from gms.genome.intervals import Interval, merge
from gms.genome.ploidy import AUTOSOME

FEWEST_NORMALS = 5  # CNVkit's documentation, for a pooled reference; and of each sex for X and Y
OFF_TARGET = "Antitarget"  # CNVkit's name of windows between the targets
ANY_SEX = "any"
_FACTS = "##gms_copy_number_reference="
_NEEDED = {"assay", "version", "members", "normals", "sexes"}


class Window(NamedTuple):
    """0-based half-open; `gene`: its gene, '-' without, OFF_TARGET between targets. `log2`: depth in normals over that
    of all their windows, `spread` between them, both logarithms to base 2; `depth` in reads. `gc`, `rmask`: fractions
    of bases. `sex`: the normals that it rests on."""

    contig: str
    start: int
    end: int
    gene: str
    log2: float
    depth: float
    gc: float
    rmask: float
    spread: float
    sex: str = ANY_SEX


class Reference(NamedTuple):
    """`facts`: header; `windows`: in the order of the genome, those of X and Y once for each sex."""

    facts: dict[str, Any]
    windows: tuple[Window, ...]

    def of_sex(self, sex: str) -> list[Window]:
        """Windows that a sample is compared with; without X and Y where its sex is unknown or too few normals have
        it."""
        return [window for window in self.windows if window.sex in (ANY_SEX, sex)]


class UnreadableReference(GmsError):
    """A file that is not a reference of copy number."""

    def __init__(self, path: Path):
        super().__init__(f"{path} is not a reference of copy number; make one with ./gms normals build")


def write_reference(path: Path, reference: Reference) -> None:
    """One row for each window and sex."""
    with open(path, "w") as out:
        out.write(_FACTS + json.dumps(reference.facts, sort_keys=True) + "\n" + "\t".join(Window._fields) + "\n")
        out.writelines(_rows(reference.windows))


def _rows(windows: Iterable[Window]) -> Iterable[str]:
    for window in windows:
        values = (f"{value:.6g}" if isinstance(value, float) else str(value) for value in window)
        yield "\t".join(values) + "\n"


def read_reference(path: Path) -> Reference:
    """Raises UnreadableReference."""
    facts = read_facts(path)
    try:
        return Reference(facts, tuple(map(_window, read_table(path))))
    except (KeyError, TypeError, ValueError) as error:
        raise UnreadableReference(path) from error


def read_facts(path: Path) -> dict[str, Any]:
    """The header of a reference. Raises UnreadableReference."""
    facts = header_facts(path, _FACTS, _NEEDED)
    if facts is None:
        raise UnreadableReference(path)
    return facts


def relative_spreads(windows: Sequence[Window]) -> dict[tuple[str, int, int], float]:
    """By window what normals differ by, over the median of windows of its kind; 1 where the normals do not tell."""
    kinds: dict[bool, list[float]] = {}
    for one in windows:
        kinds.setdefault(one.gene == OFF_TARGET, []).append(one.spread)
    usual = {kind: median(found) for kind, found in kinds.items()}
    return {one[:3]: one.spread / middle if (middle := usual[one.gene == OFF_TARGET]) else 1.0 for one in windows}


def shared_bases(reference: Reference, targets: Mapping[str, Sequence[Interval]]) -> tuple[float, float]:
    """Share of the targets' bases that lie in windows of the reference, and of its windows' that lie in targets; of
    autosomes. 1 where there are none."""
    windows: dict[str, list[Interval]] = {}
    for one in reference.windows:
        if one.gene != OFF_TARGET:
            windows.setdefault(one.contig, []).append(Interval(one.start, one.end))
    own, asked = (
        {contig: merge(parts) for contig, parts in found.items() if AUTOSOME.fullmatch(contig)}
        for found in (windows, targets)
    )
    both = sum(_overlap(own.get(contig, []), parts) for contig, parts in asked.items())
    sizes = (sum(one.end - one.start for parts in found.values() for one in parts) for found in (asked, own))
    return tuple(both / size if size else 1.0 for size in sizes)


def _overlap(one: Sequence[Interval], other: Sequence[Interval]) -> int:
    """Bases in both of two lists of merged intervals of a contig."""
    bases, at = 0, 0
    for start, end in one:
        while at < len(other) and other[at].end <= start:
            at += 1
        inside = takewhile(lambda part: part.start < end, other[at:])  # noqa: B023
        bases += sum(min(end, part.end) - max(start, part.start) for part in inside)
    return bases


def _window(row: dict[str, str]) -> Window:
    numbers = [float(row[name]) for name in ("log2", "depth", "gc", "rmask", "spread")]
    return Window(row["contig"], int(row["start"]), int(row["end"]), row["gene"], *numbers, row["sex"])
