"""Frequencies of structural variants and changes of copy number: how many of the normals carry each event.

The file has the fields of SVDB's (Eisfeldt 2017, doi:10.12688/f1000research.11168.2): OCC of NSAMPLES persons carry the
event, a share of FRQ.
"""

import json
from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, groupby
from pathlib import Path
from typing import Any, NamedTuple

import pysam

from gms.genome.vcf import header_lines, open_vcf, samples_of
from gms.normals.like_events import Place, like_events, structural_place
from gms.normals.members import KEY, Normal, member, read_members

MIN_ALLELES = 2_000  # behind a frequency: Ghosh 2018, doi:10.1002/humu.23642 (BA1)
CALLS = ("structural_merged", "copy_number_calls")  # results that are counted, the second where it is there
DEFINITIONS = """\
##ALT=<ID=DEL,Description="Deletion">
##ALT=<ID=DUP,Description="Duplication">
##ALT=<ID=INV,Description="Inversion">
##ALT=<ID=INS,Description="Insertion">
##INFO=<ID=SVTYPE,Number=1,Type=String,Description="Type of the event">
##INFO=<ID=END,Number=1,Type=Integer,Description="Last base of the event">
##INFO=<ID=SVLEN,Number=1,Type=Integer,Description="Bases between the ends, or inserted">
##INFO=<ID=OCC,Number=1,Type=Integer,Description="Persons that carry the event">
##INFO=<ID=NSAMPLES,Number=1,Type=Integer,Description="Persons that were looked at">
##INFO=<ID=FRQ,Number=1,Type=Float,Description="Share of the persons that carry the event">
"""


class Event(NamedTuple):
    """An event, with REF and ALT, and the numbers of the normals that carry it."""

    place: Place
    ref: str
    alt: str
    carriers: frozenset[int]


def events_of(normals: Sequence[Normal]) -> list[Event]:
    """Events that a normal carries by any of its genotypes, like ones as one: that which most carry."""
    carriers: dict[Place, set[int]] = {}
    alleles: dict[Place, tuple[str, str]] = {}
    cases: dict[tuple[Path, str], list[int]] = {}
    for number, normal in enumerate(normals):
        cases.setdefault((normal.results, normal.case), []).append(number)
    for numbers in cases.values():
        own = {normals[number].name: number for number in numbers}
        for path in map(normals[numbers[0]].path, CALLS):
            for fields, who in _carried(path, own):
                place = structural_place(fields)
                carriers.setdefault(place, set()).update(who)
                alleles.setdefault(place, (fields[3], fields[4]))
    groups = groupby(sorted(carriers, key=_joins), key=_joins)
    joined = chain.from_iterable(_joined(places, carriers) for _, places in groups)
    return [Event(place, *alleles[place], frozenset(who)) for place, who in joined]


def _joins(place: Place) -> tuple[str, str, str]:
    return place.kind, place.contig, place.mate


def _carried(path: Path, own: Mapping[str, int]) -> Iterator[tuple[list[str], set[int]]]:
    """Columns of the records of a case's VCF that some of `own` samples carry, with their numbers."""
    if not path.is_file():
        return
    columns: dict[int, int] = {}
    with open_vcf(path) as lines:
        for line in lines:
            if line.startswith("#CHROM"):
                columns = {at: own[name] for at, name in enumerate(samples_of([line]), start=9) if name in own}
            elif not line.startswith("#"):
                fields = line.rstrip("\n").split("\t")
                if who := {number for at, number in columns.items() if is_carrier(fields[at])}:
                    yield fields, who


def is_carrier(column: str) -> bool:
    """Whether the genotype in a sample's column has an allele that is not the reference's."""
    return any(allele not in ("0", ".") for allele in column.partition(":")[0].replace("|", "/").split("/"))


