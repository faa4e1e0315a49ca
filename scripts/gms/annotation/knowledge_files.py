"""Fields of the knowledge files (population, ClinVar, panel of normals) and what they are evidence of."""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

import pysam

from gms.genome.vcf import info, info_value

# A frequency needs at least this many alleles behind it: Ghosh 2018, doi:10.1002/humu.23642 (BA1).
MIN_ALLELES = 2_000
PASSED = (None, "PASS")
# Frequency fields from the most to the least cautious, each with its number of alleles: gnomAD 4 and its joint release,
# gnomAD 3 and 2, others. The filtering allele frequency (faf95) of the group where it is highest, then the frequency
# of that group, then the one of all.
FREQUENCIES = (
    ("fafmax_faf95_max_joint", "AN_joint"),
    ("fafmax_faf95_max", "AN"),
    ("faf95_popmax", "AN"),
    ("AF_grpmax_joint", "AN_grpmax_joint"),
    ("AF_grpmax", "AN_grpmax"),
    ("AF_popmax", "AN_popmax"),
    ("AF", "AN"),
    ("AF_joint", "AN_joint"),
)
# Every frequency of a record, and the number of alleles behind it, until the one that counts is chosen.
CANDIDATE, ALLELES_OF = "POP_CANDIDATE_", "POP_ALLELES_"
CLINVAR = ("CLNSIG", "CLNREVSTAT", "CLNDN", "CLNSIGCONF", "ONC", "ONCREVSTAT", "ONCDN", "SCI", "SCIREVSTAT", "SCIDN")
NORMALS = ("PON_COUNT", "PON_TOTAL", "PON_AF", "PON_SD")
# Without one of these a file of the part says nothing.
NEEDED = {
    "population": tuple(field for field, _ in FREQUENCIES),
    "clinvar": ("CLNSIG",),
    "hotspots": ("HOTSPOT",),
    "normals": ("PON_COUNT",),
}


class Frequency(NamedTuple):
    """INFO fields of a population file: the frequency, and the number of alleles behind it or None."""

    field: str
    alleles: str | None


def frequencies_of(defined: Collection[str]) -> tuple[Frequency, ...]:
    """The frequencies that a header defines, from the most to the least cautious."""
    return tuple(
        Frequency(field, next((name for name in (alleles, "AN") if name in defined), None))
        for field, alleles in FREQUENCIES
        if field in defined
    )


def columns_of(part: str, defined: Collection[str]) -> str:
    """What `bcftools annotate --columns` takes over from a file whose header defines these INFO fields."""
    if part == "population":
        known = list(enumerate(frequencies_of(defined)))
        taken = [f"INFO/{CANDIDATE}{number}:=INFO/{one.field}" for number, one in known]
        taken += [f"INFO/{ALLELES_OF}{number}:=INFO/{one.alleles}" for number, one in known if one.alleles]
        return ",".join([*taken, "INFO/POP_FILTER:=FILTER"])
    if part == "clinvar":
        return ",".join([*(f"INFO/{field}" for field in CLINVAR if field in defined), "INFO/CLINVAR_ID:=ID"])
    return ",".join(f"INFO/{field}" for field in NORMALS if field in defined)


def with_evidence(info: str, frequencies: Sequence[Frequency]) -> str:
    """INFO text with the most cautious frequency that counts: one of a record that failed its filter, or that rests on
    few alleles, is no evidence of an allele being common. `frequencies`: those that the population file may have."""
    if CANDIDATE not in info:
        return info
    keys = tuple(f"{name}{number}=" for number in range(len(frequencies)) for name in (CANDIDATE, ALLELES_OF))
    taken = dict(part.split("=", 1) for part in info.split(";") if part.startswith(keys))
    rest = ";".join(part for part in info.split(";") if not part.startswith(keys)) or "."
    found = [
        (one.field, taken[f"{CANDIDATE}{number}"], taken.get(f"{ALLELES_OF}{number}", "."))
        for number, one in enumerate(frequencies)
        if taken.get(f"{CANDIDATE}{number}", ".") != "."
    ]
    if not found:
        return rest
    passed = info_value(info, "POP_FILTER") in PASSED
    strong = [one for one in found if passed and not (one[2] != "." and float(one[2]) < MIN_ALLELES)]
    field, value, alleles = (strong or found)[0]
    count = "" if alleles == "." else f";POP_AN={alleles}"
    named = f"POP_AF={value}{count}" if strong else f"POP_AF_WEAK={value}{count};POP_STATE=weak"
    return f"{rest};{named};POP_FIELD={field}".removeprefix(".;")


