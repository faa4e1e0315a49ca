"""Genes that a case could not analyse wholly."""

from collections.abc import Iterable, Mapping
from typing import Any

from gms.report import labels

# A geneticist reads a short list; a long one of nearly complete genes would hide the incomplete ones.
SHORT = 60
LONG = 300
NEARLY = 0.95


def incomplete_genes(tables: list[list[Mapping[str, str]]]) -> dict[str, Any]:
    """Genes that some sample does not cover wholly at the callable depth, the least complete of the index first.

    `tables` holds the rows of each sample's genes.tsv, index first. All such genes up to 60; of more only those below
    95 % in some sample, at most 300; `left_out` counts those not listed. A sample may lack a gene (of Y, in a female).
    """
    by_gene = [{row["gene"]: row for row in table} for table in tables]
    names = sorted({gene for table in by_gene for gene in table})
    genes = [[table.get(gene) for table in by_gene] for gene in names]
    lacking = sorted((row for row in genes if min(_fractions(row)) < 1), key=_fractions)
    few = lacking if len(lacking) <= SHORT else [row for row in lacking if min(_fractions(row)) < NEARLY]
    listed = [_row(row) for row in few[:LONG]]
    return {"total": len(genes), "incomplete": len(lacking), "rows": listed, "left_out": len(lacking) - len(listed)}


def _fractions(row: Iterable[Mapping[str, str] | None]) -> list[float]:
    return [float(cell["callable_fraction"]) if cell else 1.0 for cell in row]


def _row(row: list[Mapping[str, str] | None]) -> dict[str, Any]:
    gene = next(cell for cell in row if cell)
    return {"gene": gene["gene"], "bases": int(gene["bases"]), "samples": [_cell(cell) for cell in row]}


def _cell(cell: Mapping[str, str] | None) -> dict[str, float] | None:
    if cell is None:
        return None
    return {"callable_fraction": float(cell["callable_fraction"]), "mean_depth": float(cell["mean_depth"])}


def gene_rows(genes: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rows of `incomplete_genes` in words."""
    return [
        {"gene": row["gene"], "bases": labels.number(row["bases"]), "cells": [_words(cell) for cell in row["samples"]]}
        for row in genes["rows"]
    ]


def _words(cell: Mapping[str, float] | None) -> dict[str, Any] | None:
    if cell is None:
        return None
    fraction = cell["callable_fraction"]
    depth = f"{labels.number(cell['mean_depth'])} ×"
    return {"callable": labels.percent(fraction), "depth": depth, "fraction": fraction}
