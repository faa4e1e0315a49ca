"""How a report describes a small variant."""

from collections.abc import Mapping
from typing import NamedTuple

from gms.genome.alleles import is_delins

MIXED = 3  # fragments with both alleles, and with one alone, from which both occur


def finding_type(ref: str, alt: str) -> str:
    """snv, mnv, insertion, deletion or indel, as in report.schema.json."""
    if len(ref) == len(alt):
        return "snv" if len(ref) == 1 else "mnv"
    return "indel" if is_delins(ref, alt) else "insertion" if len(alt) > len(ref) else "deletion"


class Phase(NamedTuple):
    """How an allele of a tumour is to another one, and the fragments that show both places: those with both, with this
    allele alone and with the other alone. `state` is in_cis (on the same molecules), in_trans (on other molecules, of
    the same or of other cells), mixed (both occur) or unknown."""

    state: str
    both: int
    this_only: int
    other_only: int


def phase(info: Mapping[str, str], other: str) -> Phase:
    """The phase of a record with another allele, CHROM:POS:REF:ALT, from its INFO."""
    entries = (entry.split("|") for entry in info.get("PHASE", "").split(","))
    counts = next(([int(number) for number in numbers] for name, *numbers in entries if name == other), [0, 0, 0])
    for state in ("in_cis", "in_trans"):
        if other in info.get(state.upper(), "").split(","):
            return Phase(state, *counts)
    mixed = counts[0] >= MIXED and sum(counts[1:]) >= MIXED
    return Phase("mixed" if mixed else "unknown", *counts)
