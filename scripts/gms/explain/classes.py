"""What happened to the variants of the other classes at a place or in a gene: their records, and each filter."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from gms.base.json_tables import read_json
from gms.base.problems import counted
from gms.base.results import named
from gms.explain.asked import Asked
from gms.explain.family import Kin, explain_family, kin_of
from gms.explain.filters import explain_filters, one_line
from gms.explain.reported import explain_finding
from gms.explain.search import NEAR, class_records, records_near
from gms.filtering.apply import make_layout, partners_of
from gms.filtering.compile import Layout
from gms.filtering.other_class import Large, large_halves, partners_of_small
from gms.filtering.pairs import Half, allele_of, joined, paired
from gms.filtering.policy import Policy, load_policy
from gms.genome.gene_list import read_gene_list
from gms.genome.vcf import header_of
from gms.inputs.row_files import measures_alleles, paired_classes
from gms.inputs.run_model import Case, Run
from gms.tumor_genome.measured_copies import measured_purity, with_measured_purity

_DETAILS = 3


class Opened(NamedTuple):
    """A class of a case: its annotated records, its policy, and what that must know of the case."""

    annotated: Path
    policy: Policy
    layout: Layout


def opened(run: Run, case: Case) -> Iterator[Opened]:
    """The classes of a case besides the small one that have results yet."""
    assay = run.assays[case.assay]
    for name in assay.other_classes:
        annotated = run.results / named(f"{name}_annotated").at(case=case.name)
        if annotated.exists():
            genes = read_gene_list(run.gene_list_of(case))
            layout = make_layout(annotated, header_of(annotated), _roles(case), genes, name)
            yield Opened(annotated, load_policy(assay.policy_files[name], name), layout)


def explain_classes(run: Run, case: Case, meant: Asked) -> Iterator[str]:
    """Records of every class besides small variants that a question means (search.class_records)."""
    for one in opened(run, case):
        found = _at_purity(class_records(one.annotated, meant), run, case, one)
        if found:
            policy = one.policy
            yield ""
            yield f"{policy.variants}: {counted(len(found), 'record')} (policy {policy.name} {policy.version})"
            found = _with_partners(found, run, case, one)
            report = run.results / named("findings").at(case=case.name)
            yield from _explained(
                policy, one.layout, found, kin_of(case, run.results, header_of(one.annotated)), report
            )


def explain_near(run: Run, case: Case, chrom: str, pos: int) -> Iterator[str]:
    """Records of these classes that begin near a position (1-based) at which a large event was asked for."""
    for one in opened(run, case):
        if found := _at_purity(records_near(one.annotated, chrom, pos), run, case, one):
            yield f"{one.policy.variants}: {counted(len(found), 'record')} within {NEAR} bases"
            yield from (f"  {one_line(one.policy, one.layout, line)}" for line in found)


def halves_elsewhere(run: Run, case: Case, but: str = "") -> Sequence[tuple[str, Half]]:
    """(gene, half) of the variants of other classes, `but` left out, with which those of a case may form pairs."""
    policies = run.assays[case.assay].policy_files
    large = [
        Large(name, annotated, policies[name])
        for name in paired_classes(run.assays, case)
        if (annotated := run.results / named(f"{name}_annotated").at(case=case.name)).exists()
    ]
    return large_halves(large, _roles(case), run.gene_list_of(case), but).halves


def _with_partners(lines: list[str], run: Run, case: Case, one: Opened) -> list[str]:
    """Records of a class as filtering sees them: with partners among their own class, other ones and small variants."""
    small = run.results / named("reported").at(case=case.name)
    is_paired = one.policy.variants in paired_classes(run.assays, case)
    halves = halves_elsewhere(run, case, one.policy.variants) if is_paired else ()
    known = partners_of(one.annotated, one.policy, one.layout, halves=halves)
    if known is None:
        return lines
    if is_paired and small.exists():
        known = joined(known, partners_of_small(small).partners)
    return [paired(line, known) for line in lines]


def _at_purity(lines: Iterable[str], run: Run, case: Case, one: Opened) -> list[str]:
    """Records of a class as filtering sees them: copies of a panel at the measured purity where the sheet has none or
    the genome is doubled."""
    path = run.results / named("purity").at(case=case.name)
    is_measured = one.policy.variants == "copy_number" and measures_alleles(run.assays, case) and path.exists()
    found = measured_purity(read_json(path)) if is_measured else None
    return list(with_measured_purity(lines, found) if found else lines)


def _roles(case: Case) -> dict[str, str]:
    return {sample.role: sample.name for sample in reversed(case.samples)}


def _explained(policy: Policy, layout: Layout, records: list[str], family: Kin, report: Path) -> Iterator[str]:
    for line in records:
        yield f"  {one_line(policy, layout, line)}"
    for line in records if len(records) <= _DETAILS else ():
        yield from explain_family(family, line)
        yield from explain_filters(policy, layout, line)
        yield from explain_finding(report, allele_of(line))
