"""Fields of the knowledge files (population, ClinVar, panel of normals) and what they are evidence of."""

from collections.abc import Collection, Iterable, Sequence
from itertools import takewhile
from pathlib import Path
from typing import NamedTuple

import pysam

from gms.genome.vcf import info_value
from gms.normals.structural import MIN_ALLELES

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
CARRIED = "AC"
COMMON = 0.0001  # the lowest limit of a policy (tmb)
CANDIDATE, ALLELES_OF = "POP_CANDIDATE_", "POP_ALLELES_"
CLINVAR = ("CLNSIG", "CLNREVSTAT", "CLNDN", "CLNSIGCONF", "ONC", "ONCREVSTAT", "ONCDN", "SCI", "SCIREVSTAT", "SCIDN")
NORMALS = ("PON_COUNT", "PON_TOTAL", "PON_AF", "PON_SD", "PON_CALLERS")
_CHROMOSOMES = frozenset([*map(str, range(1, 23)), "X", "Y", "M", "MT"])
# Without one of these a file of the part says nothing.
NEEDED = {
    "population": tuple(field for field, _ in FREQUENCIES),
    "clinvar": ("CLNSIG",),
    "hotspots": ("HOTSPOT",),
    "normals": ("PON_COUNT",),
    "structural_normals": ("OCC",),
    "structural_population": ("AF", "FRQ"),
}


def is_chromosome(contig: str) -> bool:
    """Whether a contig is one of 1-22, X, Y and the mitochondrion, with or without chr."""
    return contig.removeprefix("chr") in _CHROMOSOMES


def missing_contigs(path: Path, contigs: Iterable[str]) -> list[str]:
    """Chromosomes of `contigs`, those of the reference, of which an indexed file has no record."""
    with pysam.TabixFile(str(path)) as file:
        names = set(file.contigs)
    return [name for name in contigs if is_chromosome(name) and name not in names]


class Frequency(NamedTuple):
    """INFO fields of a population file: the frequency, and the number of alleles behind it or None. Where the file has
    nothing but the number of carried ones (CARRIED, as GATK's af-only-gnomad), that and the frequency give it."""

    field: str
    alleles: str | None


def frequencies_of(defined: Collection[str]) -> tuple[Frequency, ...]:
    """The frequencies that a header defines, from the most to the least cautious."""
    return tuple(
        Frequency(field, next((name for name in (alleles, "AN", *_carried(field)) if name in defined), None))
        for field, alleles in FREQUENCIES
        if field in defined
    )


def frequency_fields(defined: Collection[str]) -> list[str]:
    """INFO fields of `frequencies_of`: frequencies and numbers of alleles, each once."""
    return list(dict.fromkeys(name for one in frequencies_of(defined) for name in one if name))


def _carried(field: str) -> tuple[str, ...]:
    return (CARRIED,) if field == "AF" else ()


def _total(one: Frequency, frequency: str, alleles: str) -> str:
    """Number of alleles behind a frequency, '.' where it is not known."""
    if one.alleles != CARRIED or alleles == ".":
        return alleles
    return str(round(float(alleles) / float(frequency))) if float(frequency) else "."


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


def common_records(defined: Collection[str]) -> str:
    """An expression of bcftools for records of a population file that passed its filters with a frequency of COMMON
    that rests on enough alleles.

    A file that was joined from two (exomes and genomes) has alleles twice: the record that shows one to be common
    counts, whichever is first.
    """
    frequent = " || ".join(f"(INFO/{one.field}>={COMMON}{_has_enough(one)})" for one in frequencies_of(defined))
    return f'(FILTER="PASS" || FILTER=".") && ({frequent})'


def _has_enough(one: Frequency) -> str:
    """The part of `common_records` about the alleles behind a frequency, which not every file has."""
    if one.alleles is None:
        return ""
    least = f"{MIN_ALLELES}*INFO/{one.field}" if one.alleles == CARRIED else f"{MIN_ALLELES}"
    return f' && (INFO/{one.alleles}>={least} || INFO/{one.alleles}=".")'


def with_filters(info: str, filters: Collection[str]) -> str:
    """INFO text with every filter of a population record in POP_FILTER: bcftools copies 'AC0;RF' as it stands, so that
    the second looks like a flag. `filters`: those of the file."""
    head, key, rest = info.partition("POP_FILTER=")
    first, *others = rest.split(";")
    more = list(takewhile(filters.__contains__, others))
    return f"{head}{key}{';'.join([','.join([first, *more]), *others[len(more) :]])}" if more else info


def with_evidence(info: str, frequencies: Sequence[Frequency]) -> str:
    """INFO text with the most cautious frequency that counts: one of a record that failed its filter, or that rests on
    few alleles, is no evidence of an allele being common. `frequencies`: those that the population file may have."""
    if CANDIDATE not in info:
        return info
    keys = tuple(f"{name}{number}=" for number in range(len(frequencies)) for name in (CANDIDATE, ALLELES_OF))
    taken = dict(part.split("=", 1) for part in info.split(";") if part.startswith(keys))
    rest = ";".join(part for part in info.split(";") if not part.startswith(keys)) or "."
    found = [
        (one.field, value, _total(one, value, taken.get(f"{ALLELES_OF}{number}", ".")))
        for number, one in enumerate(frequencies)
        if (value := taken.get(f"{CANDIDATE}{number}", ".")) != "."
    ]
    if not found:
        return rest
    passed = info_value(info, "POP_FILTER") in PASSED
    strong = [one for one in found if passed and not (one[2] != "." and float(one[2]) < MIN_ALLELES)]
    field, value, alleles = (strong or found)[0]
    count = "" if alleles == "." else f";POP_AN={alleles}"
    named = f"POP_AF={value}{count}" if strong else f"POP_AF_WEAK={value}{count};POP_STATE=weak"
    return f"{rest};{named};POP_FIELD={field}".removeprefix(".;")
