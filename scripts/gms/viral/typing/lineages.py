"""The lineage of each sample, and where it comes from: never a guess."""

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from gms.base.errors import GmsError

NO_TOOL = "not assigned: no results of pangolin were given (assay key pangolin)"
_VERSIONS = ("version", "pangolin_version", "scorpio_version", "constellation_version")
_NONE = ("", "Unassigned", "None", "recombinant?")


class NotPangolin(GmsError):
    """A file that is not what a typing tool writes."""

    def __init__(self, path: Path, tool: str, columns: Sequence[str]):
        super().__init__(f"{path} is not a result of {tool}: its header lacks {' and '.join(columns)}")


class NotDataSet(GmsError):
    """A Nextclade data set whose version cannot be told."""

    def __init__(self, dataset: Path):
        super().__init__(
            f"{dataset}: pathogen.json with a version tag is missing, so clades could not be traced to their data; "
            "get the data set again with: nextclade dataset get"
        )


def read_pangolin(path: Path) -> dict[str, dict[str, str]]:
    """Rows of lineage_report.csv by taxon. Raises NotPangolin."""
    return _rows(path, "pangolin", ",", "taxon", "lineage")


def read_nextclade(path: Path) -> dict[str, dict[str, str]]:
    """Rows of nextclade.tsv by sequence name. Raises NotPangolin."""
    return _rows(path, "Nextclade", "\t", "seqName", "clade")


def _rows(path: Path, tool: str, separator: str, key: str, needed: str) -> dict[str, dict[str, str]]:
    with open(path, newline="", encoding="utf-8-sig") as table:
        reader = csv.DictReader(table, delimiter=separator)
        if lacking := [column for column in (key, needed) if column not in (reader.fieldnames or ())]:
            raise NotPangolin(path, tool, lacking)
        return {row[key].split()[0]: {k: v or "" for k, v in row.items() if k} for row in reader if row[key].strip()}


def lineage(sample: str, rows: Mapping[str, Mapping[str, str]] | None) -> dict[str, Any]:
    """Lineage with the versions of tool and data; None with the reason where there is none. `row`: what pangolin wrote,
    for the classification that is handed over."""
    if rows is None:
        return {"lineage": None, "reason": NO_TOOL, "versions": {}}
    row = rows.get(sample)
    if row is None:
        return {"lineage": None, "reason": "not assigned: pangolin's results have no such taxon", "versions": {}}
    versions = {key: row[key] for key in _VERSIONS if row.get(key)}
    notes = "; ".join(filter(None, (row.get("qc_notes"), row.get("note"))))
    if row["lineage"] in _NONE or row.get("qc_status") == "fail":
        return {
            "lineage": None,
            "reason": f"not assigned by pangolin{': ' + notes if notes else ''}",
            "versions": versions,
            "row": dict(row),
        }
    return {"lineage": row["lineage"], "reason": "", "versions": versions, "row": dict(row)}


def clade(
    sample: str, rows: Mapping[str, Mapping[str, str]] | None, versions: Mapping[str, str]
) -> dict[str, Any] | None:
    """Clade and quality by Nextclade, with the versions of tool and data where the workflow ran it; None where it has
    no such sequence."""
    row = (rows or {}).get(sample)
    if row is None:
        return None
    return {
        "clade": row["clade"] or None,
        "pango": row.get("Nextclade_pango", ""),
        "qc": row.get("qc.overallStatus", ""),
        "versions": dict(versions),
    }


def nextclade_versions(version: Path, dataset: Path) -> dict[str, str]:
    """Versions of Nextclade, as `nextclade --version` printed it, and of its data set; its results hold neither. Raises
    NotDataSet."""
    return {"nextclade": version.read_text().split()[-1], "nextclade_data": dataset_version(dataset)}


def dataset_version(dataset: Path) -> str:
    """Version of a Nextclade data set (a folder or a zip file): `version.tag` of pathogen.json. Raises NotDataSet."""
    try:
        with ZipFile(dataset).open("pathogen.json") if dataset.is_file() else open(dataset / "pathogen.json") as text:
            return str(json.load(text)["version"]["tag"])
    except (OSError, BadZipFile, KeyError, TypeError, ValueError) as error:
        raise NotDataSet(dataset) from error
