"""What a case must measure besides its variants: microsatellites, molecules, the variants of a control, genes in which
two alleles are a pair in trans, copies of SMN1 and SMN2, and homozygous and uniparental regions of a child."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from gms.validation.demo_data.cases import CASES
from gms.validation.demo_genome import islands, smn
from gms.validation.demo_genome.genome import Genome
from gms.validation.demo_genome.variants import resolve
from gms.validation.demo_reads.microsatellites import VERDICTS
from gms.validation.demo_reads.molecules import COPIES

PAIRS = "pairs in trans"
CONTROL, PANEL, TOLERANCE = "ctdna-control", "panel_ctdna", 0.5  # of a fraction
TRANS = {"rare-trio": ("ABCA4", "ASXL1", "DNMT3A", "SHOX"), "rare-duo": ("ABCA4",)}
LISTED = {"KRAS": 0.08}  # fraction in the list of the control; of others as planted
COLUMNS = ("chrom", "pos", "ref", "alt", "name", "fraction", "tolerance")


def write_measures(genome: Genome, folder: Path) -> None:
    """truth/measures.tsv, and reference/expected_panel_ctdna.tsv, the list of the control."""
    rows = [("case", "measure", "value"), *_planned()]
    (folder / "truth" / "measures.tsv").write_text("".join("\t".join(row) + "\n" for row in rows))
    listed = [COLUMNS, *_expected(genome)]
    text = "".join("\t".join(row) + "\n" for row in listed)
    (folder / "reference" / f"expected_{PANEL}.tsv").write_text(text)


def _planned() -> Iterator[tuple[str, str, str]]:
    yield from ((case, "microsatellites", verdict) for case, verdict in VERDICTS.items())
    yield from ((case, PAIRS, ", ".join(genes)) for case, genes in TRANS.items())
    yield from (*smn.truth(), *islands.truth())
    planted, low = len(_control_variants()), len(LISTED)
    yield CONTROL, "control", f"{planted - low} of {planted} found, {low} low"
    yield CONTROL, "pairs of a molecule", str(2 * COPIES)


def _control_variants() -> list[Any]:
    return next(case for case in CASES if case.name == CONTROL).planted


def _expected(genome: Genome) -> Iterator[tuple[str, ...]]:
    for planted in _control_variants():
        variant = resolve(genome, planted.gene, planted.change)
        fraction = LISTED.get(planted.gene, planted.carriers[CONTROL].fraction)
        numbers = f"{fraction:g}", f"{fraction * TOLERANCE:g}"
        yield variant.chrom, str(variant.pos), variant.ref, variant.alt, f"{planted.gene} {planted.change}", *numbers


def measured(document: Mapping[str, Any]) -> dict[str, str]:
    """Measure -> value, from report/{case}.json."""
    found = {}
    if document.get("msi"):
        found["microsatellites"] = document["msi"]["results"][0]["verdict"]
    if document.get("control"):
        states = [one["state"] for one in document["control"]["variants"]]
        found["control"] = f"{states.count('found')} of {len(states)} found, {states.count('low')} low"
    if smn_copies := document.get("smn"):
        for number, gene in enumerate(smn.COPIES):
            found[f"copies of {gene}"] = ", ".join(str(one["results"][number]["value"]) for one in smn_copies)
    if regions := document.get("regions"):
        found["homozygous regions"] = ", ".join(one["contig"] for one in regions["runs"])
        segments = (f"{one['contig']} {one['parent']} {one['kind']}" for one in regions["uniparental"])
        found["uniparental disomy"] = ", ".join(segments)
    if pairs := document["samples"][0]["metrics"].get("pairs_per_molecule"):
        found["pairs of a molecule"] = f"{pairs:.0f}"
    if trans := {gene for one in document["findings"] if one["partners"] for gene in one["genes"]}:
        found[PAIRS] = ", ".join(sorted(trans))
    return found
