"""The catalogue's intervals, by the bases of both assemblies."""

import pytest

from gms.base.json_tables import read_table
from gms.variants.repeats.catalogue import CATALOGUE

BASES = read_table(CATALOGUE.with_name("reference_bases.tsv"))
LOCI = {row["gene"]: row for row in read_table(CATALOGUE)}
# Copies in GRCh38 as published: of AR, AFF2, C9orf72, ATN1, JPH3, DMPK and FMR1 by the intervals of ExpansionHunter and
# stranger, whose limits they share; of ATXN3, TBP and ATXN8OS (CTA and CTG) with the interruptions, which their limits
# include.
KNOWN = {
    **{"AR": 23, "AFF2": 15, "C9orf72": 3, "ATN1": 15, "JPH3": 14, "DMPK": 20, "FMR1": 20, "HTT": 19, "ATXN1": 29},
    **{
        "ATXN2": 23,
        "ATXN3": 14,
        "ATXN7": 10,
        "CACNA1A": 13,
        "PPP2R2B": 10,
        "TBP": 38,
        "ATXN8OS": 25,
        "FXN": 6,
        "ATXN10": 14,
    },
    **{"NOP56": 4, "CNBP": 20, "TCF4": 24, "CSTB": 3, "PHOX2B": 20, "PABPN1": 10, "RFC1": 11},
}


def counted(row: dict[str, str], assembly: str) -> tuple[str, str, str]:
    """Bases before the repeat, of it, and behind it."""
    locus, start = LOCI[row["gene"]], int(row[f"start{assembly}"])
    first, last = (int(locus[f"{end}{assembly}"]) - start for end in ("start", "end"))
    return row["bases"][:first], row["bases"][first:last], row["bases"][last:]


def is_copy(bases: str, motif: str) -> bool:
    return len(bases) == len(motif) and all(want in ("N", base) for base, want in zip(bases, motif, strict=True))


PLACES = [(row, assembly) for row in BASES for assembly in ("38", "37") if row[f"start{assembly}"] != "-"]


@pytest.mark.parametrize(("row", "assembly"), PLACES, ids=[f"{row['gene']}-{assembly}" for row, assembly in PLACES])
def test_an_interval_holds_the_counted_copies_and_nothing_else(row, assembly):
    locus, (before, repeat, behind) = LOCI[row["gene"]], counted(row, assembly)
    motif, copies = locus["motif"], len(repeat) / len(locus["motif"])
    limit = locus["pathogenic_min"] if locus["benign_max"] == "-" else locus["benign_max"]
    assert len(before) >= 6 and len(behind) >= 6 and copies == int(copies) <= int(limit)
    assert not is_copy(before[-len(motif) :], motif) and not is_copy(behind[: len(motif)], motif)
    if assembly == "38":
        assert copies == KNOWN.get(row["gene"], copies)


def test_every_locus_has_its_bases_in_both_assemblies():
    assert sorted((row["gene"], assembly) for row, assembly in PLACES) == sorted(
        (gene, assembly) for gene in LOCI for assembly in ("38", "37")
    )
