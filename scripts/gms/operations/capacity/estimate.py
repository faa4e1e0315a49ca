"""gms efficiency --estimate: on paper, what cases and a year need, from the processor time of jobs that were run.

Each rule's time grows with something that can be counted: sequenced bases, alleles, or jobs. The rate comes from the
results folder with the most of it. What small genomes cannot show is assumed, and named in ASSUMED.
"""

import gzip
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from gms.base.errors import GmsError
from gms.base.project import PROJECT
from gms.base.results import files, named
from gms.inputs.assays import known_callers
from gms.operations.capacity.planned_requests import requests
from gms.operations.capacity.usage import jobs_table

FARTHEST = 1_000  # times what was measured; beyond that it is not an estimate
BASES, ALLELES, JOBS = "bases", "alleles", "jobs"
CALLS = [named("calls").rule.format(caller=caller) for caller in known_callers(PROJECT)]
GROWS = {"align_reads": BASES, "sample_qc": BASES, **dict.fromkeys(CALLS, BASES)}
GROWS |= {"merge_variants": BASES, "annotate_variants": ALLELES, "filter_variants": ALLELES}
OF_SAMPLE = {file.rule for file in files("sample")}
SHARING = ("", "export", "upload")  # of a centre's cases some
# The other rules are a run's.
OF_CASE = {*OF_SAMPLE, *CALLS, *(file.rule for file in files("case") if file.rule not in SHARING)}
START = 2.5  # seconds of a processor to start a job on a cluster: each starts its own Snakemake
GENOME = 1.7  # times: aligning to a genome whose index is larger than the processor's cache; 1.3 to 2.5
EFFECTS = 0.0001  # seconds for one allele with human gene models
FASTQ = 0.65  # bytes for one base of compressed FASTQ; 0.4 to 1
CORES, BUSY = 32, 0.7  # of a node, and the share of its cores that work on average
LOW, HIGH = 0.6, 2.5  # times: where the truth may well lie
ASSUMED = (
    f"aligning to a whole genome costs {GENOME} times what it does on a small one (the index leaves the cache);",
    f"effects on genes take {EFFECTS * 1e3:g} ms for an allele; a job on a cluster costs {START} s to start;",
    f"a node has {CORES} cores, of which {BUSY:.0%} work; FASTQ takes {FASTQ} bytes for a base.",
    "All reads of a panel cost what a genome's do, though those off target are not called: too much rather than too",
    "little; deep and damaged DNA proposes more alleles: too little. Reads, bases and alleles of a case are assumed.",
)


class NoRates(GmsError):
    """Results that an estimate cannot be made from."""


@dataclass(frozen=True)
class Kind:
    """A case: samples by role, 10^9 bases for each sample, alleles that the callers propose, cases in a year of GMS."""

    name: str
    assay: str
    roles: tuple[str, ...]
    gigabases: float
    alleles: float
    year: int = 0

    def amount(self, unit: str, rule: str) -> float:
        """How much of a unit a case has for a rule."""
        samples = len(self.roles)
        jobs = samples if rule in OF_SAMPLE else 1
        return {BASES: samples * self.gigabases * 1e9, ALLELES: self.alleles, JOBS: jobs}[unit]


KINDS = (
    Kind("30x genome", "wgs_rare", ("proband",), 93, 5e6, 5_800),
    Kind("trio of 30x genomes", "wgs_rare", ("proband", "mother", "father"), 93, 7e6),
    Kind("560-gene panel, 80 M reads", "panel_solid", ("tumor",), 12, 50e3, 3_000),
    Kind("199-gene panel, 30 M reads", "panel_myeloid", ("tumor",), 4.5, 20e3, 4_200),
)


@dataclass(frozen=True)
class Rates:
    """Processor seconds for one of its unit, by rule; bytes of CRAM for a base and of VCF for an allele. `bases`: the
    sequenced bases that they were measured on."""

    seconds: dict[str, float]
    cram: float
    vcf: float
    bases: int


def show(folders: Sequence[Path]) -> list[str]:
    """The tables, in Markdown. Raises NoRates."""
    rates = read_rates(folders)
    tables = [*cases(rates), "", *rules(rates), "", *year(rates), "", "Assumed, not measured:", *ASSUMED]
    return [extrapolation(rates), "", *tables]


def extrapolation(rates: Rates) -> str:
    """How far the estimate goes beyond what was measured, and whether that is too far."""
    genome = KINDS[0]
    times = genome.gigabases * 1e9 / rates.bases
    text = f"Measured on {rates.bases / 1e9:.2g} x 10^9 bases; a {genome.name} has {times:,.0f} times as many."
    few = " Too few to rely on: the start of a job hides what a base costs. Give results of 10 Mb at 30x or more."
    return text + (few if times > FARTHEST else "")


def read_rates(folders: Sequence[Path]) -> Rates:
    """Rates, each from the folder that has most of its unit. Raises NoRates."""
    amounts = pd.DataFrame(
        {BASES: map(count_bases, folders), ALLELES: map(count_alleles, folders)}, index=[str(path) for path in folders]
    )
    rates = pd.concat([rule_rates(folder, amounts.loc[str(folder)]) for folder in folders])
    most = rates[rates["amount"] > 0].sort_values("amount", kind="stable").groupby(level=0).last()
    lacking = OF_CASE - set(most.index)
    if lacking:
        raise NoRates(f"no estimate: the results given have no jobs of {', '.join(sorted(lacking))}")
    deepest, richest = (Path(amounts[unit].idxmax()) for unit in (BASES, ALLELES))
    bases = int(amounts[BASES].max())
    cram, vcf = size(deepest, named("cram").everywhere()) / bases, size(richest, "**/*.vcf.gz") / amounts[ALLELES].max()
    return Rates((most["cpu"] / most["amount"]).to_dict(), cram, vcf, bases)


