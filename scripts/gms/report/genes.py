"""Genes and listed positions that a case could not analyse wholly, and what a variant there needs to be found."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from gms.report import labels

# A geneticist reads a short list; a long one of nearly complete genes would hide the incomplete ones.
SHORT = 60
LONG = 300
NEARLY = 0.95
STATUSES = ("ok", "low", "not_analysable")  # from best to worst
NUMBERS = ("mean_depth", "callable_fraction", "reportable_fraction", "masked_fraction", "weakest")

Row = Mapping[str, str]
Limit = Callable[[int, bool], float | None]  # (depth, hotspot) -> fraction from which a variant is found


def incomplete_genes(tables: list[list[Row]]) -> dict[str, Any]:
    """Genes that some sample does not analyse wholly, the least complete of the index first.

    `tables` holds the rows of each sample's genes.tsv, index first. All such genes up to 60; of more only those below
    95 % in some sample or with a near-identical copy, at most 300; `left_out` counts those not listed. A sample may
    lack a gene (of Y, in a female).
    """
    by_gene = [{row["gene"]: row for row in table} for table in tables]
    names = sorted({gene for table in by_gene for gene in table})
    genes = [[table.get(gene) for table in by_gene] for gene in names]
    lacking = sorted((row for row in genes if any(cell and cell["status"] != "ok" for cell in row)), key=_fractions)
    few = lacking if len(lacking) <= SHORT else [row for row in lacking if min(_fractions(row)) < NEARLY or _copy(row)]
    listed = [_row(row) for row in few[:LONG]]
    return {"total": len(genes), "incomplete": len(lacking), "rows": listed, "left_out": len(lacking) - len(listed)}


def _fractions(row: Iterable[Row | None]) -> list[float]:
    return [float(cell["callable_fraction"]) if cell else 1.0 for cell in row]


def _copy(row: Iterable[Row | None]) -> str | None:
    return next((cell["copy"] for cell in row if cell and cell["copy"] != "-"), None)


def _row(row: list[Row | None]) -> dict[str, Any]:
    gene = next(cell for cell in row if cell)
    return {"gene": gene["gene"], "bases": int(gene["bases"]), "copies": _copy(row), "samples": [_cell(c) for c in row]}


def _cell(cell: Row | None) -> dict[str, Any] | None:
    if cell is None:
        return None
    numbers = {name: float(cell[name]) for name in NUMBERS}
    exons = [] if cell["weak_exons"] == "-" else cell["weak_exons"].split(",")
    return {**numbers, "status": cell["status"], "weak_exons": exons}


def positions(rows: Iterable[Row], limit: Limit | None) -> dict[str, Any]:
    """Hotspots and entries of the always-report list of the index sample (positions.tsv): how many are ok, low and not
    analysable, and those that are not ok, at most 300, with the fraction from which `limit` says a variant is found."""
    rows = list(rows)
    weak = [row for row in rows if row["status"] != "ok"]
    listed = [
        {
            "name": row["name"],
            "list": row["list"],
            "place": f"{row['chrom']}:{int(row['start']) + 1}-{row['end']}",
            "depth": float(row["depth"]),
            "status": row["status"],
            "fraction": limit(int(float(row["depth"])), True) if limit else None,
        }
        for row in weak[:LONG]
    ]
    counts = Counter(row["status"] for row in rows)
    return {
        "total": len(rows),
        **{status: counts[status] for status in ("ok", "low", "not_analysable")},
        "rows": listed,
    }


def detection(genes: Iterable[Row], depth: int, limit: Limit) -> dict[str, Any]:
    """Fraction from which a variant of a tumour is reported with a probability of 95 %, at the median depth of the
    sample and in the least covered exon of each gene, and the share of tumour cells that the sample then needs.

    `purity` is twice the fraction: a heterozygous variant of every tumour cell in a diploid region.
    """
    entries = [
        {"gene": row["gene"], **_limits(int(float(row["weakest"])), limit(int(float(row["weakest"])), False))}
        for row in genes
    ]
    return {**_limits(depth, limit(depth, False)), "hotspot": limit(depth, True), "genes": entries}


def _limits(depth: int, fraction: float | None) -> dict[str, Any]:
    purity = None if fraction is None or fraction > 0.5 else round(2 * fraction, 4)
    return {"depth": depth, "fraction": fraction, "purity": purity}


def gene_rows(genes: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rows of `incomplete_genes` in words, with the worst status of the samples."""
    rows = []
    for row in genes["rows"]:
        states = [cell["status"] for cell in row["samples"] if cell]
        cells = [_words(cell) for cell in row["samples"]]
        rows.append(
            row | {"bases": labels.number(row["bases"]), "cells": cells, "status": max(states, key=STATUSES.index)}
        )
    return rows


def _words(cell: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if cell is None:
        return None
    fraction, exons = cell["callable_fraction"], cell["weak_exons"]
    return {
        "callable": labels.percent(fraction),
        "depth": f"{labels.number(cell['mean_depth'])} ×",
        "fraction": fraction,
        "status": cell["status"],
        "masked": labels.percent(cell["masked_fraction"]) if cell["masked_fraction"] else "",
        "exons": ", ".join(exons[:12]) + (" …" if len(exons) > 12 else ""),
    }
