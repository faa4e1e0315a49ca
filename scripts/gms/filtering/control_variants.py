"""What a control sample shows of the variants that it is known to have (a reference material such as HD829).

The list is a table: chrom, pos (1-based), ref, alt, name, fraction and tolerance (both 0-1).
"""

import statistics
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from gms.base.problems import Findings
from gms.filtering.policy import PART_OF_HAPLOTYPE
from gms.genome.alleles import Allele, left_align
from gms.genome.intervals import Interval
from gms.genome.vcf import info
from gms.inputs.sample_sheet import table_rows

COLUMNS = ("chrom", "pos", "ref", "alt", "name", "fraction", "tolerance")
FOUND = ("found", "low", "high")  # reported; of these the last two outside the range
_WINDOW = 1_000  # bases before an allele within which it is left-aligned
_SHOWN = 20  # unexpected variants, those of the highest fractions


class Bases(Protocol):
    """Where bases of the reference are read, 0-based half-open; `lengths` of contigs, empty where not known."""

    @property
    def lengths(self) -> Mapping[str, int]: ...

    def fetch(self, contig: str, start: int, end: int) -> str | None: ...


class Expected(NamedTuple):
    """A variant that the control has; `allele` is 0-based, trimmed and left-aligned."""

    chrom: str
    allele: Allele
    name: str
    fraction: float
    tolerance: float

    @property
    def spelling(self) -> str:
        return f"{self.chrom}:{self.allele.pos + 1}:{self.allele.ref}:{self.allele.alt}"


def read_expected(path: Path, bases: Bases | None, findings: Findings) -> list[Expected]:
    """The list, after noting every line that cannot be meant; without `bases` alleles stay as they are written."""
    rows = table_rows(path, COLUMNS, COLUMNS, findings)
    if not rows and not findings.problems:
        findings.add(path, None, "lists no variants; write a line for each that the control is known to have")
    found: dict[str, int] = {}
    listed = []
    for line, row in rows:
        problem = _problem(row)
        expected = None if problem else _expected(row, bases)
        if isinstance(expected, str):
            problem = expected
        keys = (row["name"], expected.spelling) if isinstance(expected, Expected) else ()
        first = next((found[key] for key in keys if key in found), None)
        if first is not None:
            problem = f"'{row['name']}' or its allele is on line {first} already"
        if problem:
            findings.add(path, line, problem)
        elif expected:
            found |= dict.fromkeys(keys, line)
            listed.append(expected)
    return listed


def _problem(row: Mapping[str, str]) -> str | None:
    if not row["pos"].isdecimal() or int(row["pos"]) < 1:
        return f"pos '{row['pos']}' must be a whole number from 1"
    for column in ("ref", "alt"):
        if not row[column] or set(row[column].upper()) - set("ACGT"):
            return f"{column} '{row[column]}' may only contain A, C, G and T; an indel has the base before it"
    if not row["name"]:
        return "name is empty; it is shown in the report and in trends"
    for column in ("fraction", "tolerance"):
        try:
            is_wrong = not 0 <= float(row[column]) <= 1
        except ValueError:
            is_wrong = True
        if is_wrong or column == "fraction" and not float(row[column]):
            return f"{column} '{row[column]}' must be a fraction of 0 to 1, such as 0.05 for 5 %"
    return None


def _expected(row: Mapping[str, str], bases: Bases | None) -> Expected | str:
    """The variant of a sound row; words where the reference is another."""
    chrom, pos, ref, alt = row["chrom"], int(row["pos"]) - 1, row["ref"].upper(), row["alt"].upper()
    numbers = float(row["fraction"]), float(row["tolerance"])
    start = max(0, pos - _WINDOW)
    if bases and bases.lengths and chrom not in bases.lengths:
        return f"chrom '{chrom}' is no contig of the reference"
    before = bases.fetch(chrom, start, pos + len(ref)) if bases else None
    if before is None:
        return Expected(chrom, left_align(Allele(pos, ref, alt), ref, pos), row["name"], *numbers)
    if not before.upper().endswith(ref) or len(before) < len(ref):
        return f"ref '{ref}' is not what the reference has at {chrom}:{pos + 1}; is the list of another assembly?"
    return Expected(chrom, left_align(Allele(pos, ref, alt), before.upper(), start), row["name"], *numbers)


