"""The table and sequences for GISAID EpiCoV, written by the names of the header.

Age, sex and date of collection are personal data, together with the region: 'unknown' unless the assay discloses them.
"""

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from gms.viral.chain.consensus import fasta_text
from gms.viral.handover.fohm import Sent
from gms.viral.handover.laboratory import Entry

UNKNOWN = "unknown"
# By the public schema of EpiCoV; those of the sample are filled in here.
_REQUIRED = ("submitter", "covv_orig_lab", "covv_orig_lab_addr", "covv_subm_lab", "covv_subm_lab_addr", "covv_authors")


def left_out(entry: Entry) -> str | None:
    """Why a sample is not in the files for GISAID, if it is not."""
    if entry.gisaid_accession:
        return "has an accession already"
    if not entry.pseudonym:
        return "has no pseudonym"
    if entry.pseudonym.casefold() in (entry.sminet_id.casefold(), entry.sample.casefold()):
        return "has its SmiNet id or internal name as pseudonym"
    return None if entry.collected else "has no collection date, whose year is part of the virus name"


def lacking(gisaid: Mapping[str, Any]) -> list[str]:
    """Required columns that the assay gives no value."""
    return [column for column in _REQUIRED if column in gisaid["columns"] and not gisaid["values"].get(column)]


def write_gisaid(folder: Path, sent: Sent, sequences: Mapping[str, Path], gisaid: Mapping[str, Any]) -> None:
    """gisaid.csv and the FASTA, whose headers are the virus names of the table."""
    folder.mkdir(parents=True, exist_ok=True)
    rows, texts = [], []
    for entry, _ in sent:
        row = dict(_row(entry, gisaid))
        rows.append([row[column] for column in gisaid["columns"]])
        sequence = "".join(sequences[entry.sample].read_text().split("\n")[1:])
        texts.append(fasta_text(row["covv_virus_name"], sequence))
    with open(folder / "gisaid.csv", "w", newline="", encoding="utf-8") as table:
        csv.writer(table, lineterminator="\n").writerows([gisaid["columns"], *rows])
    (folder / gisaid["fasta"]).write_text("".join(texts), encoding="utf-8")


def _row(entry: Entry, gisaid: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    shown = set(gisaid.get("disclose", ()))
    facts = {"region": entry.region, "laboratory": entry.laboratory, "pseudonym": entry.pseudonym}
    fixed = {key: text.format(**facts, year=entry.collected[:4]) for key, text in gisaid["values"].items()}
    own = {
        "fn": gisaid["fasta"],
        "covv_gender": (entry.sex if "sex" in shown else "") or UNKNOWN,
        "covv_patient_age": (entry.age if "age" in shown else "") or UNKNOWN,
        "covv_collection_date": _date(entry, shown),
    }
    for column in gisaid["columns"]:
        yield column, own.get(column) or fixed.get(column, "")


def _date(entry: Entry, shown: set[str]) -> str:
    if "date" in shown:
        return entry.collected
    return entry.collected[:7] if "month" in shown else UNKNOWN
