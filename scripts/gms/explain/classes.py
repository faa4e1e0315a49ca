"""What happened to the variants of the other classes at a place or in a gene: their records, and each filter."""

from collections.abc import Iterator
from pathlib import Path

import pysam

from gms.base.results import named
from gms.explain.asked import Change, Gene, Place, Rs
from gms.explain.filters import explain_filters, one_line
from gms.filtering.apply import make_layout
from gms.filtering.compile import Layout
from gms.filtering.policy import Policy, load_policy
from gms.genome.gene_list import read_gene_list
from gms.genome.vcf import header_of, info
from gms.inputs.run_model import Case, Run

_GENES = ("GENE", "GENES", "LOCUS", "REPID")  # INFO fields that name what a record touches
_DETAILS = 3


def explain_classes(run: Run, case: Case, meant: Place | Change | Rs | Gene) -> Iterator[str]:
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
            roles = {sample.role: sample.name for sample in reversed(case.samples)}
            genes = read_gene_list(run.gene_list_of(case))
            layout = make_layout(annotated, header_of(annotated), roles, genes, name)
            yield ""
            yield f"{name}: {len(found)} record{'' if len(found) == 1 else 's'} (policy {policy.name} {policy.version})"
            yield from _explained(policy, layout, found)


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


def _explained(policy: Policy, layout: Layout, records: list[str]) -> Iterator[str]:
    for line in records:
        yield f"  {one_line(policy, layout, line)}"
    for line in records if len(records) <= _DETAILS else ():
        yield from explain_filters(policy, layout, line)
