"""Chromosome arms: whole arms lost or gained, and the codeletion of 1p and 19q. Coordinates 0-based half-open."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from gms.base.json_tables import read_table
from gms.base.project import PROJECT
from gms.variants.panel_copies.copies import CHANGED, LEAST_PURITY, expected_log2, is_sure
from gms.variants.panel_copies.windows import Ratio

CENTROMERES = PROJECT / "resources" / "genome" / "centromeres.tsv"
LENGTHS_OF_1 = {249_250_621: "GRCh37", 248_956_422: "GRCh38"}
WHOLE = 0.8  # of an arm's windows with fewer or more copies, from which the arm as a whole has (our own)
FEWEST_WINDOWS = 10
CODELETION = ("1p", "19q")  # oligodendroglioma, WHO classification of 2021: whole arms
PART = 0.3  # of an arm's windows, from which a part of it is named (GMS560: 30 % of both arms)
UNSURE = ("noisy", "baseline_unsure", "maybe_polyploid", "doubled")  # warnings: the absence of a loss is not stated


class Centromere(NamedTuple):
    """0-based half-open; `middle`: where the short arm ends."""

    start: int
    middle: int
    end: int


@cache
def centromeres(assembly: str) -> dict[str, Centromere]:
    """By chromosome, without 'chr'; `assembly`: GRCh37 or GRCh38."""
    columns = (f"{assembly}_start", assembly, f"{assembly}_end")
    return {row["chromosome"]: Centromere(*(int(row[name]) for name in columns)) for row in read_table(CENTROMERES)}


def assembly_of(lengths: Mapping[str, int]) -> str | None:
    """GRCh37 or GRCh38 by the length of chromosome 1; None of another genome."""
    return LENGTHS_OF_1.get(lengths.get("chr1", lengths.get("1", 0)))


def arms(
    found: Sequence[tuple[Ratio, str, float]], lengths: Mapping[str, int], error: Callable[[Sequence[Ratio]], float]
) -> Iterator[dict[str, Any]]:
    """Each arm with enough windows: share of them with fewer and more copies, mean of log2 and its standard error, and
    its state: lost, gained, partly or normal. `found`: windows with DEL, DUP or '' and the log2 of their segment;
    `error`: that of the mean of some windows."""
    assembly = assembly_of(lengths)
    by_arm: dict[str, list[tuple[Ratio, str, float]]] = {}
    for window, kind, level in found:
        name = window.contig.removeprefix("chr")
        centromere = centromeres(assembly).get(name) if assembly else None
        if centromere is not None:
            arm = name + ("p" if window.start < centromere.middle else "q")
            by_arm.setdefault(arm, []).append((window, kind, level))
    for arm, windows in by_arm.items():
        if len(windows) >= FEWEST_WINDOWS:
            yield _arm(arm, [one[1:] for one in windows]) | {"error": round(error([one[0] for one in windows]), 3)}


def _arm(name: str, windows: Sequence[tuple[str, float]]) -> dict[str, Any]:
    lost, gained = (sum(kind == asked for kind, _ in windows) / len(windows) for asked in ("DEL", "DUP"))
    state = "lost" if lost >= WHOLE else "gained" if gained >= WHOLE else "partly" if lost + gained > 0 else "normal"
    log2 = sum(level for _, level in windows) / len(windows)
    shares = {"lost": round(lost, 3), "gained": round(gained, 3)}
    return {"arm": name, "windows": len(windows), "log2": round(log2, 3), **shares, "state": state}


def codeletion(
    found: Sequence[Mapping[str, Any]], purity: float | None, warnings: Collection[str]
) -> tuple[str, str | None]:
    """Of 1p and 19q: yes, partly (PART of both arms at least), no or not_assessed; of this the reason: few_windows,
    also where a loss of one copy would not be sure, or no_purity, low_purity or unsure where it might not be seen.
    `warnings`: of the sample."""
    own = [arm for arm in found if arm["arm"] in CODELETION]
    lost = {arm["arm"]: arm["lost"] for arm in own}
    if len(lost) < len(CODELETION):
        return "not_assessed", "few_windows"
    least = min(lost.values())
    if least >= PART:
        return "yes" if least >= WHOLE else "partly", None
    if purity is None:
        return "not_assessed", "no_purity"
    if purity < LEAST_PURITY or expected_log2(1, 2, purity) > -CHANGED:
        return "not_assessed", "low_purity"
    if not all(is_sure(expected_log2(1, 2, purity), arm.get("error", 0.0)) for arm in own):
        return "not_assessed", "few_windows"
    return ("not_assessed", "unsure") if set(UNSURE) & set(warnings) else ("no", None)
