"""What happened to the variants of the other classes at a place or in a gene: their records, and each filter."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pysam

from gms.base.results import named
from gms.explain.asked import Change, Gene, Genomic, Place, Rs
from gms.explain.family import Kin, explain_family, kin_of
from gms.explain.filters import explain_filters, one_line
from gms.explain.rank import explain_rank
from gms.filtering.apply import make_layout, partners_of
from gms.filtering.compile import Layout
from gms.filtering.other_class import Large, large_halves, partners_of_small
from gms.filtering.pairs import Half, allele_of, joined, paired
from gms.filtering.policy import Policy, load_policy
from gms.genome.gene_list import read_gene_list
from gms.genome.vcf import header_of, info
from gms.inputs.row_files import paired_classes
from gms.inputs.run_model import Case, Run

_GENES = ("GENE", "GENES", "LOCUS", "REPID", "MEASURED")  # INFO fields that name what a record touches
_DETAILS = 3


def explain_classes(run: Run, case: Case, meant: Place | Change | Genomic | Rs | Gene) -> Iterator[str]:
    """Records of every class besides small variants that a position or gene asks for; of an allele those at its
    position. Nothing for other questions, and for classes without results yet."""
    if not isinstance(meant, Place | Gene):
        return
    assay = run.assays[case.assay]
    for name in assay.other_classes:
        annotated = run.results / named(f"{name}_annotated").at(case=case.name)
        if not annotated.exists():
            continue
        found = list(_records(annotated, meant))
        if found:
            policy = load_policy(assay.policy_files[name], name)
            genes = read_gene_list(run.gene_list_of(case))
            layout = make_layout(annotated, header_of(annotated), _roles(case), genes, name)
            yield ""
            yield f"{name}: {len(found)} record{'' if len(found) == 1 else 's'} (policy {policy.name} {policy.version})"
            found = _with_partners(found, run, case, policy, layout)
            report = run.results / named("findings").at(case=case.name)
            yield from _explained(policy, layout, found, kin_of(case, header_of(annotated)), report)


def halves_elsewhere(run: Run, case: Case) -> Sequence[tuple[str, Half]]:
    """(gene, half) of the large variants with which small ones of a case may form pairs."""
    policies = run.assays[case.assay].policy_files
    large = [
        Large(name, annotated, policies[name])
        for name in paired_classes(run.assays, case)
        if (annotated := run.results / named(f"{name}_annotated").at(case=case.name)).exists()
    ]
    return large_halves(large, _roles(case), run.gene_list_of(case)).halves


def _with_partners(lines: list[str], run: Run, case: Case, policy: Policy, layout: Layout) -> list[str]:
    """Records of a class as filtering sees them: with partners among their own class and small variants."""
    small = run.results / named("reported").at(case=case.name)
    annotated = run.results / named(f"{policy.variants}_annotated").at(case=case.name)
    known = partners_of(annotated, policy, layout)
    if known is None:
        return lines
    if policy.variants in paired_classes(run.assays, case) and small.exists():
        known = joined(known, partners_of_small(small).partners)
    return [paired(line, known) for line in lines]


def _roles(case: Case) -> dict[str, str]:
    return {sample.role: sample.name for sample in reversed(case.samples)}


def _records(annotated: Path, meant: Place | Gene) -> Iterator[str]:
    with pysam.TabixFile(str(annotated)) as file:
        if isinstance(meant, Gene):
            yield from (line for line in file.fetch() if _touches(line, meant.symbol))
            return
        names = (meant.chrom, f"chr{meant.chrom}", meant.chrom.removeprefix("chr"))
        contig = next((name for name in names if name in file.contigs), None)
        if contig is not None:
            yield from file.fetch(contig, meant.pos - 1, meant.pos)


def _touches(line: str, gene: str) -> bool:
    values = info(line.split("\t", 8)[7])
    named_here = ",".join(values.get(key, "") for key in _GENES).replace("&", ",").replace("_", ",")
    return gene in named_here.split(",")


def _explained(policy: Policy, layout: Layout, records: list[str], family: Kin, report: Path) -> Iterator[str]:
    for line in records:
        yield f"  {one_line(policy, layout, line)}"
    for line in records if len(records) <= _DETAILS else ():
        yield from explain_family(family, line)
        yield from explain_filters(policy, layout, line)
        yield from explain_rank(report, allele_of(line).split(",")[0])  # a record is called by its first allele
