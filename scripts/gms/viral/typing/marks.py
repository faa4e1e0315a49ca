"""Typing by the centre's list of mutations. Positions of the list are 1-based; sequences are indexed from 0.

The list is a tab-separated table with the columns lineage, mutation and, optionally, mandatory (yes or no), min_alt
and max_ref (numbers; they are the lineage's, on any of its rows). A mutation is a base (C241T), a deletion
(del:11288:9) or an amino acid (S:N501Y). The rules are those of constellations (cov-lineages): a lineage is there with
at least `min_alt` of its mutations, at most `max_ref` reference sites and every mandatory one; a site that is N decides
nothing.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gms.base.json_tables import read_table
from gms.viral.checks.second_bases import HIGH

_BASE = re.compile(r"(?:nuc:)?([ACGT])(\d+)([ACGT])")
_DELETION = re.compile(r"del:(\d+):(\d+)")
_AMINO = re.compile(r"([A-Za-z0-9]+):([A-Z*])(\d+)([A-Z*])")
_COLUMNS = {"lineage", "mutation", "mandatory", "min_alt", "max_ref"}
_ALT, _REF, _OTHER, _UNKNOWN = "alt", "ref", "other", "unknown"
_BASES = "TCAG"
_CODONS = {
    one + two + three: residue
    for residue, (one, two, three) in zip(
        "FFLLSSSSYY**CC*WLLLLPPPPHHQQRRRRIIIMTTTTNNKKSSRRVVVVAAAADDEEGGGG",
        ((a, b, c) for a in _BASES for b in _BASES for c in _BASES),
        strict=True,
    )
}


@dataclass
class Definition:
    """A lineage of the list. A limit that is not given is all but two of its mutations, or two sites of the reference;
    without both also half of its mutations, and fewer sites of the reference: one of three many lineages share."""

    name: str
    sites: dict[str, bool] = field(default_factory=dict)  # mutation -> mandatory
    min_alt: int | None = None
    max_ref: int | None = None

    @property
    def limits(self) -> tuple[int, int]:
        sites = len(self.sites)
        if self.min_alt is None and self.max_ref is None:
            return max(-(-sites // 2), sites - 2), min(2, (sites - 1) // 2)
        least = max(1, sites - 2) if self.min_alt is None else self.min_alt
        return least, 2 if self.max_ref is None else self.max_ref


def marks_problems(path: Path, genome: str, genes: Mapping[str, Sequence[tuple[int, int]]]) -> Iterator[tuple]:
    """(line or None, text) of what is wrong with a list of mutations."""
    try:
        rows = read_table(path)
    except (OSError, UnicodeDecodeError):
        yield None, "cannot be read as text"
        return
    columns = set(rows[0]) if rows else set()
    if not {"lineage", "mutation"} <= columns or columns - _COLUMNS:
        yield 1, f"must have the columns {', '.join(sorted(_COLUMNS))}, separated by tabs; the last three may be absent"
        return
    for number, row in enumerate(rows, start=2):
        if text := _row_problem(row, genome, genes):
            yield number, text


def _row_problem(row: Mapping[str, str], genome: str, genes: Mapping[str, Sequence[tuple[int, int]]]) -> str | None:
    mutation = row["mutation"].strip()
    if not row["lineage"].strip():
        return "lineage is empty"
    if (row.get("mandatory") or "no") not in ("yes", "no"):
        return f"mandatory '{row['mandatory']}' must be yes or no"
    if any((row.get(key) or "0").isdecimal() is False for key in ("min_alt", "max_ref")):
        return "min_alt and max_ref must be whole numbers"
    if found := _BASE.fullmatch(mutation):
        if genome[int(found[2]) - 1 : int(found[2])] != found[1]:
            return f"{mutation}: the reference has not {found[1]} at {found[2]}; a list for another genome"
    elif found := _DELETION.fullmatch(mutation):
        if not 1 <= int(found[1]) <= len(genome) or not int(found[2]):
            return f"{mutation} is not in the genome of {len(genome)} bases"
    elif found := _AMINO.fullmatch(mutation):
        if found[1] not in genes:
            return f"{mutation}: the assay's genes have no {found[1]} (they have {', '.join(genes) or 'none'})"
        if _residue(genome, genes[found[1]], int(found[3])) != found[2]:
            return f"{mutation}: the reference has not {found[2]} there; a list for another genome"
    else:
        return f"mutation '{mutation}' is not understood; write C241T, del:11288:9 or S:N501Y"
    return None


def read_marks(path: Path) -> list[Definition]:
    """The lineages of a list that `marks_problems` found nothing wrong with, in its order."""
    found: dict[str, Definition] = {}
    for row in read_table(path):
        definition = found.setdefault(row["lineage"].strip(), Definition(row["lineage"].strip()))
        definition.sites[row["mutation"].strip()] = row.get("mandatory") == "yes"
        definition.min_alt = int(row["min_alt"]) if row.get("min_alt") else definition.min_alt
        definition.max_ref = int(row["max_ref"]) if row.get("max_ref") else definition.max_ref
    return list(found.values())


def projected(record: Mapping[str, Any], genome: str, minor: bool = False) -> str:
    """The consensus in the coordinates of the reference: '-' deleted, 'N' not called; insertions are left out.

    With `minor`, sites with a second base of 5 % and more have that base.
    """
    bases = list(genome)
    for start, end, _ in record["not_called"]:
        bases[start - 1 : end] = "N" * (end - start + 1)
    for variant in record["variants"]:
        if variant["filter"] == "PASS":
            pos, ref, alt = variant["variant"].split(":")
            place = int(pos) - 1
            if len(ref) > len(alt):
                bases[place + len(alt) : place + len(ref)] = "-" * (len(ref) - len(alt))
            elif len(ref) == len(alt):
                bases[place] = alt
        elif variant["filter"] == "AMBIGUOUS":
            bases[int(variant["variant"].split(":")[0]) - 1] = "N"
    for site in record["second_bases"] if minor else ():
        if site["fraction"] >= HIGH:
            bases[site["pos"] - 1] = site["base"]
    return "".join(bases)


def typed(
    sequence: str, definitions: Iterable[Definition], genome: str, genes: Mapping[str, Sequence[tuple[int, int]]]
) -> list[dict[str, Any]]:
    """Every lineage whose rules the sequence meets, the one with most mutations first."""
    found = []
    for definition in definitions:
        states = {site: state_of(site, sequence, genome, genes) for site in definition.sites}
        counts = {state: sum(one == state for one in states.values()) for state in (_ALT, _REF, _OTHER, _UNKNOWN)}
        least, most = definition.limits
        has_mandatory = all(states[site] == _ALT for site, mandatory in definition.sites.items() if mandatory)
        if counts[_ALT] >= least and counts[_REF] <= most and has_mandatory:
            found.append({"lineage": definition.name, **counts, "sites": len(states)})
    return sorted(found, key=lambda one: (-one[_ALT], one[_REF], one["lineage"]))


def state_of(site: str, sequence: str, genome: str, genes: Mapping[str, Sequence[tuple[int, int]]]) -> str:
    """alt, ref, other or unknown: what a sequence has of a mutation."""
    if found := _BASE.fullmatch(site):
        have, ref, alt = sequence[int(found[2]) - 1], found[1], found[3]
    elif found := _DELETION.fullmatch(site):
        start, length = int(found[1]) - 1, int(found[2])
        have = sequence[start : start + length]
        if "N" in have:
            return _UNKNOWN
        return _ALT if set(have) == {"-"} else _REF if "-" not in have else _OTHER
    else:
        found = _AMINO.fullmatch(site)
        have, ref, alt = _residue(sequence, genes[found[1]], int(found[3])), found[2], found[4]
    if have in ("N", "X"):
        return _UNKNOWN
    return {alt: _ALT, ref: _REF}.get(have, _OTHER)


def _residue(sequence: str, parts: Sequence[tuple[int, int]], number: int) -> str:
    """One amino acid of a gene in reference coordinates: '-' deleted, 'X' not known."""
    places = [place for start, end in parts for place in range(start, end)][3 * number - 3 : 3 * number]
    codon = "".join(sequence[place] for place in places)
    return "-" if codon == "---" else _CODONS.get(codon, "X")
