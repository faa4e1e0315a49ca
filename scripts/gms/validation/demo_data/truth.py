"""What the workflow must find in the miniature data set, written from the plan alone."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from gms.validation.demo_data import copy_number
from gms.validation.demo_data.cases import CASES, CaseFacts, Planted
from gms.validation.demo_data.references import write_vcf
from gms.validation.demo_genome import deletion
from gms.validation.demo_genome.genome import Genome
from gms.validation.demo_genome.variants import Effect, Variant, effect, resolve
from gms.validation.demo_reads import fusion, mitochondrion, rearranged
from gms.validation.demo_reads.fragments import Acquired, Region

COLUMNS = (
    "case", "variant", "gene", "consequence", "zygosity_or_vaf", "expected", "filters", "rescued_by", "section", "note",
)  # fmt: skip
CLASS_COLUMNS = ("case", "class", "variant", "section", "samples")  # of each sample: its fraction, or its genotype
FIELDS = [
    "CASE,1,String,Case that carries the variant",
    "GENE,1,String,Gene symbol",
    "CONSEQUENCE,1,String,Sequence Ontology term",
    "EXPECTED,1,String,reported or filtered or missed-by-design",
    "FILTERS,.,String,Flags that the record must have",
]


def write_truth(genome: Genome, regions: Sequence[Region], folder: Path) -> None:
    """truth.tsv and truth.vcf.gz (a row per planted variant), classes.tsv (of other classes), cases.tsv.
    `regions`: targets of the panel of solid tumours."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = [
        (case, planted, variant, effect(genome, planted.gene, variant))
        for case in CASES
        for planted in case.planted
        for variant in [resolve(genome, planted.gene, planted.change)]
    ]
    lines = ["\t".join(COLUMNS), *("\t".join(_columns(*row)) for row in rows)]
    (folder / "truth.tsv").write_text("\n".join(lines) + "\n")
    write_vcf(genome, folder / "truth.vcf.gz", _records(rows), FIELDS)
    cases = ["case\tverdict\treason", *(f"{case.name}\t{case.verdict}\t{case.reason}" for case in CASES)]
    others = [CLASS_COLUMNS, *mitochondrion.truth(), *map(deletion.truth, [genome] * 2, ("structural", "copy_number"))]
    others += [*rearranged.truth(genome), *copy_number.truth(genome, regions), *fusion.truth(genome)]
    (folder / "classes.tsv").write_text("".join("\t".join(row) + "\n" for row in others))
    (folder / "cases.tsv").write_text("\n".join(cases) + "\n")


def _columns(case: CaseFacts, planted: Planted, variant: Variant, what: Effect) -> tuple[str, ...]:
    known = what.protein in planted.note.split(":")[0].split(",")[0]
    note = planted.note if known else f"{what.protein}; {planted.note}".strip("; ")
    amount = _amount(case, planted)
    expected = (planted.expected, planted.filters, planted.rescued_by, planted.section)
    return (case.name, str(variant), planted.gene, what.consequence, amount, *expected, note)


def _amount(case: CaseFacts, planted: Planted) -> str:
    """The fraction in a tumour, or the genotype of the case's first sample."""
    carried = planted.carriers[case.members[0].sample]
    if isinstance(carried, Acquired):
        return f"{carried.fraction:.3f}"
    if case.members[0].sex == "male" and planted.gene == "MECP2":
        return "hemizygous"
    return "homozygous" if carried == "01" else "heterozygous"


def _records(rows: list) -> Iterator[tuple]:
    for case, planted, variant, what in rows:
        filters = f";FILTERS={planted.filters}" if planted.filters else ""
        words = (
            f"CASE={case.name};GENE={planted.gene};CONSEQUENCE={what.consequence};EXPECTED={planted.expected}{filters}"
        )
        yield (*variant, words)
