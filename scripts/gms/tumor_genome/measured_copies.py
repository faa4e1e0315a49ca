"""Copies of a gene panel at the purity that alleles and depth show, where the sample sheet has none or the genome is
doubled, and in another genome that explains all nearly as well.

The limits of a policy are for copies in the tumour's cells. Those of all cells meet them late: 8 copies in 30 % tumour
cells are 3.8 of all cells, in 60 % they are 5.6.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from gms.base.json_tables import read_json
from gms.genome.vcf import info, info_text, open_vcf, write_vcf
from gms.tumor_genome.fit import DOUBLED
from gms.variants.panel_copies.arms import codeletion
from gms.variants.panel_copies.copies import LEAST_PURITY, of_all_cells, of_ratio, warnings
from gms.variants.panel_copies.events import levels
from gms.variants.panel_copies.inherited import IN_NORMAL, LESS_IN_NORMAL, NORMAL_LOG2, is_second_loss
from gms.variants.panel_copies.windows import Segment

_OF_SECOND_LOSS = (LESS_IN_NORMAL, NORMAL_LOG2, "PURITY")  # INFO


class Corrected(NamedTuple):
    """Copies in the tumour's cells and their 95 % interval, by depth, by purity and by what else the genome may be;
    `other`: those in the other genome, None where there is none; `of_all`: the interval of the copies of all cells;
    `is_inherited`: a loss next to an inherited one, of not clearly fewer copies than the normal has."""

    number: float
    low: float
    high: float
    other: float | None
    of_all: list[float]
    is_inherited: bool


class Measured(NamedTuple):
    """Purity 0-1 and its 95 % interval; copies at the baseline in the tumour's cells; purity and baseline of another
    genome that explains all nearly as well; whether the purity is that of the sheet, without an interval."""

    value: float
    low: float
    high: float
    baseline: float = 2.0
    alternative: tuple[float, float] | None = None
    is_registered: bool = False

    @property
    def is_doubled(self) -> bool:
        """Whether most of the genome has more than two copies."""
        return self.baseline >= DOUBLED

    def ends(self) -> list[tuple[float, float]]:
        """Purity and baseline of each genome between which the true one may be."""
        own = [(max(LEAST_PURITY, purity), self.baseline) for purity in (self.low, self.high)]
        return [*own, *self.other()]

    def other(self) -> list[tuple[float, float]]:
        """Purity and baseline of the other genome, where there is one."""
        return [(max(LEAST_PURITY, self.alternative[0]), self.alternative[1])] if self.alternative else []


def corrected_by(purity: Mapping[str, Any]) -> str | None:
    """The purity that copies of a panel are corrected by: `measured` where the sheet has none or the genome is doubled,
    else `registered`; None where they are those of all cells. `purity`: biomarkers/{case}.purity.json."""
    registered = purity["registered"]
    if not purity["reason"] and (registered is None or purity["baseline"] >= DOUBLED):
        return "measured"
    return "registered" if registered is not None and registered >= LEAST_PURITY else None


def measured_purity(purity: Mapping[str, Any]) -> Measured | None:
    """Of biomarkers/{case}.purity.json; None where it was not assessed, or the sheet has a purity too low to be used
    and the genome is not doubled. At the purity of the sheet, what it says of the genome beside is used."""
    used = None if purity["reason"] else corrected_by(purity)
    result, other = purity["results"][0] if used else {}, purity["alternative"]
    alternative = (other["purity"], other["baseline"]) if other else None
    if used == "measured":
        return Measured(result["value"], *result["interval"], purity["baseline"], alternative)
    if used == "registered":
        return Measured(*[purity["registered"]] * 3, alternative=alternative, is_registered=True)
    return None


def corrected(  # noqa: PLR0913
    log2: float, ends: Iterable[float], usual: int, registered: float | None, level: float | None, found: Measured
) -> Corrected:
    """Copies of an event or gene. `log2`: of depth over the usual one; `ends`: the interval of copies that was made
    with the purity of the sheet, `registered`; `usual`: copies of the other cells, in the normal at the log2 `level`
    where the person inherited a loss, else None."""
    others = 1 if level is None else 2**level
    of_all = list(ends)
    if registered is not None and registered >= LEAST_PURITY:
        of_all = [of_all_cells(end, usual, registered, others) for end in of_all]
    number = of_ratio(2**log2, usual, found.value, found.baseline, others)
    every = [number, *(of_ratio(end / usual, usual, *genome, others) for end in of_all for genome in found.ends())]
    other = next((of_ratio(2**log2, usual, *genome, others) for genome in found.other()), None)
    is_inherited = level is not None and not is_second_loss(number, usual, level)
    return Corrected(number, min(every), max(every), other, of_all, is_inherited)


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
    log2, usual = float(values["LOG2"]), int(values["USUAL"])
    level = float(values[NORMAL_LOG2]) if NORMAL_LOG2 in values else None
    ends = map(float, values["COPIES_CI"].split(","))
    made = corrected(log2, ends, usual, float(values.get("PURITY", 0)), level, found)
    number = made.number
    values.pop("COPIES_OTHER", None)  # of an unknown purity or baseline
    if made.is_inherited:
        number = usual * 2**log2
        values = {key: value for key, value in values.items() if key not in _OF_SECOND_LOSS} | {IN_NORMAL: ""}
        values |= {"COPIES": f"{number:.2f}", "COPIES_CI": ",".join(f"{end:.2f}" for end in made.of_all)}
    elif not found.is_registered:
        values |= {"COPIES": f"{number:.2f}", "COPIES_CI": f"{made.low:.2f},{made.high:.2f}"}
        values |= {"PURITY": f"{found.value:g}", "PURITY_CI": f"{found.low:g},{found.high:g}"}
    if made.other is not None and not made.is_inherited:
        values["COPIES_OTHER"] = f"{made.other:.2f}"
    keys, *column = fields[8].split(":"), *fields[9].split(":")
    column[keys.index("CN")] = str(round(number))
    return "\t".join([*fields[:7], info_text(values), fields[8], ":".join(column), *fields[10:]]) + "\n"


def corrected_facts(facts: Mapping[str, Any], found: Measured | None) -> dict[str, Any]:
    """What was seen of copy number (variants/copy_number/cnvkit/{case}.json) at the measured purity; as it is without
    one."""
    if found is None or not facts.get("assessed"):
        return dict(facts)
    seen = levels([Segment(*one) for one in facts["segments"]])
    of_levels = ["doubled"] if found.is_doubled else warnings(seen, found.value)
    of_levels += ["two_genomes"] * (found.alternative is not None)
    warned = [code for code in facts["warnings"] if code == "noisy"] + of_levels
    is_codeleted, reason = codeletion(facts["arms"], min(purity for purity, _ in found.ends()), warned)
    measured = {"value": found.value, "interval": [found.low, found.high], "baseline": found.baseline}
    return {
        **facts,
        "measured_purity": None if found.is_registered else measured,
        "other_genome": found.alternative and dict(zip(("purity", "baseline"), found.alternative, strict=True)),
        "warnings": warned,
        "codeletion_1p19q": is_codeleted,
        "codeletion_reason": reason,
        "genes": [one for gene in facts["genes"] if (one := _corrected_gene(gene, found, facts["purity"]))],
    }


def _corrected_gene(gene: Mapping[str, Any], found: Measured, purity: float | None) -> dict[str, Any] | None:
    """None of a gene whose loss is the inherited one alone."""
    made = corrected(gene["log2"], gene["interval"], gene["usual"], purity, gene.get("normal_log2"), found)
    if made.is_inherited:
        return None
    kept = {key: value for key, value in gene.items() if key != "other_copies"}
    own = {"copies": round(made.number, 2), "interval": [round(made.low, 2), round(made.high, 2)]}
    return {**kept, **own, **({} if made.other is None else {"other_copies": round(made.other, 2)})}
