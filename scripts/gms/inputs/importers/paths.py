"""FASTQ paths of another pipeline's sheet, written so that they are valid from the new sheet."""

import os
import re
from pathlib import Path

from gms.base.problems import Findings
from gms.inputs.importers.draft import Draft, Notes, Wishes

GZIPPED = (".fastq.gz", ".fq.gz")
URL = re.compile(r"^[a-z0-9+.-]+://", re.IGNORECASE)


def place_files(drafts: list[Draft], output: Path, wishes: Wishes, findings: Findings, notes: Notes) -> None:
    """Rewrite fastq_1, fastq_2 and bam of every row: relative below the new sheet's folder, else absolute.

    Other pipelines take relative paths from the folder that they are started in, which a sheet does not say: --base
    says it; without it a file must be found from exactly one of the sheet's folder and the working directory.
    """
    target = Path(os.path.abspath(output)).parent
    lost: dict[str, list[tuple[Draft, str]]] = {}
    for draft in drafts:
        for column in ("fastq_1", "fastq_2", "bam"):
            if written := getattr(draft, column):
                path = _place(column, written, draft, wishes, lost, findings, notes)
                setattr(draft, column, _shown(path, target) if path else "")
    for where, told in lost.items():
        draft, written = told[0]
        more = f" and {len(told) - 1} more" if len(told) > 1 else ""
        text = f"relative paths lead to a file from {where} (this sheet's folder, the working directory): '{written}'"
        findings.add(draft.path, draft.line, f"{text}{more}; say the folder that they start from: --base FOLDER")


def _place(
    column: str, written: str, draft: Draft, wishes: Wishes, lost: dict, findings: Findings, notes: Notes
) -> Path | None:
    """The absolute path that is meant; None after noting why it cannot be used, or in `lost` that it cannot be told."""
    problem = _unusable(written, column)
    if problem:
        findings.add(draft.path, draft.line, f"{column} '{written}' {problem}")
        return None
    if os.path.isabs(written) or wishes.base:
        path = Path(os.path.abspath((wishes.base or Path("/")) / written))
        if not path.exists():
            notes.add("files of reads that are not on this machine (yet); a run would not start", written)
        return path
    found = _found(written, draft.path.parent)
    if len(found) == 1:
        notes.add("relative paths of FASTQ files were found from the folder", str(found[0][0]))
        return found[0][1]
    lost.setdefault("two places" if found else "neither place", []).append((draft, written))
    return None


def _unusable(written: str, column: str) -> str:
    if URL.match(written):
        return "is not a file of this machine; fetch it and write its path"
    if column == "bam":
        return "" if written.endswith((".bam", ".cram")) else "is neither a BAM nor a CRAM file"
    if not written.endswith(GZIPPED):
        return "is not a gzipped FASTQ file (.fastq.gz or .fq.gz); compress it with gzip"
    return ""


def _found(written: str, folder: Path) -> list[tuple[Path, Path]]:
    """(folder, file) wherever the relative path leads to a file; once where both lead to the same."""
    places = [Path(os.path.abspath(place)) for place in (folder, Path())]
    files = {Path(os.path.abspath(place / written)): place for place in reversed(places)}
    return [(place, file) for file, place in files.items() if file.exists()]


def shown_from(path: Path, sheet: Path | None) -> str:
    """A path as a sheet has it: relative below the sheet's folder, else absolute, as where that is not known."""
    whole = Path(os.path.abspath(path))
    return str(whole) if sheet is None else _shown(whole, Path(os.path.abspath(sheet)).parent)


def _shown(path: Path, folder: Path) -> str:
    return str(path.relative_to(folder) if path.is_relative_to(folder) else path)