def _joined(places: Iterable[Place], carriers: Mapping[Place, set[int]]) -> Iterator[tuple[Place, set[int]]]:
    """Places of one type and contig, those that most carry first, each with the carriers of like ones."""
    kept: dict[Place, set[int]] = {}
    near: list[Place] = []  # of `kept`, sorted by start
    for place in sorted(places, key=lambda one: (-len(carriers[one]), one.start, one.end)):
        first = bisect_left(near, place.start - place.reach, key=_start)
        last = bisect_right(near, place.start + place.reach, key=_start)
        like = filter(place.is_like, near[first:last])
        best = min(like, key=lambda one: abs(one.start - place.start) + abs(one.end - place.end), default=None)
        if best is None:
            insort(near, place, key=_start)
        kept.setdefault(best or place, set()).update(carriers[place])
    yield from kept.items()


def _start(place: Place) -> int:
    return place.start


def frequency_lines(
    events: Sequence[Event], persons: int, contigs: Mapping[str, int], facts: Mapping[str, Any]
) -> Iterator[str]:
    """Lines of the VCF in the order of the contigs; `facts` are in its header."""
    yield from header_lines(contigs, f"##{KEY}={json.dumps(facts, sort_keys=True)}\n{DEFINITIONS}", [])
    order = {name: number for number, name in enumerate(contigs)}
    for event in sorted(events, key=lambda one: (order[one.place.contig], one.place.start)):
        place, count = event.place, len(event.carriers)
        info = [f"SVTYPE={place.kind}", *([f"END={place.end}"] if place.kind != "BND" else [])]
        size = place.size if place.kind == "INS" else place.end - place.start
        info += [f"SVLEN={size}"] if size and place.kind != "BND" else []
        info += [f"OCC={count}", f"NSAMPLES={persons}", f"FRQ={count / persons:.4g}"]
        name = f"{place.kind}.{place.contig}.{place.start}.{place.end}"
        fields = [place.contig, str(place.start), name, event.ref, event.alt, ".", ".", ";".join(info)]
        yield "\t".join(fields) + "\n"


def frequency(place: Place, known: pysam.VariantFile) -> list[str]:
    """SV_AF and SV_ID of the commonest like event of a file with INFO/AF or FRQ; nothing without one. As of small
    variants, a record that failed a filter or rests on few alleles (AN) is no evidence that an event is common."""
    found = []
    for record in filter(_is_evidence, like_events(place, known)):
        if (share := _first(record, "AF", "FRQ")) is not None:
            found.append((float(share), record.id or "."))
    return [f"SV_AF={max(found)[0]:.4g}", f"SV_ID={max(found)[1]}"] if found else []


def _is_evidence(record: pysam.VariantRecord) -> bool:
    alleles = _first(record, "AN")
    return set(record.filter) <= {"PASS"} and (alleles is None or alleles >= MIN_ALLELES)


def _first(record: pysam.VariantRecord, *keys: str) -> Any:
    """The first of these values of INFO that a record has, of several alleles that of the first; None without any."""
    value = next((record.info[key] for key in keys if key in record.info), None)
    return value[0] if isinstance(value, tuple) else value


class CarriedByNormals:
    """How many normals of a file carry an event like one of a case. Samples of the case that are members are taken off,
    by their genotypes: a person is not compared with himself."""

    def __init__(self, path: Path | str):
        self.known = pysam.VariantFile(str(path))
        names = map(member, self.known.header.samples)  # of SVDB's own file
        self.members = frozenset([*read_members(Path(path))["members"], *names])
        self.own: list[int] = []  # columns of the case's samples that are members

    def leave_out(self, samples: Sequence[str]) -> None:
        """Name the samples of the case, in the order of their columns."""
        self.own = [at for at, name in enumerate(samples, start=9) if member(name) in self.members]

    def fields_of(self, place: Place, fields: Sequence[str]) -> list[str]:
        """INFO of a record, by its columns; NORMALS_COUNT is 0 where none is like it."""
        carried = sum(is_carrier(fields[at]) for at in self.own)
        counts = [(number(record, "OCC"), number(record, "NSAMPLES")) for record in like_events(place, self.known)]
        count, total = max(counts, default=(0, 0))
        found = [f"NORMALS_COUNT={max(0, count - carried)}"]
        return [*found, f"NORMALS_TOTAL={total - len(self.own)}"] if total else found


def number(record: pysam.VariantRecord, key: str) -> int:
    """A value of INFO, 0 without it."""
    return int(record.info.get(key, 0))
