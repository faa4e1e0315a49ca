"""Copies of a gene panel at the purity that alleles and depth show, where the sample sheet has none.

The limits of a policy are for copies in the tumour's cells. Those of all cells meet them late: 8 copies in 30 % tumour
cells are 3.8 of all cells, in 60 % they are 5.6.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from gms.base.json_tables import read_json
from gms.genome.vcf import info, info_text, open_vcf, write_vcf
from gms.variants.panel_copies.arms import codeletion
from gms.variants.panel_copies.copies import LEAST_PURITY, copies, of_ratio, warnings
from gms.variants.panel_copies.events import levels
from gms.variants.panel_copies.inherited import IN_NORMAL
from gms.variants.panel_copies.windows import Segment


class Measured(NamedTuple):
    """Purity 0-1 and its 95 % interval."""

    value: float
    low: float
    high: float


def measured_purity(purity: Mapping[str, Any]) -> Measured | None:
    """Of biomarkers/{case}.purity.json; None where it was not assessed, or where the sheet has a purity. The interval
    holds the purity of another genome that explains all nearly as well."""
    if purity["reason"] or purity["registered"] is not None:
        return None
    result, other = purity["results"][0], purity["alternative"]
    ends = [*result["interval"], *([other["purity"]] if other else [])]
    return Measured(result["value"], max(LEAST_PURITY, min(ends)), max(ends))


def corrected(log2: float, of_all: Iterable[float], usual: int, found: Measured) -> tuple[float, float, float]:
    """Copies in the tumour's cells and their 95 % interval, by depth and by purity. `log2`: of depth over the usual
    one; `of_all`: the interval of the copies of all cells; `usual`: copies of the other cells."""
    ends = [of_ratio(end / usual, usual, purity) for end in of_all for purity in (found.low, found.high)]
    return copies(log2, usual, found.value), min(ends), max(ends)


def with_measured_purity(lines: Iterable[str], found: Measured) -> Iterator[str]:
    """Lines of the VCF of copy number (gms.variants.copy_number), the copies of all cells made those of the tumour's
    cells; not of what the normal shows, which all cells have."""
    for line in lines:
        is_kept = line.startswith("#") or IN_NORMAL in info(line.split("\t")[7])
        yield line if is_kept else _corrected_record(line.rstrip("\n").split("\t"), found)


def at_measured_purity(annotated: Path, purity: Path | None, folder: Path) -> Path:
    """The annotated records of copy number for a policy: as they are, or in `folder` at the purity of the file
    biomarkers/{case}.purity.json, None where the sheet has one or none is measured."""
    found = measured_purity(read_json(purity)) if purity else None
    if found is None:
        return annotated
    path = folder / annotated.name
    with open_vcf(annotated) as lines:
        write_vcf(with_measured_purity(lines, found), path)
    return path


def _corrected_record(fields: list[str], found: Measured) -> str:
    values = info(fields[7])
    of_all = map(float, values["COPIES_CI"].split(","))
    number, low, high = corrected(float(values["LOG2"]), of_all, int(values["USUAL"]), found)
    values |= {"COPIES": f"{number:.2f}", "COPIES_CI": f"{low:.2f},{high:.2f}", "PURITY": f"{found.value:g}"}
    values["PURITY_CI"] = f"{found.low:g},{found.high:g}"
    keys, *column = fields[8].split(":"), *fields[9].split(":")
    column[keys.index("CN")] = str(round(number))
    return "\t".join([*fields[:7], info_text(values), fields[8], ":".join(column), *fields[10:]]) + "\n"


def corrected_facts(facts: Mapping[str, Any], found: Measured | None) -> dict[str, Any]:
    """What was seen of copy number (variants/copy_number/cnvkit/{case}.json) at the measured purity; as it is without
    one."""
    if found is None or not facts.get("assessed"):
        return dict(facts)
    seen = levels([Segment(*one) for one in facts["segments"]])
    warned = [code for code in facts["warnings"] if code == "noisy"] + warnings(seen, found.value)
    is_codeleted, reason = codeletion(facts["arms"], found.low, warned)
    return {
        **facts,
        "measured_purity": {"value": found.value, "interval": [found.low, found.high]},
        "warnings": warned,
        "codeletion_1p19q": is_codeleted,
        "codeletion_reason": reason,
        "genes": [_corrected_gene(gene, found) for gene in facts["genes"]],
    }


def _corrected_gene(gene: Mapping[str, Any], found: Measured) -> dict[str, Any]:
    number, *ends = corrected(gene["log2"], gene["interval"], gene["usual"], found)
    return {**gene, "copies": round(number, 2), "interval": [round(end, 2) for end in ends]}
