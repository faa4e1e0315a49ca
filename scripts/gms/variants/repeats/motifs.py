"""How well bases fit a repeated motif. A motif may hold N, which is any base."""

from functools import cache

import edlib

WILDCARD = [("N", base) for base in "ACGT"]
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
