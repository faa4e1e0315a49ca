"""The table of classified variants that the NGP variant portal takes: a workbook with eight columns.

The portal refuses an upload with a variant whose class is of another group (P/LP, VUS, B/LB) than the one it has, so
the last table is compared first. Variants are compared by VRS id: another spelling of an indel is the same variant.
"""

import io
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from gms.base.errors import GmsError
from gms.base.problems import Findings
from gms.sharing.decision.model import ORGANISATIONS
from gms.sharing.metadata.classifications import (
    GROUPS,
    Alleles,
    Classification,
    load_classifications,
    parse_variant,
    significance,
)
from gms.sharing.metadata.model import PackageFacts
from gms.sharing.metadata.variants import Variant

COLUMNS = (
    "CHR",
    "POS",
    "REF",
    "ALT",
    "Submitter",
    "Submitter org",
    "Classification",
    "Classification score – ACMG",
)
SHEET = "Variants"
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # of the zip format: an entry must have a time
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_CORE = _XML + (
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>'
)
_APP = _XML + '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>'
# Who made a workbook, with what, and when: three places in the file, all emptied.
_PROPERTIES = {"docProps/core.xml": _CORE, "docProps/app.xml": _APP}

Identify = Callable[[Variant], str]


class Stored(NamedTuple):
    """A row of an earlier table."""

    line: int
    variant: Variant
    significance: str


def classified_variants(
    facts: PackageFacts, variants: Sequence[Variant], ids: Mapping[str, str], identify: Identify
) -> dict[str, Classification]:
    """The centre's classification of each exported variant that has one, by the variant's key.

    None in a study that may not see germline variants: the five classes are of inherited variants. Raises `Problems`
    for what is wrong with the table of classifications and for variants that the last portal table has in another
    group. `ids` are VRS ids by a variant's key; `identify` makes one, and raises GmsError off the reference.
    """
    if not facts.germline or facts.sharing.classifications is None:
        return {}
    table = facts.sharing.classifications
    by_id = _by_id(table, load_classifications(table), facts.decision.case.case, identify)
    found = {v.key: by_id[ids[v.key]] for v in variants if ids.get(v.key) in by_id}
    if found and facts.sharing.portal_table:
        ours = {ids[key]: row for key, row in found.items()}
        _check_conflicts(ours, facts.sharing.portal_table, identify)
    return found


def _by_id(path: Path, rows: Sequence[Classification], case: str, identify: Identify) -> dict[str, Classification]:
    """The rows that hold for a case by VRS id; one for this case goes before one for all."""
    findings, by_id = Findings(), {}
    for row in sorted(rows, key=lambda row: row.case is not None):
        if row.case in (None, case):
            try:
                by_id[identify(row.variant)] = row
            except GmsError as error:
                findings.add(path, row.line, f"{row.variant.key}: {error}")
    findings.raise_if_any()
    return by_id


def _check_conflicts(ours: Mapping[str, Classification], last: Path, identify: Identify) -> None:
    """Raise `Problems` with every variant that the last table has in another group of classes."""
    findings = Findings()
    for stored in read_table(last, findings):
        try:
            row = ours.get(identify(stored.variant))
        except GmsError as error:
            findings.add(last, stored.line, f"{stored.variant.key}: {error}")
            continue
        if row and row.group != GROUPS[stored.significance]:
            words = f"{stored.variant.key} is {stored.significance} in the portal and {row.significance} here"
            findings.add(last, stored.line, f"{words}; the portal refuses a change of group: agree on one first")
    findings.raise_if_any()


def read_table(path: Path, findings: Findings) -> Iterator[Stored]:
    """Rows of a portal table; notes what cannot be read."""
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        header, *rows = [["" if cell is None else str(cell) for cell in row] for row in book.active.values] or [[]]
    except (OSError, KeyError, ValueError, zipfile.BadZipFile, InvalidFileException):
        findings.add(path, None, "does not exist or is not a workbook (.xlsx)")
        return
    if tuple(header[: len(COLUMNS)]) != COLUMNS:
        findings.add(path, 1, f"the columns must be {', '.join(COLUMNS)}")
        return
    for line, cells in enumerate(rows, 2):
        # A sheet that does not state its size has rows of any length.
        row = [*cells, *[""] * (len(COLUMNS) - len(cells))]
        variant, meant = parse_variant(":".join(row[:4])), significance(row[6])
        if any(row) and (variant is None or meant is None):
            findings.add(path, line, "has no variant in CHR, POS, REF, ALT or no classification of the five classes")
        elif variant and meant:
            yield Stored(line, variant, meant)


def write_portal(path: Path, facts: PackageFacts, alleles: Alleles) -> None:
    """Write the workbook of the classified variants, in their order; the same rows give the same bytes."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = SHEET
    sheet.append(COLUMNS)
    study = facts.sharing.study
    for variant in alleles.variants:
        if row := alleles.classified.get(variant.key):
            place = (variant.chrom, variant.pos, variant.ref, variant.alt)
            sheet.append(
                (
                    *place,
                    study.responsible,
                    ORGANISATIONS[study.disclosing_party],
                    row.significance.capitalize(),
                    row.score,
                )
            )
    buffer = io.BytesIO()
    book.save(buffer)
    path.write_bytes(_timeless(buffer.getvalue()))


def _timeless(workbook: bytes) -> bytes:
    """The same workbook without times and properties; stored, as what compression makes depends on the zlib at hand."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, _FIRST_DAY)
            entry.external_attr = 0o600 << 16
            entry.create_system = 3
            target.writestr(entry, _PROPERTIES.get(name, source.read(name)))
    return out.getvalue()
