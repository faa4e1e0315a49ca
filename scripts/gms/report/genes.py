"""Genes and listed positions that a case could not analyse wholly, and what a variant there needs to be found."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any

from gms.filtering.detection import kind_of
from gms.filtering.policy import PART_OF_HAPLOTYPE
from gms.genome.gene_list import Events
from gms.qc.callability import OUTSIDE, PARTLY_OUTSIDE
from gms.report import labels
from gms.report.set_aside import Seen

# A geneticist reads a short list; a long one of nearly complete genes would hide the incomplete ones.
SHORT = 60
LONG = 300
NEARLY = 0.95
STATUSES = ("ok", "low", "not_analysable")  # from best to worst
_TARGETS = OUTSIDE, PARTLY_OUTSIDE
NOTABLE = ("reported", "filtered", "other_change", "withheld")  # results
UNSEEN = ("not_analysable", OUTSIDE)
NUMBERS = ("mean_depth", "callable_fraction", "reportable_fraction", "masked_fraction", "weakest")

Row = Mapping[str, str]
Limit = Callable[..., float | None]  # (depth, hotspot, kind="snv") -> fraction from which a variant is found


def incomplete_genes(tables: list[list[Row]]) -> dict[str, Any]:
    """Genes that some sample does not analyse wholly, the least complete of the index first.

    `tables` holds the rows of each sample's genes.tsv, index first. All such genes up to 60; of more only those below
    95 % in some sample, with a near-identical copy, or with an exon that is not analysable, at most 300; `left_out`
    counts those not listed. A sample may lack a gene (of Y, in a female).
    """
    by_gene = [{row["gene"]: row for row in table} for table in tables]
    names = sorted({gene for table in by_gene for gene in table})
    genes = [[table.get(gene) for table in by_gene] for gene in names]
    lacking = sorted((row for row in genes if any(cell and cell["status"] != "ok" for cell in row)), key=_fractions)
    few = lacking if len(lacking) <= SHORT else [row for row in lacking if _is_notable(row)]
    listed = [_row(row) for row in few[:LONG]]
    return {"total": len(genes), "incomplete": len(lacking), "rows": listed, "left_out": len(lacking) - len(listed)}


def _is_notable(row: list[Row | None]) -> bool:
    lost = any(cell and _exons(cell, "lost_exons") for cell in row)
    return lost or min(_fractions(row)) < NEARLY or _copy(row) is not None


def _exons(cell: Row, key: str) -> list[str]:
    return [] if cell[key] == "-" else cell[key].split(",")


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
    return {**numbers, "status": cell["status"], **{key: _exons(cell, key) for key in ("weak_exons", "lost_exons")}}


def panel_document(
    panel: Mapping[str, str] | None,
    genes: Collection[str] | None,
    tables: list[list[Row]],
    events: Events,
) -> dict[str, Any] | None:
    """Name, version and source of a gene list, null where it names none, its genes that were not measured: of
    another symbol, without coding bases, or outside the targets, and its repeats and regions. None without a list."""
    if genes is None:
        return None
    measured = {row["gene"] for table in tables for row in table}
    facts = {key: (panel or {}).get(key) for key in ("name", "version", "source")}
    more = {"repeats": sorted(events.repeats), "regions": [one.line() for one in events.regions]}
    return facts | {"not_measured": sorted(set(genes) - measured) if measured else []} | more


def positions(rows: Iterable[Row], limit: Limit | None, seen: Iterable[Seen] = ()) -> dict[str, Any]:
    """Every hotspot and entry of the always-report list in the index sample (positions.tsv): how many are ok, low and
    not analysable, of these outside the targets, how many lie partly there, and each with the fraction from which
    `limit` says a variant is found and the variants there.

    `result`: 'reported', 'filtered' (seen, but not reported by the policy), 'other_change' (of an entry of one allele,
    which was not seen: another one at its position, under `others`), 'withheld' (seen, and it looks inherited: neither
    allele nor reads are given, but its `genes`), 'not_seen' (of a pair without consent: no acquired variant is) or
    'not_analysable'.
    """
    by_chrom: dict[str, list[Seen]] = defaultdict(list)
    for found in seen:
        by_chrom[found.chrom].append(found)
    listed = [_position(row, limit, by_chrom.get(row["chrom"], ())) for row in rows]
    counts = Counter(row["status"] for row in listed)
    counts["not_analysable"] += counts[OUTSIDE]
    return {"total": len(listed), **{name: counts[name] for name in (*STATUSES, *_TARGETS)}, "rows": listed}


def _position(row: Row, limit: Limit | None, seen: Iterable[Seen]) -> dict[str, Any]:
    start, end, status = int(row["start"]), int(row["end"]), row["status"]
    depth = None if status == OUTSIDE else float(row["depth"])
    here = [one.known for one in seen if one.bases.start < end and start < one.bases.stop]
    of_entry, others = _of_entry(here, row)
    withheld = [one for one in of_entry if "withheld" in one]
    found, others = ([one for one in ones if "withheld" not in one] for ones in (of_entry, others))
    genes = sorted({gene for one in withheld for gene in one["genes"]})
    asks = limit is not None and status not in UNSEEN
    return {
        "name": row["name"],
        "list": row["list"],
        "place": f"{row['chrom']}:{start + 1}-{end}",
        "depth": depth,
        "status": status,
        "fraction": limit(int(depth), row["list"] == "hotspot", _kind(row)) if asks else None,
        "result": _result(found, others, status, is_withheld=bool(withheld)),
        "variants": found,
        "others": [one["variant"] for one in others],
        **({"genes": genes} if genes else {}),
    }


def _kind(row: Row) -> str:
    """The kind of allele of an entry; a substitution where any change counts."""
    return "snv" if row["allele"] == "-" else kind_of(*row["allele"].split(":")[1:])


def _of_entry(here: list[dict[str, Any]], row: Row) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Variants at a listed position: those that the entry is of, all where it is of any change; and the others. A part
    of a joined allele is of none that names an allele, as no molecule carries it alone."""
    if row["allele"] == "-":
        return here, []
    alone = [one for one in here if PART_OF_HAPLOTYPE not in one["flags"]]
    wanted = f"{row['chrom']}:{row['allele']}"
    return [one for one in alone if one["variant"] == wanted], [one for one in alone if one["variant"] != wanted]


