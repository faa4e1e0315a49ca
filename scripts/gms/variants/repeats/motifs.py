"""How well bases fit a repeated motif, and which motif fits best. A motif may hold N, which is any base."""

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache

import edlib

WILDCARD = [("N", base) for base in "ACGT"]
MIN_OWN = 0.9  # purity by a motif that no list has; one base of 5 differs between listed ones
MIN_UNITS = 4  # of a motif that bases must show, for a motif that no list has
COMPLEMENT = str.maketrans("ACGTN", "TGCAN")


def purity(bases: str, motif: str) -> float:
    """Share of the bases that a perfect repeat of the motif, in any phase, explains: 1 - edits / length, 0 to 1."""
    if not bases:
        return 0.0
    edits = edlib.align(bases, repeated(motif, len(bases)), mode="HW", additionalEqualities=WILDCARD)["editDistance"]
    return max(0.0, 1 - edits / len(bases))


@cache
def repeated(motif: str, length: int) -> str:
    """A repeat that holds a stretch of `length` bases and some more in any phase."""
    return motif * ((length + length // 5) // len(motif) + 3)


def reverse_complement(bases: str) -> str:
    return bases[::-1].translate(COMPLEMENT)


def own_motif(bases: str, unit: int) -> str | None:
    """The motif of `unit` bases that bases are a repeat of (MIN_OWN), in its alphabetically first phase; None where
    they are not, are too few, or are a single base repeated."""
    if len(bases) < MIN_UNITS * unit:
        return None
    words = Counter(first_phase(bases[at : at + unit]) for at in range(len(bases) - unit + 1))
    motif = words.most_common(1)[0][0]
    return motif if len(set(motif)) > 1 and purity(bases, motif) >= MIN_OWN else None


def first_phase(motif: str) -> str:
    return min(motif[at:] + motif[:at] for at in range(len(motif)))


def compositions(repeats: Iterable[str], motifs: Sequence[str], unlisted: bool = False) -> dict[str, int]:
    """Motif -> reads that it fits better than any other one of `motifs`; reads that fit two alike count for none.
    `unlisted`: reads that fit none of them well count for a motif of their own of as many bases."""
    best = dict.fromkeys(motifs, 0)
    for bases in repeats:
        scores = sorted(((purity(bases, motif), motif) for motif in motifs), reverse=True)
        own = own_motif(bases, len(motifs[0])) if unlisted and scores[0][0] < MIN_OWN else None
        if own:
            best[own] = best.get(own, 0) + 1
        elif len(scores) == 1 or scores[0][0] > scores[1][0]:
            best[scores[0][1]] += 1
    return best
