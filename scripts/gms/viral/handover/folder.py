"""handover/{plate}/: what is handed over of a plate, scanned for leaks; outside of it, what was held back and why."""

import datetime
import shutil
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from gms.sharing.leak_patterns.rules import local_rules
from gms.sharing.leak_scan.scan import require_clean
from gms.viral.handover.fohm import Sent, reads_name, write_reports
from gms.viral.handover.gisaid import lacking, left_out, write_gisaid
from gms.viral.handover.laboratory import Entry, Laboratory

_VERDICTS = ("pass", "warn")
NO_HUMAN = "FASTQ files are held back: the run has no human reference (reference: fasta) to find human reads with"


class Files(NamedTuple):
    """Consensus by sample; reads without human ones by sample, where they were made; folders whose names must not
    leave."""

    consensus: Mapping[str, Path]
    reads: Mapping[str, tuple[Path, Path]]
    private: Collection[Path]


def hand_over(
    folder: Path,
    plate: Mapping[str, Any],
    laboratory: Laboratory,
    handover: Mapping[str, Any],
    files: Files,
    internal: Collection[str],
    today: datetime.date,
) -> dict[str, Any]:
    """Write the folder anew and return the record of it. `internal`: names that must not leave. The folder has its name
    once it is whole and searched. Raises LeakFound; no folder is left then, as after any other error."""
    shutil.rmtree(folder, ignore_errors=True)
    sent, held = _chosen(plate, laboratory)
    notes = [] if files.reads or not sent else [NO_HUMAN]
    if sent:
        notes += _made(folder, sent, handover, files, internal, today.isoformat())
    return {
        "plate": plate["plate"],
        "date": today.isoformat(),
        "handed_over": [{"sample": entry.sample, "sminet_id": entry.sminet_id} for entry, _ in sent],
        "held_back": held,
        "notes": notes,
        "files": sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()),
    }


def _made(
    folder: Path, sent: Sent, handover: Mapping[str, Any], files: Files, internal: Collection[str], date: str
) -> list[str]:
    """Make the folder; what should be known of it. Until it is searched it has another name, by which nobody fetches
    it; what a killed run left of it is removed."""
    work = folder.with_name(f".{folder.name}.unfinished")
    shutil.rmtree(work, ignore_errors=True)
    try:
        notes = _write(work, sent, handover, files, date)
        _scan(work, handover, sent, files, internal)
        work.rename(folder)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return notes


def _chosen(plate: Mapping[str, Any], laboratory: Laboratory) -> tuple[list, list[dict[str, str]]]:
    """Samples to hand over with their records, in the order of the plate; and the others with the reason."""
    wrong: dict[str, list[str]] = {}
    for one in laboratory.held:
        wrong.setdefault(one.sample, []).append(f"line {one.line}: {one.reason}")
    sent, held = [], []
    for record in plate["samples"]:
        name, entry = record["sample"], laboratory.entries.get(record["sample"])
        reasons = list(wrong.get(name, ()))
        if record["role"] == "control":
            reasons = ["a control"]
        elif entry is None and not reasons:
            reasons = ["is not in the table of the laboratory"]
        elif record["verdict"] not in _VERDICTS:
            reasons += [gate["why"] for gate in record["gates"] if gate["verdict"] not in _VERDICTS]
        if reasons:
            held.append({"sample": name, "reason": "; ".join(reasons)})
        else:
            sent.append((entry, record))
    return sent, held


def _write(folder: Path, sent: Sent, handover: Mapping[str, Any], files: Files, date: str) -> list[str]:
    """Write everything; what should be known of it."""
    write_reports(folder / "reports", sent, handover, date)
    raw = folder / "rawdata"
    raw.mkdir()
    for entry, _ in sent:
        for mate, path in enumerate(files.reads.get(entry.sample, ()), start=1):
            shutil.copyfile(path, raw / reads_name(entry, mate))
    notes = []
    if gisaid := handover.get("gisaid"):
        out = {entry.sample: why for entry, _ in sent if (why := left_out(entry))}
        notes += [f"not in the files for GISAID: {name} {why}" for name, why in out.items()]
        if chosen := [pair for pair in sent if pair[0].sample not in out]:
            write_gisaid(folder / "gisaid", chosen, files.consensus, gisaid)
            if columns := lacking(gisaid):
                notes.append(f"GISAID requires {', '.join(columns)}: set them under handover: gisaid: values")
    return notes


def _scan(folder: Path, handover: Mapping[str, Any], sent: Sent, files: Files, internal: Collection[str]) -> None:
    """Raise LeakFound where the folder holds what must not leave."""
    gisaid = handover.get("gisaid") or {}
    public = [text for entry, _ in sent for text in _public(entry)]
    public += [*(entry.pseudonym for entry, _ in sent if gisaid), *gisaid.get("values", {}).values()]
    rules = local_rules(internal, public, files.private)
    require_clean(folder, rules, {}, folder.parent)


def _public(entry: Entry) -> tuple[str, ...]:
    return (entry.sminet_id, entry.region, entry.laboratory, entry.gisaid_accession)
