"""What a control sample shows of the variants that it is known to have (a reference material such as HD829).

The list is a table: chrom, pos (1-based), ref, alt, name, fraction and tolerance (both 0-1). A row with an `event`, a
fusion or splice event by its name or a gene with more or fewer copies, has only a name besides.
"""

import re
import statistics
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from gms.base.json_tables import read_table
from gms.base.problems import Findings
from gms.base.project import PROJECT
from gms.filtering.policy import PART_OF_HAPLOTYPE
from gms.genome.alleles import Allele, left_align
from gms.genome.intervals import Interval
from gms.genome.vcf import info, sample_values
from gms.inputs.user_tables import table_rows

REQUIRED = ("chrom", "pos", "ref", "alt", "name", "fraction", "tolerance")
COLUMNS = (*REQUIRED, "event")
SPLICE_EVENTS = PROJECT / "resources" / "genes" / "splice_events.tsv"
COPIES = {"<DUP>": "gain", "<DEL>": "loss"}
_FORMS = {"fusion": re.compile(r"[^:\s]+::[^:\s]+"), "copies": re.compile(r"\S+ (gain|loss)")}
_CLASSES = {"fusion": ("structural", "rna"), "splicing": ("rna",), "copies": ("copy_number",)}  # where an event may be
EVENT_CLASSES = ("structural", "rna", "copy_number")
FOUND = ("found", "low", "high")  # reported; of these the last two outside the range
_WINDOW = 1_000  # bases before an allele within which it is left-aligned
Targets = Mapping[str, list[Interval]] | None
Seen = tuple[float | None, tuple[str, ...]]  # fraction and flags of a record
_NO_NAME = "name is empty; it is shown in the report and in trends"
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


class Event(NamedTuple):
    """A large event that the control has: BCR::ABL1, MET_exon_14_skipping, ERBB2 gain, CDKN2A loss."""

    spelling: str
    name: str


def read_expected(
    path: Path, bases: Bases | None, findings: Findings, classes: Collection[str] | None = None
) -> list[Expected | Event]:
    """The list, after noting every line that cannot be meant; without `bases` alleles stay as they are written.
    `classes`: of variants that the assay looks for; None leaves open whether it can show what is listed."""
    rows = table_rows(path, COLUMNS, REQUIRED, findings)
    if not rows and not findings.problems:
        findings.add(path, None, "lists no variants; write a line for each that the control is known to have")
    found: dict[str, int] = {}
    listed = []
    for line, row in rows:
        meant = _meant(row, bases, classes)
        problem = meant if isinstance(meant, str) else None
        keys = () if isinstance(meant, str) else (row["name"], meant.spelling)
        first = next((found[key] for key in keys if key in found), None)
        if first is not None:
            problem = f"'{row['name']}' or its allele is on line {first} already"
        if problem:
            findings.add(path, line, problem)
        else:
            found |= dict.fromkeys(keys, line)
            listed.append(meant)
    return listed


def _meant(row: Mapping[str, str], bases: Bases | None, classes: Collection[str] | None) -> Expected | Event | str:
    """What a row lists; words where it cannot be meant."""
    if row.get("event"):
        return _event_problem(row, classes) or Event(row["event"], row["name"])
    return _problem(row, classes) or _expected(row, bases)


def _event_problem(row: Mapping[str, str], classes: Collection[str] | None) -> str | None:
    event, splicing = row["event"], {one["name"]: "splicing" for one in read_table(SPLICE_EVENTS)}
    kind = splicing.get(event) or next((kind for kind, form in _FORMS.items() if form.fullmatch(event)), None)
    if kind is None:
        return f"event '{event}' must be a fusion (BCR::ABL1), 'GENE gain', 'GENE loss' or one of {', '.join(splicing)}"
    if filled := [column for column in REQUIRED if row[column] and column != "name"]:
        return f"{filled[0]} is given beside event '{event}', which is found by its name; leave it empty"
    if classes is not None and not set(_CLASSES[kind]) & set(classes):
        return f"event '{event}' is of a class that the assay does not look for ({' or '.join(_CLASSES[kind])})"
    return None if row["name"] else _NO_NAME