def _result(found: list[dict[str, Any]], others: list[dict[str, Any]], status: str, is_withheld: bool) -> str:
    if any(variant["reported"] for variant in found):
        return "reported"
    if status in UNSEEN:
        return "not_analysable"
    if is_withheld:
        return "withheld"
    return "filtered" if found else "other_change" if others else "not_seen"


def position_columns(found: Mapping[str, Any]) -> Iterator[list[str | int | float | None]]:
    """A header, then a row for each listed position of `positions`, for report/{case}.hotspots.tsv. Several variants at
    one position are separated by ';'; fractions 0-1; places 1-based, ends included."""
    yield ["name", "list", "place", "depth", "status", "found_from", "result", *_OF_VARIANT, "others"]
    for row in found["rows"]:
        cells = [[_cell_text(one[key]) for one in row["variants"]] for key in _OF_VARIANT]
        yield [
            *(row[key] for key in ("name", "list", "place", "depth", "status", "fraction", "result")),
            *(";".join(texts) or None for texts in cells),
            ";".join(row["others"]) or None,
        ]


_OF_VARIANT = ("variant", "alt_reads", "fraction", "flags")


def _cell_text(value: Any) -> str:
    return ",".join(value) if isinstance(value, list) else "" if value is None else str(value)


def position_rows(found: Mapping[str, Any]) -> dict[str, Any]:
    """`positions` for the page: `notable` are not analysable wholly or show a variant, `off_target` lie outside the
    targets and show none, `others` are the rest; of each at most 300, with the number left out."""
    groups: dict[str, list[Mapping[str, Any]]] = {"notable": [], "off_target": [], "others": []}
    for row in found["rows"]:
        quiet = {"ok": "others", OUTSIDE: "off_target"}.get(row["status"], "notable")
        groups["notable" if row["result"] in NOTABLE else quiet].append(row)
    shown = {name: list(map(_shown, rows[:LONG])) for name, rows in groups.items()}
    return {**found, **shown, "left_out": sum(max(0, len(rows) - LONG) for rows in groups.values())}


def _shown(row: Mapping[str, Any]) -> dict[str, Any]:
    reads = [
        f"{labels.variant_words(one['variant'])}, {labels.reads_words(one['alt_reads'], one['depth'])}"
        + (f" ({', '.join(one['flags'])})" if one["flags"] else "")
        for one in row["variants"]
    ]
    reads += [labels.variant_words(one) for one in row["others"]] if row["result"] == "other_change" else []
    depth = "–" if row["depth"] is None else f"{labels.number(round(row['depth']))} ×"
    words = {"place": labels.place_words(row["place"]), "found_from": labels.detection_words(row["fraction"])}
    return {**row, **words, "depth": depth, "variants": reads}


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
    fraction = cell["callable_fraction"]
    return {
        "callable": labels.percent(fraction),
        "depth": f"{labels.number(cell['mean_depth'])} ×",
        "fraction": fraction,
        "status": cell["status"],
        "masked": labels.percent(cell["masked_fraction"]) if cell["masked_fraction"] else "",
        "exons": _few(cell["weak_exons"]),
        "lost": _few(cell["lost_exons"]),
    }


def _few(exons: list[str]) -> str:
    return ", ".join(exons[:12]) + (" …" if len(exons) > 12 else "")
