"""Alleles of the catalogue's loci in normals: how long they are, and how often polymerase stutter changes a length by
one copy. One tab-separated file, which `./gms normals build` makes; its alleles are copies of the motif, as 19:40 for
forty alleles of 19 copies, 30-42:1 for one that reads do not span, and 30-.:1 for one without an upper end.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from statistics import fmean, stdev
from typing import Any, NamedTuple

from gms.base.errors import GmsError
from gms.base.json_tables import header_facts, read_table
from gms.variants.repeats.catalogue import Locus

FEWEST = 10  # normals of a locus, and those with one length whose reads tell its stutter
LEAST_READS = 10  # of such a length
MOST_STUTTER = 0.4  # of the reads of a length, from which another one is an allele whatever stutter normals show
_FACTS = "##gms_repeat_normals="
_NEEDED = {"assay", "version", "members", "contigs", "normals"}
_COLUMNS = ("locus", "contig", "start", "end", "motif", "normals", "alleles", "stutter")


class UnreadableRepeatNormals(GmsError):
    """A file that holds no alleles of normals."""

    def __init__(self, path: Path):
        super().__init__(f"{path} holds no repeats of normals; make it with ./gms normals build")


class Known(NamedTuple):
    """Alleles of a locus by their most copies, None without an upper end, with their number; `stutter`: share of the
    reads of a length up to which one copy more or less is stutter, None where normals do not tell."""

    normals: int
    alleles: dict[int | None, int]
    stutter: float | None

    def as_long(self, copies: int, own: Sequence[int | None] = ()) -> tuple[int, int]:
        """How many alleles have or may have so many copies, and how many there are; without `own`, those of members."""
        found = Counter(self.alleles)
        found.subtract(own)
        counts = [(number, most is None or most >= copies) for most, number in found.items() if number > 0]
        return sum(number for number, is_long in counts if is_long), sum(number for number, _ in counts)


class Normals(NamedTuple):
    """Loci by name, contig, start and end (0-based half-open): lengths in other bases cannot be compared."""

    facts: Mapping[str, Any]
    loci: dict[tuple[str, str, int, int], Known]

    def of(self, locus: Locus) -> Known | None:
        return self.loci.get((locus.gene, locus.contig, locus.start, locus.end))


def rows_of(persons: Iterable[tuple[Mapping[str, Any], str]]) -> list[dict[str, str]]:
    """Rows of the file, from (facts of a case as variants/repeats/{case}.json has them, name of the sample)."""
    seen: dict[tuple, list[Mapping[str, Any]]] = {}
    for facts, name in persons:
        number = facts["samples"].index(name) if name in facts["samples"] else None
        for locus in facts["loci"] if number is not None else ():
            place = locus["place"]
            key = locus["locus"], place["contig"], place["start"] - 1, place["end"], locus["motif"]
            if locus["samples"][number]["alleles"]:
                seen.setdefault(key, []).append(locus["samples"][number])
    return [_row(key, samples) for key, samples in seen.items() if len(samples) >= FEWEST]


def _row(key: tuple, samples: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    lengths = Counter((one["low"], one["high"]) for sample in samples for one in sample["alleles"])
    alleles = sorted(lengths.items(), key=lambda item: (item[0][0], item[0][1] is None, item[0][1] or 0))
    texts = (f"{_spelled(low, high)}:{number}" for (low, high), number in alleles)
    limit = stutter_limit(map(_stutter, samples))
    values = *key, len(samples), ",".join(texts), "-" if limit is None else f"{limit:.3f}"
    return dict(zip(_COLUMNS, map(str, values), strict=True))


def _spelled(low: int, high: int | None) -> str:
    return str(low) if low == high else f"{low}-{'.' if high is None else high}"


def _stutter(sample: Mapping[str, Any]) -> float | None:
    """Reads of the commoner of the lengths next to the only one of a sample, over those of that one; None of others."""
    (length, *others) = {(one["low"], one["high"]) for one in sample["alleles"]}
    reads = {int(copies): number for copies, number in sample["spanning"].items()}
    if others or length[0] != length[1] or reads.get(length[0], 0) < LEAST_READS:
        return None
    return max(reads.get(length[0] + step, 0) for step in (-1, 1)) / reads[length[0]]


def stutter_limit(shares: Iterable[float | None]) -> float | None:
    """Mean and three standard deviations of normals, at most MOST_STUTTER; None of too few."""
    values = [share for share in shares if share is not None]
    return min(MOST_STUTTER, fmean(values) + 3 * stdev(values)) if len(values) >= FEWEST else None


def write_normals(path: Path, rows: Iterable[Mapping[str, str]], facts: Mapping[str, Any]) -> None:
    with open(path, "w") as out:
        out.write(f"{_FACTS}{json.dumps(facts, sort_keys=True)}\n" + "\t".join(_COLUMNS) + "\n")
        out.writelines("\t".join(row[name] for name in _COLUMNS) + "\n" for row in rows)


def read_normals(path: Path) -> Normals:
    """Raises UnreadableRepeatNormals."""
    facts = header_facts(path, _FACTS, _NEEDED)
    if facts is None:
        raise UnreadableRepeatNormals(path)
    try:
        rows = read_table(path)
        places = [(row["locus"], row["contig"], int(row["start"]), int(row["end"])) for row in rows]
        return Normals(facts, dict(zip(places, map(_known, rows), strict=True)))
    except (KeyError, TypeError, ValueError) as error:
        raise UnreadableRepeatNormals(path) from error


def _known(row: Mapping[str, str]) -> Known:
    alleles: Counter[int | None] = Counter()
    for part in row["alleles"].split(","):
        length, _, number = part.partition(":")
        most = length.rpartition("-")[2]
        alleles[None if most == "." else int(most)] += int(number)
    return Known(int(row["normals"]), dict(alleles), None if row["stutter"] == "-" else float(row["stutter"]))