MIN_OVERLAP = 0.8  # reciprocal, of structural events that are taken for one
NEAR_ENDS = 100  # bases between the ends of breakends and short events that are taken for one
_MATE = re.compile(r"[\[\]](.+):(\d+)[\[\]]")


class Place(NamedTuple):
    """What an event lies on, 0-based half-open; of a breakend `end` is that of the mate on contig `mate`. An
    insertion lies between base `start` - 1 and `start`, of `size` bases where that is known."""

    kind: str
    contig: str
    start: int
    end: int
    mate: str
    size: int | None = None

    def name(self, accessions: Mapping[str, str]) -> str:
        """HGVS genomic name; the ends are as exact as the record's."""
        if self.kind == "INS":
            place, size = f"{self.start}_{self.start + 1}", self.size or "?"
            return f"{accessions.get(self.contig, '') or self.contig}:g.{place}insN[{size}]"
        ending = {"DEL": "del", "DUP": "dup", "INV": "inv"}[self.kind]
        return f"{accessions.get(self.contig, '') or self.contig}:g.{self.start + 1}_{self.end}{ending}"


def structural_place(fields: list[str]) -> Place:
    values = info(fields[7])
    if mate := _MATE.search(fields[4]):
        return Place("BND", fields[0], int(fields[1]), int(mate[2]), mate[1])
    size = int(values["SVLEN"]) if values["SVTYPE"] == "INS" and "SVLEN" in values else None
    return Place(values["SVTYPE"], fields[0], int(fields[1]), int(values["END"]), fields[0], size)


def like_event(place: Place, known: pysam.VariantFile) -> list[str]:
    """SV_AF and SV_ID of the commonest event of the same type that overlaps by 80 % either way, or of breakends and
    short events has both ends within 100 bases, or of insertions is within 100 bases and at most twice as long or half;
    nothing without one."""
    size = place.end - place.start if place.kind != "BND" else 0
    reach = max(NEAR_ENDS, round(size * (1 - MIN_OVERLAP)))
    if place.contig not in known.header.contigs:
        return []
    found = []
    for record in known.fetch(place.contig, max(0, place.start - reach), place.start + reach + 1):
        kind = str(record.info.get("SVTYPE", "")).partition(":")[0]
        frequency = next((record.info[key] for key in ("AF", "FRQ") if key in record.info), None)
        frequency = frequency[0] if isinstance(frequency, tuple) else frequency
        if kind == place.kind and frequency is not None and _is_like(place, record, reach):
            found.append((float(frequency), record.id or "."))
    return [f"SV_AF={max(found)[0]:.4g}", f"SV_ID={max(found)[1]}"] if found else []


def _size(record: pysam.VariantRecord) -> int | None:
    """SVLEN, a number or a list of one."""
    size = record.info.get("SVLEN")
    return size[0] if isinstance(size, tuple) else size


def _is_like(place: Place, record: pysam.VariantRecord, reach: int) -> bool:
    if place.kind == "BND":
        mate = _MATE.search((record.alts or (".",))[0])
        return (
            bool(mate)
            and mate[1] == place.mate
            and max(abs(record.pos - place.start), abs(int(mate[2]) - place.end)) <= reach
        )
    if place.kind == "INS":
        sizes = sorted(abs(size) for size in (place.size, _size(record)) if size)
        return abs(record.pos - place.start) <= NEAR_ENDS and (len(sizes) < 2 or 2 * sizes[0] >= sizes[1])
    shared = min(place.end, record.stop) - max(place.start, record.pos)
    longest = max(place.end - place.start, record.stop - record.pos)
    near = max(abs(record.pos - place.start), abs(record.stop - place.end)) <= min(NEAR_ENDS, longest // 2)
    return near or shared >= MIN_OVERLAP * longest