def rule_rates(folder: Path, amounts: pd.Series) -> pd.DataFrame:
    """By rule: processor seconds of its jobs, and the amount of what their time grows with. A job too short to be seen
    counts its wall time."""
    jobs = jobs_table([folder])
    cpu = jobs["cpu"].fillna(jobs["seconds"]).groupby(jobs["rule"])
    found = pd.DataFrame({"cpu": cpu.sum(), "amount": cpu.size()})
    for rule, unit in GROWS.items():
        if rule in found.index:
            found.loc[rule, "amount"] = amounts[unit]
    return found


def count_bases(results: Path) -> int:
    """Sequenced bases of all samples, as samtools stats counted them."""
    texts = (path.read_text() for path in results.glob(named("read_statistics").everywhere()))
    return sum(int(bases) for text in texts for bases in re.findall(r"^SN\ttotal length:\t(\d+)", text, re.MULTILINE))


def count_alleles(results: Path) -> int:
    """Records of all cases."""
    texts = (gzip.decompress(path.read_bytes()) for path in results.glob(named("filtered").everywhere()))
    return sum(not line.startswith(b"#") for text in texts for line in text.splitlines())


def size(results: Path, pattern: str) -> int:
    return sum(path.stat().st_size for path in results.glob(pattern))


def hours(kind: Kind, rates: Rates, rule: str) -> float:
    """Processor hours of one rule for a case."""
    seconds = rates.seconds[rule] * (GENOME if rule == "align_reads" else 1)
    seconds += EFFECTS if rule == "annotate_variants" else 0
    start = START * kind.amount(JOBS, rule)
    return (seconds * kind.amount(GROWS.get(rule, JOBS), rule) + start) / 3600


def case_hours(kind: Kind, rates: Rates) -> float:
    return sum(hours(kind, rates, rule) for rule in OF_CASE)


def disk(kind: Kind, rates: Rates) -> tuple[float, float, float]:
    """GB of FASTQ, of results, and of temporary files while reads are sorted."""
    bases = kind.amount(BASES, "")
    kept = bases * rates.cram + kind.alleles * rates.vcf
    return bases * FASTQ / 1e9, kept / 1e9, bases * FASTQ / len(kind.roles) / 1e9


def cases(rates: Rates) -> Iterator[str]:
    yield "| case | CPU-hours | between | highest memory request | time limit | FASTQ | results | temporary |"
    yield "| --- | --- | --- | --- | --- | --- | --- | --- |"
    for kind in KINDS:
        cpu, (fastq, kept, beside) = case_hours(kind, rates), disk(kind, rates)
        asked = requests(3_100, kind.gigabases * FASTQ * 1_000, kind.assay, kind.roles)
        rule, (memory, minutes) = max(((r, asked[r]) for r in OF_CASE), key=lambda item: item[1])
        between = f"{cpu * LOW:.1f}-{cpu * HIGH:.1f}"
        memory = f"{memory / 1000:.1f} GB, {rule}"
        gb = " | ".join(f"{amount:.1f} GB" for amount in (fastq, kept, beside))
        yield f"| {kind.name} | {cpu:.1f} | {between} | {memory} | {minutes} min | {gb} |"


def rules(rates: Rates) -> Iterator[str]:
    yield "| rule | grows with | measured | " + " | ".join(f"{kind.name}, CPU-hours" for kind in KINDS) + " |"
    yield "| --- | --- | --- |" + " --- |" * len(KINDS)
    per = {BASES: (1e9, "10^9 bases"), ALLELES: (1e6, "10^6 alleles"), JOBS: (1, "job")}
    for rule in sorted(OF_CASE, key=lambda rule: -hours(KINDS[0], rates, rule)):
        times, unit = per[GROWS.get(rule, JOBS)]
        cells = " | ".join(f"{hours(kind, rates, rule):.2f}" for kind in KINDS)
        yield f"| {rule} | {GROWS.get(rule, JOBS)} | {rates.seconds[rule] * times:.3g} s for {unit} | {cells} |"


def year(rates: Rates) -> Iterator[str]:
    kinds = [kind for kind in KINDS if kind.year]
    cpu = sum(kind.year * case_hours(kind, rates) for kind in kinds)
    kept = sum(kind.year * disk(kind, rates)[1] for kind in kinds) / 1000
    fastq = sum(kind.year * disk(kind, rates)[0] for kind in kinds) / 1000
    named = ", ".join(f"{kind.year:,} x {kind.name}" for kind in kinds)
    yield f"A year: {named}: {cpu:,.0f} CPU-hours ({cpu * LOW:,.0f}-{cpu * HIGH:,.0f}),"
    yield f"{kept:,.0f} TB of results, {fastq:,.0f} TB of FASTQ."
    yield ""
    yield f"| nodes of {CORES} cores | days for the year's cases | between | of a year |"
    yield "| --- | --- | --- | --- |"
    for nodes in (1, 4, 16):
        days = cpu / (nodes * CORES * BUSY * 24)
        yield f"| {nodes} | {days:,.0f} | {days * LOW:,.0f}-{days * HIGH:,.0f} | {days / 365:.0%} |"
