"""Functions that the rules use for their inputs, parameters and resources."""

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

Function = TypeVar("Function", bound=Callable)


def signed(function: Function) -> Function:
    """The same function, which says at once what it takes: Snakemake asks a dozen times per job of a plan, and looking
    it up took a sixth of the time."""
    function.__signature__ = inspect.signature(function)
    return function


def given(path: Path | None) -> str | list[str]:
    """A file of the user's as a rule's input; none where it is not given, or, in a plan, not there yet."""
    return str(path) if path is not None and path.exists() else []


def per_attempt(amount: int) -> Callable[..., int]:
    """Resource function: `amount` (MB or minutes), and as much again on each retry."""
    return signed(lambda wildcards, attempt: amount * attempt)


def per_reference(fasta: Path, base: int, factor: float) -> Callable[..., int]:
    """Memory in MB: `base` and `factor` times the size of the reference, and as much again on each retry."""

    @signed
    def megabytes(wildcards: object, attempt: int) -> int:
        size = fasta.stat().st_size if fasta.exists() else 0
        return int(base + factor * size / 1e6) * attempt

    return megabytes
