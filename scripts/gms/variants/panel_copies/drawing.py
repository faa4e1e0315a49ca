"""Drawing of copy number along the genome: points of depth, levels of segments, names of genes; numbers of an SVG."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from gms.drawings.along_genome import LEFT, WIDTH, Axis
from gms.variants.panel_copies.arms import PART, WHOLE
from gms.variants.panel_copies.copies import CHANGED
from gms.variants.panel_copies.events import FEWEST_WINDOWS
from gms.variants.panel_copies.inherited import IN_NORMAL

HEIGHT, FOOT = 230, 18  # units of the SVG; room for names below
HIGHEST = 3.0  # log2 at the upper border; what is beyond lies on it
LOWEST = -2.5
LINES = (-2, -1, 0, 1, 2)
NAMED = 3  # genes of an event; more are of a part of a chromosome
LETTER, ROW, ROWS = 6.2, 11, 5  # width and height of a name's letters; rows that are tried above or below a level


def panel_content(facts: Mapping[str, Any], findings: Iterable[Mapping[str, Any]] = ()) -> dict[str, Any]:
    """The drawing, and the arms that are lost or gained as a whole, or in PART of their windows. `findings`: those
    reported."""
    if not facts["assessed"]:
        return {"drawing": None, "arms": [], "parts": []}
    arms = [arm for arm in facts["arms"] if arm["state"] in ("lost", "gained")]
    shares = [(arm["arm"], state, arm[state]) for arm in facts["arms"] for state in ("lost", "gained")]
    parts = [(name, state, share) for name, state, share in shares if PART <= share < WHOLE]
    return {"drawing": drawing(facts, findings), "arms": arms, "parts": parts}


def drawing(facts: Mapping[str, Any], findings: Iterable[Mapping[str, Any]] = ()) -> dict[str, Any]:
    """`facts`: with contigs and their lengths, points [contig, position, log2] and segments [contig, start, end,
    log2, windows]."""
    axis = Axis(facts["contigs"])
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "left": LEFT,
        "bottom": HEIGHT - FOOT,
        "grid": [{"y": height(log2), "log2": log2} for log2 in LINES],
        "contigs": [
            {"x": axis.x(name, 0), "width": axis.x(name, length) - axis.x(name, 0), "name": name.removeprefix("chr")}
            for name, length in facts["contigs"].items()
        ],
        "points": [{"x": axis.x(contig, at), "y": height(log2)} for contig, at, log2 in facts["points"]],
        "segments": [_line(axis, *segment) for segment in facts["segments"]],
        "names": list(names(axis, findings)),
    }


def names(axis: Axis, findings: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """The genes of each acquired finding of few genes, above a gain and below a loss, or on the other side where they
    would hide others; without room they are in the table only."""
    taken: list[tuple[float, float, float]] = []
    for found in (one for one in findings if IN_NORMAL not in one["own"]):
        own, (contig, pos, *_) = found["own"], found["variants"][0].split(":")
        genes = own.get("MEASURED", "").split(",")
        words = ", ".join(genes) if len(genes) <= NAMED else ""
        half, log2 = LETTER * len(words) / 2, float(own["LOG2"])
        middle = axis.x(contig, int(pos) + abs(int(own["SVLEN"])) // 2)
        x = min(WIDTH - half, max(LEFT + half, middle))
        above, below = range(-6, -6 - ROW * ROWS, -ROW), range(12, 12 + ROW * ROWS, ROW)
        rows = (height(log2) + step for step in ((*above, *below) if log2 > 0 else (*below, *above)))
        free = (y for y in rows if ROW <= y <= HEIGHT - FOOT - 2 and not any(_hides(x, y, half, one) for one in taken))
        if words and (y := next(free, None)) is not None:
            taken.append((x, y, half))
            yield {"x": round(x, 1), "y": round(y, 1), "words": words}


def _hides(x: float, y: float, half: float, other: tuple[float, float, float]) -> bool:
    return abs(x - other[0]) < half + other[2] and abs(y - other[1]) < ROW


def _line(axis: Axis, contig: str, start: int, end: int, log2: float, windows: int) -> dict[str, Any]:
    left = axis.x(contig, start)
    return {"x1": left, "x2": max(axis.x(contig, end), left + 1.5), "y": height(log2), "colour": colour(log2, windows)}


def colour(log2: float, windows: int) -> str:
    """Of a level: fewer copies, more, or the usual ones, as of too few windows."""
    if abs(log2) < CHANGED or windows < FEWEST_WINDOWS:
        return "#46525e"
    return "#9c2226" if log2 < 0 else "#1f5f99"


def height(log2: float) -> float:
    """Distance from the upper border."""
    inside = min(HIGHEST, max(LOWEST, log2))
    return round((HIGHEST - inside) / (HIGHEST - LOWEST) * (HEIGHT - FOOT), 1)
