"""Functions that the rules use for their inputs and resources."""

from collections.abc import Callable
from pathlib import Path


def given(path: Path | None) -> str | list[str]:
    """A file of the user's as a rule's input; none where it is not given, or, in a plan, not there yet."""
    return str(path) if path is not None and path.exists() else []


def per_attempt(amount: int) -> Callable[..., int]:
    """Resource function: `amount` (MB or minutes), and as much again on each retry."""
    return lambda wildcards, attempt: amount * attempt


def per_reference(fasta: Path, base: int, factor: float) -> Callable[..., int]:
    """Memory in MB: `base` and `factor` times the size of the reference, and as much again on each retry."""

    def megabytes(wildcards: object, attempt: int) -> int:
        size = fasta.stat().st_size if fasta.exists() else 0
        return int(base + factor * size / 1e6) * attempt

    return megabytes
