"""Copies of whole chromosomes, and of the places of a chromosome in a person of one sex."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from gms.genome.ploidy import Ploidy, X, Y
from gms.variants.copy_number.correction import Expected
from gms.variants.copy_number.depth import BIN, Reads
from gms.variants.copy_number.events import CLEAR, MIN_BINS, MIN_WHOLE, SOME, Track, is_between, median_copies, track

WINDOWS = 1_000  # of the genome, whose copies are kept for a drawing


def usual_copies(ploidy: Ploidy, contig: str, bins: int, sex: str, y: int = 1) -> np.ndarray:
    """Copies of each bin of a contig in a person of that sex; 0 where nothing is looked for: a woman's Y, and the
    pseudo-autosomal part of Y, whose reads are counted on X: of a man with `y` of it (two in 47,XYY) one more each."""
    if sex != "male" or contig not in (*X, *Y):
        return np.full(bins, 0 if contig in Y else 2, dtype=np.int8)
    _, regions = ploidy.par[contig]
    ends = np.arange(1, bins + 1) * BIN
    paired = np.any([(first <= ends) & (ends <= last) for first, last in regions], axis=0)
    return np.where(paired, 0 if contig in Y else 1 + y, 1).astype(np.int8)


def y_of_women(ploidy: Ploidy, reads: Mapping[str, Reads], expected: Expected, sex: str) -> dict[str, Track]:
    """The Y of a person who is expected to have none, by contig, for its copies alone: of 45,X it matters whether some
    cells have a Y. No events are looked for, as reads of X fit some places of Y as well."""
    found = {}
    for contig in [name for name in Y if name in expected.reads and sex != "male" and expected.is_enough]:
        two = expected.reads[contig]
        one = track(reads[contig].unique, two, usual_copies(ploidy, contig, len(two), "male"), expected.extra)
        found[contig] = one._replace(copies=np.zeros_like(one.copies))
    return found


def facts(tracks: Mapping[str, Track], expected: Expected, sex: str, y: Mapping[str, Track]) -> dict[str, Any]:
    """What the depth of a sample says as a whole: reads of a bin, their spread beyond that of counts, and the copies of
    each chromosome (median), `None` of those with few bins. `y` as of `y_of_women`."""
    if not expected.is_enough:
        return {"reads": round(expected.usual, 1), "spread": None, "bins": 0, "sex": sex, "chromosomes": []}
    return {
        "reads": round(expected.usual, 1),
        "spread": round(expected.extra**0.5, 3),
        "bins": sum(len(one.used) for one in tracks.values()),
        "sex": sex,
        "profile": profile(tracks),
        "chromosomes": [
            {
                "contig": contig,
                "copies": round(copies, 2),
                "usual": int(np.median(one.copies)),
                "state": state(copies, one),
            }
            for contig, one in (*tracks.items(), *y.items())
            if len(one.used) >= MIN_WHOLE and (copies := median_copies(one)) is not None
        ],
    }


def profile(tracks: Mapping[str, Track]) -> dict[str, Any]:
    """Copies in windows (`window` bases) from the start of each contig, None in those of which nothing is known;
    `usual`: those that windows should have, of contigs where they are not two: a man's X and Y, whose ends differ."""
    ends = {contig: int(one.used[-1]) + 1 for contig, one in tracks.items() if len(one.used)}
    size = max(1, -(-sum(ends.values()) // WINDOWS))
    found = {contig: _window_copies(tracks[contig], size, end) for contig, end in ends.items()}
    other = [contig for contig in ends if (tracks[contig].copies != 2).any()]
    usual = {contig: _usual_of_windows(tracks[contig], size, ends[contig]) for contig in other}
    return {"window": size * BIN, "contigs": found, "usual": usual}


def _usual_of_windows(one: Track, size: int, end: int) -> list[int]:
    """The copies of most bins of each window; in one without bins those of the window before it."""
    found: list[int] = []
    for at in range(-(-end // size)):
        inside = one.copies[one.used // size == at]
        found.append(int(np.median(inside)) if len(inside) else found[-1] if found else int(one.copies[0]))
    return found


def _window_copies(one: Track, size: int, end: int) -> list[float | None]:
    at, number = one.used // size, -(-end // size)
    reads = np.bincount(at, weights=one.reads, minlength=number)
    two = np.bincount(at, weights=one.expected, minlength=number)
    return [
        round(2 * float(seen) / float(all_of), 2) if all_of else None for seen, all_of in zip(reads, two, strict=True)
    ]


def state(copies: float, one: Track) -> str:
    """usual, lost, gained, or unclear: between two numbers of copies. Few bins state nothing but the usual."""
    usual = int(np.median(one.copies))
    near = CLEAR if usual else SOME
    if len(one.used) < MIN_BINS or abs(copies - usual) <= near:
        return "usual"
    if is_between(copies):
        return "unclear"
    return "lost" if copies < usual else "gained"


def chromosome_words(sample: Mapping[str, Any]) -> list[str]:
    """Chromosomes of a sample (`facts`) with other copies: '3 copies of chromosome 21 (trisomy 21)'; X and Y together,
    as '2 copies of X and 1 of Y (47,XXY)'."""
    found, sex = [], {}
    for one in sample["chromosomes"]:
        name = one["contig"].removeprefix("chr")
        if name in ("X", "Y"):
            sex[name] = one
        elif one["state"] == "unclear":
            found.append(f"{one['copies']} copies of chromosome {name}: part of the cells, or of the chromosome")
        elif one["state"] != "usual":
            copies = round(one["copies"])
            word = {1: "monosomy", 3: "trisomy", 4: "tetrasomy"}.get(copies)
            found.append(f"{_copies(copies)} of chromosome {name}" + (f" ({word} {name})" if word else ""))
    return found + _sex_words(sex)


def _sex_words(sex: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """X and Y, where one of them is unusual."""
    states = {one["state"] for one in sex.values()}
    if states <= {"usual"} or "X" not in sex:
        return []
    x, y = (sex[name]["copies"] if name in sex else 0 for name in "XY")
    if "Y" not in sex:  # too few bins, or a reference without it
        return [f"{f'{x} copies' if 'unclear' in states else _copies(round(x))} of X; Y was not counted"]
    if "unclear" in states:
        return [f"{x} copies of X, {y} of Y: part of the cells, or of the chromosome"]
    chromosomes = "X" * round(x) + "Y" * round(y)
    return [f"{_copies(round(x))} of X, {round(y)} of Y ({44 + len(chromosomes)},{chromosomes})"]


def _copies(number: int) -> str:
    return "1 copy" if number == 1 else f"{number} copies"