def _problem(row: Mapping[str, str], classes: Collection[str] | None) -> str | None:
    if classes is not None and "small" not in classes:
        return "the assay looks for no small variants; only rows with an event can be found"
    if not row["pos"].isdecimal() or int(row["pos"]) < 1:
        return f"pos '{row['pos']}' must be a whole number from 1"
    for column in ("ref", "alt"):
        if not row[column] or set(row[column].upper()) - set("ACGT"):
            return f"{column} '{row[column]}' may only contain A, C, G and T; an indel has the base before it"
    if not row["name"]:
        return _NO_NAME
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
        return f"chrom '{chrom}' is not a contig of the reference"
    before = bases.fetch(chrom, start, pos + len(ref)) if bases else None
    if before is None:
        return Expected(chrom, left_align(Allele(pos, ref, alt), ref, pos), row["name"], *numbers)
    if not before.upper().endswith(ref) or len(before) < len(ref):
        return f"ref '{ref}' is not what the reference has at {chrom}:{pos + 1}; is the list of another assembly?"
    return Expected(chrom, left_align(Allele(pos, ref, alt), before.upper(), start), row["name"], *numbers)


def control_variants(
    lines: Iterable[str], sample: str, listed: Sequence[Expected | Event], targets: Targets, large: Iterable[str] = ()
) -> dict[str, Any]:
    """`variants`: each listed one with its state (found; low, high: outside its range; filtered, missed, off_target)
    and `unexpected`: reported ones that the list lacks. `lines`: the filtered VCF; `large`: of the classes of events;
    `targets` None: all is sequenced."""
    known = {one.spelling: one for one in listed if isinstance(one, Expected)}
    seen: dict[str, Seen] = {}
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
    seen |= seen_events(large, sample)
    unexpected.sort(key=lambda one: -(one["fraction"] or 0))
    return {
        "variants": [_state(one, seen.get(one.spelling), targets) for one in listed],
        "unexpected": unexpected[:_SHOWN],
        "unexpected_more": len(unexpected[_SHOWN:]),
    }


def seen_events(lines: Iterable[str], sample: str) -> dict[str, Seen]:
    """Events in filtered VCFs of their classes, with the fraction of the first record that has fewest flags, and its
    flags: none where it is reported."""
    found: dict[str, Seen] = {}
    for spelling, flags, values, fraction in _records(lines, sample):
        copies = COPIES.get(spelling.rsplit(":", 1)[1])
        names = [f"{gene} {copies}" for gene in values.get("MEASURED", "").split(",") if gene and copies]
        names += [values[key] for key in ("FUSION", "SPLICE_EVENT") if key in values]
        for name in names:
            if name not in found or len(found[name][1]) > len(flags):
                found[name] = fraction, flags
    return found


def _event_state(one: Event, seen: Seen | None) -> dict[str, Any]:
    fraction, flags = seen or (None, ())
    state = "missed" if seen is None else "filtered" if flags else "found"
    facts = {"name": one.name, "variant": one.spelling, "expected": None, "range": None}
    return facts | {"fraction": fraction, "state": state, "flags": list(flags)}


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
    text = sample_values(keys, values).get("AF", ".")
    return None if text in (".", "") else float(text.split(",")[0])


def _state(one: Expected | Event, seen: Seen | None, targets: Targets) -> dict[str, Any]:
    if isinstance(one, Event):
        return _event_state(one, seen)
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
    ratios = [one["fraction"] / one["expected"] for one in found if one["fraction"] is not None and one["expected"]]
    return {
        "control_missed": len(listed) - len(found) if listed else None,
        "control_outside": sum(one["state"] != "found" for one in found) if listed else None,
        "control_ratio": round(statistics.median(ratios), 4) if ratios else None,
        "control_unexpected": max((one["fraction"] or 0.0 for one in control["unexpected"]), default=0.0),
    }
