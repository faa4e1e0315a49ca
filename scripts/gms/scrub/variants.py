"""Scrubs a reported VCF: pseudonyms, known fields only, no allele of anybody who does not share it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from gms.sharing.model import Member


@dataclass(frozen=True, slots=True)
class VariantCounts:
    """Records kept, and records removed by the reason."""

    kept: int
    removed: Mapping[str, int]


def scrub_variants(
    source: Path,
    out: Path,
    members: Sequence[Member],
    names: Mapping[str, str],
    categories: Collection[str],
    kind: str,
    left_out_roles: Collection[str],
) -> VariantCounts:
    """Write the clean, bgzipped VCF `out` and its .tbi."""
    raise NotImplementedError
