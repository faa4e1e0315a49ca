"""The files for the Public Health Agency (FoHM): a pair for each region and laboratory."""

import csv
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from gms.viral.handover.laboratory import Entry

Sent = Sequence[tuple[Entry, Mapping[str, Any]]]  # entries of the laboratory with the records of their samples
_KOMPLETTERING = ("provnummer", "urvalskriterium", "GISAID_accession")


def write_reports(folder: Path, sent: Sent, handover: Mapping[str, Any], date: str) -> None:
    """`{region}_{lab}_{date}_komplettering.csv` and the classification of the receiver's format, in `folder`."""
    groups: dict[str, list] = defaultdict(list)
    for entry, record in sent:
        groups[f"{entry.region}_{entry.laboratory}"].append((entry, record))
    folder.mkdir(parents=True, exist_ok=True)
    for name, members in groups.items():
        rows = [(e.sminet_id, e.criterion or handover["unknown_criterion"], e.gisaid_accession) for e, _ in members]
        _write(folder / f"{name}_{date}_komplettering.csv", ",", _KOMPLETTERING, rows)
        if form := handover.get("classification"):
            path = folder / f"{name}_{date}_pangolin_classification_format{form['format']}.txt"
            classified = [[_cell(column, *member) for column in form["columns"]] for member in members]
            _write(path, form["separator"], form["columns"], classified)
    if values := handover.get("instrument"):
        text = "".join(f"{key}={value}\n" for key, value in values.items())
        (folder / "instrument.properties").write_text(text, encoding="utf-8")


def _cell(column: str, entry: Entry, record: Mapping[str, Any]) -> str:
    """A value of the classification: pangolin's own, but the SmiNet id as taxon; without a lineage the reason."""
    lineage = record["lineage"]
    if column == "taxon":
        return entry.sminet_id
    if column == "lineage":
        return lineage["lineage"] or lineage.get("row", {}).get("lineage", "")
    if column == "note" and not lineage.get("row"):
        return lineage["reason"]
    return lineage.get("row", {}).get(column, "")


def _write(path: Path, separator: str, header: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
    with open(path, "w", newline="", encoding="utf-8") as table:
        csv.writer(table, delimiter=separator, lineterminator="\n").writerows([list(header), *rows])


def reads_name(entry: Entry, mate: int) -> str:
    """Name of a FASTQ file at the receiver."""
    return f"{entry.sminet_id}_{entry.region}_{entry.laboratory}_{mate}.fastq.gz"
