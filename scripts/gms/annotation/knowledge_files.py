"""Fields of the knowledge files (population, ClinVar, panel of normals) and what they are evidence of."""

from collections.abc import Collection
from typing import NamedTuple

from gms.genome.vcf import info_value

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


def frequency_of(defined: Collection[str]) -> Frequency | None:
    """The fields to use of those that a header defines; None without a frequency."""
    for field, alleles in FREQUENCIES:
        if field in defined:
            return Frequency(field, next((name for name in (alleles, "AN") if name in defined), None))
    return None


def columns_of(part: str, defined: Collection[str]) -> str:
    """What `bcftools annotate --columns` takes over from a file whose header defines these INFO fields."""
    if part == "population":
        frequency = frequency_of(defined)
        taken = [f"INFO/POP_AF:=INFO/{frequency.field}"] if frequency else []
        taken += [f"INFO/POP_AN:=INFO/{frequency.alleles}"] if frequency and frequency.alleles else []
        return ",".join([*taken, "INFO/POP_FILTER:=FILTER"])
    if part == "clinvar":
        return ",".join([*(f"INFO/{field}" for field in CLINVAR if field in defined), "INFO/CLINVAR_ID:=ID"])
    return ",".join(f"INFO/{field}" for field in NORMALS if field in defined)


def with_evidence(info: str, field: str) -> str:
    """INFO text whose frequency counts: one of a record that failed its filter, or that rests on few alleles, is
    no evidence of an allele being common. `field`: the one of the population file that it comes from."""
    if "POP_AF=" not in info:
        return info
    alleles = info_value(info, "POP_AN")
    if info_value(info, "POP_FILTER") in PASSED and not (alleles and float(alleles) < MIN_ALLELES):
        return f"{info};POP_FIELD={field}"
    return f"{info.replace('POP_AF=', 'POP_AF_WEAK=', 1)};POP_STATE=weak;POP_FIELD={field}"
