"""Whether a change of a tumour's copies is one that all cells of the person have: inherited.

Copies of the tumour's cells rest on two copies in all others. An inherited loss of one copy, at 50 % tumour cells, has
the depth of a tumour without any. The person's normal tells the two apart: what is inherited has one level in both.
Where the tumour's is clearly further from the usual one, the difference is the tumour's own: a second change on top of
an inherited one, or tumour cells in the normal. Of a loss the copies in the tumour's cells must be fewer than the
normal's as well: next to an inherited loss alone, a baseline of three copies looks like a second one.
Without a normal, the depth alone may fit both.
"""

from collections.abc import Mapping, Sequence
from math import hypot, log2
from typing import Any

from gms.variants.evidence.shares import Z95
from gms.variants.panel_copies.copies import CHANGED, LEAST_PURITY, copies, is_sure, of_ratio
from gms.variants.panel_copies.windows import Ratio, Segment, mean_log2

ONE_LESS, ONE_MORE = log2(1 / 2), log2(3 / 2)  # of two copies, in all cells
SEEN = 0.7  # of these, from which the normal shows it: half way is 3 standard errors of few windows
IN_NORMAL = "IN_NORMAL"  # INFO flags: inherited
LESS_IN_NORMAL = "LESS_IN_NORMAL"  # in the normal as well, and clearly more of it in the tumour
NORMAL_LOG2 = "NORMAL_LOG2"  # INFO: log2 of the normal, of a loss that is in it as well
FEWEST_WINDOWS = 3
FEWEST_NORMALS = 2
LONGEST = 10_000_000  # bases; healthy carriers of longer changes are very rare
FEWER = 0.5  # copies below the normal's: a second loss in half of the tumour's cells
HIGHEST = 4  # copies at the baseline of a doubled genome
TOLERANCE = 0.05  # log2, where the error is smaller


def mark(
    one: Segment, error: float, usual: int, normal: Sequence[Ratio] | None, purity: float | None = None
) -> tuple[str, ...]:
    """INFO flags of an event: IN_NORMAL where the normal's windows show it, LESS_IN_NORMAL where the tumour's level is
    beyond theirs by as much as makes an event and, of a loss at a known `purity`, its cells have clearly fewer copies,
    or, without a `normal`, MAY_BE_INHERITED where its log2 fits one copy less or more in all cells. `error`: standard
    error of log2, in the normal as well; `usual`: copies."""
    target = ONE_LESS if one.log2 < 0 else ONE_MORE
    if normal is None:
        fits = usual == 2 and abs(one.log2 - target) <= max(TOLERANCE, Z95 * error)
        return ("MAY_BE_INHERITED",) if fits and one.end - one.start <= LONGEST else ()
    level = level_in(normal, one)
    if level is None or level / target < SEEN:
        return ()
    further = abs(one.log2) - abs(level)
    is_further = further >= CHANGED and is_sure(further, hypot(error, error))
    return (LESS_IN_NORMAL,) if is_further and not _is_inherited_alone(one, usual, level, purity) else (IN_NORMAL,)


def _is_inherited_alone(one: Segment, usual: int, level: float, purity: float | None) -> bool:
    """Whether the tumour's cells, at a known purity, have not clearly fewer copies than the normal, whose log2 is
    `level`."""
    if one.log2 >= 0 or purity is None or purity < LEAST_PURITY:
        return False
    return not is_second_loss(copies(one.log2, usual, purity, 2**level), usual, level)


def level_in(normal: Sequence[Ratio], one: Segment) -> float | None:
    """Log2 of the normal within an event; None of fewer than FEWEST_WINDOWS windows."""
    inside = [window for window in normal if window.contig == one.contig and one.start <= window.start < one.end]
    return mean_log2(inside) if len(inside) >= FEWEST_WINDOWS else None


def is_second_loss(number: float, usual: int, level: float) -> bool:
    """Whether so many copies in the tumour's cells are clearly fewer than those of the normal, whose log2 is `level`;
    `usual`: copies."""
    return number <= usual * 2**level - FEWER


def may_be_inherited_alone(log2_seen: float, usual: int, level: float | None, purity: float) -> bool:
    """Whether a loss next to an inherited one (`level`: log2 of the normal, None without one) could be the inherited
    one alone in a doubled genome, whose baseline has HIGHEST copies: the depth of a panel does not tell it."""
    if level is None:
        return False
    return not is_second_loss(of_ratio(2**log2_seen, usual, purity, HIGHEST, 2**level), usual, level)


def in_normals(kind: str, genes: Sequence[str], facts: Mapping[str, Any]) -> tuple[str, ...]:
    """INFO entry of an event (DEL or DUP): the share of the reference's normals whose windows of its genes, of each of
    them, show a like change. `facts`: of the reference; () of one without such counts, and where fewer than
    FEWEST_NORMALS do: one may have inherited it."""
    changed = facts.get("changed", {})
    count = min((changed.get(gene, (0, 0))[kind == "DUP"] for gene in genes), default=0)
    return (f"IN_NORMALS={count / facts['normals']:.3f}",) if count >= FEWEST_NORMALS else ()