def control_variants(
    lines: Iterable[str], sample: str, listed: Sequence[Expected], targets: Mapping[str, list[Interval]] | None
) -> dict[str, Any]:
    """`variants`: each listed one with its state (found; low, high: outside its range; filtered, missed, off_target)
    and `unexpected`: reported ones that the list lacks. `lines`: the filtered VCF; `targets` None: all is sequenced."""
    known = {one.spelling: one for one in listed}
    seen: dict[str, tuple[float | None, tuple[str, ...]]] = {}
    unexpected = []
    for spelling, flags, values, fraction in _records(lines, sample):
        if spelling in known:
            if spelling not in seen or seen[spelling][1]:  # unless a joined allele that holds it was reported
                seen[spelling] = fraction, flags
        elif not flags:
            parts = values.get("PARTS", "").replace("&", ",").split(",")
            seen |= {part: (fraction, ()) for part in parts if part in known}
            if not known.keys() >= set(parts):
                unexpected.append({"variant": spelling, "gene": values.get("GENE"), "fraction": fraction})
    unexpected.sort(key=lambda one: -(one["fraction"] or 0))
    return {
        "variants": [_state(one, seen.get(one.spelling), targets) for one in listed],
        "unexpected": unexpected[:_SHOWN],
        "unexpected_more": len(unexpected[_SHOWN:]),
    }


def _records(lines: Iterable[str], sample: str) -> Iterator[tuple[str, tuple[str, ...], dict[str, str], float | None]]:
    """Allele, flags (none where it is reported), INFO and fraction of each record."""
    column = 9
    for line in lines:
        fields = line.rstrip("\n").split("\t")
        if fields[0] == "#CHROM":
            column = fields.index(sample)
        elif not line.startswith("#"):
            flags = () if fields[6] == "PASS" else tuple(fields[6].split(";"))
            yield ":".join((*fields[:2], *fields[3:5])), flags, info(fields[7]), _fraction(fields[8], fields[column])


def _fraction(keys: str, values: str) -> float | None:
    text = dict(zip(keys.split(":"), values.split(":"), strict=False)).get("AF", ".")
    return None if text in (".", "") else float(text.split(",")[0])


def _state(
    one: Expected, seen: tuple[float | None, tuple[str, ...]] | None, targets: Mapping[str, list[Interval]] | None
) -> dict[str, Any]:
    fraction, flags = seen or (None, ())
    low, high = (round(one.fraction + sign * one.tolerance, 4) for sign in (-1, 1))
    flags = tuple(flag for flag in flags if flag != PART_OF_HAPLOTYPE) or flags
    if seen and not flags:
        state = "low" if (fraction or 0) < low else "high" if (fraction or 0) > high else "found"
    elif not seen and targets is not None and not _covered(one, targets):
        state = "off_target"
    else:
        state = "filtered" if seen else "missed"
    facts = {
        "name": one.name,
        "variant": one.spelling,
        "expected": one.fraction,
        "range": [max(0.0, low), min(1.0, high)],
    }
    return facts | {"fraction": fraction, "state": state, "flags": list(flags)}


def _covered(one: Expected, targets: Mapping[str, list[Interval]]) -> bool:
    start, end = one.allele.pos, one.allele.pos + len(one.allele.ref)
    return any(region.start < end and start < region.end for region in targets.get(one.chrom, ()))


def control_metrics(control: Mapping[str, Any]) -> dict[str, float | None]:
    """What the gates of a control are about; None, so not assessed, where no listed variant is in the targets."""
    listed = [one for one in control["variants"] if one["state"] != "off_target"]
    found = [one for one in listed if one["state"] in FOUND]
    ratios = list(_ratios(found))
    return {
        "control_missed": len(listed) - len(found) if listed else None,
        "control_outside": sum(one["state"] != "found" for one in found) if listed else None,
        "control_ratio": round(statistics.median(ratios), 4) if ratios else None,
        "control_unexpected": max((one["fraction"] or 0.0 for one in control["unexpected"]), default=0.0),
    }


def _ratios(found: Iterable[Mapping[str, Any]]) -> Iterator[float]:
    yield from (one["fraction"] / one["expected"] for one in found if one["fraction"] is not None)
