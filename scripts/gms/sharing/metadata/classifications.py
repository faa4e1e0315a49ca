"""The centre's classifications of variants: a table that the centre keeps, of which the exported variants' rows leave.

Five classes and their groups: ACMG/AMP 2015 (doi:10.1038/gim.2015.30). The NGP variant portal refuses a variant whose
class is of another group than the one it has.
"""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from gms.base.personal_numbers import find_personal_number
from gms.base.problems import Findings, unknown
from gms.base.whole_files import read_file
from gms.sharing.metadata.variants import Variant

REQUIRED = ("variant", "classification")
OPTIONAL = ("case", "score")
GROUPS = {
    "pathogenic": "pathogenic",
    "likely pathogenic": "pathogenic",
    "uncertain significance": "uncertain",
    "likely benign": "benign",
    "benign": "benign",
}
_SHORT = {
    "p": "pathogenic",
    "lp": "likely pathogenic",
    "vus": "uncertain significance",
    "lb": "likely benign",
    "b": "benign",
}
_VARIANT = re.compile(r"([^:\s]+):([1-9]\d*):([ACGTN]+):([ACGTN]+)")


class Classification(NamedTuple):
    """A classified variant; `line` is its row (1-based), `case` None where it holds in all, `score` in ACMG points."""

    line: int
    case: str | None
    variant: Variant
    significance: str
    score: int | None

    @property
    def group(self) -> str:
        """pathogenic, uncertain or benign."""
        return GROUPS[self.significance]


class Alleles(NamedTuple):
    """The exported variants; VRS ids and classifications by a variant's key, refget accessions by contig."""

    variants: Sequence[Variant]
    ids: Mapping[str, str]
    accessions: Mapping[str, str]
    classified: Mapping[str, Classification]


def load_classifications(path: Path) -> list[Classification]:
    """The rows of a table with the columns variant (CHROM:POS:REF:ALT, 1-based), classification and, if wanted, case
    and score (ACMG points, a whole number). Raises `Problems` with everything that is wrong with it.
    """
    findings = Findings()
    rows = list(_rows(path, findings))
    _contradictions(rows, path, findings)
    findings.raise_if_any()
    return rows


def significance(text: str) -> str | None:
    """One of the five classes from its words or abbreviation in any case, as 'VUS'; None if it is none."""
    words = " ".join(text.lower().replace("_", " ").split())
    words = _SHORT.get(words, words)
    return words if words in GROUPS else None


def parse_variant(text: str) -> Variant | None:
    """A variant from CHROM:POS:REF:ALT; None if it is not written so. Contig names may hold ':'."""
    parts = text.upper().rsplit(":", 3)
    chrom = text.rsplit(":", 3)[0]
    match = _VARIANT.fullmatch(":".join(["x", *parts[1:]]))
    return Variant(chrom, int(match[2]), match[3], match[4], {}, {}) if match and chrom else None


def _rows(path: Path, findings: Findings) -> Iterator[Classification]:
    try:
        table = read_file(path).decode("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError):
        findings.add(path, None, "does not exist or is not UTF-8 text")
        return
    header, *rows = list(csv.reader(table, delimiter="\t")) or [[]]
    if not set(REQUIRED) <= set(header) <= {*REQUIRED, *OPTIONAL} or len(set(header)) != len(header):
        wanted = f"{', '.join(REQUIRED)} and optionally {', '.join(OPTIONAL)}"
        findings.add(path, 1, f"the columns must be {wanted}, separated by tabs")
        return
    for line, row in enumerate(rows, 2):
        if any(row) and (found := _row(dict(zip(header, row, strict=False)), (path, line), findings)):
            yield found


def _row(row: Mapping[str, str], place: tuple[Path, int], findings: Findings) -> Classification | None:
    variant, meant = parse_variant(row.get("variant", "")), significance(row.get("classification", ""))
    score = row.get("score") or None
    if find_personal_number(" ".join(row.values())) is not None:
        findings.add(*place, "holds a personal number; use the names of the sample sheet")
        return None
    if variant is None:
        findings.add(*place, f"variant '{row.get('variant', '')}' must be written CHROM:POS:REF:ALT, as chr1:100:A:G")
    if meant is None:
        findings.add(*place, unknown("classification", row.get("classification", ""), GROUPS))
    if score and not re.fullmatch(r"[-+]?\d{1,3}", score):
        findings.add(*place, f"score '{score}' must be a whole number of ACMG points")
    elif variant and meant:
        return Classification(place[1], row.get("case") or None, variant, meant, int(score) if score else None)
    return None


def _contradictions(rows: list[Classification], path: Path, findings: Findings) -> None:
    """Note variants that two rows put into different groups: the portal has one."""
    first: dict[str, Classification] = {}
    for row in rows:
        other = first.setdefault(row.variant.key, row)
        if other.group != row.group:
            words = f"{row.variant.key} is {row.significance} here and {other.significance} in line {other.line}"
            findings.add(path, row.line, f"{words}; the portal allows one group per variant")
