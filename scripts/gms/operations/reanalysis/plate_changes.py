"""Two records of a plate: what is new, changed and gone of each sample; what matters most first."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from gms.operations.reanalysis.knowledge import Difference
from gms.viral.report.content import FILTERS, VERDICTS

Record = Mapping[str, Any]

_NONE = "–"
_PASS = "PASS"
# What is read first.
_ORDER = ("sample", "verdict", "lineage", "clade", "list of mutations", "variant", "N in the consensus")


@dataclass(frozen=True, slots=True)
class SampleChange:
    """One thing of a sample that is new, changed or gone (`kind`), in words."""

    sample: str
    kind: str
    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class PlateChanges:
    """A plate; `state` as of a case: remade, same, failed. `verdicts`: of the plate, then and now, in words."""

    plate: str
    assay: str
    state: str
    differences: tuple[Difference, ...] = ()
    changes: tuple[SampleChange, ...] = ()
    verdicts: tuple[str, str] = ("", "")


def compare_plates(before: Record, after: Record) -> list[SampleChange]:
    """Changes of all samples: verdicts first, then lineages, then variants; samples in the order of the plate."""
    then, now = ({one["sample"]: one for one in record["samples"]} for record in (before, after))
    found = [
        change for name in dict.fromkeys([*now, *then]) for change in _of_sample(name, then.get(name), now.get(name))
    ]
    return sorted(found, key=lambda change: next(n for n, what in enumerate(_ORDER) if change.what.startswith(what)))


def _of_sample(name: str, then: Record | None, now: Record | None) -> Iterator[SampleChange]:
    if then is None or now is None:
        kind, words = ("new", "in the sheet") if then is None else ("gone", "in the sheet")
        yield SampleChange(name, kind, "sample", *((_NONE, words) if then is None else (words, _NONE)))
        return
    yield from _value(name, "verdict", _verdict(then), _verdict(now))
    yield from _value(name, "lineage", *(one["lineage"]["lineage"] for one in (then, now)), _reason(then), _reason(now))
    yield from _value(name, "clade", *((one.get("clade") or {}).get("clade") for one in (then, now)))
    marks = [{mark["lineage"] for mark in one.get("marks") or ()} for one in (then, now)]
    for lineage in sorted(marks[0] ^ marks[1]):
        sides = (None, lineage) if lineage in marks[1] else (lineage, None)
        yield from _value(name, "list of mutations", *sides)
    yield from _variants(name, then, now)
    shares = [f"{one['metrics']['consensus_n_fraction']:.2%}" for one in (then, now)]
    yield from _value(name, "N in the consensus", *shares)


def _value(
    name: str, what: str, then: str | None, now: str | None, before: str = _NONE, after: str = _NONE
) -> Iterator[SampleChange]:
    """A change of one value; `before` and `after` are the words for none."""
    if then != now:
        kind = "new" if then is None else "gone" if now is None else "changed"
        yield SampleChange(name, kind, what, then or before, now or after)


def _verdict(one: Record) -> str:
    reasons = [gate["why"] for gate in one["gates"] if gate["verdict"] == one["verdict"] != "pass"]
    return ": ".join([VERDICTS[one["verdict"]], *([" ".join(reasons)] if reasons else [])])


def _reason(one: Record) -> str:
    return one["lineage"]["reason"] or _NONE


def _variants(name: str, then: Record, now: Record) -> Iterator[SampleChange]:
    """Variants of the consensus, new and gone with what the other record has instead, and other consequences."""
    sides = [{one["variant"]: one for one in record["variants"]} for record in (then, now)]
    for key in sorted({*sides[0], *sides[1]}, key=lambda key: int(key.split(":")[0])):
        one, other = (side.get(key) for side in sides)
        passed = [bool(record) and record["filter"] == _PASS for record in (one, other)]
        if passed[0] != passed[1]:
            kind = "new" if passed[1] else "gone"
            yield SampleChange(name, kind, f"variant {key}", _variant(one), _variant(other))
        elif all(passed) and one["effect"] != other["effect"]:
            yield SampleChange(name, "changed", f"variant {key}", one["effect"] or _NONE, other["effect"] or _NONE)


def _variant(record: Record | None) -> str:
    if record is None:
        return "not seen"
    effect = f", {record['effect']}" if record["effect"] else ""
    return f"{FILTERS[record['filter']]}{effect}"
